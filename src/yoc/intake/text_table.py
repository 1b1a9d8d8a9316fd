"""Reading a file of rows and columns as text, with its row numbers, whatever its headers and its format are."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from yoc.core.findings import Finding, Level, stop_if_any
from yoc.intake.container import Kind, Source, find_source
from yoc.intake.limits import LINES, Limits
from yoc.intake.row_chunks import Chunk, Header, Score
from yoc.intake.text_file import scan_text
from yoc.intake.text_lines import TextLines
from yoc.intake.unreadable import Unreadable, findings_about

BATCH_ROWS = 250_000


@dataclass(frozen=True)
class Layout:
    """The fields of one kind of file: our name for each, its national names, and whether a file must have it."""

    kind: str
    fields: Mapping[str, tuple[str, ...]]
    optional: frozenset[str] = frozenset()

    def match(self, headers: list[str]) -> tuple[list[str], list[str], list[str]]:
        """Our names for a file's headers (``""`` where unknown), the required fields missing, the fields met twice."""
        by_header = {normalised(name): field for field, names in self.fields.items() for name in names}
        names = [by_header.get(normalised(header), "") for header in headers]
        missing = [field for field in self.fields if field not in names and field not in self.optional]
        twice = sorted({name for name in names if name and names.count(name) > 1})
        return names, missing, twice


def normalised(header: str) -> str:
    """A header without regard to case, spaces, underscores, hyphens and brackets.

    >>> normalised("LOCAL_PATIENT_IDENTIFIER_(EXTENDED)") == normalised("Local patient identifier (extended)")
    True
    """
    return re.sub(r"[^A-Z0-9]", "", header.upper())


class _Lines(Protocol):
    """A file of one kind, opened: its header, found by how many names are known, and its rows under it."""

    header: Header

    def chunks(self, names: Sequence[str], wanted: Sequence[str]) -> Iterator[Chunk]:
        """The rows, in the order of the file."""
        ...


@dataclass(frozen=True)
class TextTable:
    """A file's rows as text, with `row_number` counted as the file's lines are; and its misfits.

    A blank cell is blank and never null; a column that the file lacks is null throughout. ``header_row`` is 0 where the
    file has none, as Parquet has.
    """

    file: str
    sha256: str
    encoding: str
    table: pa.Table
    misfit_rows: tuple[int, ...]
    header_row: int = 1

    @property
    def rows(self) -> int:
        """All rows under the header, misfits included."""
        return int(self.table.num_rows) + len(self.misfit_rows)


@dataclass
class OpenTextTable:
    """A file whose header was read and is right, and whose rows are still to come.

    ``encoding`` is that of text; a workbook or Parquet file has its kind there.
    """

    file: str
    sha256: str
    encoding: str
    header: tuple[str, ...]
    header_row: int
    _lines: _Lines = field(repr=False)
    _names: list[str] = field(repr=False)
    _layout: Layout = field(repr=False)
    _misfit_rows: tuple[int, ...] | None = field(default=None, repr=False)

    def batches(self, rows: int = BATCH_ROWS) -> Iterator[pa.Table]:
        """The rows in the order of the file, at most ``rows`` at a time: the layout's fields and ``row_number``.

        The file stands in memory by one block only. Raises ``FindingsError`` where it cannot be read to its end.
        """
        misfits: list[int] = []
        with findings_about(self.file):
            for chunk in self._lines.chunks(self._names, list(self._layout.fields)):
                misfits += chunk.misfit_rows
                for start in range(0, chunk.table.num_rows, rows):
                    yield chunk.table.slice(start, rows)
        self._misfit_rows = tuple(misfits)

    @property
    def misfit_rows(self) -> tuple[int, ...]:
        """The rows that do not fit the header; known after the last batch, and an error before."""
        if self._misfit_rows is None:
            raise RuntimeError(f"{self.file}: which rows do not fit is known once all have been read")
        return self._misfit_rows


def open_text_table(path: Path, file: str, layout: Layout, limits: Limits = LINES) -> OpenTextTable:
    """Open a CSV, XLSX or Parquet file, packed or not, to be read in batches; ``file`` is how findings call it.

    Raises ``FindingsError`` where it is missing, empty or no table, passes a limit, or its header lacks a column.
    """

    def known(cells: Sequence[str]) -> int:
        return len({name for name in layout.match(list(cells))[0] if name})

    with findings_about(file):
        source = find_source(path, file, limits)
        sha256, encoding = _facts(source)
        lines = _opened(source, encoding, known)
        header = lines.header
        if len(header.cells) > limits.columns:
            message = f"the table has {len(header.cells):,} columns, and at most {limits.columns:,} are read"
            raise Unreadable(message, "keep the columns of the layout", header.row or None)
    names = _names(header, layout, file)
    return OpenTextTable(file, sha256, encoding, header.cells, header.row, lines, names, layout)


def read_text_table(path: Path, file: str, layout: Layout, limits: Limits = LINES) -> TextTable:
    """Read the whole of a file, as ``open_text_table`` opens it. Raises ``FindingsError`` where it cannot be used."""
    opened = open_text_table(path, file, layout, limits)
    tables = list(opened.batches())
    schema = pa.schema([*((name, pa.string()) for name in layout.fields), ("row_number", pa.int64())])
    table = pa.concat_tables(tables) if tables else schema.empty_table()
    return TextTable(file, opened.sha256, opened.encoding, table, opened.misfit_rows, opened.header_row)


def _facts(source: Source) -> tuple[str, str]:
    if source.kind is not Kind.TEXT:
        return source.sha256(), source.kind.value
    facts = scan_text(source)
    return facts.sha256, facts.encoding


def _opened(source: Source, encoding: str, known: Score) -> _Lines:
    # Each library is loaded only where a file of its kind is read.
    if source.kind is Kind.WORKBOOK:
        from yoc.intake.workbook_lines import WorkbookLines  # noqa: PLC0415

        return WorkbookLines(source, known)
    if source.kind is Kind.PARQUET:
        from yoc.intake.parquet_file import ParquetLines  # noqa: PLC0415

        return ParquetLines(source)
    return TextLines(source, encoding, known)


def _names(header: Header, layout: Layout, file: str) -> list[str]:
    """Our name for each column. Raises ``FindingsError`` with every column that is missing or given twice."""
    names, missing, twice = layout.match(list(header.cells))
    row = header.row or None
    absent = "compare the header row with the layout, or ask for the file in the national layout"
    stop_if_any(
        Finding(code, Level.SUBMISSION, f"{words} {layout.fields[name][0]}{rest}", mend, file, row)
        for code, words, rest, mend, found in (
            ("COLUMN-MISSING", "column", " is missing", absent, missing),
            ("COLUMN-TWICE", "more than one column means", "", "keep one of them", twice),
        )
        for name in found
    )
    return [name or f"unknown {place}" for place, name in enumerate(names)]
