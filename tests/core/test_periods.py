import datetime as dt

import pytest

from yoc.core.periods import MONTH_NAMES, FinancialYear, PeriodError, day_number, day_of_number, parse_date


@pytest.mark.parametrize("text", ["2026/27", " 2026-27 ", "202627", "2026 / 27", "2026/2027"])
def test_a_year_is_read_in_each_form(text):
    assert FinancialYear.parse(text) == FinancialYear(2026)


def test_the_last_year_of_a_century_is_followed_by_nought():
    assert FinancialYear.parse("2099/00") == FinancialYear(2099)
    assert (str(FinancialYear(2099)), FinancialYear(2099).slug) == ("2099/00", "2099-00")


@pytest.mark.parametrize("text", ["2026/28", "2026/26", "2026/2028", "202628", "2026", "1926/27", "26/27", "2026/27x"])
def test_two_years_that_do_not_follow_each_other_are_none(text):
    with pytest.raises(PeriodError):
        FinancialYear.parse(text)


def test_the_months_and_quarters_of_a_year_begin_in_april():
    months = FinancialYear(2026).month_starts()
    assert months[:2] == (dt.date(2026, 4, 1), dt.date(2026, 5, 1))
    assert months[8:] == (dt.date(2026, 12, 1), dt.date(2027, 1, 1), dt.date(2027, 2, 1), dt.date(2027, 3, 1))
    assert len(months) == len(MONTH_NAMES) == 12
    quarters = (dt.date(2026, 4, 1), dt.date(2026, 7, 1), dt.date(2026, 10, 1), dt.date(2027, 1, 1))
    assert FinancialYear(2026).quarter_starts() == quarters


def test_contract_years_count_from_one():
    first = FinancialYear(2026)
    assert [FinancialYear(year).number_since(first) for year in (2026, 2028)] == [1, 3]


@pytest.mark.parametrize("text", ["2026-02-29", "2026-4-1", "20260401", "01/04/2026", "2026-04-01T00:00", ""])
def test_a_day_is_written_in_one_way(text):
    with pytest.raises(PeriodError):
        parse_date(text)


def test_a_day_and_its_number():
    assert parse_date(" 2028-02-29 ") == dt.date(2028, 2, 29)
    assert (day_number(dt.date(1970, 1, 1)), day_number(dt.date(1971, 1, 2))) == (0, 366)
    assert day_of_number(366) == dt.date(1971, 1, 2)
