"""A position from the inputs of one host: which year, which budget, which cost, and what contradicts itself."""

from fractions import Fraction

import pytest

from yoc.contract import Contract, read_contract
from yoc.contract.inputs import InputValues
from yoc.core.findings import FindingsError
from yoc.core.periods import FinancialYear
from yoc.settlement.position_of import position_of

HEAD = """
contract: by-hand
title: Worked by hand
version: "1"
status: live
parties:
  - {code: ICB, name: Commissioner, role: commissioner}
"""
RATES = """
first_year: 2025/26
years: 3
budget:
  rounding: ROUNDING
  rates:
    adults: {primary: £100.01, emergency: £50}
    children: {primary: £10, emergency: £0}
terms:
  - {id: budget, kind: capitation}
  - {id: cost, kind: activity_cost}
  - {id: kept, kind: balance, base: budget}
"""
SUMS = """
position:
  baseline: {kind: money, is: budget}
  spend: {kind: money, is: cost}
terms:
  - {id: saving, kind: balance, of: baseline, less: spend}
  - {id: paid, kind: payment}
"""


def by_people(rounding: str = "on_total") -> Contract:
    return read_contract(HEAD + RATES.replace("ROUNDING", rounding), "contract.yaml")


def by_sums() -> Contract:
    return read_contract(HEAD + SUMS, "contract.yaml")


def given(**values: object) -> InputValues:
    return InputValues({name.replace("__", "."): Fraction(value) for name, value in values.items()})


def nothing(**values: object) -> InputValues:
    """A budget and a cost of £0, which are given, and what else is."""
    return given(**{"budget": 0, "cost": 0, **values})


def all_refused(contract: Contract, values: InputValues) -> list[tuple[str, str]]:
    with pytest.raises(FindingsError) as caught:
        position_of(contract, "ACO", values)
    assert {finding.code for finding in caught.value.findings} == {"POSITION-INVALID"}
    return [(finding.message, finding.mend) for finding in caught.value.findings]


def refused(contract: Contract, values: InputValues) -> str:
    ((message, _),) = all_refused(contract, values)
    return message


def test_people_are_paid_for_at_the_contracts_rates():
    """3 adults at £150.01 and 2 children at £10 are £470.03."""
    position = position_of(by_people(), "ACO", given(people__adults=3, people__children=2, cost=0))
    assert position.budget.total_pence == 47_003
    assert position.budget.person_years == 5
    assert {(cell.segment, cell.setting): cell.pence for cell in position.budget.cells} == {
        ("adults", "primary"): 30_003,
        ("adults", "emergency"): 15_000,
        ("children", "primary"): 2_000,
        ("children", "emergency"): 0,
    }


def test_parts_of_people_are_person_years_in_all():
    """2 ½ adults are £375.025, and a third of a child £3.333…: £378.358… in all."""
    position = position_of(by_people(), "ACO", given(people__adults="5/2", people__children="1/3", cost=0))
    assert position.budget.total_pence == 37_836
    assert position.budget.person_years == Fraction(17, 6)


def test_whole_people_may_be_rounded_one_by_one_and_parts_of_them_not():
    contract = by_people("per_person")
    whole = position_of(contract, "ACO", given(people__adults=3, people__children=0, cost=0))
    assert whole.budget.total_pence == 45_003
    assert "parts of person-years" in refused(contract, given(people__adults="5/2", people__children=0, cost=0))


def test_a_budget_is_given_or_worked_out_from_people():
    assert position_of(by_people(), "ACO", given(budget="12345.5", cost=0)).budget.total_pence == 12_346
    nobody = given(people__adults=0, people__children=0, cost=0)
    assert position_of(by_people(), "ACO", nobody).budget.total_pence == 0
    both = given(budget=1, people__adults=3, people__children=0, cost=0)
    assert "budget is given, and people too" in refused(by_people(), both)


def test_a_cost_is_given_in_all_or_by_setting():
    by_setting = position_of(by_people(), "ACO", given(budget=0, cost__primary=700, cost__emergency="4000.5"))
    assert by_setting.cost_pence == {"primary": 700, "emergency": Fraction(8001, 2)}
    assert by_setting.cost_by_provider_pence == {"providers": Fraction(9401, 2)}
    in_all = position_of(by_people(), "ACO", given(budget=0, cost=700))
    assert in_all.cost_pence == {"all_care": 700}
    none = position_of(by_people(), "ACO", given(budget=0, cost__primary=0, cost__emergency=0))
    assert none.cost_pence == {"primary": 0, "emergency": 0}
    both = given(budget=0, cost=700, cost__primary=1, cost__emergency=0)
    assert "cost is given in all and by setting" in refused(by_people(), both)


def test_inputs_of_the_contracts_own_are_kept_as_values():
    position = position_of(by_sums(), "ACO", given(baseline=1000, spend=900, paid_on_account=7, cost_over_threshold=8))
    assert (position.host, position.budget.total_pence, position.cost_pence) == ("ACO", 0, {"all_care": 0})
    assert (position.values["baseline"], position.values["spend"]) == (1000, 900)
    assert (position.paid_on_account_pence, position.over_threshold_pence) == (7, 8)


def test_an_input_named_budget_or_cost_is_the_contracts_own():
    text = SUMS.replace("baseline", "budget").replace("spend", "cost")
    position = position_of(read_contract(HEAD + text, "contract.yaml"), "ACO", given(budget=1000, cost=900))
    assert (position.budget.total_pence, position.cost_pence) == (0, {"all_care": 0})


def test_the_choices_are_kept():
    position = position_of(by_sums(), "ACO", InputValues({}, {"track": "basic"}))
    assert position.choices == {"track": "basic"}


def test_the_contract_year_gives_the_year_and_the_other_way_round():
    contract = by_people()
    first, third = position_of(contract, "ACO", nothing()), position_of(contract, "ACO", nothing(contract_year=3))
    assert (first.contract_year, first.year) == (1, FinancialYear(2025))
    assert (third.contract_year, third.year) == (3, FinancialYear(2027))
    second = position_of(contract, "ACO", nothing(contract_year=1), FinancialYear(2026))
    assert (second.contract_year, second.year, second.values["contract_year"]) == (2, FinancialYear(2026), 2)
    assert "contract_year" not in position_of(contract, "ACO", nothing(), FinancialYear(2026)).values


def test_a_contract_without_a_first_year_is_in_its_first():
    assert position_of(by_sums(), "ACO", given()).contract_year == 1
    assert position_of(by_sums(), "ACO", given(), FinancialYear(2026)).year == FinancialYear(2026)


@pytest.mark.parametrize(
    ("number", "words"), [("0", "is not one of the 3"), ("4", "is not one of the 3"), ("3/2", "1.5")]
)
def test_a_year_that_the_contract_does_not_have_is_refused(number, words):
    assert words in refused(by_people(), nothing(contract_year=number))


@pytest.mark.parametrize(
    ("values", "lacking"),
    [
        (
            {},
            [
                ("budget", "give it, or `people.adults` and `people.children` in its place"),
                ("cost", "give it, or `cost.primary` and `cost.emergency` in its place"),
            ],
        ),
        ({"budget": 0}, [("cost", "give it, or `cost.primary` and `cost.emergency` in its place")]),
        ({"people__adults": 3, "cost": 0}, [("people.children", "give it")]),
        ({"budget": 1, "people__adults": 3, "cost": 0}, [("people.children", "give it")]),
        ({"budget": 0, "cost__emergency": 700}, [("cost.primary", "give it")]),
    ],
)
def test_what_is_not_given_is_refused_by_its_name(values, lacking):
    told = [(f"host ACO: `{name}` is not given", mend) for name, mend in lacking]
    assert all_refused(by_people(), given(**values)) == told


def test_what_was_paid_is_given_where_a_term_takes_it_off():
    contract = read_contract(HEAD + SUMS + "  - {id: earlier, kind: on_account}\n", "contract.yaml")
    assert all_refused(contract, given(baseline=5, spend=3)) == [
        ("host ACO: `paid_on_account` is not given", "give it"),
    ]
    assert position_of(contract, "ACO", given(baseline=5, spend=3, paid_on_account=0)).paid_on_account_pence == 0


def test_what_no_term_asks_for_is_nothing():
    position = position_of(by_people(), "ACO", nothing())
    assert (position.over_threshold_pence, position.paid_on_account_pence) == (0, 0)
    assert (position.cost_by_provider_pence, position.scores, position.choices) == ({"providers": 0}, {}, {})


def test_a_contract_that_asks_for_the_year_itself_is_told_it_by_the_host():
    text = RATES.replace("ROUNDING", "on_total").replace("terms:", "position:\n  contract_year: {kind: number}\nterms:")
    contract = read_contract(HEAD + text, "contract.yaml")
    position = position_of(contract, "ACO", nothing(contract_year=1), FinancialYear(2027))
    assert (position.contract_year, position.year, position.values["contract_year"]) == (1, FinancialYear(2027), 1)


def test_only_the_indicators_of_the_contract_are_scores():
    text = SUMS + "  - {id: bonus, kind: outcomes, mode: bonus, value: £1, weights: {reach: 100%}}\n"
    position = position_of(read_contract(HEAD + text, "contract.yaml"), "ACO", given(reach="1/2", baseline=5))
    assert position.scores == {"reach": Fraction(1, 2)}


def test_a_transfer_of_part_of_a_year_is_of_the_year_that_is_settled():
    """£365 a year from October: 182 of the 365 days of 2026/27, beside one adult at £150.01."""
    moved = "  adjustments:\n    - {id: moved, kind: transfer, value_by_host: {ACO: £365}, from: 2026-10-01}\nterms:"
    text = HEAD + "  - {code: ACO, name: Practices, role: host}\n" + RATES.replace("ROUNDING", "on_total")
    contract = read_contract(text.replace("terms:", moved), "contract.yaml")
    years = {2025: 15_001, 2026: 15_001 + 18_200, 2027: 15_001 + 36_500}
    one_adult = given(people__adults=1, people__children=0, cost=0)
    found = {year: position_of(contract, "ACO", one_adult, FinancialYear(year)).budget.total_pence for year in years}
    assert found == years
