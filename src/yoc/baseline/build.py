"""From baseline years to annual rates: cost and person-years, outliers, trend, weights, shrinkage, whole pence.

Everything is exact until the last step, which rounds each annual rate to the penny and says what that moves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from yoc.baseline import told
from yoc.baseline.rules import Outliers, Shrinkage, Trend
from yoc.baseline.steps import Step
from yoc.core.money import round_half_away
from yoc.core.periods import FinancialYear

Key = tuple[str, str]
"""A segment and a setting."""


@dataclass(frozen=True)
class SegmentYear:
    """What one segment counted and cost in one baseline year, in exact pence by setting.

    ``cost`` is before anything is taken out, ``over`` the part of it that lies above the threshold of a person.
    """

    segment: str
    person_years: Fraction
    cost: Mapping[str, Fraction]
    over: Mapping[str, Fraction] = field(default_factory=dict)


@dataclass(frozen=True)
class YearOfCost:
    """One baseline year: its weight, its segments, and who lay over the threshold, where lines were cut.

    ``people_over`` is not known where a table gave the costs.
    """

    year: FinancialYear
    weight: Fraction
    segments: tuple[SegmentYear, ...]
    threshold_pence: int | None = None
    people_over: int | None = None

    def person_years(self) -> Fraction:
        """Person-years of all segments."""
        return sum((part.person_years for part in self.segments), Fraction(0))


@dataclass(frozen=True)
class Built:
    """Annual rates in whole pence by segment and setting, how they came about, and the people they are weighed by.

    ``exact_pence`` are the rates before the last rounding; ``person_years`` the weighted person-years of each segment.
    """

    rates_pence: Mapping[Key, int]
    exact_pence: Mapping[Key, Fraction]
    person_years: Mapping[str, Fraction]
    steps: tuple[Step, ...]


def build_from_years(
    years: Sequence[YearOfCost],
    target: FinancialYear,
    outliers: Outliers | None = None,
    trend: Trend | None = None,
    shrinkage: Shrinkage | None = None,
) -> Built:
    """The rates of ``target``. The weights add to 1, every segment counts in every year, and the trend says enough.

    A hundred person-years that cost £50,000, three quarters of it weighted, and fifty that cost £20,000:

    >>> def year_of(start, weight, person_years, pence):
    ...     part = SegmentYear("all", Fraction(person_years), {"emergency": Fraction(pence)})
    ...     return YearOfCost(FinancialYear(start), Fraction(weight), (part,))
    >>> years = [year_of(2025, "3/4", 100, 5_000_000), year_of(2024, "1/4", 50, 2_000_000)]
    >>> flat = Trend(rates={"2025/26": "0%"})
    >>> build_from_years(years, FinancialYear(2025), trend=flat).rates_pence  # 3/4 of £500 and 1/4 of £400
    {('all', 'emergency'): 47500}
    """
    segments = tuple(part.segment for part in years[0].segments)
    settings = tuple(dict.fromkeys(name for year in years for part in year.segments for name in part.cost))
    steps = [told.people_and_cost(years, settings, hidden=outliers is not None)]
    by_year = [_own_rates(year, settings, outliers) for year in years]
    if outliers is not None:
        steps.append(told.outliers(years, settings, outliers))
    if trend is not None:
        factors = [{setting: trend.factor(year.year, target, setting) for setting in settings} for year in years]
        steps.append(told.trend(years, settings, trend, target, by_year))
        by_year = [
            {key: rate * factor[key[1]] for key, rate in rates.items()}
            for rates, factor in zip(by_year, factors, strict=True)
        ]
    rates = {
        key: sum((year.weight * own[key] for year, own in zip(years, by_year, strict=True)), Fraction(0))
        for key in by_year[0]
    }
    reference = {
        segment: sum((year.weight * _of(year, segment).person_years for year in years), Fraction(0))
        for segment in segments
    }
    steps.append(told.weights(years, by_year, rates, reference))
    if shrinkage is not None:
        observed = {
            segment: sum((_of(year, segment).person_years for year in years), Fraction(0)) for segment in segments
        }
        before, rates = rates, shrunk(rates, reference, observed, shrinkage)
        steps.append(told.shrinkage(before, rates, reference, observed, shrinkage))
    whole = {key: round_half_away(rate) for key, rate in rates.items()}
    steps.append(told.rounding(rates, whole, reference))
    return Built(whole, rates, reference, tuple(steps))


def _of(year: YearOfCost, segment: str) -> SegmentYear:
    return next(part for part in year.segments if part.segment == segment)


def _own_rates(year: YearOfCost, settings: Sequence[str], outliers: Outliers | None) -> dict[Key, Fraction]:
    """Cost of a person-year by segment and setting, what is over spread evenly where it is pooled."""
    everybody = year.person_years()
    pooled = dict.fromkeys(settings, Fraction(0))
    if outliers is not None:
        for setting in settings:
            over = sum((part.over.get(setting, Fraction(0)) for part in year.segments), Fraction(0))
            pooled[setting] = over * (1 - outliers.left_out) / everybody
    rates = {}
    for part in year.segments:
        for setting in settings:
            over = part.over.get(setting, Fraction(0)) if outliers is not None else Fraction(0)
            kept = part.cost.get(setting, Fraction(0)) - over
            rates[part.segment, setting] = kept / part.person_years + pooled[setting]
    return rates


def whole_rates(rates: Mapping[Key, Fraction], person_years: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """The rate of all segments together in each setting: the mean of their rates, weighed by person-years.

    >>> rates = {("a", "emergency"): Fraction(100), ("b", "emergency"): Fraction(400)}
    >>> whole_rates(rates, {"a": Fraction(2), "b": Fraction(1)})
    {'emergency': Fraction(200, 1)}
    """
    everybody = sum(person_years.values(), Fraction(0))
    sums: dict[str, Fraction] = {}
    for (segment, setting), rate in rates.items():
        sums[setting] = sums.get(setting, Fraction(0)) + rate * person_years[segment]
    return {setting: money / everybody for setting, money in sums.items()}


def shrunk(
    rates: Mapping[Key, Fraction],
    person_years: Mapping[str, Fraction],
    observed: Mapping[str, Fraction],
    rules: Shrinkage,
) -> dict[Key, Fraction]:
    """Each rate moved towards that of the whole; with ``keep_total`` the money of each setting stays exactly.

    ``person_years`` weigh the segments in the whole; ``observed`` are those of all baseline years, by which each is
    believed.

    >>> rates = {("big", "x"): Fraction(100), ("small", "x"): Fraction(400)}
    >>> size = {"big": Fraction(900), "small": Fraction(100)}
    >>> moved = shrunk(rates, size, size, Shrinkage(full_at="900", keep_total="no"))
    >>> moved["big", "x"], moved["small", "x"]  # 1/9 of £4 and 8/9 of £1.30
    (Fraction(100, 1), Fraction(160, 1))
    """
    whole = whole_rates(rates, person_years)
    moved = {}
    for (segment, setting), rate in rates.items():
        believed = rules.credibility(observed[segment])
        moved[segment, setting] = believed * rate + (1 - believed) * whole[setting]
    if not rules.keep_total:
        return moved
    after = whole_rates(moved, person_years)
    return {
        (segment, setting): rate * whole[setting] / after[setting] if after[setting] else rate
        for (segment, setting), rate in moved.items()
    }
