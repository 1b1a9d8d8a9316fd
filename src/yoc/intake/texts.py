"""Reading dates, periods and codes as national files write them: each distinct text is decided once."""

import csv
import datetime as dt
import re
from functools import cache
from importlib import resources

from yoc.core.periods import FinancialYear, PeriodError, day_number

OPEN_END_DAY = day_number(dt.date(9999, 12, 31))
OPEN_START_DAY = day_number(dt.date(1850, 1, 1))
_EXCEL_DAY_ZERO = dt.date(1899, 12, 30)
_DATE_FORMS = ("%Y-%m-%d", "%d/%m/%Y", "%Y%m%d", "%d-%b-%Y", "%d%b%Y")
NO_PERSON = ("", "0", "1", "0000000000", "9999999999", "NULL", "N/A", "NOT KNOWN", "UNKNOWN")
"""Person keys that stand for nobody: blank, placeholders, and the sentinels that pass a check digit."""


@cache
def read_day(text: str) -> int | None:
    """The day number of a date as real files write it, ``None`` where it is not a date.

    ISO, day first with slashes, without separators, with the month's name, and Excel's serial number. A date with the
    month first is not guessed at: ``12/31/2026`` is refused.

    >>> [read_day(text) for text in ("2026-04-01", "01/04/2026", "46113", "12/31/2026", "31/02/2026")]
    [20544, 20544, 20544, None, None]
    """
    stripped = text.strip()
    if re.fullmatch(r"\d{5}", stripped):
        return day_number(_EXCEL_DAY_ZERO + dt.timedelta(days=int(stripped)))
    stripped = re.sub(r"[ T]00:00(:00(\.0+)?)?$", "", stripped)
    for form in _DATE_FORMS:
        try:
            day = dt.datetime.strptime(stripped, form).date()
        except ValueError:
            continue
        return day_number(day) if 1850 <= day.year <= 9999 else None
    return None


@cache
def read_period(year_text: str, month_text: str) -> tuple[int | None, str]:
    """The period of a row as ``start year × 12 + month from April (1 to 12)``, or what is wrong with it.

    Blank text gives no period and no fault: the file's name or the activity date decides.

    >>> read_period("202627", "1"), read_period("", "")
    ((24313, ''), (None, ''))
    >>> read_period("202628", "1")
    (None, 'financial year names two years that do not follow each other')
    >>> read_period("2026/27", "13")
    (None, 'financial month is not a whole number from 1 to 12')
    """
    year_text, month_text = year_text.strip(), month_text.strip()
    if not year_text and not month_text:
        return None, ""
    try:
        year = FinancialYear.parse(year_text)
    except PeriodError as error:
        what = "names two years that do not follow each other" if "follow" in str(error) else "is not a financial year"
        return None, f"financial year {what}"
    if not month_text.isdecimal() or not 1 <= int(month_text) <= 12:
        return None, "financial month is not a whole number from 1 to 12"
    return year.start_year * 12 + int(month_text), ""


def period_in_name(file_name: str) -> int | None:
    """The period that a file's name tells, as ``PLCM_2627_M05_…`` does; ``None`` where it tells none.

    >>> period_in_name("PLCM_2627_M05_ZA1.csv"), period_in_name("activity.csv")
    (24317, None)
    """
    match = re.search(r"(?<!\d)(\d\d)(\d\d)[_-]?M(0[1-9]|1[0-2])(?!\d)", file_name)
    if match is None or (int(match[1]) + 1) % 100 != int(match[2]):
        return None
    return (2000 + int(match[1])) * 12 + int(match[3])


@cache
def _points_of_delivery() -> dict[str, str]:
    """Every code and usual misspelling, without spaces, to the national code."""
    text = resources.files("yoc.intake").joinpath("points_of_delivery.csv").read_text(encoding="utf-8")
    return {row["written"]: row["code"] for row in csv.DictReader(text.splitlines())}


@cache
def read_point_of_delivery(text: str) -> str:
    """The national point of delivery code; ``Unmapped`` where neither the list nor its usual variants hold the text.

    >>> [read_point_of_delivery(text) for text in (" opfa ", "AE TYPE1", "XYZZY")]
    ['OPFA', 'AE', 'Unmapped']
    """
    return _points_of_delivery().get(re.sub(r"[\s_-]", "", text.upper()), "Unmapped")
