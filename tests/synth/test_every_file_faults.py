"""Every fault of the sample of every national file, counted again by reading the cells."""

import re
from collections import Counter, defaultdict
from itertools import pairwise

import pytest
from tests.synth.every_file import (
    COST,
    COUNT,
    END,
    MONTH,
    PERSON,
    POD,
    PRICE,
    PROVIDER,
    TARIFF,
    YEAR,
    amount,
    as_read,
    load_of,
    plcm_files,
    raw_rows,
    table,
)  # fmt: skip

from yoc.intake.texts import read_day

COMMISSIONER = "ORGANISATION IDENTIFIER (CODE OF COMMISSIONER)"
RESPONSIBILITY = "ORGANISATION IDENTIFIER (GP PRACTICE RESPONSIBILITY)"
REGISTERED = "GENERAL MEDICAL PRACTICE CODE (PATIENT REGISTRATION)"
MONEY = ("BLOCK", "CQUIN", "ADJUSTMENT")
FIRST_DAY = read_day("2026-04-01")


def is_american(text: str) -> bool:
    return re.fullmatch(r"\d\d/(1[3-9]|2\d|3[01])/202[67]", text) is not None and text != "31/02/2027"


def unit_pence(row) -> int:
    return int(amount(row[PRICE]) * 100)


SIGNS = {
    "number_with_commas": lambda row: re.fullmatch(r"\d{1,3}(,\d{3})+\.\d\d", row[COST]),
    "number_misencoded_pound_sign": lambda row: row[COST].startswith("Â£"),
    "number_accounting_negative": lambda row: re.fullmatch(r"\([\d,]+\.\d\d\)", row[COST]),
    "number_blank": lambda row: row[COST] == "",
    "count_word_tbc": lambda row: row[COUNT] == "TBC",
    "date_day_month_year": lambda row: re.fullmatch(r"\d\d/09/2026", row[END]),
    "date_excel_serial": lambda row: re.fullmatch(r"\d{5}", row[END]),
    "date_without_separators": lambda row: re.fullmatch(r"20\d{6}", row[END]),
    "date_month_named": lambda row: re.fullmatch(r"\d\d-[A-Z][a-z]{2}-20\d\d", row[END]),
    "date_month_first": lambda row: is_american(row[END]),
    "date_impossible": lambda row: row[END] == "31/02/2027",
    "activity_before_birth": lambda row: row[END].startswith("192"),
    "year_slash": lambda row: row[YEAR] == "2026/27",
    "year_dash": lambda row: row[YEAR] == "2026-27",
    "year_long": lambda row: row[YEAR] == "2026-2027",
    "year_not_consecutive": lambda row: row[YEAR] == "202628",
    "year_bare": lambda row: row[YEAR] == "2026",
    "month_13": lambda row: row[MONTH] == "13",
    "other_financial_year": lambda row: row[YEAR] == "202526" and row[END] < "2026-04-01",
    "period_in_the_future": lambda row: row[YEAR] == "202930",
    "pod_ae_type1": lambda row: row[POD] == "AE TYPE1",
    "pod_adjustm": lambda row: row[POD] == "ADJUSTM",
    "pod_opfaspc": lambda row: row[POD] == "OPFASPC",
    "pod_lower_case": lambda row: row[POD] == "nel",
    "pod_trailing_spaces": lambda row: row[POD] == "AE  ",
    "pod_unmapped": lambda row: row[POD] == "XYZZY",
    "transport_without_patient": lambda row: row[POD] == "PTSTRANS" and row[PERSON] == "",
    "code_without_price": lambda row: row[TARIFF] == "ZZ99X",
    "person_placeholder": lambda row: row[PERSON] == "1",
    "person_blank": lambda row: row[PERSON] == "" and row[POD] not in (*MONEY, "ADJUSTM", "PTSTRANS"),
    "commissioner_vpp00": lambda row: row[COMMISSIONER] == "VPP00",
    "commissioner_xmd00": lambda row: row[COMMISSIONER] == "XMD00",
    "commissioner_q99": lambda row: row[COMMISSIONER] == "Q99",
    "block_beside_contacts": lambda row: (row[POD], row[PROVIDER]) == ("BLOCK", "ZC1"),
    "block_without_patient": lambda row: row[POD] == "BLOCK" and row[PROVIDER] != "ZC1",
    "cquin_without_patient": lambda row: row[POD] == "CQUIN",
    "adjustment_without_patient": lambda row: row[POD] == "ADJUSTMENT",
    "spell_days_over_allocated": lambda row: row["HOSPITAL PROVIDER SPELL NUMBER"] == "ZM1SPLIT01",
    "practice_responsibility_blank": lambda row: row[RESPONSIBILITY] == "" and row[POD] not in MONEY,
    "practice_registration_blank": lambda row: row[PERSON] != "" and row[REGISTERED] == "",
}
BY_FILE = {
    "number_with_pound_sign": ("M12_ZA2.csv", lambda row: row[COST].startswith("£")),
    "number_pound_sign_windows_1252": ("M05_ZA1.csv", lambda row: row[COST].startswith("£")),
    "number_word_tbc": ("M06_ZA1.csv", lambda row: row[COST] == "TBC"),
    "submission_mostly_faulty": ("M11_ZC1.csv", lambda row: row[COST] == "TBC"),
    "period_from_file_name": ("M02_ZM1.csv", lambda row: row[YEAR] == row[MONTH] == ""),
    "period_from_activity_date": ("december-ZM1.csv", lambda row: row[YEAR] == row[MONTH] == ""),
}
# The year form that is no fault, and faults that only a comparison with something else shows.
ELSEWHERE = {
    "year_compact", "file_superseded", "line_restated", "line_added_by_restatement", "month_light",
    "line_repeated_in_file", "line_repeated_in_later_file", "activity_after_death", "count_ten_times",
    "price_ten_times", "spell_also_in_sus", "row_too_short",
}  # fmt: skip


@pytest.fixture(scope="module")
def listed(every_file) -> dict[tuple[str, str], tuple[int, str, str]]:
    return {
        (row["file"], row["fault"]): (int(row["rows"]), row["expected"], row["outcome"])
        for row in every_file.table("planted_faults.csv")
    }


@pytest.fixture(scope="module")
def rows_by_file(every_file) -> dict[str, list[dict[str, str]]]:
    """The rows of every file of contract monitoring that no later one replaces, short ones left out."""
    return {
        path.relative_to(every_file.folder).as_posix(): [row for row in table(path) if COST in row]
        for path in plcm_files(every_file.folder)
        if not (path.name.endswith("_ZA2.csv") and load_of(path) < 12)
    }


def test_the_files_hold_exactly_the_faults_that_the_list_names(listed, rows_by_file):
    found: Counter[tuple[str, str]] = Counter()
    for file, rows in rows_by_file.items():
        for row in rows:
            found.update((file, fault) for fault, shows in SIGNS.items() if shows(row))
            found.update(
                (file, fault) for fault, (ending, shows) in BY_FILE.items() if file.endswith(ending) and shows(row)
            )
    expected = {
        key: rows for key, (rows, _, _) in listed.items() if key[0].startswith("plcm/") and key[1] not in ELSEWHERE
    }
    assert dict(found) == expected


def test_rejected_rows_are_those_that_cannot_be_read_and_no_others(every_file, listed):
    expected: Counter[str] = Counter()
    for (file, fault), (rows, fate, _) in listed.items():
        if file.startswith("plcm/") and fate == "rejected":
            expected[file] += rows
            assert fault != "file_superseded"
    rejected: Counter[str] = Counter()
    for path in plcm_files(every_file.folder):
        rejected[path.relative_to(every_file.folder).as_posix()] += sum(
            as_read(path, row) is None for row in table(path)
        )
    assert +rejected == expected


def test_most_of_the_faulty_submission_cannot_be_read(every_file, listed):
    file = "plcm/load-11/PLCM_2627_M11_ZC1.csv"
    rows = len(raw_rows(every_file.folder / file)) - 1
    assert 0.59 < listed[file, "submission_mostly_faulty"][0] / rows <= 0.6


def test_short_rows_end_before_their_tariff(every_file, listed):
    header, *rows = raw_rows(every_file.folder / "plcm/load-7/PLCM_2627_M07_ZC1.csv")
    short = [row for row in rows if len(row) < len(header)]
    assert len(short) == listed["plcm/load-7/PLCM_2627_M07_ZC1.csv", "row_too_short"][0] == 2


def test_tens_are_ten_times_the_book(rows_by_file):
    book = {
        row[COST] for row in rows_by_file["plcm/load-1/PLCM_2627_M01_ZA1.csv"]
        if (row[TARIFF], row[POD], row[PRICE]) == ("WF01B", "OPFASPCL", "241.10")
    }  # fmt: skip
    # £241.10 × 1.037218 is £250.07 to the penny.
    assert "250.07" in book
    counts = [row for row in rows_by_file["plcm/load-9/PLCM_2627_M09_ZA1.csv"] if row[COUNT] == "10"]
    assert [(row[PRICE], row[COST]) for row in counts] == [("241.10", "250.07")] * 2
    prices = [row for row in rows_by_file["plcm/load-11/PLCM_2627_M11_ZA1.csv"] if row[PRICE] == "2411.00"]
    assert [(row[COUNT], row[COST]) for row in prices] == [("1", "2500.70")] * 2


def test_activity_after_death_is_of_people_who_died_before_the_year(every_file, rows_by_file, listed):
    dead = {
        row["PSEUDO NHS NUMBER"] for row in every_file.table("persons.csv")
        if row["PERSON DEATH DATE"] and row["PERSON DEATH DATE"] < "2026-04-01"
    }  # fmt: skip
    file = "plcm/load-4/PLCM_2627_M04_ZA1.csv"
    assert sum(row[PERSON] in dead for row in rows_by_file[file]) == listed[file, "activity_after_death"][0] == 3
    assert sum(row[PERSON] in dead for rows in rows_by_file.values() for row in rows) == 3


def test_repeated_lines_stand_twice_with_one_identifier(rows_by_file, listed):
    seen: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for file, rows in rows_by_file.items():
        for row in rows:
            key = row["CDS UNIQUE IDENTIFIER"] or row["NON CDS UNIQUE IDENTIFIER"]
            seen[key].append((file, row[COST]))
    twice = [places for places in seen.values() if len(places) > 1]
    assert all(len({cost for _, cost in places}) == 1 for places in twice)
    within, later = "plcm/load-8/PLCM_2627_M08_ZA1.csv", "plcm/load-10/PLCM_2627_M10_ZA1.csv"
    assert sorted(tuple(sorted(file for file, _ in places)) for places in twice) == sorted(
        [(within, within)] * listed[within, "line_repeated_in_file"][0]
        + [(later, "plcm/load-9/PLCM_2627_M09_ZA1.csv")] * listed[later, "line_repeated_in_later_file"][0]
    )


def test_spells_of_contract_monitoring_that_secondary_uses_hold_too(every_file, rows_by_file, listed):
    file = "sus/admitted/SUS_ADMITTED_2627_M06.csv"
    again = [row for row in table(every_file.folder / file) if row["Der_Provider_Code"] == "ZA1"]
    own = {
        row["HOSPITAL PROVIDER SPELL NUMBER"]: row for row in rows_by_file["plcm/load-6/PLCM_2627_M06_ZA1.csv"]
    }  # fmt: skip
    assert len(again) == listed[file, "spell_also_in_plcm"][0] == 3
    for row in again:
        twin = own[row["Hospital_Spell_No"]]
        assert (row["Der_Pseudo_NHS_Number"], row["Discharge_Date"], row["National_POD_Code"]) == (
            twin[PERSON], twin[END], twin[POD],
        )  # fmt: skip
        assert row["Grand_Total_Payment_MFF"] == twin[COST]


def test_contacts(every_file, listed):
    beside = 0
    for feed, status, provider in (
        ("csds", "ATTENDANCE STATUS", "ORGANISATION IDENTIFIER (CODE OF PROVIDER)"),
        ("mhsds", "AttendStatus", "OrgIDProv"),
    ):
        for path in sorted((every_file.folder / feed).iterdir()):
            file = path.relative_to(every_file.folder).as_posix()
            rows = list(table(path))
            missed = [row for row in rows if row[status] not in ("5", "6")]
            assert listed[file, "contact_not_attended"] == (len(missed), "set_aside", "not_attended")
            assert 0.05 < len(missed) / len(rows) < 0.25
            default = sum(row[provider] == "89997" for row in rows)
            assert listed.get((file, "provider_default_code"), (0,))[0] == default
            repeated = len(rows) - len({tuple(row.values()) for row in rows})
            assert listed.get((file, "contact_repeated"), (0,))[0] == repeated
            beside += default + repeated
    assert beside == 4


def test_secondary_uses(every_file, listed):
    for path in (every_file.folder / "sus").rglob("*.csv"):
        file = path.relative_to(every_file.folder).as_posix()
        provider, payer = next(
            names
            for names in (
                ("Der_Provider_Code", "Der_Commissioner_Code"),
                tuple(f"spell.commissioning.service_agreement.{role}" for role in ("provider", "commissioner_derived")),
            )
            if names[0] in raw_rows(path)[0]
        )
        rows = [row for row in table(path) if row[provider] == "ZL1"]
        missed = [row for row in rows if row.get("Attendance_Status") == "3"]
        ours = [row for row in rows if row[payer] == "XQY" and row not in missed]
        assert listed.get((file, "low_volume_provider"), (0,))[0] == len(ours)
        assert listed.get((file, "appointment_not_attended"), (0,))[0] == len(missed)
        assert all(row["Grand_Total_Payment_MFF"] == "0.00" for row in missed)


def test_registrations(every_file, listed):
    dead = {row["PSEUDO NHS NUMBER"] for row in every_file.table("persons.csv") if row["PERSON DEATH DATE"]}
    spans: dict[str, list[tuple[str, str]]] = defaultdict(list)
    left_open = after_death = 0
    for row in every_file.table("pds_care_practice.csv"):
        open_end = row["BUSINESS EFFECTIVE TO"] == ""
        if open_end and row["REASON FOR REMOVAL"] == "Left":
            left_open += 1
            continue
        after_death += open_end and row["PSEUDO NHS NUMBER"] in dead
        end = row["BUSINESS EFFECTIVE TO"] or "9999"
        spans[row["PSEUDO NHS NUMBER"]].append((row["BUSINESS EFFECTIVE FROM"], end))
    overlapping = 0
    for own in spans.values():
        own.sort()
        overlapping += sum(later[0] <= earlier[1] for earlier, later in pairwise(own))
    file = "pds_care_practice.csv"
    assert listed[file, "registration_left_without_end"][0] == left_open == 5
    assert listed[file, "registration_open_after_death"][0] == after_death > 0
    assert listed[file, "registration_overlapping"][0] == overlapping > 8


def test_every_file_that_is_replaced_is_listed_whole(every_file, listed):
    for load in range(1, 12):
        file = f"plcm/load-{load}/PLCM_2627_M{load:02d}_ZA2.csv"
        assert listed[file, "file_superseded"] == (
            len(raw_rows(every_file.folder / file)) - 1, "superseded", "ROW-SUPERSEDED",
        )  # fmt: skip


def test_responsibility_is_filled_for_nearly_all_and_the_registered_practice_for_hardly_any(rows_by_file):
    people = [row for rows in rows_by_file.values() for row in rows if row[PERSON]]
    filled = sum(row[RESPONSIBILITY] != "" for row in people) / len(people)
    shown = sum(row[REGISTERED] != "" for row in people) / len(people)
    assert 0.975 < filled < 0.99
    assert shown < 0.03


def test_each_expectation_is_one_of_the_five_words_and_names_what_says_so(listed):
    assert {fate for _, fate, _ in listed.values()} == {"accepted", "set_aside", "rejected", "superseded", "finding"}
    assert all((outcome == "") == (fate == "accepted") for _, fate, outcome in listed.values())
    assert all(rows > 0 for rows, _, _ in listed.values())
