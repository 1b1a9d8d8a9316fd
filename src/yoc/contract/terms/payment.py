"""`payment`: pays an amount that was worked out and that nobody holds yet. A negative amount is owed the other way.

>>> from yoc.contract.terms.base import example
>>> term = Parameters(id="payment", kind="payment", rounded_to="£1")
>>> line = apply(term, example(amounts={"shared": 127855549})).lines[0]
>>> int(line.amount), line.payer, line.payee
(127855500, 'ICB', 'HOST')
>>> term = Parameters(id="outsiders", kind="payment", on="outsiders_cost", rate="80%")
>>> int(apply(term, example(amounts={"outsiders_cost": 1000})).lines[0].amount)
800
"""

from typing import Literal

from yoc.contract.terms.base import Adjusting, State, TermError, TermResult, line_of, name_of, paid_between, taken_on
from yoc.contract.values import PartyCode, PartyName, RateValue, SumValue, plain
from yoc.contract.wording import Namer, begun, part_of, worded
from yoc.core.money import format_exact_pence
from yoc.core.rates import format_percent


class Parameters(Adjusting):
    """What is paid (``rate`` of the amount), to which step it is rounded, who pays and who is paid."""

    kind: Literal["payment"]
    rate: RateValue = plain("100%")
    """The rate of the amount that is paid; all of it unless said."""
    rounded_to: SumValue | None = None
    """The step to which the payment is rounded, as £1."""
    paid_by: PartyName = PartyCode("commissioner")
    """Who pays; the commissioner unless named."""
    paid_to: PartyName = PartyCode("host")
    """Who is paid; the host unless named."""

    def makes(self) -> tuple[str, ...]:
        """What is paid."""
        return (self.id,)

    def keeps_in_hand(self, in_hand: frozenset[str], last: str) -> frozenset[str]:  # noqa: ARG002 - as for every kind
        """What is paid to the host, or by it, is in its hands."""
        return frozenset((self.id,)) if "host" in (self.paid_by, self.paid_to) else frozenset()


def apply(parameters: Parameters, state: State) -> TermResult:
    """The amount × its rate, rounded where the contract says so."""
    name, amount = taken_on(parameters, state)
    if name in state.in_hand:
        raise TermError(f"term `{parameters.id}` pays `{name}`, which the host holds already")
    rate = parameters.rate.of(state)
    paid = amount * rate
    formula = f"{name} {format_exact_pence(amount)}" + ("" if rate == 1 else f" × {format_percent(rate)}")
    if parameters.rounded_to is not None:
        step = parameters.rounded_to.of(state)
        if step <= 0:
            raise TermError(f"term `{parameters.id}`: `rounded_to` is a step above zero, as £1")
        paid = state.to_step(paid, step)
        formula += f", rounded to {format_exact_pence(step)}"
    between = paid_between(state.party(parameters.paid_by), state.party(parameters.paid_to), paid)
    return TermResult((line_of(parameters, "Payment", formula=formula, **between),), {parameters.id: paid})


def in_words(parameters: Parameters, last: str, namer: Namer) -> str:
    """The term as one sentence."""
    paid_by, paid_to, name = namer(parameters.paid_by), namer(parameters.paid_to), name_of(parameters, last, namer)
    what = name if parameters.rate == plain("100%") else part_of(parameters.rate, name, namer)
    rounded = f", rounded to the nearest {worded(parameters.rounded_to, namer)}" if parameters.rounded_to else ""
    return f"{begun(paid_by)} pays {paid_to} {what}{rounded}; where it is below nothing, {paid_to} pays {paid_by}."
