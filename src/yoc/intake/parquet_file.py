"""Rows of a Parquet file, each cell as the text that says exactly what the cell holds, whole columns at a time."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from yoc.intake.container import Source
from yoc.intake.limits import Limits
from yoc.intake.row_chunks import Chunk, Header
from yoc.intake.unreadable import Unreadable

_BATCH_ROWS = 100_000
_SAY_NOTHING = (
    pa.types.is_nested,
    pa.types.is_binary,
    pa.types.is_large_binary,
    pa.types.is_fixed_size_binary,
    pa.types.is_duration,
    pa.types.is_interval,
)
"""Kinds of value that have no one text; a cell says its kind, which no field can be taken for."""


def parquet_rows(source: Source) -> Iterator[tuple[int, list[str]]]:
    """The names of the columns as row 0, then the records from row 1. Raises ``Unreadable`` where it is broken."""
    with _opened(source) as file:
        names = list(file.schema_arrow.names)
        columns = [column_as_text(column).to_pylist() for column in file.read().columns]
    yield 0, names
    for number, cells in enumerate(zip(*columns, strict=True), 1):
        yield number, list(cells)


class ParquetLines:
    """A Parquet file whose columns are known. It has no header row, and its first record is row 1."""

    def __init__(self, source: Source):
        self._source = source
        with _opened(source) as file:
            self.header = Header(tuple(file.schema_arrow.names), 0, 1)

    def chunks(self, names: Sequence[str], wanted: Sequence[str], others: Sequence[str] = ()) -> Iterator[Chunk]:
        """The records, some at a time, and only the columns that are wanted; with ``others`` the first ones.

        A record cannot fail to fit.
        """
        header_of = dict(zip(names, self.header.cells, strict=True))
        self._refuse_one_name_twice([header_of[name] for name in wanted if name in header_of])
        first = 1
        with _opened(self._source) as file:
            beside = self._first_of(file, [(name, header_of[name]) for name in others])
            for batch in file.iter_batches(
                _BATCH_ROWS, columns=[header_of[name] for name in wanted if name in header_of]
            ):
                rows = batch.num_rows
                columns = [
                    column_as_text(batch.column(header_of[name])) if name in header_of else pa.nulls(rows, pa.string())
                    for name in wanted
                ]
                numbers = pa.array(np.arange(first, first + rows), type=pa.int64())
                yield Chunk(pa.table([*columns, numbers], names=[*wanted, "row_number"]), [], others=beside)
                first, beside = first + rows, None

    def _first_of(self, file: pq.ParquetFile, others: Sequence[tuple[str, str]]) -> pa.Table | None:
        """The first records of columns that are looked at in part. Of two with one name neither can be asked for."""
        own = {header: name for name, header in others if self.header.cells.count(header) == 1}
        batch = next(file.iter_batches(_BATCH_ROWS, columns=list(own)), None) if own else None
        if batch is None:
            return None
        return pa.table({name: column_as_text(batch.column(header)) for header, name in own.items()})

    def _refuse_one_name_twice(self, headers: Sequence[str]) -> None:
        """Columns are asked for by name, and of two of one name it could be either."""
        if twice := sorted({header for header in headers if self.header.cells.count(header) > 1}):
            message = f"the file has more than one column named {', '.join(twice)}"
            raise Unreadable(message, "give each column a name of its own")


@contextmanager
def _opened(source: Source) -> Iterator[pq.ParquetFile]:
    """The file, once its own account of its size is within the limits."""
    try:
        with source.open_anywhere() as stream, pq.ParquetFile(stream) as file:
            _keep_limits(file.metadata, source.limits)
            yield file
    except (pa.ArrowException, OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno:
            raise
        raise Unreadable("the Parquet file is broken", "make it again, or ask for it again") from None


def _keep_limits(facts: pq.FileMetaData, limits: Limits) -> None:
    if facts.num_rows > limits.rows:
        message = f"the table has {facts.num_rows:,} rows, and at most {limits.rows:,} are read"
        raise Unreadable(message, "keep the rows that are to be settled")
    size = sum(facts.row_group(place).total_byte_size for place in range(facts.num_row_groups))
    if size > limits.unpacked_bytes:
        message = f"the table unpacks to {size:,} bytes, and at most {limits.unpacked_bytes:,} are read"
        raise Unreadable(message, "keep the columns that are needed")


def column_as_text(column: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """A column as the exact text of its values, null as blank: decimals and numbers without exponent, days as ISO.

    >>> column_as_text(pa.array([1.5, 3.0, 1e22, None])).to_pylist()
    ['1.5', '3', '10000000000000000000000', '']
    """
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    kind = column.type
    if any(is_kind(kind) for is_kind in _SAY_NOTHING):
        text = pc.if_else(pc.is_valid(column), f"({kind})", "")
    elif pa.types.is_boolean(kind):
        text = pc.if_else(column, "yes", "no")
    elif pa.types.is_timestamp(kind):
        # As Arrow writes it: Python's own times end at the microsecond.
        text = pc.replace_substring_regex(column.cast(pa.string()), r" 00:00:00(?:\.0+)?(Z?)$", r"\1")
    elif pa.types.is_floating(kind):
        # Arrow writes a number in the shortest way for its own width: 0.1 in 32 bits is 0.1, and not its 64-bit double.
        text = _without_exponents(pc.replace_substring_regex(column.cast(pa.string()), r"\.0+$", ""))
    elif pa.types.is_decimal(kind):
        text = _without_exponents(column.cast(pa.string()))
    else:
        text = column.cast(pa.string())
    return pc.fill_null(text.cast(pa.string()), "")


def _without_exponents(texts: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Numbers written as ``1e+22`` become plain; there are few different ones, so each is worked out once."""
    written = pc.match_substring_regex(texts, r"[0-9][eE]")
    if not pc.any(written).as_py():
        return texts
    distinct = pc.unique(texts.filter(written)).drop_null()
    plain = pa.array([format(Decimal(text), "f") for text in distinct.to_pylist()], pa.string())
    found = pc.index_in(texts, distinct)
    return pc.if_else(pc.is_valid(found), plain.take(pc.fill_null(found, 0)), texts)
