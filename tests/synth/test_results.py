"""Indicator results and payments on account."""

from collections import defaultdict
from decimal import Decimal

HOSTS = ["NWB", "ICE", "SBR", "SGL", "WOO", "WWV"]


def test_one_row_a_host_and_indicator(sample):
    rows = sample.table("indicator_results.csv")
    assert len({(row["HOST CODE"], row["INDICATOR"]) for row in rows}) == len(rows) == 36
    assert list(dict.fromkeys(row["HOST CODE"] for row in rows)) == HOSTS
    assert {row["INDICATOR"] for row in rows} == {
        "emergency_admissions_avoidable", "blood_pressure_controlled", "hba1c_controlled", "anxiety_recovery",
        "care_plan_agreed", "patient_activation_improved",
    }  # fmt: skip
    assert all(0 <= int(row["NUMERATOR"]) <= int(row["DENOMINATOR"]) for row in rows)
    assert all("synthetic" in row["SOURCE"] for row in rows)


def test_twelve_payments_a_host_come_to_nine_tenths_of_the_budget(sample):
    by_host = defaultdict(list)
    for row in sample.table("payments_on_account.csv"):
        assert (row["PAYER CODE"], row["FINANCIAL YEAR"]) == ("XQY", "202627")
        by_host[row["PAYEE CODE"]].append(row)
    assert list(by_host) == HOSTS
    for rows in by_host.values():
        dates = [row["PAYMENT DATE"] for row in rows]
        assert dates == sorted(set(dates))
        assert (len(dates), dates[0], dates[-1]) == (12, "2026-04-15", "2027-03-15")
        assert all(date.endswith("-15") for date in dates)
    total = sum(Decimal(row["AMOUNT"]) for rows in by_host.values() for row in rows)
    # 1,000 people at £2,630 a year, of which 9 in a thousand, the balance that is hoped for, is paid on account.
    assert total == Decimal("23670.00")
    assert len({row["REFERENCE"] for rows in by_host.values() for row in rows}) == 72
