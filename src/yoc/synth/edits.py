"""How each fault spoils one row: cells in, cells out, exactly as a faulty feed would write them."""

import datetime as dt
from collections.abc import Callable

from yoc.synth.layouts import PLCM_PLACE
from yoc.synth.year import EXCEL_EPOCH, YEAR

Edit = Callable[[list[str]], list[str]]

MONTH = PLCM_PLACE["FINANCIAL MONTH"]
FINANCIAL_YEAR = PLCM_PLACE["FINANCIAL YEAR"]
PERSON = PLCM_PLACE["NHS NUMBER"]
START_DATE = PLCM_PLACE["ACTIVITY START DATE (CONTRACT MONITORING)"]
END_DATE = PLCM_PLACE["ACTIVITY END DATE (CONTRACT MONITORING)"]
POINT_OF_DELIVERY = PLCM_PLACE["POINT OF DELIVERY CODE"]
COUNT = PLCM_PLACE["ACTIVITY COUNT (POINT OF DELIVERY)"]
COST = PLCM_PLACE["TOTAL COST"]

_RAGGED_COLUMNS = PLCM_PLACE["TARIFF CODE"]


def write_as(place: int, text: str) -> Edit:
    """Put this text in one cell.

    >>> write_as(1, "TBC")(["a", "b"])
    ['a', 'TBC']
    """

    def edit(cells: list[str]) -> list[str]:
        return [*cells[:place], text, *cells[place + 1 :]]

    return edit


def unchanged(cells: list[str]) -> list[str]:
    """The fault is in what the row is, not in how it is written."""
    return cells


def thousands_separators(cells: list[str]) -> list[str]:
    """Cost as 1,234.56."""
    pounds, pence = cells[COST].split(".")
    return write_as(COST, f"{int(pounds):,}.{pence}")(cells)


def pound_sign(cells: list[str]) -> list[str]:
    """Cost as £123.45."""
    return write_as(COST, f"£{cells[COST]}")(cells)


def misencoded_pound_sign(cells: list[str]) -> list[str]:
    """Cost as Â£123.45: a pound sign in UTF-8 that something read as Windows-1252."""
    return write_as(COST, f"\u00c2£{cells[COST]}")(cells)


def accounting_negative(cells: list[str]) -> list[str]:
    """A credit as (1,234.56)."""
    spaced = thousands_separators(write_as(COST, cells[COST].removeprefix("-"))(cells))
    return write_as(COST, f"({spaced[COST]})")(cells)


def _both_dates(cells: list[str], form: Callable[[dt.date], str]) -> list[str]:
    for place in (START_DATE, END_DATE):
        cells = write_as(place, form(dt.date.fromisoformat(cells[place])))(cells)
    return cells


def day_month_year(cells: list[str]) -> list[str]:
    """Dates as DD/MM/YYYY."""
    return _both_dates(cells, lambda day: f"{day.day:02d}/{day.month:02d}/{day.year}")


def month_day_year(cells: list[str]) -> list[str]:
    """Dates as MM/DD/YYYY, in the second half of a month so that they cannot be read the other way round."""
    return _both_dates(cells, lambda day: f"{day.month:02d}/{day.day:02d}/{day.year}")


def excel_serial(cells: list[str]) -> list[str]:
    """Dates as the whole days that Excel counts."""
    return _both_dates(cells, lambda day: str((day - EXCEL_EPOCH).days))


def other_year(cells: list[str]) -> list[str]:
    """A line of the last month of the year before, stated as such."""
    before = f"{YEAR.start_year - 1}{YEAR.start_year % 100:02d}"
    return write_as(FINANCIAL_YEAR, before)(write_as(MONTH, "12")(cells))


def lower_case_point_of_delivery(cells: list[str]) -> list[str]:
    """The point of delivery in small letters."""
    return write_as(POINT_OF_DELIVERY, cells[POINT_OF_DELIVERY].lower())(cells)


def trailing_spaces(cells: list[str]) -> list[str]:
    """The point of delivery with spaces after it."""
    return write_as(POINT_OF_DELIVERY, cells[POINT_OF_DELIVERY] + "  ")(cells)


def ragged(cells: list[str]) -> list[str]:
    """A row that ends before its tariff code."""
    return cells[:_RAGGED_COLUMNS]
