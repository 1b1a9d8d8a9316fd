"""Thresholds: how much of a file may be faulty before the file is refused whole."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pyarrow as pa

from yoc.contract.scope import MONEY_ONLY
from yoc.core.findings import Finding, Level
from yoc.core.money import format_pounds, round_half_away
from yoc.core.rates import format_percent
from yoc.engine import Engine

ROOM = "yoc.intake"
_SAID = {
    "unmapped_value": "has a point of delivery that is not known",
    "nobody_value": "is for care that belongs to nobody",
}


@dataclass(frozen=True)
class Thresholds:
    """The largest part of a file that may be faulty; more refuses it whole. ``None`` asks nothing.

    ``rejected_rows`` is of the file's rows; the others are of its money, each sum counted by its size, so that credits
    hide nothing. Of ``rejected_value`` each sum that cannot be read counts as the mean of those that can. With
    ``leave_out`` a refused file is left out; otherwise it stops the run.
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
        if self.rejected_value is not None and (words := _rejected_value(self.rejected_value, values)):
            said.append(words)
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


def _rejected_value(most: Fraction, values: Mapping[str, int]) -> str:
    """Why too much money is on rows that were rejected; nothing where it is not.

    Of the file's sums, ``unreadable`` on rejected rows cannot be read: each counts as the mean of the others.
    Where these come to nothing there is no mean, and the sums themselves are counted.

    >>> _rejected_value(Fraction(1, 2), {"value": 300, "rejected_value": 100, "readable": 3, "unreadable": 1})
    ''
    >>> print(_rejected_value(Fraction(1, 2), {"value": 300, "rejected_value": 0, "readable": 3, "unreadable": 4}))
    £4.00 of £7.00 is on rows that were rejected (4 sums cannot be read, each counted as the mean), more than 50%
    >>> _rejected_value(Fraction(1, 2), {"value": 0, "rejected_value": 0, "readable": 0, "unreadable": 9})
    '9 of 9 sums cannot be read, more than 50%'
    """
    value, readable, unreadable = values["value"], values["readable"], values["unreadable"]
    if not value:
        sums = readable + unreadable
        said = f"{unreadable:,} of {sums:,} sums cannot be read, more than {format_percent(most)}"
        return said if _over(unreadable, sums, most) else ""
    unread = Fraction(unreadable * value, readable)
    part, whole = values["rejected_value"] + unread, value + unread
    if part <= whole * most:
        return ""
    plural = "s" if unreadable != 1 else ""
    beside = f" ({unreadable:,} sum{plural} cannot be read, each counted as the mean)" if unreadable else ""
    rounded = [format_pounds(round_half_away(each)) for each in (part, whole)]
    return f"{rounded[0]} of {rounded[1]} is on rows that were rejected{beside}, more than {format_percent(most)}"


def refuse_files(engine: Engine, limits: Thresholds, facts: Sequence[Mapping[str, Any]]) -> dict[int, str]:
    """Why each file is refused, by number; where such files are left out their lines are gone afterwards.

    Needs the tables of read lines, and each file's ``rows``, ``rejected`` and ``unreadable_sums``. A file that counts
    again because a later one is left out is looked at as well.
    """
    refused: dict[int, str] = {}
    while limits != Thresholds(leave_out=limits.leave_out):
        found = _over_limits(engine, limits, facts)
        more = {number: reason for number, reason in found.items() if number not in refused}
        refused |= more
        if not more or not limits.leave_out:
            break
        show_lines(engine, refused)
    return refused


def _over_limits(engine: Engine, limits: Thresholds, facts: Sequence[Mapping[str, Any]]) -> dict[int, str]:
    engine.give("money_only", {"point_of_delivery": pa.string()}, [(code,) for code in MONEY_ONLY])
    reasons = {}
    for row in engine.run(ROOM, "file_values"):
        own = facts[row["file_id"]]
        if said := limits.exceeded(own["rows"], own["rejected"], {**row, "unreadable": own["unreadable_sums"]}):
            reasons[row["file_id"]] = "; ".join(said)
    return reasons


def show_lines(engine: Engine, refused: Iterable[int] = ()) -> None:
    """Decide which loads are the latest of those that are not refused, and show the lines that count as `line`."""
    engine.give("refused_file", {"file_id": pa.int32()}, [(number,) for number in refused])
    for step in ("file_in_use", "line_part", "left_out_part", "kept_line", "line"):
        engine.run(ROOM, step)


def refused_findings(reasons: Mapping[str, str], *, left_out: bool) -> Iterator[Finding]:
    """A finding for each refused file, by its name."""
    for file, reason in reasons.items():
        message = f"the file is refused whole{', and left out' if left_out else ''}: {reason}"
        mend = "ask for the file again, or say other `thresholds:` in the plan"
        yield Finding("FILE-REFUSED", Level.SUBMISSION, message, mend, file)
