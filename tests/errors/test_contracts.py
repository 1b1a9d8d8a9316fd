"""Every bad contract brings its code at its place, in words that say what is wrong and how to mend it."""

import re
from pathlib import Path

import pytest
from bad_contracts import BAD_CONTRACTS, LOOK_AT, SHARED, WORKED, BadContract

from yoc.core.findings import Finding, Level

INTERNAL = re.compile(
    r"Input should|valid \w+ (?:dictionary|integer)|Tuple|pydantic|validation|by_year|Plain|Fraction|NoneType|"
    r"value_error|\bdict\b|\bstr\b|\bint\b|Traceback|Error:|\[Errno"
)


@pytest.mark.parametrize("bad", BAD_CONTRACTS, ids=lambda bad: bad.name)
def test_a_bad_contract_is_told_at_its_place_with_its_mend(bad: BadContract, tmp_path: Path):
    findings = bad.findings(tmp_path)
    line, column = bad.line_and_column()
    said = [f"{found.code} {found.place()} {found.message} MEND {found.mend}" for found in findings]
    (found,) = [found for found in findings if found.code == bad.code and bad.words in found.message][:1] or [None]
    assert found is not None, said
    assert bad.mend in found.mend, said
    if bad.at:
        assert (found.file, found.line, found.column) == (bad.where, line, column), said
    others = [
        other for other in findings if other.code not in (bad.code, *bad.also) and other.level is Level.SUBMISSION
    ]
    assert not others, said
    speaks_to_a_contract_manager(findings, bad.code)


def speaks_to_a_contract_manager(findings: tuple[Finding, ...], code: str) -> None:
    for found in findings:
        words = f"{found.message} {found.mend}"
        assert not INTERNAL.search(words), words
        assert len(found.message) < 400 and len(found.excerpt) <= 160
        assert found.mend or code != found.code or ":" in found.message or "`" in found.message, words


def test_the_contract_that_is_spoilt_has_nothing_to_look_at(tmp_path: Path):
    good = BadContract("good", "", "", "", "", {"contract.yaml": SHARED, "examples.yaml": WORKED})
    assert good.findings(tmp_path) == ()


def test_what_is_to_be_looked_at_never_stops_a_contract(tmp_path: Path):
    for number, bad in enumerate(LOOK_AT):
        folder = tmp_path / str(number)
        folder.mkdir()
        levels = {found.level for found in bad.findings(folder)}
        assert levels == {Level.WARNING} or bad.name == "rate that is not agreed", bad.name
