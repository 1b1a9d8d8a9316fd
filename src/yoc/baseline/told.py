"""The steps of building rates from baseline years as a reader sees them: words and one table each."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from yoc.baseline.rules import Outliers, Shrinkage, Trend
from yoc.baseline.steps import (
    NOT_SHOWN,
    Cell,
    Column,
    Step,
    rate_in_pounds,
    to_the_penny,
    years_in_sentence,
    years_in_words,
)
from yoc.core.money import format_pounds
from yoc.core.periods import FinancialYear
from yoc.core.rates import format_decimal, format_percent

if TYPE_CHECKING:
    from yoc.baseline.build import Key, YearOfCost

FEWEST = 5
"""A figure about fewer people than this is not shown."""
_PLACE = (Column("Segment"), Column("Setting"))
_WHOLE = "all segments"


def _rate(name: str) -> Column:
    return Column(f"{name}, £ a person-year", "decimal")


def people_and_cost(years: Sequence["YearOfCost"], settings: Sequence[str], *, hidden: bool) -> Step:
    """Person-years and cost by year. Where outliers are cut the cost is shown of all segments together."""
    columns = (
        Column("Year"), Column("Segment"), Column("Person-years", "decimal"),
        *(Column(setting, "pounds") for setting in settings), Column("All settings", "pounds"),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for year in years:
        for part in year.segments:
            own = [part.cost.get(setting, Fraction(0)) for setting in settings]
            shown: list[Cell] = [to_the_penny(cost) for cost in (*own, sum(own, Fraction(0)))]
            cells = [NOT_SHOWN] * len(shown) if hidden else shown
            rows.append((str(year.year), part.segment, years_in_words(part.person_years), *cells))
        together = [sum((part.cost.get(name, Fraction(0)) for part in year.segments), Fraction(0)) for name in settings]
        total: list[Cell] = [to_the_penny(cost) for cost in (*together, sum(together, Fraction(0)))]
        if hidden and _few_over(year):
            total = [NOT_SHOWN] * len(total)
        rows.append(
            (str(year.year), _WHOLE, years_in_words(year.person_years()), *total)
        )  # fmt: skip
    words = (
        "Each segment's person-years and the cost of its care in each baseline year, as the contract counts and prices."
    )
    notes = ("Outliers are cut, so cost before that is shown for all segments together: a part of it may be about one "
             "person.",) if hidden else ()  # fmt: skip
    costs = ", ".join(f"{year.year} {years_in_sentence(year.person_years())} person-years" for year in years)
    return Step("people_and_cost", "People and cost", costs, (words,), columns, tuple(rows), notes)


def _few_over(year: "YearOfCost") -> bool:
    return year.people_over is None or year.people_over < FEWEST


def outliers(years: Sequence["YearOfCost"], settings: Sequence[str], rules: Outliers) -> Step:
    """What was cut, by year and setting; nothing finer, since it may be about one person."""
    columns = (
        Column("Year"), Column("Setting"), Column("Cut at", "pounds"), Column("People over", "text"),
        Column("Over", "pounds"), Column("Pooled", "pounds"), Column("Left out", "pounds"),
        _rate("Pooled"),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    out = Fraction(0)
    for year in years:
        people = "not known" if year.people_over is None else str(year.people_over)
        if year.people_over is not None and 0 < year.people_over < FEWEST:
            people = f"<{FEWEST}"
        for setting in settings:
            over = sum((part.over.get(setting, Fraction(0)) for part in year.segments), Fraction(0))
            left = over * rules.left_out
            out += left
            figures: tuple[Cell, ...] = (
                to_the_penny(over), to_the_penny(over - left), to_the_penny(left),
                rate_in_pounds((over - left) / year.person_years()),
            )  # fmt: skip
            if _few_over(year) and over:
                figures = (NOT_SHOWN,) * 4
            rows.append((str(year.year), setting, year.threshold_pence, people, *figures))
    few = any(_few_over(year) and any(part.over.get(s) for part in year.segments for s in settings) for year in years)
    said = "not shown" if few else format_pounds(to_the_penny(out))
    headline = f"left out of the rates: {said}" if rules.left_out else "all of it pooled"
    notes = (f"Sums of a year in which fewer than {FEWEST} people lie over the cut are not shown.",) if few else ()
    return Step("outliers", "Outliers", headline, (rules.in_words(),), columns, tuple(rows), notes)


def trend(
    years: Sequence["YearOfCost"],
    settings: Sequence[str],
    rules: Trend,
    target: FinancialYear,
    by_year: Sequence[Mapping["Key", Fraction]],
) -> Step:
    """The factor of each baseline year and setting, and each rate before and after it."""
    columns = (
        Column("Year"), *_PLACE, _rate("Rate of the year"), Column("Factor, worked out"), Column("Factor", "decimal"),
        _rate(f"At the level of {target}"),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    exact = {}
    for year, rates in zip(years, by_year, strict=True):
        for (segment, setting), rate in rates.items():
            factor = rules.factor(year.year, target, setting)
            exact[f"{year.year} {setting}"] = factor
            working = rules.in_words(year.year, target, setting)
            moved = rate_in_pounds(rate * factor)
            rows.append((str(year.year), segment, setting, rate_in_pounds(rate), working, _six(factor), moved))
    words = f"Each rate is multiplied by the factor that takes its year to the level of {target}."
    headline = "; ".join(
        f"{year.year} × " + _six_or_range([rules.factor(year.year, target, setting) for setting in settings])
        for year in years
    )
    return Step("trend", "Trend", headline, (words,), columns, tuple(rows), (), exact)


def _six(number: Fraction) -> str:
    return format_decimal(number, 6)


def _six_or_range(factors: Sequence[Fraction]) -> str:
    low, high = _six(min(factors)), _six(max(factors))
    return low if low == high else f"{low} to {high}"


def weights(
    years: Sequence["YearOfCost"],
    by_year: Sequence[Mapping["Key", Fraction]],
    rates: Mapping["Key", Fraction],
    person_years: Mapping[str, Fraction],
) -> Step:
    """The rates of the years side by side, and their weighted mean."""
    columns = (*_PLACE, *(_rate(f"{year.year}") for year in years), _rate("Weighted"))
    rows = tuple(
        (*key, *(rate_in_pounds(own[key]) for own in by_year), rate_in_pounds(rate)) for key, rate in rates.items()
    )
    said = " + ".join(f"{format_percent(year.weight)} of {year.year}" for year in years)
    people = ", ".join(f"{segment} {years_in_sentence(number)}" for segment, number in person_years.items())
    words = (f"Each rate is {said}.", f"Person-years weighed in the same way: {people}.")
    return Step("weights", "Weights", said, words, columns, rows)


def shrinkage(
    before: Mapping["Key", Fraction],
    after: Mapping["Key", Fraction],
    person_years: Mapping[str, Fraction],
    observed: Mapping[str, Fraction],
    rules: Shrinkage,
) -> Step:
    """Each segment's size, how far it is believed, its rate before and after, and what that does to the money."""
    columns = (
        *_PLACE, Column("Person-years n", "decimal"), Column("Z", "decimal"), _rate("Own rate"), _rate("All segments"),
        _rate("Shrunk"),
    )  # fmt: skip
    everybody = sum(person_years.values(), Fraction(0))
    money: dict[str, Fraction] = {}
    moved: dict[str, Fraction] = {}
    for (segment, setting), rate in before.items():
        money[setting] = money.get(setting, Fraction(0)) + rate * person_years[segment]
        moved[setting] = moved.get(setting, Fraction(0)) + after[segment, setting] * person_years[segment]
    rows = tuple(
        (
            segment, setting, years_in_words(observed[segment]), _six(rules.credibility(observed[segment])),
            rate_in_pounds(rate), rate_in_pounds(money[setting] / everybody), rate_in_pounds(after[segment, setting]),
        )
        for (segment, setting), rate in before.items()
    )  # fmt: skip
    change = sum(moved.values(), Fraction(0)) - sum(money.values(), Fraction(0))
    believed = {segment: rules.credibility(number) for segment, number in observed.items()}
    headline = ", ".join(f"{segment} Z {_six(z)}" for segment, z in believed.items())
    notes = (f"For the weighted person-years the money changes by {format_pounds(to_the_penny(change))}.",)
    return Step("shrinkage", "Shrinkage", headline, (rules.in_words(),), columns, rows, notes, believed)


def rounding(exact: Mapping["Key", Fraction], whole: Mapping["Key", int], person_years: Mapping[str, Fraction]) -> Step:
    """Each rate to the penny, and what that moves for the weighted person-years."""
    columns = (
        *_PLACE, _rate("Exact"), Column("Annual rate", "pounds"), Column("Person-years", "decimal"),
        Column("Moved by rounding, £", "decimal"),
    )  # fmt: skip
    moved = {key: (whole[key] - rate) * person_years[key[0]] for key, rate in exact.items()}
    rows = tuple(
        (*key, rate_in_pounds(rate), whole[key], years_in_words(person_years[key[0]]), rate_in_pounds(moved[key]))
        for key, rate in exact.items()
    )
    total = sum(moved.values(), Fraction(0))
    words = "Each annual rate is rounded to the penny, half away from zero. This is the only rounding of the method."
    said = f"£{rate_in_pounds(total)}".replace("£-", "-£")
    headline = f"moves {said} for the weighted person-years"
    notes = (f"In all, rounding moves {said} for the weighted person-years.",)
    return Step(
        "rounding", "Rounding", headline, (words,), columns, rows, notes, {"|".join(k): r for k, r in exact.items()}
    )
