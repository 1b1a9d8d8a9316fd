"""Adjustments of a budget, each with figures worked out by hand, and what a contract may not say of them."""

# ruff: noqa: E501 - words of a statement stand whole

from fractions import Fraction

import pytest

from yoc.contract.budget import BudgetRules, People, build_budget
from yoc.core.periods import FinancialYear

YEAR = FinancialYear(2026)
RATES = {"a": {"primary": "£1000"}, "b": {"primary": "£500"}}
PEOPLE = People(365, {"a": {365: 1}, "b": {365: 2}})
NEED = {"id": "need", "kind": "need", "rate_by_segment": {"a": "10%", "b": "0%"}}
INDEX = {"id": "mff", "kind": "market_forces", "index_by_host": {"H": "1.02", "K": "1"}}
MOVED = {"id": "moved", "kind": "transfer", "value_by_host": {"H": "£365", "K": "-£40k"}, "from": "2026-10-01"}
GROWTH = {"id": "growth", "kind": "growth", "rate": "10%"}


def budget_of(*adjustments, rounding="on_total", host="H", people=PEOPLE, year=YEAR):
    rules = BudgetRules(rounding=rounding, rates=RATES, adjustments=list(adjustments))
    return build_budget(rules, people, host, year)


@pytest.mark.parametrize("rounding", ["on_total", "per_person"])
def test_every_kind_in_its_order(rounding):
    budget = budget_of(NEED, INDEX, MOVED, GROWTH, rounding=rounding)
    # £2,000; need 10% of segment a's £1,000; 2% of £2,100; 182 of 365 days of £365; 10% of £2,324.
    assert [step.pence for step in budget.steps] == [200_000, 10_000, 4_200, 18_200, 23_240]
    assert budget.total_pence == 255_640
    # £1,100 and £1,000 × 1.02 × 1.1, and £182 × 1.1.
    assert [(cell.segment, cell.pence) for cell in budget.cells] == [
        ("a", 123_420), ("b", 112_200), ("Transfers agreed in year", 20_020),
    ]  # fmt: skip
    assert [step.formula for step in budget.steps[1:]] == [
        "£2,000.00 so far, need by segment: a 10%, b 0%",
        "£2,100.00 so far, market forces index 1.02",
        "£2,142.00 so far, transfer of £365.00 a year from 2026-10-01: 182 of 365 days",
        "£2,324.00 so far, growth 10%",
    ]


def test_a_transfer_before_growth_is_not_one_after_it():
    whole = {"id": "moved", "kind": "transfer", "value_by_host": {"H": "£365"}}
    assert budget_of(whole, GROWTH).total_pence == 260_150  # (2,000 + 365) × 1.1
    assert budget_of(GROWTH, whole).total_pence == 256_500  # 2,000 × 1.1 + 365


def test_a_rate_of_a_segment_leaves_a_transfer_which_is_in_none():
    whole = {"id": "moved", "kind": "transfer", "value_by_host": {"H": "£365"}}
    every = {"id": "need", "kind": "need", "rate_by_segment": {"a": "10%", "b": "10%"}}
    assert budget_of(whole, every).total_pence == 256_500  # 2,000 × 1.1 + 365


def test_a_transfer_may_take_more_than_there_is_and_reach_a_host_without_people():
    moved = {"id": "moved", "kind": "transfer", "value_by_host": {"K": "-£40k"}}
    assert budget_of(moved, host="K").total_pence == -3_800_000
    nobody = budget_of(moved, host="K", people=People(365, {"a": {}, "b": {}}))
    assert [cell.pence for cell in nobody.cells] == [0, 0, -4_000_000]


@pytest.mark.parametrize(("year", "pence"), [(2025, 0), (2026, 18_200), (2027, 36_500)])
def test_a_transfer_holds_from_its_day_on(year, pence):
    assert budget_of(MOVED, year=FinancialYear(year)).steps[1].pence == pence


def test_a_transfer_is_rounded_with_the_rest():
    # £10.01 for 182 of 365 days is £4.991287…; each of £2,000 and that sum is one rounding on the total.
    moved = {**MOVED, "value_by_host": {"H": "£10.01"}}
    assert budget_of(moved).total_pence == 200_499
    third = People(365, {"a": {1: 1}, "b": {}})
    # £1,000 / 365 is 273.9726 pence and the transfer 499.1287: together 773.1013; a person's and it apart 274 + 499.
    assert budget_of(moved, people=third).total_pence == 773
    assert budget_of(moved, people=third, rounding="per_person").total_pence == 773
    less = {**MOVED, "value_by_host": {"H": "£10.03"}}
    # 500.1260: together 774.0986, apart 274 + 500.
    assert budget_of(less, people=third).total_pence == 774
    nearly = {**MOVED, "value_by_host": {"H": "£10.02"}}
    # 499.6274: together 773.6, apart 274 + 500.
    assert budget_of(nearly, people=third, rounding="per_person").total_pence == 774


def test_the_place_index_of_a_published_place():
    place = {
        "id": "place", "kind": "place_index", "registered": "22746.360246", "weighted": "28733.937164",
        "whole_registered": "3242302.0252", "whole_weighted": "3652746.5036",
    }  # fmt: skip
    budget = budget_of(place)
    # £2,000 × 1.121288… = £2,242.58
    assert budget.total_pence == 224_258
    assert budget.steps[1].formula.endswith("÷ (3652746.5036 ÷ 3242302.0252) = 1.121288")
    # Exact, not the six decimals that are shown: a population of a thousand million shows the difference.
    many = budget_of(place, people=People(365, {"a": {365: 10**9}, "b": {}}))
    exact = Fraction("28733.937164") * Fraction("3242302.0252") / Fraction("22746.360246") / Fraction("3652746.5036")
    assert abs(many.total_pence - exact * 10**14) <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("uplift", "efficiency", "multiplied", "added"),
    [
        ("4.15%", "2.0%", 102_067_000, 102_150_000),  # 2025/26 as first published
        ("4.83%", "2.0%", 102_733_400, 102_830_000),  # 2025/26 after the pay award
        ("2.9%", "1.1%", 101_768_100, 101_800_000),  # 2023/24 as first published
    ],
)
def test_uplift_and_efficiency_of_published_years(uplift, efficiency, multiplied, added):
    """A budget of £1,000,000: 1.0415 × 0.98 is 1.02067, and 1 + 4.15% - 2.0% is 1.0215."""
    million = People(365, {"a": {365: 1000}, "b": {}})
    for combine, pence in (("multiplicative", multiplied), ("additive", added)):
        step = {"id": "up", "kind": "cost_uplift_and_efficiency", "cost_uplift": uplift, "efficiency": efficiency}
        budget = budget_of({**step, "combine": combine}, people=million)
        assert budget.total_pence == pence
        assert [each.pence for each in budget.steps] == [100_000_000, pence - 100_000_000]


PACE = {"id": "pace", "kind": "pace_of_change"}


@pytest.mark.parametrize(
    ("fields", "pence", "words"),
    [
        ({"rate": "2.5%"}, 205_000, "£2,000.00 so far, pace of change 2.5%"),
        # 20% below a target of £2,500: half of the £500 is £250.
        ({"distance": "-20%", "closed": "50%"}, 225_000, "£2,000.00 so far, -20% from target: 50% × (1 ÷ (1 + -20%) - 1) = 12.5000%"),
        ({"distance": "-20%", "closed": "50%", "at_most": "4%"}, 208_000,
         "£2,000.00 so far, -20% from target: 50% × (1 ÷ (1 + -20%) - 1) = 12.5000%, held at 4%"),
        # 25% above a target of £1,600: a tenth of the £400 off; no budget falls under the floor.
        ({"distance_by_host": {"H": "25%"}, "closed": "10%"}, 196_000,
         "£2,000.00 so far, 25% from target: 10% × (1 ÷ (1 + 25%) - 1) = -2.0000%"),
        ({"distance": "25%", "closed": "10%", "at_least": "0%"}, 200_000,
         "£2,000.00 so far, 25% from target: 10% × (1 ÷ (1 + 25%) - 1) = -2.0000%, held at 0%"),
        ({"distance": "-20%", "closed": "100%"}, 250_000, "£2,000.00 so far, -20% from target: 100% × (1 ÷ (1 + -20%) - 1) = 25.0000%"),
    ],
)  # fmt: skip
def test_pace_of_change_is_a_rate_or_a_step_towards_a_target(fields, pence, words):
    budget = budget_of({**PACE, **fields})
    assert budget.total_pence == pence
    assert budget.steps[1].formula == words
