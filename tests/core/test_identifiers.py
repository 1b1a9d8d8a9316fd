from fractions import Fraction

import pytest

from yoc.core.findings import Finding, Level
from yoc.core.identifiers import (
    canonical_json,
    is_nhs_number,
    key_check_value,
    masked,
    pseudonym,
    run_id,
    sha256_text,
    ten_digits,
)
from yoc.core.periods import FinancialYear


def test_one_spelling_for_what_is_the_same():
    text = '{"a":[true,null,-1],"b":{"c":"£é"}}'
    assert canonical_json({"b": {"c": "£é"}, "a": (True, None, -1)}) == text
    assert canonical_json({"a": [True, None, -1], "b": {"c": "£é"}}) == text


@pytest.mark.parametrize("value", [0.5, {"a": {"b": 0.5}}, ["a", [0.5]], (1, 0.5), Fraction(1, 2), {"a": b"x"}])
def test_what_has_more_than_one_spelling_is_refused(value):
    with pytest.raises(TypeError):
        canonical_json(value)


def test_the_hash_is_of_the_text_in_utf_8():
    assert sha256_text("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert sha256_text("£") == "b4fe151e413445357b1c0935e7cf04a429492ebd23dc62bfadb2f898c431c1fd"


def test_the_run_begins_with_its_year_and_has_twelve_digits_of_its_inputs():
    assert run_id(FinancialYear(2026), {"a": 1}).startswith("2026-27-")
    assert run_id(FinancialYear(2026), {"a": 1}) != run_id(FinancialYear(2026), {"a": 2})
    assert len(run_id(FinancialYear(2026), {"a": 1})) == len("2026-27-") + 12


KEY = bytes(range(32))


@pytest.mark.parametrize("number", ["9434765919", "9876543210", "4010232137"])
def test_each_digit_of_a_number_is_checked(number: str):
    assert is_nhs_number(number)
    for place, digit in enumerate(number):
        for other in set("0123456789") - {digit}:
            assert not is_nhs_number(number[:place] + other + number[place + 1 :]), "one wrong digit is always seen"


@pytest.mark.parametrize(
    "text", ["943 476 5919", "943-476-5919", " 9434765919 ", "943\u00a0476\u00a05919", "9434765919.0", "943476 5919"]
)
def test_a_number_is_one_number_in_every_form(text: str):
    assert (ten_digits(text), is_nhs_number(text)) == ("9434765919", True)
    assert pseudonym(KEY, text) == pseudonym(KEY, "9434765919")


@pytest.mark.parametrize(
    "text", ["", "943476591", "94347659199", "94 3476 5919", "9434765919.5", "S434765919", "９４３４７６５９１９"]
)
def test_what_has_another_form_is_none(text: str):
    assert (ten_digits(text), is_nhs_number(text)) == ("", False)


def test_ten_equal_digits_are_nobody_and_a_check_of_ten_is_none():
    assert not any(is_nhs_number(str(digit) * 10) for digit in range(10))
    # 1 × 10 + 4 × 9 = 46 needs 9 more to 55, and 1 × 10 needs 1 to 11; 1 × 10 + 1 × 2 = 12 needs 10 to 22, no digit.
    assert is_nhs_number("1400000009") and is_nhs_number("1000000001")
    assert not any(is_nhs_number(f"100000001{digit}") for digit in range(10))


def test_no_finding_repeats_a_number():
    """Columns may be mixed up: where a practice should stand there may be a person."""
    finding = Finding("PRACTICE-UNKNOWN", Level.SUBMISSION, "practice 943 476 5919 is unknown", "ask for 9876543210")
    assert (finding.message, finding.mend) == ("practice *** *** **** is unknown", "ask for **********")
    assert masked("run 2026-27-9434765919ab, row 1234567890, £9,434,765,919.00") == (
        "run 2026-27-9434765919ab, row 1234567890, £9,434,765,919.00"
    )


def test_a_pseudonym_is_the_keyed_hash_of_the_digits():
    """HMAC-SHA-256 of `person:9434765919` under the bytes 0 to 31, worked out with `openssl dgst -mac HMAC`."""
    assert pseudonym(KEY, "9434765919") == "P5adc2781c416bba26edd1a65d71894ed"
    assert pseudonym(KEY, " ab12 ") == pseudonym(KEY, "AB12") != pseudonym(KEY, "AB13")
    assert not ten_digits(pseudonym(KEY, "9434765919"))
    assert key_check_value(KEY) not in pseudonym(KEY, "key check value")
