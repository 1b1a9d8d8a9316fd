"""The positions around a reference at which a contract is studied."""

from dataclasses import replace
from fractions import Fraction

from yoc.contract import Contract, read_contract
from yoc.contract.inputs import InputValues
from yoc.core.periods import FinancialYear
from yoc.settlement.corners import (
    bears_own_cost,
    corners_of,
    cost_of,
    has_cost,
    ordinary_position,
    scores_of,
    turnover_of,
    with_cost,
    with_each_larger_or_smaller,
    with_rate,
    with_score,
    with_sums,
)
from yoc.settlement.position_of import position_of

TEXT = """
contract: by-hand
title: Worked by hand
version: "1"
status: live
first_year: 2025/26
years: 2
parties:
  - {code: ICB, name: Commissioner, role: commissioner}
position:
  baseline: {kind: money, is: budget}
  spend: {kind: money, is: cost}
  extra: {kind: money}
  people: {kind: number}
  growth: {kind: rate}
  quality: {kind: score}
  met: {kind: flag}
  low: {kind: flag, default: no}
  track: {kind: choice, choices: [basic, enhanced]}
  level: {kind: choice, choices: [A, B], default: B}
  gift: {kind: money, default: £7}
terms:
  - {id: saving, kind: balance, of: baseline, less: spend}
  - {id: shared, kind: bands, gain: 50%, loss: 0%}
  - {id: paid, kind: payment}
  - {id: bonus, kind: outcomes, mode: bonus, value: £1, weights: {reach: 100%}}
"""
CONTRACT = read_contract(TEXT, "contract.yaml")
PEOPLE = read_contract(
    TEXT[: TEXT.index("position:")]
    + """
budget:
  rounding: on_total
  rates:
    adults: {primary: £100, emergency: £50}
terms:
  - {id: budget, kind: capitation}
  - {id: cost, kind: activity_cost}
  - {id: kept, kind: balance, base: budget}
""",
    "contract.yaml",
)


def position(contract: Contract = CONTRACT, **values: object):
    given = {"baseline": 1000, "spend": 900, "extra": 0, "people": 20, "growth": "1/50", "quality": "1/2", "met": 1,
             "low": 0, "reach": "1/4", "gift": 700}  # fmt: skip
    chosen = {name: Fraction(value) for name, value in (given if contract is CONTRACT else {}).items()}
    chosen |= {name.replace("__", "."): Fraction(value) for name, value in values.items()}
    return position_of(contract, "ACO", InputValues(chosen, {"track": "basic", "level": "B"}))


def test_the_turnover_is_the_budget_or_the_input_that_is_one():
    assert turnover_of(CONTRACT, position()) == 1000
    assert turnover_of(PEOPLE, position(PEOPLE, people__adults=2, cost=0)) == 30_000
    assert turnover_of(PEOPLE, position(PEOPLE, budget=0, cost=0)) == 0


def test_every_score_is_one_that_is_declared_or_an_indicator():
    assert scores_of(CONTRACT) == ("quality", "reach")


def test_the_corners_are_every_combination_of_the_ends():
    corners = list(corners_of(CONTRACT, position()))
    # All scores at 0% or 100%, two years, two flags, two choices of two words, and the reference, with its half scores.
    assert len(corners) == 1 + 2 * 2 * 2 * 2 * 2 * 2
    assert (corners[0].position, corners[0].said) == (position(), "")
    first, last = corners[1], corners[-1]
    assert first.said == "every score 0, contract year 1, met no, low no, track basic, level A"
    assert last.said == "every score 1, contract year 2, met yes, low yes, track enhanced, level B"
    assert (last.position.values["quality"], last.position.scores["reach"], last.position.values["reach"]) == (1, 1, 1)
    assert (last.position.contract_year, last.position.year) == (2, FinancialYear(2026))
    assert (last.position.values["met"], last.position.values["low"]) == (1, 1)
    assert (first.position.values["met"], first.position.values["low"]) == (0, 0)
    assert last.position.choices == {"track": "enhanced", "level": "B"}
    assert (last.position.values["baseline"], last.position.values["extra"]) == (1000, 0)


def test_a_corner_that_is_the_reference_is_not_met_twice():
    corners = list(corners_of(CONTRACT, position(quality=1, reach=1)))
    assert len(corners) == 1 + 64 - 1
    without = read_contract(TEXT.replace("years: 2\n", "").replace("first_year: 2025/26\n", ""), "c.yaml")
    assert len(list(corners_of(without, replace(position(), contract_year=1)))) == 1 + 32


def test_a_contract_without_anything_to_vary_has_one_corner():
    text = PEOPLE.model_copy(update={"years": 1})
    assert [corner.said for corner in corners_of(text, position(PEOPLE, budget=0, cost=0))] == [""]


def test_a_flag_that_nobody_gave_does_not_vary():
    less = replace(position(), values={name: value for name, value in position().values.items() if name != "low"})
    assert len(list(corners_of(CONTRACT, less))) == 1 + 32


def test_the_cost_is_an_input_or_that_of_the_settings():
    assert (has_cost(CONTRACT), has_cost(PEOPLE)) == (True, True)
    assert cost_of(CONTRACT, position()) == 900
    moved = with_cost(CONTRACT, position(), Fraction(5))
    assert (moved.values["spend"], moved.values["baseline"], cost_of(CONTRACT, moved)) == (5, 1000, 5)
    here = position(PEOPLE, budget=0, cost__primary=300, cost__emergency=100)
    assert cost_of(PEOPLE, here) == 400
    moved = with_cost(PEOPLE, here, Fraction(1000))
    assert moved.cost_pence == {"primary": 750, "emergency": 250}
    assert moved.cost_by_provider_pence == {"providers": 1000}
    moved = with_cost(PEOPLE, position(PEOPLE, budget=0, cost=0), Fraction(1000))
    assert (moved.cost_pence, moved.cost_by_provider_pence) == ({"all_care": 1000}, {"providers": 1000})


def test_a_cost_of_the_hosts_own_is_borne_beside_the_contract():
    own = read_contract(TEXT.replace("spend: {kind: money, is: cost}", "spend: {kind: money, is: own_cost}"), "c.yaml")
    assert (bears_own_cost(own), bears_own_cost(CONTRACT), bears_own_cost(PEOPLE)) == (True, False, False)
    none = read_contract(TEXT.replace(", is: cost", ""), "c.yaml")
    assert (has_cost(none), bears_own_cost(none)) == (False, False)


def test_a_score_and_a_rate_are_set_where_they_are():
    moved = with_score(position(), "reach", Fraction(1))
    assert (moved.scores, moved.values["reach"], moved.values["quality"]) == ({"reach": 1}, 1, Fraction(1, 2))
    moved = with_score(position(), "quality", Fraction(1))
    assert (moved.scores, moved.values["quality"]) == ({"reach": Fraction(1, 4)}, 1)
    assert with_score(position(), "none", Fraction(1)) == position()
    moved = with_rate(position(), "growth", Fraction(3))
    assert (moved.values["growth"], moved.values["spend"]) == (3, 900)


def test_each_sum_and_number_is_larger_or_smaller():
    around = list(with_each_larger_or_smaller(CONTRACT, position()))
    names = ("baseline", "spend", "extra", "people", "gift")
    assert len(around) == 5 * len(names)
    assert [each.values["people"] for each in around if each.values["people"] != 20] == [0, 10, 18, 22, 40]
    assert all(each.values["growth"] == Fraction(1, 50) for each in around)


def test_a_sum_that_is_nothing_becomes_something():
    moved = with_sums(CONTRACT, position(baseline=0, spend=0, people=0), Fraction(50))
    assert {name: moved.values[name] for name in ("baseline", "spend", "extra", "people", "gift")} == {
        "baseline": 0, "spend": 0, "extra": 50, "people": 0, "gift": 700,
    }  # fmt: skip
    assert (moved.over_threshold_pence, moved.paid_on_account_pence) == (50, 50)
    kept = with_sums(CONTRACT, position(cost_over_threshold=1, paid_on_account=2), Fraction(50))
    assert (kept.over_threshold_pence, kept.paid_on_account_pence) == (1, 2)


def test_a_round_position_for_a_contract_without_examples():
    seen = ordinary_position(CONTRACT, lambda given: given)
    assert seen.choices == {"track": "basic", "level": "B"}
    assert seen.values == {
        "baseline": 1_000_000_000, "spend": 1_000_000_000, "extra": 1_000_000_000, "people": 10_000,
        "growth": Fraction(1, 50), "quality": 1, "met": 1, "low": 0, "gift": 700, "reach": 1, "contract_year": 1,
    }  # fmt: skip


def test_a_round_position_has_a_budget_and_a_cost_as_a_whole_and_not_in_parts():
    assert ordinary_position(PEOPLE, lambda given: given).values == {
        "budget": 1_000_000_000, "cost": 1_000_000_000, "contract_year": 1,
    }  # fmt: skip
    seen = ordinary_position(PEOPLE, lambda given: position_of(PEOPLE, "ACO", given))
    assert (seen.budget.total_pence, seen.cost_pence) == (1_000_000_000, {"all_care": 1_000_000_000})


def test_only_a_contract_of_several_named_years_varies_its_year():
    one_year = list(corners_of(read_contract(TEXT.replace("years: 2\n", ""), "c.yaml"), position()))
    assert (len(one_year), one_year[1].said) == (1 + 32, "every score 0, met no, low no, track basic, level A")
    unnamed = read_contract(TEXT.replace("first_year: 2025/26\n", ""), "c.yaml")
    assert len(list(corners_of(unnamed, position()))) == 1 + 32


def test_a_sum_that_nobody_gave_does_not_move():
    less = replace(position(), values={name: value for name, value in position().values.items() if name != "extra"})
    assert len(list(with_each_larger_or_smaller(CONTRACT, less))) == 5 * 4


def test_a_charged_cost_is_the_cost_although_an_input_is_one_too():
    charged = CONTRACT.model_copy(update={"terms": (*PEOPLE.terms[1:2], *CONTRACT.terms)})
    assert cost_of(charged, position(cost=5)) == 5
    assert with_cost(charged, position(cost=5), Fraction(7)).values["spend"] == 900
