"""`budget.yaml`: how annual rates are to be built, from what, for which year; and what does not fit in it."""

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field

from yoc.baseline import Outliers, Shrinkage, Trend
from yoc.contract.budget import AnnualRates
from yoc.core.fields import AboveZero, Day, Model, Name, Pence, Share, Text, Year, YesNo
from yoc.core.findings import Finding
from yoc.core.located import Document
from yoc.core.rates import format_percent
from yoc.workflow.plan import ActivityInputs, Inputs, PriceBooks


class YearInputs(Model):
    """The files of one baseline year, named from the workspace's folder, as those of a plan."""

    registrations: Text
    persons: Text
    conditions: Text
    practices: Text
    neighbourhoods: Text
    activity: ActivityInputs
    attribution_list: Text | None = None

    def as_inputs(self) -> Inputs:
        """The same files as the inputs of a run."""
        return Inputs.model_construct(**dict(self))


class BaselineYear(Model):
    """One baseline year: its weight, and its price books and files where lines are read."""

    year: Year
    weight: Share
    prices: PriceBooks | None = None
    inputs: YearInputs | None = None


class AcceptedGap(Model):
    """A provider that has no line in some month, and why the year is complete all the same."""

    provider: Name
    reason: Text


class BaselineYears(Model):
    """Rates from what one to three years cost a person-year.

    Either `contract` says who counts and what is charged and each year names its files, or `cells` is a table of
    yearly totals.
    """

    kind: Literal["baseline_years"]
    contract: Text | None = None
    cells: Text | None = None
    years: Annotated[tuple[BaselineYear, ...], Field(min_length=1, max_length=3)]
    outliers: Outliers | None = None
    trend: Trend | None = None
    shrinkage: Shrinkage | None = None
    given: AnnualRates = Field(default_factory=dict)
    """Rates of settings whose cost no line shows, as they are agreed, at the level of the year of the rates."""
    accept_gaps: tuple[AcceptedGap, ...] = ()

    def given_settings(self) -> tuple[str, ...]:
        """The settings whose rates are given."""
        return tuple(dict.fromkeys(setting for rates in self.given.values() for setting in rates))


class RatesTable(Model):
    """Rates as a table has them."""

    kind: Literal["table"]
    table: Text
    sheet: Text | None = None


class SharedSum(Model):
    """A sum of the whole, shared out by a component's weights, and the rate that it becomes."""

    component: Name
    sum: Pence
    segment: Name
    setting: Name


class Whole(Model):
    """The whole that a place is part of: its registered people, and its weighted people by component."""

    registered: AboveZero
    weighted: Annotated[dict[Name, AboveZero], Field(min_length=1)]


class WeightedPopulations(Model):
    """Rates a head of a place, from its part of a whole's weighted people."""

    kind: Literal["weighted_populations"]
    populations: Text
    practices: tuple[Name, ...] = ()
    """The practices of the place; all that the table holds unless said."""
    whole: Whole
    shares: Annotated[tuple[SharedSum, ...], Field(min_length=1)]


class BudgetPlan(Model):
    """`budget.yaml`: which rates, of which year, as of when, by which method."""

    budget: Name
    title: Text
    synthetic: YesNo = False
    year: Year
    """The financial year at whose level the rates stand."""
    as_of: Day
    prepared_by: Text
    compare_with: Text | None = None
    """A contract whose rates are set beside those that are built."""
    method: Annotated[BaselineYears | RatesTable | WeightedPopulations, Field(discriminator="kind")]


def misfits(document: Document, plan: BudgetPlan) -> Iterator[Finding]:
    """Everything in a plan that cannot be, each at its place."""
    if isinstance(plan.method, BaselineYears):
        yield from _misfits_of_years(document, plan, plan.method)
    if isinstance(plan.method, WeightedPopulations):
        known = plan.method.whole.weighted
        keys = [(shared.segment, shared.setting) for shared in plan.method.shares]
        for place, shared in enumerate(plan.method.shares):
            where = ("method", "shares", place)
            if shared.component not in known:
                message = f"`{shared.component}` is no component of the whole"
                mend = f"the components are {', '.join(known)}"
                yield document.finding("TERM-REFERENCE", message, (*where, "component"), mend)
            if keys.index(keys[place]) != place:
                message = f"two sums become the rate of {shared.segment} in {shared.setting}"
                yield document.finding("FIELD-VALUE", message, where, "give them one sum, or two settings")


def _misfits_of_years(document: Document, plan: BudgetPlan, method: BaselineYears) -> Iterator[Finding]:
    at = ("method",)
    if (method.contract is None) == (method.cells is None):
        message = "baseline years come from lines under a contract, or from a table of yearly totals"
        yield document.finding("FIELD-VALUE", message, at, "give one of `contract:` and `cells:`")
    yield from _misfits_of_each_year(document, plan, method)
    total = sum((year.weight for year in method.years), Fraction(0))
    if total != 1:
        message = f"the weights of the baseline years add to {format_percent(total)}, not to 100%"
        yield document.finding("FIELD-VALUE", message, (*at, "years"), "correct the weights")
    years = tuple(year.year for year in method.years)
    if method.trend is None and any(year != plan.year for year in years):
        message = f"the baseline years are not {plan.year}, and no trend takes them there"
        mend = "add `trend:`, with 0% where nothing changes"
        yield document.finding("FIELD-MISSING", message, at, mend)
    if method.trend is not None:
        for lacking in method.trend.missing(years, plan.year, ()):
            message = f"the trend does not give {lacking}"
            yield document.finding("FIELD-MISSING", message, (*at, "trend"), "add it, with 0% where nothing changes")
    if method.cells is not None and method.outliers is not None and method.outliers.over_percentile is not None:
        message = "a table of yearly totals shows no person, so no percentile of people can be found in it"
        mend = "say the sum at which the table's `over_threshold` was cut, as `over_sum:`"
        yield document.finding("FIELD-VALUE", message, (*at, "outliers", "over_percentile"), mend)
    if method.outliers is not None and method.outliers.pro_rata and method.outliers.over_percentile is not None:
        message = "a percentile is of what people cost in the year as it was, and has no part of a year"
        mend = "take `pro_rata` out, or cut at `over_sum`"
        yield document.finding("FIELD-VALUE", message, (*at, "outliers", "pro_rata"), mend)


def _misfits_of_each_year(document: Document, plan: BudgetPlan, method: BaselineYears) -> Iterator[Finding]:
    seen = set()
    for place, year in enumerate(method.years):
        where = ("method", "years", place)
        if year.year in seen:
            yield document.finding(
                "FIELD-VALUE", f"{year.year} is given twice", (*where, "year"), "keep one of the two"
            )
        seen.add(year.year)
        if year.year > plan.year:
            message = f"{year.year} is later than {plan.year}, the year of the rates"
            yield document.finding("PLAN-MISMATCH", message, (*where, "year"), "take it out")
        if isinstance(plan.as_of, dt.date) and plan.as_of < year.year.last_day:
            message = f"as of {plan.as_of} the year {year.year} has not ended: a baseline of part of a year is none"
            mend = "use a year that is over"
            yield document.finding("BASELINE-INCOMPLETE", message, (*where, "year"), mend)
        if method.contract is not None:
            for name in ("prices", "inputs"):
                if getattr(year, name) is None:
                    message = f"{year.year} names no `{name}`, and its lines cannot be read without"
                    yield document.finding("FIELD-MISSING", message, where, f"add `{name}:`")
        elif year.prices is not None or year.inputs is not None:
            message = f"{year.year} names files, and the cost comes from a table of yearly totals"
            yield document.finding("FIELD-VALUE", message, where, "take `prices` and `inputs` out")
