"""What looks wrong about dates, files and lines: told with the rows, and nothing told where nothing is wrong."""

import datetime as dt

import pytest
from feeds import csv_of, plcm

from yoc.audit.rejects_file import rejects_files
from yoc.core.findings import Finding, Level
from yoc.intake import workbook_file
from yoc.intake.account import repeated_files
from yoc.intake.plain_numbers import read_plain_number


def told(feed, code):
    return [(found.file, found.count, found.row_numbers) for found in feed.findings if found.code == code]


def dated(*dates: str, month: str = "1") -> str:
    """Rows of a stated month, April 2026 unless said, with these days, and identifiers of their own."""
    rows = (plcm(ACTIVITY_END=date, FINANCIAL_MONTH=month) for date in dates)
    return csv_of(*({**row, "CDS UNIQUE IDENTIFIER": f"C{number}"} for number, row in enumerate(rows)))


@pytest.mark.parametrize(
    ("dates", "count"),
    [
        (("04/28/2026", "05/04/2026", "04/05/2026"), 2),
        (("04/28/2026", "04/04/2026", "2026-04-05", "28/04/2026"), None),
        (("28/04/2026", "05/04/2026"), None),
        (("04/28/2026",), None),
    ],
)
def test_dates_that_may_be_exchanged_are_told_where_the_file_has_one_that_is(read, dates, count):
    feed = read(dated(*dates, "2026-04-02"))
    assert told(feed, "DATES-AMBIGUOUS") == ([("feed-1.csv", count, ())] if count else [])


def test_dates_that_may_be_exchanged_are_told_from_lines_that_are_kept_too(read):
    text = dated("04/28/2026", "05/04/2026")
    first, second = read(text), read(text)
    assert told(first, "DATES-AMBIGUOUS") == told(second, "DATES-AMBIGUOUS") == [("feed-1.csv", 1, ())]


def test_days_outside_the_stated_month_are_told_with_their_rows(read):
    # Month 4 is July 2026: three months before it begins on 1 April, and what is recorded late is nothing unusual.
    feed = read(dated("2026-08-01", "2026-07-31", "2026-07-01", "2026-04-01", "2026-03-31", month="4"))
    assert told(feed, "DATE-APART") == [("feed-1.csv", 2, (2, 6))]
    (message,) = (found.message for found in feed.findings if found.code == "DATE-APART")
    assert message == (
        "dated 1 line after the month and 1 line over 3 months before the month that is stated for them, "
        "submitted at £200.00 together"
    )


def test_days_of_rows_that_a_later_load_replaces_are_not_told(read):
    assert told(read(dated("2026-05-01"), dated("2026-04-30")), "DATE-APART") == []


def test_rows_that_repeat_another_are_told_with_their_numbers(read):
    row = {**plcm(), "CDS UNIQUE IDENTIFIER": "C1"}
    assert told(read(csv_of(row, row, row)), "LINE-REPEATED") == [("feed-1.csv", 2, (3, 4))]


def test_two_files_of_one_content_are_named_and_headers_alone_are_not(read):
    text, header = csv_of(plcm()), csv_of(plcm()).splitlines()[0] + "\n"
    accounts = read(text, header, text, header).accounts
    (found,) = repeated_files(accounts)
    assert (found.file, found.message) == ("feed-3.csv", "its content is that of feed-1.csv, to the last byte")
    assert repeated_files([accounts[0], accounts[0]]) == []


@pytest.mark.parametrize(
    ("held", "text"),
    [
        (74.25000000000001, "74.25"), (61541.64999999992, "61541.6499999999"), (-0.1 - 0.2, "-0.3"),
        (10.124999999999998, "10.125"),
        (0.1, "0.1"), (1e-7, "0.0000001"), (0.8941, "0.8941"), (123456789012345.0, "123456789012345"),
        (4503599627370497.0, "4503599627370497"), (12345678901234567890, "12345678901234567890"),
    ],
)  # fmt: skip
def test_a_number_of_a_cell_has_the_digits_that_excel_keeps(held, text):
    assert workbook_file.number_as_text(held) == text


def test_noise_of_a_workbook_is_the_money_that_it_means(read):
    feed = read(csv_of(*(plcm(TOTAL=text) for text in ("74.25", "61541.6499999999", "61541.64999999992"))))
    assert [row["submitted_pence"] for row in feed.rows] == [7425, 6154165, 6154165]
    assert feed.rejects == []
    assert round(read_plain_number("61541.6499999999") * 100) == 6154165


def test_a_date_with_day_and_month_alike_has_one_meaning(read):
    feed = read(dated("04/28/2026", "04/04/2026"))
    assert [row["day"] for row in feed.rows if row["day"] is not None] == [
        (dt.date(2026, 4, 4) - dt.date(1970, 1, 1)).days
    ]
    assert feed.account.date_orders == {"other": 1}


def test_the_rejects_of_a_run_have_a_row_for_each_row_that_is_known():
    finding = Finding("LINE-REPEATED", Level.WARNING, "2 lines", file="a.csv", count=2, row_numbers=(3, 4)).as_dict()
    whole = Finding("FILE-NOTHING", Level.WARNING, "no row", file="a.csv").as_dict()
    files = rejects_files({"rejects": [], "findings": [finding, whole], "files": [{"file": "a.csv"}]})
    rows = [line.split(",")[:4] for line in files["rejects/a.csv"].splitlines()[1:]]
    assert rows == [
        ["a.csv", "", "", "FILE-NOTHING"], ["a.csv", "3", "", "LINE-REPEATED"], ["a.csv", "4", "", "LINE-REPEATED"],
    ]  # fmt: skip
