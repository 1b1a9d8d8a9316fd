"""What is decided of a line from a few of its texts, once for each distinct set of them: its month, and its codes."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath

from yoc.core.identifiers import masked
from yoc.intake.profile import AS_IT_IS, OTHERWISE, UNMAPPED, Profile
from yoc.intake.profile_fields import KIND_FIELDS, PERIOD_RULES
from yoc.intake.texts import (
    find_point_of_delivery,
    first_day,
    period_in_name,
    period_of_day,
    read_costing_period,
    read_day,
    read_period,
    year_in_name,
)

MONTHS_BEFORE = 3
"""How many months before the month that is stated for it a line's day may lie, as of work that is recorded late."""


@dataclass(frozen=True)
class NamePeriod:
    """What a file's name tells of its rows' month: all of it, or the year alone."""

    period: int | None = None
    start_year: int | None = None

    @classmethod
    def of(cls, file_name: str, profile: Profile) -> "NamePeriod":
        """What the name tells, where the profile looks at it."""
        if "file_name" not in profile.period:
            return cls()
        name = PurePath(file_name).name
        return cls(period_in_name(name), year_in_name(name))


@dataclass(frozen=True)
class Time:
    """A line's day and period, the rule that gave the period, and what is wrong with the one or the other."""

    day: int | None
    period: int | None
    rule: str
    period_fault: str = ""
    date_fault: str = ""


def decide_time(profile: Profile, name: NamePeriod, year: str, month: str, costing: str, date: str) -> Time:
    """The day and period of lines with these texts, by the profile's rules in their order.

    A line with no date takes the first day of its period, as a line of money alone may.
    """
    day = read_day(date, month_first=profile.dates == "month_first")
    date_fault = "activity date is not a date" if day is None and date.strip() else ""
    for rule in profile.period:
        period, said, fault = _by_rule(rule, name, year, month, costing, day)
        if fault:
            return Time(day, None, PERIOD_RULES[rule], fault, date_fault)
        if period is not None:
            placed = first_day(period) if day is None and not date_fault else day
            return Time(placed, period, said, "", date_fault)
    return Time(day, None, "", "", date_fault or ("activity date is blank" if day is None else "month is not told"))


def days_apart(day: int | None, period: int | None) -> int:
    """Where a line's day lies: 1 after the month that is stated for it, 2 long before that month, else 0.

    >>> june = 2026 * 12 + 3
    >>> [days_apart(read_day(text), june) for text in ("2026-06-30", "2026-07-01", "2026-03-01", "2026-02-28")]
    [0, 1, 0, 2]
    """
    if day is None or period is None:
        return 0
    if day >= first_day(period + 1):
        return 1
    return 2 if day < first_day(period - MONTHS_BEFORE) else 0


def _by_rule(
    rule: str, name: NamePeriod, year: str, month: str, costing: str, day: int | None
) -> tuple[int | None, str, str]:
    """A period by one rule, how the account calls the rule, and what is wrong with its texts."""
    said = PERIOD_RULES[rule]
    if rule == "file_name":
        return name.period, said, ""
    if rule == "activity_date":
        return (None if day is None else period_of_day(day)), said, ""
    if rule == "costing_period":
        period = read_costing_period(costing)
        fault = "costing period is not a month like M01 - Apr 2016" if period is None and costing.strip() else ""
        return period, said, fault
    if month.strip() and not year.strip() and name.start_year is not None:
        period, fault = read_period(f"{name.start_year}-{(name.start_year + 1) % 100:02d}", month)
        return period, PERIOD_RULES["file_name"], fault
    period, fault = read_period(year, month)
    return period, said, fault


@dataclass(frozen=True)
class LineCodes:
    """A line's codes as rules see them, how its point of delivery was found, and why it does not count, if so."""

    codes: Mapping[str, str]
    delivery_rule: str
    not_counted: str
    fault: str


def decide_codes(profile: Profile, texts: Mapping[str, str]) -> LineCodes:
    """The codes of lines with these texts, one for each of ``KIND_FIELDS``, by the profile's maps and rules."""
    found = {field: by_map(profile, field, texts[field].strip().upper()) for field in KIND_FIELDS}
    codes = {field: code for field, (code, _) in found.items()}
    codes["point_of_delivery"], rule = _delivery(profile, codes, mapped=found["point_of_delivery"][1])
    keep = profile.keep
    counts = keep is None or codes[keep.field] in {value.upper() for value in keep.values}
    return LineCodes(codes, rule, "" if counts or keep is None else keep.reason, _provider_fault(codes["provider"]))


def _provider_fault(code: str) -> str:
    """Why lines with such a provider are rejected: a provider's code goes into statements, and a person's must not."""
    if not code:
        return "provider is blank"
    return "provider has the form of an NHS number" if masked(code) != code else ""


def by_map(profile: Profile, field: str, written: str) -> tuple[str, bool]:
    """A code by the profile's map of its field, and whether the map holds it."""
    values = {text.strip().upper(): code for text, code in profile.codes.get(field, {}).items()}
    otherwise = values.pop(OTHERWISE.upper(), AS_IT_IS)
    if written in values:
        return values[written], True
    return (written, False) if otherwise == AS_IT_IS or not written else (otherwise, True)


def _delivery(profile: Profile, codes: Mapping[str, str], *, mapped: bool) -> tuple[str, str]:
    code, rule = find_point_of_delivery(codes["point_of_delivery"])
    if "point_of_delivery" in profile.fixed:
        return code, "fixed" if code != UNMAPPED else "unmapped"
    if code != UNMAPPED:
        return code, "mapped" if mapped else rule
    for derived in profile.point_of_delivery or ():
        if derived.matches(dict(codes)):
            code, _ = find_point_of_delivery(derived.code)
            return code, "derived" if code != UNMAPPED else "unmapped"
    return UNMAPPED, "unmapped"
