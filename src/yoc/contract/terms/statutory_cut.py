"""`statutory_cut`: a percentage taken from gains, or from both, of the result or of the gross.

>>> from yoc.contract.terms.base import example
>>> term = Parameters(id="after_cut", kind="statutory_cut", rate="2%", taken_from="gains")
>>> [int(apply(term, example(amounts={"share": pence})).amounts["after_cut"]) for pence in (1000, -1000)]
[980, -1000]

Of the gross: 2% of a gross of £15.00 off a share of £10.00. From both, a loss grows:

>>> term = Parameters(id="after_cut", kind="statutory_cut", rate="2%", taken_from="both", of="gross")
>>> state = example(amounts={"share": 1000, "gross": 1500})
>>> int(apply(term, state).amounts["after_cut"])
970
"""

from typing import Literal

from yoc.contract.terms.base import Adjusting, State, TermResult, name_of, passed_on, share, taken_on
from yoc.contract.values import Amount, ShareValue
from yoc.contract.wording import Namer, begun, part_of
from yoc.core.money import format_exact_pence
from yoc.core.rates import format_percent


class Parameters(Adjusting):
    """The rate, whether losses bear it too, and the amount that it is a rate of: the one worked on unless named."""

    kind: Literal["statutory_cut"]
    rate: ShareValue
    """The rate that is taken."""
    taken_from: Literal["gains", "both"]
    """gains, or both gains and losses."""
    of: Amount | None = None
    """The amount that it is a rate of; the one worked on unless named."""


def apply(parameters: Parameters, state: State) -> TermResult:
    """The amount less the cut."""
    name, amount = taken_on(parameters, state)
    if amount == 0 or (amount < 0 and parameters.taken_from == "gains"):
        return passed_on(parameters, state, amount, "Statutory cut", "taken from gains only")
    rate = share(parameters, "rate", state)
    whole_name = str(parameters.of or name)
    whole = abs(state.amount(whole_name))
    formula = (
        f"{format_percent(rate)} of {whole_name} {format_exact_pence(whole)} taken from {format_exact_pence(amount)}"
    )
    return passed_on(parameters, state, amount - rate * whole, "Statutory cut", formula)


def in_words(parameters: Parameters, last: str, namer: Namer) -> str:
    """The term as one sentence."""
    name = name_of(parameters, last, namer)
    if parameters.taken_from == "gains":
        cut = part_of(parameters.rate, namer(str(parameters.of)) if parameters.of else "it", namer)
        return f"Where {name} is a gain, {cut} is taken off by statute."
    cut = part_of(parameters.rate, namer(str(parameters.of)) if parameters.of else name, namer)
    off = f" off {name}" if parameters.of else ""
    which = "that" if parameters.of else "it"
    return f"{begun(cut)} is taken{off or ' off'} by statute, whether {which} is a gain or a loss."
