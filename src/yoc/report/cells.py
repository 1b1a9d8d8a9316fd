"""Which figure of a run a cell of a statement shows: from the workbook's name, its sheet and its cell to a key."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from openpyxl.utils import column_index_from_string, get_column_letter

from yoc.core.findings import refusal
from yoc.core.money import format_pounds
from yoc.report.table import Cell, Kind, Table, shown
from yoc.report.workbook import Frame, figure_written, header_row

_CELL = re.compile(r"^\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})$")
_NEAR = 6
"""How many cells near by are named where one holds no figure."""


@dataclass(frozen=True)
class ShownFigure:
    """A cell of a sheet that shows a figure: where it is, what is read in it, and the figure's key."""

    sheet: str
    cell: str
    column: str
    shown: str
    key: str
    value: Cell
    kind: Kind


def figures_on(table: Table, frame: Frame) -> Iterator[tuple[int, int, ShownFigure]]:
    """Every cell of a table that shows a figure, with its row and column on the sheet."""
    first = header_row(table, frame) + 1
    rows = list(zip(range(first, first + len(table.rows)), table.rows, table.keys, strict=False))
    if table.total and table.total_keys:
        rows.append((first + max(len(table.rows), 1), table.total, table.total_keys))
    for number, row, keys in rows:
        for place, (column, value, key) in enumerate(zip(table.columns, row, keys, strict=True), 1):
            if key:
                cell = f"{get_column_letter(place)}{number}"
                text = shown(value, column.kind)
                yield number, place, ShownFigure(table.sheet, cell, column.name, text, key, value, column.kind)


def is_shown_by(figure: ShownFigure, read: Any) -> bool:
    """Whether the value that was read in a workbook's cell is the one that is written there for a figure."""
    written = figure_written(figure.value, figure.kind)
    if written is None:
        return str(figure.value or "") == ("" if read is None else str(read))
    if isinstance(read, dt.datetime):
        read = read.date()
    if isinstance(written, dt.date) or not _is_number(read):
        return bool(written == read)
    # A workbook holds numbers of 15 digits or so; to the penny that is exact up to millions of millions.
    return Decimal(str(read)) == Decimal(written) or float(read) == float(written)


def text_of(read: Any, kind: Kind) -> str:
    """A value that was read in a workbook's cell, as a reader sees it; pounds in full.

    >>> text_of(1234.5, Kind.POUNDS), text_of(0.125, Kind.POUNDS), text_of(None, Kind.POUNDS), text_of(1200, Kind.COUNT)
    ('£1,234.50', '£0.125', 'nothing', '1,200')
    """
    if read is None:
        return "nothing"
    if not _is_number(read):
        return str(read)
    number = Decimal(str(read))
    if kind is Kind.RATE:
        return f"{number * 100:,f}%"
    if kind is not Kind.POUNDS:
        return f"{number:,f}"
    pence = number.scaleb(2)
    if pence == pence.to_integral_value():
        return format_pounds(int(pence))
    return f"{'-' if number < 0 else ''}£{abs(number):,f}"


def _is_number(read: Any) -> bool:
    return isinstance(read, int | float) and not isinstance(read, bool)


def figure_in(tables: Sequence[Table], frame: Frame, place: str) -> ShownFigure:
    """The figure in a cell, named as ``Lines!G7`` or ``'Budget cells'!$E$9``.

    Raises ``FindingsError`` where the sheet is not there, the text names no cell, or the cell holds no figure.
    """
    sheet, _, cell = place.strip().rpartition("!")
    found = _CELL.match(cell.strip())
    sheet = sheet.strip().strip("'").replace("''", "'")
    if not sheet or found is None:
        raise refusal(
            "FIGURE-UNKNOWN", f"{place!r} names no cell of a sheet", "write the sheet, ! and the cell: Lines!G7"
        )
    named = [table for table in tables if sheet.casefold() in (table.sheet.casefold(), table.title.casefold())]
    if not named:
        sheets = ", ".join(table.sheet for table in tables if table.keys)
        raise refusal(
            "FIGURE-UNKNOWN", f"the workbook has no sheet {sheet!r}", f"its sheets with figures are: {sheets}"
        )
    row, column = int(found[2]), column_index_from_string(found[1].upper())
    figures = list(figures_on(named[0], frame))
    for at_row, at_column, figure in figures:
        if (at_row, at_column) == (row, column):
            return figure
    raise refusal(
        "FIGURE-UNKNOWN",
        f"{named[0].sheet}!{found[1].upper()}{row} holds no figure that can be explained",
        _near(named[0], figures, row, column),
    )


def _near(table: Table, figures: Sequence[tuple[int, int, ShownFigure]], row: int, column: int) -> str:
    if not figures:
        return f"nothing on the sheet {table.sheet} is a figure of its own; try the sheets Summary, Lines or Cost"
    nearest = sorted(figures, key=lambda each: (abs(each[0] - row), abs(each[1] - column)))[:_NEAR]
    said = (f"{figure.cell} ({figure.column}, {figure.shown})" for _, _, figure in nearest)
    return f"cells near by that hold one: {', '.join(said)}"
