"""`block`: a fixed amount, whatever the activity.

>>> from yoc.contract.terms.base import example
>>> term = Parameters(id="core", kind="block", value={"1": "£2m", "2": "£2.1m"})
>>> line = apply(term, example(contract_year=2)).lines[0]
>>> int(line.amount), line.payer, line.payee
(210000000, 'ICB', 'HOST')
"""

from typing import Literal

from yoc.contract.terms.base import State, TermParameters, TermResult, line_of, paid_between
from yoc.contract.values import PartyCode, PartyName, SumValue
from yoc.contract.wording import Namer, begun, sum_of_money


class Parameters(TermParameters):
    """The value of the year, who pays it and who is paid; from the commissioner to the host unless said."""

    kind: Literal["block"]
    value: SumValue
    """The value of the year."""
    paid_by: PartyName = PartyCode("commissioner")
    """Who pays; the commissioner unless named."""
    paid_to: PartyName = PartyCode("host")
    """Who is paid; the host unless named."""

    def keeps_in_hand(self, in_hand: frozenset[str], last: str) -> frozenset[str]:  # noqa: ARG002 - as for every kind
        """What is paid to the host is in its hands."""
        return frozenset((self.id,)) if self.paid_to == "host" else frozenset()


def apply(parameters: Parameters, state: State) -> TermResult:
    """The value, paid once."""
    value = parameters.value.of(state)
    between = paid_between(state.party(parameters.paid_by), state.party(parameters.paid_to), value)
    line = line_of(parameters, "Block", formula="a fixed amount, whatever the activity", **between)
    return TermResult((line,), {parameters.id: value})


def in_words(parameters: Parameters, last: str, namer: Namer) -> str:  # noqa: ARG001 - every kind has this form
    """The term as one sentence."""
    value = sum_of_money(parameters.value, namer, "fixed")
    paid_by, paid_to = begun(namer(parameters.paid_by)), namer(parameters.paid_to)
    return f"{paid_by} pays {paid_to} {value} for the year, whatever the activity."
