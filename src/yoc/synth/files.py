"""Writing text files: small tables row by row, large ones as columns of bytes joined at once."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yoc.synth.year import Ints


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """Write a small table; returns its rows."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        for row in rows:
            writer.writerow(row)
            count += 1
    return count


def words(texts: Iterable[str]) -> pa.Array:
    """Texts as an array of bytes, to be looked up by position.

    >>> words(["a", "b"]).take(pa.array([1, 0])).to_pylist()
    [b'b', b'a']
    """
    return pa.array([text.encode("utf-8") for text in texts], type=pa.binary())


def number_words(prefix: str, numbers: Ints, digits: int) -> pa.Array:
    """Whole numbers with leading zeros behind a prefix, as bytes.

    >>> number_words("S", np.array([7, 120]), 4).to_pylist()
    [b'S0007', b'S0120']
    """
    head = prefix.encode("ascii")
    width = len(head) + digits
    letters = np.empty((numbers.size, width), dtype=np.uint8)
    letters[:, : len(head)] = np.frombuffer(head, dtype=np.uint8)
    rest = numbers
    for place in range(width - 1, len(head) - 1, -1):
        letters[:, place] = rest % 10 + ord("0")
        rest = rest // 10
    ends = np.arange(numbers.size + 1, dtype=np.int32) * np.int32(width)
    return pa.Array.from_buffers(pa.binary(), numbers.size, [None, pa.py_buffer(ends), pa.py_buffer(letters)])


def join(*columns: pa.Array | bytes) -> pa.Array:
    """Rows made of columns set side by side; bytes stand for the same text in every row."""
    return pc.binary_join_element_wise(*columns, b"")


def header_line(header: Sequence[str]) -> bytes:
    """The header row of a file as bytes."""
    return csv_line(header).encode("utf-8")


def csv_line(cells: Sequence[str]) -> str:
    r"""One row with quotes only where they are needed.

    >>> csv_line(["a", "1,234.56"])
    'a,"1,234.56"\n'
    """
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()


def write_rows(path: Path, header: Sequence[str], rows: pa.Array) -> int:
    """Write rows that already end in a line feed, straight from memory; returns how many."""
    with path.open("wb") as file:
        file.write(header_line(header))
        if len(rows):
            _, offsets, data = rows.buffers()
            places = np.frombuffer(offsets, dtype=np.int32)
            file.write(memoryview(data)[int(places[rows.offset]) : int(places[rows.offset + len(rows)])])
    return len(rows)
