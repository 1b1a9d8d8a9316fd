"""`capitation`: the budget, people × rates, paid by the commissioner to the host.

>>> from yoc.contract.terms.base import example
>>> result = apply(Parameters(id="budget", kind="capitation"), example(budget_pence=449753))
>>> int(result.amounts["budget"]), result.lines[0].payer, result.lines[0].payee
(449753, 'ICB', 'HOST')

Where the people were restated, the budget on those first counted stands, and each month is made good by a line of its
own.

>>> from yoc.contract.budget import BackPay, Budget, MonthMadeGood
>>> pay = BackPay(360000, 360000, "person-days", 365, (MonthMadeGood(1, 9863, 30), MonthMadeGood(2, -500, -1)))
>>> state = example(budget_pence=369363)
>>> restated = replace(state, position=replace(state.position, budget=Budget(369363, back_pay=pay)))
>>> result = apply(Parameters(id="budget", kind="capitation"), restated)
>>> [(line.name, line.label, int(line.amount)) for line in result.lines][:2]
[('budget', 'Budget on the people first counted', 360000), ('budget.back_pay_01', 'Back-pay for April', 9863)]
>>> result.lines[1].formula
"+30 person-days (+0.0822 person-years) against those first counted × annual rates, adjusted in the contract's order"
>>> int(result.amounts["budget"]), int(sum(line.amount for line in result.lines))
(369363, 369363)
"""

from dataclasses import replace
from fractions import Fraction
from typing import Literal

from yoc.contract.budget import BackPay, MonthMadeGood
from yoc.contract.position import Detail, Line
from yoc.contract.terms.base import State, TermParameters, TermResult, line_of
from yoc.contract.wording import Namer
from yoc.core.periods import MONTH_NAMES
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
    # Added to nothing, and not converted, so that where a figure comes from can be followed through.
    amount = budget.total_pence + Fraction(0)
    details = tuple(Detail(step.title, step.pence + Fraction(0), step.formula) for step in budget.steps)
    line = line_of(
        parameters, "Budget", amount, formula, payer=state.commissioner, payee=state.position.host, details=details
    )
    lines = (line,) if budget.back_pay is None else _made_good(parameters, line, budget.back_pay)
    return TermResult(lines, {parameters.id: amount})


def _made_good(parameters: Parameters, budget: Line, pay: BackPay) -> tuple[Line, ...]:
    """The budget on the people first counted, then what each month is made good by. They add to the budget."""
    already = pay.first_counted_pence - pay.whole_year_pence
    details = [Detail("On the people first counted, for the whole year", pay.whole_year_pence + Fraction(0))]
    if already:
        details.append(Detail("Months that were counted on the restated people already", already + Fraction(0)))
    first = replace(
        budget,
        label=f"{budget.label} on the people first counted",
        amount=pay.first_counted_pence + Fraction(0),
        formula="the people first counted × annual rates, adjusted and rounded as the budget is",
        details=tuple(details),
    )
    between = {"payer": budget.payer, "payee": budget.payee}
    return (
        first,
        *(
            line_of(
                parameters,
                f"Back-pay for {MONTH_NAMES[month.month - 1]}",
                month.pence + Fraction(0),
                _more_units(month, pay),
                suffix=f"back_pay_{month.month:02d}",
                **between,
            )
            for month in pay.months
        ),
    )


def _more_units(month: MonthMadeGood, pay: BackPay) -> str:
    """How many more were counted, or fewer, in units and in person-years."""
    if not month.units:
        return f"as many {pay.unit} as first counted, in other segments or differently rounded"
    sign = "+" if month.units > 0 else "-"
    years = format_decimal(Fraction(abs(month.units), pay.units_per_year), 4)
    counted = f"{sign}{abs(month.units):,} {pay.unit} ({sign}{years} person-years) against those first counted"
    return f"{counted} × annual rates, adjusted in the contract's order"


def in_words(parameters: Parameters, last: str, namer: Namer) -> str:  # noqa: ARG001 - every kind has this form
    """The term as one sentence."""
    return "The commissioner pays the host its budget for the year."
