"""`balance`: the host's result so far, budget less cost, and its rate on a named base. Moves no money.

>>> from yoc.contract.terms.base import example
>>> state = example(amounts={"budget": 1000}, result=45)
>>> result = apply(Parameters(id="balance", kind="balance", base="budget"), state)
>>> int(result.amounts["balance"]), result.amounts["balance.rate"]
(45, Fraction(9, 200))

Where the host holds no budget, `of` and `less` say what is compared; the result is a figure that a later term pays:

>>> state = example(amounts={"benchmark": 1000, "spend": 900})
>>> result = apply(Parameters(id="saving", kind="balance", of="benchmark", less=["spend"]), state)
>>> int(result.amounts["saving"]), result.amounts["saving.rate"]
(100, Fraction(1, 10))
"""

from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, model_validator

from yoc.contract.terms.base import State, TermParameters, TermResult, line_of
from yoc.contract.values import Amount
from yoc.contract.wording import Namer, begun, listed
from yoc.core.money import format_exact_pence
from yoc.core.rates import format_decimal

OneOrMany = Amount | tuple[Amount, ...]
"""How a list of amounts may be written: one name stands for a list of one."""


def _one_or_many(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


class Parameters(TermParameters):
    """``base`` is the amount on which the balance is shown as a rate: the one that it is a balance of, unless named.

    Without ``of`` and ``less`` the balance is the host's result so far, which the host holds.
    """

    kind: Literal["balance"]
    base: Amount | None = None
    """The amount on which the balance is shown as a rate."""
    of: Amount | None = None
    """The amount that something is taken from, where the host holds no budget."""
    less: Annotated[tuple[Amount, ...], BeforeValidator(_one_or_many, json_schema_input_type=OneOrMany)] = ()
    """The amount, or amounts, taken from it."""

    @model_validator(mode="after")
    def _both_or_neither(self) -> "Parameters":
        if (self.of is None) != (not self.less):
            raise ValueError("`of` and `less` are given together, or neither is")
        if self.of is None and self.base is None:
            raise ValueError("say `base:`, the amount on which the balance is a rate")
        return self

    def makes(self) -> tuple[str, ...]:
        """The balance and its rate."""
        return (self.id, f"{self.id}.rate")

    def keeps_in_hand(self, in_hand: frozenset[str], last: str) -> frozenset[str]:  # noqa: ARG002 - as for every kind
        """A balance of the result so far is in the host's hands; a difference of two figures is not."""
        return frozenset() if self.of else frozenset((self.id,))

    def gives_on(self) -> bool:
        """A balance is what the next term works on."""
        return True


def apply(parameters: Parameters, state: State) -> TermResult:
    """Name the result of the terms so far, or the difference of named amounts."""
    base_name = str(parameters.base or parameters.of)
    base = state.amount(base_name)
    if parameters.of:
        balance = state.amount(parameters.of) - sum((state.amount(name) for name in parameters.less), Fraction(0))
        taken = ", ".join(f"{name} {format_exact_pence(state.amount(name))}" for name in parameters.less)
        formula = f"{parameters.of} {format_exact_pence(state.amount(parameters.of))} less {taken}"
    else:
        balance, formula = state.result, "the lines so far"
    rate = balance / base if base else Fraction(0)
    formula += f"; {format_decimal(rate * 100, 4)}% of {base_name} {format_exact_pence(base)}"
    line = line_of(parameters, "Balance", balance, formula)
    return TermResult((line,), {parameters.id: balance, f"{parameters.id}.rate": rate})


def in_words(parameters: Parameters, last: str, namer: Namer) -> str:  # noqa: ARG001 - every kind has this form
    """The term as one sentence."""
    own, rate = begun(namer(parameters.id)), ""
    if parameters.base and parameters.base != parameters.of:
        rate = f", also shown as a rate of {namer(parameters.base)}"
    if parameters.of:
        less = listed((namer(name) for name in parameters.less), "and less")
        return f"{own} is {namer(parameters.of)} less {less}{rate}."
    return f"{own} is what the terms so far leave the host{rate}."
