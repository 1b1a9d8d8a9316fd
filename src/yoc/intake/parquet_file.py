"""Rows of a Parquet file, each cell as the text that says exactly what the cell holds."""

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from yoc.intake.table_file import MOST_ROWS, MOST_UNPACKED_BYTES, Unreadable


def parquet_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The names of the columns as row 0, then the records from row 1. Raises ``Unreadable`` where it is broken."""
    try:
        with pq.ParquetFile(path) as file:
            facts = file.metadata
            if facts.num_rows > MOST_ROWS:
                message = f"the table has more than {MOST_ROWS:,} rows"
                raise Unreadable(message, "keep the rows that are to be settled")
            size = sum(facts.row_group(place).total_byte_size for place in range(facts.num_row_groups))
            if size > MOST_UNPACKED_BYTES:
                message = f"the table unpacks to {size:,} bytes, and at most {MOST_UNPACKED_BYTES:,} are read"
                raise Unreadable(message, "keep the columns that the map needs")
            table = file.read()
        columns = [_texts(column) for column in table.columns]
    except (pa.ArrowException, OSError, ValueError):
        raise Unreadable("the Parquet file is broken", "make it again, or ask for it again") from None
    return _with_header(list(table.column_names), columns)


def _with_header(names: list[str], columns: list[list[str]]) -> Iterator[tuple[int, list[str]]]:
    yield 0, names
    for number, cells in enumerate(zip(*columns, strict=True), 1):
        yield number, list(cells)


def _texts(column: Any) -> list[str]:
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    kind = column.type
    if pa.types.is_timestamp(kind):
        # As Arrow writes it: Python's own times end at the microsecond.
        texts = column.cast(pa.string()).to_pylist()
        return ["" if text is None else re.sub(r" 00:00:00(\.0+)?(?=Z?$)", "", text) for text in texts]
    if pa.types.is_floating(kind):
        # Arrow writes a number in the shortest way for its own width: 0.1 in 32 bits is 0.1, and not its 64-bit double.
        return ["" if text is None else _plain(text) for text in column.cast(pa.string()).to_pylist()]
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return ["" if value is None else f"({kind})" for value in column.to_pylist()]
    return [_as_text(value) for value in column.to_pylist()]


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)


def _plain(text: str) -> str:
    """A number of Arrow's text without exponent and without empty decimals; what is no number stays as it is."""
    exact = Decimal(text)
    if not exact.is_finite():
        return text
    plain = format(exact, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
