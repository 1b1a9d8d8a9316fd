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

Where prices were published again, the cost is shown at the prices first charged, with a line for each time after it.

>>> import datetime as dt
>>> from yoc.contract.position import PriceReissue
>>> again = PriceReissue("book v2", dt.date(2026, 6, 27), dt.date(2026, 4, 1), {"emergency": 50}, {"TRUST": 50})
>>> result = apply(Parameters(id="cost", kind="activity_cost"), example(**cost, price_reissues=(again,)))
>>> [(line.label, int(line.amount)) for line in result.lines]
[('Cost of care', 950), ('Prices re-issued on 27 June 2026, from 1 April 2026', 50)]
>>> int(result.amounts["cost"])
1000
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

from yoc.contract.position import Detail, Line, Position, PriceReissue
from yoc.contract.scope import SETTING_NAMES
from yoc.contract.terms.base import State, TermParameters, TermResult, line_of
from yoc.contract.wording import Namer, day_in_words


class Parameters(TermParameters):
    """No parameters of its own: price basis, scope and guards stand in the contract's `activity:`."""

    kind: Literal["activity_cost"]


def apply(parameters: Parameters, state: State) -> TermResult:
    """The host's cost by setting; paid to each provider, or to the commissioner who has paid them already.

    The amount that the term makes is the cost at the prices that hold now. Its first line is at the prices first
    charged, and a line for each re-issue comes after it; together they are the amount.
    """
    position = state.position
    # Summed without a conversion, so that a study of the contract can follow the cost through.
    amount = sum(position.cost_pence.values(), Fraction(0))
    again = position.price_reissues
    first = amount - sum(reissue.pence for reissue in again)
    care = "priced activity of the host's people" + (", at the prices first published" if again else "")
    by_provider = _before(position.cost_by_provider_pence, [reissue.pence_by_provider for reissue in again])
    lines = [_line(parameters, state, "Cost of care", first, care, by_provider, _details(position))]
    lines += [_reissue_line(parameters, state, number, reissue) for number, reissue in enumerate(again, 1)]
    return TermResult(tuple(lines), {parameters.id: amount})


def _line(
    parameters: Parameters,
    state: State,
    label: str,
    amount: Fraction,
    formula: str,
    by_provider: Mapping[str, Fraction],
    details: tuple[Detail, ...],
    suffix: str = "",
) -> Line:
    """One line of cost, to whom the contract has it paid."""
    host = state.position.host
    if state.host_pays_provider:
        payees, to, how = by_provider, "providers", "paid to the providers"
    else:
        payees, to, how = {}, state.commissioner, "which the commissioner has paid to the providers"
    return line_of(
        parameters,
        label,
        amount,
        f"{formula}, {how}",
        payer=host,
        payee=to,
        payees=payees,
        details=details,
        suffix=suffix,
    )


def _reissue_line(parameters: Parameters, state: State, number: int, reissue: PriceReissue) -> Line:
    return _line(
        parameters,
        state,
        f"Prices re-issued on {day_in_words(reissue.published_on)}, from {day_in_words(reissue.effective_from)}",
        reissue.pence + Fraction(0),
        "the same activity at the prices as published again, less at those before them",
        {provider: Fraction(pence) for provider, pence in reissue.pence_by_provider.items()},
        tuple(
            Detail(SETTING_NAMES.get(setting, setting), pence + Fraction(0))
            for setting, pence in reissue.pence_by_setting.items()
        ),
        suffix=f"reissue_{number}",
    )


def _before(whole: Mapping[str, Fraction], later: list[Mapping[str, int]]) -> dict[str, Fraction]:
    """What remains of each part when what came later is taken off."""
    return {
        name: Fraction(0) + amount - sum(changes.get(name, 0) for changes in later) for name, amount in whole.items()
    }


def in_words(parameters: Parameters, last: str, namer: Namer) -> str:  # noqa: ARG001 - every kind has this form
    """The term as one sentence."""
    return "The host bears the cost of the care in scope that its people received."


def _details(position: Position) -> tuple[Detail, ...]:
    """The cost of each setting at the prices first charged, without its blocks; then each block apart."""
    in_blocks = dict.fromkeys(position.cost_pence, 0)
    for block, pence in position.block_pence.items():
        in_blocks[position.block_parts[block].setting] += pence
    first = _before(position.cost_pence, [reissue.pence_by_setting for reissue in position.price_reissues])
    lines = (
        Detail(SETTING_NAMES.get(setting, setting), pence - in_blocks[setting]) for setting, pence in first.items()
    )
    blocks = (
        Detail(f"Block: {position.block_parts[block].title}", pence + Fraction(0), position.block_parts[block].formula)
        for block, pence in position.block_pence.items()
    )
    return (*lines, *blocks)
