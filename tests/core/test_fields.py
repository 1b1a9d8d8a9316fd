"""The fields that people write: what each reads, exactly, and what it refuses and why."""

import datetime as dt
from fractions import Fraction

import pytest

from yoc.core.fields import (
    KNOWN_FIELDS,
    AboveZero,
    Count,
    Day,
    Index,
    Model,
    Name,
    Pence,
    Rate,
    Share,
    SignedPence,
    Text,
    Year,
    YesNo,
)
from yoc.core.findings import Finding, FindingsError, Level, stop_if_any
from yoc.core.located import read_document, read_model
from yoc.core.periods import FinancialYear


class Everything(Model):
    above: AboveZero | None = None
    count: Count | None = None
    day: Day | None = None
    index: Index | None = None
    name: Name | None = None
    pence: Pence | None = None
    rate: Rate | None = None
    share: Share | None = None
    signed: SignedPence | None = None
    text: Text | None = None
    year: Year | None = None
    yes: YesNo | None = None
    is_: Text | None = None


def read(text: str) -> Everything:
    return read_model(read_document(text, "f.yaml"), Everything)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("above: 22746.360246", Fraction(22746360246, 1_000_000)),
        ("above: '5.'", 5),
        ("above: ' 0.5 '", Fraction(1, 2)),
        ("count: 0", 0),
        ("count: ' 12 '", 12),
        ("day: 2026-04-01", dt.date(2026, 4, 1)),
        ("index: 1.041377", Fraction(1041377, 1_000_000)),
        ("name: a-B_1.x", "a-B_1.x"),
        ("pence: £30k", 3_000_000),
        ("pence: £0", 0),
        ("rate: -5%", Fraction(-1, 20)),
        ("share: 100%", 1),
        ("signed: -£40k", -4_000_000),
        ("text: '  words  '", "words"),
        ("year: 2026/27", FinancialYear(2026)),
        ("yes: yes", True),
        ("yes: No", False),
    ],
)
def test_what_a_field_reads(text, value):
    assert getattr(read(text), text.partition(":")[0]) == value


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("above: 0", "FIELD-VALUE", "not a number above zero"),
        ("above: 0.0", "FIELD-VALUE", "not a number above zero"),
        ("above: -1", "FIELD-VALUE", "not a number above zero"),
        ("above: 1.x", "FIELD-VALUE", "not a number above zero"),
        ("above: x.1", "FIELD-VALUE", "not a number above zero"),
        ("above: .5", "FIELD-VALUE", "not a number above zero"),
        ("count: -1", "FIELD-VALUE", "not a whole number"),
        ("count: '1.0'", "FIELD-VALUE", "not a whole number"),
        ("day: 1 April", "FIELD-VALUE", "not a date"),
        ("index: 1.0413771", "FIELD-VALUE", "more than six decimals"),
        ("index: 0", "FIELD-VALUE", "not a number above zero"),
        ("name: a b", "FIELD-VALUE", "is not a name"),
        ("name: ''", "FIELD-VALUE", "is not a name"),
        ("pence: -£1", "FIELD-VALUE", "below nothing"),
        ("pence: £0.001", "FIELD-VALUE", "part of a penny"),
        ("pence: 30k", "FIELD-VALUE", "not a sum of money"),
        ("rate: 4.15", "FIELD-VALUE", "has no sign"),
        ("share: 101%", "RATE-OVER-WHOLE", "more than the whole"),
        ("share: -1%", "FIELD-VALUE", "below nothing"),
        ("text: ' '", "FIELD-VALUE", "some text is needed"),
        ("year: 2026/28", "FIELD-VALUE", "do not follow each other"),
        ("yes: maybe", "FIELD-VALUE", "neither yes nor no"),
        ("rate: [1%]", "FIELD-VALUE", "a single value is needed here"),
        ("rate: {a: 1%}", "FIELD-VALUE", "a single value is needed here"),
    ],
)
def test_what_a_field_refuses(text, code, words):
    with pytest.raises(FindingsError) as caught:
        read(text)
    (finding,) = caught.value.findings
    assert (finding.code, finding.line) == (code, 1)
    assert words in f"{finding.message}: {finding.mend}"


def test_every_name_of_a_field_is_known_for_spelling_without_its_last_underscore():
    assert {"above", "signed", "is"} <= KNOWN_FIELDS
    assert "is_" not in KNOWN_FIELDS


@pytest.mark.parametrize(
    ("finding", "place", "fields"),
    [
        (Finding("ENCODING", Level.WARNING, "m", "n", "f.yaml", 3, 7, "x", 2), "f.yaml:3:7", 9),
        (Finding("ENCODING", Level.WARNING, "m", file="f.yaml", line=3), "f.yaml:3", 5),
        (Finding("ENCODING", Level.WARNING, "m", file="f.yaml"), "f.yaml", 4),
        (Finding("ENCODING", Level.WARNING, "m", line=3, column=7), "3:7", 5),
        (Finding("ENCODING", Level.WARNING, "m"), "", 3),
    ],
)
def test_a_finding_says_its_place_as_far_as_it_is_known(finding, place, fields):
    assert finding.place() == place
    assert len(finding.as_dict()) == fields
    assert finding.as_dict()["message"] == "m"


def test_a_code_that_is_not_registered_is_a_fault_of_the_software():
    with pytest.raises(KeyError):
        Finding("NO-SUCH", Level.WARNING, "m")


def test_findings_stop_a_run_with_all_of_them_where_one_does():
    warning = Finding("ENCODING", Level.WARNING, "a")
    stops = Finding("FIELD-VALUE", Level.SUBMISSION, "b")
    stop_if_any([])
    stop_if_any([warning])
    with pytest.raises(FindingsError) as caught:
        stop_if_any(finding for finding in (warning, stops))
    assert caught.value.findings == (warning, stops)
    assert str(caught.value) == "ENCODING: a; FIELD-VALUE: b"
