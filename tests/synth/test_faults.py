"""Every planted fault, counted again by reading the raw cells."""

import datetime as dt
import re
from collections import Counter, defaultdict

import pytest

from yoc.synth.layouts import PLCM

PLACE = {name: place for place, name in enumerate(PLCM)}
MONTH, YEAR = PLACE["FINANCIAL MONTH"], PLACE["FINANCIAL YEAR"]
PERSON = PLACE["NHS NUMBER"]
END = PLACE["ACTIVITY END DATE (CONTRACT MONITORING)"]
POD = PLACE["POINT OF DELIVERY CODE"]
TARIFF = PLACE["TARIFF CODE"]
COUNT = PLACE["ACTIVITY COUNT (POINT OF DELIVERY)"]
COST = PLACE["TOTAL COST"]
MONEY_ONLY = {"BLOCK", "CQUIN", "ADJUSTMENT", "ADJUSTM"}


def is_american(text: str) -> bool:
    return re.fullmatch(r"\d\d/(1[3-9]|2\d|3[01])/\d{4}", text) is not None


SIGNS = {
    "cost_thousands_separator": lambda row: re.fullmatch(r"\d{1,3}(,\d{3})+\.\d\d", row[COST]),
    "cost_misencoded_pound_sign": lambda row: row[COST].startswith("Â£"),
    "cost_accounting_negative": lambda row: re.fullmatch(r"\([\d,]+\.\d\d\)", row[COST]),
    "cost_word_tbc": lambda row: row[COST] == "TBC",
    "cost_blank": lambda row: row[COST] == "",
    "quantity_word_tbc": lambda row: row[COUNT] == "TBC",
    "date_day_month_year": lambda row: re.fullmatch(r"\d\d/09/2026", row[END]),
    "date_excel_serial": lambda row: row[END].isdigit(),
    "date_impossible": lambda row: row[END] == "31/02/2027",
    "date_month_day_year": lambda row: is_american(row[END]),
    "year_slash": lambda row: row[YEAR] == "2026/27",
    "year_dash": lambda row: row[YEAR] == "2026-27",
    "year_long": lambda row: row[YEAR] == "2026-2027",
    "year_not_consecutive": lambda row: row[YEAR] == "202628",
    "month_13": lambda row: row[MONTH] == "13",
    "other_financial_year": lambda row: row[YEAR] == "202526" and row[END] < "2026-04-01",
    "pod_ae_type1": lambda row: row[POD] == "AE TYPE1",
    "pod_adjustm": lambda row: row[POD] == "ADJUSTM",
    "pod_opfaspc": lambda row: row[POD] == "OPFASPC",
    "pod_lower_case": lambda row: row[POD] == "nel",
    "pod_trailing_spaces": lambda row: row[POD] == "AE  ",
    "pod_unmapped": lambda row: row[POD] == "XYZZY",
    "person_placeholder": lambda row: row[PERSON] == "1",
    "person_blank": lambda row: row[PERSON] == "" and row[POD] not in MONEY_ONLY,
    "code_without_price": lambda row: row[TARIFF] in {"ZZ99X", "ZZ98Y", "COMZZ9"},
    "file_without_period": lambda row: row[MONTH] == row[YEAR] == "",
}


def fault_of(name: str, row: tuple[str, ...]) -> list[str]:
    """The faults that a row shows."""
    if len(row) != len(PLCM):
        return ["ragged_row"]
    found = [fault for fault, shows in SIGNS.items() if shows(row)]
    if row[COST].startswith("£"):
        found.append("cost_pound_sign_windows_1252" if "M04_ZM1" in name else "cost_pound_sign")
    return found


@pytest.fixture(scope="module")
def found(first_load) -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    for row in first_load:
        for fault in fault_of(row.file, row.cells):
            counts[fault, row.file] += 1
    return counts


def test_the_files_hold_exactly_the_faults_that_the_list_names(sample, found):
    listed = {
        (row["fault"], row["file"]): int(row["rows"])
        for row in sample.table("planted_faults.csv")
        if row["file"].startswith("plcm/load-1/") and row["fault"] != "slice_superseded"
    }
    assert dict(found) == listed


def test_no_row_has_two_faults(first_load):
    assert max(len(fault_of(row.file, row.cells)) for row in first_load) == 1


def test_second_load_has_no_fault(second_load):
    assert all(fault_of(row.file, row.cells) == [] for row in second_load)


def test_superseded_rows_are_all_rows_of_their_file(sample, first_load):
    rows = Counter(row.file for row in first_load)
    superseded = [row for row in sample.table("planted_faults.csv") if row["fault"] == "slice_superseded"]
    assert all(int(row["rows"]) == rows[row["file"]] for row in superseded)


def test_windows_1252_file_holds_a_bare_pound_byte_a_row(sample):
    data = (sample.folder / "plcm/load-1/PLCM_2627_M04_ZM1.csv").read_bytes()
    assert data.count(b"\xa3") == 3
    assert data.count(b"\xc2") == 0


def test_registration_faults(sample):
    listed = {row["fault"]: int(row["rows"]) for row in sample.table("planted_faults.csv")}
    registrations = sample.table("registrations.csv")
    left_open = [r for r in registrations if r["REASON FOR REMOVAL"] == "Left" and not r["BUSINESS EFFECTIVE TO DATE"]]
    assert len(left_open) == listed["registration_left_without_end"] == 5
    # Their only row: nothing else would keep these people on a list.
    rows_of = Counter(row["PSEUDO NHS NUMBER"] for row in registrations)
    assert all(rows_of[row["PSEUDO NHS NUMBER"]] == 1 for row in left_open)
    dead = {row["PSEUDO NHS NUMBER"] for row in sample.table("persons.csv") if row["PERSON DEATH DATE"]}
    open_rows = [r for r in registrations if not r["BUSINESS EFFECTIVE TO DATE"] and r["PSEUDO NHS NUMBER"] in dead]
    assert len(open_rows) == listed["registration_open_after_death"] > 0


def test_expectations_are_the_four_words(sample):
    words = defaultdict(set)
    for row in sample.table("planted_faults.csv"):
        words[row["expected"]].add(row["fault"])
    assert set(words) == {"accepted", "set_aside", "rejected", "superseded"}
    assert words["rejected"] == {
        "cost_word_tbc", "cost_blank", "quantity_word_tbc", "date_impossible", "date_month_day_year",
        "year_not_consecutive", "month_13", "ragged_row", "registration_left_without_end",
    }  # fmt: skip
    assert words["set_aside"] == {
        "other_financial_year", "pod_adjustm", "pod_unmapped", "person_placeholder", "person_blank",
        "code_without_price",
    }  # fmt: skip


def test_excel_serial_is_the_day_that_excel_counts(first_load):
    serials = [row.cells[END] for row in first_load if len(row.cells) == len(PLCM) and row.cells[END].isdigit()]
    # Excel calls 1 September 2026 day 46266.
    assert (dt.date(2026, 9, 1) - dt.date(1899, 12, 30)).days == 46266
    assert serials == ["46269", "46270", "46271", "46272"]
