"""How large a file may be, before it is opened and while it is unpacked. Every limit of intake stands here.

Files arrive from many hands. A few kilobytes can unpack to gigabytes, by fault or by intent, so sizes are looked at
before anything is read, and counted again while it is, since what an archive says of itself need not be true.
"""

from dataclasses import dataclass

MOST_LINE_BYTES = 64 * 2**30
"""Of a file of lines, unpacked: 64 GiB, about ten years of an ICB's monitoring in one file."""

RATIO_FROM_BYTES = 100 * 10**6
MOST_RATIO = 200
"""An archive over 100 MB unpacked may be 200 times its packed size. Files of lines pack to a tenth or a thirtieth."""

MOST_ENTRIES = 1_000
"""Of a ZIP. A year of every provider's months is a few hundred."""

EXCEL_ROWS, EXCEL_COLUMNS = 1_048_576, 16_384
"""The end of a sheet. No table of another kind may be wider either."""


@dataclass(frozen=True)
class Limits:
    """The limits of one use. ``what`` names it in messages; ``rows`` is for any kind, ``sheet_rows`` for Excel alone.

    ``held_bytes`` is for what must stand in memory whole: a workbook's parts, and a workbook or Parquet file that
    comes in an archive.
    """

    what: str
    file_bytes: int
    unpacked_bytes: int
    held_bytes: int
    rows: int
    sheet_rows: int = EXCEL_ROWS
    columns: int = EXCEL_COLUMNS
    field_characters: int = 131_072
    record_bytes: int = 8 * 2**20
    entries: int = MOST_ENTRIES
    ratio: int = MOST_RATIO
    ratio_from_bytes: int = RATIO_FROM_BYTES


LINES = Limits("a file of lines", MOST_LINE_BYTES, MOST_LINE_BYTES, held_bytes=4 * 2**30, rows=2 * 10**9)
POSITIONS = Limits("a table of positions", 200 * 10**6, 500 * 10**6, held_bytes=500 * 10**6, rows=200_000)
