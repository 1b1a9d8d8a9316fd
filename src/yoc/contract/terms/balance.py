"""`balance`: the host's result so far, budget less cost, and its rate on a named base. Moves no money.

>>> from yoc.contract.terms.base import example
>>> state = example(amounts={"budget": 1000}, result=45)
>>> result = apply(Parameters(id="balance", kind="balance", base="budget"), state)
>>> int(result.amounts["balance"]), result.amounts["balance.rate"]
(45, Fraction(9, 200))
"""

from fractions import Fraction
from typing import Literal

from yoc.contract.terms.base import State, TermParameters, TermResult, line_of
from yoc.core.fields import Name
from yoc.core.money import format_exact_pence
from yoc.core.rates import format_decimal


class Parameters(TermParameters):
    """``base`` is the amount on which the balance is shown as a rate."""

    kind: Literal["balance"]
    base: Name

    def needs(self) -> tuple[str, ...]:
        """The base."""
        return (self.base,)

    def makes(self) -> tuple[str, ...]:
        """The balance and its rate."""
        return (self.id, f"{self.id}.rate")


def apply(parameters: Parameters, state: State) -> TermResult:
    """Name the result of the terms so far."""
    base = state.amounts[parameters.base]
    rate = state.result / base if base else Fraction(0)
    formula = f"the lines so far; {format_decimal(rate * 100, 4)}% of {parameters.base} {format_exact_pence(base)}"
    line = line_of(parameters, "Balance", state.result, formula)
    return TermResult((line,), {parameters.id: state.result, f"{parameters.id}.rate": rate})
