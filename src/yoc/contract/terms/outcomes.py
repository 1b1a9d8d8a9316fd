"""`outcomes`: a withhold from a named base, earned back by weighted indicator scores.

The share at risk can differ by contract year. £726m over five equal years with 0, 10, 10, 15 and 15 per cent at risk
puts £21.78m at risk in year 4 (the shape of the UnitingCare contract); a score of one half earns half of it back:

>>> from yoc.contract.terms.base import example
>>> from fractions import Fraction
>>> term = Parameters(id="outcomes", kind="outcomes", base="budget", weights={"wellbeing": "100%"},
...                   at_risk={"1": "0%", "2": "10%", "3": "10%", "4": "15%", "5": "15%"})
>>> state = example(contract_year=4, amounts={"budget": 14_520_000_000}, scores={"wellbeing": Fraction(1, 2)})
>>> amounts = apply(term, state).amounts
>>> int(amounts["outcomes.withheld"]), int(amounts["outcomes.earned"]), int(amounts["outcomes"])
(2178000000, 1089000000, -1089000000)
"""

from typing import Annotated, Literal

from pydantic import AfterValidator

from yoc.contract.position import Detail
from yoc.contract.terms.base import (
    PhasedShare,
    State,
    TermParameters,
    TermResult,
    base_amount,
    line_of,
    must_be_whole,
    weighted_score,
)
from yoc.core.fields import Name, Share
from yoc.core.money import format_exact_pence
from yoc.core.rates import format_decimal, format_percent


class Parameters(TermParameters):
    """The share of the base that is withheld, by contract year, and the weights of the indicators that earn it back."""

    kind: Literal["outcomes"]
    base: Name
    at_risk: PhasedShare
    weights: Annotated[dict[Name, Share], AfterValidator(must_be_whole("weights"))]

    def needs(self) -> tuple[str, ...]:
        """The base."""
        return (self.base,)

    def makes(self) -> tuple[str, ...]:
        """The net effect, what is withheld, what is earned back, and the weighted score."""
        return (self.id, *(f"{self.id}.{part}" for part in ("withheld", "earned", "score")))

    def indicators(self) -> tuple[str, ...]:
        """The weighted indicators."""
        return tuple(self.weights)


def apply(parameters: Parameters, state: State) -> TermResult:
    """Withhold the share at risk, and pay back what the scores earn."""
    position, base = state.position, base_amount(parameters, parameters.base, state)
    share = parameters.at_risk.in_year(position.contract_year)
    score = weighted_score(parameters.weights, position.scores)
    withheld, earned = base * share, base * share * score
    first = line_of(
        parameters,
        "Outcomes: withheld",
        withheld,
        f"{format_percent(share)} of {parameters.base} {format_exact_pence(base)}, "
        f"the share at risk in contract year {position.contract_year}",
        payer=position.host,
        payee=state.commissioner,
        suffix="withheld",
    )
    details = tuple(
        Detail(
            name,
            withheld * weight * position.scores[name],
            f"weight {format_percent(weight)} × score {format_decimal(position.scores[name], 6)}",
        )
        for name, weight in parameters.weights.items()
    )
    second = line_of(
        parameters,
        "Outcomes: earned back",
        earned,
        f"{format_exact_pence(withheld)} withheld × weighted score {format_decimal(score, 6)}",
        payer=state.commissioner,
        payee=position.host,
        suffix="earned",
        details=details,
    )
    amounts = {
        parameters.id: earned - withheld,
        f"{parameters.id}.withheld": withheld,
        f"{parameters.id}.earned": earned,
        f"{parameters.id}.score": score,
    }
    return TermResult((first, second), amounts)
