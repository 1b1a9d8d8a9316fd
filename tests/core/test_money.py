from fractions import Fraction

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from yoc.core.money import (
    MoneyError,
    apportion_pence,
    format_exact_pence,
    format_pounds,
    parse_exact_pounds,
    parse_pounds,
    round_half_away,
    split_pence,
)
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


@pytest.mark.law(
    "A sum divided by weights adds to itself again, and each part is within a penny of its exact share.",
    1,
)
@given(st.integers(-(10**13), 10**13), WEIGHTS)
def test_a_split_sums_and_stays_within_a_penny_of_each_share(total, weights):
    parts = split_pence(total, weights)
    assert sum(parts) == total
    event("a loss" if total < 0 else "a gain" if total else "nothing")
    if any(total * weight % sum(weights) for weight in weights):
        event("a penny left over" + (", equal claims" if len(set(weights)) < len(weights) else ""))
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - total * weight / sum(weights)) < 1
        assert weight or not part


@pytest.mark.law(
    "Parts that may be below nothing, rounded together, add to their rounded total, each within a penny.",
    3,
)
@given(st.lists(st.fractions(min_value=-(10**9), max_value=10**9, max_denominator=1000), max_size=8))
def test_parts_that_may_be_negative_add_to_their_rounded_total(exact):
    total = round_half_away(sum(exact, Fraction(0)))
    parts = apportion_pence(total, exact)
    event("gains and losses together" if exact and min(exact) < 0 < max(exact) else "on one side")
    assert sum(parts) == total
    assert all(abs(part - amount) <= 1 for part, amount in zip(parts, exact, strict=True))


@pytest.mark.parametrize(
    ("total", "exact", "parts"),
    [
        # 3.25p and 6.75p: the penny that is left goes to the larger remainder, not to the first.
        (10, [Fraction(13, 4), Fraction(27, 4)], [3, 7]),
        # 2.5p and 2.5p: it goes to the first.
        (5, [Fraction(5, 2), Fraction(5, 2)], [3, 2]),
        (4, [Fraction(5, 2), Fraction(5, 2)], [2, 2]),
        (6, [Fraction(5, 2), Fraction(5, 2)], [3, 3]),
        (-2, [Fraction(-1, 4), Fraction(-7, 4)], [0, -2]),
        (0, [], []),
    ],
)
def test_the_pennies_that_are_left_go_to_the_largest_remainders(total, exact, parts):
    assert apportion_pence(total, exact) == parts


@pytest.mark.parametrize("total", [3, 7])
def test_a_total_that_its_parts_cannot_make_is_refused(total):
    with pytest.raises(MoneyError):
        apportion_pence(total, [Fraction(5, 2), Fraction(5, 2)])


@pytest.mark.parametrize(
    ("amount", "pence"),
    [(Fraction(49, 100), 0), (Fraction(1, 2), 1), (Fraction(-1, 2), -1), (Fraction(-149, 100), -1), (7, 7), (0, 0)],
)
def test_half_a_penny_goes_away_from_nothing(amount, pence):
    assert round_half_away(amount) == pence


@pytest.mark.parametrize(
    ("pence", "text"),
    [
        (Fraction(-123_456), "-£1,234.56"),
        (Fraction(25, 2), "£0.125"),
        (Fraction(-25, 2), "-£0.125"),
        (Fraction(1, 10_000), "£0.000001"),
        (Fraction(1, 20_000), "£0.000000…"),
        (Fraction(1_234_567_895, 10), "£1,234,567.895"),
    ],
)
def test_an_exact_sum_is_written_with_its_parts_of_a_penny(pence, text):
    assert format_exact_pence(pence) == text


@pytest.mark.parametrize(
    ("text", "pence"),
    [
        ("£1.5bn", 150_000_000_000),
        ("-$600k", -60_000_000),
        (" €5 ", 500),
        ("£1,234,567.895", Fraction(1_234_567_895, 10)),
        ("£0.01 m", 1_000_000),
    ],
)
def test_a_sum_is_read_with_its_sign_and_unit(text, pence):
    assert parse_exact_pounds(text) == pence


@pytest.mark.law(
    "Rounding moves an amount by half a penny at most, a half goes away from nothing, and a loss is rounded as "
    "a gain is.",
)
@given(st.fractions(max_denominator=10**6))
def test_rounding_is_half_away_from_zero_and_odd(amount):
    rounded = round_half_away(amount)
    event("half a penny" if amount.denominator == 2 else "whole pence" if amount.denominator == 1 else "other parts")
    event("a loss" if amount < 0 else "a gain" if amount else "nothing")
    assert abs(rounded - amount) <= Fraction(1, 2)
    assert round_half_away(-amount) == -rounded
    if abs(rounded - amount) == Fraction(1, 2):
        assert abs(rounded) > abs(amount)


@pytest.mark.law("A sum that is written in pounds is read back as the same pence.")
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
