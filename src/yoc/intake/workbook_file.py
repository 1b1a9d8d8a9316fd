"""Rows of a sheet of an Excel workbook, each cell as the text that says exactly what the cell holds."""

import datetime as dt
import re
import warnings
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl

from yoc.intake.table_file import MOST_ROWS, MOST_UNPACKED_BYTES, Unreadable

_NOT_A_SIGN = re.compile(r'"[^"]*"|\\.|_.')
"""The parts of a number format that are printed as they are, so that a per cent sign in them changes no number."""


def workbook_rows(path: Path, sheet: str | None, header_row: int) -> Iterator[tuple[int, list[str]]]:
    """The rows of a sheet from its header on, by their numbers in Excel, all as wide as the header at least.

    Without ``sheet`` the workbook must have one sheet with anything in it. Raises ``Unreadable`` where the workbook is
    broken or too large, the sheet is not there, or a formula was saved without its result.
    """
    try:
        has_formulas = _check_container(path)
        with warnings.catch_warnings():
            # The library warns of styles and extensions that it leaves out; no value depends on them.
            warnings.simplefilter("ignore")
            grid, empty_results = _read(path, sheet, header_row)
            if has_formulas:
                _refuse_lost_results(path, sheet, header_row, dict(grid), empty_results)
    except Unreadable:
        raise
    except Exception:
        # A broken workbook fails in the libraries in as many ways as it can be broken; to a user they are one.
        raise Unreadable("the workbook is broken", "open it in Excel and save it again, or ask for it again") from None
    width = max((len(cells) for _, cells in grid[:1]), default=0)
    return ((number, cells + [""] * (width - len(cells))) for number, cells in grid)


def sheet_names(path: Path) -> tuple[str, ...]:
    """The names of the sheets of a workbook, in their order. Raises ``Unreadable`` where it is broken or too large."""
    try:
        _check_container(path)
        with warnings.catch_warnings(), path.open("rb") as stream:
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(stream, read_only=True)
            return tuple(str(page.title) for page in book.worksheets)
    except Unreadable:
        raise
    except Exception:
        raise Unreadable("the workbook is broken", "open it in Excel and save it again, or ask for it again") from None


def _check_container(path: Path) -> bool:
    """Refuse a container that unpacks to too much, before anything is unpacked; say whether a sheet has a formula."""
    with zipfile.ZipFile(path) as container:
        size = sum(part.file_size for part in container.infolist())
        if size > MOST_UNPACKED_BYTES:
            message = f"the workbook unpacks to {size:,} bytes, and at most {MOST_UNPACKED_BYTES:,} are read"
            raise Unreadable(message, "keep the sheet and the columns that the map needs")
        sheets = [name for name in container.namelist() if name.startswith("xl/worksheets/")]
        if not sheets:
            raise Unreadable("the file holds no Excel sheet", "save the table as .xlsx or as CSV")
        return any(_has_formula(container, name) for name in sheets)


def _has_formula(container: zipfile.ZipFile, name: str) -> bool:
    tail = b""
    with container.open(name) as part:
        while chunk := part.read(1 << 20):
            if b"<f>" in tail + chunk or b"<f " in tail + chunk:
                return True
            tail = chunk[-2:]
    return False


def _read(path: Path, sheet: str | None, header_row: int) -> tuple[list[tuple[int, list[str]]], set[tuple[int, int]]]:
    """The header row and the rows that are not blank; and the cells whose formula was worked out to be blank."""
    grid: list[tuple[int, list[str]]] = []
    empty_results: set[tuple[int, int]] = set()
    with path.open("rb") as stream:
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
        for number, row in enumerate(_rows(book[_chosen(book, sheet)], header_row), header_row):
            cells = [_as_text(cell) for cell in row]
            empty_results.update(
                (number, place) for place, cell in enumerate(row) if cell.value is None and cell.data_type == "str"
            )
            if not grid or any(cells):
                grid.append((number, cells))
            if len(grid) > MOST_ROWS + 1:
                message = f"the table has more than {MOST_ROWS:,} rows"
                raise Unreadable(message, "keep the rows that are to be settled", number)
    return grid, empty_results


def _rows(sheet: Any, header_row: int) -> Iterator[Any]:
    # Some programs record a wrong extent of the sheet, and columns outside it would be lost without a word.
    sheet.reset_dimensions()
    return iter(sheet.iter_rows(min_row=header_row))


def _chosen(book: Any, sheet: str | None) -> str:
    titles = [str(page.title) for page in book.worksheets]
    if sheet is not None:
        if sheet not in titles:
            message = f"the workbook has no sheet `{sheet}`: it has {', '.join(titles)}"
            raise Unreadable(message, "correct `sheet:` in the map")
        return sheet
    filled = [str(page.title) for page in book.worksheets if page.sheet_state == "visible" and _holds_anything(page)]
    if len(filled) > 1:
        message = f"the workbook has {len(filled)} sheets, and which one counts is a guess: {', '.join(filled)}"
        raise Unreadable(message, "name one of them with `sheet:` in the map")
    if not filled:
        raise Unreadable("no sheet of the workbook holds anything", "ask for the file again")
    return filled[0]


def _holds_anything(sheet: Any) -> bool:
    return any(cell.value not in (None, "") for row in _rows(sheet, 1) for cell in row)


def _refuse_lost_results(
    path: Path, sheet: str | None, header_row: int, texts: dict[int, list[str]], empty_results: set[tuple[int, int]]
) -> None:
    """A formula that no spreadsheet program has worked out reads as blank, which would mean "not given"."""
    with path.open("rb") as stream:
        book = openpyxl.load_workbook(stream, read_only=True)
        for number, row in enumerate(_rows(book[_chosen(book, sheet)], header_row), header_row):
            read = texts.get(number, [])
            for place, cell in enumerate(row):
                is_blank = place >= len(read) or not read[place]
                if cell.data_type == "f" and is_blank and (number, place) not in empty_results:
                    message = f"cell {cell.coordinate} holds a formula whose result was not saved"
                    mend = "open the workbook in Excel and save it, so that results are kept"
                    raise Unreadable(message, mend, number)


def _as_text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return number_as_text(value, is_percent=_shows_percent(cell.number_format or ""))
    if isinstance(value, dt.datetime):
        return value.isoformat(" ").removesuffix(" 00:00:00")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)


@cache
def _shows_percent(number_format: str) -> bool:
    return "%" in _NOT_A_SIGN.sub("", number_format)


def number_as_text(value: Any, is_percent: bool = False) -> str:
    """The shortest decimal text that means just this number; its percentage where the cell shows one.

    >>> number_as_text(0.1), number_as_text(3.0), number_as_text(1e22), number_as_text(0.8941, is_percent=True)
    ('0.1', '3', '10000000000000000000000', '89.41%')
    """
    if isinstance(value, int) and not is_percent:
        return str(value)
    exact = Decimal(repr(value))
    if not exact.is_finite():
        return str(value)
    text = format(exact.scaleb(2) if is_percent else exact, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{text}%" if is_percent else text
