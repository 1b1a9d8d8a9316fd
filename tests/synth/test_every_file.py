"""The sample of every national file: all files in their names and containers, and what must add up between them."""

import csv
import datetime as dt
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.synth.every_file import (
    COST,
    COUNT,
    END,
    FIRST_PERIOD,
    MONTH,
    PERSON,
    POD,
    PROVIDER,
    START,
    YEAR,
    amount,
    latest,
    plcm_files,
    raw_rows,
    table,
)  # fmt: skip
from tests.synth.test_generate import digests

from yoc.intake.texts import read_period, read_point_of_delivery
from yoc.synth import DestinationInUse, Sizes, generate_every_file

BOOK = Path(__file__).parents[2] / "tariffs" / "sample-prices" / "2026-27"
MONTHS = [f"M{month:02d}" for month in range(1, 13)]


def columns(every_file, name: str) -> list[str]:
    return raw_rows(every_file.folder / name)[0]


def test_files_are_those_of_the_layout(every_file):
    billing = ("ZA1", "ZA2", "ZM1", "ZC1", "ZG1")
    plcm = {f"plcm/load-{n}/PLCM_2627_M{n:02d}_{provider}.csv" for n in range(1, 13) for provider in billing}
    for plain, really in {
        "plcm/load-2/PLCM_2627_M02_ZA1.csv": "plcm/load-2/PLCM_2627_M02_ZA1.csv.gz",
        "plcm/load-3/PLCM_2627_M03_ZA1.csv": "plcm/load-3/PLCM_2627_M03_ZA1.zip",
        "plcm/load-4/PLCM_2627_M04_ZC1.csv": "plcm/load-4/PLCM_2627_M04_ZC1.xlsx",
        "plcm/load-6/PLCM_2627_M06_ZM1.csv": "plcm/load-6/PLCM_2627_M06_ZM1.tsv",
        "plcm/load-7/PLCM_2627_M07_ZG1.csv": "plcm/load-7/PLCM_2627_M07_ZG1.parquet",
        "plcm/load-9/PLCM_2627_M09_ZM1.csv": "plcm/load-9/contract-monitoring-december-ZM1.csv",
    }.items():
        plcm.remove(plain)
        plcm.add(really)
    expected = plcm | {
        "README.txt", "persons.csv", "conditions.csv", "pds_care_practice.csv", "pds_care_practice_before.csv",
        "practices.csv", "neighbourhoods.csv", "pcn_partners.csv", "network_neighbourhoods.csv",
        "practice_successors.csv",
        "gp-reg-pat-prac-all.csv", "invoices.csv", "indicator_results.csv", "payments_on_account.csv",
        "planted_faults.csv", "prices/2026-27-prices.xlsx", "prices/2026-27-prices-pay-award.xlsx",
        "prices/2026-27-market-forces-factors.xlsx",
        *(f"acm/ACM_2627_{month}_{provider}.csv" for month in MONTHS for provider in billing),
        *(f"{kind}_plcm/{kind.upper()}_PLCM_2627_{month}_{provider}.csv"
          for kind in ("drugs", "devices") for month in MONTHS for provider in ("ZA1", "ZA2")),
        *(f"sus/{kind}/SUS_{kind.upper()}_2627_{month}.csv"
          for kind in ("admitted", "outpatient", "emergency") for month in MONTHS),
        *(f"{feed}/{feed.upper()}_CONTACTS_2627_{month}.csv" for feed in ("csds", "mhsds") for month in MONTHS),
        *(f"gp_appointments/Practice_Level_Crosstab_{dt.date(2026 + (n > 8), (n + 3) % 12 + 1, 1):%b_%y}.csv"
          for n in range(12)),
    }  # fmt: skip
    assert set(digests(every_file.folder)) == expected


def test_both_generations_of_contract_monitoring_have_their_own_names(every_file):
    old = columns(every_file, "plcm/load-1/PLCM_2627_M01_ZA1.csv")
    new = columns(every_file, "plcm/load-1/PLCM_2627_M01_ZA2.csv")
    assert {"HOSPITAL PROVIDER SPELL NUMBER", "ATTENDANCE IDENTIFIER", "TOTAL COST"} <= set(old)
    assert {
        "REPORTING_TYPE_INDICATOR", "ORGANISATION_IDENTIFIER_(RESIDENCE_RESPONSIBILITY)",
        "HOSPITAL_PROVIDER_SPELL_IDENTIFIER", "OUTPATIENT_ATTENDANCE_IDENTIFIER",
        "AGE_AT_ACTIVITY_DATE_(CONTRACT_MONITORING)", "TOTAL_COST",
    } <= set(new)  # fmt: skip
    assert len(new) == len(old) + 2
    assert not {name.replace("_", " ") for name in new} >= {"HOSPITAL PROVIDER SPELL NUMBER"}


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("drugs_plcm/DRUGS_PLCM_2627_M01_ZA1.csv", "CLINICAL INTERVENTION DATE (DRUG ADMINISTERED)"),
        ("drugs_plcm/DRUGS_PLCM_2627_M01_ZA2.csv", "CLINICAL INTERVENTION DATE (DRUG DISPENSED)"),
        ("drugs_plcm/DRUGS_PLCM_2627_M01_ZA2.csv", "HOME DELIVERY CHARGE"),
        ("devices_plcm/DEVICES_PLCM_2627_M01_ZA1.csv", "CLINICAL INTERVENTION DATE (MEDICAL DEVICE IMPLEMENTATION)"),
        ("sus/admitted/SUS_ADMITTED_2627_M06.csv", "Grand_Total_Payment_MFF"),
        ("sus/admitted/SUS_ADMITTED_2627_M07.csv", "spell.commissioning.tariff_calculation.final_price"),
        ("sus/outpatient/SUS_OUTPATIENT_2627_M01.csv", "Tariff_OPP"),
        ("sus/emergency/SUS_EMERGENCY_2627_M01.csv", "SUS_Costing_Period"),
        ("csds/CSDS_CONTACTS_2627_M01.csv", "ATTENDANCE STATUS"),
        ("mhsds/MHSDS_CONTACTS_2627_M01.csv", "AttendStatus"),
        ("gp_appointments/Practice_Level_Crosstab_Apr_26.csv", "TIME_BETWEEN_BOOK_AND_APPT"),
        ("gp-reg-pat-prac-all.csv", "NUMBER_OF_PATIENTS"),
        ("pcn_partners.csv", "Practice to PCN Relationship End Date"),
        ("pds_care_practice.csv", "derIcbOfRegistration"),
        ("acm/ACM_2627_M01_ZA1.csv", "CONTRACT MONITORING ACTUAL MARKET FORCES FACTOR"),
        ("invoices.csv", "INVOICE AMOUNT"),
    ],
)
def test_each_family_has_its_national_names(every_file, name, header):
    assert header in columns(every_file, name)


def test_each_container_is_what_its_name_says(every_file):
    def data(name: str) -> bytes:
        return (every_file.folder / "plcm" / name).read_bytes()

    assert data("load-2/PLCM_2627_M02_ZA1.csv.gz")[:2] == b"\x1f\x8b"
    assert data("load-3/PLCM_2627_M03_ZA1.zip")[:4] == b"PK\x03\x04"
    assert data("load-6/PLCM_2627_M06_ZM1.tsv")[:2] == b"\xff\xfe"
    semicolons = data("load-5/PLCM_2627_M05_ZA1.csv")
    assert semicolons.count(b"\xa3") == 3
    assert b"\xc2" not in semicolons
    assert semicolons.split(b"\n")[0].count(b";") == 42
    sheet = openpyxl.load_workbook(every_file.folder / "plcm/load-4/PLCM_2627_M04_ZC1.xlsx").worksheets[0]
    first = dict(zip(*sheet.iter_rows(max_row=2, values_only=True), strict=True))
    assert isinstance(first[END], dt.datetime)
    assert isinstance(first["TOTAL COST"], int | float)
    assert first["FINANCIAL YEAR"] == "202627"
    schema = pq.read_schema(every_file.folder / "plcm/load-7/PLCM_2627_M07_ZG1.parquet")
    assert (schema.field(END).type, schema.field(COST).type) == (pa.date32(), pa.decimal128(18, 2))


def test_statements_are_contract_monitoring_with_drugs_and_devices_but_for_two_pennies(every_file):
    activity: Counter[tuple[str, int, str]] = Counter()
    counted: Counter[tuple[str, int, str]] = Counter()
    for read in latest(every_file.folder):
        activity[read[:3]] += read.pence
        counted[read[:3]] += read.thousandths
    for kind, quantity in (
        ("drugs", "DRUG QUANTITY OR WEIGHT PROPORTION (HIGH COST TARIFF EXCLUDED DRUG)"),
        ("devices", "MEDICAL DEVICE QUANTITY (HIGH COST TARIFF EXCLUDED DEVICE)"),
    ):
        for path in (every_file.folder / f"{kind}_plcm").iterdir():
            for row in table(path):
                cell = row[PROVIDER], FIRST_PERIOD - 1 + int(row[MONTH]), row[POD]
                activity[cell] += int(amount(row[COST]) * 100)
                counted[cell] += int(amount(row[quantity]) * 1000)
    stated: Counter[tuple[str, int, str]] = Counter()
    counts: Counter[tuple[str, int, str]] = Counter()
    for path in (every_file.folder / "acm").iterdir():
        for row in table(path):
            period, fault = read_period(row[YEAR], row[MONTH])
            assert fault == ""
            cell = row[PROVIDER], period, read_point_of_delivery(row[POD])
            stated[cell] += int(amount(row["CONTRACT MONITORING ACTUAL PRICE"]) * 100)
            counts[cell] += int(amount(row["CONTRACT MONITORING ACTUAL ACTIVITY"]) * 1000)
    known = [cell for cell in {*stated, *activity} if cell[1] < FIRST_PERIOD + 12]
    assert len(known) > 500
    differ = {cell: stated[cell] - activity[cell] for cell in known if stated[cell] != activity[cell]}
    assert differ == {("ZA1", FIRST_PERIOD + 5, "OPFUPSPCL"): 1, ("ZA2", FIRST_PERIOD + 8, "DRUG"): 1}
    assert [cell for cell in known if counts[cell] != counted[cell]] == []
    assert {cell[2] for cell in known if cell[0] == "ZA1"} >= {"NEL", "AE", "DC", "DRUG", "DEVICE", "BLOCK", "CQUIN"}


def test_invoices_are_statements_but_for_one_penny(every_file):
    stated: Counter[tuple[str, str, str]] = Counter()
    for path in (every_file.folder / "acm").iterdir():
        for row in table(path):
            stated[row[PROVIDER], row[YEAR], row[MONTH]] += int(amount(row["CONTRACT MONITORING ACTUAL PRICE"]) * 100)
    invoiced = {
        (row[PROVIDER], row[YEAR], row[MONTH]): int(amount(row["INVOICE AMOUNT"]) * 100)
        for row in table(every_file.folder / "invoices.csv")
    }
    assert set(invoiced) == set(stated)
    assert {key: pence - stated[key] for key, pence in invoiced.items() if pence != stated[key]} == {
        ("ZC1", "202627", "10"): -1
    }


def test_drugs_cost_quantity_times_price_with_tax_and_delivery(every_file):
    rows = [row for path in (every_file.folder / "drugs_plcm").iterdir() for row in table(path)]
    quantity = "DRUG QUANTITY OR WEIGHT PROPORTION (HIGH COST TARIFF EXCLUDED DRUG)"
    taxed = "VALUE ADDED TAX CHARGED INDICATOR (CONTRACT MONITORING)"
    for row in rows:
        net = Decimal(row["UNIT PRICE (COMMISSIONER)"]) * Decimal(row[quantity])
        gross = net * (Decimal("1.2") if row[taxed] == "Y" else 1) + Decimal(row["HOME DELIVERY CHARGE"])
        assert abs(Decimal(row[COST]) - gross) <= Decimal("0.005")
    assert {row[taxed] for row in rows} == {"Y", "N"}
    assert {row["HOME DELIVERY CHARGE"] == "0.00" for row in rows} == {True, False}


def test_cumulative_files_hold_every_month_so_far_and_restate_the_last_two(every_file):
    before: dict[str, tuple[str, str]] = {}
    for load in range(1, 13):
        rows = list(table(every_file.folder / f"plcm/load-{load}/PLCM_2627_M{load:02d}_ZA2.csv"))
        assert sorted({int(row[MONTH]) for row in rows}) == list(range(1, load + 1))
        now = {row["CDS UNIQUE IDENTIFIER"]: (row[MONTH], row[COST]) for row in rows if row[PERSON]}
        changed = {key for key, cells in before.items() if now[key] != cells}
        assert len(changed) == (2 if load > 1 else 0)
        assert {before[key][0] for key in changed} == ({str(load - 1)} if load > 1 else set())
        assert len([key for key, cells in now.items() if key not in before and int(cells[0]) < load]) == (load > 1)
        before = now


def test_the_newest_month_of_the_cumulative_trust_is_light(every_file):
    rows = Counter(int(row[MONTH]) for row in table(every_file.folder / "plcm/load-12/PLCM_2627_M12_ZA2.csv"))
    mean = sum(rows[month] for month in range(1, 12)) / 11
    assert 0.82 * mean < rows[12] < 0.85 * mean


def test_secondary_uses_prices_add_up_and_are_of_the_book(every_file):
    folder = every_file.folder / "sus"
    with (BOOK / "prices.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["point_of_delivery"] == "AE"]
    price = {row["tariff_code"]: row["unit_price_pounds"] for row in rows}
    seen = 0
    for path in folder.rglob("*.csv"):
        for row in table(path):
            if "FinalPrice" in row:
                net, more, total = row["SUS_Tariff"], row["SUS_MFAdjustment"], row["FinalPrice"]
                assert Decimal(net) == Decimal(price[row["SUS_HRG_Code"]])
                assert re.fullmatch(r"M\d\d - [A-Z][a-z]{2} 202[67]", row["SUS_Costing_Period"])
            elif "Net_SLA_Payment" in row:
                net, more, total = row["Net_SLA_Payment"], row["Tariff_MFF_Payment"], row["Grand_Total_Payment_MFF"]
            else:
                stem = "spell.commissioning.tariff_calculation"
                net, more, total = (
                    row[f"{stem}.{name}"] for name in ("tariff_applied", "market_forces_factor", "final_price")
                )
            assert Decimal(net) + Decimal(more) == Decimal(total)
            seen += Decimal(total) > 0
    assert seen > 100


def test_attended_appointments_are_the_lines_of_general_practice_at_known_practices(every_file):
    attended: Counter[int] = Counter()
    missed: Counter[int] = Counter()
    for path in (every_file.folder / "gp_appointments").iterdir():
        for row in table(path):
            start = dt.datetime.strptime(row["APPOINTMENT_MONTH_START_DATE"].title(), "%d%B%Y")
            month = (start.month - 4) % 12 + 1
            (attended if row["APPT_STATUS"] == "Attended" else missed)[month] += int(row["COUNT_OF_APPOINTMENTS"])
    for month in range(1, 13):
        (path,) = (every_file.folder / f"plcm/load-{month}").glob(f"*M{month:02d}_ZG1*")
        lines = len(list(table(path)))
        assert 0.9 * lines < attended[month] < lines
        assert 0 < missed[month] < attended[month] / 8


def test_list_sizes_are_the_registrations_of_the_day_but_for_one_practice(every_file):
    folder = every_file.folder
    deaths = {row["PSEUDO NHS NUMBER"]: row["PERSON DEATH DATE"] for row in table(folder / "persons.csv")}
    successor = {
        row["GENERAL MEDICAL PRACTICE CODE"]: (row["EFFECTIVE TO DATE"], row["SUCCESSOR PRACTICE CODE"])
        for row in table(folder / "practices.csv")
    }
    differ = {}
    for text, day in (("01JUN2026", "2026-06-01"), ("01DEC2026", "2026-12-01")):
        first: dict[str, tuple[str, str]] = {}
        for row in table(folder / "pds_care_practice.csv"):
            key, start, end = row["PSEUDO NHS NUMBER"], row["BUSINESS EFFECTIVE FROM"], row["BUSINESS EFFECTIVE TO"]
            left_open = end == "" and row["REASON FOR REMOVAL"] == "Left"
            gone = deaths.get(key, "") != "" and deaths[key] < day
            if left_open or gone or not start <= day <= (end or "9999"):
                continue
            first[key] = min(first.get(key, ("9999", "")), (start, row["PRIMARY CARE PROVIDER"]))
        counted: Counter[str] = Counter()
        for _, practice in first.values():
            closed, after = successor[practice]
            counted[after if closed and day > closed else practice] += 1
        stated = {
            row["CODE"]: int(row["NUMBER_OF_PATIENTS"])
            for row in table(folder / "gp-reg-pat-prac-all.csv")
            if row["EXTRACT_DATE"] == text
        }
        assert set(counted) <= set(stated)
        differ |= {(text, code): size - counted[code] for code, size in stated.items() if size != counted[code]}
    assert differ == {("01JUN2026", "Y90006"): 25}


def test_the_register_before_lacks_joiners_of_april_and_may_and_nothing_else(every_file):
    now = Counter(tuple(row) for row in raw_rows(every_file.folder / "pds_care_practice.csv"))
    before = Counter(tuple(row) for row in raw_rows(every_file.folder / "pds_care_practice_before.csv"))
    assert not before - now
    missing = list((now - before).elements())
    assert len(missing) > 5
    assert all("2026-04-01" < row[2] < "2026-06-01" for row in missing)


def test_closed_and_merged_practices_have_successors_in_a_network_with_a_neighbourhood(every_file):
    partners = {row["Partner Organisation Code"]: row for row in table(every_file.folder / "pcn_partners.csv")}
    ended = {code: row for code, row in partners.items() if row["Practice to PCN Relationship End Date"]}
    assert {code: row["Practice to PCN Relationship End Date"] for code, row in ended.items()} == {
        "Y90003": "20260930", "Y90041": "20261231",
    }  # fmt: skip
    assert [tuple(row.values()) for row in table(every_file.folder / "practice_successors.csv")] == [
        ("Y90003", "Y90021", "2026-10-01"), ("Y90041", "Y90042", "2027-01-01"),
    ]  # fmt: skip
    networks = {row["PCN CODE"]: row["NEIGHBOURHOOD CODE"]
                for row in table(every_file.folder / "network_neighbourhoods.csv")}  # fmt: skip
    practices = {row["GENERAL MEDICAL PRACTICE CODE"]: row for row in table(every_file.folder / "practices.csv")}
    for code, row in partners.items():
        assert networks[row["PCN Code"]] == practices[code]["NEIGHBOURHOOD CODE"]
    late = [row for row in table(every_file.folder / "pds_care_practice.csv")
            if row["PRIMARY CARE PROVIDER"] in ("Y90003", "Y90041")
            and row["BUSINESS EFFECTIVE FROM"] > {"Y90003": "2026-09-30", "Y90041": "2026-12-31"}[
                row["PRIMARY CARE PROVIDER"]]]  # fmt: skip
    assert late == []


def sheet_rows(every_file, book: str, sheet: str) -> list[tuple]:
    return list(openpyxl.load_workbook(every_file.folder / "prices" / book)[sheet].iter_rows(values_only=True))


def test_price_workbooks_say_that_they_are_synthetic_and_hold_both_issues(every_file):
    first, again = "2026-27-prices.xlsx", "2026-27-prices-pay-award.xlsx"
    for book in (first, again, "2026-27-market-forces-factors.xlsx"):
        workbook = openpyxl.load_workbook(every_file.folder / "prices" / book)
        for sheet in workbook:
            assert "SYNTHETIC" in str(sheet["A2"].value)
    combined = 3
    was, now = ({row[0]: row for row in sheet_rows(every_file, book, "1 APC & OPROC")[5:]} for book in (first, again))
    assert set(was) == set(now)
    assert now["HN12A"][combined] == 13_900
    # 13,900 × 1.0415 / 1.0483 is 13,809.83…, to the whole pound.
    assert was["HN12A"][combined] == 13_810
    assert now["DZ65A"][combined] == "-"
    assert now["DZ65A"][7:] == (4215, 23, "-", 1180)
    assert now["EY51Z"][2] == 148.6


def test_every_price_of_the_book_stands_in_the_re_issued_workbook(every_file):
    workbook = openpyxl.load_workbook(every_file.folder / "prices/2026-27-prices-pay-award.xlsx")
    cells = Counter(
        Decimal(str(value)).normalize()
        for sheet in workbook.worksheets[1:]
        for row in list(sheet.iter_rows(values_only=True))[5:]
        for value in row[2:]
        if isinstance(value, int | float)
    )
    with (BOOK / "prices.csv").open(encoding="utf-8", newline="") as file:
        prices = [Decimal(row["unit_price_pounds"]).normalize() for row in csv.DictReader(file)]
    assert set(prices) <= set(cells)


def test_indices_are_those_of_the_book_beside_an_underlying_index_under_one(every_file):
    rows = {row[0]: row for row in sheet_rows(every_file, "2026-27-market-forces-factors.xlsx", "MFF")[4:]}
    assert rows["R1H"][3] == 1.148886
    assert rows["RK9"][2:] == (0.9, 1)


def test_no_person_key_could_be_an_nhs_number(every_file):
    keys = {row["PSEUDO NHS NUMBER"] for row in table(every_file.folder / "persons.csv")}
    assert all(re.fullmatch(r"S\d{9}", key) for key in keys)


def test_dates_of_the_split_spell_lie_within_it(every_file):
    parts = [
        row
        for path in plcm_files(every_file.folder)
        for row in table(path)
        if row.get("HOSPITAL PROVIDER SPELL NUMBER") == "ZM1SPLIT01"
    ]
    assert [(row[START], row[END], row[COUNT]) for row in parts] == [
        ("2026-11-11", "2026-11-30", "21"), ("2026-12-01", "2026-12-16", "16"),
    ]  # fmt: skip
    # From 11 November to 16 December are 35 days; 37 were counted, one more in each month.
    assert (dt.date(2026, 12, 16) - dt.date(2026, 11, 11)).days == 35


def test_same_seed_and_sizes_give_the_same_bytes(every_file, make_every_file, tmp_path):
    again = make_every_file(tmp_path / "again", people=1_000, lines=30_000, seed=7)
    assert digests(again.folder) == digests(every_file.folder)
    assert again.counts == every_file.counts


def test_smallest_sample_holds_every_kind_of_fault(every_file, make_every_file, tmp_path):
    smallest = make_every_file(tmp_path / "small", people=500, lines=5_000, seed=3)
    assert {row["fault"] for row in smallest.table("planted_faults.csv")} == {
        row["fault"] for row in every_file.table("planted_faults.csv")
    }
    assert smallest.counts["kinds_of_fault"] == every_file.counts["kinds_of_fault"] == 75


def test_it_is_written_whole_or_not_at_all(tmp_path):
    def stop(stage: str, done: int, total: int) -> None:
        if (stage, done) == ("activity", 1):
            raise KeyboardInterrupt

    sizes = Sizes(people=500, lines=5_000, seed=3)
    with pytest.raises(KeyboardInterrupt):
        generate_every_file(tmp_path / "sample", sizes=sizes, prices=BOOK / "prices.csv",
                            market_forces=BOOK / "mff.csv", progress=stop)  # fmt: skip
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "letter.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(DestinationInUse):
        generate_every_file(tmp_path, sizes=sizes, prices=BOOK / "prices.csv", market_forces=BOOK / "mff.csv")


def test_readme_says_synthetic(every_file):
    text = (every_file.folder / "README.txt").read_text(encoding="utf-8")
    assert text.startswith("Synthetic sample data")
    assert "Seed 7; 1000 people" in text
