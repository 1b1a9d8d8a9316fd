"""Random worlds in which people are harder to count: they overlap, are named by lists, or were restated."""

from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st

from .oracle import FIRST_DAY, LAST_DAY, MONTH_STARTS, QUARTER_STARTS, TEST_DATES, segment_on
from .world import Named, Partner, Person, Placed, Registration, Restated, Segment, Succession, World

CHOICES = frozenset(
    {
        "earlier_start_wins",  # overlapping registrations, and the rule that cuts them
        "latest_wins",
        "listed_segment",  # one segment more, whose people are named by a list
        "networks",  # practices placed by their networks
        "restated",  # registrations on which the year was paid before
    }
)
LISTED = Segment("named", listed=True)
LONG_AGO = date(2015, 6, 1)
ONE_DAY = timedelta(days=1)
DAYS = st.sampled_from(
    (FIRST_DAY, date(2026, 4, 30), date(2026, 6, 30), date(2026, 7, 1), date(2026, 10, 1), date(2027, 1, 1), LAST_DAY)
) | st.dates(FIRST_DAY, LAST_DAY)


@st.composite
def overlapping(draw: st.DrawFn, world: World, practices: tuple[str, ...]) -> World:
    """One or two registrations more of some people, wherever they fall."""
    if world.contract.overlapping_registrations == "refuse":
        return world
    more = []
    for person in world.persons:
        for _ in range(draw(st.sampled_from((0, 1, 1, 2)))):
            start = draw(st.sampled_from((LONG_AGO, LONG_AGO)) | DAYS)
            end = draw(st.none() | DAYS)
            if end is not None and end < start:
                end = None
            kind = draw(st.sampled_from(("Regular", "Regular", "Regular", "Temporary")))
            more.append(Registration(person.key, draw(st.sampled_from(practices)), start, end, kind))
    return replace(world, registrations=(*world.registrations, *more))


@st.composite
def lists_of_segments(draw: st.DrawFn, world: World) -> World:
    """People named for the segment that is a list, on test days on which no rule takes them."""
    if LISTED not in world.contract.segments:
        return world
    tests = TEST_DATES[world.contract.segments_tested]
    rows = []
    for person in world.persons:
        free = [day for day in tests if not taken_by_a_rule(world, person, day)]
        if not free or draw(st.integers(0, 3)) == 0:
            continue
        if len(free) == len(tests):
            start = draw(st.none() | DAYS)
            end = draw(st.none() | DAYS)
            rows.append(Named(person.key, LISTED.id, start, end if end and end >= (start or end) else None))
        else:
            day = draw(st.sampled_from(free))
            rows.append(Named(person.key, LISTED.id, day, day))
    # Somebody of whom nothing else is known; a file in which nothing can be used would be refused.
    return replace(world, segment_lists=(*rows, Named("S999999997", LISTED.id)))


def taken_by_a_rule(world: World, person: Person, day: date) -> bool:
    diagnoses = [d for d in world.diagnoses if d.person == person.key]
    return segment_on(replace(world, segment_lists=()), person, diagnoses, day) is not None


@st.composite
def by_network(draw: st.DrawFn, world: World) -> World:
    """The practices of the world placed by networks, which may move, as may the practices; one may be succeeded."""
    codes = tuple(dict.fromkeys(p.code for p in world.practices))
    homes = tuple(dict.fromkeys(n.code for n in world.neighbourhoods))
    networks = ("U1", "U2", "U3")
    placed = []
    for number, network in enumerate(networks):
        first, second = homes[number % len(homes)], draw(st.sampled_from(("", *homes)))
        placed += [Placed(network, *row) for row in in_turn(draw(st.none() | DAYS), first, second)]
    partners = []
    for number, code in enumerate(codes):
        first, second = networks[number % len(networks)], draw(st.sampled_from(("", *networks)))
        partners += [Partner(code, *row) for row in in_turn(draw(st.none() | st.none() | DAYS), first, second)]
    successions = []
    for number, code in enumerate(codes[:-1]):
        if draw(st.integers(0, 2)) == 0:
            successor = draw(st.sampled_from(codes[number + 1 :]))
            successions.append(Succession(code, successor, draw(st.just(date(2024, 10, 1)) | DAYS)))
    return replace(world, practices=(), partners=tuple(partners), placed=tuple(placed), successions=tuple(successions))


def in_turn(turns: date | None, first: str, second: str) -> list[tuple[str, date, date | None]]:
    """One place for good, or a first one up to a day and a second from the next."""
    if turns is None:
        return [(first, LONG_AGO, None)]
    return [(first, LONG_AGO, turns), (second, turns + ONE_DAY, None)]


@st.composite
def restated(draw: st.DrawFn, world: World, practices: tuple[str, ...]) -> World:
    """What the registrations were first: some left out, some at another practice, some with another end."""
    before = []
    for r in world.registrations:
        what = draw(st.sampled_from(("same", "same", "left out", "elsewhere")))
        if what != "left out":
            before.append(replace(r, practice=draw(st.sampled_from(practices))) if what == "elsewhere" else r)
    starts = {"person_days": MONTH_STARTS[1:], "quarter_snapshot": QUARTER_STARTS[1:]}.get(world.contract.counting, ())
    start = draw(st.none() | st.sampled_from(starts)) if starts else None
    return replace(world, restated=Restated(tuple(before) or world.registrations[:1], start))


@st.composite
def peopled(draw: st.DrawFn, world: World, practices: tuple[str, ...], choices: AbstractSet[str]) -> World:
    """The world with whatever of these choices it makes."""
    if "networks" in choices and draw(st.integers(0, 3)) == 0:
        world = draw(by_network(world))
    world = draw(lists_of_segments(draw(overlapping(world, practices))))
    if "restated" in choices and draw(st.integers(0, 2)) == 0:
        world = draw(restated(world, practices))
    return world
