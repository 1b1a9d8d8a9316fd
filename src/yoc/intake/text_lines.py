"""Blocks of delimited text become tables of text columns, each row with the number of its line in the file.

Blocks are read one at a time, so that a file of any size stands in memory by one block only; within a block the work
is done by Arrow and numpy, never line by line.
"""

import csv
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from yoc.intake.container import Source
from yoc.intake.limits import Limits
from yoc.intake.row_chunks import HEADER_WITHIN, Chunk, Header, Score, best_header
from yoc.intake.text_file import DELIMITERS, delimiter_fit, text_blocks
from yoc.intake.unreadable import Unreadable

_HEAD_LINES = 60
_OTHERS_EVERY = 10
"""Of so many blocks one is read with the columns that are only looked at in part."""
_HEAD_BYTES = 1 << 20


class TextLines:
    """A text in rows and columns whose header was found."""

    def __init__(self, source: Source, encoding: str, score: Score):
        self._source, self._encoding = source, encoding
        head = next(text_blocks(source, encoding, source.limits, _HEAD_BYTES), b"")
        self.header = find_text_header(head, score)

    def chunks(self, names: Sequence[str], wanted: Sequence[str], others: Sequence[str] = ()) -> Iterator[Chunk]:
        """The lines under the header, a block at a time; with ``others`` the first block and some all over the file.

        Raises ``Unreadable`` at a record that is not one line.
        """
        readers = [_Blocks(self.header, names, wanted, own, self._source.limits) for own in (others, ())]
        line, skip = 1, self.header.next_row - 1
        for number, block in enumerate(text_blocks(self._source, self._encoding, self._source.limits)):
            content = block
            while skip and content:
                content = content.partition(b"\n")[2]
                line, skip = line + 1, skip - 1
            if content:
                lines = _BlockLines(content, line)
                yield readers[number % _OTHERS_EVERY > 0].read(lines)
                line += lines.every


def find_text_header(head: bytes, score: Score) -> Header:
    """The header among a text's first lines: where, and parted by the mark by which, most names are known.

    Raises ``Unreadable`` where the lines are no rows and columns.
    """
    first = b"\n".join(head.split(b"\n", _HEAD_LINES)[:_HEAD_LINES])
    lines = _lines(first.decode("utf-8", errors="ignore"))
    found: list[tuple[tuple[int, int, bool, int], Header]] = []
    for mark in DELIMITERS:
        header, known = best_header(_head_rows(lines, mark), score)
        if header:
            found.append(((known, -header.row, *delimiter_fit(lines[header.row - 1 :], mark)), header))
    if not found:
        message = "the file is empty, or is not text in rows and columns"
        raise Unreadable(message, "open it and see whether it is a CSV file")
    return max(found, key=lambda rank_and_header: rank_and_header[0])[1]


def _lines(text: str) -> list[str]:
    # Line feeds alone end a line here: Python's own way of splitting knows ten more marks.
    return [f"{line}\n" for line in text.removesuffix("\n").split("\n")]


def _head_rows(lines: Sequence[str], mark: str) -> list[Header]:
    reader = csv.reader(iter(lines), delimiter=mark)
    rows, before = [], 0
    try:
        for record in reader:
            if before >= HEADER_WITHIN:
                break
            rows.append(Header(tuple(record), before + 1, reader.line_num + 1, mark))
            before = reader.line_num
    except csv.Error:
        pass
    return rows


class _Blocks:
    def __init__(
        self, header: Header, names: Sequence[str], asked: Sequence[str], others: Sequence[str], limits: Limits
    ):
        self._delimiter, self._names, self._limits = header.delimiter, list(names), limits
        self._asked, self._others, self._wanted = list(asked), list(others), [*asked, *others]
        self._blank = header.delimiter.encode() + b'" \t'
        self._least = max((place for place, cell in enumerate(header.cells, 1) if cell.strip()), default=1)

    def read(self, lines: "_BlockLines") -> Chunk:
        """The rows of one block."""
        self._refuse_endless(lines)
        table, misfits = self._table(lines, self._names, self._wanted)
        misfit_lines: list[int] = []
        numbers = lines.numbers([place for place, _ in misfits])
        table = table.append_column("row_number", pa.array(numbers, type=pa.int64()))
        if misfits:
            table, misfit_lines = self._with_trailing_blanks(table, misfits, lines)
        table = self._without_blank_rows(table, lines)
        left = [line for line in misfit_lines if lines.text(line).strip(self._blank)]
        cells_of = lambda: [self._cells(lines.text(line)) for line in left]  # noqa: E731 - worked out where it is asked for
        return Chunk(table.select([*self._asked, "row_number"]), left, cells_of, table.select(self._others))

    def _cells(self, line: bytes) -> list[str]:
        return next(csv.reader([line.decode("utf-8", errors="replace")], delimiter=self._delimiter), [])

    def _refuse_endless(self, lines: "_BlockLines") -> None:
        """Every stretch of half the limit has a line's end in it, or the lines are measured."""
        content, step = lines.content, max(1, self._limits.record_bytes // 2)
        if all(content.find(b"\n", at, at + step) >= 0 for at in range(0, len(content) - step, step)):
            return
        lengths = np.diff(lines.bounds) - 1
        if lengths.max() > self._limits.record_bytes:
            message = f"a line has {lengths.max():,} bytes, and at most {self._limits.record_bytes:,} are read"
            mend = "see whether its line ends are right, and save it as CSV again"
            raise Unreadable(message, mend, lines.first + int(lengths.argmax()))

    def _table(
        self, lines: "_BlockLines", names: list[str], wanted: list[str]
    ) -> tuple[pa.Table, list[tuple[int, int]]]:
        """The rows that fit, and of the others their place and width.

        Where there are quotation marks, a last row of our own shows that none is open at the end. One that does not
        close takes every line up to the next one into a single field, and all their money with it: records are then
        fewer than lines.
        """
        content, is_quoted = lines.content, b'"' in lines.content
        if is_quoted:
            newline = b"" if content.endswith(b"\n") else b"\n"
            content = b"".join((content, newline, b'""', self._delimiter.encode() * (len(names) - 1), b"\n"))
        table, misfits = self._parsed(content, names, wanted, is_quoted=is_quoted, threads=True)
        if misfits:
            # Only a reader with one thread knows which rows do not fit.
            table, misfits = self._parsed(content, names, wanted, is_quoted=is_quoted, threads=False)
        if table is None or not lines.are_records(table.num_rows + len(misfits) - is_quoted):
            raise _run_on(lines, self._delimiter)
        return table.slice(0, table.num_rows - is_quoted), misfits

    def _parsed(
        self, content: bytes, names: list[str], wanted: list[str], *, is_quoted: bool, threads: bool
    ) -> tuple[pa.Table | None, list[tuple[int, int]]]:
        """As Arrow reads it; nothing where it fails, as it can at a mark that is open at the end."""
        misfits: list[tuple[int, int]] = []

        def note_misfit(row: pa_csv.InvalidRow) -> str:
            misfits.append(((row.number or 1) - 1, row.actual_columns))
            return "skip"

        try:
            table = pa_csv.read_csv(
                pa.BufferReader(content),
                read_options=pa_csv.ReadOptions(
                    use_threads=threads, column_names=names, block_size=max(self._limits.record_bytes, 1 << 16)
                ),
                parse_options=pa_csv.ParseOptions(
                    delimiter=self._delimiter, newlines_in_values=is_quoted, invalid_row_handler=note_misfit
                ),
                convert_options=pa_csv.ConvertOptions(
                    include_columns=wanted,
                    include_missing_columns=True,
                    strings_can_be_null=False,
                    column_types=dict.fromkeys(wanted, pa.string()),
                ),
            )
        except pa.ArrowInvalid:
            return None, misfits
        return table, misfits

    def _with_trailing_blanks(
        self, table: pa.Table, misfits: list[tuple[int, int]], lines: "_BlockLines"
    ) -> tuple[pa.Table, list[int]]:
        """Take the rows that are too wide, or too short, by blank cells without a header; the lines of the others."""
        tables, left = [table], []
        groups: dict[int, list[int]] = {}
        for place, cells in misfits:
            groups.setdefault(cells, []).append(place)
        for cells, places in groups.items():
            own = lines.of_places(places)
            if not self._least <= cells <= self._limits.columns:
                left += own
                continue
            extra = [f"beyond {place}" for place in range(len(self._names), cells)]
            content = b"\n".join(lines.text(line) for line in own)
            names = self._names[:cells] + extra
            found, _ = self._table(_BlockLines(content, own[0]), names, [*self._wanted, *extra])
            fits = _all_blank(found.select(extra))
            kept = found.select(self._wanted).append_column("row_number", pa.array(own, type=pa.int64()))
            tables.append(kept.filter(fits))
            left += [line for line, is_fit in zip(own, fits.to_pylist(), strict=True) if not is_fit]
        return (pa.concat_tables(tables).sort_by("row_number") if len(tables) > 1 else table), sorted(left)

    def _without_blank_rows(self, table: pa.Table, lines: "_BlockLines") -> pa.Table:
        """Leave out rows of delimiters alone, which spreadsheets write for rows that were cleared."""
        suspects = _all_blank(table.select(self._wanted))
        if not pc.any(suspects).as_py():
            return table
        numbers = table["row_number"].to_numpy()
        blank = [at for at in np.flatnonzero(suspects.to_numpy()) if not lines.text(numbers[at]).strip(self._blank)]
        return table.take(pa.array(np.delete(np.arange(table.num_rows), blank)))


class _BlockLines:
    """The lines of a block by their numbers in the file; where each begins is worked out only where it is asked for."""

    def __init__(self, content: bytes, first: int):
        self.content, self.first = content, first
        self.every = content.count(b"\n") + (not content.endswith(b"\n"))
        self._has_blank = False

    def are_records(self, records: int) -> bool:
        """Whether each line is a record, but for empty ones."""
        self._has_blank = records < self.every
        return records == (len(self._full) if self._has_blank else self.every)

    @cached_property
    def bounds(self) -> Any:
        """Where each line begins, and where one after the last would."""
        ends = np.flatnonzero(np.frombuffer(self.content, dtype=np.uint8) == ord("\n")) + 1
        last = [] if self.content.endswith(b"\n") else [len(self.content) + 1]
        return np.concatenate(([0], ends, last)).astype(np.int64)

    @cached_property
    def _full(self) -> Any:
        """The places of the lines that are not empty."""
        return np.flatnonzero(np.diff(self.bounds) > 1)

    def numbers(self, without: list[int]) -> Any:
        """The numbers in the file of the lines that are not empty, but for those at some places among them."""
        if not self._has_blank and not without:
            return np.arange(self.first, self.first + self.every)
        return self.first + np.delete(self._full, np.array(without, dtype=np.int64))

    def of_places(self, places: list[int]) -> list[int]:
        """The numbers in the file of the lines at some places among those that are not empty."""
        return [int(self.first + self._full[place]) for place in places]

    def text(self, number: int) -> bytes:
        """A line by its number in the file, without its end."""
        at = number - self.first
        return self.content[self.bounds[at] : self.bounds[at + 1] - 1]


def _all_blank(table: pa.Table) -> pa.ChunkedArray:
    """For each row, whether all its cells are blank or spaces (null counts as blank)."""
    blank = pa.chunked_array([pa.array(np.ones(table.num_rows, dtype=bool))])
    for column in table.columns:
        blank = pc.and_(blank, pc.fill_null(pc.equal(pc.utf8_trim_whitespace(column), ""), True))
        if not pc.any(blank).as_py():
            break
    return blank


def _run_on(lines: _BlockLines, delimiter: str) -> Unreadable:
    """A fault at the first record that is not one line."""
    reader = csv.reader(_lines(lines.content.decode("utf-8", errors="replace")), delimiter=delimiter)
    before = 0
    try:
        for _ in reader:
            if reader.line_num - before > 1:
                break
            before = reader.line_num
    except csv.Error:
        pass
    mend = "find the mark (a quoted field must end on the line on which it begins) and correct it"
    line = lines.first + min(before, lines.every - 1)
    return Unreadable("a quotation mark does not close on its line", mend, line)
