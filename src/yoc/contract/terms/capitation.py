"""`capitation`: the budget, people × rates, paid by the commissioner to the host.

>>> from yoc.contract.terms.base import example
>>> result = apply(Parameters(id="budget", kind="capitation"), example(budget_pence=449753))
>>> int(result.amounts["budget"]), result.lines[0].payer, result.lines[0].payee
(449753, 'ICB', 'HOST')
"""

from fractions import Fraction
from typing import Literal

from yoc.contract.position import Detail
from yoc.contract.terms.base import State, TermParameters, TermResult, line_of
from yoc.contract.wording import Namer
from yoc.core.rates import format_decimal


class Parameters(TermParameters):
    """No parameters of its own: rates, adjustments and rounding stand in the contract's `budget:`."""

    kind: Literal["capitation"]

    def keeps_in_hand(self, in_hand: frozenset[str], last: str) -> frozenset[str]:  # noqa: ARG002 - as for every kind
        """The budget is paid to the host."""
        return frozenset((self.id,))


def apply(parameters: Parameters, state: State) -> TermResult:
    """The host's budget for the year, in whole pence, with the opening rates and each adjustment under it."""
    budget = state.position.budget
    rounding = {"on_total": "rounded once on the total", "per_person": "rounded for each person, then added"}
    formula = (
        f"{format_decimal(budget.person_years, 4)} person-years × annual rates, adjusted in the contract's order, "
        f"{rounding[budget.rounding.value]}"
        if budget.steps
        else "as given for the host's year"
    )
    amount = Fraction(budget.total_pence)
    details = tuple(Detail(step.title, Fraction(step.pence), step.formula) for step in budget.steps)
    line = line_of(
        parameters, "Budget", amount, formula, payer=state.commissioner, payee=state.position.host, details=details
    )
    return TermResult((line,), {parameters.id: amount})


def in_words(parameters: Parameters, last: str, namer: Namer) -> str:  # noqa: ARG001 - every kind has this form
    """The term as one sentence."""
    return "The commissioner pays the host its budget for the year."
