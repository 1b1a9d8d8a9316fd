"""Guards on lines: each is seen to fire and not to fire, and every pound stays in the account."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from small_world import LINES, Line, lay, table

from yoc.core.findings import Finding, FindingsError, Level
from yoc.workflow.plan import read_job
from yoc.workflow.reconcile import compute
from yoc.workflow.settle_plan import Outcome, settle_plan

GUARDS = "    - {reason: block, when: {point_of_delivery: BLOCK}}\n"
SCOPE = "    - {setting: emergency, when: {point_of_delivery: AE}}\n"
COMMUNITY = SCOPE + "    - {setting: primary, when: {point_of_delivery: [COMM, BLOCK]}}\n"
PERSONS = "PSEUDO NHS NUMBER,PERSON BIRTH DATE,PERSON DEATH DATE,BODY MASS INDEX"
CONTACTS = (
    "ORGANISATION IDENTIFIER (CODE OF PROVIDER),ORGANISATION IDENTIFIER (CODE OF COMMISSIONER),PSEUDO NHS NUMBER,"
    "CARE CONTACT IDENTIFIER,CARE CONTACT DATE,ATTENDANCE STATUS,SERVICE OR TEAM TYPE REFERRED TO (COMMUNITY CARE)"
)
ADMITTED = (
    "APCS_Ident,Der_Provider_Code,Responsible_Purchaser_Code,Der_Pseudo_NHS_Number,Hospital_Spell_No,Admission_Date,"
    "Discharge_Date,Admission_Method,Patient_Classification,National_POD_Code,Spell_Core_HRG,Grand_Total_Payment_MFF"
)
MONITORED = (
    "FINANCIAL MONTH,FINANCIAL YEAR,ORGANISATION IDENTIFIER (CODE OF PROVIDER),"
    "ORGANISATION IDENTIFIER (CODE OF COMMISSIONER),PSEUDO NHS NUMBER,CDS UNIQUE IDENTIFIER,"
    "HOSPITAL PROVIDER SPELL NUMBER,ACTIVITY START DATE (CONTRACT MONITORING),"
    "ACTIVITY END DATE (CONTRACT MONITORING),POINT OF DELIVERY CODE,TARIFF CODE,NATIONAL TARIFF INDICATOR,"
    "ACTIVITY COUNT (POINT OF DELIVERY),TOTAL COST"
)


def seen(
    person: str, day: str, count: str = "1", total: str = "100.00", delivery: str = "AE", code: str = "VB01Z"
) -> Line:
    return (person, day, delivery, code, count, total)


def monitor(root: Path, *rows: str, file: str = "activity") -> None:
    table(root, f"data/{file}.csv", MONITORED, rows)


def outcome(plan: Path) -> Outcome:
    settled = settle_plan(read_job(plan))
    assert all(check.passed for check in settled.checks)
    return settled


def fates(plan: Path) -> dict[str, tuple[int, int]]:
    """Lines and submitted pence by fate; they add to what came in."""
    settled = outcome(plan)
    found: dict[str, tuple[int, int]] = {}
    for part in settled.activity.by_fate:
        lines, pence = found.get(part.fate, (0, 0))
        found[part.fate] = (lines + part.lines, pence + part.submitted_pence)
    assert sum(pence for _, pence in found.values()) == settled.activity.submitted_in_pence
    return found


def told(plan: Path, code: str) -> list[Finding]:
    return [finding for finding in settle_plan(read_job(plan)).findings if finding.code == code]


def with_plan(plan: Path, *more: str, activity: str = "") -> Path:
    text = plan.read_text(encoding="utf-8")
    if activity:
        text = text.replace("activity: data/activity.csv", f"activity: {activity}")
    plan.write_text(text + "".join(f"{line}\n" for line in more), encoding="utf-8", newline="\n")
    return plan


def rules(
    *, guards: str = GUARDS, scope: str = SCOPE, activity: str = "", blocks: str = ""
) -> Sequence[tuple[str, str]]:
    """Edits of the contract's rules of activity."""
    return (
        ("  guards:\n" + GUARDS, (f"  guards:\n{guards}" if guards else "") + activity),
        ("  scope:\n" + SCOPE, (f"  blocks:\n{blocks}" if blocks else "") + f"  scope:\n{scope}"),
    )


# Low-volume arrangements and other commissioners.


@pytest.mark.parametrize(("provider", "aside"), [("P", 6), ("Q", 0)])
def test_a_low_volume_arrangement_takes_the_lines_of_its_provider_and_no_others(
    tmp_path: Path, provider: str, aside: int
):
    guard = f"    - {{reason: low_volume_activity, when: {{provider: {provider}}}}}\n"
    assert fates(lay(tmp_path, *rules(guards=guard))).get("low_volume_activity", (0, 0))[0] == aside


def test_a_site_suffix_is_the_commissioner_itself_and_is_told(tmp_path: Path):
    plan = lay(tmp_path, ("commissioners: [C]", "commissioners: [XQY]"))
    codes = ("XQY", "XQY00", "XQY01", "XQX00", "XMD00", "XQY00")
    monitor(tmp_path, *[f",,P,{code},P2,L{n},,,2026-05-02,AE,VB01Z,Y,1,10.00" for n, code in enumerate(codes)])
    assert fates(plan) == {"charged": (3, 3_000), "other_commissioner": (3, 3_000)}
    (finding,) = told(plan, "COMMISSIONER-SITE")
    assert (finding.message, finding.count) == ("2 lines for `XQY00` taken as for `XQY`", 2)
    assert told(plan, "COMMISSIONER-OTHER") == []


def test_a_code_of_the_contract_is_not_told_as_a_site(tmp_path: Path):
    plan = lay(tmp_path, ("commissioners: [C]", "commissioners: [XQY, XQY00]"))
    monitor(tmp_path, ",,P,XQY00,P2,L1,,,2026-05-02,AE,VB01Z,Y,1,10.00")
    assert fates(plan) == {"charged": (1, 1_000)}
    assert told(plan, "COMMISSIONER-SITE") == []


def test_a_file_for_other_commissioners_alone_is_told_by_its_name(tmp_path: Path):
    plan = with_plan(lay(tmp_path), activity="[data/activity.csv, data/other.csv]")
    monitor(tmp_path, *[f",,Q,{code},P2,,,,2026-05-02,AE,VB01Z,Y,1,10.00" for code in ("XOT", "VPP00")], file="other")
    (finding,) = told(plan, "COMMISSIONER-OTHER")
    assert (finding.file, finding.count) == ("data/other.csv", 2)
    assert finding.message == (
        "all 2 lines that were read, £20.00, are for other commissioners than the contract's (C)"
    )


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("VPP00", "a private or overseas patient"),
        ("XMD00", "the Ministry of Defence"),
        ("Q99", "the commissioner is not known"),
        ("X98", "no commissioner applies"),
        ("XOT", ""),
    ],
)
def test_another_commissioner_is_set_aside_and_a_default_code_said_by_name(tmp_path: Path, code: str, said: str):
    plan = lay(tmp_path)
    monitor(
        tmp_path, f",,P,{code},P2,L1,,,2026-05-02,AE,VB01Z,Y,1,10.00", ",,P,C,P2,L2,,,2026-05-02,AE,VB01Z,Y,1,10.00"
    )
    parts = compute(plan)["activity"]["set_aside"]
    assert [(part["fate"], part["detail"], part["submitted_pence"]) for part in parts] == [
        ("other_commissioner", said, 1_000)
    ]


# Lines that belong to no person.


@pytest.mark.parametrize("key", ["", "1", "0000000000", "9999999999", "unknown"])
def test_a_blank_or_placeholder_is_no_person(tmp_path: Path, key: str):
    assert fates(lay(tmp_path, lines=(seen(key, "2026-05-02"),))) == {"no_person": (1, 10_000)}


def test_money_without_a_patient_is_said_apart(tmp_path: Path):
    plan = lay(
        tmp_path,
        *rules(guards="", scope=COMMUNITY),
        lines=(seen("", "2026-05-02"), seen("", "2026-05-02", delivery="BLOCK", total="70.00")),
    )
    parts = compute(plan)["activity"]["set_aside"]
    assert [(part["fate"], part["detail"], part["submitted_pence"]) for part in parts] == [
        ("no_person", "", 10_000),
        ("no_person", "money without a patient", 7_000),
    ]


# Before birth and after death. P2 is born on 1 May 2026 and dies on 3 May.


def brief_life(root: Path, *edits: tuple[str, str], lines: Sequence[Line]) -> Path:
    plan = lay(root, *edits, lines=lines)
    table(root, "data/persons.csv", PERSONS, ["P1,1980-01-01,,", "P2,2026-05-01,2026-05-03,", "P4,1980-01-01,,"])
    return plan


@pytest.mark.parametrize(
    ("day", "fate"),
    [
        ("2026-04-30", "before_birth"),
        # The days of birth and of death count. P2 is in no segment, since none was tested between them.
        ("2026-05-01", "not_in_cohort"),
        ("2026-05-03", "not_in_cohort"),
        ("2026-05-04", "after_death"),
    ],
)
def test_the_days_of_birth_and_of_death_count(tmp_path: Path, day: str, fate: str):
    assert fates(brief_life(tmp_path, lines=(seen("P2", day),))) == {fate: (1, 10_000)}


def test_a_date_before_birth_is_said_where_the_stated_month_is_in_the_year(tmp_path: Path):
    plan = lay(tmp_path)
    monitor(
        tmp_path,
        "2,202627,P,C,P2,L1,,,1926-05-02,AE,VB01Z,Y,1,10.00",
        "2,202627,P,C,P2,L2,,,2025-05-02,AE,VB01Z,Y,1,20.00",
        "2,202526,P,C,P2,L3,,,1926-05-02,AE,VB01Z,Y,1,40.00",
        "2,202627,P,C,P2,L4,,,2026-05-02,AE,VB01Z,Y,1,80.00",
    )
    assert fates(plan) == {"before_birth": (1, 1_000), "out_of_year": (2, 6_000), "charged": (1, 8_000)}


@pytest.mark.parametrize(("days", "charged"), [(0, 1), (1, 2), (2, 3), (30, 3)])
def test_lines_within_the_days_of_grace_count_as_on_the_day_of_death(tmp_path: Path, days: int, charged: int):
    lines = [seen("P2", f"2026-05-{day:02d}") for day in (3, 4, 5)]
    plan = lay(tmp_path, *rules(activity=f"  after_death_days: {days}\n"), lines=lines)
    table(tmp_path, "data/persons.csv", PERSONS, ["P1,1980-01-01,,", "P2,1980-01-01,2026-05-03,", "P4,1980-01-01,,"])
    found = fates(plan)
    assert found["charged"] == (charged, charged * 10_000)
    assert found.get("after_death", (0, 0))[0] == 3 - charged
    hosts = {host["host"]: host["cost_pence"] for host in compute(plan)["hosts"]}
    assert hosts == {"A": charged * 10_000, "B": 0}


# Repeats within a file, between files and between data sets.

ROW = ",,P,C,P2,{},,,2026-05-02,AE,VB01Z,Y,1,{}"


def test_a_repeat_is_charged_and_said_unless_the_contract_sets_it_aside(tmp_path: Path):
    for name, more, expected in (
        ("report", "", {"charged": (3, 33_000)}),
        ("aside", "  duplicates: set_aside\n", {"charged": (2, 22_000), "duplicate": (1, 11_000)}),
    ):
        root = tmp_path / name
        plan = lay(root, *rules(activity=more))
        monitor(root, ROW.format("L1", "110.00"), ROW.format("L1", "110.00"), ROW.format("L2", "110.00"))
        assert fates(plan) == expected
        (finding,) = told(plan, "LINE-REPEATED")
        assert finding.message == "1 line, submitted at £110.00, repeat another of the same identifier in every field"
        assert (finding.file, finding.count, finding.level) == ("data/activity.csv", 1, Level.WARNING)


def test_the_first_in_the_order_of_loads_stays(tmp_path: Path):
    # A file that adds to what is there: the row stands in both, and as of two months.
    plan = with_plan(
        lay(tmp_path, *rules(activity="  duplicates: set_aside\n")),
        activity="[{files: data/a.csv, profile: plcm}, {files: data/b.csv, profile: plcm}]",
    )
    monitor(tmp_path, "2,202627" + ROW.format("L1", "110.00")[1:], file="a")
    monitor(tmp_path, "3,202627" + ROW.format("L1", "110.00")[1:], file="b")
    assert fates(plan) == {"charged": (1, 11_000), "duplicate": (1, 11_000)}
    assert [finding.file for finding in told(plan, "LINE-REPEATED")] == ["data/b.csv"]


def test_a_later_load_of_the_month_leaves_no_repeat(tmp_path: Path):
    plan = with_plan(lay(tmp_path), activity="[data/a.csv, data/b.csv]")
    monitor(tmp_path, ROW.format("L1", "110.00"), file="a")
    monitor(tmp_path, ROW.format("L1", "110.00"), file="b")
    assert told(plan, "LINE-REPEATED") == []


def test_a_repeat_of_a_line_that_is_not_charged_is_charged(tmp_path: Path):
    # The first is stated as of the year before, and is out of the year: the pound is charged once, not never.
    plan = lay(tmp_path, *rules(activity="  duplicates: set_aside\n"))
    monitor(tmp_path, "2,202526" + ROW.format("L1", "110.00")[1:], "2,202627" + ROW.format("L1", "110.00")[1:])
    assert fates(plan) == {"out_of_year": (1, 11_000), "charged": (1, 11_000)}


def test_another_price_under_one_identifier_is_a_question_and_stays_charged(tmp_path: Path):
    plan = lay(tmp_path, *rules(activity="  duplicates: set_aside\n"))
    monitor(tmp_path, ROW.format("L1", "110.00"), ROW.format("L1", "111.00"))
    assert fates(plan) == {"charged": (2, 22_100)}
    (finding,) = told(plan, "LINE-REPEATED")
    assert "submitted at £111.00, have the identifier of another line, with another price" in finding.message


def test_lines_without_identifier_that_are_alike_are_possible_repeats(tmp_path: Path):
    plan = lay(tmp_path, *rules(activity="  duplicates: set_aside\n"))
    monitor(tmp_path, ROW.format("", "110.00"), ROW.format("", "110.00"), ROW.format("", "120.00"))
    assert fates(plan) == {"charged": (3, 34_000)}
    (finding,) = told(plan, "LINE-REPEATED")
    assert finding.message.startswith("1 line, submitted at £110.00, have no identifier, and person, day, codes")


def test_two_attendances_of_one_day_are_no_repeats(tmp_path: Path):
    plan = lay(tmp_path)
    rows = [f",,P,C,P2,,{spell},,2026-05-02,AE,VB01Z,Y,1,110.00" for spell in ("S1", "S2")]
    monitor(tmp_path, *rows)
    assert told(plan, "LINE-REPEATED") == []


@pytest.mark.parametrize(
    ("spell", "day", "again"), [("S1", "2026-05-02", 1), ("S2", "2026-05-02", 0), ("S1", "2026-05-03", 0)]
)
@pytest.mark.parametrize("aside", [False, True])
def test_a_spell_in_two_data_sets(tmp_path: Path, spell: str, day: str, again: int, aside: bool):
    scope = "    - {setting: emergency, when: {point_of_delivery: NEL}}\n"
    more = "  duplicates: set_aside\n" if aside else ""
    plan = with_plan(
        lay(tmp_path, *rules(scope=scope, activity=more)),
        activity="[{files: data/activity.csv, profile: plcm}, {files: data/sus.csv, profile: sus_admitted}]",
    )
    monitor(tmp_path, ",,P,C,P2,L1,S1,2026-05-01,2026-05-02,NEL,VB01Z,Y,1,110.00")
    table(tmp_path, "data/sus.csv", ADMITTED, [f"9,P,C,P2,{spell},2026-05-01,{day},21,1,NEL,VB01Z,115.00"])
    gone = {"charged": (1, 11_000), "duplicate": (1, 11_500)}
    assert fates(plan) == (gone if aside and again else {"charged": (2, 22_500)})
    found = told(plan, "LINE-REPEATED")
    assert [(finding.file, finding.count) for finding in found] == [("data/sus.csv", 1)] * again


# A block beside proxies for the cost of the same care.


def with_contacts(root: Path, *edits: tuple[str, str], lines: Sequence[Line] = ()) -> Path:
    plan = with_plan(
        lay(root, *edits, lines=lines or LINES),
        activity="[{files: data/activity.csv, profile: plcm}, {files: data/csds.csv, profile: csds_contacts}]",
    )
    table(root, "data/csds.csv", CONTACTS, ["P,C,P2,C1,2026-05-02,5,VB01Z", "P,C,P2,C2,2026-05-09,5,VB01Z"])
    return plan


BLOCK_VALUE = "    - {id: nurses, provider: P, setting: %s, value: £60, key: shares, shares: {A: 50%%, B: 50%%}}\n"


def test_contacts_inside_a_block_of_the_contract_are_set_aside(tmp_path: Path):
    found = fates(with_contacts(tmp_path, *rules(scope=COMMUNITY, blocks=BLOCK_VALUE % "primary")))
    # They carry no sum, and would have been charged £200 by the book.
    assert found["block"] == (2, 0)
    assert (
        fates(with_contacts(tmp_path / "b", *rules(scope=COMMUNITY, blocks=BLOCK_VALUE % "emergency"))).get("block")
        is None
    )


def test_a_charged_block_beside_charged_contacts_stops_the_run(tmp_path: Path):
    block = seen("P2", "2026-05-02", total="900.00", delivery="BLOCK", code="VB01Z")
    plan = with_contacts(tmp_path, *rules(guards="", scope=COMMUNITY), lines=(block,))
    with pytest.raises(FindingsError) as caught:
        settle_plan(read_job(plan))
    # Two contacts at the book's £100.00.
    assert [(finding.code, finding.message) for finding in caught.value.findings] == [
        (
            "BLOCK-AND-PROXY",
            "P, primary care: a block of £900.00 is charged beside contacts at a proxy cost of £200.00",
        )
    ]


def test_a_block_that_a_guard_sets_aside_may_stand_beside_contacts(tmp_path: Path):
    block = seen("P2", "2026-05-02", total="900.00", delivery="BLOCK")
    plan = with_contacts(tmp_path, *rules(scope=COMMUNITY), lines=(block,))
    assert fates(plan)["block"] == (1, 90_000)
    assert told(plan, "BLOCK-AND-PROXY") == []


def test_a_block_that_belongs_to_nobody_is_a_warning(tmp_path: Path):
    block = seen("", "2026-05-02", total="900.00", delivery="BLOCK")
    plan = with_contacts(tmp_path, *rules(guards="", scope=COMMUNITY), lines=(block,))
    (finding,) = told(plan, "BLOCK-AND-PROXY")
    assert finding.level is Level.WARNING
    assert (
        "a block of £900.00 that belongs to nobody stands beside contacts at a proxy cost of £200.00" in finding.message
    )


def test_a_block_in_another_setting_is_another_matter(tmp_path: Path):
    scope = SCOPE + "    - {setting: primary, when: {point_of_delivery: COMM}}\n"
    scope += "    - {setting: emergency, when: {point_of_delivery: BLOCK}}\n"
    block = seen("P2", "2026-05-02", total="900.00", delivery="BLOCK")
    plan = with_contacts(tmp_path, *rules(guards="", scope=scope), lines=(block,))
    assert told(plan, "BLOCK-AND-PROXY") == []


# Ten times out. The book has £100.00, the index is 1.


@pytest.mark.parametrize(
    ("count", "total", "says"),
    [
        ("1", "949.99", None), ("1", "950.00", "ten times"), ("1", "1000.00", "ten times"),
        ("1", "1050.00", "ten times"), ("1", "1050.01", None),
        ("1", "9.49", None), ("1", "9.50", "a tenth"), ("10", "100.00", "a tenth"), ("1", "10.50", "a tenth"),
        ("1", "10.51", None),
        ("-1", "-1000.00", "ten times"), ("-1", "1000.00", None), ("0", "100.00", None), ("1", "0.00", None),
        ("1", "100.00", None),
    ],
)  # fmt: skip
def test_ten_times_and_a_tenth_at_their_exact_edges(tmp_path: Path, count: str, total: str, says: str | None):
    plan = lay(tmp_path, lines=(seen("P2", "2026-05-02", count, total),))
    found = told(plan, "TEN-TIMES")
    assert [says in finding.message for finding in found] == ([] if says is None else [True])
    # It is charged as it stands: the book's price for the count.
    assert fates(plan) == {"charged": (1, int(total.replace(".", "")))}


def test_ten_times_holds_the_market_forces_index_and_is_told_by_code(tmp_path: Path):
    lines = [seen("P2", "2026-05-02", "1", "1037.21"), seen("P1", "2026-05-02", "2", "2074.44")]
    plan = lay(tmp_path, lines=lines, index="1.037218")
    (finding,) = told(plan, "TEN-TIMES")
    # 3 × £100.00 × 1.037218.
    assert finding.message == (
        "P, code VB01Z at AE: 2 lines, submitted at £3,111.65, about ten times the book's £311.17"
    )
    assert finding.count == 2


def test_the_plan_may_choose_the_ratios(tmp_path: Path):
    plan = lay(tmp_path, lines=(seen("P2", "2026-05-02", "1", "900.00"),))
    assert told(plan, "TEN-TIMES") == []
    with_plan(plan, "ten_times: {over: {at_least: 9, at_most: 10}}")
    assert len(told(plan, "TEN-TIMES")) == 1


@pytest.mark.parametrize(
    "bounds", ["{at_least: 10, at_most: 9}", "{at_least: 0, at_most: 9}", "{at_least: 1/3, at_most: 9}"]
)
def test_ratios_that_cannot_be_are_refused(tmp_path: Path, bounds: str):
    plan = with_plan(lay(tmp_path), f"ten_times: {{over: {bounds}}}")
    with pytest.raises(FindingsError) as caught:
        read_job(plan)
    assert [finding.code for finding in caught.value.findings] == ["FIELD-VALUE"]


@pytest.mark.parametrize(
    ("count", "total", "says"),
    [
        # Pence that stand as pounds, and a count of a thousand on one attendance's price; at their exact edges.
        ("1", "10000.00", "about a hundred times the book's £100.00"),
        ("1", "9500.00", "a hundred times"), ("1", "10500.00", "a hundred times"),
        ("1", "100000.00", "a thousand times"), ("1", "95000.00", "a thousand times"),
        ("1", "105000.00", "a thousand times"),
        ("1", "0.95", "a hundredth"), ("1", "1.05", "about a hundredth of the book's £100.00"),
        ("1000", "72.10", "far from the book, under 1/20 of its £100,000.00"), ("1000", "95.00", "a thousandth"),
        ("1000", "105.00", "a thousandth"),
        # Outside the ladder: over 20 times, or under a twentieth.
        ("1", "2000.00", None), ("1", "2000.01", "far from the book, over 20 times its £100.00"),
        ("1", "9499.99", "far from"), ("1", "10500.01", "far from"), ("1", "105000.01", "far from"),
        ("1", "5.00", None), ("1", "4.99", "far from"), ("1", "1.06", "far from"), ("1", "0.94", "far from"),
        ("-1", "-10000.00", "a hundred times"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("basis", ["book", "submitted"])
def test_a_slip_of_more_digits_is_told_on_either_basis(
    tmp_path: Path, count: str, total: str, says: str | None, basis: str
):
    plan = lay(tmp_path, ("basis: book", f"basis: {basis}"), lines=(seen("P2", "2026-05-02", count, total),))
    found = told(plan, "TEN-TIMES")
    assert [says in finding.message for finding in found] == ([] if says is None else [True]), found
    assert fates(plan) == {"charged": (1, round(float(total) * 100))}


def test_ratios_of_the_plan_hold_for_each_power(tmp_path: Path):
    plan = lay(tmp_path, lines=(seen("P2", "2026-05-02", "1", "9000.00"),))
    assert "far from" in told(plan, "TEN-TIMES")[0].message
    with_plan(plan, "ten_times: {over: {at_least: 9, at_most: 10}}")
    assert "a hundred times" in told(plan, "TEN-TIMES")[0].message


# A count and a total of opposite signs.


@pytest.mark.parametrize("basis", ["book", "submitted", "lower"])
def test_opposite_signs_are_told_by_provider_and_charged_as_they_stand(tmp_path: Path, basis: str):
    lines = [
        seen("P2", "2026-05-02", "-1", "100.00"), seen("P2", "2026-05-03", "1", "-30.00"),
        seen("P1", "2026-05-04", "-2", "50.00"),
        # Signs that agree, and nothing on either side.
        seen("P2", "2026-05-05", "1", "100.00"), seen("P2", "2026-05-06", "-1", "-100.00"),
        seen("P2", "2026-05-07", "0", "-5.00"), seen("P2", "2026-05-08", "-1", "0.00"),
    ]  # fmt: skip
    plan = lay(tmp_path, ("basis: book", f"basis: {basis}"), lines=lines)
    (finding,) = told(plan, "SIGNS-APART")
    assert (finding.level, finding.count) == (Level.WARNING, 3)
    assert finding.message == (
        "P: 3 lines whose count and submitted total have opposite signs, £120.00 in all: 2 with a charge, "
        "1 with a credit"
    )
    assert fates(plan) == {"charged": (7, 11_500)}


def test_an_adjustment_may_be_a_credit_for_one(tmp_path: Path):
    scope = SCOPE + "    - {setting: emergency, when: {point_of_delivery: ADJUSTMENT}}\n"
    lines = [seen("P2", "2026-05-02", "1", "-100.00", "ADJUSTMENT"), seen("P2", "2026-05-02")]
    plan = lay(tmp_path, *rules(scope=scope), ("basis: book", "basis: submitted"), lines=lines)
    assert fates(plan) == {"charged": (2, 0)}
    assert told(plan, "SIGNS-APART") == []


# A newest month that is light.


def months(*numbers: int) -> list[Line]:
    """So many lines in each month from April."""
    days = [f"{2026 + (month > 8)}-{(month + 3) % 12 + 1:02d}-02" for month in range(12)]
    return [seen("P2", days[month]) for month, number in enumerate(numbers) for _ in range(number)]


@pytest.mark.parametrize(
    ("numbers", "more", "light"),
    [
        # 85% of 20 is 17.
        ((20, 20, 17), (), False), ((20, 20, 16), (), True), ((20, 16, 20), (), False), ((16,), (), False),
        ((30, 10, 17), (), False), ((30, 10, 16), (), True), ((20, 19, 1), (), False),
        ((20, 20, 16), ("light_month: 80%",), False), ((20, 20, 15), ("light_month: 80%",), True),
        ((20, 20, 1), ("light_month: 0%",), False),
    ],
)  # fmt: skip
def test_a_newest_month_under_the_share_is_told(
    tmp_path: Path, numbers: tuple[int, ...], more: tuple[str, ...], light: bool
):
    found = told(with_plan(lay(tmp_path, lines=months(*numbers)), *more), "MONTH-LIGHT")
    assert len(found) == light
    if light:
        assert found[0].message.startswith(f"P, 2026/27 month 03, plcm: {numbers[-1]} lines, under ")


# Bed days of a spell over months.


@pytest.mark.parametrize("code", ["89997", "89999"])
def test_no_month_is_missing_of_a_code_that_stands_for_any_provider(tmp_path: Path, code: str):
    plan = lay(tmp_path)
    monitor(
        tmp_path,
        ",,P,C,P2,L1,,,2026-12-16,AE,VB01Z,N,1,100.00",
        f",,{code},C,P2,L2,,,2026-12-16,AE,VB01Z,N,1,100.00",
    )
    (missing,) = told(plan, "MONTH-MISSING")
    assert missing.message.startswith("provider P has no line for April, May,")


@pytest.mark.parametrize(
    ("first", "second", "over"), [(20, 15, None), (20, 16, None), (21, 16, "1 bed day"), (40, 0, "4 bed days")]
)
def test_bed_days_of_a_spell_come_to_no_more_than_it_lasted(tmp_path: Path, first: int, second: int, over: str | None):
    # 11 November to 16 December: 36 days with both ends counted.
    plan = lay(tmp_path)
    monitor(
        tmp_path,
        f",,P,C,P2,L1,S1,2026-11-11,2026-11-30,IPOBD,VB01Z,N,{first},100.00",
        f",,P,C,P2,L2,S1,2026-12-01,2026-12-16,IPOBD,VB01Z,N,{second},100.00",
        ",,P,C,P2,L3,S2,2026-12-01,2026-12-03,IPOBD,VB01Z,N,3,100.00",
        # No bed days, a start that is not told, no spell: none of them can be held against anything.
        ",,P,C,P2,L4,S3,2026-12-01,2026-12-03,AE,VB01Z,N,30,100.00",
        ",,P,C,P2,L5,S4,,2026-12-03,IPOBD,VB01Z,N,30,100.00",
        ",,P,C,P2,L6,,2026-12-01,2026-12-03,IPOBD,VB01Z,N,30,100.00",
    )
    found = [finding.message for finding in told(plan, "SPELL-DAYS")]
    assert found == (
        [f"P: 1 spell of 2 lines, submitted at £200.00, with {over} more than from first start to last end"]
        if over
        else []
    )
