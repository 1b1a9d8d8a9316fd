"""`activity_cost`: the value of in-scope care that the cohort received, which the host bears.

>>> from yoc.contract.terms.base import example
>>> cost = {"cost_pence": {"emergency": 700, "primary": 300}, "cost_by_provider_pence": {"TRUST": 1000}}
>>> line = apply(Parameters(id="cost", kind="activity_cost"), example(**cost)).lines[0]
>>> int(line.amount), line.payer, line.payee
(1000, 'HOST', 'ICB')
>>> from yoc.contract.position import BlockPart
>>> blocks = {"block_pence": {"gp": 100}, "block_parts": {"gp": BlockPart("gp", "primary", "£4.00 × stated share 25%")}}
>>> line = apply(Parameters(id="cost", kind="activity_cost"), example(**cost, **blocks)).lines[0]
>>> [(detail.label, int(detail.amount)) for detail in line.details]
[('Emergency', 700), ('Primary', 200), ('Block: gp', 100)]
>>> line = apply(Parameters(id="cost", kind="activity_cost"), example(**cost, host_pays_provider=True)).lines[0]
>>> {provider: int(pence) for provider, pence in line.payees.items()}
{'TRUST': 1000}
"""

from fractions import Fraction
from typing import Literal

from yoc.contract.position import Detail, Position
from yoc.contract.scope import SETTING_NAMES
from yoc.contract.terms.base import State, TermParameters, TermResult, line_of
from yoc.contract.wording import Namer


class Parameters(TermParameters):
    """No parameters of its own: price basis, scope and guards stand in the contract's `activity:`."""

    kind: Literal["activity_cost"]


def apply(parameters: Parameters, state: State) -> TermResult:
    """The host's cost by setting; paid to each provider, or to the commissioner who has paid them already."""
    position = state.position
    # Summed without a conversion, so that a study of the contract can follow the cost through.
    amount = sum(position.cost_pence.values(), Fraction(0))
    details = _details(position)
    if state.host_pays_provider:
        payees = {provider: Fraction(pence) for provider, pence in position.cost_by_provider_pence.items()}
        line = line_of(
            parameters,
            "Cost of care",
            amount,
            "priced activity of the host's people, paid to the providers",
            payer=position.host,
            payee="providers",
            payees=payees,
            details=details,
        )
    else:
        line = line_of(
            parameters,
            "Cost of care",
            amount,
            "priced activity of the host's people, which the commissioner has paid to the providers",
            payer=position.host,
            payee=state.commissioner,
            details=details,
        )
    return TermResult((line,), {parameters.id: amount})


def in_words(parameters: Parameters, last: str, namer: Namer) -> str:  # noqa: ARG001 - every kind has this form
    """The term as one sentence."""
    return "The host bears the cost of the care in scope that its people received."


def _details(position: Position) -> tuple[Detail, ...]:
    """The cost of each setting without its blocks, then each block apart."""
    in_blocks = dict.fromkeys(position.cost_pence, 0)
    for block, pence in position.block_pence.items():
        in_blocks[position.block_parts[block].setting] += pence
    lines = (
        Detail(SETTING_NAMES.get(setting, setting), Fraction(0) + pence - in_blocks[setting])
        for setting, pence in position.cost_pence.items()
    )
    blocks = (
        Detail(f"Block: {position.block_parts[block].title}", Fraction(pence), position.block_parts[block].formula)
        for block, pence in position.block_pence.items()
    )
    return (*lines, *blocks)
