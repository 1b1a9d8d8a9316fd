"""`split`: divides a named amount among parties, to the penny; what is not the host's passes on from it.

£100.00 in three is 33.34, 33.33, 33.33: largest remainder, ties in the order of the contract.

>>> from yoc.contract.terms.base import example
>>> term = Parameters(id="partners", kind="split", on="earned", shares={"host": "1/3", "VC1": "1/3", "VC2": "1/3"})
>>> [(line.payee, int(line.amount)) for line in apply(term, example(amounts={"earned": 10000})).lines]
[('VC1', 3333), ('VC2', 3333)]
"""

from fractions import Fraction
from typing import Annotated, Literal

from pydantic import AfterValidator

from yoc.contract.terms.base import State, TermParameters, TermResult, line_of, must_be_whole, paid_between
from yoc.core.fields import Name, Share
from yoc.core.money import format_pounds, round_half_away, split_pence
from yoc.core.rates import format_percent


class Parameters(TermParameters):
    """The amount and each party's share of it; ``host`` stands for the host whose statement it is."""

    kind: Literal["split"]
    on: Name
    shares: Annotated[dict[Name, Share], AfterValidator(must_be_whole("shares"))]

    def needs(self) -> tuple[str, ...]:
        """The amount that is divided."""
        return (self.on,)

    def makes(self) -> tuple[str, ...]:
        """What passes on in all, and each party's part."""
        return (self.id, *(f"{self.id}.{party}" for party in self.shares))

    def parties(self) -> tuple[str, ...]:
        """The parties other than the host."""
        return tuple(party for party in self.shares if party != "host")


def apply(parameters: Parameters, state: State) -> TermResult:
    """Whole pence for each party that sum to the amount, rounded once."""
    whole = round_half_away(state.amounts[parameters.on])
    parts = dict(zip(parameters.shares, split_pence(whole, list(parameters.shares.values())), strict=True))
    amounts = {f"{parameters.id}.{party}": Fraction(pence) for party, pence in parts.items()}
    lines = []
    for party, pence in parts.items():
        if party in ("host", state.position.host):
            continue
        formula = f"{format_percent(parameters.shares[party])} of {parameters.on} {format_pounds(whole)}"
        between = paid_between(state.position.host, party, Fraction(pence))
        lines.append(
            line_of(
                parameters, parameters.title or f"Share of {parameters.on}", formula=formula, suffix=party, **between
            )
        )
    amounts[parameters.id] = sum((line.effect_on(state.position.host) for line in lines), Fraction(0))
    return TermResult(tuple(lines), amounts)
