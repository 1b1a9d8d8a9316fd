"""The parts of a bridge: budget cells in whole pence on both sides, and which terms belong together."""

from fractions import Fraction

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from yoc.contract import read_contract
from yoc.contract.budget import Budget, BudgetRules, People, build_budget, opening_pence
from yoc.settlement.movement import paired_terms, term_change

HEAD = """\
contract: a
title: A contract
version: "1"
status: live
parties: [{code: ICB, name: The Board, role: commissioner}]
values: {half: 50%, part: half}
terms:
"""


def read(*terms: str, values: str = "half: 50%"):
    return read_contract(HEAD.replace("half: 50%", values) + "".join(f"  - {{{term}}}\n" for term in terms), "a.yaml")


def pairs(before: tuple[str, ...], after: tuple[str, ...]) -> list[tuple[str, str]]:
    made = paired_terms(read(*before), read(*after))
    return [(was.id if was else "", now.id if now else "") for was, now in made]


ONE, TWO = "id: one, kind: block, value: £1", "id: two, kind: block, value: £2"
COST = "id: cost, kind: activity_cost"


def test_terms_belong_together_by_id_then_by_kind():
    assert pairs((ONE, COST), (COST, ONE)) == [("cost", "cost"), ("one", "one")]
    assert pairs((ONE, COST), (TWO, COST)) == [("one", "two"), ("cost", "cost")]


def test_two_of_a_kind_on_one_side_are_not_guessed_at():
    three = "id: three, kind: block, value: £3"
    assert pairs((ONE,), (TWO, three)) == [("one", ""), ("", "two"), ("", "three")]
    assert pairs((ONE, COST), (TWO, three, COST)) == [("one", ""), ("", "two"), ("", "three"), ("cost", "cost")]


def changed(before: str, after: str, values: str = "half: 50%") -> str:
    contracts = read(before), read(after, values=values)
    return term_change(*contracts, contracts[0].terms[0], contracts[1].terms[0])


def test_a_term_is_changed_by_what_it_pays_alone():
    assert changed(ONE, ONE.replace("one", "two") + ", clause: '9', title: Two") == ""
    assert changed(ONE, ONE.replace("£1", "£2")) == "changed"
    share = "id: share, kind: bands, on: one, base: one, gain: part, loss: 0%"
    assert changed(ONE, ONE, values="half: 40%") == ""
    sides = read(ONE, share), read(ONE, share, values="half: 40%")
    assert term_change(*sides, sides[0].terms[1], sides[1].terms[1]) == "changed", "by a number that a number names"
    assert term_change(read(ONE), read(ONE), None, read(ONE).terms[0]) == "new"
    assert term_change(read(ONE), read(ONE), read(ONE).terms[0], None) == "gone"


RATES = st.dictionaries(st.sampled_from(["primary", "community", "emergency"]), st.integers(0, 99_999), min_size=1)


def budget(rates: dict[str, int], days: int, rounding: str) -> Budget:
    texts = {setting: f"£{pence // 100}.{pence % 100:02d}" for setting, pence in rates.items()}
    return build_budget(BudgetRules(rounding=rounding, rates={"all": texts}), People(365, {"all": {days: 3, 7: 2}}))


@pytest.mark.law("Each side of a bridge adds to its budget, within pennies of people times rate in each cell.", 3)
@given(RATES, RATES, st.integers(1, 365), st.integers(1, 365), st.sampled_from(["on_total", "per_person"]))
def test_each_side_adds_to_its_first_step_within_pennies_of_people_times_rate(old, new, days, later, rounding):
    sides = budget(old, days, "on_total"), budget(new, later, rounding)
    opening = opening_pence(*sides)
    event("a cell on one side only" if set(old) ^ set(new) else "the same cells")
    for place, side in enumerate(sides):
        assert sum(pence[place] for pence in opening.values()) == side.steps[0].pence
        for cell in side.cells:
            exact = cell.person_years * cell.annual_rate_pence
            assert abs(opening[cell.segment, cell.setting][place] - exact) <= 12


@pytest.mark.law("Where one rate changed, a bridge moves that cell alone.")
@given(RATES, st.integers(1, 99_999), st.integers(1, 365))
def test_only_the_cell_whose_rate_changed_moves(rates, rate, days):
    """Also where it comes or goes: no penny of rounding is told as a movement of another cell."""
    rest = {name: pence for name, pence in rates.items() if name != "emergency"}
    more = budget({**rest, "emergency": rate}, days, "on_total")
    other = budget({**rest, "emergency": rate + 1000}, days, "on_total")
    sides = [(more, other)]
    if rest:
        less = budget(rest, days, "on_total")
        sides += [(more, less), (less, more)]
    for old, new in sides:
        moved = {key for key, pence in opening_pence(old, new).items() if pence[0] != pence[1]}
        assert moved <= {("all", "emergency")}


def test_a_cell_that_is_gone_holds_nothing():
    people = (
        budget({"primary": 33_333, "emergency": 10_001}, 100, "on_total"),
        budget({"primary": 33_333}, 100, "on_total"),
    )
    assert opening_pence(*people)["all", "emergency"][1] == 0
    assert people[1].cells[0].person_years == Fraction(314, 365)
