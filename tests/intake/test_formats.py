"""How real feeds write numbers, dates, years and months, by the NHS Data Dictionary and one board's public notes."""

import datetime as dt
from fractions import Fraction

import pyarrow as pa
import pytest
from feeds import csv_of, plcm
from hypothesis import example, given
from hypothesis import strategies as st

from yoc.core.periods import day_number
from yoc.engine import Engine
from yoc.intake.line_decisions import NamePeriod, decide_time
from yoc.intake.plain_numbers import read_plain_number
from yoc.intake.profile_set import built_in_profiles
from yoc.intake.texts import read_costing_period, read_day, read_month, read_period

APRIL = 2026 * 12 + 1
PLCM = built_in_profiles().by_name["plcm"].profile


def day(year: int, month: int, date: int) -> int:
    return day_number(dt.date(year, month, date))


@pytest.mark.parametrize(
    ("written", "pence"),
    [
        ("1234.56", 123456), ("1,234.56", 123456), ("£1,234.56", 123456), ("Â£1,234.56", 123456),
        ("\ufffd1,234.56", 123456), ("(1,234.56)", -123456), ("£(12.00)", -1200), ("12.50-", -1250), ("-12.50", -1250),
        ("1234.56780000", 123457), ("0", 0),
    ],
)  # fmt: skip
def test_a_sum_is_read_as_feeds_write_it(read, written, pence):
    feed = read(csv_of(plcm(TOTAL=written)))
    assert (feed.row["submitted_pence"], feed.row["fault"]) == (pence, "")
    assert feed.account.submitted_pence == pence


@pytest.mark.parametrize("written", ["TBC", "n/a", "5.00 CR", "5.00 DR", "1.234,56", "12,34", "1e3", "(5", "--5", "5%"])
def test_a_sum_that_is_none_is_a_reject_with_its_reason(read, written):
    feed = read(csv_of(plcm(TOTAL=written), plcm()))
    assert [(reject.row, reject.field, reject.reason) for reject in feed.rejects] == [
        (2, "total cost", "is not a sum of money")
    ]
    assert (feed.account.rejected, feed.account.unreadable_sums, feed.account.submitted_pence) == (1, 1, 10_000)


def test_a_word_in_a_field_that_a_row_may_lack_is_blank_and_counted(read):
    row = plcm() | {"ACTIVITY START DATE (CONTRACT MONITORING)": "TBC"}
    feed = read(csv_of(row, row | {"ACTIVITY START DATE (CONTRACT MONITORING)": "2026-04-09"}))
    assert [each["start_day"] for each in feed.rows] == [None, day(2026, 4, 9)]
    assert (feed.account.used, feed.account.blanked) == (2, {"start_date": 1})
    assert [(found.code, found.count) for found in feed.findings if found.code == "VALUE-BLANKED"] == [
        ("VALUE-BLANKED", 1)
    ]


@pytest.mark.parametrize(("written", "thousandths"), [("1", 1000), ("2.5", 2500), ("1.125", 1125), ("-1", -1000)])
def test_a_count_has_three_decimals_at_most(read, written, thousandths):
    assert read(csv_of(plcm(ACTIVITY_COUNT=written))).row["quantity_thousandths"] == thousandths


def test_a_count_that_is_finer_is_a_reject(read):
    feed = read(csv_of(plcm(ACTIVITY_COUNT="1.1251"), plcm()))
    assert [reject.reason for reject in feed.rejects] == ["has more than three decimals"]


@pytest.mark.law("The database and plain Python read any written number alike.")
@given(st.text(alphabet="0123456789.,-()£Â \ufffdCR", max_size=12))
@example("(1,234.56)")
@example("1,234,567.89-")
def test_files_with_and_without_the_database_read_a_number_alike(text):
    with Engine() as engine:
        engine.run("yoc.intake", "raw/numbers")
        engine.give("number_text", {"text": pa.string()}, [(text,)])
        ((plain,),) = engine._connection.execute("SELECT plain_number(text) FROM number_text").fetchall()
    assert read_plain_number(text) == (None if plain is None else Fraction(plain))


@pytest.mark.parametrize(
    "written",
    [
        "2026-04-10", "2026/04/10", "10/04/2026", "10-04-2026", "10.04.2026", "20260410", "10-Apr-2026", "10APR2026",
        "10 April 2026", "10APRIL2026", "46122", "46122.0", "2026-04-10T00:00:00", "2026-04-10 00:00:00.000",
    ],
)  # fmt: skip
def test_a_day_is_read_in_the_orders_that_feeds_use(written):
    assert read_day(written) == day(2026, 4, 10)


@pytest.mark.parametrize(
    "written", ["12/31/2026", "31/02/2026", "01/04/26", "2026", "TBC", "1/1/0001", "2026-04-10 13:45"]
)
def test_a_day_that_could_be_another_is_none(written):
    assert read_day(written) is None


def test_the_month_stands_first_only_where_the_profile_says_so(read):
    feed = read(csv_of(plcm(ACTIVITY_END="12/31/2026"), plcm()))
    assert [reject.reason for reject in feed.rejects] == ["is not a date"]
    month_first = PLCM.model_copy(update={"dates": "month_first"})
    assert decide_time(month_first, NamePeriod(), "", "", "", "12/31/2026").day == day(2026, 12, 31)
    assert decide_time(month_first, NamePeriod(), "", "", "", "31/12/2026").date_fault == "activity date is not a date"


@pytest.mark.parametrize("written", ["202627", "2026/27", "2026-27", "2026-2027", "2026/2027"])
def test_a_year_is_read_in_its_forms(written):
    assert read_period(written, "1") == (APRIL, "")


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("202628", "financial year names two years that do not follow each other"),
        ("2026-2028", "financial year names two years that do not follow each other"),
        ("2026", "financial year is not a financial year"),
        ("26/27", "financial year is not a financial year"),
    ],
)
def test_a_year_that_is_ambiguous_is_refused(written, fault):
    assert read_period(written, "1") == (None, fault)


@pytest.mark.parametrize(
    ("written", "month"), [("1", 1), ("01", 1), ("12", 12), ("3.0", 3), ("M11", 11), ("April", 1), ("mar", 12)]
)
def test_a_month_is_whole_from_one_for_april_to_twelve_for_march(written, month):
    assert read_month(written) == month


@pytest.mark.parametrize("written", ["0", "13", "1.5", "", "Apr-26", "١"])
def test_what_is_no_month_is_none(written):
    assert read_month(written) is None


def test_calendar_month_is_the_financial_month_and_two_round_the_year_and_one():
    from yoc.core.periods import day_of_number
    from yoc.intake.texts import first_day

    assert [day_of_number(first_day(APRIL + month - 1)).month for month in range(1, 13)] == [
        (month + 2) % 12 + 1 for month in range(1, 13)
    ]


@pytest.mark.parametrize(
    ("written", "period"),
    [
        ("M01 - Apr 2016", 2016 * 12 + 1),
        ("M12 - Mar 2017", 2016 * 12 + 12),
        ("M01 - May 2016", None),
        ("M13 - Apr 2016", None),
    ],
)
def test_a_costing_period_names_number_and_month(written, period):
    assert read_costing_period(written) == period


def test_the_period_is_stated_else_of_the_file_name_else_of_the_day_and_the_row_keeps_which(read):
    stated, named = plcm(), plcm(FINANCIAL_MONTH="", FINANCIAL_YEAR="")
    feed = read(csv_of(stated, named), csv_of(named), names=("PLCM_2627_M05_RX1.csv", "feed.csv"))
    assert sorted((row["period"] - APRIL, row["period_rule"]) for row in feed.rows) == [
        (0, "activity date"), (0, "stated"), (4, "file name"),
    ]  # fmt: skip
    assert [account.period_rules for account in feed.accounts] == [{"stated": 1, "file name": 1}, {"activity date": 1}]


def test_a_year_in_the_file_name_stands_in_for_one_that_the_row_lacks(read):
    feed = read(csv_of(plcm(FINANCIAL_MONTH="5", FINANCIAL_YEAR="")), names=("PLCM_2627_RX1.csv",))
    assert (feed.row["period"] - APRIL, feed.row["period_rule"]) == (4, "file name")


def test_a_line_without_a_day_takes_the_first_of_its_month(read):
    assert read(csv_of(plcm(ACTIVITY_END=""))).row["day"] == day(2026, 4, 1)


def test_months_that_have_not_begun_are_read_and_reported(read):
    feed = read(csv_of(plcm(), plcm(FINANCIAL_YEAR="203536")))
    (found,) = [found for found in feed.findings if found.code == "PERIOD-FUTURE"]
    assert found.message == "1 row, submitted at £100.00, for months after 2026-12-31: 2035/36 month 01"


@pytest.mark.parametrize(
    ("responsible", "registered", "rule"),
    [
        ("Y01234", "A81001", "responsibility"),
        ("", "A81001", "registration"),
        ("Q99", "V81999", "none"),
        ("X98", "V81997", "none"),
        ("V81998", "A81001", "registration"),
        ("", "", "none"),
    ],
)
def test_the_practice_is_the_responsible_one_else_that_of_the_registration(read, responsible, registered, rule):
    row = plcm() | {
        "ORGANISATION IDENTIFIER (GP PRACTICE RESPONSIBILITY)": responsible,
        "GENERAL MEDICAL PRACTICE CODE (PATIENT REGISTRATION)": registered,
    }
    feed = read(csv_of(row))
    assert (feed.row["practice_rule"], feed.account.practice_rules) == (rule, {rule: 1})


@pytest.mark.parametrize("key", ["", "1", "0000000000", "9999999999", "null"])
def test_a_placeholder_is_nobody_and_a_valid_number_somebody(read, key):
    assert read(csv_of(plcm(NHS=key))).account.used == 1


def test_a_file_may_have_any_number_of_columns_more_all_text(read):
    more = {f"LOCAL FIELD {number}": "x" for number in range(580)}
    assert read(csv_of(plcm() | more)).account.used == 1


def test_a_later_load_restates_a_provider_s_month_whole_by_load_and_not_by_its_own_time(read):
    created = "DATE AND TIME DATA SET CREATED"
    first = csv_of(plcm() | {created: "2026-09-01"}, plcm(FINANCIAL_MONTH="2") | {created: "2026-09-01"})
    second = csv_of(plcm(TOTAL="120.00") | {created: "2026-05-01"})
    feed = read(first, second)
    assert [(account.used, account.superseded, account.superseded_pence) for account in feed.accounts] == [
        (1, 1, 10_000), (1, 0, 0),
    ]  # fmt: skip
