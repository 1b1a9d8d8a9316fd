"""Activity lines, one month at a time: who, on which day, what, for which commissioner."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from yoc.synth import places
from yoc.synth.catalogue import GROUPS, MONEY_PENCE_PER_PERSON, Group
from yoc.synth.draw import allocate, below, pick, pick_weighted
from yoc.synth.intensity import Intensity
from yoc.synth.people import RISK_TWO, Event, People, Standing
from yoc.synth.units import Units
from yoc.synth.year import Ints, Month

NO_FAULT = -1

# ORGANISATION IDENTIFIER (GP PRACTICE RESPONSIBILITY), and the commissioner.
ROUTES = (
    ("XQY", places.COMMISSIONER),
    ("", places.COMMISSIONER),
    ("XOT", places.OTHER_COMMISSIONER),
    ("Q99", places.COMMISSIONER),
    ("XQY", places.OTHER_COMMISSIONER),
    ("X98", places.PRIVATE_PATIENTS),
)
OWN_ROUTE = 0
# Of a thousand lines, up to which draw each route is taken.
_ROUTES_INSIDE = ((975, 0), (993, 1), (1000, 4))
_ROUTES_INSIDE_ACUTE = ((975, 0), (993, 1), (998, 4), (1000, 5))
_ROUTES_OUTSIDE = ((800, 2), (1000, 3))
_STRAY_PER_THOUSAND = 4


@dataclass(frozen=True)
class Lines:
    """One position a line: person, day since 1 April, unit, route, and planted fault (or ``NO_FAULT``)."""

    person: Ints
    day: Ints
    unit: Ints
    route: Ints
    fault: Ints

    @property
    def count(self) -> int:
        """How many lines there are."""
        return int(self.person.size)

    def take(self, positions: Ints) -> "Lines":
        """The lines at these positions, in this order."""
        return Lines(
            self.person[positions],
            self.day[positions],
            self.unit[positions],
            self.route[positions],
            self.fault[positions],
        )

    def in_date_order(self) -> "Lines":
        """The same lines by day; lines of one day keep their order."""
        return self.take(np.argsort(self.day.astype(np.int16), kind="stable").astype(np.int64))


@dataclass(frozen=True)
class World:
    """What lines are drawn from: people, what each of them needs, what is delivered, and who has no event all year."""

    people: People
    intensity: Intensity
    units: Units
    steady: Ints


def lines_of(person: Ints, day: Ints, unit: Ints, route: Ints) -> Lines:
    """Lines without a planted fault."""
    return Lines(person, day, unit, route, np.full_like(person, NO_FAULT))


def join_lines(parts: Sequence[Lines]) -> Lines:
    """Lines of several parts one after another."""
    return Lines(
        np.concatenate([part.person for part in parts]),
        np.concatenate([part.day for part in parts]),
        np.concatenate([part.unit for part in parts]),
        np.concatenate([part.route for part in parts]),
        np.concatenate([part.fault for part in parts]),
    )


def money_lines_a_month() -> int:
    """How many lines of money for no patient each month has."""
    return len(MONEY_PENCE_PER_PERSON)


def monthly_counts(total: int) -> dict[str, list[int]]:
    """Lines of each group in each month, summing to the total.

    >>> counts = monthly_counts(10_000)
    >>> sum(sum(months) for months in counts.values()), sum(counts["admission"])
    (10000, 145)
    """
    by_group = allocate(total, [group.lines_per_10_000 for group in GROUPS])
    return {group.name: allocate(count, group.season) for group, count in zip(GROUPS, by_group, strict=True)}


def draw_month(
    rng: np.random.Generator,
    month: Month,
    world: World,
    counts: Mapping[str, Sequence[int]],
) -> dict[str, Lines]:
    """The lines of one month by provider, money for no patient included."""
    people, intensity, units = world.people, world.intensity, world.units
    parts: dict[str, list[Lines]] = {code: [_money(month, people, units, code)] for code in places.PROVIDER_CODES}
    start, days = intensity.days_in(month)
    totals = {need: np.cumsum(weights * days) for need, weights in intensity.weights.items()}
    stray_start, stray_days = intensity.stray_days_in(month)
    stray_total = np.cumsum(stray_days)
    for group in GROUPS:
        count = counts[group.name][month.number - 1]
        stray = count * _STRAY_PER_THOUSAND // 1000 if stray_total[-1] else 0
        regular_people = pick_weighted(rng, totals[group.need], count - stray)
        stray_people = pick_weighted(rng, stray_total, stray) if stray else regular_people[:0]
        person = np.concatenate([regular_people, stray_people])
        day = np.concatenate(
            [
                start[regular_people] + below(rng, days[regular_people]),
                stray_start[stray_people] + below(rng, stray_days[stray_people]),
            ]
        )
        unit = pick(rng, units.tables[group.name], count)
        lines = lines_of(person, day, unit, _routes(rng, group, people, person))
        for code, chosen in _providers(rng, group, people, lines):
            parts[code].append(chosen)
    return {code: join_lines(each) for code, each in parts.items()}


def steady_people(people: People) -> Ints:
    """Members of the cohort all year, at one practice that stays open: a planted line of theirs has no other fault."""
    steady = (people.standing == Standing.STAYER) & (people.profile <= RISK_TWO) & (people.event == Event.NONE)
    steady &= (people.age > 41) & (people.age < 60) & (people.practice != places.CLOSING)
    return np.flatnonzero(steady).astype(np.int64)


def _money(month: Month, people: People, units: Units, provider: str) -> Lines:
    owned = [units.money(provider, pod) for code, pod, _ in MONEY_PENCE_PER_PERSON if code == provider]
    unit = np.array(owned, dtype=np.int64)
    nobody = np.full_like(unit, people.count)
    return lines_of(nobody, np.full_like(unit, month.last), unit, np.full_like(unit, OWN_ROUTE))


def _routes(rng: np.random.Generator, group: Group, people: People, person: Ints) -> Ints:
    """Who is billed: nearly always our commissioner for people of the area, mostly another one for the rest."""
    draw: Ints = rng.integers(0, 1000, person.size, dtype=np.int64)
    outside = people.is_at(Standing.OUTSIDE, Standing.UNREGISTERED, Standing.NAMELESS)[person]
    inside = _ROUTES_INSIDE if group.provider else _ROUTES_INSIDE_ACUTE
    return np.where(outside, _route_table(_ROUTES_OUTSIDE)[draw], _route_table(inside)[draw])


def _route_table(limits: tuple[tuple[int, int], ...]) -> Ints:
    bounds = np.array([limit for limit, _ in limits], dtype=np.int64)
    routes = np.array([route for _, route in limits], dtype=np.int64)
    return routes[np.searchsorted(bounds, np.arange(1000), side="right")]


def _providers(rng: np.random.Generator, group: Group, people: People, lines: Lines) -> list[tuple[str, Lines]]:
    """The lines by provider; acute care goes to the trusts that people of each host use."""
    if group.provider:
        return [(group.provider, lines)]
    shares = np.array([places.ACUTE_SHARES[code] for code in (*places.HOST_CODES, "")], dtype=np.int64)
    limits = np.cumsum(shares, axis=1)[people.host[lines.person]]
    draw: Ints = rng.integers(0, 1000, lines.count, dtype=np.int64)
    place = (draw >= limits[:, 0]).astype(np.int64) + (draw >= limits[:, 1])
    return [(code, lines.take(np.flatnonzero(place == each))) for each, code in enumerate(places.ACUTE)]
