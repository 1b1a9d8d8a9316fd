"""Reading dates, periods and codes as national files write them: each distinct text is decided once."""

import csv
import datetime as dt
import re
from functools import cache
from importlib import resources

from yoc.core.periods import MONTH_NAMES, FinancialYear, PeriodError, day_number, day_of_number

OPEN_END_DAY = day_number(dt.date(9999, 12, 31))
OPEN_START_DAY = day_number(dt.date(1850, 1, 1))
_EXCEL_DAY_ZERO = dt.date(1899, 12, 30)
_DAY_AND_MONTH = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})")
_DATE_FORMS = ("%Y-%m-%d", "%Y/%m/%d", "%d-%b-%Y", "%d%b%Y", "%d %b %Y", "%d-%B-%Y", "%d%B%Y", "%d %B %Y")
NO_PERSON = ("", "0", "1", "0000000000", "9999999999", "NULL", "N/A", "NOT KNOWN", "UNKNOWN")
"""Person keys that stand for nobody: blank, placeholders, and the sentinels that pass a check digit."""
NO_PRACTICE = ("", "V81997", "V81998", "V81999", "Q99", "X98", "NULL", "N/A", "UNKNOWN")
"""Practice codes that stand for none: blank, and those for no practice, not applicable and not known."""


@cache
def read_day(text: str, *, month_first: bool = False) -> int | None:
    """The day number of a date as real files write it, ``None`` where it is not a date.

    ISO, day first with slashes, hyphens or full stops, without separators, with the month's name, and Excel's serial
    number. Which of day and month stands first is told and never guessed: ``12/31/2026`` is a date only where the month
    comes first. A year of two digits is refused.

    >>> [read_day(text) for text in ("2026-04-01", "01/04/2026", "46113", "01JULY2024", "12/31/2026", "31/02/2026")]
    [20544, 20544, 20544, 19905, None, None]
    >>> read_day("12/31/2026", month_first=True), read_day("31/12/2026", month_first=True)
    (20818, None)
    """
    stripped = re.sub(r"[ T]00:00(:00(\.0+)?)?Z?$", "", text.strip())
    if serial := re.fullmatch(r"([0-9]{5})(\.0+)?", stripped):
        return day_number(_EXCEL_DAY_ZERO + dt.timedelta(days=int(serial[1])))
    if match := _DAY_AND_MONTH.fullmatch(stripped):
        day, month = (match[3], match[1]) if month_first else (match[1], match[3])
        stripped = f"{match[4]}-{month}-{day}"
    elif re.fullmatch(r"[0-9]{8}", stripped):
        stripped = f"{stripped[:4]}-{stripped[4:6]}-{stripped[6:]}"
    for form in _DATE_FORMS:
        try:
            read = dt.datetime.strptime(stripped, form).date()
        except ValueError:
            continue
        return day_number(read) if 1850 <= read.year <= 9999 else None
    return None


@cache
def date_order(text: str, *, month_first: bool = False) -> str:
    """Whether a date could be another day were its parts in the other order than is told.

    ``other`` is a date in the other order alone, ``either`` is two dates; blank is one date at most, in any order.

    >>> [date_order(text) for text in ("12/31/2026", "03/04/2026", "31/12/2026", "04/04/2026", "2026-04-03", "TBC")]
    ['other', 'either', '', '', '', '']
    """
    told, otherwise = read_day(text, month_first=month_first), read_day(text, month_first=not month_first)
    if told == otherwise or otherwise is None:
        return ""
    return "other" if told is None else "either"


@cache
def read_month(text: str) -> int | None:
    """The month of the financial year, from 1 for April to 12; ``None`` where the text is none.

    >>> [read_month(text) for text in ("1", "12", "1.0", "M03", "April", "Mar", "13", "1.5", "")]
    [1, 12, 1, 3, 1, 12, None, None, None]
    """
    stripped = text.strip().upper()
    if match := re.fullmatch(r"M?(0?[1-9]|1[0-2])(\.0+)?", stripped):
        return int(match[1])
    names = [name.upper() for name in MONTH_NAMES]
    return next((place for place, name in enumerate(names, 1) if stripped in (name, name[:3])), None)


@cache
def read_period(year_text: str, month_text: str) -> tuple[int | None, str]:
    """The period of a row as ``start year × 12 + month from April (1 to 12)``, or what is wrong with it.

    Blank text gives no period and no fault: the file's name or the activity date decides.

    >>> read_period("202627", "1"), read_period("", "")
    ((24313, ''), (None, ''))
    >>> read_period("202628", "1")
    (None, 'financial year names two years that do not follow each other')
    >>> read_period("2026/27", "13"), read_period("2026", "1")[1]
    ((None, 'financial month is not a whole number from 1 to 12'), 'financial year is not a financial year')
    """
    year_text, month_text = year_text.strip(), month_text.strip()
    if not year_text and not month_text:
        return None, ""
    try:
        year = FinancialYear.parse(year_text)
    except PeriodError as error:
        what = "names two years that do not follow each other" if "follow" in str(error) else "is not a financial year"
        return None, f"financial year {what}"
    month = read_month(month_text)
    if month is None:
        return None, "financial month is not a whole number from 1 to 12"
    return year.start_year * 12 + month, ""


@cache
def read_costing_period(text: str) -> int | None:
    """The period of a text like ``M01 - Apr 2016``, in which number and month have to agree.

    >>> read_costing_period("M01 - Apr 2016"), read_costing_period("M10 - Jan 2017")
    (24193, 24202)
    >>> read_costing_period("M02 - Apr 2016"), read_costing_period("Apr 2016")
    (None, None)
    """
    match = re.fullmatch(r"\s*(M[0-9]{1,2})\s*-\s*([A-Za-z]+)[\s-]+(20[0-9]{2})\s*", text)
    if match is None:
        return None
    month = read_month(match[1])
    if month is None or month != read_month(match[2]):
        return None
    return (int(match[3]) - (month > 9)) * 12 + month


@cache
def period_of_day(day: int) -> int:
    """The period in which a day lies.

    >>> period_of_day(20544), period_of_day(20543)
    (24313, 24312)
    """
    date = day_of_number(day)
    return (date.year - (date.month < 4)) * 12 + (date.month + 8) % 12 + 1


@cache
def first_day(period: int) -> int:
    """The first day of a period.

    >>> first_day(24313), first_day(period_of_day(20818))
    (20544, 20788)
    """
    year, month = divmod(period - 1, 12)
    return day_number(FinancialYear(year).month_starts()[month])


def period_in_words(period: int) -> str:
    """A period as it is read.

    >>> period_in_words(24317)
    '2026/27 month 05'
    """
    year, month = divmod(period - 1, 12)
    return f"{FinancialYear(year)} month {month + 1:02d}"


def period_in_name(file_name: str) -> int | None:
    """The period that a file's name tells, as ``PLCM_2627_M05_…`` does; ``None`` where it tells none.

    >>> period_in_name("PLCM_2627_M05_ZA1.csv"), period_in_name("activity.csv")
    (24317, None)
    """
    match = re.search(r"(?<!\d)(\d\d)(\d\d)[_-]?M(0[1-9]|1[0-2])(?!\d)", file_name)
    if match is None or (int(match[1]) + 1) % 100 != int(match[2]):
        return None
    return (2000 + int(match[1])) * 12 + int(match[3])


def year_in_name(file_name: str) -> int | None:
    """The start year that a file's name tells, as ``PLCM_2627_…`` and ``plcm_202627.csv`` do.

    >>> year_in_name("PLCM_2627_ZA1.csv"), year_in_name("plcm-202627.csv"), year_in_name("PLCM_2628.csv")
    (2026, 2026, None)
    """
    found = re.findall(r"(?<!\d)(?:20)?(\d\d)(\d\d)(?!\d)", file_name)
    years = {2000 + int(first) for first, second in found if (int(first) + 1) % 100 == int(second)}
    return years.pop() if len(years) == 1 else None


@cache
def points_of_delivery() -> dict[str, str]:
    """Every code and usual misspelling, without spaces, to the national code."""
    text = resources.files("yoc.intake").joinpath("points_of_delivery.csv").read_text(encoding="utf-8")
    return {row["written"]: row["code"] for row in csv.DictReader(text.splitlines())}


@cache
def find_point_of_delivery(text: str) -> tuple[str, str]:
    """The national code and how the text gives it: exact (but for case and spaces round it), variant, or unmapped.

    >>> [find_point_of_delivery(text) for text in (" opfa ", "AE TYPE1", "XYZZY")]
    [('OPFA', 'exact'), ('AE', 'variant'), ('Unmapped', 'unmapped')]
    """
    written = text.strip().upper()
    code = points_of_delivery().get(re.sub(r"[\s_-]", "", written))
    if code is None:
        return "Unmapped", "unmapped"
    return code, "exact" if written == code else "variant"
