"""Rates from baseline years, worked out by hand: two segments, three years, every step."""

from fractions import Fraction

import pytest
from pydantic import ValidationError

from yoc.baseline import Outliers, SegmentYear, Shrinkage, Trend, YearOfCost, build_from_years
from yoc.core.periods import FinancialYear

TARGET = FinancialYear(2026)
TREND = Trend(rates={"2024/25": "10%", "2025/26": "0%", "2026/27": "10%"})


def year_of(start, weight, a, b, *, over=None, people_over=None):
    """A thousand person-years of `a` and a hundred of `b`; their emergency cost in pounds."""
    over = over or {"a": 0, "b": 0}
    parts = tuple(
        SegmentYear(
            segment, Fraction(people), {"emergency": Fraction(cost * 100)}, {"emergency": Fraction(over[segment] * 100)}
        )
        for segment, people, cost in (("a", 1000, a), ("b", 100, b))
    )
    return YearOfCost(FinancialYear(start), Fraction(weight), parts, 3_000_000, people_over)


YEARS = [
    year_of(2023, "1/5", 400_000, 60_000),  # £400 and £600 a person-year, × 1.1 × 1.0 × 1.1 = £484 and £726
    year_of(2024, "3/10", 450_000, 70_000),  # £450 and £700, × 1.0 × 1.1 = £495 and £770
    year_of(2025, "1/2", 500_000, 50_000),  # £500 and £500, × 1.1 = £550
]


def step(built, name):
    return next(step for step in built.steps if step.id == name)


def test_three_years_trended_and_weighted():
    built = build_from_years(YEARS, TARGET, trend=TREND)
    # 20% of 484 + 30% of 495 + 50% of 550; 20% of 726 + 30% of 770 + 50% of 550.
    assert built.rates_pence == {("a", "emergency"): 52_030, ("b", "emergency"): 65_120}
    assert built.person_years == {"a": 1000, "b": 100}
    assert [each.id for each in built.steps] == ["people_and_cost", "trend", "weights", "rounding"]
    assert step(built, "trend").rows[0][3:] == (
        "400.000000",
        "(1 + 10%) × (1 + 0%) × (1 + 10%)",
        "1.210000",
        "484.000000",
    )
    assert step(built, "weights").rows[1] == ("b", "emergency", "726.000000", "770.000000", "550.000000", "651.200000")
    assert step(built, "weights").words[0] == "Each rate is 20% of 2023/24 + 30% of 2024/25 + 50% of 2025/26."
    assert step(built, "people_and_cost").rows[2] == ("2023/24", "all segments", "1100.0000", 46_000_000, 46_000_000)


def test_a_small_segment_moves_towards_the_whole_and_the_step_says_how_far():
    built = build_from_years(YEARS, TARGET, trend=TREND, shrinkage=Shrinkage(full_at="3000", keep_total="no"))
    # n is 3,000 and 300 over the three years: Z 1 and 0.1. The whole: (520.30 × 1,000 + 651.20 × 100) ÷ 1,100 = 532.20.
    # b: 0.1 × 651.20 + 0.9 × 532.20 = 544.10.
    assert built.rates_pence == {("a", "emergency"): 52_030, ("b", "emergency"): 54_410}
    assert step(built, "shrinkage").rows[1] == (
        "b", "emergency", "300.0000", "0.100000", "651.200000", "532.200000", "544.100000",
    )  # fmt: skip
    # £107.10 × 100 less.
    assert step(built, "shrinkage").notes == ("For the weighted person-years the money changes by -£10,710.00.",)


def test_shrinkage_that_keeps_the_total_keeps_it_exactly():
    built = build_from_years(YEARS, TARGET, trend=TREND, shrinkage=Shrinkage(full_at="3000", keep_total="yes"))
    # £585,420 stays: both rates × 585,420 ÷ 574,710.
    factor = Fraction(585_420, 574_710)
    assert built.exact_pence == {("a", "emergency"): 52_030 * factor, ("b", "emergency"): 54_410 * factor}
    assert sum(rate * built.person_years[key[0]] for key, rate in built.exact_pence.items()) == 58_542_000
    assert step(built, "shrinkage").notes == ("For the weighted person-years the money changes by £0.00.",)


def test_what_is_over_is_pooled_and_left_out_as_the_plan_says():
    year = year_of(2026, 1, 500_000, 50_000, over={"a": 10_000, "b": 12_000}, people_over=7)
    # Half of £22,000 over 1,100 person-years is £10; (500,000 - 10,000) ÷ 1,000 and (50,000 - 12,000) ÷ 100.
    built = build_from_years([year], TARGET, Outliers(over_sum="£30k", left_out="50%"))
    assert built.rates_pence == {("a", "emergency"): 50_000, ("b", "emergency"): 39_000}
    cut = step(built, "outliers")
    assert cut.rows == (("2026/27", "emergency", 3_000_000, "7", 2_200_000, 1_100_000, 1_100_000, "10.000000"),)
    assert cut.headline == "left out of the rates: £11,000.00"
    # By segment, cost before the cut is not shown: what is cut may be about one person.
    assert step(built, "people_and_cost").rows[0][3:] == ("not shown", "not shown")
    assert step(built, "people_and_cost").rows[2][3:] == (55_000_000, 55_000_000)
    wholly = build_from_years([year], TARGET, Outliers(over_sum="£30k", left_out="0%"))
    assert wholly.rates_pence == {("a", "emergency"): 51_000, ("b", "emergency"): 40_000}
    nothing = build_from_years([year], TARGET, Outliers(over_sum="£30k", left_out="100%"))
    assert nothing.rates_pence == {("a", "emergency"): 49_000, ("b", "emergency"): 38_000}


def test_what_fewer_than_five_people_cost_over_the_cut_is_not_shown():
    year = year_of(2026, 1, 500_000, 50_000, over={"a": 10_000, "b": 12_000}, people_over=4)
    built = build_from_years([year], TARGET, Outliers(over_sum="£30k", left_out="50%"))
    assert step(built, "outliers").rows == (
        ("2026/27", "emergency", 3_000_000, "<5", "not shown", "not shown", "not shown", "not shown"),
    )
    assert step(built, "people_and_cost").rows[2][3:] == ("not shown", "not shown")
    shown = " ".join(str(each) for each in built.steps)
    # Neither what is over, nor what is pooled or left out of it, nor the cost before the cut, in pence or in pounds.
    assert not [text for text in ("2200000", "22,000", "1100000", "11,000", "55000000", "10.000000") if text in shown]


def test_rounding_says_what_it_moves():
    year = YearOfCost(TARGET, Fraction(1), (SegmentYear("a", Fraction(3), {"emergency": Fraction(1000)}),))
    built = build_from_years([year], TARGET)
    # £10 over three people is £3.333…; £3.33 × 3 is £9.99.
    assert built.rates_pence == {("a", "emergency"): 333}
    assert step(built, "rounding").headline == "moves -£0.010000 for the weighted person-years"
    assert step(built, "rounding").exact == {"a|emergency": Fraction(1000, 3)}


def test_an_index_takes_a_year_to_the_level_of_another():
    # The GDP deflator with 2024/25 = 100: £450 becomes £450 × 105.3095 ÷ 100 = £473.89275.
    deflator = Trend(index={"2024/25": "100", "2025/26": "103.2388", "2026/27": "105.3095"})
    built = build_from_years([year_of(2024, 1, 450_000, 70_000)], TARGET, trend=deflator)
    assert built.rates_pence == {("a", "emergency"): 47_389, ("b", "emergency"): 73_717}  # £737.1665
    assert step(built, "trend").rows[0][4:6] == ("105.3095 ÷ 100", "1.053095")
    assert deflator.missing((FinancialYear(2023),), TARGET, ()) == ["the index of 2023/24"]


def test_a_trend_by_setting_says_what_it_lacks():
    trend = Trend(rates={"2025/26": "0%", "2026/27": {"primary": "2%"}})
    years = (FinancialYear(2024),)
    assert trend.missing(years, TARGET, ("primary", "emergency")) == ["the rate of emergency into 2026/27"]
    assert trend.missing((FinancialYear(2023),), TARGET, ("primary",)) == ["the rate into 2024/25"]


@pytest.mark.parametrize(
    ("model", "fields", "words"),
    [
        (Outliers, {"left_out": "0%"}, "give one of `over_sum` and `over_percentile`"),
        (Outliers, {"over_sum": "£1", "over_percentile": "99%", "left_out": "0%"}, "give one of"),
        (Outliers, {"over_percentile": "100%", "left_out": "0%"}, "lies between 0% and 100%"),
        (Trend, {}, "give one of `rates` and `index`"),
        (Shrinkage, {"half_at": "1", "full_at": "1", "keep_total": "no"}, "give one of `half_at` and `full_at`"),
    ],
)
def test_a_rule_that_says_too_little_or_too_much_is_refused(model, fields, words):
    with pytest.raises(ValidationError, match=words):
        model(**fields)


def test_credibility_of_each_kind():
    half, full = Shrinkage(half_at="300", keep_total="no"), Shrinkage(full_at="400", keep_total="no")
    assert [half.credibility(Fraction(n)) for n in (100, 300, 900)] == [Fraction(1, 4), Fraction(1, 2), Fraction(3, 4)]
    assert [full.credibility(Fraction(n)) for n in (100, 400, 900)] == [Fraction(1, 4), 1, 1]
