"""The budget: people × annual rates, adjusted in the contract's order, rounded at the point that it names.

There is no published national formula for a Year of Care payment; every figure here is the contract's own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field

from yoc.core.fields import Model, Name, Pence, Rate, Text
from yoc.core.money import apportion_pence, format_pounds, round_half_away
from yoc.core.rates import format_decimal, format_percent


class BudgetRounding(StrEnum):
    """Where the budget becomes whole pence: each person's year, or the host's total."""

    PER_PERSON = "per_person"
    ON_TOTAL = "on_total"


class UpliftAndEfficiency(Model):
    """Cost uplift and efficiency of one year, combined as the contract says.

    4.15% and 2.0% give +2.0670% multiplied and +2.15% added (2025/26 NHS Payment Scheme as first published).

    >>> factor = dict(id="uplift", kind="cost_uplift_and_efficiency", cost_uplift="4.15%", efficiency="2.0%")
    >>> UpliftAndEfficiency(**factor, combine="multiplicative").factor() - 1
    Fraction(2067, 100000)
    >>> UpliftAndEfficiency(**factor, combine="additive").factor() - 1
    Fraction(43, 2000)
    """

    id: Name
    kind: Literal["cost_uplift_and_efficiency"]
    clause: Text | None = None
    title: Text = "Cost uplift and efficiency"
    cost_uplift: Rate
    efficiency: Rate
    combine: Literal["multiplicative", "additive"]

    def factor(self) -> Fraction:
        """What the budget so far is multiplied by."""
        if self.combine == "additive":
            return 1 + self.cost_uplift - self.efficiency
        return (1 + self.cost_uplift) * (1 - self.efficiency)

    def in_words(self) -> str:
        """The adjustment as a reader of the statement sees it."""
        up, down, net = (format_percent(rate) for rate in (self.cost_uplift, self.efficiency, self.factor() - 1))
        working = f"{up} - {down}" if self.combine == "additive" else f"(1 + {up}) × (1 - {down}) - 1"
        return f"cost uplift {up} and efficiency {down}: {working} = {net}"


class RateAdjustment(Model):
    """An adjustment that changes the budget so far by a rate: growth, need, pace of change.

    >>> RateAdjustment(id="growth", kind="growth", rate="0.8%").factor()
    Fraction(126, 125)
    """

    id: Name
    kind: Literal["growth", "need", "pace_of_change"]
    clause: Text | None = None
    title: Text | None = None
    rate: Rate

    def factor(self) -> Fraction:
        """What the budget so far is multiplied by."""
        return 1 + self.rate

    def in_words(self) -> str:
        """The adjustment as a reader of the statement sees it."""
        return f"{self.kind.replace('_', ' ')} {format_percent(self.rate)}"


Adjustment = Annotated[UpliftAndEfficiency | RateAdjustment, Field(discriminator="kind")]


class BudgetRules(Model):
    """Section `budget:` of a contract: annual rates by segment and setting, adjustments in order, rounding."""

    clause: Text | None = None
    rounding: BudgetRounding
    rates: dict[Name, dict[Name, Pence]]
    adjustments: tuple[Adjustment, ...] = ()

    def settings(self) -> tuple[str, ...]:
        """The settings that the budget covers, in the order in which the rates first name them."""
        return tuple(dict.fromkeys(setting for rates in self.rates.values() for setting in rates))

    def factor(self) -> Fraction:
        """All adjustments together."""
        product = Fraction(1)
        for adjustment in self.adjustments:
            product *= adjustment.factor()
        return product


@dataclass(frozen=True)
class People:
    """Counted people of one host: for each segment, how many people counted how many units of the year.

    Under person-days a unit is a day; under snapshots it is a quarter or a year. ``units_per_year`` units make one
    person-year.
    """

    units_per_year: int
    people_by_segment_and_units: Mapping[str, Mapping[int, int]]

    def units(self, segment: str) -> int:
        """All units counted in a segment."""
        return sum(units * people for units, people in self.people_by_segment_and_units.get(segment, {}).items())

    def person_years(self, segment: str) -> Fraction:
        """Exact person-years of a segment.

        >>> People(365, {"core": {365: 3, 182: 1, 91: 1}}).person_years("core")
        Fraction(1368, 365)
        """
        return Fraction(self.units(segment), self.units_per_year)

    def all_person_years(self) -> Fraction:
        """Exact person-years over all segments."""
        return sum((self.person_years(segment) for segment in self.people_by_segment_and_units), Fraction(0))


@dataclass(frozen=True)
class BudgetCell:
    """The part of a budget for one segment and setting, in whole pence that add to the total."""

    segment: str
    setting: str
    person_years: Fraction
    annual_rate_pence: int
    pence: int


@dataclass(frozen=True)
class BudgetStep:
    """The opening rates, or one adjustment: what it brought, in whole pence that add to the total."""

    id: str
    title: str
    clause: str
    pence: int
    formula: str


@dataclass(frozen=True)
class Budget:
    """A host's budget for the year in whole pence, by cell and by step; both add to the total."""

    total_pence: int
    rounding: BudgetRounding = BudgetRounding.ON_TOTAL
    person_years: Fraction = Fraction(0)
    cells: tuple[BudgetCell, ...] = ()
    steps: tuple[BudgetStep, ...] = ()


def build_budget(rules: BudgetRules, people: People) -> Budget:
    """The budget of one host.

    ``on_total``: the exact total is rounded once. ``per_person``: each person's amount for one segment, all settings
    together, is rounded and then added. The five people of the contract language, section 3:

    >>> rules = BudgetRules(rounding="on_total", rates={"all": {"primary": "£1,200"}})
    >>> five = People(365, {"all": {365: 3, 182: 1, 91: 1}})
    >>> format_pounds(build_budget(rules, five).total_pence)
    '£4,497.53'
    >>> per_person = BudgetRules(rounding="per_person", rates={"all": {"primary": "£1,200"}})
    >>> format_pounds(build_budget(per_person, five).total_pence)
    '£4,497.54'
    >>> format_pounds(build_budget(rules, People(4, {"all": {4: 3, 2: 1, 1: 1}})).total_pence)
    '£4,500.00'
    """
    factor = rules.factor()
    keys = [(segment, setting) for segment, rates in rules.rates.items() for setting in rates]
    opening = {key: people.person_years(key[0]) * rules.rates[key[0]][key[1]] for key in keys}
    exact = {key: amount * factor for key, amount in opening.items()}
    if rules.rounding is BudgetRounding.ON_TOTAL:
        total = round_half_away(sum(exact.values(), Fraction(0)))
    else:
        total = sum(_segment_total_per_person(rules, people, segment, factor) for segment in rules.rates)
    cells = tuple(
        BudgetCell(segment, setting, people.person_years(segment), rules.rates[segment][setting], pence)
        for (segment, setting), pence in zip(keys, _whole_parts(total, list(exact.values())), strict=True)
    )
    steps = _steps(rules, sum(opening.values(), Fraction(0)), total, people)
    return Budget(total, rules.rounding, people.all_person_years(), cells, steps)


def _segment_total_per_person(rules: BudgetRules, people: People, segment: str, factor: Fraction) -> int:
    year_pence = sum(rules.rates[segment].values()) * factor
    counted = people.people_by_segment_and_units.get(segment, {})
    return sum(
        round_half_away(year_pence * Fraction(units, people.units_per_year)) * heads for units, heads in counted.items()
    )


def _whole_parts(total_pence: int, exact: Sequence[Fraction]) -> list[int]:
    """Whole pence near the exact parts that add to a total which may have been rounded person by person."""
    exact_total = sum(exact, Fraction(0))
    if exact_total == 0:
        return [0 for _ in exact]
    return apportion_pence(total_pence, [part * total_pence / exact_total for part in exact])


def _steps(rules: BudgetRules, opening: Fraction, total_pence: int, people: People) -> tuple[BudgetStep, ...]:
    """The opening rates and each adjustment, cut at whole pence of the running total so that they add exactly."""
    running = [opening]
    for adjustment in rules.adjustments:
        running.append(running[-1] * adjustment.factor())
    marks = [round_half_away(amount) for amount in running[:-1]] + [total_pence]
    years = format_decimal(people.all_person_years(), 4)
    counted = f"{years} person-years × the annual rate of each segment and setting"
    steps = [BudgetStep("rates", "Annual rates", rules.clause or "", marks[0], counted)]
    for adjustment, before, after in zip(rules.adjustments, marks, marks[1:], strict=False):
        title = adjustment.title or adjustment.kind.replace("_", " ").capitalize()
        formula = f"{format_pounds(before)} so far, {adjustment.in_words()}"
        steps.append(BudgetStep(adjustment.id, title, adjustment.clause or "", after - before, formula))
    return tuple(steps)
