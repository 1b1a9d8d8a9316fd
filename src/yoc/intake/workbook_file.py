"""Rows of a sheet of an Excel workbook, each cell as the text that says exactly what the cell holds."""

import datetime as dt
import warnings
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import cache
from itertools import islice
from typing import Any

import openpyxl
from openpyxl.utils.escape import unescape
from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from yoc.intake.container import Source
from yoc.intake.unreadable import Unreadable
from yoc.intake.workbook_parts import Parts, check_parts, shows_percent

Row = tuple[int, list[str]]
_EXCEL_DIGITS = 15
"""How many digits of a number Excel keeps and shows; a file may hold two more, which are noise."""


def workbook_rows(source: Source, sheet: str | None, header_row: int) -> Iterator[Row]:
    """The rows of a sheet from its header on, by their numbers in Excel, all as wide as the header at least.

    Without ``sheet`` the workbook must have one sheet with anything in it. Raises ``Unreadable`` where the workbook is
    broken or too large, the sheet is not there, or a formula was saved without its result.
    """
    book = Workbook(source)
    width = 0
    for number, cells in book.rows(_chosen(book, sheet), header_row):
        width = width or len(cells)
        yield number, cells + [""] * (width - len(cells))


class Workbook:
    """A workbook whose parts were looked at. ``visible`` are the names of the sheets that a user sees."""

    def __init__(self, source: Source):
        self._source = source
        with broken_is_unreadable(), source.open_anywhere() as stream:
            self._parts: Parts = check_parts(stream, source.limits)
            stream.seek(0)
            self._book = CalamineWorkbook.from_object(stream if source.is_packed else source.path)
            sheets = [sheet for sheet in self._book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        self._kept: CalamineSheet | None = None
        self.titles = [sheet.name for sheet in sheets]
        self.visible = [sheet.name for sheet in sheets if sheet.visible == SheetVisibleEnum.Visible]

    def rows(
        self, title: str, first_row: int = 1, places: Collection[int] | None = None, whole_rows: int = 0
    ) -> Iterator[Row]:
        """The rows of a sheet by their numbers in Excel. Raises ``Unreadable`` where it is broken or too long.

        With ``places`` only the cells in these columns (from 0) need be worked out; any other that is filled may read
        ``*``, since most columns of a wide file are looked at by nobody. The first ``whole_rows`` are worked out whole.
        """
        whole_until = first_row + whole_rows
        numbered = self._plain_rows(title, places, whole_until) if self._parts.is_plain else self._other_rows(title)
        with broken_is_unreadable():
            for number, cells in islice(numbered, first_row - 1, None):
                if number > self._source.limits.sheet_rows:
                    message = f"the sheet has more than {self._source.limits.sheet_rows:,} rows"
                    raise Unreadable(message, "keep the rows that are needed, or save it as CSV", number)
                yield number, cells

    def _plain_rows(self, title: str, places: Collection[int] | None, whole_until: int) -> Iterator[Row]:
        """The rows as calamine reads them: fifteen times as fast, where no cell needs more than its value."""
        # A sheet is read whole and looked at twice, first for its header, so the last one is kept.
        if self._kept is None or self._kept.name != title:
            self._kept = self._book.get_sheet_by_name(title)
        sheet = self._kept
        # The library leaves out empty columns before the first one that is filled.
        before = [""] * (sheet.start[1] if sheet.start else 0)
        for number, row in enumerate(sheet.iter_rows(), 1):
            if places is None or number < whole_until:
                yield number, before + [value if type(value) is str else _as_text(value) for value in row]
                continue
            cells = before + [value if type(value) is str else "*" for value in row]
            for place in places:
                if place < len(cells) and cells[place] == "*":
                    cells[place] = _as_text(row[place - len(before)])
            yield number, cells

    def _other_rows(self, title: str) -> Iterator[Row]:
        """The rows as openpyxl reads them, which knows formulas, percentages, faults and long whole numbers."""
        with warnings.catch_warnings(), self._source.open_anywhere() as stream:
            # The library warns of styles and extensions that it leaves out; no value depends on them.
            warnings.simplefilter("ignore")
            values = _stream(openpyxl.load_workbook(stream, read_only=True, data_only=True)[title])
            if not self._parts.has_formulas:
                yield from ((number, [_cell_as_text(cell) for cell in row]) for number, row in enumerate(values, 1))
                return
            with self._source.open_anywhere() as again:
                formulas = _stream(openpyxl.load_workbook(again, read_only=True)[title])
                for number, (row, written) in enumerate(zip(values, formulas, strict=True), 1):
                    _refuse_lost_results(row, written, number)
                    yield number, [_cell_as_text(cell) for cell in row]


def _stream(sheet: Any) -> Iterator[Any]:
    # Some programs record a wrong extent of the sheet, and columns outside it would be lost without a word.
    sheet.reset_dimensions()
    return iter(sheet.iter_rows())


def _refuse_lost_results(row: Any, written: Any, number: int) -> None:
    """A formula that no spreadsheet program has worked out reads as blank, which would mean "not given"."""
    for cell, formula in zip(row, written, strict=True):
        if formula.data_type == "f" and cell.value is None and cell.data_type != "str":
            message = f"cell {formula.coordinate} holds a formula whose result was not saved"
            raise Unreadable(message, "open the workbook in Excel and save it, so that results are kept", number)


def _chosen(book: Workbook, sheet: str | None) -> str:
    if sheet is not None:
        if sheet not in book.titles:
            message = f"the workbook has no sheet `{sheet}`: it has {', '.join(book.titles)}"
            raise Unreadable(message, "correct `sheet:` in the map")
        return sheet
    filled = [title for title in book.visible if any(any(cells) for _, cells in book.rows(title))]
    if len(filled) > 1:
        message = f"the workbook has {len(filled)} sheets, and which one counts is a guess: {', '.join(filled)}"
        raise Unreadable(message, "name one of them with `sheet:` in the map")
    if not filled:
        raise Unreadable("no sheet of the workbook holds anything", "ask for the file again")
    return filled[0]


@contextmanager
def broken_is_unreadable() -> Iterator[None]:
    """A broken workbook fails in the libraries in as many ways as it can be broken; to a user they are one."""
    try:
        yield
    except (Unreadable, GeneratorExit, KeyboardInterrupt, SystemExit):
        raise
    # A library in Rust that gives up raises what is no ordinary exception.
    except BaseException as error:
        if isinstance(error, OSError) and error.errno:
            raise
        raise Unreadable("the workbook is broken", "open it in Excel and save it again, or ask for it again") from None


def _cell_as_text(cell: Any) -> str:
    value = cell.value
    if isinstance(value, str):
        return str(unescape(value)) if value.strip() else ""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return _as_text(value, is_percent=is_number and _shows_percent(cell.number_format or ""))


_shows_percent = cache(shows_percent)


def _as_text(value: Any, is_percent: bool = False) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return number_as_text(value, is_percent=is_percent)
    if isinstance(value, dt.datetime):
        return value.isoformat(" ").removesuffix(" 00:00:00")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)


def number_as_text(value: int | float, is_percent: bool = False) -> str:
    """A cell's number as decimal text, to the 15 digits that Excel keeps; its percentage where the cell shows one.

    What a sum comes to in a workbook may carry noise of binary fractions beyond them, which no cell shows.

    >>> number_as_text(74.25000000000001), number_as_text(61541.64999999992), number_as_text(0.1 + 0.2)
    ('74.25', '61541.6499999999', '0.3')
    >>> number_as_text(0.1), number_as_text(3.0), number_as_text(1e22), number_as_text(0.8941, is_percent=True)
    ('0.1', '3', '10000000000000000000000', '89.41%')
    """
    written = repr(value)
    # Only a long text can have more digits than that, and most numbers are short; a whole number may be an identifier.
    if len(written) > _EXCEL_DIGITS and isinstance(value, float) and not value.is_integer():
        written = repr(float(f"{value:.{_EXCEL_DIGITS}g}"))
    if not is_percent and "e" not in written and "n" not in written:
        return "0" if not value else written.removesuffix(".0")
    exact = Decimal(written)
    if not exact.is_finite():
        return str(value)
    text = format(exact.scaleb(2) if is_percent else exact, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{text}%" if is_percent else text
