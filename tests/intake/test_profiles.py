"""Profiles as files that people write: faults at their place, recognition by headers, drafts, no value of a person."""

from pathlib import Path

import pytest
from feeds import PLCM, csv_of, plcm

from yoc.core.findings import FindingsError, Level
from yoc.intake.header_guesses import guess_field
from yoc.intake.layouts import OF_PLAN
from yoc.intake.profile import DeliveryRule, read_profile
from yoc.intake.profile_draft import draft_profile
from yoc.intake.profile_fields import FIELDS, KIND_FIELDS, NEEDED
from yoc.intake.profile_set import KnownProfile, ProfileSet, built_in_profiles, read_profiles

PROFILES = built_in_profiles()
INVOICE = """\
profile: mine
title: Invoices
kind: invoice
source: invented
columns:
  provider: [PROVIDER]
  amount: [AMOUNT]
  financial_month: [MONTH]
  financial_year: [YEAR]
"""
ACTIVITY = """\
profile: mine
title: Contacts
kind: activity
source: invented
columns:
  provider: [PROVIDER]
  commissioner: [ICB]
  person_key: [PERSON]
  activity_date: [DATE]
  point_of_delivery: [POD]
  quantity: [UNITS]
  total_cost: [COST]
"""


def fault(text: str) -> tuple[str, str, str]:
    with pytest.raises(FindingsError) as caught:
        read_profile(text, "mine.yaml")
    (finding,) = caught.value.findings
    return finding.code, finding.message, finding.place()


def test_both_examples_can_be_read():
    assert read_profile(INVOICE, "mine.yaml").kind == "invoice"
    assert read_profile(ACTIVITY, "mine.yaml").layout.fields["provider"] == ("PROVIDER",)


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        (INVOICE.replace("  amount: [AMOUNT]\n", ""), "a profile of kind invoice needs `amount`", 1),
        (INVOICE + "  ward: [WARD]\n", "`ward` is no field of kind invoice", 10),
        (INVOICE + "fixed: {provider: RX1}\n", "`provider` has a column and a fixed value", 10),
        (INVOICE + "codes: {amount: {x: y}}\n", "`amount` is no code, and only codes are mapped", 10),
        (INVOICE.replace("[YEAR]", "[YEAR, month]"), "month is a column of `financial_month` already", 9),
        (INVOICE + "dates: american\n", "'american' is not one of the choices here", 10),
        (INVOICE.replace("kind: invoice", "kind: invoices"), "'invoices' is not one of the choices here", 3),
        (ACTIVITY.replace("  point_of_delivery: [POD]\n", ""), "nothing says which point of delivery a line has", 1),
        (ACTIVITY + "amount: [price_times_count]\n", "the rule price_times_count needs `unit_price`", 13),
        (ACTIVITY + "period: [stated]\n", "no rule can tell a row's month from the row", 13),
        (ACTIVITY + "keep: {field: quantity, values: [x], reason: y}\n", "`quantity` cannot tell which rows count", 13),
        (ACTIVITY + "point_of_delivery:\n  - {code: AE, when: {attended: [x]}}\n",
         "`attended` is no code that the file gives", 14),
        (ACTIVITY + "  unit_price: [PRICE]\ntypes: {unit_price: money_as_pence}\n",
         "some sums are in pounds and some in pence", 14),
        (ACTIVITY + "types: {provider: date}\n", "`provider` is always read as code", 13),
        (ACTIVITY + "cost_basis: guess\n", "'guess' is not one of the choices here", 13),
        (ACTIVITY.replace("  provider", "  providr"), "`providr` is no field of kind activity", 6),
    ],
)  # fmt: skip
def test_what_a_profile_cannot_say_is_told_at_its_line(text, words, line):
    code, message, place = fault(text)
    assert code == "FIELD-VALUE"
    assert words in message
    assert place.startswith(f"mine.yaml:{line}:")


def test_a_field_that_is_no_part_of_a_profile_is_told():
    code, message, place = fault(INVOICE + "colums: {}\n")
    assert (code, message, place) == ("FIELD-UNKNOWN", "`colums` is not known here", "mine.yaml:10:1")


@pytest.mark.parametrize("name", sorted(PROFILES.by_name))
def test_a_built_in_profile_is_named_as_its_file_and_gives_what_its_kind_needs(name):
    known = PROFILES.by_name[name]
    assert known.file == f"{name}.yaml"
    assert set(NEEDED[known.profile.kind]) <= {*known.profile.columns, *known.profile.fixed}
    for rule in known.profile.point_of_delivery or ():
        assert set(rule.when) <= set(KIND_FIELDS)


@pytest.mark.parametrize("name", sorted(PROFILES.by_name))
def test_a_file_with_the_columns_of_a_built_in_profile_is_known_for_it(name):
    """With those it must have alone, with all it may have, and under each of the names that a column has."""
    columns = PROFILES.by_name[name].profile.columns
    most = max(len(column.names) for column in columns.values())
    for generation in range(most):
        headers = [column.names[min(generation, len(column.names) - 1)] for column in columns.values()]
        assert PROFILES.for_headers(headers, "file.csv").profile.profile == name
    needed = [column.names[0] for column in columns.values() if not column.optional]
    assert PROFILES.for_headers(needed, "file.csv").profile.profile == name


def test_of_two_names_of_a_field_the_first_of_the_profile_counts(read):
    row = plcm() | {"PSEUDO NHS NUMBER": "P9"}
    assert read(csv_of(row)).row["person_key"] == "P9"


def test_one_header_given_twice_is_refused(read):
    with pytest.raises(FindingsError) as caught:
        read(csv_of(plcm() | {"tariff_code": "X"}))
    assert [finding.code for finding in caught.value.findings] == ["COLUMN-TWICE"]


def mine(text: str = INVOICE, **named: str) -> ProfileSet:
    profiles = {}
    for name in named or {"mine": ""}:
        changed = text.replace("profile: mine", f"profile: {name}")
        profiles[name] = KnownProfile(read_profile(changed, name), name, name, changed, built_in=False)
    return ProfileSet(profiles)


def test_two_profiles_that_fit_alike_are_named():
    with pytest.raises(FindingsError) as caught:
        mine(one="", two="").for_headers(["PROVIDER", "AMOUNT", "MONTH", "YEAR"], "file.csv")
    assert [finding.message for finding in caught.value.findings] == ["its headers fit the profiles one, two alike"]


def test_a_header_that_nearly_fits_one_profile_is_told_its_missing_column(read):
    row = {name: text for name, text in PLCM.items() if name != "TOTAL COST"}
    with pytest.raises(FindingsError) as caught:
        read(csv_of(row))
    (finding,) = caught.value.findings
    assert (finding.code, finding.message, finding.line) == ("COLUMN-MISSING", "column TOTAL COST is missing", 1)
    assert "of the profiles plcm is nearest" in finding.mend


def test_a_profile_of_another_kind_reads_no_activity(read):
    with pytest.raises(FindingsError) as caught:
        read(csv_of(PLCM), profile="acm")
    assert caught.value.findings[0].message == "the profile acm reads aggregate contract monitoring, and no activity"


def test_a_workspace_s_own_profiles_join_those_of_the_package(tmp_path):
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles/mine.yaml").write_text(INVOICE, encoding="utf-8")
    found = read_profiles(tmp_path).by_name
    assert (found["mine"].built_in, found["plcm"].built_in) == (False, True)


@pytest.mark.parametrize(
    ("test", "code", "passes"),
    [("WF-", "WF01A", True), ("WF-", "XF01A", False), ("900..960", "960", True), ("900..960", "961", False),
     ("900..960", "90", False), ("900..960", "95A", False), ("blank", "", True), ("blank", "X", False),
     ("5", "5", True), ("wf-", "WF01A", True)],
)  # fmt: skip
def test_a_code_a_beginning_a_range_or_blank_can_be_asked_for(test, code, passes):
    rule = DeliveryRule(code="AE", when={"tariff_code": [test]})
    assert rule.matches({"tariff_code": code}) is passes


KEY_OF_NOBODY = "943-476-5919"
OWN_FEED = (
    "Trust Code,ICB,Pseudonym,Contact Date,Local POD,Units,Total Price,Free text\n"
    f'RX1,QUY,{KEY_OF_NOBODY},12/31/2026,WARD ROUND,1,"1.234,50",Mrs Example of BS1 4XX\n'
)


def draft(folder: Path, text: str, name: str = "trust_contacts") -> str:
    (folder / "feed.csv").write_text(text, encoding="utf-8")
    return draft_profile(folder / "feed.csv", "feed.csv", name, PROFILES)


def test_a_draft_can_be_read_and_says_what_to_check(tmp_path):
    text = draft(tmp_path, OWN_FEED.replace("Local POD", "POD"))
    profile = read_profile(text, "trust_contacts.yaml")
    assert {field: column.names[0] for field, column in profile.columns.items()} == {
        "activity_date": "Contact Date", "person_key": "Pseudonym", "provider": "Trust Code", "commissioner": "ICB",
        "point_of_delivery": "POD", "quantity": "Units", "total_cost": "Total Price",
    }  # fmt: skip
    assert (profile.dates, profile.decimals, profile.amount) == ("month_first", "comma", ("total",))
    assert "1 of its codes are not national: map them under `codes:`" in text
    assert "#   Free text: text" in text


def test_a_draft_shows_nothing_of_a_row(tmp_path):
    text = draft(tmp_path, OWN_FEED)
    assert not [cell for cell in (KEY_OF_NOBODY, "Example", "BS1", "WARD ROUND", "1.234,50", "12/31") if cell in text]


def test_a_draft_of_a_national_file_has_nothing_to_check_of_its_columns(tmp_path):
    text = draft(tmp_path, csv_of(PLCM))
    columns = text.partition("columns:\n")[2].partition("period:")[0]
    assert "# check:" not in columns
    assert set(read_profile(text, "x").columns) == {
        field for field, column in PROFILES.by_name["plcm"].profile.columns.items() if not column.optional
    }


@pytest.mark.parametrize(
    "text", ["", "\n", "9434765919,2026-04-01,5\n9434765919,2026-04-02,6\n", "Mrs Example,BS1 4XX\n"]
)
def test_a_file_without_headers_is_refused_and_not_repeated(tmp_path, text):
    with pytest.raises(FindingsError) as caught:
        draft(tmp_path, text)
    (finding,) = caught.value.findings
    assert finding.code == "FILE-UNREADABLE"
    assert not [cell for cell in ("9434765919", "Example", "BS1") if cell in str(finding)]


def test_a_draft_fills_in_what_the_file_lacks(tmp_path):
    text = draft(tmp_path, "Pseudo NHS Number,Contact Date,ICB,AttendOrNot\nP1,2026-04-01,QUY,5\n")
    profile = read_profile(text, "x")
    assert profile.fixed == {"provider": "FILL-IN", "quantity": "1", "point_of_delivery": "OTHER"}
    assert profile.amount == ("none",)


def test_every_field_has_a_type_that_a_reader_knows():
    known = {"text", "code", "date", "money", "money_as_pence", "count", "whole", "month", "year", "period"}
    assert {kind for fields in FIELDS.values() for kind in fields.values()} <= known


PLCM_HEADERS = [column.names[0] for column in PROFILES.by_name["plcm"].profile.columns.values()]


@pytest.mark.parametrize("force", [1, 2])
def test_a_local_profile_never_takes_a_national_file_silently(tmp_path, force):
    """A draft of a national file needs all of its columns; one cut down needs few. Either is asked for by name."""
    text = draft(tmp_path, csv_of(PLCM), "zz")
    if force == 2:
        text = "\n".join(line for line in text.splitlines() if "identifier" not in line)
    own = KnownProfile(read_profile(text, "zz"), "zz", "profiles/zz.yaml", text, built_in=False)
    both = ProfileSet({**PROFILES.by_name, "zz": own})
    with pytest.raises(FindingsError) as caught:
        both.for_headers(list(PLCM), "file.csv")
    (finding,) = caught.value.findings
    assert finding.code == "PROFILE-UNKNOWN"
    assert finding.message == "its headers fit profiles of the package and of this workspace: plcm, zz"
    assert "profile" in finding.mend


def test_a_draft_of_contract_monitoring_belongs_to_its_data_set(tmp_path):
    assert read_profile(draft(tmp_path, csv_of(PLCM), "zz"), "zz").restates == "plcm"
    assert read_profile(draft(tmp_path, OWN_FEED.replace("Local POD", "POD")), "x").restates == "trust_contacts"


def test_a_draft_without_a_month_can_be_read(tmp_path):
    text = draft(tmp_path, "Trust,ICB,Pseudonym,POD,Units,Cost\nRX1,QUY,P1,COMM,1,20.00\n")
    profile = read_profile(text, "x")
    assert (profile.period, profile.fixed["financial_month"]) == (("file_name", "stated"), "FILL-IN")
    assert "# check: no column tells a month" in text


@pytest.mark.parametrize(("header", "field"), [
    ("Came In", "start_date"), ("Went Home", "activity_date"), ("Paying ICB", "commissioner"),
    ("No. of Units", "quantity"), ("Status", "attended"), ("Mth", "financial_month"), ("Yr", "financial_year"),
])  # fmt: skip
def test_words_of_headers_are_known(header, field):
    assert guess_field(header, FIELDS["activity"]) == field


def test_a_draft_never_counts_one_where_a_column_may_be_the_count(tmp_path):
    beginning = "Trust,ICB,Pseudonym,Contact Date,POD,Cost"
    fixed = {}
    for last in ("No. of sessions", "Note"):
        text = draft(tmp_path, f"{beginning},{last}\nRX1,QUY,P1,2026-04-01,COMM,20.00,3\n")
        fixed[last] = read_profile(text, "x").fixed["quantity"]
    assert fixed == {"No. of sessions": "FILL-IN", "Note": "1"}


def test_a_faulty_local_profile_stops_what_needs_it_alone(tmp_path):
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles/bad.yaml").write_text(INVOICE.replace("mine", "bad") + "colums: {}\n", encoding="utf-8")
    found = read_profiles(tmp_path)
    assert [(each.code, each.level, each.file) for each in found.warnings] == [
        ("FIELD-UNKNOWN", Level.WARNING, "profiles/bad.yaml")
    ]
    assert found.for_headers(PLCM_HEADERS, "file.csv").profile.profile == "plcm"
    for needs in (lambda: found.named("bad"), lambda: found.for_headers(["a", "b"], "file.csv")):
        with pytest.raises(FindingsError) as caught:
            needs()
        assert ("FIELD-UNKNOWN", Level.SUBMISSION) in {(each.code, each.level) for each in caught.value.findings}


def test_several_columns_that_are_missing_are_one_finding(read):
    row = {name: text for name, text in PLCM.items() if name not in ("TOTAL COST", "TARIFF CODE")}
    with pytest.raises(FindingsError) as caught:
        read(csv_of(row), profile="plcm")
    (finding,) = caught.value.findings
    assert finding.message == "columns TARIFF CODE, TOTAL COST are missing"
    assert "yoc intake profile show plcm" in finding.mend


@pytest.mark.parametrize("key", sorted({*OF_PLAN} - {"registrations", "networks"}))
def test_a_file_of_the_plan_is_told_its_key(key):
    """Registrations and networks have profiles of their own."""
    headers = [names[0] for names in OF_PLAN[key].fields.values()]
    with pytest.raises(FindingsError) as caught:
        PROFILES.for_headers(headers, "file.csv")
    (finding,) = caught.value.findings
    assert f"`{key}`" in finding.message


def test_how_deep_headers_are_looked_for_is_told():
    with pytest.raises(FindingsError) as caught:
        PROFILES.for_headers(["a", "b"], "file.csv")
    assert "in the first 20 rows" in caught.value.findings[0].mend
