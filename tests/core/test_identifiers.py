from fractions import Fraction

import pytest

from yoc.core.identifiers import canonical_json, run_id, sha256_text
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
