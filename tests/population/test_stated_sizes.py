"""Stated totals stop a run that does not count them; list sizes of practices are told beside the registrations."""

from pathlib import Path

import pytest
from people_world import lay, said, settled, stopped, units

from yoc.contract import read_contract
from yoc.core.findings import FindingsError

TESTED = "  segments_tested: month_start\n"
SEGMENT = "    - {id: all, name: Everybody}\n"
SEGMENTS = (
    "    - {id: old, name: Old, age: {from: 65, to: 120}}\n    - {id: rest, name: Rest, age: {from: 0, to: 64}}\n"
)
RATES = "    all: {primary: £1200}\n"
TWO_RATES = "    old: {primary: £2400}\n    rest: {primary: £1200}\n"
BY_AGE = ((SEGMENT, SEGMENTS), (RATES, TWO_RATES))
# Three under A, of whom one old and one until 31 May; one under B from 1 June.
ROWS = (
    "P1,PA,Regular,2020-01-01,,", "P2,PA,Regular,2020-01-01,,", "P3,PA,Regular,2020-01-01,2025-05-31,",
    "P3,PB,Regular,2025-06-01,,",
)  # fmt: skip
PERSONS = ("P1,1940-01-01,,", "P2,1980-01-01,,", "P3,1980-01-01,,")


def stated(text: str) -> tuple[str, str]:
    return TESTED, TESTED + "  stated:\n" + "".join(f"    {line}\n" for line in text.splitlines())


def plan(root: Path, *edits: tuple[str, str], totals: tuple[str, ...] | None = None, **more) -> Path:
    files = {"stated_totals": totals} if totals is not None else {}
    return lay(root, ROWS, *BY_AGE, *edits, persons=PERSONS, files=files | more.pop("files", {}), **more)


def contract(root: Path, *edits: tuple[str, str]) -> str:
    return (plan(root, *edits).parents[2] / "contracts/world/contract.yaml").read_text(encoding="utf-8")


PUBLISHED = """\
sizes:
  - {on: 2025-04-01, people: 6369, bands: {three: 2197, four: 3506, five: 261, six: 5}}"""


def test_published_bands_that_do_not_add_stop_a_check_and_a_run_with_both_figures(tmp_path: Path):
    with pytest.raises(FindingsError) as caught:
        read_contract(contract(tmp_path, stated(PUBLISHED)), "contract.yaml")
    message = "the bands add to 5,969 people and the total says 6,369: 400 fewer"
    assert [(finding.code, finding.message) for finding in caught.value.findings] == [("COHORT-TOTAL", message)]
    assert [finding.message for finding in stopped(plan(tmp_path, stated(PUBLISHED)))] == [message]


def test_a_cohort_of_the_stated_size_is_settled(tmp_path: Path):
    sizes = """\
sizes:
  - {on: 2025-04-01, people: 3, bands: {old: 1, rest: 2}}
  - {on: 2025-05-31, host: A, people: 3}
  - {on: 2025-06-01, host: A, people: 2, bands: {one: 1, other: 1}}
  - {on: 2025-06-01, host: B, people: 1}
  - {on: 2027-06-01, people: 99}"""
    assert units(settled(plan(tmp_path, stated(sizes)))) == [365, 0]


def test_another_size_than_was_stated_stops_the_run_with_both_figures(tmp_path: Path):
    sizes = "sizes:\n  - {on: 2025-04-01, host: A, people: 5, bands: {old: 3, rest: 2}}"
    assert [(finding.code, finding.message) for finding in stopped(plan(tmp_path, stated(sizes)))] == [
        ("COHORT-TOTAL", "host A, on 2025-04-01: 5 people are stated and 3 counted, 2 fewer; the contract allows none"),
        (
            "COHORT-TOTAL",
            "host A, segment old, on 2025-04-01: 3 people are stated and 1 counted, 2 fewer; the contract allows none",
        ),
    ]


@pytest.mark.parametrize(("within", "stops"), [(0, True), (1, True), (2, False), (3, False)])
def test_the_contract_may_allow_some_people(tmp_path: Path, within, stops):
    sizes = f"within: {within}\nsizes:\n  - {{on: 2025-04-01, people: 5}}"
    path = plan(tmp_path, stated(sizes))
    if stops:
        assert [finding.code for finding in stopped(path)] == ["COHORT-TOTAL"]
    else:
        assert units(settled(path)) == [365, 0]


def test_totals_of_a_file_by_host_segment_and_day_or_month(tmp_path: Path):
    totals = ("A,,2025-04-01,3", "A,old,2025-04,1", "B,,2025-05,0", ",,2025-06,3", "B,rest,30/06/2025,1")
    assert units(settled(plan(tmp_path, totals=totals)), 1) == [365 + 61, 304]


def test_a_total_of_a_file_that_is_not_counted_stands_at_its_row(tmp_path: Path):
    totals = ("A,,2025-05-31,3", "A,,2025-06,3", "B,rest,2025-06-01,7")
    found = [
        (finding.code, finding.file, finding.line, finding.message)
        for finding in stopped(plan(tmp_path, totals=totals))
    ]
    allows = "; the contract allows none"
    assert found == [
        ("COHORT-TOTAL", "data/stated_totals.csv", 3,
         f"host A, on 2025-06-01: 3 people are stated and 2 counted, 1 fewer{allows}"),
        ("COHORT-TOTAL", "data/stated_totals.csv", 4,
         f"host B, segment rest, on 2025-06-01: 7 people are stated and 1 counted, 6 fewer{allows}"),
    ]  # fmt: skip


def test_the_allowance_of_the_contract_holds_for_the_file_too(tmp_path: Path):
    assert settled(plan(tmp_path, stated("within: 1"), totals=("A,,2025-06,3",)))


def test_rows_that_cannot_be_used_come_at_once(tmp_path: Path):
    totals = ("PRIVATE,,2025-04-01,3", "A,none,2025-04-01,3", "A,,2026-04-01,3", "A,,April,3", "A,,2025-04,many", "A,x")
    found = stopped(plan(tmp_path, totals=totals))
    assert {(finding.code, finding.line) for finding in found} == {("FIELD-VALUE", row) for row in range(2, 8)}
    assert not [finding for finding in found if "PRIVATE" in str(finding)]


def test_a_stated_host_or_band_that_is_none_is_told_at_its_place(tmp_path: Path):
    sizes = "sizes:\n  - {on: 2025-04-01, host: X, people: 3, bands: {old: 1, rets: 2}}"
    with pytest.raises(FindingsError) as caught:
        read_contract(contract(tmp_path, stated(sizes)), "contract.yaml")
    assert [(finding.code, finding.message) for finding in caught.value.findings] == [
        ("TERM-REFERENCE", "`X` is not a host of the contract"),
        ("TERM-REFERENCE", "band `rets` is not a segment, and others of the bands are"),
    ]


SIZES = ("LIST,01APR2025,PA,4", "LIST,01APR2025,PB,0", "LIST,01APR2025,ZZ,900")


def test_each_practice_whose_list_differs_is_told_with_both_figures_and_all_of_them_too(tmp_path: Path):
    content = settled(plan(tmp_path, files={"list_sizes": SIZES}))
    assert said(content, "LIST-SIZE") == [
        "practice PA on 2025-04-01: 4 people are on its list and 3 registered, 1 fewer",
        "on 2025-04-01 2 practices of the map: 4 people are on their lists and 3 registered, 1 fewer",
    ]


def test_a_tolerance_is_a_rate_of_the_list(tmp_path: Path):
    for tolerance, number in (("24%", 2), ("25%", 1)):
        content = settled(
            plan(tmp_path / tolerance, files={"list_sizes": SIZES}, plan=f"list_size_tolerance: {tolerance}\n")
        )
        assert len(said(content, "LIST-SIZE")) == number


def test_a_merged_practice_shows_on_both_sides(tmp_path: Path):
    # PA's people are on PB's list since a merger that the registrations do not know.
    content = settled(plan(tmp_path, files={"list_sizes": ("LIST,01JUN2025,PB,3",)}))
    assert said(content, "LIST-SIZE") == [
        "practice PB on 2025-06-01: 3 people are on its list and 1 registered, 2 fewer",
        "on 2025-06-01 1 practices of the map: 3 people are on their lists and 1 registered, 2 fewer; 2 people are "
        "registered with 1 practices without a list",
    ]


def test_the_dead_and_those_who_left_are_not_registered_on_the_day_and_equal_lists_say_nothing(tmp_path: Path):
    persons = (*PERSONS[:2], "P3,1980-01-01,2025-04-30,")
    path = plan(
        tmp_path,
        files={"list_sizes": ("LIST,01MAY2025,PA,2", "LIST,01MAY2025,PB,0")},
    )
    (tmp_path / "data/persons.csv").write_text(
        "PSEUDO NHS NUMBER,PERSON BIRTH DATE,PERSON DEATH DATE,BODY MASS INDEX\n" + "\n".join(persons) + "\n"
    )
    assert said(settled(path), "LIST-SIZE") == []


def test_list_sizes_that_cannot_be_used_come_at_once(tmp_path: Path):
    rows = (*SIZES, "LIST,01APR2025,PA,4", "LIST,31APR2025,PA,4", "LIST,01APR2025,PC,few", "LIST,x")
    found = stopped(plan(tmp_path, files={"list_sizes": rows}))
    assert [(finding.code, finding.line) for finding in sorted(found, key=lambda finding: finding.line)] == [
        ("FIELD-VALUE", row) for row in range(5, 9)
    ]
    alone = stopped(plan(tmp_path, plan="list_size_tolerance: 1%\n"))
    assert [finding.message for finding in alone] == ["a tolerance is given for list sizes, and the plan names none"]
