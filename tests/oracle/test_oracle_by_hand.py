"""The slow implementation, held to figures that can be worked out on paper."""

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from oracle.oracle import Fate, round_half_away, settle, split_pence
from oracle.past_differences import (
    HALF_A_PENNY_BESIDE_A_BLOCK,
    HALF_A_PENNY_OF_A_TRANSFER,
    LOSS_DIVIDED,
    LOSS_SHARED,
    TIE_BETWEEN_PROVIDERS,
    WITHHELD_DIVIDED,
    WITHHELD_SHARED,
)
from oracle.strategies import PLACE_INDEX
from oracle.world import (
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
    Practice,
    Price,
    Rate,
    Registration,
    ScopeRule,
    Segment,
    Split,
    StopLoss,
    Transfer,
    UpliftAndEfficiency,
    VcseLine,
    Weight,
    When,
    World,
)

LONG_AGO = date(2015, 6, 1)

EVERY_ADULT = Segment("core", 20, 64, at_least=0)

CONTRACT = Contract(
    parties=(
        Party("XQY", "ICB", "commissioner"),
        Party("H1", "Host one", "host"),
        Party("H2", "Host two", "host"),
        Party("ZA1", "First trust", "provider"),
        Party("ZA2", "Second trust", "provider"),
        Party("VC1", "Partner", "vcse", nhs_body=False),
    ),
    conditions=("hypertension", "diabetes", "anxiety"),
    segments=(EVERY_ADULT,),
    scope=(ScopeRule(When(point_of_delivery=("NEL",)), setting="emergency"),),
    rates=(Rate("core", "emergency", 120_000),),
)

WORLD = World(
    contract=CONTRACT,
    practices=(Practice("Y90001", "N1", LONG_AGO), Practice("Y90002", "N2", LONG_AGO)),
    neighbourhoods=(Neighbourhood("N1", "H1", LONG_AGO), Neighbourhood("N2", "H2", LONG_AGO)),
    persons=(Person("S1", date(1980, 5, 17)),),
    registrations=(Registration("S1", "Y90001", LONG_AGO),),
    prices=(Price("AA01A", 100),),
    indicators=(
        Indicator("ind_a", "higher", Decimal("0.40"), Decimal("0.70")),
        Indicator("ind_b", "lower", Decimal("0.30"), Decimal("0.10")),
    ),
    indicator_results=(IndicatorResult("H1", "ind_a", 55, 100), IndicatorResult("H1", "ind_b", 15, 100)),
)


def under(world, **options):
    """The same world under other contract options. A host without results has no place in a term that needs them."""
    return replace(world, contract=replace(world.contract, **options))


def one_host(world):
    """The same world with the second host left out of the contract."""
    parties = tuple(p for p in world.contract.parties if p.code != "H2")
    return under(world, parties=parties)


def pounds_line(pounds, ended=date(2026, 5, 5), **other):
    """A line of so many pounds at £1 a unit."""
    line = Line("L1", "ZA1", "S1", ended, "NEL", "AA01A", Decimal(pounds), 100 * int(Decimal(pounds)))
    return replace(line, **other)


def budget_of(pence):
    """One person all year at this rate: the budget is the rate."""
    return (Rate("core", "emergency", pence),)


def effects(world):
    return settle(world).hosts["H1"].effect_pence


# --------------------------------------------------------------------------------------------------------------
# People and budget
# --------------------------------------------------------------------------------------------------------------

FIVE_PEOPLE = replace(
    WORLD,
    persons=(
        *(Person(key, date(1980, 5, 17)) for key in ("S1", "S2", "S3", "S4")),
        Person("S5", date(1980, 5, 17), died=date(2026, 6, 30)),
    ),
    registrations=(
        *(Registration(key, "Y90001", LONG_AGO) for key in ("S1", "S2", "S3", "S5")),
        Registration("S4", "Y90001", date(2026, 10, 1)),
    ),
)


@pytest.mark.parametrize(
    ("counting", "rounding", "units", "pence"),
    [
        # 3 x 365 + 182 (1 October to 31 March) + 91 (1 April to 30 June) = 1,368 days.
        # 1,368 / 365 x GBP 1,200 = GBP 4,497.534...
        ("person_days", "on_total", 1368, 449_753),
        # 3 x 1,200.00 + 598.36 (182 days, 598.356...) + 299.18 (91 days, 299.178...) = 4,497.54.
        ("person_days", "per_person", 1368, 449_754),
        # 3 x 4 quarters + 2 (October, January) + 1 (April) = 15 quarters at GBP 300.
        ("quarter_snapshot", "on_total", 15, 450_000),
        # Three all year, and the one who was still alive on 1 April.
        ("annual_snapshot", "on_total", 4, 480_000),
    ],
)
def test_five_people(counting, rounding, units, pence):
    host = settle(under(FIVE_PEOPLE, counting=counting, budget_rounding=rounding)).hosts["H1"]
    assert host.units_by_segment == {"core": units}
    assert host.budget_pence == pence


@pytest.mark.parametrize(("combine", "pence"), [("multiplicative", 1_020_670), ("additive", 1_021_500)])
def test_uplift_and_efficiency(combine, pence):
    # GBP 10,000 x 1.0415 x 0.98 = 10,206.70; GBP 10,000 x (1 + 0.0415 - 0.02) = 10,215.00.
    uplift = UpliftAndEfficiency("uplift", Fraction(415, 10_000), Fraction(2, 100), combine)
    world = under(WORLD, rates=budget_of(1_000_000), adjustments=(uplift,))
    assert settle(world).hosts["H1"].budget_pence == pence


def test_growth_comes_on_top():
    # GBP 10,206.70 x 1.008 = 10,288.3536.
    uplift = UpliftAndEfficiency("uplift", Fraction(415, 10_000), Fraction(2, 100), "multiplicative")
    world = under(WORLD, rates=budget_of(1_000_000), adjustments=(uplift, Change("growth", Fraction(8, 1000))))
    assert settle(world).hosts["H1"].budget_pence == 1_028_835


def test_a_closed_practice_passes_its_list_to_its_successor():
    # Y90001 closes on 30 September: 183 days to H1, and the other 182 to H2, where its successor is.
    practices = (Practice("Y90001", "N1", LONG_AGO, date(2026, 9, 30), "Y90002"), Practice("Y90002", "N2", LONG_AGO))
    hosts = settle(replace(WORLD, practices=practices)).hosts
    assert hosts["H1"].units_by_segment == {"core": 183}
    assert hosts["H2"].units_by_segment == {"core": 182}


def test_only_a_regular_registration_counts():
    registrations = (
        Registration("S1", "Y90001", LONG_AGO, date(2026, 4, 10)),
        Registration("S1", "Y90001", date(2026, 4, 11), kind="Temporary"),
    )
    # The ten days from 1 to 10 April.
    assert settle(replace(WORLD, registrations=registrations)).hosts["H1"].units_by_segment == {"core": 10}


@pytest.mark.parametrize(
    ("tested", "days"),
    [
        # 20 years old on 1 July: not yet on 1 April, so never in the year;
        ("year_start", 0),
        # tested again on 1 July, so in from then to 31 March: 365 - 91;
        ("quarter_start", 274),
        ("month_start", 274),
    ],
)
def test_age_is_read_on_the_test_date(tested, days):
    world = under(replace(WORLD, persons=(Person("S1", date(2006, 7, 1)),)), segments_tested=tested)
    assert settle(world).hosts["H1"].units_by_segment.get("core", 0) == days


def test_someone_born_on_a_leap_day_is_a_year_older_on_the_first_of_march():
    # Born on 29 February 2004: 22 on 1 February 2027, 23 on 1 March, so 31 days in a segment that begins at 23.
    world = under(
        replace(WORLD, persons=(Person("S1", date(2004, 2, 29)),)),
        segments_tested="month_start",
        segments=(Segment("core", 23, 64, at_least=0),),
    )
    assert settle(world).hosts["H1"].units_by_segment == {"core": 31}


def test_a_condition_counts_once_from_the_test_date_after_it_is_found():
    diagnoses = (
        Diagnosis("S1", "diabetes", date(2020, 1, 1)),
        Diagnosis("S1", "diabetes", date(2021, 1, 1)),
        Diagnosis("S1", "asthma", date(2021, 1, 1)),
        Diagnosis("S1", "anxiety", date(2026, 7, 2)),
    )
    # Two conditions that count, the second found on 2 July: tested on 1 October, 182 days.
    world = under(replace(WORLD, diagnoses=diagnoses), segments=(Segment("core", 20, 64, at_least=2),))
    assert settle(world).hosts["H1"].units_by_segment == {"core": 182}


@pytest.mark.parametrize(("bmi", "days"), [(None, 0), (Decimal("30.0"), 0), (Decimal("30.1"), 365)])
def test_body_mass_index_must_be_over_the_limit(bmi, days):
    persons = (Person("S1", date(1980, 5, 17), body_mass_index=bmi),)
    world = under(
        replace(WORLD, persons=persons), segments=(Segment("core", 40, 64, at_least=0, bmi_over=Decimal(30)),)
    )
    assert settle(world).hosts["H1"].units_by_segment.get("core", 0) == days


# --------------------------------------------------------------------------------------------------------------
# Whose each day is
# --------------------------------------------------------------------------------------------------------------

THREE_HOSTS = replace(
    under(WORLD, parties=(*CONTRACT.parties, Party("H3", "Host three", "host"))),
    practices=(*WORLD.practices, Practice("Y90003", "N3", LONG_AGO)),
    neighbourhoods=(*WORLD.neighbourhoods, Neighbourhood("N3", "H3", LONG_AGO)),
)


def days_by_host(world):
    """The days of the one segment, for those hosts that have any."""
    hosts = settle(world).hosts
    return {name: host.units_by_segment["core"] for name, host in hosts.items() if host.units_by_segment}


@pytest.mark.parametrize(("ties", "taker"), [("earlier", "H2"), ("later", "H3"), ("contract_order", "H1")])
def test_plurality_with_a_tie(ties, taker):
    # Thirty days each: H2 from 1 April, nobody in May, H1 in June, H3 from 1 July to 30 July.
    world = replace(
        THREE_HOSTS,
        registrations=(
            Registration("S1", "Y90002", LONG_AGO, date(2026, 4, 30)),
            Registration("S1", "Y90001", date(2026, 6, 1), date(2026, 6, 30)),
            Registration("S1", "Y90003", date(2026, 7, 1), date(2026, 7, 30)),
        ),
        lines=(
            pounds_line(10, date(2026, 4, 5), identifier="L1"),
            pounds_line(20, date(2026, 5, 5), identifier="L2"),
            pounds_line(40, date(2026, 6, 5), identifier="L3"),
            pounds_line(80, date(2026, 7, 5), identifier="L4"),
        ),
    )
    assert days_by_host(world) == {"H1": 30, "H2": 30, "H3": 30}
    world = under(world, attribution="plurality", attribution_ties=ties)
    assert days_by_host(world) == {taker: 90}
    settlement = settle(world)
    # The line of May belongs to nobody, whoever has the rest: 10 + 40 + 80.
    assert settlement.fates["not_registered"] == Fate(1, 2_000)
    assert {name: host.cost_pence for name, host in settlement.hosts.items() if host.cost_pence} == {taker: 13_000}


def test_plurality_counts_the_days_outside_every_segment():
    # 20 years old on 1 July. 183 days under H1 to 30 September, of which the last 92 are in the segment; then 182
    # under H2, all of them in it. H1 has more days, and so has all 92 + 182 = 274.
    world = replace(
        WORLD,
        persons=(Person("S1", date(2006, 7, 1)),),
        registrations=(
            Registration("S1", "Y90001", LONG_AGO, date(2026, 9, 30)),
            Registration("S1", "Y90002", date(2026, 10, 1)),
        ),
    )
    assert days_by_host(world) == {"H1": 92, "H2": 182}
    world = under(world, attribution="plurality", attribution_ties="later")
    assert days_by_host(world) == {"H1": 274}
    # Of the four quarters' first days the segment holds those of July, October and January.
    assert days_by_host(under(world, counting="quarter_snapshot")) == {"H1": 3}


def test_a_prospective_list_names_the_host_of_the_year():
    # S1 is listed under H2 and registered with H1's practice up to 30 April; S2 is on no list.
    world = replace(
        WORLD,
        persons=(*WORLD.persons, Person("S2", date(1980, 5, 17))),
        registrations=(
            Registration("S1", "Y90001", LONG_AGO, date(2026, 4, 30)),
            Registration("S2", "Y90001", LONG_AGO),
        ),
        attribution_list=(Listed("S1", "H2"), Listed("S1", "H2"), Listed("S999", "H1")),
        lines=(
            pounds_line(10, date(2026, 4, 30), identifier="L1"),
            pounds_line(20, date(2026, 5, 1), identifier="L2"),
            pounds_line(40, date(2026, 4, 30), identifier="L3", person="S2"),
        ),
    )
    settlement = settle(under(world, attribution="prospective_list"))
    assert {name: host.units_by_segment for name, host in settlement.hosts.items()} == {"H1": {}, "H2": {"core": 30}}
    assert settlement.hosts["H2"].cost_pence == 1_000
    # What was done to S1 when registered nowhere, and to S2 who has no host: 20 + 40.
    assert settlement.fates == {"charged": Fate(1, 1_000), "not_registered": Fate(2, 6_000)}


# --------------------------------------------------------------------------------------------------------------
# The budget's adjustments
# --------------------------------------------------------------------------------------------------------------

TEN_PER_CENT = Fraction(1, 10)
TRANSFER = Transfer("transfer", (("H1", 36_500), ("H2", -36_500)))


@pytest.mark.parametrize(
    ("adjustments", "pence"),
    [
        # GBP 10,000 x 1.041377.
        ((BudgetMarketForces("forces", Decimal("1.041377")),), 1_041_377),
        ((BudgetMarketForces("forces", index_by_host=(("H1", Decimal("1.02")), ("H2", Decimal("3")))),), 1_020_000),
        # GBP 10,000 + 365; and of 365 only 182 for the 182 days from 1 October on, 1 for the last day.
        ((TRANSFER,), 1_036_500),
        ((replace(TRANSFER, start=date(2026, 10, 1)),), 1_018_200),
        ((replace(TRANSFER, start=date(2027, 3, 31)),), 1_000_100),
        ((replace(TRANSFER, start=date(2026, 4, 1)),), 1_036_500),
        # 10,365 x 1.1, or 11,000 + 365.
        ((TRANSFER, Change("need", TEN_PER_CENT, kind="need")), 1_140_150),
        ((Change("need", TEN_PER_CENT, kind="need"), TRANSFER), 1_136_500),
        ((TRANSFER, BudgetMarketForces("forces", Decimal("1.1"))), 1_140_150),
        # The segment has a rate and the sum agreed in year is in no segment: 10,000 x 1.1 + 365.
        ((TRANSFER, Change("growth", rate_by_segment=(("core", TEN_PER_CENT),))), 1_136_500),
        # (28,733.937164 / 22,746.360246) / (3,652,746.5036 / 3,242,302.0252) = 1.2632323 / 1.1265905 = 1.121288.
        ((PLACE_INDEX,), 1_121_288),
    ],
)
def test_adjustments(adjustments, pence):
    world = under(WORLD, rates=budget_of(1_000_000), adjustments=adjustments)
    assert settle(world).hosts["H1"].budget_pence == pence


def test_a_rate_for_each_segment():
    # Two people all year, one in each segment: 1,000 x 1.012 + 2,000 x 0.99 = 1,012 + 1,980 = 2,992.
    world = replace(
        WORLD,
        persons=(Person("S1", date(1980, 5, 17)), Person("S2", date(1950, 1, 1))),
        registrations=(Registration("S1", "Y90001", LONG_AGO), Registration("S2", "Y90001", LONG_AGO)),
    )
    growth = Change("growth", rate_by_segment=(("core", Fraction(12, 1000)), ("old", Fraction(-1, 100))))
    world = under(
        world,
        segments=(EVERY_ADULT, Segment("old", 65, 120, at_least=0)),
        rates=(Rate("core", "emergency", 100_000), Rate("old", "emergency", 200_000)),
        adjustments=(growth,),
    )
    assert settle(world).hosts["H1"].budget_pence == 299_200


@pytest.mark.parametrize(("rounding", "pence"), [("on_total", 5), ("per_person", 6)])
def test_a_transfer_is_no_persons(rounding, pence):
    # Two people at 1.5 pence are 3, or 2 each. With 4 pence for 182 of 365 days (1.994...) that is 4.99... or 5.99...
    world = replace(
        WORLD,
        persons=(Person("S1", date(1980, 5, 17)), Person("S2", date(1980, 5, 17))),
        registrations=(Registration("S1", "Y90001", LONG_AGO), Registration("S2", "Y90001", LONG_AGO)),
    )
    half_as_much_again = Change("growth", Fraction(1, 2))
    transfer = Transfer("transfer", (("H1", 4), ("H2", 0)), date(2026, 10, 1))
    world = under(world, rates=budget_of(1), adjustments=(half_as_much_again, transfer), budget_rounding=rounding)
    assert settle(world).hosts["H1"].budget_pence == pence


@pytest.mark.parametrize(("rounding", "pence"), [("on_total", 93_813), ("per_person", 93_812)])
def test_half_a_penny_of_a_transfer_goes_away_from_zero_where_it_is_rounded(rounding, pence):
    # One person at GBP 1,000.00 and a transfer of -50.00, both less 1.25%: 98,750 and -4,937.5 pence. Rounded once they
    # are 93,812.5; with the person's own 98,750 the transfer's own is -4,938.
    world = under(HALF_A_PENNY_OF_A_TRANSFER, budget_rounding=rounding)
    assert settle(world).hosts["H1"].budget_pence == pence


@pytest.mark.parametrize(
    ("start", "pence"),
    [
        (date(2026, 4, 1), 15_000),
        # 1 day of 365, and none.
        (date(2027, 3, 31), 5_027),
        (date(2027, 4, 1), 5_000),
        # Agreed in an earlier year, it holds for the whole of this one.
        (date(2025, 10, 1), 15_000),
    ],
)
def test_a_transfer_from_a_day(start, pence):
    transfer = Transfer("transfer", (("H1", 10_000), ("H2", 0)), start)
    world = under(WORLD, rates=budget_of(5_000), adjustments=(transfer,))
    assert settle(world).hosts["H1"].budget_pence == pence


# --------------------------------------------------------------------------------------------------------------
# Money
# --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "rounding", "pence"),
    [
        # 7,251 x 1.148886 = 8,330.572386.
        (1, "per_line", 833_057),
        (1, "on_total", 833_057),
        # A thousand of 8,330.57, or 8,330,572.386 rounded once.
        (1000, "per_line", 833_057_000),
        (1000, "on_total", 833_057_239),
    ],
)
def test_the_same_line_once_and_a_thousand_times(lines, rounding, pence):
    line = pounds_line(1)
    world = replace(
        WORLD,
        prices=(Price("AA01A", 725_100),),
        market_forces=(MarketForces("ZA1", Decimal("1.148886")),),
        lines=tuple(replace(line, identifier=f"L{n:04}") for n in range(lines)),
    )
    assert settle(under(world, price_rounding=rounding)).hosts["H1"].cost_pence == pence


@pytest.mark.parametrize(("quantity", "pence"), [("1", 1001), ("-1", -1001)])
def test_half_a_penny_goes_away_from_zero(quantity, pence):
    # GBP 10.00 x 1.000500 = 1,000.5 pence.
    world = replace(
        WORLD,
        prices=(Price("AA01A", 1000),),
        market_forces=(MarketForces("ZA1", Decimal("1.000500")),),
        lines=(pounds_line(quantity),),
    )
    assert settle(world).hosts["H1"].cost_pence == pence


@pytest.mark.parametrize(
    ("half", "whole"), [(Fraction(1, 2), 1), (Fraction(-1, 2), -1), (Fraction(5, 2), 3), (Fraction(49, 100), 0)]
)
def test_rounding(half, whole):
    assert round_half_away(half) == whole


def test_the_penny_that_is_left_goes_to_the_first():
    third = Fraction(1, 3)
    assert split_pence(10_000, [third, third, third]) == [3334, 3333, 3333]
    assert split_pence(-10_000, [third, third, third]) == [-3334, -3333, -3333]
    # 10,001 x 1/6 = 1,666.83..., x 5/6 = 8,334.16...: the larger remainder is the first.
    assert split_pence(10_001, [Fraction(0), Fraction(1, 6), Fraction(5, 6)]) == [0, 1667, 8334]


def test_the_more_exact_price_row_wins():
    prices = (Price("AA01A", 1), Price("AA01A", 10, treatment_function="300"), Price("AA01A", 100, "NEL"))
    world = replace(WORLD, prices=prices, lines=(pounds_line(1, treatment_function="300"),))
    assert settle(world).hosts["H1"].cost_pence == 100
    world = replace(world, prices=(*prices, Price("AA01A", 1000, "NEL", "300")))
    assert settle(world).hosts["H1"].cost_pence == 1000


# --------------------------------------------------------------------------------------------------------------
# Lines
# --------------------------------------------------------------------------------------------------------------

FATES = {
    "charged": {},
    "out_of_year": {"ended": date(2026, 3, 31)},
    "other_commissioner": {"commissioner": "XOT"},
    "low_volume_activity": {"provider": "ZL1"},
    "block": {"point_of_delivery": "BLOCK"},
    "unmapped_point_of_delivery": {"point_of_delivery": "WIBBLE"},
    "out_of_scope": {"point_of_delivery": "EL"},
    "no_person": {"person": "1"},
    "before_birth": {"person": "S4"},
    "after_death": {"person": "S3"},
    "not_registered": {"person": "S999"},
    "not_in_cohort": {"person": "S2"},
    "unpriced": {"tariff_code": "ZZ99Z"},
}


def test_every_fate():
    world = replace(
        WORLD,
        persons=(
            *WORLD.persons,
            Person("S2", date(1940, 1, 1)),
            Person("S3", date(1980, 1, 1), date(2026, 4, 1)),
            Person("S4", date(2027, 3, 31)),
        ),
        registrations=(*WORLD.registrations, Registration("S2", "Y90001", LONG_AGO)),
        lines=tuple(pounds_line(n, identifier=f"L{n}", **how) for n, how in enumerate(FATES.values(), start=1)),
    )
    guards = (
        Guard("low_volume_activity", When(provider=("ZL1",))),
        Guard("block", When(point_of_delivery=("BLOCK", "CQUIN"))),
    )
    settlement = settle(under(world, guards=guards))
    assert settlement.fates == {fate: Fate(1, 100 * n) for n, fate in enumerate(FATES, start=1)}
    # 1 + 2 + ... + 13 = 91 pounds in all, whatever became of them.
    assert settlement.submitted_pence == 9100
    assert settlement.hosts["H1"].cost_pence == 100


def test_the_first_reason_is_the_reason():
    everything = {key: value for how in reversed(FATES.values()) for key, value in how.items()}
    world = under(replace(WORLD, lines=(pounds_line(1, **everything),)))
    assert set(settle(world).fates) == {"out_of_year"}


# --------------------------------------------------------------------------------------------------------------
# Whose price
# --------------------------------------------------------------------------------------------------------------


def charged_by(world, basis, **options):
    settlement = settle(under(world, price_basis=basis, **options))
    return settlement.hosts["H1"].cost_pence, {fate: total.lines for fate, total in settlement.fates.items()}


def test_the_submitted_total_is_the_amount():
    world = replace(
        WORLD,
        lines=(
            pounds_line(10, identifier="L1", submitted_pence=900),
            pounds_line(10, identifier="L2", submitted_pence=1_100),
            # A code that is in no book, submitted at a price all the same.
            pounds_line(10, identifier="L3", submitted_pence=50, tariff_code="ZZ99Z"),
            pounds_line(10, identifier="L4", submitted_pence=None),
        ),
    )
    assert charged_by(world, "submitted") == (2_050, {"charged": 3, "unpriced": 1})
    # By the lower of the two the first costs 9.00 and the second 10.00; the others lack one or the other.
    assert charged_by(world, "lower") == (1_900, {"charged": 2, "unpriced": 2})
    # A blank is a line all the same, with nothing submitted for it: 9.00 + 11.00 + 0.50.
    assert settle(under(world, price_basis="lower")).submitted_pence == 2_050
    assert settle(under(world, price_basis="lower")).fates["unpriced"] == Fate(2, 50)


@pytest.mark.parametrize(
    ("count", "submitted", "pence"),
    [
        # At GBP 1 a unit.
        (10, 900, 900),
        (10, 1_100, 1_000),
        (10, 0, 0),
        # Of two credits the lower is the smaller, which is nearer nothing.
        (-10, -900, -900),
        (-10, -1_100, -1_000),
        (-10, 0, 0),
        # A charge by one and a credit by the other: the book.
        (10, -900, 1_000),
        (-10, 900, -1_000),
        # Nothing by count is nothing.
        (0, 900, 0),
        (0, -900, 0),
    ],
)
def test_the_lower_of_the_two(count, submitted, pence):
    world = replace(WORLD, lines=(pounds_line(count, submitted_pence=submitted),))
    assert charged_by(world, "lower") == (pence, {"charged": 1})


@pytest.mark.parametrize(("rounding", "pence"), [("per_line", 2002), ("on_total", 2001)])
def test_the_lower_is_of_the_book_as_it_is_rounded(rounding, pence):
    # Twice 1,000.5 pence by the book, and 1,001 submitted: the same once rounded, half a penny lower before.
    world = replace(
        WORLD,
        prices=(Price("AA01A", 1000),),
        market_forces=(MarketForces("ZA1", Decimal("1.000500")),),
        lines=(
            pounds_line(1, identifier="L1", submitted_pence=1001),
            pounds_line(1, identifier="L2", submitted_pence=1001),
        ),
    )
    assert charged_by(world, "lower", price_rounding=rounding) == (pence, {"charged": 2})


# --------------------------------------------------------------------------------------------------------------
# Blocks
# --------------------------------------------------------------------------------------------------------------

BLOCK = Block("block", "ZA2", "emergency", 100_000, "person_days", whole=1095)


def parts_of_block(world, block, **options):
    settlement = settle(under(world, blocks=(block,), **options))
    return [host.block_pence["block"] for host in settlement.hosts.values()] + [settlement.rest_of_block_pence["block"]]


TWO_PEOPLE = replace(
    WORLD,
    persons=(*WORLD.persons, Person("S2", date(1980, 5, 17))),
    registrations=(*WORLD.registrations, Registration("S2", "Y90002", LONG_AGO)),
)


def test_a_block_by_person_days():
    # 365 days each and 365 of somebody else: a third each, and the odd penny to the first.
    assert parts_of_block(TWO_PEOPLE, BLOCK) == [33_334, 33_333, 33_333]
    # Somebody else has 366: 1,000.00 x 365 / 1,096 = 333.0291..., x 366 / 1,096 = 333.9416..., which is next up.
    assert parts_of_block(TWO_PEOPLE, replace(BLOCK, whole=1096)) == [33_303, 33_303, 33_394]
    # Nobody else is served.
    assert parts_of_block(TWO_PEOPLE, replace(BLOCK, whole=730)) == [50_000, 50_000, 0]
    # Four quarters each, of ten.
    quarters = parts_of_block(TWO_PEOPLE, replace(BLOCK, whole=10), counting="quarter_snapshot")
    assert quarters == [40_000, 40_000, 20_000]


def test_a_block_by_lines():
    # Six lines of the provider. In the cohort: two of H1's, one of them guarded, and one of H2's, which has no price.
    # The others are nobody's, of another year, and a stranger's. The line of another provider is not the block's.
    of_block = {"provider": "ZA2"}
    world = replace(
        TWO_PEOPLE,
        lines=(
            pounds_line(1, identifier="L1", **of_block),
            pounds_line(1, identifier="L2", point_of_delivery="BLOCK", **of_block),
            pounds_line(1, identifier="L3", person="S2", tariff_code="ZZ99Z", **of_block),
            pounds_line(1, identifier="L4", person="1", **of_block),
            pounds_line(1, date(2026, 3, 31), identifier="L5", **of_block),
            pounds_line(1, identifier="L6", person="S999", **of_block),
            pounds_line(1, identifier="L7"),
        ),
    )
    guards = (Guard("block", When(point_of_delivery=("BLOCK",))),)
    # 1,000.00 x 2/6 = 333.33, x 1/6 = 166.666..., x 3/6 = 500.00: the odd penny to H2.
    block = replace(BLOCK, key="lines", whole=None)
    assert parts_of_block(world, block, guards=guards) == [33_333, 16_667, 50_000]


def test_a_block_by_shares():
    # GBP 4m: 10% and 12% of it.
    block = replace(
        BLOCK,
        value_pence=400_000_000,
        key="shares",
        whole=None,
        shares=(("H1", Fraction(1, 10)), ("H2", Fraction(12, 100))),
    )
    assert parts_of_block(WORLD, block) == [40_000_000, 48_000_000, 312_000_000]


def test_a_block_is_a_cost_of_its_provider_and_setting():
    # A line of 10.00 and half of 1,000.00; with a block the host owes its provider, and stop-loss looks at lines only.
    term = StopLoss("high_cost", 500, Fraction(1), "XQY", pro_rata=False, decided_on="year_total")
    world = under(
        replace(TWO_PEOPLE, lines=(pounds_line(10),)),
        blocks=(replace(BLOCK, whole=730),),
        route="host_pays_provider",
        terms=(term,),
    )
    settlement = settle(world)
    host = settlement.hosts["H1"]
    assert (host.cost_pence, host.cost_by_setting) == (51_000, {"emergency": 51_000})
    # 1,200.00 - 510.00, and 5.00 of the line made good.
    assert host.effect_pence == {"budget": 120_000, "cost": -51_000, "high_cost": 500}
    assert settlement.entries["H1", "ZA1", 1_000] == 1
    assert settlement.entries["H1", "ZA2", 50_000] == 1


def test_half_a_penny_beside_a_block_is_rounded_without_it():
    # A credit of 10.00 x 1.000500 is -1,000.5 pence and goes away from zero; a block of 50.00 is whole and comes after.
    settlement = settle(HALF_A_PENNY_BESIDE_A_BLOCK)
    assert settlement.hosts["H1"].cost_pence == 3_999
    assert settlement.entries["ZM1", "H1", 1_001] == 1
    assert settlement.entries["H1", "ZA1", 5_000] == 1


# --------------------------------------------------------------------------------------------------------------
# Terms
# --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("decided_on", "first_host", "second_host"),
    [
        # GBP 4,000 under H1 in May, a credit of 1,500 under H2 in November: 2,500 for the year, under the 3,000.
        ("year_total", 0, 0),
        # In May the person was over: H1's line loses 4,000 - 3,000 = 1,000. The credit brings the total from 4,000 to
        # 2,500, of which 3,000 to 2,500 is below the threshold: it loses -1,500 - (-500) = -1,000.
        ("running", 100_000, -100_000),
    ],
)
def test_stop_loss_with_a_credit(decided_on, first_host, second_host):
    world = replace(
        WORLD,
        registrations=(
            Registration("S1", "Y90001", LONG_AGO, date(2026, 9, 30)),
            Registration("S1", "Y90002", date(2026, 10, 1)),
        ),
        lines=(pounds_line(4000), pounds_line(-1500, date(2026, 11, 11), identifier="L2")),
    )
    term = StopLoss("high_cost", 300_000, Fraction(1), "XQY", pro_rata=False, decided_on=decided_on)
    hosts = settle(under(world, terms=(term,))).hosts
    assert hosts["H1"].effect_pence["high_cost"] == first_host
    assert hosts["H2"].effect_pence["high_cost"] == second_host


def test_stop_loss_takes_from_the_later_line():
    # 2,000 in May and 2,500 in June are 4,500: 1,500 over, all of it June's; 80% of it is 1,200.
    lines = (pounds_line(2500, date(2026, 6, 5), identifier="L1"), pounds_line(2000, identifier="L2"))
    term = StopLoss("high_cost", 300_000, Fraction(4, 5), "XQY", pro_rata=False, decided_on="year_total")
    host = settle(under(replace(WORLD, lines=lines), terms=(term,))).hosts["H1"]
    assert host.effect_pence["high_cost"] == 120_000
    over = {month: cell.over_threshold_pence for (_, _, _, month), cell in host.cost_cells.items()}
    assert over == {2: 0, 3: 150_000}


def test_stop_loss_pro_rata():
    # 91 of 365 days: 3,000 x 91 / 365 = 747.945..., so 747.95; 1,000 less that is 252.05.
    world = replace(
        WORLD, persons=(Person("S1", date(1980, 5, 17), died=date(2026, 6, 30)),), lines=(pounds_line(1000),)
    )
    term = StopLoss("high_cost", 300_000, Fraction(1), "XQY", pro_rata=True, decided_on="year_total")
    assert effects(under(world, terms=(term,)))["high_cost"] == 25_205


def over_by_month(world):
    return {month: cell.over_threshold_pence for (_, _, _, month), cell in settle(world).hosts["H1"].cost_cells.items()}


def in_proportion(threshold_pence, decided_on="year_total"):
    term = StopLoss("high_cost", threshold_pence, Fraction(1), "XQY", pro_rata=False, decided_on=decided_on)
    return (replace(term, taken="in_proportion"),)


# The identifiers run the other way round from the dates.
TEN_POUNDS_IN_THREE_MONTHS = replace(
    WORLD,
    lines=(
        pounds_line(10, date(2026, 6, 5), identifier="L1"),
        pounds_line(10, date(2026, 5, 5), identifier="L2"),
        pounds_line(10, date(2026, 4, 5), identifier="L3"),
    ),
)


@pytest.mark.parametrize(
    ("rounding", "threshold", "taken"),
    [
        # 5 pence over, 1.66... each: one each, and the two that are left to April and May.
        ("per_line", 2_995, {1: 2, 2: 2, 3: 1}),
        # In thousand-millionths of a penny 1,666,666,666 each, and again two are left.
        (
            "on_total",
            2_995,
            {
                1: Fraction(1_666_666_667, 10**9),
                2: Fraction(1_666_666_667, 10**9),
                3: Fraction(1_666_666_666, 10**9),
            },
        ),
        # 6 pence are two each; 30 pounds over nothing is all of it; nothing is over 30 pounds.
        ("per_line", 2_994, {1: 2, 2: 2, 3: 2}),
        ("per_line", 0, {1: 1_000, 2: 1_000, 3: 1_000}),
        ("per_line", 3_000, {1: 0, 2: 0, 3: 0}),
    ],
)
def test_stop_loss_in_proportion(rounding, threshold, taken):
    world = under(TEN_POUNDS_IN_THREE_MONTHS, price_rounding=rounding, terms=in_proportion(threshold))
    assert over_by_month(world) == taken
    # Together they are what the year is over, to the unit.
    assert effects(world)["high_cost"] == 3_000 - threshold


def test_units_that_are_left_go_by_date_and_then_by_line():
    # Two on one day, sent in the other order: half a penny each, so the penny goes to the one whose name comes first.
    world = replace(
        WORLD,
        lines=(pounds_line(10, identifier="L2", provider="ZA2"), pounds_line(10, identifier="L1")),
    )
    host = settle(under(world, terms=in_proportion(1_999))).hosts["H1"]
    assert {cell[2]: cost.over_threshold_pence for cell, cost in host.cost_cells.items()} == {"ZA1": 1, "ZA2": 0}


def test_a_credit_takes_no_part_in_the_proportion():
    # 3,000 and 1,000 less 500 are 3,500, which is 500 over: three quarters of that and one quarter.
    world = replace(
        WORLD,
        lines=(
            pounds_line(-500, date(2026, 4, 5), identifier="L0"),
            pounds_line(3_000, identifier="L1"),
            pounds_line(1_000, date(2026, 6, 5), identifier="L2"),
        ),
    )
    assert over_by_month(under(world, terms=in_proportion(300_000))) == {1: 0, 2: 37_500, 3: 12_500}


def test_in_proportion_someone_who_was_over_in_june_and_is_under_by_march_loses_nothing():
    world = replace(WORLD, lines=(pounds_line(4_000), pounds_line(-1_500, date(2026, 11, 11), identifier="L2")))
    assert over_by_month(under(world, terms=in_proportion(300_000, "running"))) == {2: 0, 8: 0}


SHARE = Bands(
    "share",
    "balance",
    "budget",
    gain=(
        Band(Fraction(2, 100), Fraction(1)),
        Band(Fraction(5, 100), Fraction(1, 2)),
        Band(None, Fraction(1, 5)),
    ),
    loss=(Band(Fraction(1, 100), Fraction(0)), Band(None, Fraction(6, 10))),
)


@pytest.mark.parametrize(
    ("cost", "effect", "closing"),
    [
        # Budget 10,000, gain 900: 200 whole, half of 300, a fifth of 400 = 430 kept, 470 given up.
        (9_100, -47_000, 43_000),
        # Loss 300: nothing of the first 100, 60% of 200 = 120 borne, 180 made good.
        (10_300, 18_000, -12_000),
        # Neither: a gain of nothing.
        (10_000, 0, 0),
    ],
)
def test_bands(cost, effect, closing):
    world = replace(WORLD, lines=(pounds_line(cost),))
    world = under(world, rates=budget_of(1_000_000), terms=(Balance("balance", "budget"), SHARE))
    host = settle(world).hosts["H1"]
    assert host.effect_pence["share"] == effect
    assert host.closing_pence == closing


WEIGHTS = (Weight("ind_a", Fraction(2, 3)), Weight("ind_b", Fraction(1, 3)))


def test_outcomes():
    # 5% of 10,000 = 500 withheld. Scores (0.55 - 0.40) / 0.30 = 1/2 and (0.30 - 0.15) / 0.20 = 3/4:
    # 2/3 x 1/2 + 1/3 x 3/4 = 7/12, so 291.67 is earned back.
    at_risk = tuple(Fraction(n, 100) for n in (5, 10, 10, 15, 15))
    world = one_host(
        under(WORLD, rates=budget_of(1_000_000), terms=(Outcomes("outcomes", "budget", at_risk, WEIGHTS),))
    )
    assert effects(world) == {
        "budget": 1_000_000,
        "cost": 0,
        "outcomes.withheld": -50_000,
        "outcomes.earned": 29_167,
    }
    # In the second year of the contract 10% is at risk: 1,000, of which 583.33.
    second = effects(under(world, first_year="2025/26"))
    assert (second["outcomes.withheld"], second["outcomes.earned"]) == (-100_000, 58_333)


@pytest.mark.parametrize(
    ("world", "effects", "others"),
    [
        # The host lost 50.00, of which the provider bears half; or the commissioner bears two fifths.
        (LOSS_DIVIDED, {"partners.ZA1": 2_500}, {("ZA1", "H1", 2_500)}),
        (LOSS_SHARED, {"share": 2_000}, {("XQY", "H1", 2_000)}),
        # The commissioner has the 100.00 withheld and gives each of the two half of it, or half of three fifths of it.
        (WITHHELD_DIVIDED, {"partners.host": 5_000}, {("XQY", "H1", 5_000), ("XQY", "ZA1", 5_000)}),
        (WITHHELD_SHARED, {"partners.host": 3_000}, {("XQY", "H1", 3_000), ("XQY", "ZA1", 3_000)}),
    ],
)
def test_what_is_divided_is_taken_from_where_it_is(world, effects, others):
    settlement = settle(world)
    # 1,000.00, less 10.01 twice, less 100.00 withheld, of which 50.00 earned back.
    usual = {"budget": 100_000, "cost": -2_002, "outcomes.withheld": -10_000, "outcomes.earned": 5_000}
    found = {name: pence for name, pence in settlement.hosts["H1"].effect_pence.items() if pence}
    assert found == usual | effects
    usual_entries = {("XQY", "H1", 100_000), ("H1", "XQY", 2_002), ("H1", "XQY", 10_000), ("XQY", "H1", 5_000)}
    assert settlement.entries == Counter([*usual_entries, *others])


@pytest.mark.parametrize(
    ("numerator", "protected", "pence"),
    [
        # 1,000 x 1.04 (5.2% capped at 4%) = 1,040: 832 for certain, and half of 208 by score.
        (55, Fraction(8, 10), 93_600),
        # Nothing by score, so 832; but 90% of 1,040 = 936 is protected.
        (40, Fraction(9, 10), 93_600),
        (40, Fraction(8, 10), 83_200),
        (70, Fraction(9, 10), 104_000),
    ],
)
def test_vcse_line(numerator, protected, pence):
    term = VcseLine(
        "connectors",
        "VC1",
        "host",
        value_by_host=(("H1", 100_000),),
        indexation=Indexation(
            "2025/26", (("2026/27", Fraction(52, 1000)),), floor=Fraction(1, 100), cap=Fraction(4, 100)
        ),
        protected_minimum=protected,
        outcome_part=OutcomePart(Fraction(2, 10), (Weight("ind_a", Fraction(1)),)),
    )
    results = (IndicatorResult("H1", "ind_a", numerator, 100),)
    world = one_host(under(replace(WORLD, indicator_results=results), terms=(term,)))
    settlement = settle(world)
    assert settlement.hosts["H1"].effect_pence["connectors"] == -pence
    assert settlement.entries[("H1", "VC1", pence)] == 1
    # Where the commissioner pays, the partner has the same and the host is left alone.
    settlement = settle(under(world, terms=(replace(term, paid_by="commissioner"),)))
    assert settlement.hosts["H1"].effect_pence["connectors"] == 0
    assert settlement.entries[("XQY", "VC1", pence)] == 1


THIRD = Fraction(1, 3)


def test_a_whole_settlement_to_the_last_penny():
    # Budget 1,100.00 and cost 1,000.00 leave 100.00, split in three: the host keeps 33.34 and pays 33.33 twice.
    # 500.00 was paid on account. Closing: 1,100.00 - 1,000.00 - 66.66 - 500.00 = -466.66.
    world = replace(
        WORLD,
        lines=(pounds_line(600, identifier="L1"), pounds_line(400, identifier="L1", provider="ZA2")),
        payments=(Payment(date(2026, 4, 15), "XQY", "H1", 50_000, "A"),),
    )
    world = under(
        world,
        rates=budget_of(110_000),
        terms=(
            Balance("balance", "budget"),
            Split("partners", "balance", (("host", THIRD), ("VC1", THIRD), ("ZA1", THIRD))),
            OnAccount("paid"),
        ),
    )
    after_the_cost = Counter([("XQY", "H1", 110_000), ("H1", "VC1", 3333), ("H1", "ZA1", 3333), ("H1", "XQY", 50_000)])
    settlement = settle(world)
    assert settlement.hosts["H1"].closing_pence == -46_666
    assert settlement.entries == after_the_cost + Counter([("H1", "XQY", 100_000)])

    paying = settle(under(world, route="host_pays_provider"))
    assert paying.hosts["H1"].closing_pence == -46_666
    assert paying.entries == after_the_cost + Counter([("H1", "ZA1", 60_000), ("H1", "ZA2", 40_000)])

    # Half a penny to each provider, on the total: 2,001 pence, of which the one listed first has the odd one.
    tie = settle(TIE_BETWEEN_PROVIDERS).entries
    assert (tie["H1", "ZM1", 1001], tie["H1", "ZA1", 1000]) == (1, 1)

    shadow = settle(under(world, status="shadow"))
    assert shadow.hosts == settlement.hosts
    assert not shadow.entries
