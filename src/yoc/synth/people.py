"""The people of the sample: who they are, where they are registered on arrival, and what happens to them in the year.

Everyone has a profile (the rules of the segments that they meet, or why they meet none) and a standing (how they
come to be registered, or not). The counts of the cohort on 1 April are exact.
"""

import calendar
import datetime as dt
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from yoc.synth import places
from yoc.synth.draw import allocate, below, between, pick, spread
from yoc.synth.sizes import Sizes
from yoc.synth.year import DAYS, EPOCH, FIRST_DAY, OPEN, Ints


class Standing(IntEnum):
    """How a person stands to the practices of the area."""

    STAYER = 0  # regularly registered on 1 April
    JOINER = 1  # regularly registered from a later day of the year
    OUTSIDE = 2  # regularly registered with a practice outside all hosts
    TEMPORARY = 3  # a temporary registration only
    UNREGISTERED = 4  # known, but registered nowhere
    NAMELESS = 5  # seen in activity only: no record of the person at all
    DIED_BEFORE = 6  # died before the year, registration never closed
    LEFT_OPEN = 7  # planted fault: the only registration says "Left" and has no end date


class Event(IntEnum):
    """What happens to a person's registration in the year."""

    NONE = 0
    LEAVES = 1
    MOVES = 2
    DIES = 3


@dataclass(frozen=True)
class Profile:
    """Limits of age on 1 April, counted conditions, and body mass index in tenths; the rest are rates a thousand."""

    name: str
    age: tuple[int, int]
    conditions: tuple[int, int]
    bmi: tuple[int, int]
    bmi_blank: int
    deaths: int
    diagnoses: int


CORE, RISK_ONE, RISK_TWO = 0, 1, 2
PROFILES = (
    Profile("core", (20, 64), (3, 5), (190, 450), 60, 14, 20),
    Profile("risk group one", (20, 64), (2, 2), (190, 450), 60, 7, 40),
    Profile("risk group two", (40, 64), (1, 1), (301, 480), 0, 5, 40),
    Profile("no condition", (20, 64), (0, 0), (180, 420), 150, 2, 15),
    Profile("one condition, too young", (20, 39), (1, 1), (180, 450), 100, 2, 25),
    Profile("one condition, lean", (40, 64), (1, 1), (185, 300), 200, 4, 25),
    Profile("too old", (65, 95), (0, 5), (180, 400), 100, 30, 20),
    Profile("too young", (1, 19), (0, 2), (150, 350), 300, 1, 0),
)
_NO_SEGMENT = (3, 4, 5, 6, 7)
_NO_SEGMENT_WEIGHTS = (33, 15, 15, 25, 12)
_COHORT_WEIGHTS = (12, 50, 38)

# People beside the cohort, per thousand of it.
_NO_SEGMENT_RATE = 200
_BESIDE = (
    (Standing.JOINER, 40),
    (Standing.OUTSIDE, 30),
    (Standing.TEMPORARY, 10),
    (Standing.UNREGISTERED, 6),
    (Standing.NAMELESS, 3),
    (Standing.DIED_BEFORE, 2),
)
LEFT_OPEN_PEOPLE = 5
_LEAVE_RATE, _MOVE_RATE = 30, 40

_AGE_NOUGHT = 2025
"""Someone aged 0 on 1 April 2026 was born on or after 2 April of this year."""
_OLDEST = 99
_LEAP_DAY = 333
"""Days from 2 April to the 29 February of a leap year."""

# A person's key is one of 10^9 numbers, stepped through by a number that has no factor in common with 10^9.
_KEYS = 1_000_000_000
_KEY_STEP = 618_033_989
_KEY_START = 271_828_183


@dataclass(frozen=True)
class People:
    """One position a person in every array.

    Days are since 1970; ``joined`` and ``event_day`` are days since 1 April. ``practice`` is the first one of the
    year (a position in the map, or ``NO_PRACTICE``) and ``host`` its host. ``bmi`` is in tenths, 0 for blank.
    """

    keys: Ints
    profile: Ints
    standing: Ints
    birth: Ints
    death: Ints
    gender: Ints
    bmi: Ints
    conditions: Ints
    practice: Ints
    host: Ints
    joined: Ints
    event: Ints
    event_day: Ints
    age: Ints
    birthday: Ints

    @property
    def count(self) -> int:
        """How many people there are, the nameless included."""
        return int(self.keys.size)

    def is_at(self, *standings: Standing) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """True for the people of these standings."""
        return np.isin(self.standing, standings)


def draw_people(rng: np.random.Generator, sizes: Sizes) -> People:
    """Draw everyone; the cohort on 1 April has exactly the sizes asked for."""
    standing, profile = _plan(sizes)
    count = standing.size
    age, birth, birthday = _births(rng, profile)
    joined = np.where(standing == Standing.JOINER, between(rng, np.full(count, 1), np.full(count, DAYS - 35)), 0)
    event = _events(rng, standing, profile)
    event_day = np.where(event == Event.NONE, 0, between(rng, joined + (joined > 0), np.full(count, DAYS - 1)))
    early = np.int64(FIRST_DAY) - between(rng, np.full(count, 1), np.full(count, 300))
    death = np.where(event == Event.DIES, FIRST_DAY + event_day, OPEN)
    death = np.where(standing == Standing.DIED_BEFORE, early, death)
    practice = _practices(rng, standing, joined)
    numbers = np.arange(count, dtype=np.int64)
    return People(
        keys=(numbers * _KEY_STEP + _KEY_START) % _KEYS,
        profile=profile,
        standing=standing,
        birth=birth,
        death=death,
        gender=between(rng, np.full(count, 1), np.full(count, 2)),
        bmi=_body_mass(rng, profile),
        conditions=_condition_counts(rng, profile),
        practice=practice,
        host=places.host_of_practices()[practice],
        joined=joined,
        event=event,
        event_day=event_day,
        age=age,
        birthday=birthday,
    )


def _plan(sizes: Sizes) -> tuple[Ints, Ints]:
    """Standing and profile of everyone, in blocks."""
    blocks: list[tuple[Standing, int, int]] = [
        (Standing.STAYER, CORE, sizes.core),
        (Standing.STAYER, RISK_ONE, sizes.risk_one),
        (Standing.STAYER, RISK_TWO, sizes.risk_two),
        *_with_profiles(Standing.STAYER, _NO_SEGMENT, _NO_SEGMENT_WEIGHTS, sizes.people * _NO_SEGMENT_RATE // 1000),
    ]
    for standing, rate in _BESIDE:
        total = max(4, sizes.people * rate // 1000)
        in_segments = total if standing == Standing.DIED_BEFORE else total * 3 // 4
        blocks += _with_profiles(standing, (CORE, RISK_ONE, RISK_TWO), _COHORT_WEIGHTS, in_segments)
        blocks += _with_profiles(standing, _NO_SEGMENT, _NO_SEGMENT_WEIGHTS, total - in_segments)
    blocks.append((Standing.LEFT_OPEN, RISK_ONE, LEFT_OPEN_PEOPLE))
    counts = [count for _, _, count in blocks]
    standing_of = np.repeat(np.array([int(standing) for standing, _, _ in blocks], dtype=np.int64), counts)
    return standing_of, np.repeat(np.array([profile for _, profile, _ in blocks], dtype=np.int64), counts)


def _with_profiles(
    standing: Standing, profiles: tuple[int, ...], weights: tuple[int, ...], total: int
) -> list[tuple[Standing, int, int]]:
    return [
        (standing, profile, count) for profile, count in zip(profiles, allocate(total, weights), strict=True) if count
    ]


def _limits(profile: Ints, name: str) -> tuple[Ints, Ints]:
    """The low and high limit of one attribute for each person's profile."""
    pairs = np.array([getattr(each, name) for each in PROFILES], dtype=np.int64)
    return pairs[profile, 0], pairs[profile, 1]


def _births(rng: np.random.Generator, profile: Ints) -> tuple[Ints, Ints, Ints]:
    """Age in whole years on 1 April, birth date, and the days from 1 April to the next birthday."""
    low, high = _limits(profile, "age")
    age = between(rng, low, high)
    # Those with three or more conditions are older: the larger of two draws.
    age = np.where(profile == CORE, np.maximum(age, between(rng, low, high)), age)
    ages = range(_OLDEST + 1)
    starts = np.array([(dt.date(_AGE_NOUGHT - years, 4, 2) - EPOCH).days for years in ages], dtype=np.int64)
    leap = np.array([calendar.isleap(_AGE_NOUGHT + 1 - years) for years in ages], dtype=np.bool_)
    days_after = between(rng, np.zeros_like(age), np.full_like(age, 364))
    after_leap_day = leap[age] & (days_after > _LEAP_DAY)
    return age, starts[age] + days_after, days_after + 1 - after_leap_day


def _events(rng: np.random.Generator, standing: Ints, profile: Ints) -> Ints:
    """What happens to each person; only those who are regularly registered in the area leave, move or die."""
    deaths = np.array([each.deaths for each in PROFILES], dtype=np.int64)[profile]
    draw = below(rng, np.full(standing.size, 1000, dtype=np.int64))
    event = np.full(standing.size, int(Event.NONE), dtype=np.int64)
    event[draw < _LEAVE_RATE + _MOVE_RATE + deaths] = Event.DIES
    event[draw < _LEAVE_RATE + _MOVE_RATE] = Event.MOVES
    event[draw < _LEAVE_RATE] = Event.LEAVES
    return np.where(np.isin(standing, (Standing.STAYER, Standing.JOINER)), event, int(Event.NONE))


def _practices(rng: np.random.Generator, standing: Ints, joined: Ints) -> Ints:
    """The practice of each person's first registration in the year."""
    table = spread([practice.weight for practice in places.PRACTICES[: places.IN_AREA]])
    practice = open_practice(pick(rng, table, standing.size), joined)
    outside = between(rng, np.full_like(joined, places.OUTSIDE.start), np.full_like(joined, places.OUTSIDE.stop - 1))
    practice = np.where(standing == Standing.OUTSIDE, outside, practice)
    return np.where(
        np.isin(standing, (Standing.UNREGISTERED, Standing.NAMELESS)), np.int64(places.NO_PRACTICE), practice
    )


def open_practice(practice: Ints, day: Ints) -> Ints:
    """The practice, or its successor where it has closed by that day since 1 April: no one joins a closed one.

    >>> open_practice(np.array([places.CLOSING] * 2), np.array([182, 183])).tolist()
    [2, 20]
    """
    closed = (practice == places.CLOSING) & (day > places.CLOSED_ON_DAY)
    return np.where(closed, np.int64(places.SUCCESSOR), practice)


def _body_mass(rng: np.random.Generator, profile: Ints) -> Ints:
    """Body mass index in tenths; 0 where none was recorded."""
    low, high = _limits(profile, "bmi")
    bmi = between(rng, low, high)
    blank = np.array([each.bmi_blank for each in PROFILES], dtype=np.int64)[profile]
    return np.where(below(rng, np.full_like(profile, 1000)) < blank, np.int64(0), bmi)


def _condition_counts(rng: np.random.Generator, profile: Ints) -> Ints:
    """How many of the five counted conditions each person has on 1 April: low counts are the likely ones."""
    low, high = _limits(profile, "conditions")
    return np.minimum(between(rng, low, high), between(rng, low, high))
