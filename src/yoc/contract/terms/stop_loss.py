"""`stop_loss`: the part of a person's cost over a threshold, borne in a stated share by another party.

A person who cost £50,000 against a threshold of £30,000, with 80% borne by the commissioner, takes £16,000 off the
host:

>>> from fractions import Fraction
>>> from yoc.contract.terms.base import example
>>> term = Parameters(id="high_cost", kind="stop_loss", threshold="£30,000", share="80%", borne_by="ICB")
>>> line = apply(term, example(over_threshold_pence=Fraction(2_000_000))).lines[0]
>>> int(line.amount), line.payer, line.payee
(1600000, 'ICB', 'HOST')
"""

from typing import Literal

from yoc.contract.terms.base import State, TermParameters, TermResult, line_of
from yoc.contract.terms.base import share as share_for
from yoc.contract.values import PartyName, ShareValue
from yoc.contract.wording import Namer, begun, part_of, sum_in_words
from yoc.core.fields import Pence, YesNo
from yoc.core.money import format_exact_pence, format_pounds
from yoc.core.rates import format_percent


class Parameters(TermParameters):
    """A person's threshold a year, the share of what lies over it, and who bears that share.

    ``pro_rata`` takes the threshold down to the person's counted part of the year, rounded to the penny.
    ``decided_on`` says who is over: those whose year's total is (``year_total``), or those whose running total ever
    was (``running``). What is over is taken from the person's lines in date order, then by line id
    (``taken: in_date_order``), or from their lines above zero in proportion to each one's amount (``in_proportion``).
    """

    kind: Literal["stop_loss"]
    threshold: Pence
    """A person's cost in the year up to which the host bears all of it."""
    share: ShareValue
    """The share of what lies over it that another party bears."""
    borne_by: PartyName
    """The party that bears it."""
    pro_rata: YesNo = False
    """Whether the threshold goes down with the part of the year that the person counted for."""
    decided_on: Literal["year_total", "running"] = "year_total"
    """Whether the year's total decides, or the running total at any time."""
    taken: Literal["in_date_order", "in_proportion"] = "in_date_order"
    """Which of a person's lines lose what is over: the first to pass it, or all in proportion to their amounts."""

    def makes(self) -> tuple[str, ...]:
        """What is paid to the host, and what lay over the threshold."""
        return (self.id, f"{self.id}.over")

    def keeps_in_hand(self, in_hand: frozenset[str], last: str) -> frozenset[str]:  # noqa: ARG002 - as for every kind
        """What is borne for the host is paid to it."""
        return frozenset((self.id,))


def apply(parameters: Parameters, state: State) -> TermResult:
    """The stated share of the cost over the threshold, paid to the host by the party that bears it."""
    over = state.position.over_threshold_pence
    share = share_for(parameters, "share", state)
    amount = over * share
    formula = (
        f"{format_percent(share)} of {format_exact_pence(over)} over "
        f"{format_pounds(parameters.threshold)} a person{_said(parameters, 'their')}"
    )
    line = line_of(
        parameters,
        "Stop-loss",
        amount,
        formula,
        payer=state.party(parameters.borne_by),
        payee=state.position.host,
        inputs={"cost over the threshold": format_exact_pence(over)},
    )
    return TermResult((line,), {parameters.id: amount, f"{parameters.id}.over": over})


def in_words(parameters: Parameters, last: str, namer: Namer) -> str:  # noqa: ARG001 - every kind has this form
    """The term as one sentence."""
    what = f"what a person costs over {sum_in_words(parameters.threshold)} in the year"
    rata = (
        "; the threshold goes down with the part of the year for which the person counted"
        if parameters.pro_rata
        else ""
    )
    decided = {
        "year_total": "",
        "running": "; whoever was over it at any time in the year counts",
    }.get(parameters.decided_on, "")
    taken = (
        "; what is over is taken from the person's lines in proportion" if parameters.taken == "in_proportion" else ""
    )
    return f"{begun(namer(parameters.borne_by))} bears {part_of(parameters.share, what, namer)}{rata}{decided}{taken}."


def _said(parameters: Parameters, whose: str) -> str:
    """What a contract says of the threshold and of where what is over is taken from, where it says more than usual."""
    rata = f", pro rata to {whose} days" if parameters.pro_rata else ""
    return rata + (f", taken from {whose} lines in proportion" if parameters.taken == "in_proportion" else "")
