"""What a plan says of differences and faults: when they are told, and when they stop the run."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Literal

from pydantic import model_validator

from yoc.core.fields import Model, Number, Pence, Share
from yoc.core.findings import Finding, Level
from yoc.core.located import Document
from yoc.intake.thresholds import Thresholds

OnDifference = Literal["block", "warn"]
_FINEST, _LARGEST = 10**6, 1000


class TieOutRules(Model):
    """What happens where lines, statements and invoices of a provider and month differ."""

    statements: OnDifference = "warn"
    """Lines and statement: `warn` tells each difference, `block` stops the run with all of them."""
    invoices: OnDifference = "warn"
    """Statement and invoice, likewise."""
    within: Pence = 0
    """By how much the two may differ in a cell; nothing unless said."""

    def level(self, name: Literal["statements", "invoices"]) -> Level:
        """The level of a difference."""
        return Level.SUBMISSION if getattr(self, name) == "block" else Level.WARNING


class Between(Model):
    """Two ratios and all that lies between them, both included."""

    at_least: Number
    at_most: Number

    @model_validator(mode="after")
    def _in_order(self) -> "Between":
        bounds = (self.at_least, self.at_most)
        if not 0 < self.at_least <= self.at_most <= _LARGEST or any(_FINEST % bound.denominator for bound in bounds):
            raise ValueError("the ratios stand in order, above 0, at most 1000, with six decimals at most")
        return self

    def bounds(self) -> tuple[Fraction, Fraction]:
        """The two ratios."""
        return self.at_least, self.at_most


class TenTimesRules(Model):
    """At which ratios of submitted to book a line is said to be ten times out."""

    over: Between = Between(at_least=Fraction(19, 2), at_most=Fraction(21, 2))
    under: Between = Between(at_least=Fraction(95, 1000), at_most=Fraction(105, 1000))


class ThresholdRules(Model):
    """How much of a file of activity may be faulty; more refuses it whole. What is not named asks nothing."""

    rejected_rows: Share | None = None
    """Rows that cannot be read, of all its rows."""
    rejected_value: Share | None = None
    """Money on rows that cannot be read, of all its money."""
    unmapped_value: Share | None = None
    """Money of which the point of delivery is not known."""
    nobody_value: Share | None = None
    """Money of care that belongs to no person."""
    when_exceeded: Literal["stop", "leave_out"] = "stop"
    """Whether the run stops, or leaves the file out, all its rows rejected."""

    def limits(self) -> Thresholds:
        """The thresholds as reading needs them."""
        return Thresholds(
            self.rejected_rows,
            self.rejected_value,
            self.unmapped_value,
            self.nobody_value,
            self.when_exceeded == "leave_out",
        )


def tie_out_misfits(document: Document, rules: TieOutRules, named: frozenset[str]) -> Iterator[Finding]:
    """A finding for each tie-out that is to stop the run and for which the plan names no files."""
    for name in ("statements", "invoices"):
        if getattr(rules, name) == "block" and name not in named:
            message = f"the plan stops where {name} differ, and names none"
            yield document.finding("PLAN-MISMATCH", message, ("tie_outs", name), f"add `{name}:` under `inputs:`")
