"""`advance`: recovers an advance from a payment, and carries what is left.

£600 advanced, £400 earned: all of it goes to the advance, and £200 is left to recover.

>>> from yoc.contract.terms.base import example
>>> term = Parameters(id="after_advance", kind="advance", outstanding="advanced")
>>> amounts = apply(term, example(amounts={"earned": 400, "advanced": 600})).amounts
>>> [int(amounts[name]) for name in ("after_advance", "after_advance.recovered", "after_advance.left")]
[0, 400, 200]
"""

from fractions import Fraction
from typing import Literal

from yoc.contract.terms.base import Adjusting, State, TermError, TermResult, name_of, passed_on, share, taken_on
from yoc.contract.values import ShareValue, SumValue, plain
from yoc.contract.wording import Namer, worded
from yoc.core.money import format_exact_pence
from yoc.core.rates import format_percent


class Parameters(Adjusting):
    """What is outstanding, and the share of a payment that may be taken for it."""

    kind: Literal["advance"]
    outstanding: SumValue
    """What is still to be recovered."""
    at_most_share: ShareValue = plain("100%")
    """The largest share of a payment that may be taken; all of it unless said."""

    def makes(self) -> tuple[str, ...]:
        """The payment after recovery, the change, what was recovered and what is left."""
        return (self.id, f"{self.id}.change", f"{self.id}.recovered", f"{self.id}.left")


def apply(parameters: Parameters, state: State) -> TermResult:
    """The payment less what is recovered; a loss recovers nothing."""
    name, amount = taken_on(parameters, state)
    outstanding = parameters.outstanding.of(state)
    if outstanding < 0:
        raise TermError(f"term `{parameters.id}`: {format_exact_pence(outstanding)} is outstanding, less than nothing")
    part = share(parameters, "at_most_share", state)
    recovered = min(outstanding, max(amount, Fraction(0)) * part)
    left = outstanding - recovered
    formula = (
        f"{format_exact_pence(recovered)} of the {format_exact_pence(outstanding)} outstanding is taken from {name} "
        f"{format_exact_pence(amount)}; {format_exact_pence(left)} is left"
    )
    formula += "" if part == 1 else f"; at most {format_percent(part)} of a payment is taken"
    more = {f"{parameters.id}.recovered": recovered, f"{parameters.id}.left": left}
    return passed_on(parameters, state, amount - recovered, "Advance recovered", formula, more=more)


def in_words(parameters: Parameters, last: str, namer: Namer) -> str:
    """The term as one sentence."""
    part = parameters.at_most_share
    most = "" if part == plain("100%") else f", of which at most {worded(part, namer)} may be taken at a time"
    return (
        f"The advance that is outstanding, {worded(parameters.outstanding, namer)}, is recovered from "
        f"{name_of(parameters, last, namer)}{most}; what is left of it goes on to the next year."
    )
