"""Reading a file of rows and columns as text, with its row numbers, whatever its headers and its format are."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

import pyarrow as pa

from yoc.core.findings import Finding, Level, stop_if_any
from yoc.intake.identifiable import Guard
from yoc.intake.limits import LINES, Limits
from yoc.intake.open_lines import OpenLines, open_lines
from yoc.intake.row_chunks import Header, refuse_long_fields
from yoc.intake.unreadable import findings_about

BATCH_ROWS = 250_000


@dataclass(frozen=True)
class Layout:
    """The fields of one kind of file: our name for each, its national names, and whether a file must have it."""

    kind: str
    fields: Mapping[str, tuple[str, ...]]
    optional: frozenset[str] = frozenset()
    mend: str = "compare the header row with the layout, or ask for the file in the national layout"
    """What to do where a file lacks a column of it."""

    @cached_property
    def by_header(self) -> Mapping[str, str]:
        """Our name for each normalised header."""
        return {normalised(name): field for field, names in self.fields.items() for name in names}

    def match(self, headers: list[str]) -> tuple[list[str], list[str], list[str]]:
        """Our names for a file's headers (``""`` where unknown), the required fields missing, the fields met twice."""
        names = [self.by_header.get(normalised(header), "") for header in headers]
        missing = [field for field in self.fields if field not in names and field not in self.optional]
        twice = sorted({name for name in names if name and names.count(name) > 1})
        return names, missing, twice


@cache
def normalised(header: str) -> str:
    """A header without regard to case, spaces, underscores, hyphens and brackets.

    >>> normalised("LOCAL_PATIENT_IDENTIFIER_(EXTENDED)") == normalised("Local patient identifier (extended)")
    True
    """
    return re.sub(r"[^A-Z0-9]", "", header.upper())


def names_known(layouts: Sequence[Layout], cells: Sequence[str]) -> int:
    """How many names a row holds of the layout that knows most of them.

    >>> layouts = Layout("a", {"host": ("HOST",)}), Layout("b", {"host": ("HOST",), "day": ("DAY",)})
    >>> names_known(layouts, ["day", "Host", "other"])
    2
    """
    keys = [normalised(cell) for cell in cells]
    return max(len({layout.by_header[key] for key in keys if key in layout.by_header}) for layout in layouts)


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
    _opened: OpenLines = field(repr=False)
    _names: list[str] = field(repr=False)
    _layout: Layout = field(repr=False)
    _limits: Limits = field(repr=False)
    _misfit_rows: tuple[int, ...] | None = field(default=None, repr=False)

    @property
    def schema(self) -> pa.Schema:
        """The columns of each batch: the layout's fields as text, and ``row_number``."""
        return pa.schema([*((name, pa.string()) for name in self._layout.fields), ("row_number", pa.int64())])

    def batches(self, rows: int = BATCH_ROWS) -> Iterator[pa.Table]:
        """The rows in the order of the file, at most ``rows`` at a time.

        The file stands in memory by one block only. Raises ``FindingsError`` where it cannot be read to its end, and,
        before the last batch is given, where a column of it looks like NHS numbers. So what was given is worth nothing
        until the last batch has come.
        """
        misfits: list[int] = []
        last: pa.Table | None = None
        with findings_about(self.file):
            for table, own in self._guarded():
                misfits += own
                for start in range(0, table.num_rows, rows):
                    if last is not None:
                        yield last
                    last = table.slice(start, rows)
        if last is not None:
            yield last
        self._misfit_rows = tuple(misfits)

    def _guarded(self) -> Iterator[tuple[pa.Table, list[int]]]:
        """The rows and misfits of each chunk. Each column that is used is looked at whole, the others in part."""
        known = list(self._layout.fields)
        others = [name for name in self._names if name not in self._layout.fields]
        guard = Guard(self.file, self.header)
        for chunk in self._opened.lines.chunks(self._names, known, others if guard.is_on else ()):
            refuse_long_fields(chunk.table, known, self._limits)
            for place, name in enumerate(self._names):
                for table in (chunk.table, chunk.others):
                    if table is not None and name in table.column_names:
                        guard.add(place, table.column(name))
            yield chunk.table, chunk.misfit_rows
        stop_if_any(guard.findings())

    @property
    def misfit_rows(self) -> tuple[int, ...]:
        """The rows that do not fit the header; known after the last batch, and an error before."""
        if self._misfit_rows is None:
            raise RuntimeError(f"{self.file}: which rows do not fit is known once all have been read")
        return self._misfit_rows


def open_text_table(path: Path, file: str, layout: Layout, *others: Layout, limits: Limits = LINES) -> OpenTextTable:
    """Open a CSV, XLSX or Parquet file, packed or not, to be read in batches; ``file`` is how findings call it.

    It is read in its layout, or in the first of ``others`` that its header fits where it does not fit that. Raises
    ``FindingsError`` where it is missing, empty or no table, passes a limit, or its header lacks a column.
    """
    layouts = (layout, *others)
    opened = open_lines(path, file, lambda cells: names_known(layouts, cells), limits)
    header = opened.header
    layout = next((fitting for fitting in layouts if not fitting.match(list(header.cells))[1]), layout)
    names = _names(header, layout, file)
    return OpenTextTable(file, opened.sha256, opened.encoding, header.cells, header.row, opened, names, layout, limits)


def read_text_table(path: Path, file: str, layout: Layout, *others: Layout, limits: Limits = LINES) -> TextTable:
    """Read the whole of a file, as ``open_text_table`` opens it. Raises ``FindingsError`` where it cannot be used."""
    opened = open_text_table(path, file, layout, *others, limits=limits)
    tables = list(opened.batches())
    table = pa.concat_tables(tables) if tables else opened.schema.empty_table()
    return TextTable(file, opened.sha256, opened.encoding, table, opened.misfit_rows, opened.header_row)


def missing_columns(names: Sequence[str]) -> str:
    """What is said of columns that a file lacks: one sentence, however many they are.

    >>> missing_columns(["TOTAL COST"]), missing_columns(["A", "B"])
    ('column TOTAL COST is missing', 'columns A, B are missing')
    """
    return f"column {names[0]} is missing" if len(names) == 1 else f"columns {', '.join(names)} are missing"


def _names(header: Header, layout: Layout, file: str) -> list[str]:
    """Our name for each column. Raises ``FindingsError`` with every column that is missing or given twice."""
    names, missing, twice = layout.match(list(header.cells))
    row = header.row or None
    findings = []
    if missing:
        message = missing_columns([layout.fields[name][0] for name in missing])
        findings.append(Finding("COLUMN-MISSING", Level.SUBMISSION, message, layout.mend, file, row))
    for name in twice:
        message = f"more than one column means {layout.fields[name][0]}"
        findings.append(Finding("COLUMN-TWICE", Level.SUBMISSION, message, "keep one of them", file, row))
    stop_if_any(findings)
    return [name or f"unknown {place}" for place, name in enumerate(names)]
