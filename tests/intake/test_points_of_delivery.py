"""Points of delivery: every national code is known, usual variants are found, and SUS rows get theirs by rules."""

import pytest
from feeds import csv_of, plcm

from yoc.intake.line_decisions import decide_codes
from yoc.intake.profile_fields import KIND_FIELDS
from yoc.intake.profile_set import built_in_profiles
from yoc.intake.texts import find_point_of_delivery

NATIONAL = [
    "NEL", "NELXBD", "NELST", "NELOBD", "NELNE", "NELNEXBD", "NELNEOBD", "DC", "EL", "RADAY", "RANIGHT", "ELXBD",
    "ELOBD", "IPOBD", "IPFCE", "IPSPECIAL", "OPFASPCL", "OPFASPNCL", "OPFAMPCL", "OPFAMPNCL", "NF2FFA",
    "OPFAHOME", "OPFAPREOP", "WAFA", "OPFA", "OPFUPSPCL", "OPFUPSPNCL", "OPFUPMPCL", "OPFUPMPNCL", "NF2FFUP",
    "OPFUPHOME", "OPFUPPREOP", "WAFUP", "OPFUP", "OPPROCFA", "OPPROCFUP", "OPPROC", "DAIMG", "DALAB", "DAOTHER",
    "AE", "DRUG", "DEVICE", "UNBCHEMO", "UNBRAD", "UNBRTHPY", "UNBREHAB", "UNBPALL", "UNBACC", "UNBPCC", "UNBNCC",
    "UNBOTHER", "YOC", "POC", "MATPATHAN", "MATPATHPN", "IVF", "ARD", "CRD", "CCTRANS", "AMBUE", "AMBHTR",
    "AMBSTR", "AMBSTC", "AMBOTHER", "PTSTRANS", "COMMINIT", "COMMSUB", "COMM", "SCREEN", "MDT", "LAC", "AAG",
    "MAINT", "DCRE", "TEST", "PATIENT", "OTHER", "CQUIN", "ADJUSTMENT", "BLOCK", "NAOTHER",
]  # fmt: skip


@pytest.mark.parametrize("code", NATIONAL)
def test_every_national_code_is_known(code):
    assert find_point_of_delivery(code) == (code, "exact")
    assert find_point_of_delivery(f" {code.lower()} ") == (code, "exact")


@pytest.mark.parametrize(
    ("written", "code", "rule"),
    [("ADJUSTM", "ADJUSTMENT", "variant"), ("AE TYPE1", "AE", "variant"), ("OPFASPC", "OPFASPCL", "variant"),
     ("XYZZY", "Unmapped", "unmapped"), ("", "Unmapped", "unmapped")],
)  # fmt: skip
def test_usual_variants_are_found_and_the_rest_has_a_bucket_of_its_own(read, written, code, rule):
    feed = read(csv_of(plcm(POINT=written)))
    assert (feed.row["point_of_delivery"], feed.row["point_of_delivery_rule"]) == (code, rule)
    assert feed.account.point_of_delivery_rules == {rule: 1}


def derived(profile: str, **codes: str) -> tuple[str, str]:
    texts = {field: codes.get(field, "") for field in KIND_FIELDS} | {"provider": "RX1", "attended": "5"}
    decided = decide_codes(built_in_profiles().by_name[profile].profile, texts)
    return decided.codes["point_of_delivery"], decided.delivery_rule


@pytest.mark.parametrize(
    ("method", "classification", "code"),
    [("11", "2", "DC"), ("12", "1", "EL"), ("13", "3", "RADAY"), ("11", "4", "RANIGHT"),
     *((method, "1", "NEL") for method in ("21", "22", "23", "24", "25", "28", "2A", "2B", "2C", "2D", "2a")),
     *((method, "1", "NELNE") for method in ("31", "32", "82", "83", "81"))],
)  # fmt: skip
def test_an_admission_s_follows_from_method_and_classification(method, classification, code):
    found = derived("sus_admitted", admission_method=method, patient_classification=classification)
    assert found == (code, "derived")


@pytest.mark.parametrize(("method", "classification"), [("99", "1"), ("", "1"), ("11", "5")])
def test_an_admission_that_no_rule_knows_is_unmapped(method, classification):
    found = derived("sus_admitted", admission_method=method, patient_classification=classification)
    assert found == ("Unmapped", "unmapped")


def test_a_national_code_that_the_row_has_comes_before_the_rules():
    found = derived("sus_admitted", point_of_delivery="EL", admission_method="21", patient_classification="1")
    assert found == ("EL", "exact")


@pytest.mark.parametrize(
    ("code", "specialty", "delivery"),
    [("WF01B", "100", "OPFASPCL"), ("WF01B", "560", "OPFASPNCL"), ("WF02B", "100", "OPFAMPCL"),
     ("WF02B", "900", "OPFAMPNCL"), ("WF01A", "300", "OPFUPSPCL"), ("WF01A", "960", "OPFUPSPNCL"),
     ("WF02A", "899", "OPFUPMPCL"), ("WF02A", "950", "OPFUPMPNCL"), ("WF01D", "100", "NF2FFA"),
     ("WF02D", "950", "NF2FFA"), ("WF01C", "100", "NF2FFUP"), ("WF02C", "100", "NF2FFUP"), ("MA36Z", "100", "OPPROC"),
     ("WF01B", "961", "OPFASPCL"), ("WF01B", "90", "OPFASPCL")],
)  # fmt: skip
def test_an_attendance_s_follows_from_group_and_main_specialty(code, specialty, delivery):
    assert derived("sus_outpatient", tariff_code=code, main_specialty=specialty) == (delivery, "derived")


@pytest.mark.parametrize("code", ["UZ01Z", "WF99Z", ""])
def test_an_attendance_without_a_group_is_unmapped(code):
    assert derived("sus_outpatient", tariff_code=code, main_specialty="100") == ("Unmapped", "unmapped")


def test_an_emergency_is_always_one():
    assert derived("sus_emergency", point_of_delivery="AE") == ("AE", "fixed")


def test_the_type_of_contract_is_not_read_from_the_code(read):
    feed = read(csv_of(plcm(POINT="YOC"), plcm(POINT="POC")))
    assert [row["point_of_delivery"] for row in feed.rows] == ["YOC", "POC"]
    assert {row["cost_basis"] for row in feed.rows} == {"actual"}
