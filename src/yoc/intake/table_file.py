"""A table from a file of any of three kinds, every cell as text exactly as it stands, with the file's own row numbers.

Whole tables of organisations are small: at most some hundreds of rows. So the text is kept as it is written and given
a meaning in one place only, and the database that reads millions of lines stays out of it.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from yoc.core.findings import Finding, FindingsError, Level
from yoc.intake.container import Kind, find_source
from yoc.intake.limits import POSITIONS, Limits
from yoc.intake.text_file import decoded, delimiter_of
from yoc.intake.unreadable import Unreadable, findings_about

_SHOWN_ROWS = 20


@dataclass(frozen=True)
class TableRow:
    """One row: its number as a user sees it in the file, and its cells as text, as many as there are headers."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A file's table. ``header_row`` is 0 where the file has none; ``encoding`` is ``""`` where it is not text."""

    file: str
    headers: tuple[str, ...]
    rows: tuple[TableRow, ...]
    header_row: int
    sha256: str
    encoding: str = ""


def read_table(
    path: Path, name: str, sheet: str | None = None, header_row: int = 1, limits: Limits = POSITIONS
) -> Table:
    """Read a CSV, XLSX or Parquet file, packed or not; ``name`` is how findings call it. Its content says what it is.

    ``sheet`` is for workbooks and ``header_row`` for workbooks and text; a Parquet file has neither, and its first
    record is row 1. Blank rows are skipped. Raises ``FindingsError`` where the file is missing, empty, too large or
    broken, and with every row that does not fit the headers.
    """
    with findings_about(name):
        source = find_source(path, name, limits)
        encoding = ""
        if source.kind is Kind.WORKBOOK:
            # Each library is loaded only where a file of its kind is read: a table of text waits for neither.
            from yoc.intake.workbook_file import workbook_rows  # noqa: PLC0415

            rows = workbook_rows(source, sheet, header_row)
        elif source.kind is Kind.PARQUET:
            from yoc.intake.parquet_file import parquet_rows  # noqa: PLC0415

            header_row, rows = 0, parquet_rows(source)
        else:
            with source.open() as stream:
                text, encoding = decoded(stream.read())
            rows = _csv_rows(text, header_row)
        headers, kept = _fitted(rows, name, header_row, limits)
        sha256 = source.sha256()
    return Table(name, headers, kept, header_row, sha256, encoding)


def _csv_rows(text: str, header_row: int) -> Iterator[tuple[int, list[str]]]:
    """The records of a CSV from its header on, each with the line on which it begins.

    A record of the table ends on the line on which it begins. A quotation mark that does not close would otherwise take
    every line up to the next one into a single field, and their money with it.
    """
    lines = list(io.StringIO(text, newline=""))[header_row - 1 :]
    delimiter = delimiter_of(lines)
    reader = csv.reader(iter(lines), delimiter=delimiter, strict=True)
    before = 0
    mend = "a quoted field must end on the line on which it begins: take out the mark or the line break"
    try:
        for record in reader:
            line = header_row + before
            if before and reader.line_num - before > 1:
                message = (
                    f"the record runs on to line {header_row + reader.line_num - 1}: a quotation mark does not close"
                )
                raise Unreadable(message, mend, line)
            before = reader.line_num
            yield line, record
    except csv.Error as error:
        line = header_row + before
        if "field larger" in str(error):
            raise Unreadable("a field is too long to be one", mend, line) from None
        raise Unreadable("a quotation mark does not close, or stands inside a field", mend, line) from None


def _fitted(
    rows: Iterable[tuple[int, list[str]]], name: str, header_row: int, limits: Limits
) -> tuple[tuple[str, ...], tuple[TableRow, ...]]:
    """The headers, and the rows that are not blank, each as wide as the headers. Raises ``FindingsError`` otherwise."""
    stream = iter(rows)
    _, first = next(stream, (0, []))
    while first and not first[-1].strip():
        first.pop()
    if not first:
        where = f"row {header_row} holds no headers" if header_row else "it has no columns"
        raise Unreadable(f"the file cannot be read as a table: {where}", "say in the map which row has the headers")
    headers = tuple(header.strip() for header in first)
    if len(headers) > limits.columns:
        message = f"the table has {len(headers):,} columns, and at most {limits.columns:,} are read"
        raise Unreadable(message, "keep the columns that are needed", header_row or None)
    kept: list[TableRow] = []
    misfits: list[tuple[int, int]] = []
    for number, cells in stream:
        if not any(cell.strip() for cell in cells):
            continue
        if len(kept) == limits.rows:
            message = f"the table has more than {limits.rows:,} rows"
            raise Unreadable(message, "keep the rows that are to be settled", number)
        while len(cells) > len(headers) and not cells[-1].strip():
            cells.pop()
        if len(cells) != len(headers):
            misfits.append((number, len(cells)))
            continue
        kept.append(TableRow(number, tuple(cells)))
    if misfits:
        raise FindingsError(_misfits(misfits, name, len(headers)))
    if not kept:
        message, mend = "the file has a header and no row", "ask for the file again"
        raise FindingsError([Finding("FILE-NOTHING", Level.SUBMISSION, message, mend, name, header_row or None)])
    return headers, tuple(kept)


def _misfits(misfits: list[tuple[int, int]], name: str, width: int) -> list[Finding]:
    mend = (
        "correct the row: a cell may have lost its quotation marks"
        if width > 1
        else "if the first row is a title, say `header_row:` in a map: the row of the headers"
    )
    findings = [
        Finding(
            "FIELD-VALUE", Level.SUBMISSION, f"the row has {cells} cells and the header {width}", mend, name, number
        )
        for number, cells in misfits[:_SHOWN_ROWS]
    ]
    if rest := misfits[_SHOWN_ROWS:]:
        message = f"{len(rest):,} more rows have another number of cells than the header"
        findings.append(Finding("FIELD-VALUE", Level.SUBMISSION, message, mend, name, rest[0][0], count=len(rest)))
    return findings
