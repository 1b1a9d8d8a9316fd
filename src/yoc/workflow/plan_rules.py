"""What a plan says of differences and faults: when they are told, and when they stop the run."""

from collections.abc import Iterator
from typing import Literal

from yoc.core.fields import Model, Pence
from yoc.core.findings import Finding, Level
from yoc.core.located import Document

OnDifference = Literal["block", "warn"]


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


def tie_out_misfits(document: Document, rules: TieOutRules, named: frozenset[str]) -> Iterator[Finding]:
    """A finding for each tie-out that is to stop the run and for which the plan names no files."""
    for name in ("statements", "invoices"):
        if getattr(rules, name) == "block" and name not in named:
            message = f"the plan stops where {name} differ, and names none"
            yield document.finding("PLAN-MISMATCH", message, ("tie_outs", name), f"add `{name}:` under `inputs:`")
