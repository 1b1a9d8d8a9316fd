"""The people of the sample, counted again from the files by the rules of the segments."""

import datetime as dt
import re
from collections import Counter, defaultdict
from itertools import pairwise

COUNTED = {"hypertension", "diabetes", "anxiety", "depression", "chronic_pain"}
START, END = dt.date(2026, 4, 1), dt.date(2027, 3, 31)
OPEN = dt.date(9999, 12, 31)


def date(text: str, blank: dt.date = OPEN) -> dt.date:
    return dt.date.fromisoformat(text) if text else blank


def age_on(birth: dt.date, day: dt.date) -> int:
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def conditions_by(sample, day: dt.date) -> Counter[str]:
    counts: Counter[str] = Counter()
    for row in sample.table("conditions.csv"):
        if row["CONDITION"] in COUNTED and date(row["DIAGNOSIS DATE"]) <= day:
            counts[row["PSEUDO NHS NUMBER"]] += 1
    return counts


def segments_on(sample, day: dt.date) -> dict[str, str]:
    conditions = conditions_by(sample, day)
    found = {}
    for row in sample.table("persons.csv"):
        key = row["PSEUDO NHS NUMBER"]
        age = age_on(date(row["PERSON BIRTH DATE"]), day)
        heavy = row["BODY MASS INDEX"] != "" and float(row["BODY MASS INDEX"]) > 30
        if 20 <= age <= 64 and conditions[key] >= 3:
            found[key] = "core"
        elif 20 <= age <= 64 and conditions[key] == 2:
            found[key] = "risk_one"
        elif 40 <= age <= 64 and conditions[key] == 1 and heavy:
            found[key] = "risk_two"
    return found


def registered_on(sample, day: dt.date) -> dict[str, str]:
    """Key to practice of those alive and regularly registered on a day with a practice that has a neighbourhood."""
    deaths = {row["PSEUDO NHS NUMBER"]: date(row["PERSON DEATH DATE"]) for row in sample.table("persons.csv")}
    inside = {
        row["GENERAL MEDICAL PRACTICE CODE"] for row in sample.table("practices.csv") if row["NEIGHBOURHOOD CODE"]
    }
    found = {}
    for row in sample.table("registrations.csv"):
        if row["REGISTRATION TYPE"] != "Regular" or row["PRIMARY CARE PROVIDER"] not in inside:
            continue
        if row["REASON FOR REMOVAL"] == "Left" and not row["BUSINESS EFFECTIVE TO DATE"]:
            continue
        first, last = date(row["BUSINESS EFFECTIVE FROM DATE"]), date(row["BUSINESS EFFECTIVE TO DATE"])
        if first <= day <= last and day <= deaths[row["PSEUDO NHS NUMBER"]]:
            found[row["PSEUDO NHS NUMBER"]] = row["PRIMARY CARE PROVIDER"]
    return found


def test_cohort_on_1_april_is_exactly_as_asked(sample):
    segments, registered = segments_on(sample, START), registered_on(sample, START)
    counts = Counter(segments[key] for key in registered if key in segments)
    # 1,000 people in the proportions 5,300 : 22,000 : 16,000 of 43,300.
    assert counts == {"core": 122, "risk_one": 508, "risk_two": 370}


def test_a_fifth_more_are_registered_in_no_segment(sample):
    segments, registered = segments_on(sample, START), registered_on(sample, START)
    assert sum(key not in segments for key in registered) == 200


def test_every_host_has_people_on_1_april(sample):
    hosts = {row["NEIGHBOURHOOD CODE"]: row["HOST CODE"] for row in sample.table("neighbourhoods.csv")}
    host_of = {
        row["GENERAL MEDICAL PRACTICE CODE"]: hosts.get(row["NEIGHBOURHOOD CODE"])
        for row in sample.table("practices.csv")
    }
    people = Counter(host_of[practice] for practice in registered_on(sample, START).values())
    assert set(people) == {"NWB", "ICE", "SBR", "SGL", "WOO", "WWV"}


def test_registrations_of_one_person_never_overlap(sample):
    spans = defaultdict(list)
    for row in sample.table("registrations.csv"):
        spans[row["PSEUDO NHS NUMBER"]].append(
            (date(row["BUSINESS EFFECTIVE FROM DATE"]), date(row["BUSINESS EFFECTIVE TO DATE"]))
        )
    assert max(len(each) for each in spans.values()) > 1
    for each in spans.values():
        each.sort()
        assert all(first <= last for first, last in each)
        assert all(earlier[1] < later[0] for earlier, later in pairwise(each))


def test_no_key_passes_as_an_nhs_number(sample, first_load):
    keys = {row["PSEUDO NHS NUMBER"] for row in sample.table("persons.csv")}
    keys |= {row["PSEUDO NHS NUMBER"] for row in sample.table("registrations.csv")}
    keys |= {row.cells[8] for row in first_load}
    assert all(re.fullmatch(r"S\d{9}", key) for key in keys - {"", "1"})


def test_keys_are_unique_and_tell_nothing_of_the_segment(sample):
    rows = sample.table("persons.csv")
    keys = [row["PSEUDO NHS NUMBER"] for row in rows]
    assert keys == sorted(set(keys))
    segments = segments_on(sample, START)
    halves = [
        sum(segments.get(key) == "core" for key in part) for part in (keys[: len(keys) // 2], keys[len(keys) // 2 :])
    ]
    assert min(halves) > 40


def test_a_closed_practice_keeps_its_rows_and_has_a_successor_with_another_host(sample):
    hosts = {row["NEIGHBOURHOOD CODE"]: row["HOST CODE"] for row in sample.table("neighbourhoods.csv")}
    practices = {row["GENERAL MEDICAL PRACTICE CODE"]: row for row in sample.table("practices.csv")}
    (closed,) = (row for row in practices.values() if row["EFFECTIVE TO DATE"])
    assert closed["EFFECTIVE TO DATE"] == "2026-09-30"
    successor = practices[closed["SUCCESSOR PRACTICE CODE"]]
    assert hosts[closed["NEIGHBOURHOOD CODE"]] != hosts[successor["NEIGHBOURHOOD CODE"]]
    rows = [
        row
        for row in sample.table("registrations.csv")
        if row["PRIMARY CARE PROVIDER"] == closed["GENERAL MEDICAL PRACTICE CODE"]
    ]
    assert any(row["BUSINESS EFFECTIVE TO DATE"] == "" for row in rows)
    assert all(row["BUSINESS EFFECTIVE FROM DATE"] <= "2026-09-30" for row in rows)


def test_the_map_has_its_shape(sample):
    practices = sample.table("practices.csv")
    assert sum(row["NEIGHBOURHOOD CODE"] == "" for row in practices) == 3
    assert len({row["NEIGHBOURHOOD CODE"] for row in practices} - {""}) == 14
    assert len({row["HOST CODE"] for row in sample.table("neighbourhoods.csv")}) == 6
    assert all(re.fullmatch(r"Y9\d{4}", row["GENERAL MEDICAL PRACTICE CODE"]) for row in practices)


def test_people_come_go_move_and_die_in_the_year(sample):
    at_start, at_end = registered_on(sample, START), registered_on(sample, END)
    assert at_end.keys() - at_start.keys()
    assert at_start.keys() - at_end.keys()
    hosts = {row["NEIGHBOURHOOD CODE"]: row["HOST CODE"] for row in sample.table("neighbourhoods.csv")}
    host_of = {
        row["GENERAL MEDICAL PRACTICE CODE"]: hosts.get(row["NEIGHBOURHOOD CODE"])
        for row in sample.table("practices.csv")
    }
    moved = [key for key, practice in at_start.items() if key in at_end and at_end[key] != practice]
    across = [key for key in moved if host_of[at_start[key]] != host_of[at_end[key]]]
    assert 0 < len(across) < len(moved)
    deaths = {row["PSEUDO NHS NUMBER"]: row["PERSON DEATH DATE"] for row in sample.table("persons.csv")}
    assert any("2026-04-01" <= death <= "2027-03-31" for death in deaths.values())
    types = {row["REGISTRATION TYPE"] for row in sample.table("registrations.csv")}
    assert types == {"Regular", "Temporary", "Emergency"}


def test_segments_change_within_the_year(sample):
    before, after = segments_on(sample, START), segments_on(sample, END)
    changes = Counter((before.get(key), after.get(key)) for key in before.keys() | after.keys())
    assert changes["risk_one", "core"] > 0
    assert changes["risk_two", "risk_one"] > 0
    assert changes["risk_one", None] > 0
    assert changes[None, "risk_two"] > 0


def test_nobody_is_born_after_a_diagnosis_or_dies_before_birth(sample):
    births = {row["PSEUDO NHS NUMBER"]: row["PERSON BIRTH DATE"] for row in sample.table("persons.csv")}
    assert all(births[row["PSEUDO NHS NUMBER"]] <= row["DIAGNOSIS DATE"] for row in sample.table("conditions.csv"))
    assert all(
        births[row["PSEUDO NHS NUMBER"]] <= row["BUSINESS EFFECTIVE FROM DATE"]
        for row in sample.table("registrations.csv")
    )
