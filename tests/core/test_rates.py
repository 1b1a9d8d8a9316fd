"""Rates are read exactly, refused where they could mean two things, and printed so that they can be read back."""

from fractions import Fraction

import pytest

from yoc.core.rates import RateError, format_decimal, format_percent, parse_number, parse_rate, parse_share


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12.5%", Fraction(1, 8)),
        (" -5 % ", Fraction(-1, 20)),
        ("2 / 3", Fraction(2, 3)),
        ("-2/3", Fraction(-2, 3)),
        ("5/1", 5),
        ("0.125", Fraction(1, 8)),
        ("-7", -7),
        (" 0/3 ", 0),
    ],
)
def test_a_number_is_read_as_it_is_written(text, number):
    assert parse_number(text) == number


@pytest.mark.parametrize("text", ["", "5/0", "1/-2", "5.%", ".5", "1,000", "1e3", "five", "5%%", "+5"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(RateError):
        parse_number(text)


@pytest.mark.parametrize(("text", "rate"), [("4.15%", Fraction(83, 2000)), ("1/4", Fraction(1, 4)), (" 0 ", 0)])
def test_a_rate_has_its_sign(text, rate):
    assert parse_rate(text) == rate


def test_a_rate_without_a_sign_is_refused_with_both_things_that_it_may_mean():
    with pytest.raises(RateError, match=r"write 4\.15% if per cent was meant, else 415%"):
        parse_rate(" 4.15 ")


@pytest.mark.parametrize(("text", "share"), [("0%", 0), ("100%", 1), ("1", 1), ("0.8", Fraction(4, 5))])
def test_a_share_lies_between_nothing_and_all(text, share):
    assert parse_share(text) == share


@pytest.mark.parametrize("text", ["-0.1%", "-1", "100.1%", "4/3", "80"])
def test_a_share_of_less_than_nothing_or_more_than_all_is_refused(text):
    with pytest.raises(RateError):
        parse_share(text)


@pytest.mark.parametrize(("text", "hint"), [(" 80 ", ": write 80% if per cent was meant"), ("101%", ""), ("4/3", "")])
def test_only_a_share_without_a_sign_may_have_lost_it(text, hint):
    with pytest.raises(RateError) as caught:
        parse_share(text)
    assert str(caught.value).endswith("between 0% and 100%" + hint)


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (Fraction(1, 8), 2, "0.13"),
        (Fraction(-1, 8), 2, "-0.13"),
        (Fraction(1, 20), 1, "0.1"),
        (Fraction(49, 1000), 1, "0.0"),
        (Fraction(123, 2), 0, "62"),
        (Fraction(7), 3, "7.000"),
        (Fraction(1, 1000), 3, "0.001"),
        (Fraction(100), None, "100"),
        (Fraction(0), None, "0"),
        (Fraction(-1, 1_000_000), None, "-0.000001"),
        (Fraction(1, 10_000_000), None, "0.000000…"),
        (Fraction(3000001, 1_000_000), None, "3.000001"),
        (Fraction(-4, 3), None, "-1.333333…"),
    ],
)
def test_a_fraction_in_decimals(value, places, text):
    assert format_decimal(value, places) == text


@pytest.mark.parametrize(
    ("rate", "text"),
    [(Fraction(1, 20), "5%"), (Fraction(-1, 3), "-1/3"), (Fraction(0), "0%"), (Fraction(30), "3000%")],
)
def test_a_rate_in_per_cent(rate, text):
    assert format_percent(rate) == text
