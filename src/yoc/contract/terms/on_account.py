"""`on_account`: takes off what the commissioner has already paid to the host in the year.

>>> from yoc.contract.terms.base import example
>>> line = apply(Parameters(id="paid", kind="on_account"), example(paid_on_account_pence=900)).lines[0]
>>> int(line.effect_on("HOST"))
-900
"""

from fractions import Fraction
from typing import Literal

from yoc.contract.terms.base import State, TermParameters, TermResult, line_of, paid_between
from yoc.contract.wording import Namer


class Parameters(TermParameters):
    """No parameters: the payments are an input of the plan."""

    kind: Literal["on_account"]


def apply(parameters: Parameters, state: State) -> TermResult:
    """The sum of the payments on account, set against what is due."""
    paid = state.position.paid_on_account_pence + Fraction(0)
    between = paid_between(state.position.host, state.commissioner, paid)
    line = line_of(
        parameters, "Paid on account", formula="payments already made in the year, set against what is due", **between
    )
    return TermResult((line,), {parameters.id: paid})


def in_words(parameters: Parameters, last: str, namer: Namer) -> str:  # noqa: ARG001 - every kind has this form
    """The term as one sentence."""
    return "What the commissioner has already paid the host in the year is taken off."
