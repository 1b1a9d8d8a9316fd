"""A table from a file of any of three kinds, every cell as text exactly as it stands, with the file's own row numbers.

Whole tables of organisations are small: at most some hundreds of rows. So the text is kept as it is written and given
a meaning in one place only, and the database that reads millions of lines stays out of it.
"""

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from yoc.core.findings import Finding, FindingsError, Level

MOST_BYTES = 200 * 10**6
MOST_UNPACKED_BYTES = 500 * 10**6
MOST_ROWS = 200_000

_MARKS = {
    b"PK\x03\x04": "workbook",
    b"PK\x05\x06": "workbook",
    b"PAR1": "parquet",
    b"\xd0\xcf\x11\xe0": "old workbook",
}
_ENDINGS = {".xlsx": "workbook", ".xlsm": "workbook", ".parquet": "parquet", ".pq": "parquet"}
_SPOKEN = {"workbook": "an Excel workbook (.xlsx)", "parquet": "a Parquet file"}
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


class Unreadable(Exception):
    """A file that cannot be read: what is wrong with it, how to mend it, and the row where it is known."""

    def __init__(self, message: str, mend: str, row: int | None = None):
        super().__init__(message)
        self.message, self.mend, self.row = message, mend, row


def read_table(path: Path, name: str, sheet: str | None = None, header_row: int = 1) -> Table:
    """Read a CSV, XLSX or Parquet file; ``name`` is how findings call it. What it is, its content decides.

    ``sheet`` is for workbooks and ``header_row`` for workbooks and text; a Parquet file has neither, and its first
    record is row 1. Blank rows are skipped. Raises ``FindingsError`` where the file is missing, empty, too large or
    broken, and with every row that does not fit the headers.
    """
    try:
        if not path.is_file():
            if path.is_dir():
                message, mend = f"{name} is a folder", "name the file in it"
                raise FindingsError([Finding("FILE-MISSING", Level.SUBMISSION, message, mend)])
            finding = Finding("FILE-MISSING", Level.SUBMISSION, f"{name} is not there", "check the name and the folder")
            raise FindingsError([finding])
        kind = _kind_of(path)
        with path.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        encoding = ""
        if kind == "workbook":
            # Each library is loaded only where a file of its kind is read: a table of text waits for neither.
            from yoc.intake.workbook_file import workbook_rows  # noqa: PLC0415

            rows = workbook_rows(path, sheet, header_row)
        elif kind == "parquet":
            from yoc.intake.parquet_file import parquet_rows  # noqa: PLC0415

            header_row, rows = 0, parquet_rows(path)
        else:
            text, encoding = _decoded(path.read_bytes())
            rows = _csv_rows(text, header_row)
        headers, kept = _fitted(rows, name, header_row)
    except Unreadable as fault:
        finding = Finding("FILE-UNREADABLE", Level.SUBMISSION, fault.message, fault.mend, name, fault.row)
        raise FindingsError([finding]) from None
    except OSError as error:
        message = f"the file cannot be opened: {error.strerror or 'it cannot be read'}"
        mend = "see whether it is open in another program, and whether you may read it"
        raise FindingsError([Finding("FILE-UNREADABLE", Level.SUBMISSION, message, mend, name)]) from None
    return Table(name, headers, kept, header_row, sha256, encoding)


def _kind_of(path: Path) -> str:
    size = path.stat().st_size
    if size == 0:
        raise Unreadable("the file is empty", "ask for the file again")
    if size > MOST_BYTES:
        message = f"the file has {size:,} bytes, and a table of positions has at most {MOST_BYTES:,}"
        raise Unreadable(message, "keep the columns and rows that the map needs")
    with path.open("rb") as stream:
        kind = _MARKS.get(stream.read(4), "text")
    promised = _ENDINGS.get(path.suffix.lower(), kind)
    if kind == "old workbook":
        message = "the file is an Excel workbook of the old kind (.xls), or one with a password"
        raise Unreadable(message, "save it as .xlsx without a password")
    if promised != kind and kind == "text":
        message = f"the file is not {_SPOKEN[promised]}, although its name says so"
        raise Unreadable(message, "open it and save it again, or ask for it again")
    return kind


def _decoded(content: bytes) -> tuple[str, str]:
    """The text of a CSV file and the name of its encoding: by its mark, else UTF-8, else Windows-1252."""
    marked = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16",) if marked else ("utf-8", "cp1252"):
        try:
            text = content.decode(encoding).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, encoding
    raise Unreadable("the file is not text in rows and columns", "save it as CSV in UTF-8, or as .xlsx")


def _csv_rows(text: str, header_row: int) -> Iterator[tuple[int, list[str]]]:
    """The records of a CSV from its header on, each with the line on which it begins.

    A record of the table ends on the line on which it begins. A quotation mark that does not close would otherwise take
    every line up to the next one into a single field, and their money with it.
    """
    lines = list(io.StringIO(text, newline=""))[header_row - 1 :]
    delimiter = _delimiter(lines)
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


def _delimiter(lines: list[str]) -> str:
    """The mark that parts the header row into most fields; where the row after it has as many, that speaks first."""

    def fit(mark: str) -> tuple[bool, int]:
        reader = csv.reader(iter(lines), delimiter=mark)
        try:
            first = len(next(reader, []))
            second = next((len(record) for record in reader if any(cell.strip() for cell in record)), first)
        except csv.Error:
            return False, 0
        return first > 1 and first == second, first

    return max((",", ";", "\t", "|"), key=fit)


def _fitted(
    rows: Iterable[tuple[int, list[str]]], name: str, header_row: int
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
    kept: list[TableRow] = []
    misfits: list[tuple[int, int]] = []
    for number, cells in stream:
        if not any(cell.strip() for cell in cells):
            continue
        if len(kept) == MOST_ROWS:
            message = f"the table has more than {MOST_ROWS:,} rows"
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
