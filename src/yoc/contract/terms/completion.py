"""`completion`: an estimate for months whose activity is not yet all recorded, shown apart from recorded cost.

In the latest month 85% of emergency care is recorded when the year is settled; £850 recorded is £1,000 complete:

>>> import datetime as dt
>>> from yoc.contract.terms.base import example
>>> term = Parameters(id="immature", kind="completion", factors={"emergency": {"0": "85%"}})
>>> state = example(cost_by_month_pence={("emergency", 12): Fraction(85000), ("emergency", 11): Fraction(90000)},
...                 as_of=dt.date(2027, 4, 23))
>>> int(apply(term, state).amounts["immature"])
15000

Factors can come from a triangle of past years: what was recorded by each age in months, one row a month of activity.

>>> development_factors([[100, 150, 165], [110, 169], [90]])
{0: Fraction(2100, 3509), 1: Fraction(10, 11)}
"""

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

from pydantic import Field, model_validator

from yoc.contract.position import Detail
from yoc.contract.scope import SETTING_NAMES, Setting
from yoc.contract.terms.base import State, TermError, TermParameters, TermResult, line_of, paid_between
from yoc.contract.values import SumValue
from yoc.contract.wording import Namer, listed, worded
from yoc.core.fields import Count, Number, Share
from yoc.core.money import format_exact_pence
from yoc.core.periods import MONTH_NAMES
from yoc.core.rates import format_decimal, format_percent


class Parameters(TermParameters):
    """By setting: the share of a month's cost that is recorded at each age in months, a triangle, or an accrual.

    A month's age is the number of whole months from its end to the day on which the cost was recorded. Ages that are
    not given are complete.
    """

    kind: Literal["completion"]
    factors: dict[Setting, dict[Count, Share]] = Field(default_factory=dict)
    """By setting: the share of a month's cost that is recorded at each age in months."""
    triangles: dict[Setting, tuple[tuple[Number, ...], ...]] = Field(default_factory=dict)
    """By setting: what was recorded in past months by each age, one row a month."""
    accruals: dict[Setting, SumValue] = Field(default_factory=dict)
    """By setting: a sum that is added as it stands."""

    @model_validator(mode="after")
    def _one_way_a_setting(self) -> "Parameters":
        ways = [setting for group in (self.factors, self.triangles, self.accruals) for setting in group]
        if not ways:
            raise ValueError("say how at least one setting is completed: factors, triangles or accruals")
        for setting in ways:
            if ways.count(setting) > 1:
                raise ValueError(f"{setting} is completed in two ways: keep one")
        for setting, by_age in self.factors.items():
            if any(part == 0 for part in by_age.values()):
                raise ValueError(f"{setting}: a factor of 0% would make a month's cost without end")
        for setting, triangle in self.triangles.items():
            if problem := _bad_triangle(triangle):
                raise ValueError(f"{setting}: {problem}")
        return self

    def recorded_shares(self) -> dict[str, dict[int, Fraction]]:
        """The share recorded by setting and age, from the factors and the triangles."""
        shares: dict[str, dict[int, Fraction]] = {setting: dict(by_age) for setting, by_age in self.factors.items()}
        for setting, triangle in self.triangles.items():
            shares[setting] = development_factors(triangle)
        return shares


def _bad_triangle(triangle: Sequence[Sequence[Fraction]]) -> str:
    if len(triangle) < 2 or [len(row) for row in triangle] != list(range(len(triangle), 0, -1)):
        return "a triangle has one row a month, each one shorter than the row before it"
    if any(number <= 0 for row in triangle for number in row):
        return "a triangle holds what was recorded so far, above zero"
    return ""


def development_factors(triangle: Sequence[Sequence[int | Fraction]]) -> dict[int, Fraction]:
    """The share recorded at each age, from cumulative amounts: volume-weighted link ratios (chain ladder).

    The row of the triangle is a month of activity, the column its age. An age beyond the triangle is complete.
    """
    ages = len(triangle[0])
    recorded, shares = Fraction(1), {}
    for age in range(ages - 2, -1, -1):
        rows = [row for row in triangle if len(row) > age + 1]
        recorded *= Fraction(sum(row[age] for row in rows)) / Fraction(sum(row[age + 1] for row in rows))
        shares[age] = recorded
    return dict(sorted(shares.items()))


def months_old(year_start: dt.date, month: int, as_of: dt.date) -> int:
    """The whole months from the end of a month of the year (1 is April) to a day.

    >>> [months_old(dt.date(2026, 4, 1), month, dt.date(2027, 4, 23)) for month in (12, 1)]
    [0, 11]
    """
    return (as_of.year - year_start.year) * 12 + as_of.month - year_start.month - month


def apply(parameters: Parameters, state: State) -> TermResult:
    """The estimated cost that is not yet recorded, borne like the rest of the cost."""
    position, details = state.position, []
    shares = parameters.recorded_shares()
    for (setting, month), recorded in sorted(position.cost_by_month_pence.items()):
        if setting not in shares:
            continue
        if position.as_of is None:
            raise TermError(f"term `{parameters.id}`: the day on which the cost was recorded is not known")
        age = months_old(position.year.first_day, month, position.as_of)
        if age < 0:
            raise TermError(f"term `{parameters.id}`: {MONTH_NAMES[month - 1]} had not ended on {position.as_of}")
        part = shares[setting].get(age, Fraction(1))
        if part != 1 and recorded:
            words = f"{format_exact_pence(recorded)} recorded at {age} months, {format_percent(part)} of the whole"
            label = f"{SETTING_NAMES[setting]}, {MONTH_NAMES[month - 1]}"
            details.append(Detail(label, recorded / part - recorded, words))
    for setting, value in parameters.accruals.items():
        details.append(Detail(f"{SETTING_NAMES[setting]}, accrued", value.of(state), "an accrual"))
    total = sum((detail.amount for detail in details), Fraction(0))
    between = paid_between(position.host, state.commissioner, total)
    shown = tuple(details) if between["amount"] == total else ()
    formula = "estimated cost of months that are not yet all recorded"
    line = line_of(parameters, "Completion (estimate)", formula=formula, details=shown, **between)
    return TermResult((line,), {parameters.id: total})


def in_words(parameters: Parameters, last: str, namer: Namer) -> str:  # noqa: ARG001 - every kind has this form
    """The term as one sentence."""
    said = []
    for setting, by_age in parameters.recorded_shares().items():
        ages = listed(f"{_rounded_percent(part)} {_age_in_words(age)}" for age, part in by_age.items())
        said.append(f"{SETTING_NAMES[setting].lower()} care counts as recorded to {ages}")
    said += [
        f"for {SETTING_NAMES[setting].lower()} care {worded(value, namer)} is added"
        for setting, value in parameters.accruals.items()
    ]
    return f"Cost that is not yet recorded is estimated, and the host bears it too: {'; '.join(said)}."


def _age_in_words(months: int) -> str:
    if months == 0:
        return "in the month after its end"
    return f"after {months} month{'s' if months != 1 else ''}"


def _rounded_percent(share: Fraction) -> str:
    text = format_percent(share)
    return text if text.endswith("%") else f"about {format_decimal(share * 100, 2)}%"
