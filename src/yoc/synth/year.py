"""The contract year of the sample, its months, and dates as text.

Days are whole numbers: days since 1970-01-01 in people's records, days since 1 April 2026 in activity.
"""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from yoc.core.periods import FinancialYear

Ints = NDArray[np.int64]

YEAR = FinancialYear(2026)
YEAR_TEXT = "202627"
YEAR_IN_NAMES = "2627"
EPOCH = dt.date(1970, 1, 1)
EXCEL_EPOCH = dt.date(1899, 12, 30)

FIRST_DAY = (YEAR.first_day - EPOCH).days
LAST_DAY = (YEAR.last_day - EPOCH).days
DAYS = YEAR.days
OPEN = (dt.date(9999, 12, 31) - EPOCH).days
"""Stands for "no date": an open registration, a person alive. Written as blank."""


@dataclass(frozen=True)
class Month:
    """One financial month: 1 is April; first and last are days since 1 April."""

    number: int
    first: int
    last: int

    @property
    def first_date(self) -> dt.date:
        """The first calendar day of the month."""
        return YEAR.first_day + dt.timedelta(days=self.first)

    def created(self, months_later: int = 1) -> str:
        """DATE AND TIME DATA SET CREATED: nine o'clock on the 15th, some months after the month of activity.

        >>> MONTHS[0].created(), MONTHS[11].created(3)
        ('2026-05-15T09:00:00', '2027-06-15T09:00:00')
        """
        months = self.first_date.month - 1 + months_later
        return f"{self.first_date.year + months // 12}-{months % 12 + 1:02d}-15T09:00:00"


def _months() -> tuple[Month, ...]:
    starts = [(start - YEAR.first_day).days for start in YEAR.month_starts()]
    ends = [*(start - 1 for start in starts[1:]), DAYS - 1]
    return tuple(Month(index + 1, start, end) for index, (start, end) in enumerate(zip(starts, ends, strict=True)))


MONTHS = _months()


def day_text(day: int) -> str:
    """A day since 1970 as CCYY-MM-DD.

    >>> day_text(FIRST_DAY)
    '2026-04-01'
    """
    return (EPOCH + dt.timedelta(days=day)).isoformat()


def dates_as_text(days: Ints) -> pa.Array:
    """Days since 1970 as CCYY-MM-DD bytes; ``OPEN`` is blank.

    >>> dates_as_text(np.array([FIRST_DAY, OPEN])).to_pylist()
    [b'2026-04-01', b'']
    """
    dated = days[days != OPEN]
    if dated.size == 0:
        return pa.array([b""] * days.size, type=pa.binary())
    first, last = int(dated.min()), int(dated.max())
    words = [day_text(day).encode() for day in range(first, last + 1)]
    places = np.where(days == OPEN, len(words), days - first)
    return pa.array([*words, b""], type=pa.binary()).take(pa.array(places))
