"""What every reader of rows gives: a header that was found, and rows in chunks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from yoc.intake.limits import Limits
from yoc.intake.unreadable import Unreadable

HEADER_WITHIN = 20
"""A header may stand under titles and blank rows, in the first rows of a file."""

Score = Callable[[Sequence[str]], int]
"""How many names a row holds that the layout knows."""


@dataclass(frozen=True)
class Chunk:
    """Some rows of a file as text columns and ``row_number``, and the numbers of rows that do not fit the header.

    ``misfit_cells`` gives what those rows hold, while the chunk is at hand; few ask for it. ``others`` are further
    columns of some of its rows, where a part of them is to be looked at.
    """

    table: pa.Table
    misfit_rows: list[int]
    misfit_cells: Callable[[], list[list[str]]] = field(default=list, repr=False)
    others: pa.Table | None = None


@dataclass(frozen=True)
class Header:
    """The names of the columns, the row on which they begin (0 where there is none), and the row after them."""

    cells: tuple[str, ...]
    row: int
    next_row: int
    delimiter: str = ","


def best_header(headers: Sequence[Header], score: Score) -> tuple[Header | None, int]:
    """The row that holds most known names, and how many. Of equal ones the first that is not blank."""
    found = [(score(header.cells), header) for header in headers if any(cell.strip() for cell in header.cells)]
    most = max((known for known, _ in found), default=0)
    return next((header for known, header in found if known == most), None), most


def refuse_long_fields(table: pa.Table, wanted: Sequence[str], limits: Limits) -> None:
    """Refuse a field that is too long to be one. Raises ``Unreadable`` with its row."""
    for name in wanted:
        lengths = pc.binary_length(table[name])
        longest = pc.max(lengths).as_py()
        if longest is not None and longest > limits.field_characters:
            message = f"a field has {longest:,} bytes, and at most {limits.field_characters:,} are read"
            row = table["row_number"][pc.index(lengths, longest).as_py()].as_py()
            raise Unreadable(message, "look at the row: a quotation mark may close in the wrong place", row)
