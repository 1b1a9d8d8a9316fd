"""What a run keeps of its lines so that a figure can be followed to its files: counts and sums, never a line."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from yoc.activity.prices import FRACTIONS_PER_PENNY, ROOM, whole_pence
from yoc.contract.model import ActivityContract
from yoc.core.identifiers import masked
from yoc.engine import Engine

FEWEST_LINES = 5
"""A code with fewer lines than this in its group is not named: the row would be about a handful of people."""
FEW_LINES = f"(codes of fewer than {FEWEST_LINES} lines each)"
"""How the codes that are not named stand together; their lines in all may be many."""
_THOUSANDTHS = 1_000


@dataclass(frozen=True)
class TracedCell:
    """Lines of one host, setting, provider, month, point of delivery, fate and file.

    ``host`` is empty unless the lines are charged; ``month`` is 1 for April, and 0 outside the year; ``quantity`` is
    what the files count, ``amount_pence`` exact.
    """

    host: str
    setting: str
    provider: str
    month: int
    point_of_delivery: str
    fate: str
    file: str
    lines: int
    quantity: Fraction
    submitted_pence: int
    amount_pence: Fraction


@dataclass(frozen=True)
class TracedCode:
    """Charged lines of one host, setting, provider, point of delivery and code; rare codes stand together."""

    host: str
    setting: str
    provider: str
    point_of_delivery: str
    tariff_code: str
    lines: int
    quantity: Fraction
    submitted_pence: int
    amount_pence: Fraction


@dataclass(frozen=True)
class Trace:
    """What a run keeps of its lines."""

    cells: tuple[TracedCell, ...]
    codes: tuple[TracedCode, ...]


def trace_lines(engine: Engine, contract: ActivityContract, files: Mapping[int, str]) -> Trace:
    """The judged lines by cell and file, and the charged ones by code; ``files`` names each file by its number."""
    hosts = {0: ""} | {place: host.code for place, host in enumerate(contract.hosts, 1)}
    amounts_per_penny = 1 if contract.activity.price.rounding == "per_line" else FRACTIONS_PER_PENNY

    def sums(row: Mapping[str, Any]) -> tuple[int, Fraction, int, Fraction]:
        quantity = Fraction(row["quantity_high"] * FRACTIONS_PER_PENNY + row["quantity_low"], _THOUSANDTHS)
        amount = whole_pence(row["amount_high"], row["amount_low"], amounts_per_penny)
        return row["lines"], quantity, row["submitted_pence"], amount

    cells = tuple(
        TracedCell(
            hosts[row["host_id"]],
            row["setting"],
            row["provider"],
            row["month"],
            row["point_of_delivery"],
            row["fate"],
            files[row["file_id"]],
            *sums(row),
        )
        for row in engine.run(ROOM, "trace_cells")
    )
    codes = tuple(
        TracedCode(
            hosts[row["host_id"]],
            row["setting"],
            row["provider"],
            row["point_of_delivery"],
            FEW_LINES if row["pooled"] else masked(row["tariff_code"]),
            *sums(row),
        )
        for row in engine.run(ROOM, "trace_codes", least=FEWEST_LINES)
    )
    return Trace(cells, codes)
