"""`profit_limit`: the host keeps up to a rate of turnover and returns the rest.

On a turnover of €187.5m and a surplus of €20m, a limit of 7.5% leaves €14,062,500 and returns €5,937,500:

>>> from yoc.contract.terms.base import example
>>> term = Parameters(id="kept", kind="profit_limit", base="turnover", limit="7.5%")
>>> result = apply(term, example(amounts={"surplus": 2_000_000_000, "turnover": 18_750_000_000}, in_hand=True))
>>> int(result.amounts["kept"]), int(result.amounts["kept.returned"]), result.lines[0].payer
(1406250000, 593750000, 'HOST')
"""

from fractions import Fraction
from typing import Literal

from yoc.contract.terms.base import (
    Adjusting,
    State,
    TermResult,
    base_amount,
    name_of,
    not_below_nothing,
    passed_on,
    taken_on,
)
from yoc.contract.values import Amount, PartyCode, PartyName, RateValue
from yoc.contract.wording import Namer, part_of
from yoc.core.money import format_exact_pence
from yoc.core.rates import format_percent


class Parameters(Adjusting):
    """The limit as a rate of the base, and who gets what lies over it."""

    kind: Literal["profit_limit"]
    base: Amount
    """The amount of which the limit is a rate."""
    limit: RateValue
    """The highest rate that the host keeps."""
    returned_to: PartyName = PartyCode("commissioner")
    """Who gets what lies over the limit; the commissioner unless named."""

    def makes(self) -> tuple[str, ...]:
        """What is kept, the change, and what is returned."""
        return (self.id, f"{self.id}.change", f"{self.id}.returned")


def apply(parameters: Parameters, state: State) -> TermResult:
    """The profit up to its limit; a loss is not touched."""
    name, amount = taken_on(parameters, state)
    base = base_amount(parameters, parameters.base, state)
    rate = parameters.limit.of(state)
    not_below_nothing(parameters, "the limit", rate, format_percent(rate))
    after = min(amount, rate * base)
    formula = (
        f"{name} {format_exact_pence(amount)}, kept up to {format_percent(rate)} of {parameters.base} "
        f"{format_exact_pence(base)} = {format_exact_pence(rate * base)}"
    )
    more = {f"{parameters.id}.returned": amount - after + Fraction(0)}
    return passed_on(parameters, state, after, "Profit over the limit", formula, parameters.returned_to, more)


def in_words(parameters: Parameters, last: str, namer: Namer) -> str:
    """The term as one sentence."""
    limit = part_of(parameters.limit, namer(parameters.base), namer)
    return (
        f"Where {name_of(parameters, last, namer)} is a gain, the host keeps up to {limit} and returns the rest to "
        f"{namer(parameters.returned_to)}."
    )
