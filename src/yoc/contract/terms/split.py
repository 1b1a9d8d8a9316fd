"""`split`: divides a named amount among parties, to the penny; what is not the host's passes on from it.

£100.00 in three is 33.34, 33.33, 33.33: largest remainder, ties in the order of the contract.

>>> from yoc.contract.terms.base import example
>>> term = Parameters(id="partners", kind="split", on="earned", shares={"host": "1/3", "VC1": "1/3", "VC2": "1/3"})
>>> [(line.payee, line.amount) for line in apply(term, example(amounts={"earned": 10000}, in_hand=True)).lines]
[('VC1', Fraction(10000, 3)), ('VC2', Fraction(10000, 3))]

The amounts stay exact; each line becomes whole pence when it is entered, so that all parts add to the whole. An amount
that the host does not hold is divided by the commissioner, whose own part stays with it:

>>> term = Parameters(id="gain", kind="split", on="pool", shares={"commissioner": "50%", "host": "30%", "VC1": "20%"})
>>> state = example(amounts={"pool": 40_000_000})
>>> [(line.payer, line.payee, int(line.amount)) for line in apply(term, state).lines]
[('ICB', 'HOST', 12000000), ('ICB', 'VC1', 8000000)]
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import AfterValidator

from yoc.contract.position import Portion
from yoc.contract.terms.base import (
    Adjusting,
    State,
    TermResult,
    line_of,
    must_be_whole,
    paid_between,
    taken_on,
)
from yoc.contract.values import PartyCode, PartyName
from yoc.contract.wording import Namer, begun, is_held, listed
from yoc.core.fields import Name, Share
from yoc.core.money import format_exact_pence
from yoc.core.rates import format_percent

Shares = Annotated[dict[Name, Share], AfterValidator(must_be_whole("shares"))]


class Parameters(Adjusting):
    """Each party's share of the amount; ``host`` and ``commissioner`` stand for those of the settlement.

    ``loss_shares`` are the shares of a loss where they differ: a party that bears none has 0%. ``paid_by`` is who holds
    the amount: the host where its result holds it, else the commissioner.
    """

    kind: Literal["split"]
    shares: Shares
    """Each party's share; they add to 100%."""
    loss_shares: Shares | None = None
    """Each party's share of a loss, where it differs."""
    paid_by: PartyName | None = None
    """Who holds the amount: the host where its result holds it, else the commissioner."""

    def makes(self) -> tuple[str, ...]:
        """What the split does to the host, and each party's part."""
        return (self.id, *(f"{self.id}.{party}" for party in (*self.shares, *self.extra_parties())))

    def extra_parties(self) -> tuple[str, ...]:
        """Parties that only share in a loss."""
        return tuple(party for party in self.loss_shares or () if party not in self.shares)

    def named_parties(self) -> tuple[PartyCode, ...]:
        """The parties whose shares are given."""
        return tuple(PartyCode(party) for party in (*self.shares, *self.extra_parties()))

    def keeps_in_hand(self, in_hand: frozenset[str], last: str) -> frozenset[str]:  # noqa: ARG002 - as for every kind
        """What is divided is no longer one amount."""
        return frozenset()

    def gives_on(self) -> bool:
        """What is divided is no longer one amount."""
        return False


def apply(parameters: Parameters, state: State) -> TermResult:
    """Exact parts of the amount; the lines that move them become whole pence together."""
    name, whole = taken_on(parameters, state)
    shares = parameters.loss_shares if whole < 0 and parameters.loss_shares is not None else parameters.shares
    holder = state.party(str(parameters.paid_by or ("host" if name in state.in_hand else "commissioner")))
    amounts = {made: Fraction(0) for made in parameters.makes()}
    lines = []
    for place, (party, share) in enumerate(shares.items()):
        part = whole * share
        amounts[f"{parameters.id}.{party}"] = part
        if state.party(party) == holder:
            continue
        formula = f"{format_percent(share)} of {name} {format_exact_pence(whole)}"
        between = paid_between(holder, state.party(party), part)
        label = parameters.title or f"Share of {name}"
        portion = Portion(whole, tuple(shares.values()), place)
        lines.append(line_of(parameters, label, formula=formula, suffix=party, portion=portion, **between))
    amounts[parameters.id] = sum((line.effect_on(state.position.host) for line in lines), Fraction(0))
    return TermResult(tuple(lines), amounts)


def in_words(parameters: Parameters, last: str, namer: Namer) -> str:
    """The term as one sentence."""
    name = parameters.works_on(last)
    parts = listed(_parts_in_words(parameters.shares, "to", namer), comma=";")
    holder = namer(parameters.paid_by or PartyCode("host" if is_held(name, namer) else "commissioner"))
    holds = ", which holds it," if is_held(name, namer) and str(parameters.paid_by or "host") == "host" else ""
    if parameters.loss_shares is None:
        loss = f"Of a loss each of them pays {holder} its part."
    else:
        borne = listed(_parts_in_words(parameters.loss_shares, "by", namer), comma=";")
        loss = f"A loss is borne {borne}; the others pay {holder} what they bear."
    pays = f"{begun(holder)}{holds} pays each of the others its part."
    return f"{begun(namer(name))} is divided to the penny: {parts}. {pays} {loss}"


def _parts_in_words(shares: Mapping[str, Fraction], to: str, namer: Namer) -> Iterator[str]:
    for party, share in shares.items():
        yield f"{format_percent(share)} {to} {namer(PartyCode(party))}"
