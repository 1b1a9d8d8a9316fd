"""`gate`: the least rate of gain or loss before anything is shared, tested on exact values.

A saving of £45 on £1,000 against a gate of 1%: all of it is shared (`first_pound`), or what lies beyond £10:

>>> from yoc.contract.terms.base import example
>>> state = example(amounts={"saving": 45, "baseline": 1000})
>>> gate = {"id": "gated", "kind": "gate", "base": "baseline", "minimum": "1%", "test": "at_least"}
>>> int(apply(Parameters(**gate, style="first_pound"), state).amounts["gated"])
45
>>> int(apply(Parameters(**gate, style="excess_only"), state).amounts["gated"])
35

Below the gate nothing goes on, or a stated share of a gain for those who qualify:

>>> small = example(amounts={"saving": 8, "baseline": 1000, "low_revenue": 1})
>>> below = {"when": "low_revenue", "then": "50%", "otherwise": "0%"}
>>> int(apply(Parameters(**gate, style="first_pound", below=below), small).amounts["gated"])
4
"""

from fractions import Fraction
from typing import Literal

from yoc.contract.terms.base import (
    Adjusting,
    State,
    TermResult,
    base_amount,
    line_of,
    name_of,
    not_below_nothing,
    share,
    taken_on,
)
from yoc.contract.values import Amount, RateValue, ShareValue, plain
from yoc.contract.wording import Namer, listed, part_of, worded
from yoc.core.money import format_exact_pence
from yoc.core.rates import format_percent


class Parameters(Adjusting):
    """The least rate of the base for a gain and, where it differs, for a loss; how it is tested; what is shared then.

    ``style``: `first_pound` shares the whole once it has passed, `excess_only` what lies beyond the gate.
    ``below``: the share of a gain that goes on although it has not passed; ``below_loss`` likewise of a loss.
    """

    kind: Literal["gate"]
    base: Amount
    """The amount of which the gate is a rate."""
    minimum: RateValue
    """The least rate of a gain, and of a loss unless said."""
    minimum_loss: RateValue | None = None
    """The least rate of a loss, where it differs."""
    test: Literal["at_least", "more_than"]
    """Whether the rate itself passes (at_least) or not (more_than)."""
    style: Literal["first_pound", "excess_only"]
    """first_pound: all of it is shared once it has passed. excess_only: what lies beyond the gate."""
    below: ShareValue = plain("0%")
    """The share of a gain that goes on although it has not passed; none unless said."""
    below_loss: ShareValue = plain("0%")
    """The share of a loss that goes on although it has not passed; none unless said."""

    side: Literal["both", "gain", "loss"] = "both"
    """Which side can pass at all: of a one-sided contract, only a gain."""

    def makes(self) -> tuple[str, ...]:
        """What is to be shared, the least rate that was asked, and whether it was reached (1 or 0)."""
        return (self.id, f"{self.id}.minimum", f"{self.id}.passed")


def apply(parameters: Parameters, state: State) -> TermResult:
    """The part of the amount that is to be shared. Moves no money: what is held back stays where it is."""
    name, amount = taken_on(parameters, state)
    base = base_amount(parameters, parameters.base, state)
    loss = amount < 0
    chosen = parameters.minimum_loss if loss and parameters.minimum_loss is not None else parameters.minimum
    minimum = chosen.of(state)
    not_below_nothing(parameters, "the least rate", minimum, format_percent(minimum))
    size, least = abs(amount), minimum * base
    passed = size >= least if parameters.test == "at_least" else size > least
    if parameters.side not in ("both", "loss" if loss else "gain"):
        passed, shared, said = False, Fraction(0), f"a {'loss' if loss else 'gain'} is not shared"
    elif passed:
        shared = size - least if parameters.style == "excess_only" else size
        said = "passed" + (
            f": what lies beyond {format_exact_pence(least)}" if parameters.style == "excess_only" else ""
        )
    else:
        part = share(parameters, "below_loss" if loss else "below", state)
        shared = size * part
        said = "not passed" + (f": {format_percent(part)} goes on" if part else "")
    after = -shared if loss else shared
    formula = (
        f"{name} {format_exact_pence(amount)} against {format_percent(minimum)} of {parameters.base} "
        f"{format_exact_pence(base)} = {format_exact_pence(least)}: {said}"
    )
    amounts = {
        parameters.id: after,
        f"{parameters.id}.minimum": minimum,
        f"{parameters.id}.passed": Fraction(passed),
    }
    return TermResult((line_of(parameters, "To be shared", after, formula),), amounts)


def in_words(parameters: Parameters, last: str, namer: Namer) -> str:
    """The term as one sentence."""
    name, base = name_of(parameters, last, namer), namer(parameters.base)
    test = "at least" if parameters.test == "at_least" else "more than"
    loss = ""
    if parameters.minimum_loss is not None:
        loss = f" (where it is a loss, {test} {part_of(parameters.minimum_loss, base, namer)})"
    style = "all of it is shared" if parameters.style == "first_pound" else "what lies beyond that is shared"
    goes_on = [
        f"{worded(share, namer)} of a {side} is"
        for share, side in ((parameters.below, "gain"), (parameters.below_loss, "loss"))
        if share != plain("0%") and parameters.side in ("both", side)
    ]
    least = part_of(parameters.minimum, base, namer)
    passes = {
        "both": f"{name}, gain or loss, is {test} {least}{loss}",
        "gain": f"{name} is a gain of {test} {least}",
        "loss": f"{name} is a loss of {test} {part_of(parameters.minimum_loss or parameters.minimum, base, namer)}",
    }[parameters.side]
    return f"Where {passes}, {style}; otherwise {listed(goes_on) or 'nothing is'}."
