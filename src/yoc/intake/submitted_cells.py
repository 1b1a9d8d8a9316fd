"""What providers asked for, by month and point of delivery: the lines of files before anybody is looked up."""

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

import pyarrow as pa

from yoc.core.periods import FinancialYear, day_number
from yoc.engine import Engine

_THOUSANDTHS = 1_000


@dataclass(frozen=True)
class SubmittedCell:
    """Lines of one provider, month (1 is April, 0 outside the year) and point of delivery, whatever becomes of them."""

    provider: str
    month: int
    point_of_delivery: str
    lines: int
    quantity: Fraction
    submitted_pence: int


def submitted_cells(engine: Engine, year: FinancialYear) -> list[SubmittedCell]:
    """The lines of `kept_line`, summed. Lines with a blank total add no pence."""
    starts = [*year.month_starts(), year.last_day + dt.timedelta(days=1)]
    days = [(month, day_number(starts[month - 1]), day_number(starts[month])) for month in range(1, 13)]
    engine.give("month_days", dict.fromkeys(("month", "from_day", "to_day"), pa.int32()), days)
    return [
        SubmittedCell(
            row["provider"],
            row["month"],
            row["point_of_delivery"],
            row["lines"],
            Fraction(row["quantity_thousandths"], _THOUSANDTHS),
            row["submitted_pence"],
        )
        for row in engine.run("yoc.intake", "submitted_cells")
    ]
