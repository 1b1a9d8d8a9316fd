"""The faults that are planted in patient-level contract monitoring: where, how many, and what should become of them."""

import datetime as dt
from dataclasses import dataclass, field
from enum import Enum

from yoc.synth import edits, layouts
from yoc.synth.national.containers import Container
from yoc.synth.national.ledger import ACCEPTED, FINDING, REJECTED, SET_ASIDE

Key = tuple[str, str, str, int]

_PRICE = layouts.PLCM_PLACE["ACTIVITY UNIT PRICE"]
_COMMISSIONER = layouts.PLCM_PLACE["ORGANISATION IDENTIFIER (CODE OF COMMISSIONER)"]
_SPELL = layouts.PLCM_PLACE["HOSPITAL PROVIDER SPELL NUMBER"]

_ADMISSION: Key = ("DZ65A", "NEL", "340", 1000)
_CREDIT: Key = ("DZ65A", "NEL", "340", -1000)
_DEPARTMENT: Key = ("VB04Z", "AE", "180", 1000)
_FIRST: Key = ("WF01B", "OPFASPCL", "300", 1000)
_THERAPY: Key = ("COMPT1", "COMMSUB", "650", 1000)
_MENTAL: Key = ("MHC02", "COMM", "710", 1000)
_APPOINTMENT: Key = ("GPA01", "OTHER", "", 1000)

CONTAINERS = {
    ("ZA1", 2): Container.GZIP,
    ("ZA1", 3): Container.ZIP,
    ("ZA1", 5): Container.SEMICOLON_1252,
    ("ZC1", 4): Container.EXCEL,
    ("ZM1", 6): Container.TAB_UTF16,
    ("ZG1", 7): Container.PARQUET,
}
"""The provider's months that do not come as a plain comma-separated file; nothing is planted in Excel or Parquet."""
PERIOD_FROM_NAME = ("ZM1", 2)
PERIOD_FROM_DATE = ("ZM1", 9)
"""The files whose rows leave year and month blank; the second has no period in its name either."""
NAME_WITHOUT_PERIOD = "contract-monitoring-december-ZM1"
REPEATED_WITHIN = ("ZA1", 8)
REPEATED_LATER = ("ZA1", 10)
"""The file that holds rows twice, and the one that holds rows of the month before again, stated as of its own."""
REPEATED_ROWS = 2
LIGHT_MONTH, LIGHT_PER_HUNDRED = 12, 84
"""The newest month of the cumulative provider, and the lines it has for a hundred of an average month before."""


class Who(Enum):
    """Whose line it is."""

    STEADY = "a member of the cohort all year"
    DEAD = "somebody who died before the year"
    NOBODY = "no patient"


@dataclass(frozen=True)
class Stated:
    """How the row, as it must be read, differs from the unit it was made from; the statement of the month follows."""

    count_times: int = 1
    cost_times: int = 1
    point_of_delivery: str = ""
    commissioner: str = ""
    other_year: bool = False
    left_out: bool = False


_AS_MADE = Stated()


@dataclass(frozen=True)
class Plant:
    """Rows of one fault in one file: what they would be without it, and how it spoils them.

    ``day`` is the first row's day, counted from the first of the month; the next row's is the day after.
    """

    fault: str
    provider: str
    month: int
    rows: int
    expected: str
    outcome: str
    key: Key
    edit: edits.Edit = edits.unchanged
    day: int = 3
    who: Who = Who.STEADY
    person: int = 0
    stated: Stated = field(default=_AS_MADE)


@dataclass(frozen=True)
class Spoilt:
    """A fault in a share of the lines of one file that were drawn, instead of in lines made for it."""

    fault: str
    provider: str
    month: int
    per_thousand: int
    expected: str
    outcome: str
    edit: edits.Edit
    stated: Stated = _AS_MADE


def _both_dates(form: str) -> edits.Edit:
    def edit(cells: list[str]) -> list[str]:
        for place in (edits.START_DATE, edits.END_DATE):
            cells = edits.write_as(place, dt.date.fromisoformat(cells[place]).strftime(form))(cells)
        return cells

    return edit


def century_before(cells: list[str]) -> list[str]:
    """Dates a hundred years too early: 1926 typed for 2026."""
    for place in (edits.START_DATE, edits.END_DATE):
        cells = edits.write_as(place, f"{int(cells[place][:4]) - 100}{cells[place][4:]}")(cells)
    return cells


def ten_times_count(cells: list[str]) -> list[str]:
    """Ten counted where one was delivered; the total stays that of one."""
    return edits.write_as(edits.COUNT, "10")(cells)


def ten_times_price(cells: list[str]) -> list[str]:
    """Unit price and total with the decimal point one place too far right: ten times the book."""
    for place in (_PRICE, edits.COST):
        pence = int(cells[place].replace(".", "")) * 10
        cells = edits.write_as(place, f"{pence // 100}.{pence % 100:02d}")(cells)
    return cells


def junk_period(cells: list[str]) -> list[str]:
    """April of a year that has not come."""
    return edits.write_as(edits.FINANCIAL_YEAR, "202930")(edits.write_as(edits.MONTH, "1")(cells))


def _part_of_spell(start: str) -> edits.Edit:
    def edit(cells: list[str]) -> list[str]:
        return edits.write_as(edits.START_DATE, start)(edits.write_as(_SPELL, "ZM1SPLIT01")(cells))

    return edit


def _year(text: str) -> edits.Edit:
    return edits.write_as(edits.FINANCIAL_YEAR, text)


def _pod(text: str) -> edits.Edit:
    return edits.write_as(edits.POINT_OF_DELIVERY, text)


_OUT = Stated(left_out=True)

_NUMBERS = (
    Plant("number_with_commas", "ZA1", 2, 4, ACCEPTED, "", _ADMISSION, edits.thousands_separators),
    Plant("number_with_pound_sign", "ZA2", 3, 3, ACCEPTED, "", _DEPARTMENT, edits.pound_sign),
    Plant("number_misencoded_pound_sign", "ZA1", 3, 3, ACCEPTED, "", _DEPARTMENT, edits.misencoded_pound_sign),
    Plant("number_pound_sign_windows_1252", "ZA1", 5, 3, ACCEPTED, "", _FIRST, edits.pound_sign),
    Plant("number_accounting_negative", "ZA1", 4, 3, ACCEPTED, "", _CREDIT, edits.accounting_negative),
    Plant("number_word_tbc", "ZA1", 6, 2, REJECTED, "ROW-REJECTED", _FIRST, edits.write_as(edits.COST, "TBC")),
    Plant("number_blank", "ZC1", 5, 2, REJECTED, "ROW-REJECTED", _THERAPY, edits.write_as(edits.COST, "")),
    Plant("count_word_tbc", "ZC1", 8, 2, REJECTED, "ROW-REJECTED", _THERAPY, edits.write_as(edits.COUNT, "TBC")),
    Plant("count_ten_times", "ZA1", 9, 2, FINDING, "TEN-TIMES", _FIRST, ten_times_count,
          stated=Stated(count_times=10)),
    Plant("price_ten_times", "ZA1", 11, 2, FINDING, "TEN-TIMES", _FIRST, ten_times_price, stated=Stated(cost_times=10)),
    Plant("row_too_short", "ZC1", 7, 2, REJECTED, "ROW-REJECTED", _THERAPY, edits.ragged),
)  # fmt: skip
_DATES = (
    Plant("date_day_month_year", "ZA1", 6, 5, ACCEPTED, "", _FIRST, edits.day_month_year),
    Plant("date_excel_serial", "ZA2", 6, 4, ACCEPTED, "", _FIRST, edits.excel_serial),
    Plant("date_without_separators", "ZA1", 7, 3, ACCEPTED, "", _FIRST, _both_dates("%Y%m%d")),
    Plant("date_month_named", "ZA1", 8, 3, ACCEPTED, "", _FIRST, _both_dates("%d-%b-%Y")),
    Plant("date_month_first", "ZA1", 9, 3, REJECTED, "ROW-REJECTED", _FIRST, edits.month_day_year, day=14),
    Plant("date_impossible", "ZA1", 11, 2, REJECTED, "ROW-REJECTED", _FIRST,
          edits.write_as(edits.END_DATE, "31/02/2027")),
    Plant("activity_after_death", "ZA1", 4, 3, SET_ASIDE, "after_death", _DEPARTMENT, who=Who.DEAD),
    Plant("activity_before_birth", "ZA1", 12, 3, SET_ASIDE, "before_birth", _FIRST, century_before),
)  # fmt: skip
_PERIODS = (
    Plant("year_compact", "ZG1", 6, 3, ACCEPTED, "", _APPOINTMENT, _year("202627")),
    Plant("year_slash", "ZG1", 1, 3, ACCEPTED, "", _APPOINTMENT, _year("2026/27")),
    Plant("year_dash", "ZG1", 2, 3, ACCEPTED, "", _APPOINTMENT, _year("2026-27")),
    Plant("year_long", "ZG1", 3, 3, ACCEPTED, "", _APPOINTMENT, _year("2026-2027")),
    Plant("year_not_consecutive", "ZG1", 4, 2, REJECTED, "ROW-REJECTED", _APPOINTMENT, _year("202628")),
    Plant("year_bare", "ZG1", 8, 2, REJECTED, "ROW-REJECTED", _APPOINTMENT, _year("2026")),
    Plant("month_13", "ZG1", 5, 2, REJECTED, "ROW-REJECTED", _APPOINTMENT, edits.write_as(edits.MONTH, "13")),
    Plant("other_financial_year", "ZA1", 1, 4, SET_ASIDE, "out_of_year", _FIRST, edits.other_year, day=-12,
          stated=Stated(other_year=True)),
    Plant("period_in_the_future", "ZG1", 9, 2, SET_ASIDE, "PERIOD-FUTURE", _APPOINTMENT, junk_period, stated=_OUT),
)  # fmt: skip
_CODES = (
    Plant("pod_ae_type1", "ZA1", 7, 3, ACCEPTED, "", _DEPARTMENT, _pod("AE TYPE1")),
    Plant("pod_adjustm", "ZA1", 8, 1, SET_ASIDE, "block", ("ZA1", "ADJUSTMENT", "", 0), _pod("ADJUSTM"),
          who=Who.NOBODY),
    Plant("pod_opfaspc", "ZA2", 7, 3, ACCEPTED, "", _FIRST, _pod("OPFASPC")),
    Plant("pod_lower_case", "ZA1", 9, 3, ACCEPTED, "", _ADMISSION, edits.lower_case_point_of_delivery),
    Plant("pod_trailing_spaces", "ZA2", 8, 3, ACCEPTED, "", _DEPARTMENT, edits.trailing_spaces),
    Plant("transport_without_patient", "ZA1", 4, 1, SET_ASIDE, "out_of_scope", ("ZA1", "ADJUSTMENT", "", 0),
          _pod("PTSTRANS"), who=Who.NOBODY, stated=Stated(point_of_delivery="PTSTRANS")),
    Plant("code_without_price", "ZA1", 12, 2, SET_ASIDE, "PRICE-MISSING", ("ZZ99X", "NEL", "300", 1000)),
)  # fmt: skip
_PEOPLE = (
    Plant("person_placeholder", "ZA1", 11, 3, SET_ASIDE, "no_person", _FIRST, edits.write_as(edits.PERSON, "1")),
    Plant("person_blank", "ZC1", 10, 3, SET_ASIDE, "no_person", _THERAPY, edits.write_as(edits.PERSON, "")),
    *(
        Plant(f"commissioner_{code.lower()}", "ZA1", 6, 2, SET_ASIDE, "other_commissioner", _FIRST,
              edits.write_as(_COMMISSIONER, code), day=day, stated=Stated(commissioner=code))
        for code, day in (("VPP00", 9), ("XMD00", 12), ("Q99", 15))
    ),
    Plant("spell_also_in_sus", "ZA1", 6, 3, ACCEPTED, "", _ADMISSION, day=20),
    Plant("spell_days_over_allocated", "ZM1", 8, 1, FINDING, "SPELL-DAYS", ("MHB01", "IPOBD", "710", 21_000),
          _part_of_spell("2026-11-11"), day=29, person=7),
    Plant("spell_days_over_allocated", "ZM1", 9, 1, FINDING, "SPELL-DAYS", ("MHB01", "IPOBD", "710", 16_000),
          _part_of_spell("2026-12-01"), day=15, person=7),
)  # fmt: skip

PLANTS = (*_NUMBERS, *_DATES, *_PERIODS, *_CODES, *_PEOPLE)
SPOILT = (
    Spoilt("pod_unmapped", "ZA1", 10, 15, SET_ASIDE, "POD-UNMAPPED", _pod("XYZZY"), Stated(point_of_delivery="XYZZY")),
    Spoilt("submission_mostly_faulty", "ZC1", 11, 600, REJECTED, "ROW-REJECTED", edits.write_as(edits.COST, "TBC")),
)
