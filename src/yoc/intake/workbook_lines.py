"""A sheet of an Excel workbook as chunks of text columns, for files of lines."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice

import pyarrow as pa

from yoc.intake.container import Source
from yoc.intake.row_chunks import HEADER_WITHIN, Chunk, Header, Score, best_header
from yoc.intake.unreadable import Unreadable
from yoc.intake.workbook_file import Row, Workbook

_BATCH_ROWS = 20_000


class WorkbookLines:
    """The sheet of a workbook that has the layout's columns, and where its header stands."""

    def __init__(self, source: Source, score: Score):
        self._source, self._book = source, Workbook(source)
        found: list[tuple[int, str, Header]] = []
        for title in self._book.visible:
            head = islice(self._book.rows(title), HEADER_WITHIN)
            header, known = best_header([Header(tuple(cells), row, row + 1) for row, cells in head], score)
            if header:
                found.append((known, title, header))
        most = max((known for known, _, _ in found), default=0)
        best = [(title, header) for known, title, header in found if known == most]
        if not best:
            raise Unreadable("no sheet of the workbook holds anything", "ask for the file again")
        if len(best) > 1:
            titles = ", ".join(title for title, _ in best)
            message = f"the workbook has {len(best)} sheets, and which one counts is a guess: {titles}"
            raise Unreadable(message, "keep the sheet of the lines alone, or save it as CSV")
        self._title, self.header = best[0]
        self.header = Header(_without_blank_end(self.header.cells), self.header.row, self.header.next_row)

    def chunks(self, names: Sequence[str], wanted: Sequence[str], others: Sequence[str] = ()) -> Iterator[Chunk]:
        """The rows that are not blank; with ``others`` the first of them.

        A row does not fit where a cell is filled beyond the last header.
        """
        width = len(names)
        used = [place for place, name in enumerate(names) if name in wanted]
        whole_rows = _BATCH_ROWS if others else 0
        rows = self._book.rows(self._title, self.header.next_row, used if len(used) < width else None, whole_rows)
        while batch := list(islice(rows, _BATCH_ROWS)):
            filled = [row for row in batch if any(row[1])]
            misfits = [row for row in filled if any(row[1][width:])]
            fitting = [row for row in filled if not any(row[1][width:])] if misfits else filled
            yield Chunk(
                _table(fitting, names, wanted),
                [number for number, _ in misfits],
                partial(list, [cells for _, cells in misfits]),
                _table(fitting, names, others),
            )
            others = ()


def _table(rows: list[Row], names: Sequence[str], wanted: Sequence[str]) -> pa.Table:
    places = [names.index(name) if name in names else None for name in wanted]
    columns = [
        pa.nulls(len(rows), pa.string())
        if place is None
        else pa.array([cells[place] if place < len(cells) else "" for _, cells in rows], pa.string())
        for place in places
    ]
    numbers = pa.array([number for number, _ in rows], pa.int64())
    return pa.table([*columns, numbers], names=[*wanted, "row_number"])


def _without_blank_end(cells: tuple[str, ...]) -> tuple[str, ...]:
    width = max(place for place, cell in enumerate(cells, 1) if cell.strip())
    return cells[:width]
