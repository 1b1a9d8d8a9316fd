"""Lines read by the block are the records that Python's own reader finds in each line alone, or the file is refused."""

import csv
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pytest
from hypothesis import event, example, given
from hypothesis import strategies as st

from yoc.core.findings import FindingsError
from yoc.intake import text_file
from yoc.intake.text_table import Layout, read_text_table

LAYOUT = Layout("pairs", {"first": ("A",), "second": ("B",)})
PIECES = ["", "x", "1.0", '"q"', '"a,;b"', '"d""e"', "é", " ", 'x"y', '"open', '""', "\t"]


def read_line_by_line(lines: list[str], mark: str) -> tuple[list[tuple[str, str, int]], list[int]] | None:
    """The rows, with their numbers, and the numbers of those that do not fit; nothing where a record runs on."""
    rows, misfits = [], []
    for number, line in enumerate(lines, 2):
        records = list(csv.reader([f"{line}\n", "end\n"], delimiter=mark))
        if line and len(records) != 2:
            return None
        if not line.strip(f'{mark}" \t'):
            continue
        cells = records[0]
        while len(cells) > 2 and not cells[-1].strip():
            cells.pop()
        if len(cells) == 2:
            rows.append((cells[0], cells[1], number))
        else:
            misfits.append(number)
    return rows, misfits


@pytest.mark.law(
    "A file that is read in blocks gives the same rows as one that is read line by line, or is refused by both.",
    2,
)
@given(
    table=st.lists(st.lists(st.sampled_from(PIECES), min_size=1, max_size=4), max_size=9),
    mark=st.sampled_from([",", ";", "|"]),
    end=st.sampled_from(["\n", "\r\n"]),
    is_ended=st.booleans(),
    block_bytes=st.sampled_from([8, 16, 40, 1 << 20]),
)
@example(table=[["x", '"q"'], [" ", ""]], mark="|", end="\n", is_ended=True, block_bytes=40)
@example(table=[["", "", '"a,;b"']], mark=",", end="\n", is_ended=True, block_bytes=8)
@example(table=[["x", '"open']], mark=",", end="\n", is_ended=True, block_bytes=40)
@example(table=[["x", '"open'], ["x", "x"]], mark=",", end="\n", is_ended=True, block_bytes=8)
def test_blocks_of_lines_are_their_records(table, mark, end, is_ended, block_bytes):
    lines = [mark.join(cells) for cells in table]
    text = end.join([f"A{mark}B", *lines]) + (end if is_ended else "")
    expected = read_line_by_line(lines, mark)
    event("refused" if expected is None else "read")
    with TemporaryDirectory() as folder, patch.object(text_file, "BLOCK_BYTES", block_bytes):
        path = Path(folder) / "t.csv"
        path.write_bytes(text.encode())
        try:
            found = read_text_table(path, "x", LAYOUT)
        except FindingsError as error:
            assert expected is None, error
            return
    columns = [found.table[name].to_pylist() for name in ("first", "second", "row_number")]
    assert (list(zip(*columns, strict=True)), list(found.misfit_rows)) == expected
