"""Small worlds on which two ways of settling once differed. Each stays, so that it is tried every time."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .world import (
    Band,
    Bands,
    Block,
    Change,
    Contract,
    Diagnosis,
    Indicator,
    IndicatorResult,
    Line,
    MarketForces,
    Neighbourhood,
    Outcomes,
    Party,
    Person,
    Practice,
    Price,
    Rate,
    Registration,
    ScopeRule,
    Segment,
    Split,
    Transfer,
    Weight,
    When,
    World,
)

LONG_AGO = date(2015, 6, 1)

# Half a penny each: GBP 10.00 x 1.000500, for two providers that the contract lists out of the order of the alphabet.
FIRST_LISTED = Line("L1", "ZM1", "S1", date(2026, 5, 5), "NEL", "AA01A", Decimal(1), 1001)
SECOND_LISTED = replace(FIRST_LISTED, provider="ZA1")

PLAIN = World(
    contract=Contract(
        parties=(
            Party("XQY", "ICB", "commissioner"),
            Party("H1", "Host one", "host"),
            Party("ZM1", "First listed", "provider"),
            Party("ZA1", "Second listed", "provider"),
        ),
        conditions=("diabetes",),
        segments=(Segment("core", 20, 64, exactly=1),),
        scope=(ScopeRule(When(point_of_delivery=("NEL",)), setting="emergency"),),
        rates=(Rate("core", "emergency", 100_000),),
    ),
    persons=(Person("S000000001", date(1980, 5, 17)),),
    diagnoses=(Diagnosis("S000000001", "diabetes", date(2020, 1, 1)),),
    registrations=(Registration("S000000001", "Y90001", LONG_AGO),),
    practices=(Practice("Y90001", "N1", LONG_AGO),),
    neighbourhoods=(Neighbourhood("N1", "H1", LONG_AGO),),
    lines=tuple(replace(line, person="S000000001") for line in (FIRST_LISTED, SECOND_LISTED)),
    prices=(Price("AA01A", 1000),),
    market_forces=(MarketForces("ZM1", Decimal("1.000500")), MarketForces("ZA1", Decimal("1.000500"))),
    indicators=(Indicator("ind_a", "higher", Decimal("0.40"), Decimal("0.70")),),
    indicator_results=(IndicatorResult("H1", "ind_a", 55, 100),),
)

# A line dated in the year that its provider says belongs to another was charged.
STATED_FOR_ANOTHER_YEAR = replace(
    PLAIN, lines=(PLAIN.lines[0], replace(PLAIN.lines[0], identifier="L2", financial_year="202526"))
)

# A shadow settlement gave entries.
SHADOW = replace(PLAIN, contract=replace(PLAIN.contract, status="shadow"))

# The penny left over went to the provider that comes first in the alphabet, and not to the one listed first.
TIE_BETWEEN_PROVIDERS = replace(
    PLAIN, contract=replace(PLAIN.contract, price_rounding="on_total", route="host_pays_provider")
)

# A credit to a host that pays its providers.
CREDIT_FROM_A_PROVIDER = replace(
    PLAIN,
    contract=replace(PLAIN.contract, route="host_pays_provider"),
    lines=(replace(PLAIN.lines[0], quantity=Decimal(-1), submitted_pence=-1001),),
)

# Half a penny of a transfer: -GBP 50.00 x 0.9875 is -4,937.5 pence, beside GBP 987.50 of a person that are whole. The
# sum of both was rounded, and half a penny taken away came out as nothing.
HALF_A_PENNY_OF_A_TRANSFER = replace(
    PLAIN,
    contract=replace(
        PLAIN.contract,
        budget_rounding="per_person",
        adjustments=(Transfer("moved", (("H1", -5_000),)), Change("growth", Fraction(-1, 80))),
    ),
)

# Half a penny of a credit, -GBP 10.00 x 1.000500, beside a block in whole pence: the sum of both was rounded.
HALF_A_PENNY_BESIDE_A_BLOCK = replace(
    PLAIN,
    contract=replace(
        PLAIN.contract,
        price_rounding="on_total",
        route="host_pays_provider",
        blocks=(Block("nights", "ZA1", "emergency", 5_000, "shares", shares=(("H1", Fraction(1)),)),),
    ),
    lines=(replace(PLAIN.lines[0], quantity=Decimal(-1), submitted_pence=-1001),),
)

# A score of one half earns half of a tenth of GBP 1,000.00: the host is GBP 50.00 down, once. It was down a second time
# where that was divided or shared, as if the commissioner had still had it.
WITHHOLD = Outcomes("outcomes", "budget", (Fraction(1, 10),) * 5, (Weight("ind_a", Fraction(1)),))
HALVES = (("host", Fraction(1, 2)), ("ZA1", Fraction(1, 2)))
LOSS_DIVIDED = replace(PLAIN, contract=replace(PLAIN.contract, terms=(WITHHOLD, Split("partners", "outcomes", HALVES))))
LOSS_SHARED = replace(
    PLAIN,
    contract=replace(
        PLAIN.contract,
        terms=(
            WITHHOLD,
            Bands("share", "outcomes", "budget", (Band(None, Fraction(1)),), (Band(None, Fraction(3, 5)),)),
        ),
    ),
)

# What was withheld is the commissioner's, who divides it. It was divided by the host, who had paid it away.
WITHHELD_DIVIDED = replace(
    PLAIN, contract=replace(PLAIN.contract, terms=(WITHHOLD, Split("partners", "outcomes.withheld", HALVES)))
)
WITHHELD_SHARED = replace(
    LOSS_SHARED,
    contract=replace(
        LOSS_SHARED.contract,
        terms=(
            WITHHOLD,
            Bands("share", "outcomes.withheld", "budget", (Band(None, Fraction(3, 5)),), (Band(None, Fraction(1)),)),
            Split("partners", "share", HALVES),
        ),
    ),
)
