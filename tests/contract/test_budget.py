"""The uplift and person-days cases, as the contract language and the payment scheme's published factors give them."""

from fractions import Fraction

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from yoc.contract.budget import BudgetRules, People, UpliftAndEfficiency, build_budget


@pytest.mark.parametrize(
    ("uplift", "efficiency", "combine", "net"),
    [
        # NHS Payment Scheme: 2023/24 and 2025/26 as first published, and 2025/26 after the pay award.
        ("2.9%", "1.1%", "multiplicative", "0.017681"),
        ("2.9%", "1.1%", "additive", "0.018"),
        ("4.15%", "2.0%", "multiplicative", "0.020670"),
        ("4.15%", "2.0%", "additive", "0.0215"),
        ("4.83%", "2.0%", "multiplicative", "0.027334"),
        ("4.83%", "2.0%", "additive", "0.0283"),
    ],
)
def test_uplift_and_efficiency(uplift, efficiency, combine, net):
    adjustment = UpliftAndEfficiency(
        id="uplift", kind="cost_uplift_and_efficiency", cost_uplift=uplift, efficiency=efficiency, combine=combine
    )
    assert adjustment.factor() - 1 == Fraction(net)


FIVE_PEOPLE_DAYS = People(365, {"all": {365: 3, 182: 1, 91: 1}})
FIVE_PEOPLE_QUARTERS = People(4, {"all": {4: 3, 2: 1, 1: 1}})


@pytest.mark.parametrize(
    ("rounding", "people", "pence"),
    [
        # 1,200 × 1,368 / 365 = 4,497.5342…; rounded a person 3 × 1,200 + 598.36 + 299.18; by quarters 1,200 × 15/4.
        ("on_total", FIVE_PEOPLE_DAYS, 449_753),
        ("per_person", FIVE_PEOPLE_DAYS, 449_754),
        ("on_total", FIVE_PEOPLE_QUARTERS, 450_000),
    ],
)
def test_three_defensible_answers_for_five_people(rounding, people, pence):
    rules = BudgetRules(rounding=rounding, rates={"all": {"primary": "£1,200"}})
    assert build_budget(rules, people).total_pence == pence


def test_adjustments_are_shown_in_their_order_and_add():
    rules = BudgetRules(
        rounding="on_total",
        rates={"all": {"primary": "£600", "emergency": "£400"}},
        adjustments=[
            {
                "id": "u",
                "kind": "cost_uplift_and_efficiency",
                "cost_uplift": "10%",
                "efficiency": "0%",
                "combine": "additive",
            },
            {"id": "g", "kind": "growth", "rate": "-5%"},
        ],
    )
    budget = build_budget(rules, People(365, {"all": {365: 1}}))
    # £1,000 + 10% = £1,100, less 5% = £1,045, of which six tenths is primary care.
    assert [step.pence for step in budget.steps] == [100_000, 10_000, -5_500]
    assert [cell.pence for cell in budget.cells] == [62_700, 41_800]
    assert budget.total_pence == 104_500


COUNTS = st.dictionaries(st.integers(1, 365), st.integers(1, 50), max_size=6)


@pytest.mark.law("The cells of a budget, and its steps, each add to its total to the penny.", 3)
@given(COUNTS, COUNTS, st.integers(0, 10**6), st.integers(0, 10**6), st.sampled_from(["on_total", "per_person"]))
def test_cells_and_steps_always_add_to_the_total(one, two, first, second, rounding):
    rules = BudgetRules(
        rounding=rounding,
        rates={"a": {"primary": first, "emergency": second}, "b": {"primary": second}},
        adjustments=[{"id": "g", "kind": "growth", "rate": "1.7%"}],
    )
    budget = build_budget(rules, People(365, {"a": one, "b": two}))
    event("nobody" if not (one or two) else "a segment with nobody" if not (one and two) else "people in both")
    assert sum(cell.pence for cell in budget.cells) == budget.total_pence == sum(step.pence for step in budget.steps)
