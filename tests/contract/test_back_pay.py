"""Back-pay: what was first counted for, and what each month is made good by, are the budget on restated people."""

from fractions import Fraction

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from yoc.contract.back_pay import MONTHS, back_pay
from yoc.contract.budget import BudgetRounding, BudgetRules, People, build_budget

DAYS = (30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 28, 31)
SEGMENTS = ("core", "risk")
# A person is, for each segment, so many days of each month.
months = st.tuples(*(st.integers(0, days) for days in DAYS))
persons = st.lists(st.tuples(st.sampled_from(SEGMENTS), months), max_size=6)
sums = st.integers(0, 500_000).map(lambda pence: f"£{pence // 100}.{pence % 100:02d}")


@st.composite
def rules(draw) -> BudgetRules:
    rates = {name: {"primary": draw(sums), "community": draw(sums)} for name in SEGMENTS}
    adjustments = draw(st.sampled_from(([], [{"id": "growth", "kind": "growth", "rate": "0.7%"}])))
    return BudgetRules(rounding=draw(st.sampled_from(BudgetRounding)), rates=rates, adjustments=adjustments)


def people(of: list) -> People:
    counted: dict[str, dict[int, int]] = {name: {} for name in SEGMENTS}
    for segment, days in of:
        counted[segment][sum(days)] = counted[segment].get(sum(days), 0) + 1
    return People(365, counted)


def days_more(now: list, before: list) -> dict[tuple[str, int], int]:
    def of(group: list, segment: str, month: int) -> int:
        return sum(days[month - 1] for name, days in group if name == segment)

    return {(name, month): of(now, name, month) - of(before, name, month) for name in SEGMENTS for month in MONTHS}


@pytest.mark.law(
    "The budget first counted and what is made good month by month come to the budget on the people as they "
    "are counted now.",
)
@given(rules=rules(), now=persons, before=persons, first_month=st.integers(2, 13))
def test_first_counted_and_every_month_are_the_budget_on_restated_people(rules, now, before, first_month):
    made_good = range(1, first_month)
    pay = back_pay(rules, people(now), people(before), days_more(now, before), made_good, "person-days")
    event(f"{len(pay.months)} months")
    event("nobody now" if not now else "nobody before" if not before else "people before and now")
    event("taken back" if pay.total_pence < pay.first_counted_pence else "made good, or nothing")
    assert pay.total_pence == build_budget(rules, people(now)).total_pence
    assert pay.whole_year_pence == build_budget(rules, people(before)).total_pence
    assert {month.month for month in pay.months} <= set(made_good)
    if first_month == 13:
        assert pay.first_counted_pence == pay.whole_year_pence


@pytest.mark.law(
    "What is made good for a month is its days more or less at the contract's rates, but for the rounding that "
    "the contract names.",
)
@given(rules=rules(), now=persons, before=persons)
def test_a_month_is_its_days_at_the_rates_but_for_rounding(rules, now, before):
    more = days_more(now, before)
    pay = back_pay(rules, people(now), people(before), more, MONTHS, "person-days")
    found = {month.month: month for month in pay.months}
    per_person = rules.rounding is BudgetRounding.PER_PERSON
    # Half a penny a person in each of the two counts, where each is rounded; a penny for the cut of the running total.
    slack = 1 + (Fraction(len(now) + len(before), 2) if per_person else 0)
    for month in MONTHS:
        exact = sum(
            Fraction(more[name, month], 365) * sum(rules.rates[name].values()) * rules.factor(name, "")
            for name in SEGMENTS
        )
        assert abs((found[month].pence if month in found else 0) - exact) <= slack
        assert (found[month].units if month in found else 0) == sum(more[name, month] for name in SEGMENTS)


@pytest.mark.law("Where the people were counted rightly, nothing is made good.")
@given(rules=rules(), now=persons)
def test_people_who_were_counted_rightly_are_made_good_by_nothing(rules, now):
    pay = back_pay(rules, people(now), people(now), days_more(now, now), MONTHS, "person-days")
    assert pay.months == ()
    assert pay.first_counted_pence == build_budget(rules, people(now)).total_pence


def test_what_rounding_brings_goes_where_units_changed_and_to_march_where_none_did():
    rates = {"core": {"primary": "£1,200"}, "risk": {"primary": "£0"}}
    rules = BudgetRules(rounding="per_person", rates=rates)
    # Three half-years of 182 days, £598.36 each, less one of a year and one of 181 days: £1,200 and £595.07.
    now, before = People(365, {"core": {182: 3}}), People(365, {"core": {365: 1, 181: 1}})
    none = {("core", month): 0 for month in MONTHS}
    (march,) = back_pay(rules, now, before, none, MONTHS, "person-days").months
    assert (march.month, march.pence, march.units) == (12, 179_508 - 179_507, 0)
    (june,) = back_pay(rules, now, People(365, {"core": {182: 2}}), {("core", 3): 182}, MONTHS, "person-days").months
    assert (june.month, june.pence, june.units) == (3, 59_836, 182)
