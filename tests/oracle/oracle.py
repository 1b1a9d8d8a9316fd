"""The rules of a Year of Care contract, followed one person, one day and one line at a time.

Nothing here is clever and nothing is fast. Every day of every person's year is walked one by one, so there is no
arithmetic on intervals to get wrong; every amount is an exact fraction until the contract says that it is rounded.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction

from .world import (
    Adjustment,
    Balance,
    Bands,
    Block,
    BudgetMarketForces,
    Change,
    Diagnosis,
    Line,
    OnAccount,
    Outcomes,
    Person,
    PlaceIndex,
    Practice,
    Price,
    Registration,
    Segment,
    Split,
    StopLoss,
    Term,
    Transfer,
    VcseLine,
    Weight,
    When,
    World,
)

YEAR = "2026/27"
FINANCIAL_YEAR = "202627"
FIRST_DAY = date(2026, 4, 1)
LAST_DAY = date(2027, 3, 31)

QUARTER_STARTS = (date(2026, 4, 1), date(2026, 7, 1), date(2026, 10, 1), date(2027, 1, 1))
MONTH_STARTS = tuple(date(2026 + (month > 12), (month - 1) % 12 + 1, 1) for month in range(4, 16))

TEST_DATES = {"year_start": (FIRST_DAY,), "quarter_start": QUARTER_STARTS, "month_start": MONTH_STARTS}

UNITS_PER_YEAR = {"person_days": 365, "quarter_snapshot": 4, "annual_snapshot": 1}

# A line without a person still has something in the field: a blank, or this.
PLACEHOLDER_PERSON = "1"

# A point of delivery that is not in the national list was never mapped to one that is.
NATIONAL_CODES = """
    NEL NELXBD NELST NELOBD NELNE NELNEXBD NELNEOBD
    DC EL RADAY RANIGHT ELXBD ELOBD IPOBD IPFCE IPSPECIAL
    OPFASPCL OPFASPNCL OPFAMPCL OPFAMPNCL NF2FFA OPFAHOME OPFAPREOP WAFA OPFA
    OPFUPSPCL OPFUPSPNCL OPFUPMPCL OPFUPMPNCL NF2FFUP OPFUPHOME OPFUPPREOP WAFUP OPFUP
    OPPROCFA OPPROCFUP OPPROC DAIMG DALAB DAOTHER AE
    DRUG DEVICE UNBCHEMO UNBRAD UNBRTHPY UNBREHAB UNBPALL UNBACC UNBPCC UNBNCC UNBOTHER
    YOC POC MATPATHAN MATPATHPN IVF ARD CRD CCTRANS
    AMBUE AMBHTR AMBSTR AMBSTC AMBOTHER PTSTRANS
    COMMINIT COMMSUB COMM SCREEN MDT LAC AAG MAINT DCRE TEST PATIENT OTHER
    CQUIN ADJUSTMENT BLOCK NAOTHER
"""
NATIONAL_POINTS_OF_DELIVERY = frozenset(NATIONAL_CODES.split())

Cell = tuple[str, str, str, int]  # segment, setting, provider, month (1 is April)
Entry = tuple[str, str, int]  # payer, payee, pence


@dataclass(frozen=True)
class CellCost:
    """What one cell of the cost holds. The pence are a sum of rounded lines only where lines are rounded."""

    lines: int
    submitted_pence: int
    pence: Fraction
    over_threshold_pence: Fraction


@dataclass(frozen=True)
class Fate:
    """How many lines met one fate, and what was submitted for them."""

    lines: int
    submitted_pence: int


@dataclass(frozen=True)
class OracleHost:
    """One host's year."""

    host: str
    units_by_segment: dict[str, int]
    units_per_year: int
    budget_pence: int
    cost_pence: int
    cost_cells: dict[Cell, CellCost]
    cost_by_setting: dict[str, Fraction]
    block_pence: dict[str, int]
    effect_pence: dict[str, int]
    closing_pence: int
    re_issue_pence: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class OracleSettlement:
    """Every host's year, every movement of money, and where every submitted pound went."""

    hosts: dict[str, OracleHost]
    entries: Counter[Entry]
    submitted_pence: int
    fates: dict[str, Fate]
    rest_of_block_pence: dict[str, int]


def settle(world: World) -> OracleSettlement:
    """Settle one contract for one year."""
    places = walk_the_year(world)
    units = count_units(world, places)
    fates = [fate_of(world, places, line) for line in world.lines]
    costs = Costs(charge(world, places, fates), share_out_blocks(world, places, units))

    made_good = make_good(world, places) if world.restated is not None else {}
    statements = [statement_of(world, units, costs, host, made_good.get(host)) for host in hosts_of(world)]
    # A shadow settlement is worked out to the last penny, and moves none of them.
    live = world.contract.status == "live"
    return OracleSettlement(
        hosts={s.host: host_result(world, units, costs, s) for s in statements},
        entries=Counter(entry for s in statements for entry in s.entries if live),
        submitted_pence=sum(line.submitted_pence or 0 for line in world.lines),
        fates=count_fates(world, fates),
        rest_of_block_pence={block: parts[REST] for block, parts in costs.blocks.items()},
    )


# --------------------------------------------------------------------------------------------------------------
# Money
# --------------------------------------------------------------------------------------------------------------


def round_half_away(amount: Fraction) -> int:
    """Round to whole pence; a half goes away from zero, for a credit as for a charge."""
    whole = (abs(amount) + Fraction(1, 2)).__floor__()
    return whole if amount >= 0 else -whole


def rounded(amount: Fraction) -> Fraction:
    return Fraction(round_half_away(amount))


def split_pence(pence: int, weights: list[Fraction]) -> list[int]:
    """Divide whole pence by weight, by largest remainder; of two equal remainders the one listed first wins."""
    exact = [abs(pence) * weight / sum(weights) for weight in weights]
    parts = to_whole_pence(exact, abs(pence))
    return parts if pence >= 0 else [-part for part in parts]


def to_whole_pence(exact: list[Fraction], total: int) -> list[int]:
    """Take each amount down to whole pence, then give the pence still missing to the largest remainders."""
    parts = [amount.__floor__() for amount in exact]
    missing = total - sum(parts)
    assert 0 <= missing <= len(parts)
    by_remainder = sorted(range(len(exact)), key=lambda i: (parts[i] - exact[i], i))
    for i in by_remainder[:missing]:
        parts[i] += 1
    return parts


# --------------------------------------------------------------------------------------------------------------
# People, day by day
# --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """Where a person stands on one day: the host, and the segment if there is one."""

    host: str
    segment: str | None


Places = dict[tuple[str, date], Place]
Units = Counter[tuple[str, str, str]]  # person, host, segment


def days_of_the_year() -> Iterator[date]:
    day = FIRST_DAY
    while day <= LAST_DAY:
        yield day
        day += timedelta(days=1)


def walk_the_year(world: World) -> Places:
    """For each person and day: the host and the segment. A day that is missing is a day with no host."""
    places: Places = {}
    for person in world.persons:
        registrations = [r for r in world.registrations if r.person == person.key]
        diagnoses = [d for d in world.diagnoses if d.person == person.key]
        present = {}
        for day in days_of_the_year():
            host = host_on(world, person, registrations, day)
            if host is not None:
                present[day] = host
        for day, host in attributed(world, person, present).items():
            places[person.key, day] = Place(host, segment_on(world, person, diagnoses, day))
    return places


def attributed(world: World, person: Person, present: dict[date, str]) -> dict[date, str]:
    """Whose each day of presence is, which the contract may decide for the whole year at once."""
    if world.contract.attribution == "host_on_activity_date":
        return present
    under_a_host = {day: host for day, host in present.items() if host in hosts_of(world)}
    if world.contract.attribution == "plurality":
        taker = host_with_most_days(world, under_a_host)
    else:
        assert world.contract.attribution == "prospective_list"
        taker = listed_host(world, person)
    # A day under no host stays nobody's, whoever takes the others.
    return dict.fromkeys(under_a_host, taker) if taker is not None else {}


def host_with_most_days(world: World, present: dict[date, str]) -> str | None:
    if not present:
        return None
    days = Counter(present.values())
    tied = [host for host in hosts_of(world) if days[host] == max(days.values())]
    match world.contract.attribution_ties:
        case "earlier":
            return min(tied, key=lambda host: min(day for day in present if present[day] == host))
        case "later":
            return max(tied, key=lambda host: max(day for day in present if present[day] == host))
        case ties:
            assert ties == "contract_order"
            return tied[0]


def listed_host(world: World, person: Person) -> str | None:
    found = {row.host for row in world.attribution_list if row.person == person.key}
    assert len(found) <= 1, "listed under two hosts"
    return found.pop() if found else None


def host_on(world: World, person: Person, registrations: list[Registration], day: date) -> str | None:
    if not alive(person, day):
        return None
    registration = registration_on(world, registrations, day)
    return host_of_practice(world, registration.practice, day) if registration is not None else None


def registration_on(world: World, registrations: list[Registration], day: date) -> Registration | None:
    """The one registration that counts on a day, though there may be several; asked of that day alone."""
    regular = [r for r in registrations if r.kind == "Regular"]
    there = [r for r in regular if covers(r.start, r.end, day)]
    match world.contract.overlapping_registrations:
        case "refuse":
            assert len(there) <= 1, "registered twice"
            return there[0] if there else None
        case "earlier_start_wins":
            return min(there, key=lambda r: (r.start, *ends_last(r)), default=None)
        case rule:
            assert rule == "latest_wins"
            begun = [r for r in regular if r.start <= day]
            last = max((r.start for r in begun), default=None)
            counting = min((r for r in begun if r.start == last), key=ends_last, default=None)
            # Once it has ended nobody's day it is: a later start ends an earlier registration for good.
            return counting if counting in there else None


def ends_last(registration: Registration) -> tuple[int, str]:
    """Of registrations that begin on one day the one that ends last comes first, then the practice's code decides."""
    return -(registration.end or date.max).toordinal(), registration.practice


def alive(person: Person, day: date) -> bool:
    # The day of death counts.
    return person.born <= day and (person.died is None or day <= person.died)


def covers(start: date, end: date | None, day: date) -> bool:
    # The first and the last day count.
    return start <= day and (end is None or day <= end)


def host_of_practice(world: World, code: str, day: date) -> str | None:
    """The host to which a practice belongs on a day; the list of a closed practice belongs to its successor."""
    if world.partners:
        return host_by_network(world, code, day)
    rows = [row for row in world.practices if row.code == code]
    for row in rows:
        if covers(row.start, row.end, day):
            return host_of_neighbourhood(world, row.neighbourhood, day)
    successor = successor_on(rows, day)
    # The successor may itself have closed by then, so the question is asked again and not answered from its name.
    return host_of_practice(world, successor, day) if successor else None


def host_by_network(world: World, code: str, day: date) -> str | None:
    for row in world.successions:
        if row.practice == code and row.start <= day:
            return host_by_network(world, row.successor, day)
    for partner in world.partners:
        if partner.practice == code and covers(partner.start, partner.end, day):
            for row in world.placed:
                if row.network == partner.network and covers(row.start, row.end, day):
                    return host_of_neighbourhood(world, row.neighbourhood, day)
    return None


def successor_on(rows: list[Practice], day: date) -> str:
    closed = [row for row in rows if row.end is not None and row.end < day]
    if not closed:
        return ""
    return max(closed, key=lambda row: row.start).successor


def host_of_neighbourhood(world: World, code: str, day: date) -> str | None:
    # A practice with no neighbourhood is known, and outside every host.
    for row in world.neighbourhoods:
        if code and row.code == code and covers(row.start, row.end, day):
            return row.host
    return None


def segment_on(world: World, person: Person, diagnoses: list[Diagnosis], day: date) -> str | None:
    """The segment of a day is the one that the latest test date up to that day gives."""
    tested_on = max(d for d in TEST_DATES[world.contract.segments_tested] if d <= day)
    # Someone who was not born on the test date was tested as nobody.
    if person.born > tested_on:
        return None
    age = whole_years(person.born, tested_on)
    count = conditions_on(world, diagnoses, tested_on)
    found = [s.id for s in world.contract.segments if not s.listed and belongs(s, person, age, count)]
    found += [s.id for s in world.contract.segments if s.listed and named_on(world, s, person, tested_on)]
    assert len(found) <= 1, f"segments overlap: {found}"
    return found[0] if found else None


def named_on(world: World, segment: Segment, person: Person, day: date) -> bool:
    return any(
        row.person == person.key
        and row.segment == segment.id
        and (row.start is None or row.start <= day)
        and (row.end is None or day <= row.end)
        for row in world.segment_lists
    )


def whole_years(born: date, day: date) -> int:
    had_birthday = (day.month, day.day) >= (born.month, born.day)
    return day.year - born.year - (0 if had_birthday else 1)


def conditions_on(world: World, diagnoses: list[Diagnosis], day: date) -> int:
    """How many different conditions of the contract were known on the day; a repeat is not a second condition."""
    known = {d.condition for d in diagnoses if d.diagnosed_on <= day}
    return len(known & set(world.contract.conditions))


def belongs(segment: Segment, person: Person, age: int, count: int) -> bool:
    if not segment.age_from <= age <= segment.age_to:
        return False
    if segment.at_least is not None and count < segment.at_least:
        return False
    if segment.exactly is not None and count != segment.exactly:
        return False
    if segment.bmi_over is not None:
        # Not measured is not over.
        return person.body_mass_index is not None and person.body_mass_index > segment.bmi_over
    return True


def count_units(world: World, places: Places) -> Units:
    """Person-days, person-quarters or people, as the contract counts them."""
    counts = {
        "person_days": set(days_of_the_year()),
        "quarter_snapshot": set(QUARTER_STARTS),
        "annual_snapshot": {FIRST_DAY},
    }
    counted_days = counts[world.contract.counting]
    units: Units = Counter()
    for (person, day), place in places.items():
        if day in counted_days and place.segment is not None:
            units[person, place.host, place.segment] += 1
    return units


# --------------------------------------------------------------------------------------------------------------
# The budget
# --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """A part of a host's budget, still exact: for one person in one segment, or for none where a sum was agreed."""

    segment: str | None
    amount: Fraction


def budget_pence(world: World, units: Units, host: str) -> int:
    """People by rates, each adjustment in its order; rounded once for the host or once for each person."""
    parts = budget_parts(world, units, host)
    of_nobody = sum((part.amount for part in parts if part.segment is None), Fraction(0))
    of_people = [part.amount for part in parts if part.segment is not None]
    if world.contract.budget_rounding == "per_person":
        # What was agreed in year is rounded by itself: half a penny taken away is a penny taken away.
        return sum(round_half_away(amount) for amount in of_people) + round_half_away(of_nobody)
    return round_half_away(sum(of_people) + of_nobody)


def budget_parts(world: World, units: Units, host: str) -> list[Part]:
    parts = [
        Part(segment, Fraction(count, units_per_year(world)) * annual_rate(world, segment))
        for (_, host_of_person, segment), count in units.items()
        if host_of_person == host
    ]
    for adjustment in world.contract.adjustments:
        if isinstance(adjustment, Transfer):
            # What is agreed in year is the host's: it is no person's and no segment's.
            parts.append(Part(None, transferred(adjustment, host)))
        else:
            parts = [Part(part.segment, part.amount * factor_of(adjustment, host, part.segment)) for part in parts]
    return parts


def units_per_year(world: World) -> int:
    return UNITS_PER_YEAR[world.contract.counting]


def annual_rate(world: World, segment: str) -> Fraction:
    return Fraction(sum(rate.pence for rate in world.contract.rates if rate.segment == segment))


def transferred(transfer: Transfer, host: str) -> Fraction:
    """The sum for the year, or the part of it for the days that are left; the first of them counts."""
    value = Fraction(dict(transfer.value_by_host)[host])
    if transfer.start is None:
        return value
    days_left = sum(1 for day in days_of_the_year() if day >= transfer.start)
    return value * days_left / 365


def factor_of(adjustment: Adjustment, host: str, segment: str | None) -> Fraction:
    if isinstance(adjustment, Change):
        return 1 + rate_of_change(adjustment, segment)
    if isinstance(adjustment, BudgetMarketForces):
        return Fraction(dict(adjustment.index_by_host)[host] if adjustment.index is None else adjustment.index)
    if isinstance(adjustment, PlaceIndex):
        place = Fraction(adjustment.weighted) / Fraction(adjustment.registered)
        whole = Fraction(adjustment.whole_weighted) / Fraction(adjustment.whole_registered)
        return place / whole
    assert not isinstance(adjustment, Transfer)
    if adjustment.combine == "additive":
        return 1 + adjustment.cost_uplift - adjustment.efficiency
    return (1 + adjustment.cost_uplift) * (1 - adjustment.efficiency)


def rate_of_change(change: Change, segment: str | None) -> Fraction:
    if change.rate is not None:
        return change.rate
    # A sum that is in no segment has no segment's rate.
    return dict(change.rate_by_segment)[segment] if segment is not None else Fraction(0)


# --------------------------------------------------------------------------------------------------------------
# Back-pay: people who were restated
# --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MadeGood:
    """What was first counted for, and what each month (1 is April) is made good by."""

    first_pence: int
    months: dict[int, int]


def make_good(world: World, places: Places) -> dict[str, MadeGood]:
    """The year as it was paid, and then one month after another as the people of the world live it."""
    assert world.restated is not None
    before = walk_the_year(replace(world, registrations=world.restated.registrations))
    start = world.restated.start
    turned = [month for month in range(1, 13) if start is None or MONTH_STARTS[month - 1] < start]
    make = {"on_total": rounded_once, "per_person": rounded_for_each}[world.contract.budget_rounding]
    return {host: make(world, places, before, turned, host) for host in hosts_of(world)}


def rounded_once(world: World, places: Places, before: Places, turned: list[int], host: str) -> MadeGood:
    """What was paid is a budget like any other, and each month that is made good adds to it."""
    budgets = []
    for done in (0, *turned):
        waiting = [month for month in turned if month > done]
        budgets.append(budget_pence(world, count_units(world, paid_on(places, before, waiting)), host))
    months = {month: after - so_far for month, so_far, after in zip(turned, budgets, budgets[1:], strict=False)}
    return MadeGood(budgets[0], months)


def paid_on(places: Places, before: Places, months: list[int]) -> Places:
    """The people of the world, but in some months those who were counted before."""
    here = {key: place for key, place in places.items() if month_of(key[1]) not in months}
    return here | {key: place for key, place in before.items() if month_of(key[1]) in months}


def rounded_for_each(world: World, places: Places, before: Places, turned: list[int], host: str) -> MadeGood:
    """What is rounded for each person has no parts by month, so both whole years are rounded and compared.

    A month has its exact part of the difference, and of what rounding brings besides a share by the units that changed.
    """
    total, old = (budget_pence(world, count_units(world, year), host) for year in (places, before))
    parts, changed = {}, {}
    for month in range(1, 13):
        now, then = (count_units(world, in_month(year, month)) for year in (places, before))
        parts[month] = of_people(world, now, host) - of_people(world, then, host)
        changed[month] = sum(
            abs(in_segment(now, host, s.id) - in_segment(then, host, s.id)) for s in world.contract.segments
        )
    if not any(changed.values()):
        changed[12] = 1
    besides = total - old - sum(parts.values())
    for month in parts:
        parts[month] += besides * Fraction(changed[month], sum(changed.values()))
    paid = first = total - sum((parts[month] for month in turned), Fraction(0))
    months = {}
    for month in turned:
        months[month] = round_half_away(paid + parts[month]) - round_half_away(paid)
        paid += parts[month]
    return MadeGood(round_half_away(first), months)


def in_month(places: Places, month: int) -> Places:
    return {key: place for key, place in places.items() if month_of(key[1]) == month}


def of_people(world: World, units: Units, host: str) -> Fraction:
    """What people bring, exactly, without what was agreed in year."""
    return sum((p.amount for p in budget_parts(world, units, host) if p.segment is not None), Fraction(0))


def in_segment(units: Units, host: str, segment: str) -> int:
    return sum(count for (_, of_host, of_segment), count in units.items() if (of_host, of_segment) == (host, segment))


# --------------------------------------------------------------------------------------------------------------
# Lines: what becomes of each
# --------------------------------------------------------------------------------------------------------------


def fate_of(world: World, places: Places, line: Line) -> str:
    """The first reason that applies, in this order, or `charged`."""
    if not belongs_to_the_year(line):
        return "out_of_year"
    if line.commissioner not in world.contract.commissioners:
        return "other_commissioner"
    for guard in world.contract.guards:
        if holds(guard.when, line):
            return guard.reason
    if line.point_of_delivery not in NATIONAL_POINTS_OF_DELIVERY:
        return "unmapped_point_of_delivery"
    if setting_of(world, line) not in settings_in_budget(world):
        return "out_of_scope"
    return fate_of_person(world, places, line)


def belongs_to_the_year(line: Line) -> bool:
    # By its date and by what the provider says: one of them alone is not enough.
    return FIRST_DAY <= line.ended <= LAST_DAY and line.financial_year == FINANCIAL_YEAR


def fate_of_person(world: World, places: Places, line: Line) -> str:
    if line.person in ("", PLACEHOLDER_PERSON):
        return "no_person"
    place = places.get((line.person, line.ended))
    if place is None:
        return "not_registered"
    if place.segment is None:
        return "not_in_cohort"
    # A code with no price is something to be found, never a charge of nothing.
    return "charged" if has_price(world, line) else "unpriced"


def holds(when: When, line: Line) -> bool:
    if when.provider and line.provider not in when.provider:
        return False
    if when.point_of_delivery and line.point_of_delivery not in when.point_of_delivery:
        return False
    return not when.specialised or line.specialised_code != ""


def setting_of(world: World, line: Line) -> str | None:
    """The first rule that claims the line decides; nothing when it says so, or when no rule claims it."""
    for rule in world.contract.scope:
        if holds(rule.when, line):
            return rule.setting or None
    return None


def settings_in_budget(world: World) -> set[str]:
    return {rate.setting for rate in world.contract.rates}


# The number of the book that was there before the year began; the re-issues are numbered from 1.
FIRST_BOOK = 0


def books_on(world: World, day: date) -> list[int]:
    """The books of one day, from the one that was charged first to the one that holds now.

    One that was known before it began was simply the book from then on. One that came later changed what had been
    charged already.
    """
    books = [FIRST_BOOK]
    in_order = sorted(range(1, len(world.re_issues) + 1), key=lambda number: world.re_issues[number - 1].published)
    for number in in_order:
        again = world.re_issues[number - 1]
        if again.start <= day:
            books = [number] if again.published <= again.start else [*books, number]
    return books


def book_now(world: World, line: Line) -> int:
    return books_on(world, line.ended)[-1]


def best_price(world: World, line: Line, book: int | None = None) -> Price | None:
    """Naming the point of delivery beats not naming it; then naming the treatment function does."""
    number = book_now(world, line) if book is None else book
    rows = [
        price
        for price in (world.prices if number == FIRST_BOOK else world.re_issues[number - 1].prices)
        if price.tariff_code == line.tariff_code
        and price.point_of_delivery in ("", line.point_of_delivery)
        and price.treatment_function in ("", line.treatment_function)
    ]
    return max(rows, key=lambda p: (p.point_of_delivery != "", p.treatment_function != ""), default=None)


def has_price(world: World, line: Line) -> bool:
    """Whether there is all that the contract's basis needs; a total left blank is not a total of nothing."""
    in_book, was_submitted = best_price(world, line) is not None, line.submitted_pence is not None
    return {"book": in_book, "submitted": was_submitted, "lower": in_book and was_submitted}[world.contract.price_basis]


def market_forces_index(world: World, provider: str, book: int = FIRST_BOOK) -> Fraction:
    for row in world.market_forces if book == FIRST_BOOK else world.re_issues[book - 1].market_forces:
        if row.provider == provider:
            return Fraction(row.index)
    return Fraction(1)


def exact_pence(world: World, line: Line, book: int | None = None) -> Fraction:
    """Price by quantity by index, before any rounding."""
    number = book_now(world, line) if book is None else book
    price = best_price(world, line, number)
    assert price is not None
    return price.unit_price_pence * Fraction(line.quantity) * market_forces_index(world, line.provider, number)


def count_fates(world: World, fates: list[str]) -> dict[str, Fate]:
    lines: Counter[str] = Counter()
    pence: Counter[str] = Counter()
    for line, fate in zip(world.lines, fates, strict=True):
        lines[fate] += 1
        pence[fate] += line.submitted_pence or 0
    return {fate: Fate(lines[fate], pence[fate]) for fate in lines}


# --------------------------------------------------------------------------------------------------------------
# The cost
# --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Charge:
    """One line charged to one host."""

    line: Line
    host: str
    segment: str
    setting: str
    amount: Fraction


@dataclass(frozen=True)
class Costs:
    """What is charged line by line, and what is shared out whole: pence by block and host, and by `REST`."""

    charged: list[Charge]
    blocks: dict[str, dict[str, int]]


def charge(world: World, places: Places, fates: list[str]) -> list[Charge]:
    charged = []
    for line, fate in zip(world.lines, fates, strict=True):
        if fate == "charged":
            place = places[line.person, line.ended]
            setting = setting_of(world, line)
            assert place.segment is not None and setting is not None
            charged.append(Charge(line, place.host, place.segment, setting, charged_amount(world, line)))
    return charged


def charged_amount(world: World, line: Line, book: int | None = None) -> Fraction:
    basis = world.contract.price_basis
    if basis == "book":
        return book_amount(world, line, book)
    assert line.submitted_pence is not None
    submitted = Fraction(line.submitted_pence)
    return submitted if basis == "submitted" else lower_of(line, book_amount(world, line, book), submitted)


def charged_once(world: World, line: Line, last_book: int) -> Fraction:
    """What was charged for a line when no later book than this was known; nothing where it had no price yet."""
    published = {FIRST_BOOK: date.min} | {n: again.published for n, again in enumerate(world.re_issues, start=1)}
    books = books_on(world, line.ended)
    known = [book for book in books if published[book] <= published[last_book]]
    book = known[-1] if known else books[0]
    if world.contract.price_basis != "submitted" and best_price(world, line, book) is None:
        return Fraction(0)
    return charged_amount(world, line, book)


def re_issues_in_order(world: World) -> list[int]:
    """The re-issues that changed what had been charged already for some day of the year, in order of publication."""
    changed = {book for day in days_of_the_year() for book in books_on(world, day)[1:]}
    return sorted(changed, key=lambda number: world.re_issues[number - 1].published)


def book_amount(world: World, line: Line, book: int | None = None) -> Fraction:
    exact = exact_pence(world, line, book)
    return rounded(exact) if world.contract.price_rounding == "per_line" else exact


def lower_of(line: Line, book: Fraction, submitted: Fraction) -> Fraction:
    """The smaller of the two sizes, a charge or a credit as the count says; the book where they disagree on which."""
    if book * submitted < 0:
        return book
    size = min(abs(book), abs(submitted))
    return -size if line.quantity < 0 else size


def as_of_book(world: World, costs: Costs, last_book: int) -> Costs:
    """The costs as they stood when no later book than this was known."""
    charged = [replace(c, amount=charged_once(world, c.line, last_book)) for c in costs.charged]
    return Costs(charged, costs.blocks)


def whole_cost(world: World, costs: Costs, host: str) -> int:
    """What the host's lines cost, in whole pence here at the latest, and its part of each block, which is whole."""
    lines = sum((c.amount for c in costs.charged if c.host == host), Fraction(0))
    return round_half_away(lines) + sum(costs.blocks[block.id][host] for block in world.contract.blocks)


def cost_by_provider(world: World, costs: Costs, host: str) -> dict[str, int]:
    """The host's whole cost in whole pence for each provider, which together are the host's cost."""
    by_provider: defaultdict[str, Fraction] = defaultdict(Fraction)
    for c in costs.charged:
        if c.host == host:
            by_provider[c.line.provider] += c.amount
    for block in world.contract.blocks:
        by_provider[block.provider] += costs.blocks[block.id][host]
    in_order = [party.code for party in world.contract.parties if party.code in by_provider]
    exact = [by_provider[provider] for provider in in_order]
    parts = to_whole_pence(exact, whole_cost(world, costs, host))
    return dict(zip(in_order, parts, strict=True))


def month_of(day: date) -> int:
    # April is the first month.
    return (day.month - 4) % 12 + 1


def cost_cells(world: World, units: Units, charged: list[Charge], host: str) -> dict[Cell, CellCost]:
    over = [Fraction(0) for _ in charged]
    for term in world.contract.terms:
        if isinstance(term, StopLoss):
            over = [a + b for a, b in zip(over, over_threshold(world, units, charged, term), strict=True)]
    cells: dict[Cell, CellCost] = {}
    for c, above in zip(charged, over, strict=True):
        if c.host == host:
            cell = (c.segment, c.setting, c.line.provider, month_of(c.line.ended))
            before = cells.get(cell, CellCost(0, 0, Fraction(0), Fraction(0)))
            cells[cell] = CellCost(
                before.lines + 1,
                before.submitted_pence + (c.line.submitted_pence or 0),
                before.pence + c.amount,
                before.over_threshold_pence + above,
            )
    return cells


# --------------------------------------------------------------------------------------------------------------
# Blocks: a sum that is shared out whole
# --------------------------------------------------------------------------------------------------------------

# Whoever else the block serves.
REST = ""


def share_out_blocks(world: World, places: Places, units: Units) -> dict[str, dict[str, int]]:
    """For each block the pence of each host, in the order of the contract, and last those of everybody else."""
    shared = {}
    for block in world.contract.blocks:
        weights = [weight_in_block(world, places, units, block, host) for host in hosts_of(world)]
        rest = whole_of_block(world, block) - sum(weights)
        assert rest >= 0, "the hosts have more than there is"
        shared[block.id] = dict(
            zip([*hosts_of(world), REST], split_pence(block.value_pence, [*weights, rest]), strict=True)
        )
    return shared


def weight_in_block(world: World, places: Places, units: Units, block: Block, host: str) -> Fraction:
    if block.key == "person_days":
        return Fraction(sum(count for (_, of_host, _), count in units.items() if of_host == host))
    if block.key == "lines":
        # What the block pays for counts, whatever would have become of it otherwise.
        return Fraction(sum(1 for line in lines_of_block(world, block) if in_cohort_of(places, line, host)))
    return dict(block.shares)[host]


def whole_of_block(world: World, block: Block) -> Fraction:
    if block.key == "person_days":
        assert block.whole is not None
        return Fraction(block.whole)
    return Fraction(len(lines_of_block(world, block)) if block.key == "lines" else 1)


def lines_of_block(world: World, block: Block) -> list[Line]:
    return [line for line in world.lines if line.provider == block.provider]


def in_cohort_of(places: Places, line: Line, host: str) -> bool:
    place = places.get((line.person, line.ended))
    return place is not None and place.segment is not None and place.host == host


# --------------------------------------------------------------------------------------------------------------
# Stop-loss: what each line loses
# --------------------------------------------------------------------------------------------------------------

# Under `on_total` an amount has three decimals of a quantity and six of an index, so nine of a penny.
UNITS_IN_A_PENNY = {"per_line": 1, "on_total": 1_000_000_000}


def over_threshold(world: World, units: Units, charged: list[Charge], term: StopLoss) -> list[Fraction]:
    """For each charged line, in the order given, the part of it that lies above its person's threshold."""
    lost = [Fraction(0) for _ in charged]
    for person in {c.line.person for c in charged}:
        # A person's year is one year, under however many hosts it was lived.
        theirs = [i for i, c in enumerate(charged) if c.line.person == person]
        theirs.sort(key=lambda i: order_of(charged[i].line))
        threshold = threshold_of(world, units, term, person)
        amounts = [charged[i].amount for i in theirs]
        take = {"in_date_order": taken_in_date_order, "in_proportion": taken_in_proportion}[term.taken]
        for i, taken in zip(theirs, take(world, term, amounts, threshold), strict=True):
            lost[i] = taken
    return lost


def taken_in_date_order(world: World, term: StopLoss, amounts: list[Fraction], threshold: Fraction) -> list[Fraction]:
    """Each line loses what it adds to the running total above the threshold."""
    steps = [Fraction(0)]
    for amount in amounts:
        steps.append(steps[-1] + amount)
    if not is_over(term, steps, threshold):
        return [Fraction(0) for _ in amounts]
    return [
        amount - (min(after, threshold) - min(before, threshold))
        for amount, before, after in zip(amounts, steps, steps[1:], strict=False)
    ]


def taken_in_proportion(world: World, term: StopLoss, amounts: list[Fraction], threshold: Fraction) -> list[Fraction]:
    """Each line above zero loses its share of what the year's total is over, in whole units; the first have the rest.

    Where being over is decided as the year runs, someone over in June may be under by March; nothing is over then.
    """
    over = sum(amounts) - threshold
    if over <= 0:
        return [Fraction(0) for _ in amounts]
    charges = sum(amount for amount in amounts if amount > 0)
    units = UNITS_IN_A_PENNY[world.contract.price_rounding]
    taken = [(over * amount / charges * units).__floor__() if amount > 0 else 0 for amount in amounts]
    left = over * units - sum(taken)
    assert left.denominator == 1 and 0 <= left < len(amounts)
    for i in [i for i, amount in enumerate(amounts) if amount > 0][: int(left)]:
        taken[i] += 1
    return [Fraction(whole_units, units) for whole_units in taken]


def order_of(line: Line) -> tuple[date, str, str]:
    return line.ended, line.identifier, line.provider


def threshold_of(world: World, units: Units, term: StopLoss, person: str) -> Fraction:
    if not term.pro_rata:
        return Fraction(term.threshold_pence)
    counted = sum(count for (key, _, _), count in units.items() if key == person)
    return Fraction(round_half_away(Fraction(term.threshold_pence * counted, units_per_year(world))))


def is_over(term: StopLoss, steps: list[Fraction], threshold: Fraction) -> bool:
    """Credits are why the two readings differ: someone may have been over in June and be under by March."""
    if term.decided_on == "running":
        return any(total > threshold for total in steps[1:])
    return steps[-1] > threshold


# --------------------------------------------------------------------------------------------------------------
# The statement: one term after another
# --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Movement:
    """Money that a term moves, still exact. A negative amount goes the other way."""

    name: str
    payer: str
    payee: str
    amount: Fraction


@dataclass
class Statement:
    """One host's statement while it is being made: named amounts, the exact result so far, the entries.

    `held` are the amounts that are in the host's result. Another amount was only worked out, or is someone else's.
    """

    host: str
    held: set[str] = field(default_factory=set)
    amounts: dict[str, Fraction] = field(default_factory=dict)
    result: Fraction = Fraction(0)
    effect_pence: Counter[str] = field(default_factory=Counter)
    re_issue_pence: dict[int, int] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)

    def move(self, movement: Movement) -> None:
        """Add one movement to the statement. This is the one place where it becomes whole pence."""
        pence = round_half_away(movement.amount)
        sign = (movement.payee == self.host) - (movement.payer == self.host)
        self.result += sign * movement.amount
        self.effect_pence[movement.name] += sign * pence
        if pence > 0:
            self.entries.append((movement.payer, movement.payee, pence))
        if pence < 0:
            self.entries.append((movement.payee, movement.payer, -pence))


def hosts_of(world: World) -> list[str]:
    return [party.code for party in world.contract.parties if party.role == "host"]


def commissioner_of(world: World) -> str:
    return next(party.code for party in world.contract.parties if party.role == "commissioner")


def statement_of(world: World, units: Units, costs: Costs, host: str, made_good: MadeGood | None) -> Statement:
    statement = Statement(host)
    capitation(world, units, statement, made_good)
    activity_cost(world, costs, statement)
    for term in world.contract.terms:
        if isinstance(term, StopLoss):
            stop_loss(world, units, costs.charged, statement, term)
        else:
            TERMS[type(term)](world, statement, term)
    return statement


def capitation(world: World, units: Units, statement: Statement, made_good: MadeGood | None) -> None:
    budget = Fraction(budget_pence(world, units, statement.host))
    statement.amounts["budget"] = budget
    statement.held.add("budget")
    paid = {"budget": budget}
    if made_good is not None:
        months = {f"budget.back_pay_{month:02}": Fraction(pence) for month, pence in made_good.months.items()}
        paid = {"budget": Fraction(made_good.first_pence), **months}
        assert sum(paid.values()) == budget
    for name, amount in paid.items():
        statement.move(Movement(name, commissioner_of(world), statement.host, amount))


def activity_cost(world: World, costs: Costs, statement: Statement) -> None:
    """The host bears the cost: to the providers, or to the commissioner where that has paid them already."""
    statement.amounts["cost"] = Fraction(whole_cost(world, costs, statement.host))
    # First what was charged first; then, one after another, what each re-issue of the prices made of it.
    before: Counter[str] = Counter()
    for book in (FIRST_BOOK, *re_issues_in_order(world)):
        known = as_of_book(world, costs, book)
        if world.contract.route == "host_pays_provider":
            now = Counter(cost_by_provider(world, known, statement.host))
        else:
            now = Counter({commissioner_of(world): whole_cost(world, known, statement.host)})
        for payee, pence in now.items():
            statement.move(Movement("cost", statement.host, payee, Fraction(pence - before[payee])))
        statement.re_issue_pence[book] = sum(now.values()) - sum(before.values())
        before = now
    assert sum(before.values()) == statement.amounts["cost"]


def stop_loss(world: World, units: Units, charged: list[Charge], statement: Statement, term: StopLoss) -> None:
    lost = over_threshold(world, units, charged, term)
    over = sum((x for x, c in zip(lost, charged, strict=True) if c.host == statement.host), Fraction(0))
    statement.amounts[term.id] = term.share * over
    statement.held.add(term.id)
    statement.move(Movement(term.id, term.borne_by, statement.host, term.share * over))


def balance(world: World, statement: Statement, term: Balance) -> None:
    # It names an amount and moves nothing.
    statement.amounts[term.id] = statement.result
    statement.held.add(term.id)


def bands(world: World, statement: Statement, term: Bands) -> None:
    """The host keeps its part of each slice of a gain, or bears its part of each slice of a loss.

    The rest moves where the host has the amount. Where it has not, its part is a figure and nothing moves.
    """
    amount, base = statement.amounts[term.on], statement.amounts[term.base]
    if amount >= 0:
        kept = host_part(term.gain, amount, base)
        statement.amounts[term.id] = kept
        rest = Movement(term.id, statement.host, commissioner_of(world), amount - kept)
    else:
        borne = host_part(term.loss, -amount, base)
        statement.amounts[term.id] = -borne
        rest = Movement(term.id, commissioner_of(world), statement.host, -amount - borne)
    if term.on in statement.held:
        statement.held.add(term.id)
        statement.move(rest)


def host_part(table: tuple, size: Fraction, base: Fraction) -> Fraction:
    part, start = Fraction(0), Fraction(0)
    for band in table:
        end = size if band.to is None else min(size, band.to * base)
        part += band.host_share * max(end - start, Fraction(0))
        start = max(start, end)
    return part


def outcomes(world: World, statement: Statement, term: Outcomes) -> None:
    """Part of a base is held back, and earned back by score."""
    withheld = statement.amounts[term.base] * at_risk_this_year(world, term)
    earned = withheld * score(world, statement.host, term.weights)
    commissioner = commissioner_of(world)
    statement.amounts[f"{term.id}.withheld"] = withheld
    statement.amounts[f"{term.id}.earned"] = earned
    statement.amounts[term.id] = earned - withheld
    # What was withheld is the commissioner's; what was lost by it, and what was earned back, are in the host's result.
    statement.held |= {term.id, f"{term.id}.earned"}
    statement.move(Movement(f"{term.id}.withheld", statement.host, commissioner, withheld))
    statement.move(Movement(f"{term.id}.earned", commissioner, statement.host, earned))


def at_risk_this_year(world: World, term: Outcomes) -> Fraction:
    contract_year = first_calendar_year(YEAR) - first_calendar_year(world.contract.first_year)
    return term.at_risk[contract_year]


def first_calendar_year(year: str) -> int:
    return int(year[:4])


def score(world: World, host: str, weights: tuple[Weight, ...]) -> Fraction:
    return sum((w.weight * indicator_score(world, host, w.indicator) for w in weights), Fraction(0))


def indicator_score(world: World, host: str, indicator_id: str) -> Fraction:
    """Nothing at the floor or worse, one at the target or better, a straight line between."""
    indicator = next(i for i in world.indicators if i.id == indicator_id)
    result = next(r for r in world.indicator_results if (r.host, r.indicator) == (host, indicator_id))
    achieved = Fraction(result.numerator, result.denominator)
    floor, target = Fraction(indicator.floor), Fraction(indicator.target)
    # Where lower is better both differences are negative, and the line is the same one.
    assert (target > floor) == (indicator.better == "higher")
    return min(max((achieved - floor) / (target - floor), Fraction(0)), Fraction(1))


def vcse_line(world: World, statement: Statement, term: VcseLine) -> None:
    """This year's value, part of it by score, never less than the part that is protected."""
    value = agreed_value(term, statement.host) * indexation_factor(term)
    amount = value
    if term.outcome_part is not None:
        part = term.outcome_part
        amount = value * (1 - part.share) + value * part.share * score(world, statement.host, part.weights)
    if term.protected_minimum is not None:
        amount = max(amount, value * term.protected_minimum)
    payer = statement.host if term.paid_by == "host" else commissioner_of(world)
    statement.amounts[term.id] = amount
    statement.move(Movement(term.id, payer, term.partner, amount))


def agreed_value(term: VcseLine, host: str) -> Fraction:
    if term.value_pence is not None:
        return Fraction(term.value_pence)
    return Fraction(dict(term.value_by_host).get(host, 0))


def indexation_factor(term: VcseLine) -> Fraction:
    factor = Fraction(1)
    if term.indexation is None:
        return factor
    rates = dict(term.indexation.rates)
    # The value was agreed in the prices of its own year, so the first rate is that of the year after.
    for calendar_year in range(first_calendar_year(term.indexation.agreed_in) + 1, first_calendar_year(YEAR) + 1):
        rate = rates[f"{calendar_year}/{(calendar_year + 1) % 100:02}"]
        if term.indexation.floor is not None:
            rate = max(rate, term.indexation.floor)
        if term.indexation.cap is not None:
            rate = min(rate, term.indexation.cap)
        factor *= 1 + rate
    return factor


def split(world: World, statement: Statement, term: Split) -> None:
    """Whole pence from here on: the parts add to the amount, and the part of the one who has it stays where it is.

    That is the host, or the commissioner where the host has not been paid the amount.
    """
    amount = round_half_away(statement.amounts[term.on])
    parts = split_pence(amount, [share for _, share in term.shares])
    holder = statement.host if term.on in statement.held else commissioner_of(world)
    for (share_of, _), part in zip(term.shares, parts, strict=True):
        party = statement.host if share_of == "host" else share_of
        if party != holder:
            statement.move(Movement(f"{term.id}.{share_of}", holder, party, Fraction(part)))


def on_account(world: World, statement: Statement, term: OnAccount) -> None:
    paid = sum(payment.pence for payment in world.payments if payment.payee == statement.host)
    statement.amounts[term.id] = Fraction(paid)
    statement.move(Movement(term.id, statement.host, commissioner_of(world), Fraction(paid)))


TERMS: dict[type[Term], Callable] = {
    Balance: balance,
    Bands: bands,
    Outcomes: outcomes,
    VcseLine: vcse_line,
    Split: split,
    OnAccount: on_account,
}


# --------------------------------------------------------------------------------------------------------------
# The result
# --------------------------------------------------------------------------------------------------------------


def host_result(world: World, units: Units, costs: Costs, statement: Statement) -> OracleHost:
    cells = cost_cells(world, units, costs.charged, statement.host)
    by_setting: defaultdict[str, Fraction] = defaultdict(Fraction)
    for (_, setting, _, _), cell in cells.items():
        by_setting[setting] += cell.pence
    for block in world.contract.blocks:
        by_setting[block.setting] += costs.blocks[block.id][statement.host]
    by_segment: Counter[str] = Counter()
    for (_, host, segment), count in units.items():
        if host == statement.host:
            by_segment[segment] += count
    return OracleHost(
        host=statement.host,
        units_by_segment=dict(by_segment),
        units_per_year=units_per_year(world),
        budget_pence=int(statement.amounts["budget"]),
        cost_pence=int(statement.amounts["cost"]),
        cost_cells=cells,
        cost_by_setting=dict(by_setting),
        block_pence={block.id: costs.blocks[block.id][statement.host] for block in world.contract.blocks},
        effect_pence=dict(statement.effect_pence),
        closing_pence=sum(statement.effect_pence.values()),
        re_issue_pence={book: pence for book, pence in statement.re_issue_pence.items() if book != FIRST_BOOK},
    )
