"""`carry`: brings a balance from last year and takes one to the next.

A loss of £30 brought in meets a gain of £20: nothing is payable, and a loss of £10 goes on. Next year it meets £25:

>>> from yoc.contract.terms.base import example
>>> term = Parameters(id="net", kind="carry", brought_in="last_year", carried="losses")
>>> result = apply(term, example(amounts={"gain": 20, "last_year": -30}))
>>> int(result.amounts["net"]), int(result.amounts["net.carried"])
(0, -10)
>>> result = apply(term, example(amounts={"gain": 25, "last_year": -10}))
>>> int(result.amounts["net"]), int(result.amounts["net.carried"])
(15, 0)

Where only a part can be paid now, the rest goes on (12.6% of what was due was paid in the United States in 2014):

>>> term = Parameters(id="paid", kind="carry", carried="gains", carried_share="87.4%")
>>> int(apply(term, example(amounts={"due": 1000})).amounts["paid"])
126
"""

from fractions import Fraction
from typing import Literal

from yoc.contract.terms.base import (
    Adjusting,
    State,
    TermResult,
    name_of,
    not_below_nothing,
    passed_on,
    share,
    taken_on,
)
from yoc.contract.values import NumberValue, ShareValue, SumValue, plain
from yoc.contract.wording import Namer, begun, part_of, worded
from yoc.core.money import format_exact_pence
from yoc.core.rates import format_percent


class Parameters(Adjusting):
    """What is brought in (below zero: a loss), which side is carried on, what share of it, and how much at most.

    What is not carried on is payable now.
    """

    kind: Literal["carry"]
    brought_in: NumberValue = plain("0")
    """What comes from last year; below zero where it is a loss."""
    carried: Literal["losses", "gains", "both"]
    """Which side goes on to the next year."""
    carried_share: ShareValue = plain("100%")
    """What share of it goes on; all of it unless said."""
    at_most: SumValue | None = None
    """The most that goes on."""

    def makes(self) -> tuple[str, ...]:
        """What is payable, the change, what was brought in, and what goes on to the next year."""
        return (self.id, f"{self.id}.change", f"{self.id}.brought_in", f"{self.id}.carried")


def apply(parameters: Parameters, state: State) -> TermResult:
    """The amount with what was brought in, less what goes on."""
    name, amount = taken_on(parameters, state)
    brought_in = parameters.brought_in.of(state)
    total = amount + brought_in
    side = "gains" if total >= 0 else "losses"
    part = share(parameters, "carried_share", state) if parameters.carried in (side, "both") else Fraction(0)
    size = abs(total) * part
    if parameters.at_most is not None:
        most = parameters.at_most.of(state)
        size = min(size, not_below_nothing(parameters, "the most that goes on", most, format_exact_pence(most)))
    carried = size if total >= 0 else -size
    after = total - carried
    formula = (
        f"{name} {format_exact_pence(amount)} and {format_exact_pence(brought_in)} brought in; "
        f"{format_exact_pence(carried)} goes on to the next year"
    )
    formula += f" ({format_percent(part)} of it)" if part not in (0, 1) else ""
    more = {f"{parameters.id}.brought_in": brought_in, f"{parameters.id}.carried": carried}
    return passed_on(parameters, state, after, "After what is carried", formula, more=more)


def in_words(parameters: Parameters, last: str, namer: Namer) -> str:
    """The term as one sentence."""
    name = name_of(parameters, last, namer)
    side = {"both": "it", "gains": "a gain", "losses": "a loss"}[parameters.carried]
    whole = parameters.carried_share == plain("100%")
    what = side if whole else part_of(parameters.carried_share, side, namer)
    most = f", up to {worded(parameters.at_most, namer)}," if parameters.at_most is not None else ""
    if not whole or most:
        rest = "the rest is payable now"
    else:
        rest = {"both": "nothing is payable now", "gains": "a loss is payable now", "losses": "a gain is payable now"}[
            parameters.carried
        ]
    start = f"of {name}" if parameters.carried != "both" else f"of all of {name}"
    if parameters.brought_in != plain("0"):
        brought_in = worded(parameters.brought_in, namer)
        start = f"{brought_in}, brought in from last year, is added to {name}; of what comes of it"
    return f"{begun(start)}, {what}{most} goes on to the next year, and {rest}."
