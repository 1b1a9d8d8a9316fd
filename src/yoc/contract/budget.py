"""The budget: people × annual rates, adjusted in the contract's order, rounded at the point that it names.

There is no published national formula for a Year of Care payment; every figure here is the contract's own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Any

from pydantic import BeforeValidator

from yoc.contract.adjustments import NO_SEGMENT, Adjustment, UpliftAndEfficiency  # noqa: F401 - part of the budget
from yoc.core.fields import Day, Model, Name, Pence, Text, Year
from yoc.core.money import apportion_pence, format_pounds, round_half_away
from yoc.core.periods import FinancialYear
from yoc.core.rates import format_decimal


class BudgetRounding(StrEnum):
    """Where the budget becomes whole pence: each person's year, or the host's total."""

    PER_PERSON = "per_person"
    ON_TOTAL = "on_total"


ALL_CARE = "all_care"
"""Stands for every setting together, where a segment's rate is one sum."""


def _all_care(value: Any) -> Any:
    """`residents: £750` is short for one rate for all care."""
    return {ALL_CARE: value} if isinstance(value, str) else value


AnnualRates = dict[
    Name, Annotated[dict[Name, Pence], BeforeValidator(_all_care, json_schema_input_type=Pence | dict[Name, Pence])]
]
"""Sums a year by segment and setting."""


BUDGET_SETTINGS = ("primary", "community", "mental_health", "outpatient", "emergency")
"""The settings that a Year of Care budget covers."""


def missing_rates(rates: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Each segment and setting without a rate, where another segment has one: it would count as £0 without a word.

    A segment with one rate for all care lacks none.

    >>> missing_rates({"young": {"primary": 1, "emergency": 2}, "old": {"primary": 3}, "all": {"all_care": 4}})
    [('old', 'emergency')]
    """
    settings = dict.fromkeys(setting for own in rates.values() for setting in own if setting != ALL_CARE)
    return [
        (segment, setting)
        for segment, own in rates.items()
        if list(own) != [ALL_CARE]
        for setting in settings
        if setting not in own
    ]


class RatesFrom(Model):
    """The dated table from which a budget took its rates: how it was named, its file, its name, year and day."""

    named: Text
    file: Text
    rate_table: Name
    title: Text
    year: Year
    """The financial year at whose level the rates stand."""
    as_of: Day


def _as_it_is(value: Any) -> Any:
    """A contract names the table by its file; what the file says of itself stands in its place once it is read."""
    return value


class BudgetRules(Model):
    """Section `budget:` of a contract: annual rates by segment and setting, adjustments in order, rounding."""

    clause: Text | None = None
    rounding: BudgetRounding
    rates: AnnualRates
    rates_from: Annotated[RatesFrom | None, BeforeValidator(_as_it_is, json_schema_input_type=Text | None)] = None
    """In place of rates: the dated table that `yoc budget build` wrote, named from the contract's own folder."""
    adjustments: tuple[Adjustment, ...] = ()

    def settings(self) -> tuple[str, ...]:
        """The settings that the budget covers, in the order in which the rates first name them."""
        return tuple(dict.fromkeys(setting for rates in self.rates.values() for setting in rates))

    def factor(self, segment: str, host: str) -> Fraction:
        """All adjustments together, for what a segment brings to a host."""
        product = Fraction(1)
        for adjustment in self.adjustments:
            product *= adjustment.factor(segment, host)
        return product

    def transferred_pence(self, host: str, year: FinancialYear | None) -> list[Fraction]:
        """What sums agreed in year have brought a host, before the first adjustment and after each, in exact pence."""
        running = [Fraction(0)]
        for adjustment in self.adjustments:
            kept = running[-1] * adjustment.factor(NO_SEGMENT, host)
            running.append(kept + adjustment.added_pence(host, year))
        return running


TRANSFERS = "Transfers agreed in year"
"""What stands in place of a segment in the cell of sums that belong to none."""


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
class MonthMadeGood:
    """What one month (1 is April) brings on the people as they are now, more than on those first counted."""

    month: int
    pence: int
    units: int


@dataclass(frozen=True)
class BackPay:
    """A budget on the people first counted, and what each month is made good by; they add to the budget exactly.

    ``whole_year_pence`` is what the whole year comes to on the people first counted. ``first_counted_pence`` holds, for
    months that were counted on the people as they are now already, those people. ``unit`` names what is counted.
    """

    whole_year_pence: int
    first_counted_pence: int
    unit: str
    units_per_year: int
    months: tuple[MonthMadeGood, ...]

    @property
    def total_pence(self) -> int:
        """The budget: what was first counted for, and every month made good."""
        return self.first_counted_pence + sum(month.pence for month in self.months)


@dataclass(frozen=True)
class Budget:
    """A host's budget for the year in whole pence, by cell and by step; both add to the total.

    ``back_pay`` is given where the people were counted before and have been restated since; it adds to the total too.
    """

    total_pence: int
    rounding: BudgetRounding = BudgetRounding.ON_TOTAL
    person_years: Fraction = Fraction(0)
    cells: tuple[BudgetCell, ...] = ()
    steps: tuple[BudgetStep, ...] = ()
    back_pay: BackPay | None = None


def exact_budget(rules: BudgetRules, people: People, host: str = "", year: FinancialYear | None = None) -> Fraction:
    """The budget of one host before it is rounded, in exact pence.

    >>> rules = BudgetRules(rounding="on_total", rates={"all": {"primary": "£1,200"}})
    >>> exact_budget(rules, People(365, {"all": {182: 1}}))
    Fraction(4368000, 73)
    """
    return sum(_exact_parts(rules, people, host).values(), rules.transferred_pence(host, year)[-1])


def _exact_parts(rules: BudgetRules, people: People, host: str) -> dict[tuple[str, str], Fraction]:
    """What the people bring by segment and setting, adjusted, in exact pence."""
    return {
        (segment, setting): people.person_years(segment) * pence * rules.factor(segment, host)
        for segment, rates in rules.rates.items()
        for setting, pence in rates.items()
    }


def build_budget(rules: BudgetRules, people: People, host: str = "", year: FinancialYear | None = None) -> Budget:
    """The budget of one host; its code and the year are needed where an adjustment depends on them.

    ``on_total``: the exact total is rounded once. ``per_person``: each person's amount for one segment, all settings
    together, is rounded and then added; transfers, which are no person's, are rounded once and added. The five people
    of the contract language, section 3:

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
    keys = [(segment, setting) for segment, rates in rules.rates.items() for setting in rates]
    opening = {key: people.person_years(key[0]) * rules.rates[key[0]][key[1]] for key in keys}
    exact = _exact_parts(rules, people, host)
    transferred = rules.transferred_pence(host, year)
    if rules.rounding is BudgetRounding.ON_TOTAL:
        total = round_half_away(sum(exact.values(), transferred[-1]))
    else:
        of_people = (_segment_total_per_person(rules, people, segment, host) for segment in rules.rates)
        total = sum(of_people, round_half_away(transferred[-1]))
    cells = _cells(rules, people, exact, transferred[-1], total)
    running = _running(rules, opening, transferred, host)
    steps = _steps(rules, running, total, people, host, year)
    return Budget(total, rules.rounding, people.all_person_years(), cells, steps)


def opening_pence(old: Budget, new: Budget) -> dict[tuple[str, str], tuple[int, int]]:
    """People × annual rates by segment and setting under two budgets, before any adjustment, in whole pence.

    Each side adds to its own first step. A cell that is the same on both sides keeps its pence where that is possible.

    >>> rules = [BudgetRules(rounding="on_total", rates={"all": {"primary": rate, "community": "£600"}})
    ...          for rate in ("£1,200", "£1,300")]
    >>> opening_pence(*(build_budget(each, People(4, {"all": {4: 2, 2: 1}})) for each in rules))
    {('all', 'primary'): (300000, 325000), ('all', 'community'): (150000, 150000)}
    """
    exact = [
        {
            (cell.segment, cell.setting): cell.person_years * cell.annual_rate_pence
            for cell in budget.cells
            if cell.segment != TRANSFERS
        }
        for budget in (old, new)
    ]
    keys = list(dict.fromkeys((*exact[1], *exact[0])))
    before, after = ([side.get(key, Fraction(0)) for key in keys] for side in exact)
    totals = [budget.steps[0].pence if budget.steps else 0 for budget in (old, new)]
    changed = [place for place in range(len(keys)) if before[place] != after[place]]
    if sum(before[place] for place in changed):
        now = _whole_parts(totals[1], after)
        was = _with_others_kept(now, totals[0], before, changed)
    else:
        was = _whole_parts(totals[0], before)
        taken_up = any(after[place] for place in changed)
        now = _with_others_kept(was, totals[1], after, changed) if taken_up else _whole_parts(totals[1], after)
    return dict(zip(keys, zip(was, now, strict=True), strict=True))


def _with_others_kept(kept: Sequence[int], total: int, exact: Sequence[Fraction], changed: Sequence[int]) -> list[int]:
    """Whole pence that add to a total: those kept, but for the changed ones, which take up what is left."""
    parts = list(kept)
    left = total - sum(pence for place, pence in enumerate(kept) if place not in changed)
    for place, pence in zip(changed, _whole_parts(left, [exact[place] for place in changed]), strict=True):
        parts[place] = pence
    return parts


def _segment_total_per_person(rules: BudgetRules, people: People, segment: str, host: str) -> int:
    year_pence = sum(rules.rates[segment].values()) * rules.factor(segment, host)
    counted = people.people_by_segment_and_units.get(segment, {})
    return sum(
        round_half_away(year_pence * Fraction(units, people.units_per_year)) * heads for units, heads in counted.items()
    )


def _cells(
    rules: BudgetRules, people: People, exact: Mapping[tuple[str, str], Fraction], transferred: Fraction, total: int
) -> tuple[BudgetCell, ...]:
    """Whole pence by segment and setting that add to the total; what transfers brought has a cell of its own."""
    rounded = round_half_away(transferred)
    cells = tuple(
        BudgetCell(segment, setting, people.person_years(segment), rules.rates[segment][setting], pence)
        for (segment, setting), pence in zip(exact, _whole_parts(total - rounded, list(exact.values())), strict=True)
    )
    if any(adjustment.kind == "transfer" for adjustment in rules.adjustments):
        cells += (BudgetCell(TRANSFERS, "", Fraction(0), 0, rounded),)
    return cells


def _whole_parts(total_pence: int, exact: Sequence[Fraction]) -> list[int]:
    """Whole pence near the exact parts that add to a total which may have been rounded person by person."""
    exact_total = sum(exact, Fraction(0))
    if exact_total == 0:
        return [0 for _ in exact]
    return apportion_pence(total_pence, [part * total_pence / exact_total for part in exact])


def _running(
    rules: BudgetRules, opening: Mapping[tuple[str, str], Fraction], transferred: Sequence[Fraction], host: str
) -> list[Fraction]:
    """The exact budget from the opening rates, then after each adjustment."""
    so_far = dict(opening)
    running = [sum(so_far.values(), Fraction(0))]
    for adjustment, moved in zip(rules.adjustments, transferred[1:], strict=True):
        so_far = {key: amount * adjustment.factor(key[0], host) for key, amount in so_far.items()}
        running.append(sum(so_far.values(), moved))
    return running


def _steps(
    rules: BudgetRules,
    running: Sequence[Fraction],
    total_pence: int,
    people: People,
    host: str,
    year: FinancialYear | None,
) -> tuple[BudgetStep, ...]:
    """The opening rates and each adjustment, cut at whole pence of the running total so that they add exactly."""
    marks = [round_half_away(amount) for amount in running[:-1]] + [total_pence]
    years = format_decimal(people.all_person_years(), 4)
    counted = f"{years} person-years × the annual rate of each segment and setting"
    steps = [BudgetStep("rates", "Annual rates", rules.clause or "", marks[0], counted)]
    for adjustment, before, after in zip(rules.adjustments, marks, marks[1:], strict=False):
        formula = f"{format_pounds(before)} so far, {adjustment.in_words(host, year)}"
        steps.append(BudgetStep(adjustment.id, adjustment.heading(), adjustment.clause or "", after - before, formula))
    return tuple(steps)
