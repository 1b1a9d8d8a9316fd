"""Registrations with practices: consecutive, never overlapping, with the loose ends that real lists have."""

from dataclasses import dataclass

import numpy as np

from yoc.synth import places
from yoc.synth.draw import below, between
from yoc.synth.people import Event, People, Standing, open_practice
from yoc.synth.year import FIRST_DAY, LAST_DAY, OPEN, Ints

TYPES = ("Regular", "Temporary", "Emergency")
REGULAR, TEMPORARY, EMERGENCY = 0, 1, 2
REASONS = ("", "Left", "Death")
NO_REASON, LEFT, DEATH = 0, 1, 2

_LONGEST_BEFORE = 30 * 365
_EARLIER_RATE = 150
_JOINED_FROM_OUTSIDE_RATE = 300
_LOCAL_MOVE_RATE = 600
_GAP_RATE = 100
_VISIT_RATE = 100
_VISIT_DAYS = 14
_DEATH_NOTED_LATE_RATE, _DEATH_NOT_NOTED_RATE = 200, 200


@dataclass(frozen=True)
class Registrations:
    """One position a row: person and practice as positions, first and last day since 1970 (``OPEN`` is blank)."""

    person: Ints
    practice: Ints
    kind: Ints
    first: Ints
    last: Ints
    reason: Ints

    @property
    def count(self) -> int:
        """How many rows there are."""
        return int(self.person.size)


def draw_registrations(rng: np.random.Generator, people: People) -> Registrations:
    """Every registration of everyone, in order of person and first day."""
    first, last, reason = _current(rng, people)
    parts = [
        _current_rows(people, first, last, reason),
        _earlier_rows(rng, people, first),
        _moved_rows(rng, people, last),
        _visit_rows(rng, people, last),
    ]
    rows = Registrations(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
    order = np.lexsort((rows.first, rows.person))
    ordered = Registrations(*(column[order] for column in _columns(rows)))
    same_person = ordered.person[1:] == ordered.person[:-1]
    if bool(np.any(same_person & (ordered.first[1:] <= ordered.last[:-1]))):
        raise AssertionError("two registrations of one person overlap")
    return ordered


def open_after_death(registrations: Registrations, people: People) -> int:
    """How many regular registrations were never closed although the person has died."""
    dead = people.death[registrations.person] != OPEN
    return int(np.sum(dead & (registrations.last == OPEN)))


_Columns = tuple[Ints, Ints, Ints, Ints, Ints, Ints]


def _columns(rows: Registrations) -> _Columns:
    return rows.person, rows.practice, rows.kind, rows.first, rows.last, rows.reason


def _current(rng: np.random.Generator, people: People) -> tuple[Ints, Ints, Ints]:
    """First day, last day and reason of the registration that each person holds or takes up in the year."""
    before = between(rng, np.zeros(people.count, dtype=np.int64), np.full(people.count, _LONGEST_BEFORE))
    joined = people.standing == Standing.JOINER
    first = np.maximum(np.where(joined, FIRST_DAY + people.joined, FIRST_DAY - before), people.birth)
    event_day = FIRST_DAY + people.event_day
    gone = np.isin(people.event, (Event.LEAVES, Event.MOVES))
    last = np.where(gone, event_day, np.int64(OPEN))
    noted = below(rng, np.full(people.count, 1000, dtype=np.int64))
    late = noted < _DEATH_NOTED_LATE_RATE
    never = noted >= 1000 - _DEATH_NOT_NOTED_RATE
    closed = event_day + np.where(late, between(rng, np.full(people.count, 1), np.full(people.count, 30)), 0)
    dies = people.event == Event.DIES
    last = np.where(dies & ~never, closed, last)
    reason = np.where(gone, LEFT, np.where(dies & ~never, DEATH, NO_REASON)).astype(np.int64)
    reason = np.where(people.standing == Standing.LEFT_OPEN, LEFT, reason)
    # Someone who died before the year was registered before that death.
    first = np.where(people.standing == Standing.DIED_BEFORE, np.minimum(first, people.death - 1), first)
    return first, last, reason


def _current_rows(people: People, first: Ints, last: Ints, reason: Ints) -> _Columns:
    person = np.flatnonzero(people.practice != places.NO_PRACTICE).astype(np.int64)
    kind = np.where(people.standing[person] == Standing.TEMPORARY, TEMPORARY, REGULAR).astype(np.int64)
    return person, people.practice[person], kind, first[person], last[person], reason[person]


def _earlier_rows(rng: np.random.Generator, people: People, first: Ints) -> _Columns:
    """A registration that ended the day before the current one began, for some stayers and some joiners."""
    draw = below(rng, np.full(people.count, 1000, dtype=np.int64))
    length = between(rng, np.full(people.count, 30), np.full(people.count, 3650))
    start = np.maximum(first - length, people.birth)
    joined = people.standing == Standing.JOINER
    chosen = np.where(joined, draw < _JOINED_FROM_OUTSIDE_RATE, draw < _EARLIER_RATE)
    chosen &= people.is_at(Standing.STAYER, Standing.JOINER) & (start < first)
    person = np.flatnonzero(chosen).astype(np.int64)
    elsewhere = (people.practice[person] + 7) % places.IN_AREA
    practice = np.where(joined[person], np.int64(places.OUTSIDE.start), elsewhere)
    return person, practice, _all(person, REGULAR), start[person], first[person] - 1, _all(person, LEFT)


def _moved_rows(rng: np.random.Generator, people: People, last: Ints) -> _Columns:
    """The next practice of those who move: next door for most, anywhere in the area for the rest."""
    person = np.flatnonzero(people.event == Event.MOVES).astype(np.int64)
    draw = below(rng, _all(person, 1000))
    step = np.where(draw < _LOCAL_MOVE_RATE, 1, between(rng, _all(person, 2), _all(person, places.IN_AREA - 2)))
    gap = np.where(below(rng, _all(person, 1000)) < _GAP_RATE, between(rng, _all(person, 1), _all(person, 30)), 0)
    first = last[person] + 1 + gap
    practice = open_practice((people.practice[person] + step) % places.IN_AREA, first - FIRST_DAY)
    kept = first <= LAST_DAY
    person, practice, first = person[kept], practice[kept], first[kept]
    return person, practice, _all(person, REGULAR), first, _all(person, OPEN), _all(person, NO_REASON)


def _visit_rows(rng: np.random.Generator, people: People, last: Ints) -> _Columns:
    """A fortnight as an emergency patient straight after leaving, for some of those who leave."""
    leavers = np.flatnonzero(people.event == Event.LEAVES).astype(np.int64)
    person = leavers[below(rng, _all(leavers, 1000)) < _VISIT_RATE]
    person = person[last[person] < LAST_DAY]
    first = last[person] + 1
    practice = open_practice(people.practice[person], first - FIRST_DAY)
    return person, practice, _all(person, EMERGENCY), first, first + _VISIT_DAYS - 1, _all(person, LEFT)


def _all(person: Ints, value: int) -> Ints:
    return np.full(person.size, value, dtype=np.int64)
