"""Thresholds: how much of a file may be faulty before the file is refused whole."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pyarrow as pa

from yoc.contract.scope import MONEY_ONLY
from yoc.core.findings import Finding, Level
from yoc.core.money import format_pounds
from yoc.core.rates import format_percent
from yoc.engine import Engine

ROOM = "yoc.intake"
_SAID = {
    "rejected_value": "is on rows that were rejected",
    "unmapped_value": "has a point of delivery that is not known",
    "nobody_value": "is for care that belongs to nobody",
}


@dataclass(frozen=True)
class Thresholds:
    """The largest part of a file that may be faulty; more refuses it whole. ``None`` asks nothing.

    ``rejected_rows`` is of the file's rows; the others are of its money, each sum counted by its size, so that credits
    hide nothing. With ``leave_out`` a refused file is left out; otherwise it stops the run.
    """

    rejected_rows: Fraction | None = None
    rejected_value: Fraction | None = None
    unmapped_value: Fraction | None = None
    nobody_value: Fraction | None = None
    leave_out: bool = False

    def exceeded(self, rows: int, rejected: int, values: Mapping[str, int]) -> tuple[str, ...]:
        """What of a file is over its threshold, in words; nothing where the file may stay.

        >>> limits = Thresholds(rejected_rows=Fraction(1, 20))
        >>> limits.exceeded(100, 5, {}), limits.exceeded(100, 6, {})
        ((), ('6 of 100 rows were rejected, more than 5%',))
        """
        said = []
        if self.rejected_rows is not None and _over(rejected, rows, self.rejected_rows):
            said.append(f"{rejected:,} of {rows:,} rows were rejected, more than {format_percent(self.rejected_rows)}")
        for name, words in _SAID.items():
            most: Fraction | None = getattr(self, name)
            if most is not None and _over(values[name], values["value"], most):
                part, whole = format_pounds(values[name]), format_pounds(values["value"])
                said.append(f"{part} of {whole} {words}, more than {format_percent(most)}")
        return tuple(said)


NO_THRESHOLDS = Thresholds()
"""Every file is taken as it is."""


def _over(part: int, whole: int, most: Fraction) -> bool:
    return part * most.denominator > whole * most.numerator


def refuse_files(
    engine: Engine, limits: Thresholds, facts: Sequence[Mapping[str, Any]], *, blank_total_kept: bool
) -> dict[int, str]:
    """Why each file is refused, by number; where such files are left out their lines are gone afterwards.

    Needs the tables of read lines, and each file's ``rows`` and ``rejected``. A file that counts again because a later
    one is left out is looked at as well.
    """
    refused: dict[int, str] = {}
    while limits != Thresholds(leave_out=limits.leave_out):
        found = _over_limits(engine, limits, facts, blank_total_kept=blank_total_kept)
        more = {number: reason for number, reason in found.items() if number not in refused}
        refused |= more
        if not more or not limits.leave_out:
            break
        _leave_out(engine, refused)
    return refused


def _over_limits(
    engine: Engine, limits: Thresholds, facts: Sequence[Mapping[str, Any]], *, blank_total_kept: bool
) -> dict[int, str]:
    engine.give("money_only", {"point_of_delivery": pa.string()}, [(code,) for code in MONEY_ONLY])
    reasons = {}
    for row in engine.run(ROOM, "file_values", blank_total_kept=blank_total_kept):
        own = facts[row["file_id"]]
        if said := limits.exceeded(own["rows"], own["rejected"], row):
            reasons[row["file_id"]] = "; ".join(said)
    return reasons


def _leave_out(engine: Engine, refused: Mapping[int, str]) -> None:
    """Take the lines of refused files out, and decide again which loads are the latest."""
    engine.give("refused_file", {"file_id": pa.int32()}, [(number,) for number in refused])
    engine.run(ROOM, "leave_out")
    engine.run(ROOM, "line")


def refused_findings(reasons: Mapping[str, str], *, left_out: bool) -> Iterator[Finding]:
    """A finding for each refused file, by its name."""
    for file, reason in reasons.items():
        message = f"the file is refused whole{', and left out' if left_out else ''}: {reason}"
        mend = "ask for the file again, or say other `thresholds:` in the plan"
        yield Finding("FILE-REFUSED", Level.SUBMISSION, message, mend, file)
