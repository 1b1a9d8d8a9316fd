"""Digest files from other organisations: what is damaged or hostile is told in findings, whatever it is."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yoc.audit.digest import CellValues, Digest, Hasher, Tree, compare_trees, contradiction, grow
from yoc.audit.digest_file import digest_text, read_digest
from yoc.core.findings import FindingsError

HASH = "a" * 64
TREE = {"contract": "", "hash": HASH, "of": {"RX1": {"hash": HASH, "of": {"03": {"hash": HASH, "of": {"AE": HASH}}}}}}
WHOLE = {
    "kind": "yoc digest",
    "format": 1,
    "year": "2026-27",
    "key_check_value": "0123abcd",
    "made_from": "files",
    "blank_totals": "rejected",
    "trees": {"submitted": TREE},
}


def faults(text: str) -> list[tuple[str, str]]:
    with pytest.raises(FindingsError) as caught:
        read_digest(text, "their.json")
    assert all(finding.file == "their.json" and finding.mend for finding in caught.value.findings)
    return [(finding.code, finding.message) for finding in caught.value.findings]


def test_a_whole_file_is_read():
    read = read_digest(json.dumps(WHOLE), "their.json")
    assert [*read.trees["submitted"].root.cells()] == [(("RX1", "03", "AE"), HASH)]
    assert read.providers() == ("RX1",)


def with_names(*names: str) -> dict:
    return WHOLE | {"trees": {"submitted": TREE | {"of": dict.fromkeys(names, TREE["of"]["RX1"])}}}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ([], "no digest"),
        ({}, "no digest"),
        (WHOLE | {"kind": "another"}, "no digest"),
        (WHOLE | {"year": "2026-28"}, "`year` is not a financial year"),
        (WHOLE | {"year": "2026/27"}, "`year` is not a financial year"),
        (WHOLE | {"key_check_value": 12345678}, "`key_check_value` is missing"),
        (WHOLE | {"key_check_value": "0123ABCD"}, "not eight hexadecimal digits"),
        (WHOLE | {"blank_totals": "some"}, "neither `counted` nor `rejected`"),
        (WHOLE | {"made_from": "943 476 5919"}, "`made_from` is missing, or no short text"),
        (WHOLE | {"lines": 3}, "the digest holds something that no digest holds"),
        (WHOLE | {"trees": {}}, "`trees` does not hold submitted or settled"),
        (WHOLE | {"trees": {"other": TREE}}, "`trees` does not hold submitted or settled"),
        (WHOLE | {"trees": {"submitted": HASH}}, "`submitted` is no tree"),
        (WHOLE | {"trees": {"settled": TREE}}, "settled > RX1 > 03 > AE holds nothing in its `of`"),
        (WHOLE | {"trees": {"submitted": TREE | {"lines": 3}}}, "submitted holds something"),
        (WHOLE | {"trees": {"submitted": TREE | {"of": {}}}}, "submitted holds nothing"),
        (WHOLE | {"trees": {"submitted": TREE | {"hash": "A" * 64}}}, "submitted has no hash of 64"),
        (WHOLE | {"trees": {"submitted": TREE | {"hash": HASH + "\n"}}}, "submitted has no hash of 64"),
        (with_names("943 476 5919"), "name number 1 in submitted looks like an NHS number"),
        (with_names("R\x1b[2J"), "name number 1 in submitted cannot be printed"),
        (with_names("RX1", "R" * 101), "name number 2 in submitted is longer than 100 characters"),
    ],
)
def test_what_is_wrong_is_told(content, words):
    found = faults(json.dumps(content))
    assert any(words in message for _, message in found), found
    assert {code for code, _ in found} == {"DIGEST-INVALID"}


def test_a_month_that_is_none():
    tree = {"hash": HASH, "of": {"RX1": {"hash": HASH, "of": {"13": {"hash": HASH, "of": {"AE": HASH}}}}}}
    content = WHOLE | {"trees": {"submitted": {"contract": "", **tree}}}
    assert faults(json.dumps(content)) == [("DIGEST-INVALID", "name number 1 in submitted > RX1 is no month")]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[" * 200_000,
        '{"a":' * 200_000,
        '{"kind":"yoc digest","kind":"yoc digest"}',
        '{"kind":"yoc digest","format":1.0}',
        '{"kind":"yoc digest","format":NaN}',
        '{"kind":"yoc digest","format":' + "9" * 5_000 + "}",
    ],
)
def test_what_cannot_be_read_as_a_digest_is_told(text):
    assert [code for code, _ in faults(text)] == ["DIGEST-INVALID"]


@pytest.mark.parametrize("form", [2, "1", True, None])
def test_another_format_is_told_as_such(form):
    assert [code for code, _ in faults(json.dumps(WHOLE | {"format": form}))] == ["DIGEST-APART"]


def test_thousands_of_faults_are_told_in_twenty():
    names = {f"R{number}": 7 for number in range(5_000)}
    assert len(faults(json.dumps(WHOLE | {"trees": {"submitted": TREE | {"of": names}}}))) == 20


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8) | st.just(HASH),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.law("Anything in the place of a part of another party's digest is read or refused with a reason.")
@given(st.sampled_from(sorted(WHOLE)), JSON)
def test_anything_in_place_of_a_part_is_read_or_told(name, value):
    try:
        read_digest(json.dumps(WHOLE | {name: value}), "their.json")
    except FindingsError as error:
        assert {finding.code for finding in error.findings} <= {"DIGEST-INVALID", "DIGEST-APART"}


@pytest.mark.law("Anything in a tree of another party's digest is read or refused with a reason.")
@given(st.sampled_from(["contract", "hash", "of"]), JSON)
def test_anything_in_a_tree_is_read_or_told(name, value):
    try:
        read_digest(json.dumps(WHOLE | {"trees": {"submitted": TREE | {name: value}}}), "their.json")
    except FindingsError as error:
        assert {finding.code for finding in error.findings} == {"DIGEST-INVALID"}


def test_no_digest_is_written_with_a_name_that_may_be_a_person():
    root = grow(Hasher(b"k" * 32, "submitted", "2026-27"), {("9434765919", "03", "AE"): CellValues(lines=1)})
    with pytest.raises(FindingsError) as caught:
        digest_text(Digest("2026-27", "0123abcd", "files", "rejected", {"submitted": Tree("", root)}))
    (finding,) = caught.value.findings
    assert (finding.code, "9434765919" in str(finding)) == ("DIGEST-INVALID", False)
    assert "looks like an NHS number" in finding.message


def test_a_branch_that_was_changed_is_noticed_without_the_key():
    hasher = Hasher(b"k" * 32, "submitted", "2026-27")
    june = {("RX1", "03", "AE"): CellValues(lines=3), ("RX1", "03", "OPFA"): CellValues(lines=5)}
    mine, theirs = grow(hasher, june), grow(hasher, june | {("RX1", "03", "AE"): CellValues(lines=4)})
    hidden = type(theirs)(mine.hash, theirs.children)
    assert compare_trees("submitted", mine, hidden).differing == (("RX1", "03", "AE"),)
    assert contradiction(mine, theirs) is None
    assert contradiction(mine, hidden) == ()
