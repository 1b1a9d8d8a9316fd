"""What must hold for rates that are built from baseline years, whatever the figures."""

from fractions import Fraction

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from yoc.baseline import Outliers, SegmentYear, Shrinkage, Trend, YearOfCost, build_from_years
from yoc.core.periods import FinancialYear

TARGET = FinancialYear(2026)
SETTINGS = ("emergency", "community")
money = st.fractions(0, 10**9, max_denominator=1000)
sizes = st.fractions(Fraction(1, 365), 10**5, max_denominator=365)
shares = st.fractions(0, 1, max_denominator=100)


@st.composite
def segment_years(draw):
    """One to four segments with cost, and a part of it over a threshold."""
    found = []
    for place in range(draw(st.integers(1, 4))):
        cost = {setting: draw(money) for setting in SETTINGS}
        over = {setting: cost[setting] * draw(shares) for setting in SETTINGS}
        found.append(SegmentYear(f"s{place}", draw(sizes), cost, over))
    return tuple(found)


def rates_of(segments, outliers=None, shrinkage=None, trend=None):
    return build_from_years([YearOfCost(TARGET, Fraction(1), segments)], TARGET, outliers, trend, shrinkage).exact_pence


def money_of(segments, rates, setting):
    return sum((rates[part.segment, setting] * part.person_years for part in segments), Fraction(0))


@pytest.mark.law("Rates built from one year as it is give back that year's cost.")
@given(segment_years())
def test_one_year_as_it_is_gives_back_its_cost(segments):
    rates = rates_of(segments)
    event("a segment of less than one person" if any(part.person_years < 1 for part in segments) else "larger segments")
    for part in segments:
        for setting in SETTINGS:
            assert rates[part.segment, setting] * part.person_years == part.cost[setting]


@pytest.mark.law("Pooling the cost over a threshold moves money between segments and loses none.")
@given(segment_years(), shares)
def test_pooling_moves_money_between_segments_and_loses_none(segments, left_out):
    rates = rates_of(segments, Outliers(over_sum="£30k", left_out=left_out))
    event("nothing left out" if not left_out else "all left out" if left_out == 1 else "part left out")
    for setting in SETTINGS:
        cost = sum(part.cost[setting] for part in segments)
        over = sum(part.over[setting] for part in segments)
        assert money_of(segments, rates, setting) == cost - left_out * over


@pytest.mark.law(
    "Drawing small segments towards the whole keeps the total to the last fraction, where the rules say that "
    "it is kept.",
)
@given(segment_years(), st.sampled_from(["half_at", "full_at"]), sizes)
def test_shrinkage_that_keeps_the_total_keeps_it_to_the_last_fraction(segments, kind, size):
    rates = rates_of(segments, shrinkage=Shrinkage(**{kind: size}, keep_total=True))
    for setting in SETTINGS:
        assert money_of(segments, rates, setting) == sum(part.cost[setting] for part in segments)


@pytest.mark.law("A rate that is drawn towards the whole lies between its own and that of the whole.")
@given(segment_years(), sizes)
def test_a_shrunk_rate_lies_between_its_own_and_that_of_the_whole(segments, size):
    own, shrunk = rates_of(segments), rates_of(segments, shrinkage=Shrinkage(half_at=size, keep_total=False))
    people = sum(part.person_years for part in segments)
    for (segment, setting), rate in shrunk.items():
        whole = money_of(segments, own, setting) / people
        low, high = sorted((own[segment, setting], whole))
        event("moved" if rate != own[segment, setting] else "stayed")
        assert low <= rate <= high


@pytest.mark.law("Costs times a factor give rates times that factor.")
@given(segment_years(), st.fractions(0, 100, max_denominator=100))
def test_cost_in_proportion_gives_rates_in_proportion(segments, factor):
    larger = tuple(
        SegmentYear(
            part.segment,
            part.person_years,
            {setting: cost * factor for setting, cost in part.cost.items()},
            {setting: over * factor for setting, over in part.over.items()},
        )
        for part in segments
    )
    rules = (Outliers(over_sum="£30k", left_out="80%"), Shrinkage(half_at="100", keep_total="yes"))
    before, after = rates_of(segments, *rules), rates_of(larger, *rules)
    assert after == {key: rate * factor for key, rate in before.items()}


@pytest.mark.law("A segment divided in two keeps its money, and the rates of the others stay as they were.")
@given(segment_years(), st.fractions(Fraction(1, 100), Fraction(99, 100), max_denominator=100), shares)
def test_a_segment_split_in_two_keeps_its_money_and_the_rates_of_the_others(segments, people, cost):
    first, *others = segments
    halves = tuple(
        SegmentYear(
            name,
            first.person_years * size,
            {setting: pence * part for setting, pence in first.cost.items()},
            {setting: pence * part for setting, pence in first.over.items()},
        )
        for name, size, part in (("one", people, cost), ("two", 1 - people, 1 - cost))
    )
    rules = Outliers(over_sum="£30k", left_out="80%")
    before, after = rates_of(segments, rules), rates_of((*halves, *others), rules)
    for setting in SETTINGS:
        assert money_of((first,), before, setting) == money_of(halves, after, setting)
        assert all(before[part.segment, setting] == after[part.segment, setting] for part in others)


@pytest.mark.law("Equal years, however they are weighted, give the rates of one of them.")
@given(segment_years(), st.lists(shares, min_size=1, max_size=2))
def test_the_same_year_however_weighted_gives_its_own_rates(segments, parts):
    """Two or three equal years under a trend of nothing, their weights adding to the whole."""
    weights = [part / len(parts) for part in parts]
    weights.append(1 - sum(weights))
    years = [YearOfCost(FinancialYear(2026 - place), weight, segments) for place, weight in enumerate(weights)]
    flat = Trend(index={str(FinancialYear(2026 - place)): "100" for place in range(3)})
    assert build_from_years(years, TARGET, trend=flat).exact_pence == rates_of(segments)
