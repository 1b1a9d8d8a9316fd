"""Joiners, leavers, deaths, moves, leap years and closing practices, by files, with figures worked out by hand."""

from pathlib import Path

import pytest
from people_world import budgets, lay, said, settled, stopped, units

COUNTING = "counting: person_days"
ROUNDING = "rounding: on_total\n  rates"
FIVE = (
    "P1,PA,Regular,2020-01-01,,",
    "P2,PA,Regular,2020-01-01,,",
    "P3,PA,Regular,2020-01-01,,",
    # 182 days, 1 October to 31 March.
    "P4,PA,Regular,2025-10-01,,",
    # Registered to the end of time, and died on 30 June: 91 days, that of death among them.
    "P5,PA,Regular,2020-01-01,,",
)
LIVES = ("P1,1980-01-01,,", "P2,1980-01-01,,", "P3,1980-01-01,,", "P4,1980-01-01,,", "P5,1980-01-01,2025-06-30,")


@pytest.mark.parametrize(
    ("counting", "rounding", "counted", "pence"),
    [
        ("person_days", "on_total", 3 * 365 + 182 + 91, 449_753),
        ("person_days", "per_person", 1_368, 449_754),
        # The joiner is there on two first days of quarters, the one who died on one: 4 + 4 + 4 + 2 + 1 of 4.
        ("quarter_snapshot", "on_total", 15, 450_000),
        ("quarter_snapshot", "per_person", 15, 450_000),
        # On 1 April four people are there.
        ("annual_snapshot", "on_total", 4, 480_000),
    ],
)
def test_five_people_under_each_way_of_counting(tmp_path: Path, counting, rounding, counted, pence):
    edits = [(COUNTING, f"counting: {counting}"), (ROUNDING, f"rounding: {rounding}\n  rates")]
    content = settled(lay(tmp_path, FIVE, *edits, persons=LIVES))
    assert (units(content), budgets(content)) == ([counted, 0], [pence, 0])


def test_the_earlier_of_death_and_deregistration_ends_a_registration(tmp_path: Path):
    rows = ("P1,PA,Regular,2020-01-01,2025-04-10,", "P2,PA,Regular,2020-01-01,2025-04-20,")
    persons = ("P1,1980-01-01,2025-04-20,", "P2,1980-01-01,2025-04-10,")
    assert units(settled(lay(tmp_path, rows, persons=persons))) == [10 + 10, 0]


@pytest.mark.parametrize("kind", ["Temporary", "Private", "", "Emergency"])
def test_only_regular_registrations_count(tmp_path: Path, kind):
    rows = ("P1,PA,Regular,2020-01-01,,", f"P2,PA,{kind},2020-01-01,,")
    assert units(settled(lay(tmp_path, rows))) == [365, 0]


def test_who_left_on_no_day_that_is_known_counts_on_none(tmp_path: Path):
    rows = ("P1,PA,Regular,2020-01-01,,", "P2,PA,Regular,2020-01-01,,Left", "P3,PA,Regular,2020-01-01,2025-04-05,Left")
    content = settled(lay(tmp_path, rows))
    assert units(content) == [365 + 5, 0]
    assert said(content, "ROW-REJECTED") == [
        "1 row rejected: to date is blank although the reason for removal says left (row 3)"
    ]


def test_a_move_in_the_middle_of_a_month_divides_the_year_to_the_day(tmp_path: Path):
    # 1 April to 14 June under A: 30 + 31 + 14 days; from 15 June under B the other 290.
    rows = ("P1,PA,Regular,2020-01-01,2025-06-14,", "P1,PB,Regular,2025-06-15,,")
    content = settled(lay(tmp_path, rows))
    assert units(content) == [75, 290]
    assert content["by_host"]["A"]["people"][0]["units_by_month"][:3] == [30, 31, 14]
    assert content["by_host"]["B"]["people"][0]["units_by_month"][:4] == [0, 0, 16, 31]
    # £1,200 × 75 ÷ 365 = £246.575…, and × 290 ÷ 365 = £953.424…
    assert budgets(content) == [24_658, 95_342]


def test_a_leap_year_has_366_days_and_a_full_year_is_one_year_all_the_same(tmp_path: Path):
    rows = ("P1,PA,Regular,2020-01-01,,", "P2,PB,Regular,2028-02-29,2028-02-29,")
    content = settled(lay(tmp_path, rows, year="2027/28"))
    assert units(content) == [366, 1]
    # £1,200 ÷ 366 = £3.278…
    assert budgets(content) == [120_000, 328]
    assert content["by_host"]["A"]["people"][0]["units_by_month"][10] == 29


def test_a_practice_that_closes_into_one_of_another_host_takes_its_people_along(tmp_path: Path):
    practices = ("PA,NA,2000-01-01,2025-09-30,PB", "PB,NB,2000-01-01,,")
    content = settled(lay(tmp_path, ("P1,PA,Regular,2020-01-01,,",), files={"practices": practices}))
    # 1 April to 30 September are 183 days, the rest 182.
    assert units(content) == [183, 182]
    assert said(content, "MAP-GAP") == []


def test_days_after_a_practice_closed_without_a_successor_are_told(tmp_path: Path):
    practices = ("PA,NA,2000-01-01,2025-09-30,", "PB,NB,2000-01-01,,")
    rows = ("P1,PA,Regular,2020-01-01,,", "P2,PA,Regular,2020-01-01,2025-10-10,", "P3,PB,Regular,2020-01-01,,")
    content = settled(lay(tmp_path, rows, files={"practices": practices}))
    assert units(content) == [183 + 183, 365]
    assert said(content, "MAP-GAP") == [
        "practice PA is nowhere in the map from 2025-10-01 to 2026-03-31: 192 days of 2 people registered there count "
        "for no host"
    ]


def test_a_gap_between_two_rows_and_one_of_the_neighbourhood_are_told_with_both_dates(tmp_path: Path):
    practices = ("PA,NA,2000-01-01,2025-06-30,", "PA,NA,2025-08-01,,", "PB,NB,2000-01-01,,")
    neighbourhoods = ("NA,A,2000-01-01,", "NB,B,2025-05-01,")
    rows = ("P1,PA,Regular,2020-01-01,,", "P2,PB,Regular,2020-01-01,,")
    content = settled(lay(tmp_path, rows, files={"practices": practices, "neighbourhoods": neighbourhoods}))
    assert units(content) == [365 - 31, 365 - 30]
    assert [message.partition(":")[0] for message in said(content, "MAP-GAP")] == [
        "practice PA is nowhere in the map from 2025-07-01 to 2025-07-31",
        "practice PB is nowhere in the map from 2025-04-01 to 2025-04-30",
    ]


def test_a_practice_that_belongs_to_no_host_is_no_gap(tmp_path: Path):
    rows = ("P1,PA,Regular,2020-01-01,,", "P2,PC,Regular,2020-01-01,,")
    practices = ("PA,NA,2000-01-01,,", "PC,,2000-01-01,,")
    content = settled(lay(tmp_path, rows, files={"practices": practices}))
    assert (units(content), said(content, "MAP-GAP")) == ([365, 0], [])


def test_periods_that_overlap_are_told_with_both_dates(tmp_path: Path):
    practices = ("PA,NA,2000-01-01,2025-07-10,", "PA,NB,2025-07-01,,", "PB,NB,2000-01-01,,")
    neighbourhoods = ("NA,A,2000-01-01,", "NB,B,2000-01-01,", "NB,A,2025-03-01,")
    plan = lay(
        tmp_path,
        ("P1,PA,Regular,2020-01-01,,",),
        files={"practices": practices, "neighbourhoods": neighbourhoods},
    )
    found = [(finding.code, finding.message, finding.line) for finding in stopped(plan)]
    assert found == [
        ("MAP-INVALID", "neighbourhood NB: the period overlaps with the one on row 3, from 2025-03-01 on", 4),
        ("MAP-INVALID", "practice PA: the period overlaps with the one on row 2, from 2025-07-01 to 2025-07-10", 3),
    ]
