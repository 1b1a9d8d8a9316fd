"""What a plan says of its method: outliers, trend, and how far a small segment is moved towards the whole."""

from fractions import Fraction
from typing import Any

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from yoc.core.fields import AboveZero, Model, Name, Pence, Rate, Share, Year, YesNo
from yoc.core.money import format_pounds
from yoc.core.periods import FinancialYear
from yoc.core.rates import format_decimal, format_percent


def _fault(problem: str) -> PydanticCustomError:
    return PydanticCustomError("FIELD-VALUE", "{problem}", {"problem": problem})


class Outliers(Model):
    """Where a person's yearly cost is cut, and what becomes of the part above.

    It is cut at a sum, or at the cost of the person who stands at a percentile of all who counted (nearest rank),
    taken up to whole £100 so that it is nobody's own. ``left_out`` is the share of the part above that the rates do not
    hold, because somebody else bears it; the rest is pooled: spread evenly over all person-years of its setting.
    """

    over_sum: Pence | None = None
    """A person's cost in a year above which it is cut."""
    over_percentile: Share | None = None
    """In place of a sum: the part of people whose cost is not cut, as 99%."""
    pro_rata: YesNo = False
    """Whether the sum goes down with the part of the year for which the person counted."""
    left_out: Share
    """The share of what lies above that the rates do not hold; 0% pools all of it, 100% leaves all of it out."""

    @model_validator(mode="after")
    def _one_of_two(self) -> "Outliers":
        if (self.over_sum is None) == (self.over_percentile is None):
            raise _fault("outliers are cut at a sum or at a percentile: give one of `over_sum` and `over_percentile`")
        if self.over_percentile in (0, 1):
            raise _fault("a percentile lies between 0% and 100%: write one inside, as 99%")
        return self

    def in_words(self) -> str:
        """Where the cut is and what becomes of the part above, as a sentence."""
        if self.over_sum is not None:
            where = f"{format_pounds(self.over_sum)} a person and year"
        else:
            percentile = format_percent(self.over_percentile or Fraction(0))
            where = f"the cost at {percentile} of people by nearest rank, taken up to whole £100"
        rata = ", pro rata to the part of the year for which the person counted" if self.pro_rata else ""
        kept = format_percent(1 - self.left_out)
        return (
            f"A person's cost above {where}{rata} is taken out of their lines in proportion. {kept} of it is pooled "
            f"over all person-years of its setting and year; {format_percent(self.left_out)} is left out of the rates."
        )


class Trend(Model):
    """From the level of a baseline year to that of the year of the rates: stated rates a year, or an index.

    >>> trend = Trend(rates={"2025/26": "3%", "2026/27": {"primary": "2%", "emergency": "4%"}})
    >>> trend.factor(FinancialYear(2024), FinancialYear(2026), "emergency")
    Fraction(1339, 1250)
    >>> deflator = Trend(index={"2024/25": "100", "2025/26": "103.2388", "2026/27": "105.3095"})
    >>> deflator.factor(FinancialYear(2024), FinancialYear(2026), "primary")
    Fraction(210619, 200000)
    """

    rates: dict[Year, Rate | dict[Name, Rate]] | None = None
    """By year: the change from the year before into it, for all settings or by setting."""
    index: dict[Year, AboveZero] | None = None
    """By year: an index, such as a deflator."""

    @model_validator(mode="after")
    def _one_of_two(self) -> "Trend":
        if (self.rates is None) == (self.index is None):
            raise _fault("a trend goes by rates or by an index: give one of `rates` and `index`")
        return self

    def missing(self, years: tuple[FinancialYear, ...], target: FinancialYear, settings: tuple[str, ...]) -> list[str]:
        """What the trend does not say and would have to, in words."""
        if self.index is not None:
            return [f"the index of {year}" for year in sorted({*years, target} - set(self.index))]
        wanted = [FinancialYear(start + 1) for start in range(min(years).start_year, target.start_year)]
        lacking = [f"the rate into {year}" for year in wanted if year not in (self.rates or {})]
        for year in wanted:
            given: Any = (self.rates or {}).get(year)
            if isinstance(given, dict):
                lacking += [f"the rate of {setting} into {year}" for setting in settings if setting not in given]
        return lacking

    def factor(self, year: FinancialYear, target: FinancialYear, setting: str) -> Fraction:
        """What a rate of ``year`` is multiplied by to stand at the level of ``target``, exact."""
        if self.index is not None:
            return self.index[target] / self.index[year]
        product = Fraction(1)
        for start in range(year.start_year, target.start_year):
            given = (self.rates or {})[FinancialYear(start + 1)]
            product *= 1 + (given[setting] if isinstance(given, dict) else given)
        return product

    def in_words(self, year: FinancialYear, target: FinancialYear, setting: str) -> str:
        """The factor as it is worked out."""
        if self.index is not None:
            return f"{format_decimal(self.index[target])} ÷ {format_decimal(self.index[year])}"
        parts = []
        for start in range(year.start_year, target.start_year):
            given = (self.rates or {})[FinancialYear(start + 1)]
            rate = given[setting] if isinstance(given, dict) else given
            parts.append(f"(1 + {format_percent(rate)})")
        return " × ".join(parts) or "1"


class Shrinkage(Model):
    """How far a segment's own rate is believed, by its person-years n; the rest comes from the rate of the whole.

    ``half_at: k`` believes it to n ÷ (n + k); ``full_at: N`` to n ÷ N, and wholly from N on.

    >>> Shrinkage(half_at="300", keep_total="no").credibility(Fraction(100))
    Fraction(1, 4)
    >>> Shrinkage(full_at="400", keep_total="no").credibility(Fraction(100))
    Fraction(1, 4)
    """

    half_at: AboveZero | None = None
    """The person-years at which a segment's own rate counts for half."""
    full_at: AboveZero | None = None
    """In place of that: the person-years from which it counts wholly."""
    keep_total: YesNo
    """Whether all rates of a setting are then multiplied by one factor so that the money of the setting stays."""

    @model_validator(mode="after")
    def _one_of_two(self) -> "Shrinkage":
        if (self.half_at is None) == (self.full_at is None):
            raise _fault("shrinkage needs one size: give one of `half_at` and `full_at`")
        return self

    def credibility(self, person_years: Fraction) -> Fraction:
        """The weight of the segment's own rate, from 0 to 1."""
        if self.half_at is not None:
            return person_years / (person_years + self.half_at)
        return min(Fraction(1), person_years / (self.full_at or Fraction(1)))

    def in_words(self) -> str:
        """The rule as a sentence."""
        if self.half_at is not None:
            rule = f"n ÷ (n + {format_decimal(self.half_at)})"
        else:
            rule = f"n ÷ {format_decimal(self.full_at or Fraction(0))}, and 1 from there on"
        kept = (
            " All rates of a setting are then multiplied by one factor, so that its money stays what it was."
            if self.keep_total
            else " The money of a setting may change by it."
        )
        return (
            "Each segment's rate becomes Z × its own rate + (1 - Z) × the rate of all segments together, where n is "
            f"its person-years in all baseline years and Z is {rule}.{kept}"
        )
