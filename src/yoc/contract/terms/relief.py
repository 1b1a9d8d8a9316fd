"""`relief`: reduces a loss by stated shares or a sum, never below nothing. A gain is not touched.

Half of the year and 40% of the people were struck by an emergency: a loss of £100 becomes £80.

>>> from yoc.contract.terms.base import example
>>> term = Parameters(id="relieved", kind="relief", shares=["1/2", "40%"])
>>> [int(apply(term, example(amounts={"loss": pence})).amounts["relieved"]) for pence in (-100, 100)]
[-80, 100]
>>> term = Parameters(id="relieved", kind="relief", sum="agreed")
>>> [int(apply(term, example(amounts={"loss": -100, "agreed": pence})).amounts["relieved"]) for pence in (30, 130)]
[-70, 0]
"""

from fractions import Fraction
from typing import Literal

from pydantic import model_validator

from yoc.contract.terms.base import Adjusting, State, TermError, TermResult, name_of, passed_on, taken_on
from yoc.contract.values import ShareValue, SumValue, ValueProblem, share_of
from yoc.contract.wording import Namer, is_said_at_once, part_of, worded
from yoc.core.money import format_exact_pence
from yoc.core.rates import format_percent


class Parameters(Adjusting):
    """The shares, multiplied, by which a loss is reduced; or the sum."""

    kind: Literal["relief"]
    shares: tuple[ShareValue, ...] = ()
    """The shares, multiplied, by which a loss is reduced."""
    sum: SumValue | None = None
    """The sum by which a loss is reduced."""

    @model_validator(mode="after")
    def _one_form(self) -> "Parameters":
        if bool(self.shares) == (self.sum is not None):
            raise ValueError("relief is by `shares` or by a `sum`")
        return self


def apply(parameters: Parameters, state: State) -> TermResult:
    """The loss less its relief."""
    _, amount = taken_on(parameters, state)
    if amount >= 0:
        return passed_on(parameters, state, amount, "Relief", "no loss to relieve")
    if parameters.sum is not None:
        relief = parameters.sum.of(state)
        if relief < 0:
            raise TermError(f"term `{parameters.id}`: a relief of {format_exact_pence(relief)} would add to the loss")
        said = format_exact_pence(relief)
    else:
        part = Fraction(1)
        try:
            for value in parameters.shares:
                part *= share_of(value, state)
        except ValueProblem as problem:
            raise TermError(f"term `{parameters.id}`: {problem}") from None
        relief, said = -amount * part, f"{format_percent(part)} of it"
    after = min(amount + relief, Fraction(0))
    formula = f"loss of {format_exact_pence(-amount)} less relief of {said}"
    return passed_on(parameters, state, after, "Relief", formula)


def in_words(parameters: Parameters, last: str, namer: Namer) -> str:
    """The term as one sentence."""
    if parameters.sum is not None:
        by = worded(parameters.sum, namer)
    elif len(parameters.shares) == 1:
        by = part_of(parameters.shares[0], "it", namer)
    else:
        shares = [
            worded(value, namer) if is_said_at_once(value) else f"({worded(value, namer)})"
            for value in parameters.shares
        ]
        by = f"{' × '.join(shares)} of it"
    return f"Where {name_of(parameters, last, namer)} is a loss, it is reduced by {by}, at most to nothing."
