"""A file of rows and columns, opened by what it is: its header is found, its rows are still to come."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from yoc.intake.container import Kind, Source, find_source
from yoc.intake.limits import LINES, Limits
from yoc.intake.row_chunks import Chunk, Header, Score, refuse_long_fields
from yoc.intake.text_file import scan_beginning, scan_text
from yoc.intake.text_lines import TextLines
from yoc.intake.unreadable import Unreadable, findings_about


class Lines(Protocol):
    """A file of one kind, opened: its header, found by how many names are known, and its rows under it."""

    header: Header

    def chunks(self, names: Sequence[str], wanted: Sequence[str], others: Sequence[str] = ()) -> Iterator[Chunk]:
        """The rows, in the order of the file, each chunk with the columns ``wanted``, null where the file lacks one.

        ``names`` are what its columns are to be called, no two alike. With ``others``, which are among them, the first
        chunk has some rows of those columns beside its own, and further ones may.
        """
        ...


@dataclass(frozen=True)
class OpenLines:
    """A file that was opened. ``encoding`` is that of text, else the kind of file."""

    sha256: str
    encoding: str
    lines: Lines

    @property
    def header(self) -> Header:
        """The names of the columns, and where they stand."""
        return self.lines.header


@dataclass(frozen=True)
class WholeTable:
    """A file of which every column is read, whatever it is called: the columns are named by their places, from 0."""

    file: str
    opened: OpenLines
    limits: Limits

    @property
    def headers(self) -> tuple[str, ...]:
        """The names of the columns as the file has them."""
        return self.opened.header.cells

    @property
    def header_row(self) -> int:
        """Where they stand; 0 where the file has no such row."""
        return self.opened.header.row

    def chunks(self) -> Iterator[Chunk]:
        """The rows. Raises ``FindingsError`` where the file cannot be read to its end."""
        names = [str(place) for place in range(len(self.headers))]
        with findings_about(self.file):
            for chunk in self.opened.lines.chunks(names, names):
                refuse_long_fields(chunk.table, names, self.limits)
                yield chunk


def open_lines(path: Path, file: str, score: Score, limits: Limits = LINES) -> OpenLines:
    """Open a CSV, XLSX or Parquet file, packed or not; ``score`` says how many known names a row of it holds.

    Raises ``FindingsError`` where it is missing, empty or no table, or passes a limit.
    """
    with findings_about(file):
        source = find_source(path, file, limits)
        if source.kind is Kind.TEXT:
            facts = scan_text(source)
            sha256, encoding = facts.sha256, facts.encoding
        else:
            sha256, encoding = source.sha256(), source.kind.value
        return OpenLines(sha256, encoding, _lines(source, encoding, score))


def open_whole_table(path: Path, file: str, score: Score, limits: Limits = LINES) -> WholeTable:
    """Open a file to read all of its columns. Raises ``FindingsError`` as ``open_lines``."""
    return WholeTable(file, open_lines(path, file, score, limits), limits)


def read_header(path: Path, file: str, score: Score, limits: Limits = LINES) -> Header:
    """The header of a file, of which no more is read than it takes. Raises ``FindingsError`` as ``open_lines``."""
    with findings_about(file):
        source = find_source(path, file, limits)
        encoding = scan_beginning(source) if source.kind is Kind.TEXT else source.kind.value
        return _lines(source, encoding, score).header


def _lines(source: Source, encoding: str, score: Score) -> Lines:
    lines = _reader(source, encoding, score)
    header, most = lines.header, source.limits.columns
    if len(header.cells) > most:
        message = f"the table has {len(header.cells):,} columns, and at most {most:,} are read"
        raise Unreadable(message, "keep the columns of the layout", header.row or None)
    return lines


def _reader(source: Source, encoding: str, score: Score) -> Lines:
    # Each library is loaded only where a file of its kind is read.
    if source.kind is Kind.WORKBOOK:
        from yoc.intake.workbook_lines import WorkbookLines  # noqa: PLC0415

        return WorkbookLines(source, score)
    if source.kind is Kind.PARQUET:
        from yoc.intake.parquet_file import ParquetLines  # noqa: PLC0415

        return ParquetLines(source)
    return TextLines(source, encoding, score)
