"""A world: everything that is known about one contract year, as plain frozen records.

Money is whole pence, rates are exact fractions, quantities and indices are exact decimals. Dates are inclusive at
both ends; an end of `None` is still open. Text that a file may leave blank is an empty string here.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True)
class Person:
    """One person, alive from the day of birth to the day of death, both counted."""

    key: str
    born: date
    died: date | None = None
    body_mass_index: Decimal | None = None


@dataclass(frozen=True)
class Diagnosis:
    """A condition that a person was found to have, and the day on which it was found."""

    person: str
    condition: str
    diagnosed_on: date


@dataclass(frozen=True)
class Registration:
    """One person at one practice; only a `Regular` registration makes a person count."""

    person: str
    practice: str
    start: date
    end: date | None = None
    kind: str = "Regular"


@dataclass(frozen=True)
class Named:
    """One row of a list of segments: somebody is named for one, between two dates or always."""

    person: str
    segment: str
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True)
class Partner:
    """One row of a practice's networks; a blank network is none."""

    practice: str
    network: str
    start: date
    end: date | None = None


@dataclass(frozen=True)
class Placed:
    """One row of a network's neighbourhoods."""

    network: str
    neighbourhood: str
    start: date
    end: date | None = None


@dataclass(frozen=True)
class Succession:
    """From a day on a practice's people are those of another."""

    practice: str
    successor: str
    start: date


@dataclass(frozen=True)
class Restated:
    """The registrations on which the year was paid, until payments turned to those of the world, if they did."""

    registrations: tuple[Registration, ...]
    start: date | None = None


@dataclass(frozen=True)
class Practice:
    """One row of a practice: where it belongs between two dates, and who takes it over if it then closes."""

    code: str
    neighbourhood: str
    start: date
    end: date | None = None
    successor: str = ""


@dataclass(frozen=True)
class Listed:
    """One row of the list that says before the year begins whose each person is."""

    person: str
    host: str


@dataclass(frozen=True)
class Neighbourhood:
    """One row of a neighbourhood: the host to which it belongs between two dates."""

    code: str
    host: str
    start: date
    end: date | None = None


@dataclass(frozen=True)
class Line:
    """One line of activity as the provider submitted it; `ended` is the date that decides everything.

    Submitted pence of `None` are a total that was left blank, which is not a total of nothing.
    """

    identifier: str
    provider: str
    person: str
    ended: date
    point_of_delivery: str
    tariff_code: str
    quantity: Decimal
    submitted_pence: int | None
    started: date | None = None
    commissioner: str = "XQY"
    financial_year: str = "202627"
    treatment_function: str = ""
    specialised_code: str = ""
    submitted_unit_price_pence: int = 0


@dataclass(frozen=True)
class Price:
    """One row of the price book; a blank point of delivery or treatment function means any."""

    tariff_code: str
    unit_price_pence: int
    point_of_delivery: str = ""
    treatment_function: str = ""


@dataclass(frozen=True)
class MarketForces:
    """The payment index of one provider, six decimals."""

    provider: str
    index: Decimal


@dataclass(frozen=True)
class IndicatorResult:
    """What one host achieved on one indicator."""

    host: str
    indicator: str
    numerator: int
    denominator: int


@dataclass(frozen=True)
class Payment:
    """A payment made on account during the year."""

    paid_on: date
    payer: str
    payee: str
    pence: int
    reference: str


@dataclass(frozen=True)
class Party:
    """One organisation in the contract."""

    code: str
    name: str
    role: str
    nhs_body: bool = True


@dataclass(frozen=True)
class Segment:
    """One part of the cohort: an age range in whole years, a count of conditions, and perhaps a body mass index.

    One that is `listed` asks nothing of the kind: its people are those whom a list names for it.
    """

    id: str
    age_from: int = 0
    age_to: int = 0
    at_least: int | None = None
    exactly: int | None = None
    bmi_over: Decimal | None = None
    listed: bool = False


@dataclass(frozen=True)
class When:
    """The test of a guard or of a scope rule: all the parts that are given must hold."""

    provider: tuple[str, ...] = ()
    point_of_delivery: tuple[str, ...] = ()
    specialised: bool = False


@dataclass(frozen=True)
class Guard:
    """Lines set aside whatever they cost, and why."""

    reason: str
    when: When


@dataclass(frozen=True)
class ScopeRule:
    """Lines that belong to a setting or, where `out_of_scope` says why, to none."""

    when: When
    setting: str = ""
    out_of_scope: str = ""


@dataclass(frozen=True)
class Block:
    """A sum that pays for a provider's care in a setting, shared out by a key: `person_days`, `lines` or `shares`."""

    id: str
    provider: str
    setting: str
    value_pence: int
    key: str
    whole: int | None = None
    shares: tuple[tuple[str, Fraction], ...] = ()


@dataclass(frozen=True)
class Rate:
    """The annual rate of one segment in one setting."""

    segment: str
    setting: str
    pence: int


@dataclass(frozen=True)
class UpliftAndEfficiency:
    """Prices rise by one rate and are expected to fall by another."""

    id: str
    cost_uplift: Fraction
    efficiency: Fraction
    combine: str


@dataclass(frozen=True)
class Change:
    """The budget rises by a rate, or each segment's part of it by a rate of its own. The kind is only a name."""

    id: str
    rate: Fraction | None = None
    rate_by_segment: tuple[tuple[str, Fraction], ...] = ()
    kind: str = "growth"


@dataclass(frozen=True)
class BudgetMarketForces:
    """Care costs more in one place than in another: one index, or one for each host."""

    id: str
    index: Decimal | None = None
    index_by_host: tuple[tuple[str, Decimal], ...] = ()


@dataclass(frozen=True)
class Transfer:
    """A sum agreed in the year, for the whole of it or for the part that is left from a day on."""

    id: str
    value_by_host: tuple[tuple[str, int], ...]
    start: date | None = None


@dataclass(frozen=True)
class PlaceIndex:
    """How much more a place weighs for each person than the whole of which it is part."""

    id: str
    registered: Decimal
    weighted: Decimal
    whole_registered: Decimal
    whole_weighted: Decimal


Adjustment = UpliftAndEfficiency | Change | BudgetMarketForces | Transfer | PlaceIndex


@dataclass(frozen=True)
class Indicator:
    """One outcome: nothing at the floor or worse, all of it at the target or better, a straight line between."""

    id: str
    better: str
    floor: Decimal
    target: Decimal


@dataclass(frozen=True)
class Weight:
    """The weight of one indicator in a score."""

    indicator: str
    weight: Fraction


@dataclass(frozen=True)
class StopLoss:
    """What a person costs above a threshold is borne, in part or whole, by another party."""

    id: str
    threshold_pence: int
    share: Fraction
    borne_by: str
    pro_rata: bool
    decided_on: str
    taken: str = "in_date_order"


@dataclass(frozen=True)
class Balance:
    """The result of the lines so far."""

    id: str
    base: str


@dataclass(frozen=True)
class Band:
    """The host's share of one slice; it begins where the band before it ends, and `to` of `None` has no end."""

    to: Fraction | None
    host_share: Fraction


@dataclass(frozen=True)
class Bands:
    """Marginal shares of a gain and of a loss."""

    id: str
    on: str
    base: str
    gain: tuple[Band, ...]
    loss: tuple[Band, ...]


@dataclass(frozen=True)
class Outcomes:
    """A part of a base is withheld and earned back by score; `at_risk` is by contract year, the first first."""

    id: str
    base: str
    at_risk: tuple[Fraction, ...]
    weights: tuple[Weight, ...]


@dataclass(frozen=True)
class Indexation:
    """Yearly rates after the year in which a value was agreed, each held between a floor and a cap."""

    agreed_in: str
    rates: tuple[tuple[str, Fraction], ...]
    floor: Fraction | None = None
    cap: Fraction | None = None


@dataclass(frozen=True)
class OutcomePart:
    """The part of a value that depends on a score."""

    share: Fraction
    weights: tuple[Weight, ...]


@dataclass(frozen=True)
class VcseLine:
    """A partner's yearly value. Without `value_by_host` every host has `value_pence`."""

    id: str
    partner: str
    paid_by: str
    value_pence: int | None = None
    value_by_host: tuple[tuple[str, int], ...] = ()
    indexation: Indexation | None = None
    protected_minimum: Fraction | None = None
    outcome_part: OutcomePart | None = None
    profile: tuple[Fraction, ...] = ()


@dataclass(frozen=True)
class Split:
    """An amount divided among parties, in the order in which they are listed; `host` is the host itself."""

    id: str
    on: str
    shares: tuple[tuple[str, Fraction], ...]


@dataclass(frozen=True)
class OnAccount:
    """What was already paid in the year."""

    id: str


Term = StopLoss | Balance | Bands | Outcomes | VcseLine | Split | OnAccount


@dataclass(frozen=True)
class Contract:
    """The options of one contract. `terms` are those that follow the budget and the cost."""

    parties: tuple[Party, ...]
    conditions: tuple[str, ...]
    segments: tuple[Segment, ...]
    scope: tuple[ScopeRule, ...]
    rates: tuple[Rate, ...]
    status: str = "live"
    route: str = "commissioner_pays_and_nets"
    first_year: str = "2026/27"
    counting: str = "person_days"
    attribution: str = "host_on_activity_date"
    attribution_ties: str = ""
    overlapping_registrations: str = "refuse"
    segments_tested: str = "quarter_start"
    commissioners: tuple[str, ...] = ("XQY",)
    price_basis: str = "book"
    price_rounding: str = "per_line"
    budget_rounding: str = "on_total"
    guards: tuple[Guard, ...] = ()
    blocks: tuple[Block, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    terms: tuple[Term, ...] = ()


@dataclass(frozen=True)
class ReIssue:
    """A whole price book that was published again, for activity from ``start`` to the end of the year."""

    published: date
    start: date
    prices: tuple[Price, ...]
    market_forces: tuple[MarketForces, ...]


@dataclass(frozen=True)
class World:
    """Everything that one settlement is made from."""

    contract: Contract
    persons: tuple[Person, ...] = ()
    diagnoses: tuple[Diagnosis, ...] = ()
    registrations: tuple[Registration, ...] = ()
    practices: tuple[Practice, ...] = ()
    neighbourhoods: tuple[Neighbourhood, ...] = ()
    attribution_list: tuple[Listed, ...] = ()
    segment_lists: tuple[Named, ...] = ()
    partners: tuple[Partner, ...] = ()
    """Where there are any, the practices are placed by their networks, and `practices` is empty."""
    placed: tuple[Placed, ...] = ()
    successions: tuple[Succession, ...] = ()
    restated: Restated | None = None
    lines: tuple[Line, ...] = ()
    prices: tuple[Price, ...] = ()
    market_forces: tuple[MarketForces, ...] = ()
    re_issues: tuple[ReIssue, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    indicator_results: tuple[IndicatorResult, ...] = ()
    payments: tuple[Payment, ...] = ()
