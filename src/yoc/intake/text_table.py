"""Reading a file of rows and columns as text, with its row numbers, whatever its headers are called."""

import codecs
import csv
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from yoc.core.findings import Finding, FindingsError, Level, stop_if_any
from yoc.intake.identifiable import identifiable_findings

_CHUNK_BYTES = 1 << 20
_SAMPLE_BYTES = 1 << 18


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


@dataclass(frozen=True)
class TextTable:
    """A file's rows as text (blank, never null), with `row_number` counted as the file's lines are; and its misfits."""

    file: str
    sha256: str
    encoding: str
    table: pa.Table
    misfit_rows: tuple[int, ...]

    @property
    def rows(self) -> int:
        """All rows under the header, misfits included."""
        return int(self.table.num_rows) + len(self.misfit_rows)


def read_text_table(path: Path, file: str, layout: Layout, *others: Layout) -> TextTable:
    """Read a CSV file in its layout, or in the first of ``others`` that its header fits where it does not fit that.

    Raises ``FindingsError`` where it is empty, or its header lacks a required column.
    """
    sha256, encoding = hash_and_encoding(path)
    headers = read_headers(path, file, encoding)
    layout = next((fitting for fitting in (layout, *others) if not fitting.match(headers)[1]), layout)
    names, missing, twice = layout.match(headers)
    findings = [
        Finding(
            "COLUMN-MISSING",
            Level.SUBMISSION,
            f"column {layout.fields[field][0]} is missing",
            "compare the header row with the layout, or ask for the file in the national layout",
            file,
            1,
        )
        for field in missing
    ] + [
        Finding(
            "COLUMN-TWICE",
            Level.SUBMISSION,
            f"more than one column means {layout.fields[field][0]}",
            "keep one of them",
            file,
            1,
        )
        for field in twice
    ]
    if findings:
        raise FindingsError(findings)
    table, misfits = _read_rows(path, file, encoding, names, layout)
    read = [(place, table.column(name)) for place, name in enumerate(names) if name]
    stop_if_any(identifiable_findings(file, headers, [*read, *_sample_of_others(path, encoding, names)]))
    refuse_run_on_rows(path, file, encoding, table.num_rows + len(misfits))
    return TextTable(file, sha256, encoding, table, misfits)


def _sample_of_others(path: Path, encoding: str, names: list[str]) -> list[tuple[int, pa.Array]]:
    """A part of each column that the layout does not know, from the beginning, middle and end of the file.

    They are not read further: nothing uses them. But a file that is passed on should not hold NHS numbers either.
    """
    others = [place for place, name in enumerate(names) if not name]
    if not others:
        return []
    size = path.stat().st_size
    whole = encoding == "utf-16" or size <= 3 * _SAMPLE_BYTES
    starts = (0,) if whole else (0, size // 2, size - _SAMPLE_BYTES)
    lines: list[str] = []
    with path.open("rb") as stream:
        for start in starts:
            stream.seek(start)
            text = stream.read(3 * _SAMPLE_BYTES if whole else _SAMPLE_BYTES).decode(encoding, errors="replace")
            # The first line of a part is the header, or the rest of a row; the last one may be cut.
            lines += text.splitlines()[1:]
    try:
        rows = [row for row in csv.reader(lines) if len(row) == len(names)]
    except csv.Error:
        return []
    return [(place, pa.array([row[place] for row in rows], type=pa.string())) for place in others]


def hash_and_encoding(path: Path) -> tuple[str, str]:
    """The file's hash, and whether its bytes are UTF-8, UTF-16 (by its mark) or else Windows-1252."""
    digest = hashlib.sha256()
    decoder, is_utf8, first = codecs.getincrementaldecoder("utf-8")(), True, b""
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            first = first or chunk[:2]
            digest.update(chunk)
            if is_utf8:
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError:
                    is_utf8 = False
    if first in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return digest.hexdigest(), "utf-16"
    return digest.hexdigest(), "utf-8" if is_utf8 else "cp1252"


def refuse_run_on_rows(path: Path, file: str, encoding: str, rows: int) -> None:
    """Refuse a file in which a record runs over the end of its line.

    One quotation mark that does not close takes every line up to the next one into a single field, and all their
    money with it. Raises ``FindingsError`` where the file has more lines under its header than rows were read.
    """
    with path.open(encoding=encoding, newline=None) as stream:
        lines = sum(1 for line in stream if line != "\n") - 1
    if lines > rows:
        message = f"{lines:,} lines under the header gave {rows:,} rows: a quotation mark does not close on its line"
        mend = "find the mark (a quoted field must end on the line on which it begins) and correct it"
        raise FindingsError([Finding("FILE-UNREADABLE", Level.SUBMISSION, message, mend, file)])


def read_headers(path: Path, file: str, encoding: str) -> list[str]:
    """The cells of the first row. Raises ``FindingsError`` where the file is empty or no text in rows and columns."""
    try:
        reader = pa_csv.open_csv(
            path,
            read_options=pa_csv.ReadOptions(encoding=encoding, use_threads=False, autogenerate_column_names=True),
            parse_options=pa_csv.ParseOptions(newlines_in_values=True, invalid_row_handler=lambda _row: "skip"),
            convert_options=pa_csv.ConvertOptions(default_column_type=pa.string()),
        )
        first = reader.read_next_batch()
        return [str(column[0].as_py() or "").lstrip("\ufeff") for column in first.columns]
    except (pa.ArrowInvalid, StopIteration, IndexError, UnicodeError):
        message = "the file is empty, or is not text in rows and columns"
        raise FindingsError(
            [Finding("FILE-UNREADABLE", Level.SUBMISSION, message, "open it and see whether it is a CSV file", file)]
        ) from None


def _read_rows(
    path: Path, file: str, encoding: str, names: list[str], layout: Layout
) -> tuple[pa.Table, tuple[int, ...]]:
    columns = [name or f"unknown {place}" for place, name in enumerate(names)]
    misfits: list[int | None] = []

    def note_misfit(row: pa_csv.InvalidRow) -> str:
        misfits.append(row.number)
        return "skip"

    def read(*, threads: bool) -> pa.Table:
        misfits.clear()
        return pa_csv.read_csv(
            path,
            read_options=pa_csv.ReadOptions(encoding=encoding, use_threads=threads, column_names=columns, skip_rows=1),
            parse_options=pa_csv.ParseOptions(newlines_in_values=True, invalid_row_handler=note_misfit),
            convert_options=pa_csv.ConvertOptions(
                include_columns=list(layout.fields),
                include_missing_columns=True,
                strings_can_be_null=False,
                column_types=dict.fromkeys(layout.fields, pa.string()),
            ),
        )

    try:
        table = read(threads=True)
        if misfits:
            # Only a reader with one thread knows the numbers of the rows that do not fit.
            table = read(threads=False)
    except (pa.ArrowInvalid, UnicodeError) as error:
        message = f"the file cannot be read as rows and columns: {_first_words(error)}"
        raise FindingsError(
            [Finding("FILE-UNREADABLE", Level.SUBMISSION, message, "save it as CSV in UTF-8", file)]
        ) from None
    numbers = [number for number in misfits if number is not None]
    good = np.setdiff1d(np.arange(2, table.num_rows + len(numbers) + 2), np.array(numbers, dtype=np.int64))
    table = table.append_column("row_number", pa.array(good, type=pa.int64()))
    return table, tuple(numbers)


def _first_words(error: Exception) -> str:
    """The kind of fault without the text of any row."""
    return (
        "text in an encoding it does not name"
        if isinstance(error, UnicodeError)
        else ("a quotation mark that does not close, or a field of enormous size")
    )
