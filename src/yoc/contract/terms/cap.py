"""`cap`: the limit on a gain or a loss: the lowest of several, each a rate of a named base or a sum.

>>> from yoc.contract.terms.base import example
>>> term = Parameters(id="capped", kind="cap", gain=[{"rate": "10%", "of": "benchmark"}],
...                   loss=[{"rate": "2%", "of": "benchmark"}, {"rate": "4%", "of": "revenue"}, {"sum": "£5"}])
>>> base = {"benchmark": 10000, "revenue": 4000}
>>> [int(apply(term, example(amounts={"shared": pence, **base})).amounts["capped"]) for pence in (1200, 900, -300, -90)]
[1000, 900, -160, -90]

A limit may hold only under a condition, as one on a revenue that is not always known:

>>> term = Parameters(id="capped", kind="cap", loss=[{"rate": "4%", "of": "benchmark"},
...                   {"rate": "8%", "of": "revenue", "when": {"given": "revenue"}}])
>>> for known in ({"benchmark": 10000, "revenue": 4000}, {"benchmark": 10000}):
...     int(apply(term, example(amounts={"shared": -900, **known})).amounts["capped"])
-320
-400
"""

from fractions import Fraction
from typing import Literal

from pydantic import model_validator

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
from yoc.contract.values import Amount, Condition, RateValue, SumValue, holds
from yoc.contract.wording import Namer, condition_in_words, listed, part_of, worded
from yoc.core.fields import Model
from yoc.core.money import format_exact_pence
from yoc.core.rates import format_percent


class Limit(Model):
    """A limit: a rate of a named amount, or a sum."""

    rate: RateValue | None = None
    """The limit as a rate."""
    of: Amount | None = None
    """The amount that it is a rate of."""
    sum: SumValue | None = None
    """The limit as a sum."""
    when: Condition | None = None
    """The condition under which it counts; always unless said."""

    @model_validator(mode="after")
    def _one_form(self) -> "Limit":
        if (self.rate is None) != (self.of is None) or (self.rate is None) == (self.sum is None):
            raise ValueError("a limit is a `rate` and what it is a rate `of`, or a `sum`")
        return self


class Parameters(Adjusting):
    """The limits on a gain and on a loss; a side without any is not limited."""

    kind: Literal["cap"]
    gain: tuple[Limit, ...] = ()
    """The limits on a gain; the lowest counts."""
    loss: tuple[Limit, ...] = ()
    """The limits on a loss; the lowest counts."""
    both: tuple[Limit, ...] = ()
    """The limits on a gain and on a loss alike; they count beside those of either."""

    @model_validator(mode="after")
    def _some_limit(self) -> "Parameters":
        if not self.gain and not self.loss and not self.both:
            raise ValueError("a cap limits a `gain`, a `loss`, or both")
        return self


def lowest(parameters: Parameters, limits: tuple[Limit, ...], state: State) -> tuple[Fraction, str]:
    """The lowest of the limits, and how it came about."""
    sizes = []
    for limit in limits:
        if limit.rate is not None:
            rate, base = limit.rate.of(state), base_amount(parameters, str(limit.of), state)
            sizes.append((rate * base, f"{format_percent(rate)} of {limit.of} {format_exact_pence(base)}"))
        elif limit.sum is not None:
            sizes.append((limit.sum.of(state), "a stated sum"))
    least, said = min(sizes, key=lambda size: size[0])
    # A limit under nothing would turn a gain into a loss.
    return not_below_nothing(parameters, "the limit", least, format_exact_pence(least)), said


def apply(parameters: Parameters, state: State) -> TermResult:
    """The amount within its limits."""
    name, amount = taken_on(parameters, state)
    side, word = (parameters.gain, "gain") if amount >= 0 else (parameters.loss, "loss")
    limits = tuple(limit for limit in (*side, *parameters.both) if limit.when is None or holds(limit.when, state))
    if not limits:
        return passed_on(parameters, state, amount, f"Cap on {word}", f"no limit on a {word}")
    limit, said = lowest(parameters, limits, state)
    after = min(amount, limit) if amount >= 0 else max(amount, -limit)
    formula = f"{name} {format_exact_pence(amount)}, at most {format_exact_pence(limit)} ({said})"
    return passed_on(parameters, state, after, f"Cap on {word}", formula)


def limits_in_words(limits: tuple[Limit, ...], namer: Namer) -> str:
    """The limits of one side, of which the lowest counts."""
    said = [
        (worded(limit.sum, namer) if limit.sum is not None else part_of(limit.rate, namer(str(limit.of)), namer))
        + (f" (where {condition_in_words(limit.when, namer)})" if limit.when is not None else "")
        for limit in limits
    ]
    return said[0] if len(said) == 1 else f"the lowest of {listed(said)}"


def in_words(parameters: Parameters, last: str, namer: Namer) -> str:
    """The term as one sentence."""
    name = name_of(parameters, last, namer)
    sides = ((*side, *parameters.both) for side in (parameters.gain, parameters.loss))
    gain, loss = (limits_in_words(limits, namer) if limits else "" for limits in sides)
    if gain == loss:
        return f"Whether {name} is a gain or a loss, it is at most {gain}."
    if gain and loss:
        return f"Where {name} is a gain, it is at most {gain}; where it is a loss, at most {loss}."
    return f"Where {name} is {f'a gain, it is at most {gain}' if gain else f'a loss, it is at most {loss}'}."
