"""Counting people: by the contract's rule, at its test dates, on SQL; each distinct set of facts decided once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa

from yoc.contract.budget import People
from yoc.contract.model import ActivityContract, Population
from yoc.contract.segments import PersonFacts, segments_of
from yoc.core.findings import Finding, Level, stop_if_any
from yoc.core.periods import FinancialYear, day_number, day_of_number
from yoc.engine import Engine

ROOM = "yoc.population"


@dataclass(frozen=True)
class Counted:
    """Counted people by host; units by host, segment and month (1 is April); people present twice on a day (none)."""

    people: dict[str, People]
    units_by_month: dict[tuple[str, str, int], int]
    double_presence_rows: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class HostPeriod:
    """A host of a practice's people from one day to the day before another (days since 1970)."""

    practice: str
    host: str
    from_day: int
    to_day: int


def count_people(
    engine: Engine,
    contract: ActivityContract,
    year: FinancialYear,
    host_periods: Sequence[HostPeriod],
    known_practices: frozenset[str],
    registrations_file: str,
    gaps: Sequence[tuple[str, int, int]] = (),
) -> Counted:
    """Make the table `presence` and count it.

    Expects the tables that reading the people has made, and `listed_person` where the contract attributes
    by a list. ``gaps`` are the days on which the map says nothing of a practice, each from one day to the day before
    another. Raises ``FindingsError`` where a practice is unknown, registrations overlap, or segments overlap.
    """
    first, end = day_number(year.first_day), day_number(year.last_day) + 1
    rule = contract.population.overlapping_registrations
    _refuse_bad_registrations(engine, first, end, known_practices, registrations_file, rule)
    findings = _spans(engine, first, end, registrations_file, rule)
    findings += _registered_nowhere(engine, gaps, registrations_file)
    host_ids = {host.code: place for place, host in enumerate(contract.hosts, 1)}
    engine.give(
        "practice_host",
        {"practice": pa.string(), "host_id": pa.int32(), "from_day": pa.int32(), "to_day": pa.int32()},
        [(period.practice, host_ids[period.host], period.from_day, period.to_day) for period in host_periods],
    )
    engine.run(ROOM, "residence")
    findings += _attribute(engine, contract.population, host_ids, registrations_file)
    _give_rules(engine, contract.population, year)
    engine.run(ROOM, "person_fact")
    _give_segments(engine, contract.population, registrations_file)
    engine.run(ROOM, "presence")
    units_per_year = _give_unit_spans(engine, contract.population, year)
    engine.run(ROOM, "span_units")
    engine.run(ROOM, "counted")
    return _gather(engine, contract, units_per_year, registrations_file, findings)


def _refuse_bad_registrations(
    engine: Engine, first: int, end: int, known_practices: frozenset[str], file: str, rule: str
) -> None:
    findings = [
        Finding(
            "PRACTICE-UNKNOWN",
            Level.SUBMISSION,
            f"practice {row['practice'] or '(blank)'} is not in the practice map: {row['registrations']} rows",
            "add it, or its network, to the map, with a blank neighbourhood if it belongs to no host",
            file,
            row["first_row"],
            count=row["registrations"],
        )
        for row in engine.run(ROOM, "practices_in_use", year_start=first, year_end=end)
        if row["practice"] not in known_practices
    ]
    overlaps = engine.run(ROOM, "overlaps", year_start=first, year_end=end)[0]
    if overlaps["people"] and rule == "refuse":
        message = f"{overlaps['people']} people are registered twice on one day, first at row {overlaps['first_row']}"
        findings.append(
            Finding(
                "REGISTRATION-OVERLAP",
                Level.SUBMISSION,
                message,
                "end the earlier registration on the day before the later one begins, or let the contract say whose "
                "the days are (`overlapping_registrations`)",
                file,
                overlaps["first_row"],
                count=overlaps["people"],
            )
        )
    stop_if_any(findings)


_SPANS = {
    "refuse": "spans_as_registered",
    "earlier_start_wins": "spans_earlier_start_wins",
    "latest_wins": "spans_latest_wins",
}
_CUT = {
    "earlier_start_wins": "the registration that began first keeps its days",
    "latest_wins": "the later start ends the earlier registration",
}


def _spans(engine: Engine, first: int, end: int, file: str, rule: str) -> list[Finding]:
    """Make `span`, in which nobody is registered twice on one day; what the contract's rule cut away to that end."""
    engine.run(ROOM, _SPANS[rule])
    if rule == "refuse":
        return []
    cut = engine.run(ROOM, "days_cut", year_start=first, year_end=end)[0]
    if not cut["people"]:
        return []
    message = f"{cut['days']} days of registration of {cut['people']} people were cut: {_CUT[rule]}"
    mend = "ask for the registrations to be corrected, if it is many"
    return [Finding("REGISTRATION-CUT", Level.WARNING, message, mend, file, count=cut["people"])]


def _registered_nowhere(engine: Engine, gaps: Sequence[tuple[str, int, int]], file: str) -> list[Finding]:
    """Whom the map places nowhere on some days, which is not to say that they belong to no host."""
    columns = {"practice": pa.string(), "from_day": pa.int32(), "to_day": pa.int32()}
    engine.give("practice_gap", columns, gaps)
    mend = "give the practice a row for those days, or a successor; a blank neighbourhood if it belongs to no host"
    return [
        Finding(
            "MAP-GAP",
            Level.WARNING,
            f"practice {row['practice']} is nowhere in the map from {day_of_number(row['gap_start'])} to "
            f"{day_of_number(row['gap_end'] - 1)}: {row['days']} days of {row['people']} people registered there count "
            "for no host",
            mend,
            file,
            count=row["people"],
        )
        for row in engine.run(ROOM, "practice_gaps")
    ]


def _attribute(engine: Engine, population: Population, host_ids: dict[str, int], file: str) -> list[Finding]:
    """Make `attributed`: whose each day of residence is, by the contract's rule; what a list and the days do not share.

    Under a prospective list, expects the table `listed_person`.
    """
    if population.attribution == "host_on_activity_date":
        engine.run(ROOM, "attributed_by_day")
    elif population.attribution == "plurality":
        engine.run(ROOM, "attributed_by_plurality", ties=population.attribution_ties)
    else:
        engine.give("host_number", {"host": pa.string(), "host_id": pa.int32()}, list(host_ids.items()))
        engine.run(ROOM, "attributed_by_list")
        return _unmatched(engine.run(ROOM, "list_matches")[0], file)
    return []


def _unmatched(people: dict[str, int], file: str) -> list[Finding]:
    said = {
        "unlisted": "people live under a host and are not on the attribution list: their days and lines are nobody's",
        "absent": "people on the attribution list live under no host on any day of the year",
    }
    mend = "compare the list with the registrations, and how both spell a person's key"
    return [
        Finding("LIST-UNMATCHED", Level.WARNING, f"{people[name]} {words}", mend, file, count=people[name])
        for name, words in said.items()
        if people[name]
    ]


def _give_rules(engine: Engine, population: Population, year: FinancialYear) -> None:
    """The days on which segments are tested, and the limits of body mass index that they ask about."""
    starts = {
        "year_start": (year.first_day,),
        "quarter_start": year.quarter_starts(),
        "month_start": year.month_starts(),
    }[population.segments_tested]
    days = [day_number(start) for start in starts]
    ends = [*days[1:], day_number(year.last_day) + 1]
    engine.give(
        "test_period",
        {"test_day": pa.int32(), "tested_on": pa.int32(), "from_day": pa.int32(), "to_day": pa.int32()},
        [
            (day, start.year * 10000 + start.month * 100 + start.day, day, end)
            for start, day, end in zip(starts, days, ends, strict=True)
        ],
    )
    engine.give(
        "bmi_limit",
        {"hundredths": pa.int64(), "bit": pa.int64()},
        [(limit * 10, 1 << place) for place, limit in enumerate(population.bmi_limits_tenths())],
    )


def _give_segments(engine: Engine, population: Population, file: str) -> None:
    """Decide each distinct set of facts by the contract's rules, and give the answers back."""
    ids = {segment.id: place for place, segment in enumerate(population.segments, 1)}
    limits = population.bmi_limits_tenths()
    lists = population.lists()
    decided: list[tuple[int, ...]] = []
    overlapping: dict[tuple[str, ...], list[tuple[int, ...]]] = {}
    for row in engine.run(ROOM, "distinct_facts"):
        facts = PersonFacts(
            row["age"],
            frozenset(name for place, name in enumerate(population.conditions) if row["conditions"] >> place & 1),
            frozenset(limit for place, limit in enumerate(limits) if row["bmi_limits"] >> place & 1),
            frozenset(name for place, name in enumerate(lists) if row["lists"] >> place & 1),
        )
        segments = segments_of(population.segments, facts)
        asked = tuple(row[name] for name in _FACTS)
        if len(segments) > 1:
            overlapping.setdefault(segments, []).append(asked)
        elif segments:
            decided.append((*asked, ids[segments[0]]))
    stop_if_any(_overlapping(engine, overlapping, file))
    engine.give("fact_segment", {**_FACTS, "segment_id": pa.int32()}, decided)


_FACTS = dict.fromkeys(("age", "conditions", "bmi_limits", "lists"), pa.int64())


def _overlapping(engine: Engine, facts: dict[tuple[str, ...], list[tuple[int, ...]]], file: str) -> Iterator[Finding]:
    """A finding for each set of segments that claim the same people: how many, each once whenever it is."""
    if not facts:
        return
    together = sorted(facts)
    rows = [(*asked, place) for place, segments in enumerate(together) for asked in facts[segments]]
    engine.give("fact_overlap", {**_FACTS, "overlap_id": pa.int32()}, rows)
    for row in engine.run(ROOM, "people_claimed_twice"):
        message = f"segments {' and '.join(together[row['overlap_id']])} both claim {row['people']} people"
        mend = "narrow one of the contract's rules, or take people off a list, so that one person is in one segment"
        yield Finding("SEGMENT-OVERLAP", Level.SUBMISSION, message, mend, file, count=row["people"])


def _give_unit_spans(engine: Engine, population: Population, year: FinancialYear) -> int:
    """The spans that count, each with its month; how many units make a person-year."""
    starts = year.month_starts()
    ends = [*(day_number(start) for start in starts[1:]), day_number(year.last_day) + 1]
    if population.counting == "person_days":
        spans = [
            (day_number(start), end, month) for month, (start, end) in enumerate(zip(starts, ends, strict=True), 1)
        ]
        units_per_year = year.days
    else:
        step = 3 if population.counting == "quarter_snapshot" else 12
        spans = [(day_number(starts[place]), day_number(starts[place]) + 1, place + 1) for place in range(0, 12, step)]
        units_per_year = len(spans)
    engine.give("unit_span", {"from_day": pa.int32(), "to_day": pa.int32(), "month": pa.int32()}, spans)
    return units_per_year


def _gather(
    engine: Engine, contract: ActivityContract, units_per_year: int, file: str, findings: Sequence[Finding]
) -> Counted:
    hosts = {place: host.code for place, host in enumerate(contract.hosts, 1)}
    segments = {place: segment.id for place, segment in enumerate(contract.population.segments, 1)}
    heads: dict[str, dict[str, dict[int, int]]] = {
        host: {segment: {} for segment in segments.values()} for host in hosts.values()
    }
    for row in engine.run(ROOM, "people_by_units"):
        heads[hosts[row["host_id"]]][segments[row["segment_id"]]][row["units"]] = row["people"]
    by_month = {
        (hosts[row["host_id"]], segments[row["segment_id"]], row["month"]): row["units"]
        for row in engine.run(ROOM, "units_by_month")
    }
    gathered = list(findings)
    unknown = engine.run(ROOM, "without_person_row")[0]["people"]
    if unknown:
        message = f"{unknown} registered people have no row in the persons file and count in no segment"
        gathered.append(Finding("PERSON-MISSING", Level.WARNING, message, "ask for their rows", file, count=unknown))
    people = {host: People(units_per_year, by_segment) for host, by_segment in heads.items()}
    doubles = engine.run(ROOM, "double_presence")[0]["rows"]
    return Counted(people, by_month, doubles, tuple(gathered))
