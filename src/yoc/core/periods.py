"""Periods: financial years of the NHS (April to March), months numbered from April, days counted whole."""

import datetime as dt
import re
from dataclasses import dataclass

_YEAR_FORMS = (
    re.compile(r"^(?P<first>20[0-9][0-9])\s*[/-]\s*(?P<second>[0-9][0-9])$"),
    re.compile(r"^(?P<first>20[0-9][0-9])(?P<second>[0-9][0-9])$"),
    re.compile(r"^(?P<first>20[0-9][0-9])\s*[/-]\s*20(?P<second>[0-9][0-9])$"),
)


class PeriodError(ValueError):
    """Text that is not a period; its message says how to write one."""


@dataclass(frozen=True, order=True)
class FinancialYear:
    """One NHS financial year, 1 April to 31 March, named by the calendar year in which it starts.

    >>> year = FinancialYear.parse("2026/27")
    >>> str(year), year.slug, year.days, FinancialYear(2027).days
    ('2026/27', '2026-27', 365, 366)
    """

    start_year: int

    @classmethod
    def parse(cls, text: str) -> "FinancialYear":
        """Read ``2026/27``, ``2026-27``, ``202627`` or ``2026/2027``; the two years must follow each other."""
        for form in _YEAR_FORMS:
            if match := form.match(text.strip()):
                first, second = int(match["first"]), int(match["second"])
                if (first + 1) % 100 != second:
                    raise PeriodError(f"{text!r} names two years that do not follow each other: write it as 2026/27")
                return cls(first)
        raise PeriodError(f"{text!r} is not a financial year: write it as 2026/27")

    @property
    def first_day(self) -> dt.date:
        """1 April."""
        return dt.date(self.start_year, 4, 1)

    @property
    def last_day(self) -> dt.date:
        """31 March."""
        return dt.date(self.start_year + 1, 3, 31)

    @property
    def days(self) -> int:
        """365, or 366 where the year holds a 29 February."""
        return (self.last_day - self.first_day).days + 1

    @property
    def slug(self) -> str:
        """The year as folders are named: ``2026-27``."""
        return f"{self.start_year}-{(self.start_year + 1) % 100:02d}"

    def month_starts(self) -> tuple[dt.date, ...]:
        """The first days of its twelve months, April first."""
        return tuple(dt.date(self.start_year + (month + 2) // 12, (month + 2) % 12 + 1, 1) for month in range(1, 13))

    def quarter_starts(self) -> tuple[dt.date, ...]:
        """1 April, 1 July, 1 October, 1 January."""
        return self.month_starts()[::3]

    def number_since(self, first: "FinancialYear") -> int:
        """Which contract year this is, counted from 1 in ``first``."""
        return self.start_year - first.start_year + 1

    def __str__(self) -> str:
        return f"{self.start_year}/{(self.start_year + 1) % 100:02d}"


def parse_date(text: str) -> dt.date:
    """A date as contracts and plans write it: ``2026-04-01`` and nothing else.

    >>> parse_date("2026-04-01")
    datetime.date(2026, 4, 1)
    """
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text.strip()):
        try:
            return dt.date.fromisoformat(text.strip())
        except ValueError as error:
            raise PeriodError(f"{text!r} is not a day of the calendar: write it as 2026-04-01") from error
    raise PeriodError(f"{text!r} is not a date: write it as 2026-04-01")


_DAY_ZERO = dt.date(1970, 1, 1)


def day_number(day: dt.date) -> int:
    """Days since 1 January 1970, the form in which days are compared.

    >>> day_number(dt.date(2026, 4, 1)), day_of_number(20544)
    (20544, datetime.date(2026, 4, 1))
    """
    return (day - _DAY_ZERO).days


def day_of_number(number: int) -> dt.date:
    """The day behind a number."""
    return _DAY_ZERO + dt.timedelta(days=number)


MONTH_NAMES = (
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
    "January",
    "February",
    "March",
)
