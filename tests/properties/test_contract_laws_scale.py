"""Money in another unit is the same contract: every sum times a whole number, every amount times the same."""

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from properties.contracts import Case, cases, with_sums_times
from yoc.contract import read_contract
from yoc.contract.inputs import InputValues
from yoc.settlement.position_of import position_of
from yoc.settlement.waterfall import apply_terms


@pytest.mark.law("Every sum times a whole number gives every amount times that number.")
@given(cases(), st.integers(2, 1000))
def test_every_sum_times_a_whole_number_gives_every_amount_times_it(case: Case, times: int):
    """Rounding that the contract names is left out: a step of £1 is no part of the law."""
    larger = read_contract(with_sums_times(case.draft.text, times), "contract.yaml")
    kinds = {name: given.kind for name, given in case.contract.inputs().items()}
    inputs = InputValues(
        {name: number * times if kinds[name] == "money" else number for name, number in case.inputs.values.items()},
        case.inputs.choices,
    )
    small = apply_terms(case.contract, case.position, unrounded=True)
    large = apply_terms(larger, position_of(larger, "H1", inputs), unrounded=True)
    assert large.result == small.result * times
    for term in case.contract.terms:
        for name in term.makes():
            scaled = 1 if term.is_number(name) else times
            assert large.amounts[name] == small.amounts[name] * scaled, name
    for one, other in zip(small.lines, large.lines, strict=True):
        assert (one.name, one.payer, one.payee) == (other.name, other.payer, other.payee)
        assert other.amount == one.amount * times
    event("sums in the contract" if "£" in case.draft.text else "no sums in the contract")
