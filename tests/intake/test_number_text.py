"""Numbers as finance departments write them: one text has one exact value, or is refused with the reason."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from yoc.intake.number_text import NumberTextError, parse_number_text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", "12"), ("12.345", "12.345"), (" 1,234,567.89 ", "1234567.89"), ("1 234.5", "1234.5"),
        ("1\u00a0234\u202f567", "1234567"), ("1'234", "1234"), ("1’234.50", "1234.5"), ("-5", "-5"), ("5-", "-5"),
        ("1,234.56-", "-1234.56"), ("(1,234.56)", "-1234.56"), ("£(5)", "-5"), ("(£5.00)", "-5"), ("£-5", "-5"),
        ("-$5", "-5"), ("€ 1,000", "1000"), ("+7", "7"), ("−3.5", "-3.5"), ("1.5e6", "1500000"), ("2E-3", "0.002"),
        ("0.1", "0.1"), (".5", "0.5"), ("007", "7"), ("- 4", "-4"), ("0", "0"),
    ],
)  # fmt: skip
def test_a_number_is_exact(text, value):
    assert parse_number_text(text).value == Fraction(value)


def test_the_sign_of_a_currency_or_a_percentage_is_kept():
    number = parse_number_text("($1,000)")
    assert (number.value, number.currency, number.is_percent) == (Fraction(-1000), "$", False)
    assert parse_number_text("-0.5 %") == parse_number_text("(0.5%)")
    assert (parse_number_text("89.41%").value, parse_number_text("89.41%").is_percent) == (Fraction("89.41"), True)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1.234,56", "a comma after a full stop"),
        ("1.234.567,8", "a comma after a full stop"),
        ("1234,56", "do not part groups of three"),
        ("1,23", "do not part groups of three"),
        ("0,123", "do not part groups of three"),
        ("1,2345", "do not part groups of three"),
        ("12.34.5", "do not part groups of three"),
        ("12.", "do not part groups of three"),
        ("1,234 567", "do not part groups of three"),
        ("--5", "signs that contradict"),
        ("(-5)", "signs that contradict"),
        ("(5", "signs that contradict"),
        ("5)", "signs that contradict"),
        ("£$5", "signs that contradict"),
        ("5%%", "signs that contradict"),
        ("1e999", "too large or too small"),
        ("9" * 61, "too long"),
        ("", "is not a number"),
        ("£", "is not a number"),
        ("-", "contradict|not a number"),
        ("n/a", "is not a number"),
        ("NaN", "is not a number"),
        ("inf", "is not a number"),
        ("0x10", "is not a number"),
        ("1_000", "is not a number"),
        ("1/2", "is not a number"),
        ("٣", "is not a number"),
        ("5€", "is not a number"),
        ("1,234e5", "is not a number"),
        ("#N/A", "is not a number"),
    ],
)
def test_anything_else_is_refused_with_its_reason(text, words):
    with pytest.raises(NumberTextError, match=words):
        parse_number_text(text)


@pytest.mark.law(
    "Every usual way of writing a sum, with commas, brackets, pound signs or a minus at either end, gives that sum.",
)
@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12))
def test_every_way_of_writing_a_sum_gives_that_sum(value: Decimal):
    exact, size = Fraction(value), abs(value)
    minus = "-" if value < 0 else ""
    event("below nothing" if value < 0 else "nothing or more")
    ways = [f"{value:f}", f"{value:,f}", f"{minus}£{size:,f}", f"£{minus}{size:f}", f"{size:,f}{minus}"]
    ways.append(f"({size:,f})" if value < 0 else f"+{size:f}")
    assert [parse_number_text(way).value for way in ways] == [exact] * len(ways)


@pytest.mark.law("Any text is read as an exact number or refused with a reason.")
@given(st.text(max_size=20))
def test_no_text_brings_anything_but_a_number_or_a_reason(text):
    try:
        assert isinstance(parse_number_text(text).value, Fraction)
    except NumberTextError as error:
        assert str(error)
