"""People who were restated: the budget on those first counted stands, and each month is made good by a line."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from people_world import PRACTICES, budgets, lay, said, settled, stopped, units

from yoc.settlement import settle_host
from yoc.workflow.plan import read_job
from yoc.workflow.run_positions import position_of_host

QUARTERS = ("counting: person_days", "counting: quarter_snapshot")
PER_PERSON = ("rounding: on_total\n  rates", "rounding: per_person\n  rates")
# Five people under A; two of them were left out of the first file, as those of a practice that had merged.
ALL = tuple(f"P{number},PA,Regular,2020-01-01,," for number in range(1, 6))
FIRST = ALL[:3]
PERSONS = tuple(f"P{number},1980-01-01,," for number in range(1, 6))


def restated(root: Path, *edits: tuple[str, str], before=FIRST, now=ALL, plan: str = "", **more) -> dict:
    files = {"registrations_before": before} | more.pop("files", {})
    return settled(lay(root, now, *edits, persons=PERSONS, files=files, plan=plan, **more))


def lines(content: dict, host: str = "A") -> list[tuple[str, str, int]]:
    found = [line for line in content["by_host"][host]["lines"] if line["kind"] == "capitation"]
    assert sum(line["pence"] for line in found) == content["by_host"][host]["budget_pence"]
    return [(line["name"], line["label"], line["pence"]) for line in found]


def test_corrected_populations_used_from_june_make_good_april_and_may(tmp_path: Path):
    content = restated(tmp_path, plan="restated_from: 2025-06-01\n")
    # Two people more: 60 days of April at £1,200 ÷ 365 are £197.26, 62 of May £203.84; five for the year are £6,000.
    # What was first counted is £6,000 less 122 days, £401.095…
    assert lines(content) == [
        ("budget", "Budget on the people first counted", 559_890),
        ("budget.back_pay_01", "Back-pay for April", 19_726),
        ("budget.back_pay_02", "Back-pay for May", 20_384),
    ]
    april = next(line for line in content["by_host"]["A"]["lines"] if line["name"] == "budget.back_pay_01")
    assert april["formula"].startswith("+60 person-days (+0.1644 person-years) against those first counted")
    assert budgets(content) == [600_000, 0]
    # Each is an entry of its own, so that the one that was paid is never written over.
    assert [entry["pence"] for entry in content["entries"]] == [559_890, 19_726, 20_384]
    first = content["by_host"]["A"]["lines"][0]
    assert [(detail["label"], detail["pence"]) for detail in first["details"]] == [
        ("On the people first counted, for the whole year", 360_000),
        ("Months that were counted on the restated people already", 199_890),
    ]


def test_without_a_day_the_whole_year_was_paid_on_the_first_count(tmp_path: Path):
    content = restated(tmp_path)
    found = lines(content)
    assert found[0][2] == 360_000
    assert [label for _, label, _ in found[1:4]] == ["Back-pay for April", "Back-pay for May", "Back-pay for June"]
    assert len(found) == 13 and sum(pence for *_, pence in found[1:]) == 240_000


def test_by_quarters_the_months_are_those_on_whose_first_day_people_count(tmp_path: Path):
    content = restated(tmp_path, QUARTERS, plan="restated_from: 2025-10-01\n")
    assert lines(content) == [
        ("budget", "Budget on the people first counted", 480_000),
        ("budget.back_pay_01", "Back-pay for April", 60_000),
        ("budget.back_pay_04", "Back-pay for July", 60_000),
    ]
    july = next(line for line in content["by_host"]["A"]["lines"] if line["name"] == "budget.back_pay_04")
    assert july["formula"].startswith("+2 person-quarters (+0.5000 person-years)")


def test_rounded_a_person_the_months_and_the_first_count_are_the_budget_too(tmp_path: Path):
    # Three joiners on 1 October are £598.36 each, one £598.36: 364 days more and £1,196.72, which exactly is £1,196.71.
    joiners = tuple(f"P{number},PA,Regular,2025-10-01,," for number in (1, 2, 3))
    content = restated(tmp_path, PER_PERSON, before=joiners[:1], now=joiners)
    found = lines(content)
    assert (found[0][2], budgets(content)[0]) == (59_836, 3 * 59_836)
    assert [label for _, label, _ in found[1:]] == [
        f"Back-pay for {month}" for month in ("October", "November", "December", "January", "February", "March")
    ]
    # 62 days exactly are £203.835…
    assert found[1][2] in (20_383, 20_384)


def test_people_who_were_counted_too_often_are_taken_back_month_by_month(tmp_path: Path):
    content = restated(tmp_path, before=ALL, now=FIRST, plan="restated_from: 2025-06-01\n")
    assert lines(content) == [
        ("budget", "Budget on the people first counted", 400_110),
        ("budget.back_pay_01", "Back-pay for April", -19_726),
        ("budget.back_pay_02", "Back-pay for May", -20_384),
    ]
    assert [(entry["payer"], entry["payee"], entry["pence"]) for entry in content["entries"]] == [
        ("C", "A", 400_110), ("A", "C", 19_726), ("A", "C", 20_384),
    ]  # fmt: skip


def test_people_who_were_another_host_s_are_made_good_on_one_side_and_taken_on_the_other(tmp_path: Path):
    moved = (*FIRST, "P4,PB,Regular,2020-01-01,,", ALL[4])
    content = restated(tmp_path, before=moved, plan="restated_from: 2025-05-01\n")
    assert [pence for *_, pence in lines(content, "A")] == [600_000 - 9_863, 9_863]
    assert [pence for *_, pence in lines(content, "B")] == [9_863, -9_863]


def test_a_practice_map_or_lives_that_were_wrong_are_made_good_too(tmp_path: Path):
    # The first map had P1 to P5's practice close on 30 April without its successor.
    closed = ("PA,NA,2000-01-01,2025-04-30,", PRACTICES[1])
    plan = lay(tmp_path / "map", ALL, persons=PERSONS, files={"practices_before": closed})
    found = lines(settled(plan))
    # 30 days of five people; then the other eleven months.
    assert (found[0][2], len(found)) == (49_315, 12)
    assert found[1][:2] == ("budget.back_pay_02", "Back-pay for May")
    dead = (*PERSONS[:4], "P5,1980-01-01,2025-04-30,")
    found = lines(settled(lay(tmp_path / "lives", ALL, persons=PERSONS, files={"persons_before": dead})))
    assert (found[0][2], found[1][:2]) == (489_863, ("budget.back_pay_02", "Back-pay for May"))


def test_where_nothing_changed_there_is_no_back_pay(tmp_path: Path):
    content = restated(tmp_path, before=ALL)
    assert lines(content) == [("budget", "Budget on the people first counted", 600_000)]


def test_the_files_first_counted_on_are_accounted_for_and_their_faults_told(tmp_path: Path):
    content = restated(tmp_path, before=(*FIRST, "P9,PA,Regular,2020-01-01,,Left"))
    account = next(file for file in content["files"] if file["file"] == "data/registrations_before.csv")
    assert (account["kind"], account["rows"], account["used"]) == ("registrations first counted on", 4, 3)
    assert said(content, "ROW-REJECTED") == [
        "1 row rejected: to date is blank although the reason for removal says left (row 5)"
    ]
    twice = (*FIRST, FIRST[0])
    found = stopped(lay(tmp_path / "twice", ALL, persons=PERSONS, files={"registrations_before": twice}))
    assert [(finding.code, finding.file) for finding in found] == [
        ("REGISTRATION-OVERLAP", "data/registrations_before.csv")
    ]


@pytest.mark.parametrize(
    ("edits", "day", "words"),
    [
        ((), "2025-06-02", "2025-06-02 is not the first day of a later month of 2025/26"),
        ((), "2025-04-01", "2025-04-01 is not the first day of a later month of 2025/26"),
        ((), "2026-04-01", "2026-04-01 is not the first day of a later month of 2025/26"),
        ((QUARTERS,), "2025-06-01", "2025-06-01 is not the first day of a later quarter of 2025/26"),
        ((("person_days", "annual_snapshot"),), "2025-07-01", "is not meant where people count once a year"),
    ],
)
def test_payments_turn_to_the_restated_people_where_people_are_counted(tmp_path: Path, edits, day, words):
    plan = lay(
        tmp_path, ALL, *edits, persons=PERSONS, files={"registrations_before": FIRST}, plan=f"restated_from: {day}\n"
    )
    found = stopped(plan)
    assert [finding.code for finding in found] == ["PLAN-MISMATCH"]
    assert words in found[0].message


def test_a_day_without_a_file_first_counted_on_is_refused(tmp_path: Path):
    found = stopped(lay(tmp_path, ALL, persons=PERSONS, plan="restated_from: 2025-06-01\n"))
    assert "names no file on which the year was paid before" in found[0].message


def test_a_host_s_year_is_settled_again_from_its_evidence_to_the_same_lines(tmp_path: Path):
    plan = lay(
        tmp_path, ALL, persons=PERSONS, files={"registrations_before": FIRST}, plan="restated_from: 2025-06-01\n"
    )
    host = settled(plan)["by_host"]["A"]
    again = settle_host(read_job(plan).contract, position_of_host(host))
    assert [(line.line.name, line.pence) for line in again.lines] == [
        (line["name"], line["pence"]) for line in host["lines"]
    ]
    assert again.closing_pence == host["closing_pence"] == 600_000


def test_what_later_terms_work_on_is_the_whole_budget(tmp_path: Path):
    terms = "  - {id: cost, kind: activity_cost}\n"
    share = (
        "  - {id: balance, kind: balance, base: budget}\n"
        "  - {id: share, kind: bands, base: budget, gain: [{host_share: 50%}], loss: [{host_share: 50%}]}\n"
    )
    content = restated(tmp_path, (terms, terms + share))
    host = content["by_host"]["A"]
    assert (host["summary"]["budget_pence"], host["closing_pence"]) == (600_000, 300_000)


stay = st.tuples(
    st.integers(1, 5),
    st.sampled_from(("PA", "PB")),
    st.sampled_from(("2020-01-01", "2025-05-17", "2025-10-01", "2026-01-31")),
    st.sampled_from(("", "2025-06-30", "2025-09-30", "2026-03-30")),
)


def as_row(number: int, practice: str, start: str, end: str) -> str:
    return f"P{number},{practice},Regular,{start},{end if end > start else ''},"


stays = st.lists(stay, min_size=1, max_size=5, unique_by=lambda drawn: drawn[0]).map(
    lambda drawn: [as_row(*each) for each in drawn]
)


@pytest.mark.law(
    "From files: the first count's budget is that of the first files, and what is made good brings it to that "
    "of the files as they are now.",
)
@settings(max_examples=12)
@given(
    before=stays,
    now=stays,
    counting=st.sampled_from(("person_days", "quarter_snapshot", "annual_snapshot")),
    rounding=st.sampled_from(("on_total", "per_person")),
)
def test_first_counted_is_the_budget_of_the_first_files_and_the_lines_add_to_that_of_these(
    tmp_path_factory, before, now, counting, rounding
):
    edits = [("counting: person_days", f"counting: {counting}"), (PER_PERSON[0], f"rounding: {rounding}\n  rates")]
    root = tmp_path_factory.mktemp("law")
    content = restated(root / "both", *edits, before=before, now=now)
    alone = settled(lay(root / "before", before, *edits, persons=PERSONS))
    these = settled(lay(root / "now", now, *edits, persons=PERSONS))
    assert [lines(content, host)[0][2] for host in "AB"] == budgets(alone)
    assert budgets(content) == budgets(these)
    assert units(content) == units(these)
