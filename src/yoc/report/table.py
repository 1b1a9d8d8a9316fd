"""A table as readers meet it, on a sheet or on the page: titled columns, rows, and a totals row that is labelled.

Both renderings take the same table, so that a figure on the page and its cell in the workbook cannot differ.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from yoc.core.money import format_pounds
from yoc.core.periods import parse_date
from yoc.core.rates import RateError, parse_number

Cell = str | int | None
"""Text; whole pence or a count; or nothing. Exact figures other than money come as text."""
Row = tuple[Cell, ...]
Keys = tuple[str, ...]
"""The keys of the figures in the cells of a row; empty where a cell shows none."""

NOT_SHOWN = "not shown"
"""Stands for a total that would give away a part that is kept back."""


class Kind(StrEnum):
    """What the cells of a column are, which decides how they are written and that figures stand at the right."""

    TEXT = "text"
    POUNDS = "pounds"
    """Whole pence in an ``int``, shown in pounds."""
    COUNT = "count"
    ORDER = "order"
    """A number that says which, not how many."""
    DECIMAL = "decimal"
    """An exact decimal as text, such as person-years."""
    RATE = "rate"
    """A share as text, ``0.125`` or ``12.5%``, shown as a percentage."""
    DAY = "day"
    """A day as ``2026-04-15``."""


@dataclass(frozen=True)
class Column:
    """One column. ``width`` is where its text wraps, in characters; ``summed`` puts it in the totals."""

    name: str
    kind: Kind = Kind.TEXT
    width: int = 28
    summed: bool = False

    @property
    def is_figure(self) -> bool:
        """Whether its cells stand at the right."""
        return self.kind not in (Kind.TEXT, Kind.DAY, Kind.ORDER)


@dataclass(frozen=True)
class Table:
    """One titled table. ``sheet`` names its worksheet; ``about`` is its line in the list of sheets.

    ``links`` name, row by row, the worksheet to which the second cell leads, or nothing. ``portrait`` is for print.
    ``keys`` name, row by row and cell by cell, the figure of the run that a cell shows, as `yoc explain` knows it, or
    nothing; ``total_keys`` those of the totals row. A table without them shows no figure that can be explained.
    """

    sheet: str
    title: str
    about: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: Row | None = None
    notes: tuple[str, ...] = ()
    frozen_columns: int = 0
    links: tuple[str, ...] = ()
    portrait: bool = False
    keys: tuple[Keys, ...] = ()
    total_keys: Keys = ()

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        if len(set(names)) != len(names):
            raise ValueError(f"{self.sheet}: two columns have one name")
        for row in (*self.rows, *([self.total] if self.total else [])):
            if len(row) != len(names):
                raise ValueError(f"{self.sheet}: a row has {len(row)} cells under {len(names)} columns")
        wide = [*self.keys, *([self.total_keys] if self.total_keys else [])]
        if (self.keys and len(self.keys) != len(self.rows)) or any(len(keys) != len(names) for keys in wide):
            raise ValueError(f"{self.sheet}: the keys of cells are not as the cells are")


def keyed(columns: Sequence[Column], keys: Mapping[str, str]) -> Keys:
    """The keys of a row's cells, given by the names of their columns.

    >>> keyed((Column("Line"), Column("Amount", Kind.POUNDS)), {"Amount": "NWB:line:share"})
    ('', 'NWB:line:share')
    """
    unknown = set(keys) - {column.name for column in columns}
    if unknown:
        raise ValueError(f"no column is called {', '.join(sorted(unknown))}")
    return tuple(keys.get(column.name, "") for column in columns)


def total_row(label: str, columns: Sequence[Column], rows: Sequence[Row]) -> Row:
    """The totals row: its label in the first column, sums of whole pence and counts under the columns that are summed.

    A column in which any cell is kept back has no total, since the total would give that cell away.

    >>> columns = (Column("Segment"), Column("Amount", Kind.POUNDS, summed=True), Column("Days", summed=True))
    >>> total_row("All segments", columns, [("Core", 123, 3), ("Other", -23, "<5")])
    ('All segments', 100, 'not shown')
    """
    cells: list[Cell] = [label]
    for index, column in enumerate(columns[1:], 1):
        cells.append(_sum(row[index] for row in rows) if column.summed else None)
    return tuple(cells)


def _sum(cells: Iterable[Cell]) -> Cell:
    total = 0
    for cell in cells:
        if isinstance(cell, str):
            return NOT_SHOWN
        total += cell or 0
    return total


def shown(cell: Cell, kind: Kind) -> str:
    """A cell as a reader sees it.

    >>> shown(-123456, Kind.POUNDS), shown(1234, Kind.COUNT), shown("9446.3863", Kind.DECIMAL)
    ('-£1,234.56', '1,234', '9,446.3863')
    >>> shown("0.028958", Kind.RATE), shown("2026-04-05", Kind.DAY), shown(None, Kind.POUNDS)
    ('2.8958%', '5 April 2026', '')
    """
    if cell is None:
        return ""
    if isinstance(cell, int):
        return format_pounds(cell) if kind is Kind.POUNDS else f"{cell:,}" if kind is Kind.COUNT else str(cell)
    number = decimal_of(cell, kind)
    if number is not None:
        return f"{number * 100:,.4f}%" if kind is Kind.RATE else f"{number:,f}"
    return day_in_words(parse_date(cell)) if kind is Kind.DAY else cell


def decimal_of(cell: str, kind: Kind) -> Decimal | None:
    """The exact decimal that a cell of text stands for; nothing where it is words, or a rate that does not end.

    >>> decimal_of("12.5%", Kind.RATE), decimal_of("2/3", Kind.RATE), decimal_of("not shown", Kind.DECIMAL)
    (Decimal('0.125000'), None, None)
    """
    if kind not in (Kind.DECIMAL, Kind.RATE):
        return None
    try:
        rate = parse_number(cell)
    except RateError:
        return None
    if kind is Kind.DECIMAL:
        return Decimal(cell) if "%" not in cell and "/" not in cell else None
    millionths: Fraction = rate * 10**6
    return Decimal(millionths.numerator).scaleb(-6) if millionths.denominator == 1 else None


def day_in_words(day: dt.date) -> str:
    """A day as it is written in a letter.

    >>> day_in_words(dt.date(2027, 4, 23))
    '23 April 2027'
    """
    return f"{day.day} {_CALENDAR[day.month - 1]} {day.year}"


_CALENDAR = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
