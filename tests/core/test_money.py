from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yoc.core.money import MoneyError, apportion_pence, format_pounds, parse_pounds, round_half_away, split_pence
from yoc.core.rates import RateError, parse_rate

WEIGHTS = st.lists(st.fractions(min_value=0, max_value=100, max_denominator=50), min_size=1, max_size=8).filter(any)


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (10000, [1, 1, 1], [3334, 3333, 3333]),
        (10001, [1, 1, 1], [3334, 3334, 3333]),
        (100, [0, 1, 0], [0, 100, 0]),
        (-10000, [1, 1, 1], [-3334, -3333, -3333]),
        # 450,000 over a dead band of 1% of 10m, capped at 4%: first pound 400,000 and excess only 350,000, at 50/30/20.
        (40_000_000, [50, 30, 20], [20_000_000, 12_000_000, 8_000_000]),
        (35_000_000, [50, 30, 20], [17_500_000, 10_500_000, 7_000_000]),
        (0, [0, 0], [0, 0]),
    ],
)
def test_a_split_gives_whole_pence_that_sum_to_it(total, weights, parts):
    assert split_pence(total, weights) == parts


def test_money_is_not_split_among_nobody():
    with pytest.raises(MoneyError):
        split_pence(1, [0, 0])
    with pytest.raises(MoneyError):
        split_pence(1, [2, -1])


@given(st.integers(-(10**13), 10**13), WEIGHTS)
def test_a_split_sums_and_stays_within_a_penny_of_each_share(total, weights):
    parts = split_pence(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - total * weight / sum(weights)) < 1
        assert weight or not part


@given(st.lists(st.fractions(min_value=-(10**9), max_value=10**9, max_denominator=1000), max_size=8))
def test_parts_that_may_be_negative_add_to_their_rounded_total(exact):
    total = round_half_away(sum(exact, Fraction(0)))
    parts = apportion_pence(total, exact)
    assert sum(parts) == total
    assert all(abs(part - amount) <= 1 for part, amount in zip(parts, exact, strict=True))


@given(st.fractions(max_denominator=10**6))
def test_rounding_is_half_away_from_zero_and_odd(amount):
    rounded = round_half_away(amount)
    assert abs(rounded - amount) <= Fraction(1, 2)
    assert round_half_away(-amount) == -rounded
    if abs(rounded - amount) == Fraction(1, 2):
        assert abs(rounded) > abs(amount)


@given(st.integers(-(10**14), 10**14))
def test_pounds_are_read_back_as_they_are_written(pence):
    assert parse_pounds(format_pounds(pence)) == pence


@pytest.mark.parametrize("text", ["5", "£5.005", "£1,23", "£", "five", "£1e3", "£5 million", "5p"])
def test_what_is_not_a_sum_of_money_is_refused(text):
    with pytest.raises(MoneyError):
        parse_pounds(text)


def test_a_decimal_comma_is_to_be_a_point():
    with pytest.raises(RateError, match=r"write a point, 7\.5%"):
        parse_rate("7,5%")
