"""`figure`: a named amount worked out of others, shown on the statement. Moves no money.

A benchmark on which only the larger of two adjustments counts:

>>> from yoc.contract.terms.base import example
>>> term = Parameters(id="benchmark", kind="figure",
...                   value={"add": ["historical", {"largest": ["regional", "prior_savings", "£0"]}]})
>>> state = example(amounts={"historical": 1000, "regional": -5, "prior_savings": 20})
>>> int(apply(term, state).amounts["benchmark"])
1020
"""

from typing import Literal

from yoc.contract.terms.base import State, TermParameters, TermResult, line_of
from yoc.contract.values import NumberValue
from yoc.contract.wording import Namer, begun, defined, plainly, worded


class Parameters(TermParameters):
    """The value, and whether it is a sum of money or a plain number or rate."""

    kind: Literal["figure"]
    value: NumberValue
    """How the amount is worked out."""
    unit: Literal["money", "number"] = "money"
    """money: a sum with a line on the statement. number: a number or rate, only named."""

    def is_number(self, name: str) -> bool:  # noqa: ARG002 - as for every kind
        """A figure is what its unit says."""
        return self.unit == "number"

    def gives_on(self) -> bool:
        """A sum of money is what the next term works on."""
        return self.unit == "money"


def apply(parameters: Parameters, state: State) -> TermResult:
    """The value; a sum of money gets a line of its own, a number is only named."""
    value = parameters.value.of(state)
    if parameters.unit == "number":
        return TermResult((), {parameters.id: value})
    line = line_of(parameters, plainly(parameters.id).capitalize(), value, worded(parameters.value))
    return TermResult((line,), {parameters.id: value})


def in_words(parameters: Parameters, last: str, namer: Namer) -> str:  # noqa: ARG001 - every kind has this form
    """The term as one sentence."""
    return defined(begun(namer(parameters.id)), parameters.value, namer)
