"""Random small worlds, every one of them valid, drawn close to the edges where rules change their mind."""

from collections import Counter
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, event
from hypothesis import strategies as st

from . import populations
from .oracle import (
    FIRST_DAY,
    LAST_DAY,
    TEST_DATES,
    OracleSettlement,
    Place,
    belongs_to_the_year,
    best_price,
    book_amount,
    book_now,
    budget_pence,
    charged_amount,
    count_units,
    days_of_the_year,
    exact_pence,
    has_price,
    hosts_of,
    lines_of_block,
    market_forces_index,
    round_half_away,
    settings_in_budget,
    settle,
    walk_the_year,
)
from .world import (
    Adjustment,
    Balance,
    Band,
    Bands,
    Block,
    BudgetMarketForces,
    Change,
    Contract,
    Diagnosis,
    Guard,
    Indexation,
    Indicator,
    IndicatorResult,
    Line,
    Listed,
    MarketForces,
    Neighbourhood,
    OnAccount,
    OutcomePart,
    Outcomes,
    Party,
    Payment,
    Person,
    PlaceIndex,
    Practice,
    Price,
    Rate,
    Registration,
    ReIssue,
    ScopeRule,
    Segment,
    Split,
    StopLoss,
    Term,
    Transfer,
    UpliftAndEfficiency,
    VcseLine,
    Weight,
    When,
    World,
)

COMMISSIONER = "XQY"
PROVIDERS = ("ZA1", "ZA2", "ZM1", "ZC1", "ZG1", "ZL1")
PARTNERS = ("VC1", "VC2")
CONDITIONS = ("hypertension", "diabetes", "anxiety", "depression", "chronic_pain")
SETTINGS = ("primary", "community", "mental_health", "outpatient", "emergency")

# What a contract may choose besides what every contract says. A world holds none of those that are not named to it, so
# that a difference can be narrowed to one of them.
EVERY_CHOICE = frozenset(
    {
        "plurality",  # attribution: plurality, with each of its tie rules
        "prospective_list",  # attribution: prospective_list
        "submitted",  # price basis: submitted
        "lower",  # price basis: lower
        "blank_totals",  # totals left blank, under the two bases that need them
        "in_proportion",  # stop-loss taken in proportion
        "block_by_person_days",
        "block_by_lines",
        "block_by_shares",
        "market_forces",  # of the budget, one index or one for each host
        "transfer",
        "transfer_per_person",  # a transfer in a budget that is rounded for each person
        "transfer_before_by_segment",  # a transfer, and after it a rate for each segment
        "by_segment",  # need and growth by segment
        "place_index",
        "re_issues",  # of the price book, looking back or not
        *populations.CHOICES,  # what makes people harder to count
    }
)

# Those that the package is held to.
CHOICES_COMPARED = EVERY_CHOICE

# The days on which something can begin, end or be tested, and their neighbours.
EDGES = (
    date(2026, 4, 1),
    date(2026, 4, 2),
    date(2026, 4, 30),
    date(2026, 5, 1),
    date(2026, 6, 30),
    date(2026, 7, 1),
    date(2026, 9, 30),
    date(2026, 10, 1),
    date(2026, 12, 31),
    date(2027, 1, 1),
    date(2027, 2, 28),
    date(2027, 3, 1),
    date(2027, 3, 30),
    date(2027, 3, 31),
)
LONG_AGO = date(2015, 6, 1)
ONE_DAY = timedelta(days=1)


def days_in_year() -> st.SearchStrategy[date]:
    return st.sampled_from(EDGES) | st.dates(FIRST_DAY, LAST_DAY)


def one_in(count: int) -> st.SearchStrategy[bool]:
    return st.integers(1, count).map(lambda n: n == count)


def mostly(usual: st.SearchStrategy, seldom: st.SearchStrategy, one_in_count: int = 4) -> st.SearchStrategy:
    """The usual thing, but for one case in so many."""
    return one_in(one_in_count).flatmap(lambda it_is_seldom: seldom if it_is_seldom else usual)


def lists_of_about(elements: st.SearchStrategy, sizes: tuple[int, ...]) -> st.SearchStrategy[list]:
    """A list whose length is one of `sizes`: left alone, most lists are too short to be interesting."""
    return st.sampled_from(sizes).flatmap(lambda size: st.lists(elements, min_size=size, max_size=size))


def percent(*values: str) -> st.SearchStrategy[Fraction]:
    return st.sampled_from([Fraction(value) / 100 for value in values])


@st.composite
def worlds(draw: st.DrawFn, price_rounding: str | None = None, choices: AbstractSet[str] = CHOICES_COMPARED) -> World:
    """A whole world. Give `price_rounding` to fix that one option of the contract, `choices` to bound what it holds."""
    assert choices <= EVERY_CHOICE
    hosts = tuple(f"H{n}" for n in range(1, draw(st.sampled_from((1, 2, 3, 2))) + 1))
    neighbourhoods = draw(neighbourhoods_of(hosts))
    practices = draw(practices_in(tuple(dict.fromkeys(n.code for n in neighbourhoods))))
    codes = tuple(dict.fromkeys(p.code for p in practices))
    segments = draw(segment_schemes())
    tested = draw(st.sampled_from(tuple(TEST_DATES)))
    listed = (populations.LISTED,) if "listed_segment" in choices and draw(one_in(3)) else ()
    contract = draw(contracts(hosts, (*segments, *listed), tested, price_rounding, choices))
    lives = draw(lists_of_about(lives_in(codes, segments, tested), (1, 3, 4, 5, 6, 8, 2, 0)))
    # The package refuses files of people that hold nobody.
    assume(any(life.registrations for life in lives))
    people = tuple(life.with_key(f"S{n:09}") for n, life in enumerate(lives, start=1))
    world = World(
        contract=contract,
        persons=tuple(life.person for life in people),
        diagnoses=tuple(d for life in people for d in life.diagnoses),
        registrations=tuple(r for life in people for r in life.registrations),
        practices=practices,
        neighbourhoods=neighbourhoods,
        attribution_list=draw(attribution_lists(people, hosts)) if contract.attribution == "prospective_list" else (),
        prices=draw(price_books()),
        market_forces=draw(market_forces_indices()),
        indicators=INDICATORS,
        indicator_results=draw(results_of(hosts)),
        payments=draw(payments_to(hosts)),
    )
    if "re_issues" in choices:
        world = replace(world, re_issues=draw(re_issues()))
    world = draw(populations.peopled(world, codes, choices))
    lines = draw(
        lists_of_about(lines_about(days_in_cohort(world), interesting_days(world)), (1, 9, 16, 25, 4, 12, 20, 0))
    )
    if any(base_of(term) == "cost" for term in contract.terms):
        # A share of a cost below nothing would mean nothing, so there are no credits where the cost is a base.
        lines = [replace(line, quantity=abs(line.quantity)) for line in lines]
    lines = [submitted(world, n, line) for n, line in enumerate(sendable(lines), start=1)]
    world = replace(world, lines=tuple(draw(submissions(world, line, choices)) for line in lines))
    return with_budgets_above_zero(draw(with_blocks(world, choices)))


def base_of(term: Term) -> str | None:
    return term.base if isinstance(term, Balance | Bands | Outcomes) else None


# --------------------------------------------------------------------------------------------------------------
# Places
# --------------------------------------------------------------------------------------------------------------


@st.composite
def neighbourhoods_of(draw: st.DrawFn, hosts: tuple[str, ...]) -> tuple[Neighbourhood, ...]:
    """One neighbourhood for each host, and one more that may pass from the first host to the last in the year."""
    rows = [Neighbourhood(f"N{n}", host, LONG_AGO) for n, host in enumerate(hosts, start=1)]
    extra = f"N{len(hosts) + 1}"
    if draw(one_in(5)):
        last = draw(days_in_year())
        rows.append(Neighbourhood(extra, hosts[0], LONG_AGO, last))
        rows.append(Neighbourhood(extra, hosts[-1], last + ONE_DAY))
    else:
        rows.append(Neighbourhood(extra, hosts[0], LONG_AGO))
    return tuple(rows)


@st.composite
def practices_in(draw: st.DrawFn, neighbourhoods: tuple[str, ...]) -> tuple[Practice, ...]:
    """Two to six practices. One may close into a later one, which may close in its turn; one may move or be outside."""
    count = draw(st.integers(2, 6))
    codes = [f"Y{90000 + n}" for n in range(1, count + 1)]
    rows = []
    for n, code in enumerate(codes):
        home = neighbourhoods[n % len(neighbourhoods)]
        fate = draw(st.sampled_from(("open", "closes", "open", "open", "open", "closes", "moves", "outside", "opens")))
        if fate == "closes" and n + 1 < count:
            successor = draw(st.sampled_from(codes[n + 1 :]))
            closed_on = draw(st.just(date(2024, 9, 30)) | days_in_year())
            rows.append(Practice(code, home, LONG_AGO, closed_on, successor))
        elif fate == "outside":
            rows.append(Practice(code, "", LONG_AGO))
        elif fate == "moves":
            last = draw(days_in_year())
            elsewhere = draw(st.sampled_from(("", *neighbourhoods)))
            rows.append(Practice(code, home, LONG_AGO, last))
            rows.append(Practice(code, elsewhere, last + ONE_DAY))
        elif fate == "opens":
            rows.append(Practice(code, home, draw(days_in_year())))
        else:
            rows.append(Practice(code, home, LONG_AGO))
    return tuple(rows)


# --------------------------------------------------------------------------------------------------------------
# People
# --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Life:
    """A person with everything that hangs on the person's key, before the key is known."""

    person: Person
    diagnoses: tuple[Diagnosis, ...]
    registrations: tuple[Registration, ...]

    def with_key(self, key: str) -> "Life":
        return Life(
            replace(self.person, key=key),
            tuple(replace(d, person=key) for d in self.diagnoses),
            tuple(replace(r, person=key) for r in self.registrations),
        )


def lives_in(practices: tuple[str, ...], segments: tuple[Segment, ...], tested: str) -> st.SearchStrategy[Life]:
    return (
        settled_lives(practices, segments)
        | unsettled_lives(practices, segments, tested)
        | torn_lives(practices, segments)
    )


@st.composite
def settled_lives(draw: st.DrawFn, practices: tuple[str, ...], segments: tuple[Segment, ...]) -> Life:
    """Someone in a segment all year, who may change practice once and may die."""
    segment = draw(st.sampled_from(segments))
    bmi = Decimal("30.1") if segment.bmi_over is not None else None
    count = segment.exactly or segment.at_least or 0
    died = draw(mostly(st.none(), days_in_year()))
    moved = draw(st.none() | days_in_year())
    first, second = draw(st.sampled_from(practices)), draw(st.sampled_from(practices))
    registrations = (
        (Registration("", first, LONG_AGO),)
        if moved is None
        else (Registration("", first, LONG_AGO, moved - ONE_DAY), Registration("", second, moved))
    )
    diagnoses = tuple(Diagnosis("", condition, date(2021, 3, 4)) for condition in CONDITIONS[:count])
    return Life(Person("", date(1980, 5, 17), died, bmi), diagnoses, registrations)


@st.composite
def torn_lives(draw: st.DrawFn, practices: tuple[str, ...], segments: tuple[Segment, ...]) -> Life:
    """Someone who is as many days at one practice as at another, one after the other or to and fro."""
    life = draw(settled_lives(practices, segments))
    one, other, *more = draw(st.permutations(practices))
    stays = draw(
        st.sampled_from(
            (
                ((one, 1), (other, 1)),
                ((one, 1), (other, 2), (one, 1)),
                ((one, 2), (other, 1), (one, 1), (other, 2)),
                ((one, 1), (other, 1), (more[0] if more else one, 1)),
            )
        )
    )
    days = draw(st.sampled_from((1, 30, 60)))
    start = FIRST_DAY + draw(st.sampled_from((0, 1, 5))) * ONE_DAY
    registrations = []
    for practice, times in stays:
        registrations.append(Registration("", practice, start, start + (days * times - 1) * ONE_DAY))
        start += days * times * ONE_DAY
    return Life(replace(life.person, died=None), life.diagnoses, tuple(registrations))


@st.composite
def unsettled_lives(draw: st.DrawFn, practices: tuple[str, ...], segments: tuple[Segment, ...], tested: str) -> Life:
    """Someone near an age limit, a test date or the end of a registration, or near several of them."""
    born = draw(births(segments, tested))
    died = draw(mostly(st.none(), days_in_year(), 5))
    if died is not None and died < born:
        died = None
    bmi = draw(st.sampled_from((None, Decimal("29.9"), Decimal("30.0"), Decimal("30.1"), Decimal("41.5"))))
    return Life(
        Person("", born, died, bmi),
        draw(diagnoses_after(born)),
        draw(registration_histories(practices, born)),
    )


def births(segments: tuple[Segment, ...], tested: str) -> st.SearchStrategy[date]:
    """On, just before and just after the day on which someone crosses an age limit; leap days; well inside; a baby."""
    limits = {s.age_from for s in segments} | {s.age_to + 1 for s in segments}
    at_the_limit = [
        date(day.year - age, day.month, day.day) + timedelta(days=shift)
        for age in sorted(limits)
        for day in TEST_DATES[tested]
        for shift in (-1, 0, 1)
    ]
    leap_days = [date(year, 2, 29) for year in (1960, 1964, 1984, 1988, 2004, 2008)]
    inside = [date(1980, 5, 17), date(1975, 11, 3), date(1969, 2, 8)]
    near = st.sampled_from(at_the_limit) | st.sampled_from([*leap_days, date(2026, 8, 9)])
    return mostly(st.sampled_from(inside), near, 2)


# Asthma is a condition that no contract here counts.
ORDERS_OF_CONDITIONS = (
    CONDITIONS,
    (*CONDITIONS[1:], "asthma"),
    (*CONDITIONS[:2], "asthma", *CONDITIONS[2:]),
    tuple(reversed(CONDITIONS)),
)


@st.composite
def diagnoses_after(draw: st.DrawFn, born: date) -> tuple[Diagnosis, ...]:
    found = []
    how_many = draw(st.sampled_from((3, 2, 3, 4, 2, 3, 1, 1, 5, 0)))
    for condition in draw(st.sampled_from(ORDERS_OF_CONDITIONS))[:how_many]:
        near_a_test = days_in_year().map(lambda d: d - ONE_DAY) | days_in_year()
        found.append(Diagnosis("", condition, draw(mostly(st.just(date(2021, 3, 4)), near_a_test, 5))))
    if found and draw(one_in(5)):
        # The same thing found again is one condition all the same.
        found.append(replace(found[0], diagnosed_on=found[0].diagnosed_on + timedelta(days=40)))
    return tuple(replace(d, diagnosed_on=max(d.diagnosed_on, born)) for d in distinct(found, born))


def distinct(found: list[Diagnosis], born: date) -> list[Diagnosis]:
    """Drop a repeat that would fall on the same day once both are moved to the day of birth."""
    kept: dict[tuple[str, date], Diagnosis] = {}
    for d in found:
        kept.setdefault((d.condition, max(d.diagnosed_on, born)), d)
    return list(kept.values())


@st.composite
def registration_histories(draw: st.DrawFn, practices: tuple[str, ...], born: date) -> tuple[Registration, ...]:
    """One to three registrations, one after another, with or without gaps; they never overlap."""
    history = []
    start = draw(mostly(st.just(LONG_AGO), days_in_year(), 3))
    for _ in range(draw(st.integers(1, 3))):
        end = draw(st.none() | days_in_year())
        kind = draw(mostly(st.just("Regular"), st.sampled_from(("Temporary", "Emergency")), 8))
        practice = draw(st.sampled_from(practices))
        start = max(start, born)
        if end is not None and end < start:
            end = None
        history.append(Registration("", practice, start, end, kind))
        if end is None:
            break
        start = end + draw(st.sampled_from((ONE_DAY, ONE_DAY, ONE_DAY, timedelta(days=2), timedelta(days=45))))
    return tuple(history)


@st.composite
def attribution_lists(draw: st.DrawFn, people: tuple[Life, ...], hosts: tuple[str, ...]) -> tuple[Listed, ...]:
    """Most people, each under some host; perhaps one of them twice over, or someone of whom nothing else is known."""
    found = [Listed(life.person.key, draw(st.sampled_from(hosts))) for life in people if not draw(one_in(5))]
    if not found or draw(one_in(6)):
        found.append(Listed("S999999998", hosts[0]))
    if draw(one_in(6)):
        found.append(found[0])
    return tuple(found)


# --------------------------------------------------------------------------------------------------------------
# Activity and prices
# --------------------------------------------------------------------------------------------------------------

TARIFFS = ("AA01A", "AA02B", "AA03C", "AA04D")
UNPRICED_TARIFF = "ZZ99Z"
FUNCTIONS = ("", "300", "430")

# What each provider usually sends; the rest of the codes are there to be set aside.
USUAL = {
    "ZA1": ("AE", "NEL", "OPFA", "OPPROC"),
    "ZA2": ("NEL", "AE", "OPFUP"),
    "ZM1": ("COMM", "OPFUP"),
    "ZC1": ("COMM", "COMMSUB"),
    "ZG1": ("OTHER",),
}

# With these prices, quantities and indices an amount often ends in exactly half a penny.
PRICES = (1_000, 30_000, 1_001, 333, 150_000, 99_999, 5, 400_100, 800_001)
INDICES = ("1.000500", "1.000000", "1.148886", "1.000250")
QUANTITIES = ("1", "1", "1", "2", "0.5", "1.5", "0.125", "0.333", "3", "-1", "-0.5", "-2")


@st.composite
def price_books(draw: st.DrawFn) -> tuple[Price, ...]:
    """Every tariff has a price for any line, or only for one point of delivery or treatment function, or both."""
    rows = []
    for tariff in TARIFFS:
        keys = draw(
            st.sampled_from(
                (
                    (("", ""),),
                    (("", ""), ("NEL", "")),
                    (("", ""), ("", "300")),
                    (("", ""), ("NEL", ""), ("", "300")),
                    (("NEL", "300"), ("NEL", ""), ("", "300"), ("", "")),
                    (("AE", ""), ("COMM", "")),
                )
            )
        )
        for point_of_delivery, function in keys:
            rows.append(Price(tariff, draw(st.sampled_from(PRICES)), point_of_delivery, function))
    return tuple(rows)


@st.composite
def re_issues(draw: st.DrawFn) -> tuple[ReIssue, ...]:
    """Whole books that come later, each on a day of its own: mostly looking back to the beginning of the year."""
    published = draw(st.lists(days_in_year(), max_size=draw(st.sampled_from((0, 0, 1, 1, 2, 3))), unique=True))
    return tuple(
        ReIssue(
            day, draw(mostly(st.just(FIRST_DAY), days_in_year(), 2)), draw(price_books()), draw(market_forces_indices())
        )
        for day in published
    )


@st.composite
def market_forces_indices(draw: st.DrawFn) -> tuple[MarketForces, ...]:
    # Organisations without an index are charged as they stand.
    rows = [MarketForces("ZA1", Decimal(draw(st.sampled_from(INDICES))))]
    for provider in ("ZA2", "ZM1", "ZC1"):
        index = draw(st.none() | st.sampled_from(INDICES))
        if index is not None:
            rows.append(MarketForces(provider, Decimal(index)))
    return tuple(rows)


def days_in_cohort(world: World) -> tuple[tuple[str, date], ...]:
    """A person and a day on which that person is in the cohort: each edge of the year, and each first and last day."""
    places = walk_the_year(world)
    found = []
    for person in world.persons:
        inside = [day for day in days_of_the_year() if is_in_cohort(places.get((person.key, day)))]
        days = {day for day in inside if day in EDGES or day - ONE_DAY not in inside or day + ONE_DAY not in inside}
        found += [(person.key, day) for day in sorted(days)]
    return tuple(found)


def is_in_cohort(place: Place | None) -> bool:
    return place is not None and place.segment is not None


def interesting_days(world: World) -> tuple[tuple[str, date], ...]:
    """A person and a day, for every day on which something happens to that person, and its neighbours."""
    found = []
    for person in world.persons:
        days = {date(2026, 5, 5), date(2026, 11, 11), FIRST_DAY, LAST_DAY}
        if person.born >= FIRST_DAY:
            days |= {person.born, person.born - ONE_DAY}
        if person.died is not None:
            days |= {person.died, person.died + ONE_DAY}
        for r in world.registrations:
            if r.person == person.key:
                days |= {r.start, r.start - ONE_DAY} if r.start >= FIRST_DAY else set()
                days |= {r.end, r.end + ONE_DAY} if r.end is not None else set()
        for p in world.practices:
            days |= {p.end, p.end + ONE_DAY} if p.end is not None and p.end >= FIRST_DAY else set()
        found += [(person.key, day) for day in sorted(days)]
    return tuple(found) or (("S999999999", FIRST_DAY),)


@st.composite
def lines_about(draw: st.DrawFn, inside: tuple[tuple[str, date], ...], edges: tuple[tuple[str, date], ...]) -> Line:
    """Mostly a line that could well be charged; one in four has one thing about it that sets it apart."""
    person, ended = draw(mostly(st.sampled_from(inside or edges), st.sampled_from(edges), 3))
    provider = draw(st.sampled_from(tuple(USUAL)))
    line = Line(
        identifier="",
        provider=provider,
        person=person,
        ended=ended,
        point_of_delivery=draw(st.sampled_from(USUAL[provider])),
        tariff_code=draw(st.sampled_from(TARIFFS)),
        quantity=Decimal(draw(st.sampled_from(QUANTITIES))),
        submitted_pence=0,
        treatment_function=draw(st.sampled_from(FUNCTIONS)),
    )
    return draw(peculiar_lines(line)) if draw(one_in(4)) else line


@st.composite
def peculiar_lines(draw: st.DrawFn, line: Line) -> Line:
    change = draw(
        st.sampled_from(
            (
                {"ended": date(2026, 3, 31)},
                {"ended": date(2027, 4, 1)},
                {"ended": date(1926, 5, 5)},
                {"financial_year": "202526"},
                {"commissioner": "XOT"},
                {"commissioner": "VPP00"},
                {"provider": "ZL1"},
                {"point_of_delivery": "BLOCK"},
                {"point_of_delivery": "CQUIN"},
                {"point_of_delivery": "WIBBLE"},
                {"point_of_delivery": "EL"},
                {"point_of_delivery": "DC"},
                {"point_of_delivery": "MDT"},
                {"tariff_code": UNPRICED_TARIFF},
                {"specialised_code": "NCBPS01C"},
                {"person": ""},
                {"person": "1"},
                {"person": "S999999999"},
                {"submitted_pence": 12_345},
                {"quantity": Decimal(0)},
                {"started": line.ended - timedelta(days=9)},
                {"ended": draw(days_in_year())},
            )
        )
    )
    return replace(line, **change)


def sendable(lines: list[Line]) -> list[Line]:
    """A provider that sent nothing for the year sent no file for it, so its strays from other years were not sent."""
    in_year = {line.provider for line in lines if belongs_to_the_year(line)}
    return [line for line in lines if line.provider in in_year]


def submitted(world: World, number: int, line: Line) -> Line:
    """Give the line its identifier, and the price that its provider would have put on it."""
    # The text of the identifiers runs in another order than the lines do.
    line = replace(line, identifier=f"L{number * 7919 % 1000:03}{number:02}")
    price = best_price(world, line)
    unit = price.unit_price_pence if price is not None else 5_000
    exact = unit * Fraction(line.quantity) * market_forces_index(world, line.provider, book_now(world, line))
    return replace(
        line,
        submitted_unit_price_pence=unit,
        submitted_pence=line.submitted_pence or round_half_away(exact),
    )


@st.composite
def submissions(draw: st.DrawFn, world: World, line: Line, choices: AbstractSet[str]) -> Line:
    """Perhaps another total than the price book gives: a penny off, far off, the other way round, or none at all."""
    by_book = world.contract.price_basis == "book"
    pence = line.submitted_pence
    assert pence is not None
    others: tuple[int | None, ...] = (pence - 1, pence + 1, pence // 2, 2 * pence, 0, -pence, 7)
    if "blank_totals" in choices and not by_book:
        others = (None, *others, None)
    pence = draw(mostly(st.just(pence), st.sampled_from(others), 8 if by_book else 2))
    if pence is not None and any(base_of(term) == "cost" for term in world.contract.terms):
        pence = abs(pence)
    return replace(line, submitted_pence=pence)


# --------------------------------------------------------------------------------------------------------------
# Blocks
# --------------------------------------------------------------------------------------------------------------


@st.composite
def with_blocks(draw: st.DrawFn, world: World, choices: AbstractSet[str]) -> World:
    """Perhaps one or two blocks, whose lines may be set aside as such, or be charged as well."""
    keys = sorted(choices & {"block_by_person_days", "block_by_lines", "block_by_shares"})
    blocks: list[Block] = []
    guards = world.contract.guards
    for n in range(draw(st.sampled_from((0, 0, 1, 1, 2))) if keys else 0):
        block = draw(blocks_of(world, f"block_{n + 1}", draw(st.sampled_from(keys))))
        # Nothing can be shared out by lines that are not there.
        if block.key != "lines" or lines_of_block(world, block):
            blocks.append(block)
            if draw(st.booleans()):
                guards = (Guard("block", When(provider=(block.provider,))), *guards)
    return replace(world, contract=replace(world.contract, blocks=tuple(blocks), guards=guards))


@st.composite
def blocks_of(draw: st.DrawFn, world: World, id_: str, choice: str) -> Block:
    key = choice.removeprefix("block_by_")
    block = Block(
        id_,
        draw(st.sampled_from(PROVIDERS)),
        draw(st.sampled_from(sorted(settings_in_budget(world)))),
        draw(st.sampled_from((100_000, 33_333, 1, 2, 12_345_678))),
        key,
    )
    if key == "person_days":
        counted = sum(count_units(world, walk_the_year(world)).values())
        return replace(block, whole=max(counted, 1) + draw(st.sampled_from((0, 0, 1, 7, 1000))))
    if key == "shares":
        share = st.sampled_from([Fraction(part) for part in ("1/3", "1/10", "3/25", "1/4", "0")])
        whole = draw(one_in(4))
        shares = [draw(share) for _ in hosts_of(world)]
        # The last may have all that the others leave, so that there is nobody else.
        shares[-1] = 1 - sum(shares[:-1]) if whole else shares[-1]
        return replace(block, shares=tuple(zip(hosts_of(world), shares, strict=True)))
    return block


# --------------------------------------------------------------------------------------------------------------
# Outcomes and payments
# --------------------------------------------------------------------------------------------------------------

INDICATORS = (
    Indicator("ind_a", "higher", Decimal("0.40"), Decimal("0.70")),
    Indicator("ind_b", "lower", Decimal("0.30"), Decimal("0.10")),
)

RESULTS = ((55, 100), (70, 100), (71, 100), (40, 100), (39, 100), (1, 3), (2, 11), (10, 100), (9, 100), (0, 7))


@st.composite
def results_of(draw: st.DrawFn, hosts: tuple[str, ...]) -> tuple[IndicatorResult, ...]:
    return tuple(
        IndicatorResult(host, indicator.id, *draw(st.sampled_from(RESULTS)))
        for host in hosts
        for indicator in INDICATORS
    )


@st.composite
def payments_to(draw: st.DrawFn, hosts: tuple[str, ...]) -> tuple[Payment, ...]:
    rows = []
    for host in hosts:
        pence = draw(st.sampled_from((41_667, 10_000, 1)))
        for n in range(draw(st.integers(0, 3))):
            rows.append(Payment(date(2026, 4 + n, 15), COMMISSIONER, host, pence, f"{host}-{n + 1}"))
    return tuple(rows)


def weights() -> st.SearchStrategy[tuple[Weight, ...]]:
    return st.sampled_from(
        (
            (Weight("ind_a", Fraction(2, 3)), Weight("ind_b", Fraction(1, 3))),
            (Weight("ind_a", Fraction(1)),),
            (Weight("ind_b", Fraction(1, 4)), Weight("ind_a", Fraction(3, 4))),
        )
    )


# --------------------------------------------------------------------------------------------------------------
# Contracts
# --------------------------------------------------------------------------------------------------------------


@st.composite
def segment_schemes(draw: st.DrawFn) -> tuple[Segment, ...]:
    """Three or more conditions, two, or one with a high body mass index: disjoint by the count of conditions."""
    youngest = draw(st.sampled_from((20, 18, 23)))
    oldest = draw(st.sampled_from((64, 59, 65)))
    middle = draw(st.sampled_from((40, 38)))
    segments = (
        Segment("core", youngest, oldest, at_least=3),
        Segment("risk_one", youngest, oldest, exactly=2),
        Segment("risk_two", middle, oldest, exactly=1, bmi_over=Decimal(30)),
    )
    return draw(st.sampled_from((segments, segments, segments, segments, segments[:2], segments[1:], segments[2:])))


@st.composite
def contracts(
    draw: st.DrawFn,
    hosts: tuple[str, ...],
    segments: tuple[Segment, ...],
    tested: str,
    price_rounding: str | None,
    choices: AbstractSet[str],
) -> Contract:
    attribution = draw(st.sampled_from(("host_on_activity_date", *sorted(choices & {"plurality", "prospective_list"}))))
    ties = st.sampled_from(("earlier", "later", "contract_order"))
    budget_rounding = draw(st.sampled_from(("on_total", "per_person")))
    return Contract(
        parties=(
            Party(COMMISSIONER, "ICB", "commissioner"),
            *(Party(host, f"Host {host}", "host") for host in hosts),
            *(Party(provider, f"Provider {provider}", "provider") for provider in PROVIDERS),
            *(Party(partner, f"Partner {partner}", "vcse", nhs_body=False) for partner in PARTNERS),
        ),
        conditions=draw(st.sampled_from((CONDITIONS, CONDITIONS, CONDITIONS[:4]))),
        segments=segments,
        scope=draw(scopes()),
        rates=draw(rate_tables(segments)),
        status=draw(st.sampled_from(("live", "live", "live", "shadow"))),
        route=draw(st.sampled_from(("commissioner_pays_and_nets", "host_pays_provider"))),
        first_year=draw(st.sampled_from(("2026/27", "2026/27", "2025/26", "2024/25"))),
        counting=draw(st.sampled_from(("person_days", "quarter_snapshot", "annual_snapshot"))),
        attribution=attribution,
        attribution_ties=draw(ties) if attribution == "plurality" else "",
        overlapping_registrations=draw(
            st.sampled_from(("refuse", *sorted(choices & {"earlier_start_wins", "latest_wins"})))
        ),
        segments_tested=tested,
        price_basis=draw(st.sampled_from(("book", *sorted(choices & {"submitted", "lower"})))),
        price_rounding=price_rounding or draw(st.sampled_from(("per_line", "on_total"))),
        budget_rounding=budget_rounding,
        guards=draw(guard_lists()),
        adjustments=draw(adjustment_lists(hosts, segments, budget_rounding, choices)),
        terms=draw(waterfalls(hosts, choices)),
    )


def guard_lists() -> st.SearchStrategy[tuple[Guard, ...]]:
    low_volume = Guard("low_volume_activity", When(provider=("ZL1",)))
    block = Guard("block", When(point_of_delivery=("BLOCK", "CQUIN")))
    return st.sampled_from(((low_volume, block), (block, low_volume), (block,), ()))


@st.composite
def scopes(draw: st.DrawFn) -> tuple[ScopeRule, ...]:
    """The same rules in any order: first match wins, so the order is part of the contract. One may be missing."""
    rules = draw(
        st.permutations(
            (
                ScopeRule(When(specialised=True), out_of_scope="specialised services"),
                ScopeRule(When(point_of_delivery=("AE", "NEL")), setting="emergency"),
                ScopeRule(When(point_of_delivery=("EL", "DC")), setting="elective"),
                ScopeRule(When(provider=("ZG1",)), setting="primary"),
                ScopeRule(When(provider=("ZM1",), point_of_delivery=("COMM", "OPFUP")), setting="mental_health"),
                ScopeRule(When(provider=("ZC1", "ZM1")), setting="community"),
                ScopeRule(When(point_of_delivery=("OPFA", "OPFUP", "OPPROC")), setting="outpatient"),
            )
        )
    )
    return tuple(rules[1:] if draw(one_in(5)) else rules)


@st.composite
def rate_tables(draw: st.DrawFn, segments: tuple[Segment, ...]) -> tuple[Rate, ...]:
    # A setting without a rate is not in the budget, and what was done there is set aside.
    settings = SETTINGS[1:] if draw(one_in(5)) else SETTINGS
    amounts = st.sampled_from((50_000, 60_050, 70_001, 33_333, 150_000, 7_99))
    return tuple(Rate(segment.id, setting, draw(amounts)) for segment in segments for setting in settings)


@st.composite
def adjustment_lists(
    draw: st.DrawFn,
    hosts: tuple[str, ...],
    segments: tuple[Segment, ...],
    budget_rounding: str,
    choices: AbstractSet[str],
) -> tuple[Adjustment, ...]:
    """None, some or all of the adjustments, in any order."""
    known: dict[str, st.SearchStrategy[Adjustment]] = {
        "uplift": uplifts(),
        "growth": changes("growth", segments, choices),
        "need": changes("need", segments, choices),
        "pace": st.builds(Change, st.just("pace"), percent("0.5", "-0.3"), kind=st.just("pace_of_change")),
        "market_forces": budget_market_forces(hosts),
        "transfer": transfers(hosts),
        "place_index": st.just(PLACE_INDEX),
    }
    never = {"market_forces", "transfer", "place_index"} - choices
    if budget_rounding == "per_person" and "transfer_per_person" not in choices:
        never |= {"transfer"}
    order = draw(st.permutations([id_ for id_ in known if id_ not in never]))
    found = [draw(known[id_]) for id_ in order[: draw(st.sampled_from((0, 2, 1, 3, len(order))))]]
    if "transfer_before_by_segment" not in choices:
        found.sort(key=lambda adjustment: isinstance(adjustment, Transfer))
    return tuple(found)


def uplifts() -> st.SearchStrategy[UpliftAndEfficiency]:
    return st.builds(
        UpliftAndEfficiency,
        st.just("uplift"),
        percent("4.15", "0.5", "0"),
        percent("2.0", "1.1"),
        st.sampled_from(("multiplicative", "additive")),
    )


@st.composite
def changes(draw: st.DrawFn, kind: str, segments: tuple[Segment, ...], choices: AbstractSet[str]) -> Change:
    rates = percent("0.8", "-1.25", "0")
    if "by_segment" in choices and draw(st.booleans()):
        return Change(kind, rate_by_segment=tuple((segment.id, draw(rates)) for segment in segments), kind=kind)
    return Change(kind, draw(rates), kind=kind)


@st.composite
def budget_market_forces(draw: st.DrawFn, hosts: tuple[str, ...]) -> BudgetMarketForces:
    indices = st.sampled_from([Decimal(index) for index in ("1.041377", "1.02", "0.987", "1")])
    if draw(st.booleans()):
        return BudgetMarketForces("market_forces", index=draw(indices))
    return BudgetMarketForces("market_forces", index_by_host=tuple((host, draw(indices)) for host in hosts))


@st.composite
def transfers(draw: st.DrawFn, hosts: tuple[str, ...]) -> Transfer:
    sums = st.sampled_from((12_000, -5_000, 0, 1, -33_333, 100_001))
    other_years = st.sampled_from((date(2025, 10, 1), date(2027, 4, 1)))
    start = draw(st.none() | mostly(days_in_year(), other_years, 6))
    return Transfer("transfer", tuple((host, draw(sums)) for host in hosts), start)


# Invented, in the shape of published weighted populations: the index is 1.121288 to six places.
PLACE_INDEX = PlaceIndex(
    "place_index",
    Decimal("22746.360246"),
    Decimal("28733.937164"),
    Decimal("3242302.0252"),
    Decimal("3652746.5036"),
)


def with_budgets_above_zero(world: World) -> World:
    """A share of a budget below nothing would mean nothing, so nobody's transfer takes more away than there is."""
    units = count_units(world, walk_the_year(world))
    if all(budget_pence(world, units, host) >= 0 for host in hosts_of(world)):
        return world
    adjustments = tuple(
        replace(a, value_by_host=tuple((host, abs(pence)) for host, pence in a.value_by_host))
        if isinstance(a, Transfer)
        else a
        for a in world.contract.adjustments
    )
    return replace(world, contract=replace(world.contract, adjustments=adjustments))


@st.composite
def waterfalls(draw: st.DrawFn, hosts: tuple[str, ...], choices: AbstractSet[str]) -> tuple[Term, ...]:
    """Any of the terms in any order in which each finds the amount on which it works."""
    order = draw(st.permutations(("high_cost", "balance", "share", "outcomes", "connectors", "partners", "paid")))
    known: list[str] = []
    terms: list[Term] = []
    for id_ in order[: draw(st.sampled_from((2, 4, 5, 6, 7, 3, 1, 0)))]:
        if id_ in ("share", "partners") and not known:
            # There is nothing to share yet but the balance.
            terms.append(Balance("balance", "budget"))
            known.append("balance")
        if id_ != "balance" or "balance" not in known:
            terms.append(draw(term_named(id_, known, hosts, choices)))
            known += AMOUNTS_TO_WORK_ON.get(id_, ())
    return tuple(terms)


# Whether a payment to a partner or on account is an amount to be shared is left to real contracts.
AMOUNTS_TO_WORK_ON = {
    "high_cost": ("high_cost",),
    "balance": ("balance",),
    "share": ("share",),
    "outcomes": ("outcomes", "outcomes.withheld", "outcomes.earned"),
}


def term_named(
    id_: str, known: list[str], hosts: tuple[str, ...], choices: AbstractSet[str]
) -> st.SearchStrategy[Term]:
    terms = {
        "high_cost": lambda: stop_losses(choices),
        "balance": lambda: st.builds(Balance, st.just("balance"), bases()),
        "share": lambda: band_terms(known),
        "outcomes": outcome_terms,
        "connectors": lambda: vcse_lines(hosts),
        "partners": lambda: splits(known),
        "paid": lambda: st.just(OnAccount("paid")),
    }
    return terms[id_]()


def bases() -> st.SearchStrategy[str]:
    return st.sampled_from(("budget", "budget", "budget", "cost"))


def stop_losses(choices: AbstractSet[str]) -> st.SearchStrategy[StopLoss]:
    return st.builds(
        StopLoss,
        st.just("high_cost"),
        st.sampled_from((100_000, 1_000, 300_000, 10_001)),
        st.sampled_from((Fraction(4, 5), Fraction(1), Fraction(2, 3), Fraction(1, 2))),
        st.just(COMMISSIONER),
        st.booleans(),
        st.sampled_from(("year_total", "running")),
        st.sampled_from(("in_date_order", *sorted(choices & {"in_proportion"}))),
    )


def band_terms(known: list[str]) -> st.SearchStrategy[Bands]:
    return st.builds(
        Bands,
        st.just("share"),
        st.sampled_from(["balance"] if "balance" in known else known),
        bases(),
        band_tables(),
        band_tables(),
    )


@st.composite
def band_tables(draw: st.DrawFn) -> tuple[Band, ...]:
    """Bands that join: each ends where the next begins, and the last has no end."""
    cuts = draw(st.lists(percent("0.5", "1", "2", "5", "20", "80"), unique=True, max_size=3).map(sorted))
    share = st.sampled_from((Fraction(1, 2), Fraction(1), Fraction(0), Fraction(1, 5), Fraction(1, 3), Fraction(2, 3)))
    return tuple(Band(cut, draw(share)) for cut in [*cuts, None])


def outcome_terms() -> st.SearchStrategy[Outcomes]:
    at_risk = tuple(Fraction(n, 100) for n in (5, 10, 10, 15, 15))
    late = tuple(Fraction(n, 100) for n in (0, 10, 10, 15, 15))
    return st.builds(Outcomes, st.just("outcomes"), bases(), st.sampled_from((at_risk, late)), weights())


@st.composite
def vcse_lines(draw: st.DrawFn, hosts: tuple[str, ...]) -> VcseLine:
    everywhere = draw(st.booleans())
    value = draw(st.sampled_from((100_000, 33_333, 50_001)))
    quarters = (Fraction(1, 4),) * 4
    tenths = tuple(Fraction(n, 10) for n in (1, 2, 3, 4))
    return VcseLine(
        "connectors",
        draw(st.sampled_from(PARTNERS)),
        draw(st.sampled_from(("host", "commissioner"))),
        value_pence=value if everywhere else None,
        value_by_host=() if everywhere else tuple((host, value if host == hosts[-1] else 0) for host in hosts),
        indexation=draw(st.none() | indexations()),
        protected_minimum=draw(st.none() | percent("90", "80")),
        outcome_part=draw(st.none() | st.builds(OutcomePart, percent("20", "50"), weights())),
        profile=draw(st.sampled_from((quarters, tenths, ()))),
    )


@st.composite
def indexations(draw: st.DrawFn) -> Indexation:
    rates = percent("5.2", "2.5", "0.3", "-1")
    years = {"2024/25": ("2025/26", "2026/27"), "2025/26": ("2026/27",)}
    agreed_in = draw(st.sampled_from(tuple(years)))
    return Indexation(
        agreed_in,
        tuple((year, draw(rates)) for year in years[agreed_in]),
        draw(st.none() | percent("1")),
        draw(st.none() | percent("4")),
    )


def splits(known: list[str]) -> st.SearchStrategy[Split]:
    third = Fraction(1, 3)
    shares = (
        (("host", Fraction(7, 10)), ("VC1", Fraction(1, 5)), ("ZA1", Fraction(1, 10))),
        (("host", third), ("VC1", third), ("ZA1", third)),
        (("ZA1", third), ("VC2", third), ("host", third)),
        (("VC1", Fraction(1, 6)), ("VC2", Fraction(5, 6)), ("host", Fraction(0))),
        (("host", Fraction(1)),),
        (("ZA1", Fraction(1, 2)), ("ZA2", Fraction(1, 2))),
    )
    return st.builds(Split, st.just("partners"), st.sampled_from(known), st.sampled_from(shares))


# --------------------------------------------------------------------------------------------------------------
# Labels
# --------------------------------------------------------------------------------------------------------------


def label(world: World, settlement: OracleSettlement) -> None:
    """Count the cases that matter, so that a run shows whether it met them."""
    for name, met in interesting_cases(world, settlement).items():
        if met:
            event(name)


def interesting_cases(world: World, settlement: OracleSettlement) -> dict[str, bool]:
    hosts = settlement.hosts.values()
    closed = [p for p in world.practices if p.successor]
    return {
        "born on 29 February": any((p.born.month, p.born.day) == (2, 29) for p in world.persons),
        "nobody at a host": any(not h.units_by_segment for h in hosts),
        "a credit": any(line.quantity < 0 for line in world.lines),
        "the host owes": any(h.closing_pence < 0 for h in hosts),
        "someone in the cohort": any(h.units_by_segment for h in hosts),
        "stop-loss hit": any(h.effect_pence.get("high_cost") for h in hosts),
        "line that ends in half a penny": any(is_tie(world, line) for line in world.lines),
        "gain": any(h.budget_pence > h.cost_pence for h in hosts),
        "loss": any(h.budget_pence < h.cost_pence for h in hosts),
        "death in the year": any(p.died is not None for p in world.persons),
        "line before birth": "before_birth" in settlement.fates,
        "line after death": "after_death" in settlement.fates,
        "cost at two hosts": sum(1 for h in hosts if h.cost_cells) > 1,
        "registered at a practice that closed": any(r.practice == p.code for p in closed for r in world.registrations),
        "cost in five cells or more": any(len(h.cost_cells) >= 5 for h in hosts),
        "counted by a list": any(h.units_by_segment.get(populations.LISTED.id) for h in hosts),
        "practices by their networks": bool(world.partners),
        f"overlaps, {world.contract.overlapping_registrations}": True,
        "made good": any(name.startswith("budget.") for h in hosts for name, pence in h.effect_pence.items() if pence),
        **choices_met(world, settlement),
    }


def choices_met(world: World, settlement: OracleSettlement) -> dict[str, bool]:
    """Which of the choices there were, and which of them changed something."""
    contract = world.contract
    blocks = [b for b in contract.blocks if any(h.block_pence[b.id] for h in settlement.hosts.values())]
    return {
        **{f"block by {block.key}": True for block in blocks},
        **{f"adjustment {a.id}": True for a in contract.adjustments},
        **attribution_met(world),
        **price_basis_met(world),
        **re_issues_met(settlement),
        "in proportion is not in date order": in_proportion_matters(world, settlement),
    }


def re_issues_met(settlement: OracleSettlement) -> dict[str, bool]:
    changes = [[pence for pence in host.re_issue_pence.values() if pence] for host in settlement.hosts.values()]
    return {
        "a re-issue that changed a cost": any(changes),
        "two re-issues that changed one cost": any(len(each) > 1 for each in changes),
    }


def attribution_met(world: World) -> dict[str, bool]:
    attribution, ties = world.contract.attribution, world.contract.attribution_ties
    if attribution == "host_on_activity_date":
        return {}
    by_date = replace(world, contract=replace(world.contract, attribution="host_on_activity_date", attribution_ties=""))
    places = walk_the_year(by_date)
    days: dict[str, Counter[str]] = {}
    for (person, _), place in places.items():
        days.setdefault(person, Counter())[place.host] += 1
    tied = any(len(count) > 1 and len(set(count.values())) == 1 for count in days.values())
    return {
        f"{attribution} moves a day": walk_the_year(world) != places,
        f"tie between hosts, {ties}": attribution == "plurality" and tied,
    }


def price_basis_met(world: World) -> dict[str, bool]:
    basis = world.contract.price_basis
    priced = [line for line in world.lines if has_price(world, line)]
    not_book = [
        line
        for line in priced
        if best_price(world, line) is None or charged_amount(world, line) != book_amount(world, line)
    ]
    return {
        f"{basis} is not the book": bool(not_book),
        f"{basis} is not the book for a credit": any(line.quantity < 0 for line in not_book),
        f"{basis} though signs differ": basis == "lower"
        and any((line.submitted_pence or 0) * book_amount(world, line) < 0 for line in priced),
        "blank total": any(line.submitted_pence is None for line in world.lines),
    }


def in_proportion_matters(world: World, settlement: OracleSettlement) -> bool:
    terms = tuple(
        replace(term, taken="in_date_order") if isinstance(term, StopLoss) else term for term in world.contract.terms
    )
    if terms == world.contract.terms:
        return False
    return settle(replace(world, contract=replace(world.contract, terms=terms))).hosts != settlement.hosts


def is_tie(world: World, line: Line) -> bool:
    return best_price(world, line) is not None and exact_pence(world, line).denominator == 2
