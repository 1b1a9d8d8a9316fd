"""Each national feed, read from a small file with the names that it has: every field lands where it belongs."""

import datetime as dt
from pathlib import Path

import pytest
from feeds import PLCM, csv_of, plcm

from yoc.core.findings import FindingsError
from yoc.core.periods import day_number
from yoc.intake.plain_files import PlainTable, read_plain_file
from yoc.intake.profile_set import ProfileSet, built_in_profiles

APRIL_2016, APRIL_2026 = 2016 * 12 + 1, 2026 * 12 + 1
PROFILES = built_in_profiles()


def day(year: int, month: int, date: int) -> int:
    return day_number(dt.date(year, month, date))


def plain(folder: Path, text: str, name: str = "file.csv", profiles: ProfileSet = PROFILES) -> PlainTable:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="\n")
    return read_plain_file(path, name, profiles.for_file(path, name).profile)


def test_both_generations_of_names_are_read(read):
    old = plcm() | {"HOSPITAL PROVIDER SPELL NUMBER": "S1", "ATTENDANCE IDENTIFIER": ""}
    new = plcm() | {"HOSPITAL PROVIDER SPELL IDENTIFIER": "", "OUTPATIENT ATTENDANCE IDENTIFIER": "A1"}
    new |= {"REPORTING TYPE INDICATOR": "1", "ORGANISATION IDENTIFIER (RESIDENCE RESPONSIBILITY)": "QUY"}
    feed = read(csv_of(old), csv_of(new))
    assert {row["episode_id"] for row in feed.rows} == {"S1", "A1"}
    assert {account.profile for account in feed.accounts} == {"plcm"}


@pytest.mark.parametrize(
    "turn",
    [str.lower, lambda name: name.replace(" ", "_"), lambda name: name.title(),
     lambda name: name.replace(" (", "_").replace(")", "").replace(" ", "_").lower()],
)  # fmt: skip
def test_names_are_compared_without_blanks_underscores_and_brackets(read, turn):
    feed = read(csv_of({turn(name): text for name, text in PLCM.items()}))
    assert (feed.account.profile, feed.account.used) == ("plcm", 1)


def test_the_tariff_code_may_hold_several_between_slashes(read):
    assert read(csv_of(plcm(TARIFF="HN12F/BPT01"))).row["tariff_code"] == "HN12F/BPT01"


def test_drugs_keep_the_parts_of_their_price_beside_a_total_that_holds_them(read):
    feed = read(csv_of({
        "FINANCIAL MONTH": "2", "FINANCIAL YEAR": "202627", "ORGANISATION IDENTIFIER (CODE OF PROVIDER)": "RX1",
        "ORGANISATION IDENTIFIER (CODE OF COMMISSIONER)": "QUY", "NHS NUMBER": "9434765919",
        "CLINICAL INTERVENTION DATE (DRUG DISPENSED)": "2026-05-02", "HIGH COST TARIFF EXCLUDED DRUG CODE": "ADALIM",
        "QUANTITY": "2", "UNIT PRICE (SUPPLIER)": "95.00", "UNIT PRICE (COMMISSIONER)": "100.00",
        "HOME DELIVERY CHARGE": "12.50", "VALUE ADDED TAX CHARGED INDICATOR (CONTRACT MONITORING)": "n",
        "TOTAL COST": "212.50",
    }))  # fmt: skip
    row = feed.row
    assert feed.account.profile == "drugs_plcm"
    assert (row["submitted_pence"], row["supplier_price_pence"], row["commissioner_price_pence"]) == (
        21_250,
        9_500,
        10_000,
    )
    assert (row["home_delivery_pence"], row["vat"], row["point_of_delivery"], row["tariff_code"]) == (
        1_250, "N", "DRUG", "ADALIM",
    )  # fmt: skip
    assert (row["period"], row["day"]) == (APRIL_2026 + 1, day(2026, 5, 2))


def test_devices_have_no_home_delivery(read):
    feed = read(csv_of({
        "FINANCIAL MONTH": "2", "FINANCIAL YEAR": "202627", "ORGANISATION IDENTIFIER (CODE OF PROVIDER)": "RX1",
        "ORGANISATION IDENTIFIER (CODE OF COMMISSIONER)": "QUY", "NHS NUMBER": "9434765919",
        "CLINICAL INTERVENTION DATE (DEVICE INSERTED)": "2026-05-02", "ACTIVITY COUNT (POINT OF DELIVERY)": "1",
        "UNIT PRICE (SUPPLIER)": "TBC", "UNIT PRICE (COMMISSIONER)": "100.00",
        "VALUE ADDED TAX CHARGED INDICATOR (CONTRACT MONITORING)": "Y", "TOTAL COST": "120.00",
    }))  # fmt: skip
    assert (feed.account.profile, feed.row["point_of_delivery"], feed.row["vat"]) == ("devices_plcm", "DEVICE", "Y")
    assert (feed.row["supplier_price_pence"], feed.account.blanked) == (None, {"supplier_price": 1})


ELEMENTS = {
    "DATE AND TIME DATA SET CREATED": "2026-05-19T09:30:00", "REPORTING TYPE INDICATOR": "1",
    "ORGANISATION IDENTIFIER (RESIDENCE RESPONSIBILITY)": "QUY", "ORGANISATION SITE IDENTIFIER (OF TREATMENT)": "RX101",
    "ORGANISATION IDENTIFIER (GP PRACTICE RESPONSIBILITY)": "A81001",
    "GENERAL MEDICAL PRACTICE CODE (PATIENT REGISTRATION)": "A81002", "WITHHELD IDENTITY REASON": "97",
    "LOCAL PATIENT IDENTIFIER (EXTENDED)": "L1", "POSTCODE OF USUAL ADDRESS": "BS1 4XX",
    "PERSON BIRTH DATE": "1980-01-01",
    "AGE AT ACTIVITY DATE (CONTRACT MONITORING)": "999", "PERSON STATED GENDER CODE": "2", "ETHNIC CATEGORY": "A",
    "CDS UNIQUE IDENTIFIER": "CDS1", "NON CDS UNIQUE IDENTIFIER": "", "HOSPITAL PROVIDER SPELL NUMBER": "",
    "ATTENDANCE IDENTIFIER": "", "EMERGENCY CARE ATTENDANCE IDENTIFIER": "E1",
    "ACTIVITY START DATE (CONTRACT MONITORING)": "2026-04-09",
    "PACKAGE OF CARE OR YEAR OF CARE START DATE (CONTRACT MONITORING)": "2026-04-01",
    "ACTIVITY TREATMENT FUNCTION CODE": "180", "LOCAL SUB-SPECIALTY CODE": "X", "WARD CODE": "W1",
    "COMMISSIONED SERVICE CATEGORY CODE": "11", "SPECIALISED SERVICE CODE": "NCBPS01C",
    "SPECIALISED MENTAL HEALTH SERVICE CATEGORY CODE": "", "POINT OF DELIVERY FURTHER DETAIL CODE": "1",
    "LOCAL POINT OF DELIVERY CODE": "A and E", "UNBUNDLED EPISODE INDICATOR": "N", "PROVIDER REFERENCE NUMBER": "R1",
    "NHS SERVICE AGREEMENT LINE NUMBER": "7", "ACTIVITY UNIT PRICE": "95.00",
    "LOCAL POINT OF DELIVERY DESCRIPTION": "x", "CONTRACT MONITORING ADDITIONAL DETAIL (FIRST)": "y",
}  # fmt: skip


def test_a_row_with_every_element_of_contract_monitoring_gives_its_fields_and_no_more(read):
    feed = read(csv_of(PLCM | ELEMENTS))
    assert (feed.account.profile, feed.account.used, feed.findings) == ("plcm", 1, [])
    row = feed.row
    # The practice that is responsible, not that of the registration; the end of the activity, not its beginning.
    assert (row["practice_rule"], row["treatment_function"], row["specialised_service"]) == (
        "responsibility", "180", "NCBPS01C",
    )  # fmt: skip
    assert (row["day"], row["period"], row["line_id"]) == (day(2026, 4, 10), APRIL_2026, "CDS1")
    # The total holds all that the unit price lacks; neither age nor birth date, postcode or local identifier is kept.
    assert row["submitted_pence"] == 10_000
    assert not {"L1", "BS1 4XX", "1980-01-01", "999"} & {str(value) for value in row.values()}


def test_default_codes_of_provider_and_commissioner_are_codes_like_others(read):
    feed = read(csv_of(
        PLCM | {"ORGANISATION IDENTIFIER (CODE OF PROVIDER)": "89997"},
        PLCM | {"ORGANISATION IDENTIFIER (CODE OF COMMISSIONER)": "VPP00"},
    ))  # fmt: skip
    assert sorted((row["provider"], row["commissioner"]) for row in feed.rows) == [("89997", "QUY"), ("RX1", "VPP00")]


NCDR_SPELL = {
    "APCS_Ident": "1", "Der_Provider_Code": "RX1", "Responsible_Purchaser_Code": "QUY",
    "Der_Pseudo_NHS_Number": "9434765919", "Discharge_Date": "2026-04-20", "Admission_Method": "21",
    "Patient_Classification": "1", "Spell_Core_HRG": "DZ65A", "Net_SLA_Payment": "1000.00",
    "Tariff_MFF_Payment": "52.345", "Grand_Total_Payment_MFF": "1052.35",
}  # fmt: skip


def test_an_ncdr_spell_has_its_grand_total_which_holds_the_market_forces_payment(read):
    feed = read(csv_of(NCDR_SPELL, NCDR_SPELL | {"Grand_Total_Payment_MFF": ""}))
    assert feed.account.profile == "sus_admitted"
    assert [(row["submitted_pence"], row["amount_rule"]) for row in feed.rows] == [
        (105_235, "total"), (105_235, "price and market forces"),
    ]  # fmt: skip
    assert {(row["point_of_delivery"], row["point_of_delivery_rule"]) for row in feed.rows} == {("NEL", "derived")}
    assert {(row["data_set"], row["cost_basis"], row["line_id"]) for row in feed.rows} == {
        ("sus_admitted", "tariff", "1")
    }


def test_a_unified_spell_has_dotted_names(read):
    tariff, service = "spell.commissioning.tariff_calculation", "spell.commissioning.service_agreement"
    feed = read(csv_of({
        f"{service}.provider": "RX1", f"{service}.commissioner_derived": "QUY",
        "spell.patient.identity.nhs_number_value": "9434765919", "spell.discharge.date": "2026-04-20",
        "spell.admission.method": "11", "spell.admission.patient_classification": "2",
        "spell.commissioning.grouping.core_hrg": "FE50A", f"{tariff}.final_price": "512.10",
        "spell.patient.registration.general_practice": "A81001", f"{tariff}.initial_tariff": "500.00",
    }))  # fmt: skip
    assert feed.account.profile == "sus_admitted"
    assert (feed.row["point_of_delivery"], feed.row["submitted_pence"], feed.row["tariff_code"]) == (
        "DC",
        51_210,
        "FE50A",
    )
    assert (feed.row["practice_registration"], feed.row["practice_rule"]) == ("A81001", "registration")


def test_a_spell_that_has_not_ended_is_told_and_waits_for_its_discharge(read):
    feed = read(csv_of(NCDR_SPELL, NCDR_SPELL | {"Discharge_Date": ""}))
    assert (feed.account.used, feed.account.rejected, feed.account.rejected_pence) == (1, 1, 105_235)
    assert [(reject.row, reject.field, reject.reason) for reject in feed.rejects] == [(3, "activity date", "is blank")]


def test_ncdr_outpatients_count_where_the_patient_was_seen(read):
    row = {
        "OPA_Ident": "1", "Der_Provider_Code": "RX1", "Responsible_Purchaser_Code": "QUY",
        "Der_Pseudo_NHS_Number": "9434765919", "Appointment_Date": "2026-04-20", "Main_Specialty_Code": "950",
        "Attendance_Status": "5", "HRG_Code": "WF01A", "Grand_Total_Payment_MFF": "88.00",
    }  # fmt: skip
    feed = read(csv_of(row, row | {"Attendance_Status": "3", "Grand_Total_Payment_MFF": "0.00"}))
    assert feed.account.profile == "sus_outpatient"
    assert [row["point_of_delivery"] for row in feed.rows] == ["OPFUPSPNCL", "OPFUPSPNCL"]
    assert (feed.account.used, feed.account.not_counted) == (2, {"the patient was not seen": 1})
    without = read(csv_of({name: text for name, text in row.items() if name != "Attendance_Status"}))
    assert without.account.not_counted == {}


@pytest.mark.parametrize(
    "names",
    [("Der_Provider_Code", "Responsible_Purchaser_Code", "Der_Pseudo_NHS_Number", "SUS_Costing_Period", "SUS_HRG_Code",
      "FinalPrice"),
     ("commissioning.service_agreement.provider", "commissioning.service_agreement.commissioner_derived",
      "patient.identity.nhs_number_value", "commissioning.national_pricing.costing_period",
      "commissioning.grouping.core_hrg", "commissioning.national_pricing.final_price")],
)  # fmt: skip
def test_emergency_care_has_its_costing_period_and_final_price(read, names):
    values = ("RX1", "QUY", "9434765919", "M01 - Apr 2016", "VB01Z", "240.10")
    feed = read(csv_of(dict(zip(names, values, strict=True))))
    assert feed.account.profile == "sus_emergency"
    assert (feed.row["period"], feed.row["period_rule"], feed.row["submitted_pence"]) == (
        APRIL_2016,
        "costing period",
        24_010,
    )
    assert feed.row["day"] == day(2016, 4, 1)


@pytest.mark.parametrize(
    ("profile", "names"),
    [("csds_contacts", ("OrgID_Provider", "OrgID_Commissioner", "Person_ID", "Contact_Date", "AttendOrNot")),
     ("csds_contacts", ("ORGANISATION IDENTIFIER (CODE OF PROVIDER)", "ORGANISATION IDENTIFIER (CODE OF COMMISSIONER)",
                        "NHS NUMBER", "CARE CONTACT DATE", "ATTENDANCE STATUS")),
     ("mhsds_contacts", ("OrgIDProv", "OrgIDComm", "Person_ID", "CareContDate", "AttendStatus")),
     ("mhsds_contacts", ("OrgIDProv", "OrgIDComm", "Der_Pseudo_NHS_Number", "CareContDate", "AttendOrDNACode"))],
)  # fmt: skip
def test_contacts_count_with_an_attended_status_and_the_others_are_set_aside(read, profile, names):
    rows = [
        dict(zip(names, ("RX1", "QUY", "9434765919", "2026-04-20", status), strict=True))
        for status in ("5", "6", "05", "7", "")
    ]
    feed = read(csv_of(*rows))
    account = feed.account
    assert (account.profile, account.rows, account.used, account.rejected) == (profile, 5, 5, 0)
    assert account.not_counted == {"the patient was not seen": 2}
    told = ("amount_rule", "submitted_pence", "cost_basis", "quantity_thousandths")
    assert {tuple(row[name] for name in told) for row in feed.rows} == {("none", None, "proxy", 1000)}


def test_an_aggregate_statement_has_its_own_table(tmp_path):
    header = "FINANCIAL MONTH,FINANCIAL YEAR,ORGANISATION IDENTIFIER (CODE OF PROVIDER),"
    header += "ORGANISATION IDENTIFIER (CODE OF COMMISSIONER),POINT OF DELIVERY CODE,"
    header += ",".join(
        f"CONTRACT MONITORING {which} {what}"
        for which in ("PLANNED", "ACTUAL")
        for what in ("ACTIVITY", "PRICE", "MARKET FORCES FACTOR")
    )
    read = plain(tmp_path, f'{header}\n3,202627,RX1,QUY,AE TYPE1,100,10000.00,500.00,104.5,"10,450.00",522.50\n')
    (row,) = read.rows()
    assert (read.account.profile, read.total_pence) == ("acm", 1_045_000)
    assert (row["planned_activity_thousandths"], row["planned_price_pence"], row["planned_market_forces_pence"]) == (
        100_000, 1_000_000, 50_000,
    )  # fmt: skip
    assert (row["actual_activity_thousandths"], row["actual_price_pence"], row["actual_market_forces_pence"]) == (
        104_500, 1_045_000, 52_250,
    )  # fmt: skip
    assert (row["point_of_delivery"], row["point_of_delivery_rule"], row["period"]) == ("AE", "variant", APRIL_2026 + 2)


def test_a_statement_of_the_national_warehouse_has_its_names(tmp_path):
    header = "FINANCIAL MONTH,DER_Activity_Year,ORGANISATION IDENTIFIER (CODE OF PROVIDER),"
    header += "ORGANISATION IDENTIFIER (CODE OF COMMISSIONER),POINT OF DELIVERY CODE,CLN_Activity_Plan,CLN_Price_Plan,"
    header += "CLN_MFF_Plan,CLN_Activity_Actual,CLN_Price_Actual,CLN_MFF_Actual,DER_Record_Type"
    read = plain(tmp_path, f"{header}\n1,202627,RX1,QUY,DC,10,5000.00,250.00,9,4500.00,225.00,Actual\n")
    (row,) = read.rows()
    # The price holds the market forces factor, which is stated beside it: £4,500.00 and never £4,725.00.
    assert (read.account.profile, read.total_pence, row["planned_price_pence"]) == ("acm", 450_000, 500_000)
    assert (row["actual_activity_thousandths"], row["period"]) == (9_000, APRIL_2026)


def test_an_invoice_is_a_provider_a_month_and_a_sum(tmp_path):
    read = plain(
        tmp_path, 'Provider,Month,Year,Amount,Invoice number\nrx1,April,2026/27,"£1,000.00",INV1\nRX1,1,202627,TBC,\n'
    )
    (row,) = read.rows()
    assert (read.account.profile, read.total_pence, read.account.rejected) == ("invoice", 100_000, 1)
    assert (row["provider"], row["period"], row["amount_pence"], row["reference"]) == (
        "RX1",
        APRIL_2026,
        100_000,
        "INV1",
    )
    assert [(reject.row, reject.field, reject.reason) for reject in read.rejects] == [
        (3, "amount", "is not a sum of money")
    ]


def test_appointments_begin_their_month_on_a_day_like_01july2024(tmp_path):
    header = "APPOINTMENT_MONTH_START_DATE,GP_CODE,HCP_TYPE,APPT_MODE,NATIONAL_CATEGORY,TIME_BETWEEN_BOOK_AND_APPT,"
    header += "COUNT_OF_APPOINTMENTS,APPT_STATUS"
    rows = (
        "01JULY2024,A81001,GP,Face-to-Face,General,Same Day,1204,Attended\n01JULY2024,A81001,GP,Telephone,,,1.5,DNA\n"
    )
    read = plain(tmp_path, f"{header}\n{rows}")
    (row,) = read.rows()
    assert read.account.profile == "gp_appointments"
    assert (row["month_start_day"], row["practice"], row["appointments"]) == (day(2024, 7, 1), "A81001", 1204)
    assert (row["status"], row["professional"], row["mode"], row["category"]) == (
        "Attended",
        "GP",
        "Face-to-Face",
        "General",
    )
    assert [reject.reason for reject in read.rejects] == ["is not a whole number"]


def test_list_sizes_are_of_a_day_like_01jun2018(tmp_path):
    read = plain(
        tmp_path, 'PUBLICATION,EXTRACT_DATE,TYPE,CODE,NUMBER_OF_PATIENTS\nGP_PRAC,01JUN2018,GP,A81001,"4,213"\n'
    )
    (row,) = read.rows()
    assert (read.account.profile, row["extract_day"], row["practice"], row["people"]) == (
        "gp_list_sizes", day(2018, 6, 1), "A81001", 4213,
    )  # fmt: skip


def test_the_practices_of_networks_have_a_start_and_may_have_an_end(tmp_path):
    header = "Partner Organisation Code,Partner Name,Practice Parent Sub ICB Location Code,PCN Code,PCN Name,"
    header += "Practice to PCN Relationship Start Date,Practice to PCN Relationship End Date"
    read = plain(
        tmp_path, f"{header}\nA81001,One,16C,U00001,Net,20190701,\nA81002,Two,16C,U00001,Net,20190701,20250331\n"
    )
    assert read.account.profile == "pcn_partners"
    assert [(row["practice"], row["network"], row["from_day"], row["to_day"]) for row in read.rows()] == [
        ("A81001", "U00001", day(2019, 7, 1), None), ("A81002", "U00001", day(2019, 7, 1), day(2025, 3, 31)),
    ]  # fmt: skip


def test_registrations_of_the_demographics_service(tmp_path):
    header = "Pseudo NHS Number,Primary Care Provider,Business Effective From,Business Effective To,Reason For Removal,"
    header += "derIcbOfRegistration"
    read = plain(tmp_path, f"{header}\nP1,A81001,2020-01-01,TBC,,QUY\n,A81001,2020-01-01,,,QUY\n")
    (row,) = read.rows()
    assert (read.account.profile, row["person_key"], row["from_day"], row["to_day"]) == (
        "pds_care_practice", "P1", day(2020, 1, 1), None,
    )  # fmt: skip
    assert (read.account.blanked, [reject.reason for reject in read.rejects]) == ({"to_date": 1}, ["is blank"])


def test_a_plain_file_without_a_column_is_refused_at_its_header(tmp_path):
    with pytest.raises(FindingsError) as caught:
        plain(tmp_path, "EXTRACT_DATE,PEOPLE\n01JUN2018,1\n")
    assert [finding.code for finding in caught.value.findings] == ["PROFILE-UNKNOWN"]
    assert "gp_list_sizes lacks CODE, NUMBER_OF_PATIENTS" in caught.value.findings[0].message
