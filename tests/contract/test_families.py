"""Contracts that build on others: what they take, what they move, what they leave out, and every refusal."""

import pytest

from yoc.contract.family import read_family
from yoc.core.findings import FindingsError

BASE = """
title: Base
position: {benchmark: {kind: money}, spend: {kind: money}}
values: {share: 40%, limit: 10%}
terms:
  - {id: saving, kind: balance, of: benchmark, less: spend}
  - {id: cut, kind: statutory_cut, rate: 2%, taken_from: gains}
  - {id: limited, kind: cap, gain: [{rate: limit, of: benchmark}]}
"""


def family(text: str, **others: str):
    files = {"base.yaml": BASE} | {f"{name}.yaml": other for name, other in others.items()}
    return read_family(text, "own.yaml", lambda _, name: (files[name], name))


def ids(text: str, **others: str) -> list[str]:
    return [term["id"] for term in family(text, **others).content["terms"]]


def problem(text: str, **others: str):
    with pytest.raises(FindingsError) as caught:
        family(text, **others)
    (finding,) = caught.value.findings
    return finding


@pytest.mark.parametrize(
    ("terms", "order"),
    [
        ("[{id: cut, after: limited}]", ["saving", "limited", "cut"]),
        ("[{id: limited, before: cut}]", ["saving", "limited", "cut"]),
        ("[{id: cut, kind: relief, sum: $1, before: saving}]", ["cut", "saving", "limited"]),
        ("[{id: new, kind: payment}]", ["saving", "cut", "limited", "new"]),
        ("[{id: new, kind: payment, before: cut}]", ["saving", "new", "cut", "limited"]),
        ("[{id: one, kind: payment, after: cut}, {id: two, kind: payment, after: one}]",
         ["saving", "cut", "one", "two", "limited"]),
    ],
)  # fmt: skip
def test_a_term_stands_where_it_is_put(terms, order):
    assert ids(f"based_on: base.yaml\nterms: {terms}") == order


def test_a_term_that_only_moves_keeps_all_its_fields():
    document = family("based_on: base.yaml\nterms: [{id: cut, after: limited}]")
    assert document.content["terms"][2] == {
        "id": "cut", "kind": "statutory_cut", "rate": "2%", "taken_from": "gains",
    }  # fmt: skip
    assert document.places["terms", 2, "rate"].file == "base.yaml"
    assert document.places["terms", 2].file == ""


def test_inputs_and_values_can_be_left_out_like_terms():
    text = "based_on: base.yaml\nwithout: [benchmark, limit, limited]\nvalues: {other: 1%}"
    content = family(text).content
    assert list(content["position"]) == ["spend"]
    assert content["values"] == {"share": "40%", "other": "1%"}
    assert [term["id"] for term in content["terms"]] == ["saving", "cut"]


def test_each_of_several_bases_says_what_it_says_over_the_one_before():
    track = "based_on: base.yaml\nvalues: {share: 50%, limit: 20%}"
    year = "values: {limit: 15%}\nterms: [{id: cut, after: limited}]"
    document = family("based_on: [track.yaml, year.yaml]\ntitle: Both", track=track, year=year)
    assert document.content["values"] == {"share": "50%", "limit": "15%"}
    assert [term["id"] for term in document.content["terms"]] == ["saving", "limited", "cut"]
    assert {name: document.places["values", name].file for name in ("share", "limit")} == {
        "share": "track.yaml", "limit": "year.yaml",
    }  # fmt: skip
    assert document.places["terms", 0].file == "base.yaml"
    assert document.content["title"] == "Both"


def test_a_file_on_which_two_bases_build_does_not_undo_what_the_first_of_them_said():
    track, year = "based_on: base.yaml\nvalues: {share: 50%}", "based_on: base.yaml\nvalues: {limit: 15%}"
    content = family("based_on: [track.yaml, year.yaml]", track=track, year=year).content
    assert content["values"] == {"share": "50%", "limit": "15%"}


@pytest.mark.parametrize(
    ("text", "others", "words"),
    [
        ("based_on: base.yaml\nterms: [{id: cut, after: gone}]", {}, "`after"),
        ("based_on: base.yaml\nterms: [{id: cut, before: gone}]", {}, "`before"),
        ("based_on: base.yaml\nterms: [{id: cut, before: saving, after: limited}]", {}, "and not both"),
        ("based_on: base.yaml\nwithout: [gone]", {}, "`without` names `gone`"),
        ("based_on: []", {}, "`based_on` names"),
        ("based_on: [base.yaml, {a: b}]", {}, "`based_on` names"),
        ("based_on: [base.yaml, own.yaml]", {"own": "based_on: [base.yaml, own.yaml]"}, "in a circle"),
        ("based_on: [base.yaml, words.yaml]", {"words": "just words"}, "is no contract"),
    ],
)
def test_what_a_family_cannot_mean_is_refused(text, others, words):
    assert words in problem(text, **others).message
