"""The people counted beside what others say of them: stated totals of the cohort, list sizes of practices."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

import pyarrow as pa

from yoc.contract.model import ActivityContract, Population
from yoc.contract.stated import CODE, ListSize, StatedTotal, differs
from yoc.core.findings import Finding, Level, stop_if_any
from yoc.core.periods import FinancialYear, day_number, day_of_number
from yoc.engine import Engine

ROOM = "yoc.population"
_MEND = "ask which of the two is right; the contract's `population.stated.within` allows a difference"


def stated_in_contract(population: Population, year: FinancialYear) -> list[StatedTotal]:
    """What the contract states for days of the year: each size, and each of its bands that is a segment."""
    segments = {segment.id for segment in population.segments}
    totals = []
    for size in population.stated.sizes if population.stated else ():
        if not year.first_day <= size.on <= year.last_day:
            continue
        day, host = day_number(size.on), size.host or ""
        totals.append(StatedTotal(host, "", day, size.people))
        totals += [StatedTotal(host, band, day, people) for band, people in size.bands.items() if band in segments]
    return totals


def refuse_unlike_stated(
    engine: Engine, contract: ActivityContract, totals: Mapping[str, Sequence[StatedTotal]]
) -> None:
    """Stop where people counted are not as many as stated, by more than the contract allows; ``totals`` by file.

    Expects the table `presence`. Raises ``FindingsError`` with every difference, both figures in each.
    """
    days = sorted({total.day for stated in totals.values() for total in stated})
    if not days:
        return
    hosts = {place: host.code for place, host in enumerate(contract.hosts, 1)}
    segments = {place: segment.id for place, segment in enumerate(contract.population.segments, 1)}
    engine.give("asked_day", {"day": pa.int32()}, [(day,) for day in days])
    counted: dict[tuple[str, str, int], int] = defaultdict(int)
    for row in engine.run(ROOM, "people_on_day"):
        for host in ("", hosts[row["host_id"]]):
            for segment in ("", segments[row["segment_id"]]):
                counted[host, segment, row["day"]] += row["people"]
    within = contract.population.stated.within if contract.population.stated else 0
    stop_if_any(
        Finding(CODE, Level.SUBMISSION, f"{_whom(total)}: {problem}", _MEND, file, total.row)
        for file, stated in totals.items()
        for total in stated
        if (problem := total.difference_in_words(counted[total.host, total.segment, total.day], within))
    )


def _whom(total: StatedTotal) -> str:
    host = f"host {total.host}" if total.host else "all hosts"
    return f"{host}{f', segment {total.segment}' if total.segment else ''}, on {day_of_number(total.day)}"


def list_size_findings(
    engine: Engine, sizes: Sequence[ListSize], practices: frozenset[str], tolerance: Fraction, file: str
) -> Iterator[Finding]:
    """Each practice of the map whose list is not as long as its registrations, beyond the tolerance; and all of them.

    Expects the tables `span` and `read_person`. ``tolerance`` is a rate of the list size.
    """
    ours = [size for size in sizes if size.practice in practices]
    days = sorted({size.day for size in sizes})
    engine.give("list_day", {"day": pa.int32()}, [(day,) for day in days])
    registered = {(row["practice"], row["day"]): row["people"] for row in engine.run(ROOM, "registered_on_day")}
    for size in ours:
        people = registered.get((size.practice, size.day), 0)
        if abs(people - size.people) > tolerance * size.people:
            message = (
                f"practice {size.practice} on {day_of_number(size.day)}: {size.people:,} people are on its list and "
                f"{people:,} registered, {differs(people - size.people)}"
            )
            mend = "look for a merger, or for people who have gone; budgets follow the registrations"
            yield Finding("LIST-SIZE", Level.WARNING, message, mend, file, size.row, count=abs(people - size.people))
    for day in days:
        of_day = [size for size in ours if size.day == day]
        counts = {practice: people for (practice, on), people in registered.items() if on == day}
        if message := _all_practices(of_day, counts, f"on {day_of_number(day)} {len(of_day):,} practices of the map"):
            yield Finding("LIST-SIZE", Level.WARNING, message, "", file)


def _all_practices(sizes: Sequence[ListSize], registered: Mapping[str, int], begun: str) -> str:
    """How much the lists and the registrations of one day differ in people, in words; nothing where they do not."""
    on_lists = sum(size.people for size in sizes)
    with_list = {size.practice for size in sizes}
    counted = sum(people for practice, people in registered.items() if practice in with_list)
    without = {practice: people for practice, people in registered.items() if practice not in with_list}
    parts = []
    if counted != on_lists:
        difference = differs(counted - on_lists)
        parts.append(f"{on_lists:,} people are on their lists and {counted:,} registered, {difference}")
    if without:
        parts.append(f"{sum(without.values()):,} people are registered with {len(without):,} practices without a list")
    return f"{begun}: {'; '.join(parts)}" if parts else ""
