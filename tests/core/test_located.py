import pytest
from hypothesis import given
from hypothesis import strategies as st

from yoc.core.findings import FindingsError
from yoc.core.located import read_document


def test_values_stay_text_where_ordinary_loading_guesses():
    document = read_document("a: no\nb: 012\nc: 12:30\nd: 1.10\ne: 2026-04-01\n", "x.yaml")
    assert document.content == {"a": "no", "b": "012", "c": "12:30", "d": "1.10", "e": "2026-04-01"}


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a: 1\nb:\n  c: 1\n  c: 2\n", "YAML-DUPLICATE", 4),
        ("a: &x 1\nb: *x\n", "YAML-FEATURE", 1),
        ("a:\n  <<: {b: 1}\n", "YAML-FEATURE", 2),
        ("a: !!python/object:os.system x\n", "YAML-FEATURE", 1),
        ("a: [1, 2\n", "YAML-SYNTAX", 1),
        ("a: 1\n---\nb: 2\n", "YAML-SYNTAX", 2),
        ("? [a, b]\n: 1\n", "YAML-FEATURE", 1),
    ],
)
def test_what_hides_text_is_refused_at_its_place(text, code, line):
    with pytest.raises(FindingsError) as caught:
        read_document(text, "x.yaml")
    assert (caught.value.findings[0].code, caught.value.findings[0].line) == (code, line)


@pytest.mark.law("Any text given as a contract is read or refused with a named reason; it never ends the program.")
@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_never_a_crash(text):
    try:
        read_document(text, "x.yaml")
    except FindingsError as error:
        assert all(finding.code.startswith("YAML-") for finding in error.findings)


@pytest.mark.parametrize(
    ("text", "place", "mend"),
    [
        ("add: [€1,750, €0]", (1, 10), "€30000 or €30k"),
        ("largest:\n  [$2, $12,345.50]", (2, 12), "$30000 or $30k"),
        ("smallest: [-£1,750k, £1800]", (1, 16), "£30000 or £30k"),
        ("values: {smallest: [£1, 750]}", (1, 25), "£30000 or £30k"),
        ("values: {a: €30,000, b: €1}", (1, 17), "€30000 or €30k"),
    ],
)
def test_a_sum_that_is_cut_at_its_comma_is_refused_with_its_own_sign(text, place, mend):
    with pytest.raises(FindingsError) as caught:
        read_document(text, "contract.yaml")
    (finding,) = caught.value.findings
    assert (finding.code, finding.line, finding.column) == ("YAML-SYNTAX", *place)
    assert "the rest of a sum that was cut at its comma" in finding.message
    assert mend in finding.mend


@pytest.mark.parametrize(
    "text", ['a: ["€1,750", €0]', "a: [€1750, €0]", "a: [£1, 75]", "a: [1, 750]", "a:\n- £1\n- 750"]
)
def test_what_is_no_sum_cut_at_its_comma_is_read(text):
    assert len(read_document(text, "contract.yaml").content["a"]) == 2


def test_a_quotation_mark_that_is_missing_above_is_asked_for():
    with pytest.raises(FindingsError) as caught:
        read_document('title: "A contract\nversion: "1"\nstatus: live\n', "contract.yaml")
    (finding,) = caught.value.findings
    assert "a quotation mark is missing on a line above" in finding.mend
