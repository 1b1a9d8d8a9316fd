"""Segments whose people a list names, beside segments that are rules, tested on the contract's days."""

from pathlib import Path

import pytest
from people_world import lay, said, settled, stopped, units

from yoc.contract import read_contract
from yoc.core.findings import FindingsError

RULE = "    - {id: all, name: Everybody}\n"
TWO = (
    RULE.replace("name: Everybody", "name: Rest, age: {from: 0, to: 64}")
    + "    - {id: frail, name: Frail, list: yes}\n"
)
THREE = TWO + "    - {id: young, name: Young, list: yes}\n"
RATES = "    all: {primary: £1200}\n"
OLD = ("P1,1940-01-01,,", "P2,1940-01-01,,", "P3,1980-01-01,,")
ROWS = ("P1,PA,Regular,2020-01-01,,", "P2,PB,Regular,2020-01-01,,", "P3,PA,Regular,2020-01-01,,")


def plan(root: Path, *listed: str, segments: str = TWO, header: str | None = None, persons=OLD) -> Path:
    rates = RATES + "".join(
        f"    {name}: {{primary: £2400}}\n" for name in ("frail", "young") if f"{name}," in segments
    )
    headers = {"segment_lists": header} if header else {}
    return lay(
        root, ROWS, (RULE, segments), (RATES, rates), persons=persons, files={"segment_lists": listed}, headers=headers
    )


def test_those_whom_the_list_names_are_in_its_segment_all_year(tmp_path: Path):
    content = settled(plan(tmp_path, "P1,frail,,", "P2,frail,2020-01-01,"))
    assert (units(content, 0), units(content, 1)) == ([365, 0], [365, 365])


def test_a_list_without_dates_needs_no_columns_for_them(tmp_path: Path):
    content = settled(plan(tmp_path, "P1,frail", header="NHS NUMBER,SEGMENT"))
    assert units(content, 1) == [365, 0]


def test_a_list_is_asked_on_the_days_of_the_test_and_answers_until_the_next(tmp_path: Path):
    # Tested on the first of each month: named from 15 April to 1 June, so in the segment for May and June.
    content = settled(plan(tmp_path, "P1,frail,2025-04-15,2025-06-01"))
    assert content["by_host"]["A"]["people"][1]["units_by_month"] == [0, 31, 30] + [0] * 9


def test_a_person_on_two_lists_stops_the_run(tmp_path: Path):
    found = stopped(plan(tmp_path, "P1,frail,,", "P1,young,,", "P2,young,,", segments=THREE))
    assert [(finding.code, finding.message) for finding in found] == [
        ("SEGMENT-OVERLAP", "segments frail and young both claim 1 people")
    ]


def test_a_person_on_a_list_whom_a_rule_takes_too_stops_the_run(tmp_path: Path):
    found = stopped(plan(tmp_path, "P1,frail,,", "P3,frail,,"))
    assert [(finding.code, finding.message) for finding in found] == [
        ("SEGMENT-OVERLAP", "segments all and frail both claim 1 people")
    ]
    assert "P3" not in str(found)


def test_lists_that_follow_each_other_are_no_overlap(tmp_path: Path):
    content = settled(plan(tmp_path, "P1,frail,,2025-06-30", "P1,young,2025-07-01,", segments=THREE))
    assert (units(content, 1), units(content, 2)) == ([91, 0], [274, 0])


def test_what_cannot_be_used_of_a_list_is_counted_and_names_nobody(tmp_path: Path):
    rows = ("P1,frail,,", "P2,fragile,,", "P2,all,,", "P77,frail,,", "P78,frail,,", "P78,frail,,", ",frail,,",
            "P2,frail,soon,", "P2,frail,2025-05-02,2025-05-01")  # fmt: skip
    content = settled(plan(tmp_path, *rows))
    assert (units(content, 0), units(content, 1)) == ([365, 0], [365, 0])
    assert said(content, "LIST-UNMATCHED") == [
        "2 people on the lists of segments are in no file of people, and count in no segment"
    ]
    assert sorted(said(content, "ROW-REJECTED")) == [
        "1 row rejected: from date is not a date (row 9)",
        "1 row rejected: person key is blank (row 8)",
        "1 row rejected: to date is before the from date (row 10)",
        "2 rows rejected: segment is no list of the contract (row 3, 4)",
    ]
    assert "P77" not in str(content["findings"])
    account = next(file for file in content["files"] if file["kind"] == "segment_lists")
    assert (account["rows"], account["used"], account["rejected"]) == (9, 4, 5)


def test_a_listed_person_without_a_persons_row_counts_in_no_segment_and_is_told(tmp_path: Path):
    content = settled(plan(tmp_path, "P1,frail,,", "P2,frail,,", persons=(OLD[0], OLD[2])))
    assert (units(content, 0), units(content, 1)) == ([365, 0], [365, 0])
    assert said(content, "PERSON-MISSING") == [
        "1 registered people have no row in the persons file and count in no segment"
    ]


def test_a_plan_and_a_contract_have_lists_both_or_neither(tmp_path: Path):
    with_no_list = lay(tmp_path / "one", ROWS, (RULE, TWO), (RATES, RATES + "    frail: {primary: £1}\n"), persons=OLD)
    assert [finding.message for finding in stopped(with_no_list)] == [
        "the contract supplies the people of frail as lists, and the plan names none"
    ]
    not_asked = lay(tmp_path / "two", ROWS, persons=OLD, files={"segment_lists": ["P1,frail,,"]})
    assert [(finding.code, finding.message) for finding in stopped(not_asked)] == [
        ("PLAN-MISMATCH", "the plan names lists of segments, and no segment of the contract is a list")
    ]


def test_a_list_has_no_rule_beside_it(tmp_path: Path):
    path = lay(tmp_path, ROWS).parents[2] / "contracts/world/contract.yaml"
    text = path.read_text(encoding="utf-8").replace("name: Everybody}", "name: Everybody, list: yes, bmi_over: 30}")
    with pytest.raises(FindingsError) as caught:
        read_contract(text, "contract.yaml")
    assert "segment `all` is a list and has a rule too" in caught.value.findings[0].message
