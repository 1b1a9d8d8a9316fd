"""Thresholds: a file that is too faulty stops the run or is left out; what was kept out of each can be sent back."""

import csv
import json
from pathlib import Path

import pytest
from small_world import lay, table

from yoc.core.findings import FindingsError, Level
from yoc.workflow.plan import read_job
from yoc.workflow.reconcile import compute, reconcile
from yoc.workflow.settle_plan import Outcome, settle_plan

HEADER = (
    "FINANCIAL MONTH,FINANCIAL YEAR,ORGANISATION IDENTIFIER (CODE OF PROVIDER),"
    "ORGANISATION IDENTIFIER (CODE OF COMMISSIONER),PSEUDO NHS NUMBER,CDS UNIQUE IDENTIFIER,"
    "ACTIVITY END DATE (CONTRACT MONITORING),POINT OF DELIVERY CODE,TARIFF CODE,NATIONAL TARIFF INDICATOR,"
    "ACTIVITY COUNT (POINT OF DELIVERY),TOTAL COST"
)
GOOD = ",,P,C,P2,,2026-05-02,AE,VB01Z,Y,1,{}"
UNREADABLE = ",,P,C,P2,,2026-05-02,AE,VB01Z,Y,one,{}"
UNMAPPED = ",,P,C,P2,,2026-05-02,WIBBLE,VB01Z,Y,1,{}"
NOBODY = ",,P,C,,,2026-05-02,AE,VB01Z,Y,1,{}"
MONEY = ",,P,C,,,2026-05-02,BLOCK,,N,1,{}"


def lines(root: Path, *rows: str, file: str = "activity") -> None:
    table(root, f"data/{file}.csv", HEADER, rows)


def limited(plan: Path, rules: str, activity: str = "") -> Path:
    text = plan.read_text(encoding="utf-8")
    if activity:
        text = text.replace("activity: data/activity.csv", f"activity: {activity}")
    plan.write_text(text + f"thresholds: {{{rules}}}\n", encoding="utf-8", newline="\n")
    return plan


def refused(plan: Path) -> str:
    """Why the file is refused, which stops the run; nothing where it is not."""
    try:
        settle_plan(read_job(plan))
    except FindingsError as error:
        (finding,) = error.findings
        assert (finding.code, finding.level, finding.file) == ("FILE-REFUSED", Level.SUBMISSION, "data/activity.csv")
        return finding.message.partition(": ")[2]
    return ""


def settled(plan: Path) -> Outcome:
    outcome = settle_plan(read_job(plan))
    assert all(check.passed for check in outcome.checks)
    return outcome


@pytest.mark.parametrize(
    ("rules", "bad", "edge", "over", "said"),
    [
        # Of 20 rows one is 5% and two are more; of £100 two pounds are 2% and a penny more is over.
        ("rejected_rows: 5%", UNREADABLE, ["0.00"], ["0.00", "0.00"], "2 of 20 rows were rejected, more than 5%"),
        ("rejected_value: 2%", UNREADABLE, ["2.00"], ["2.01"], "£2.01 of £100.00 is on rows that were rejected, more"),
        ("unmapped_value: 2%", UNMAPPED, ["2.00"], ["2.01"], "£2.01 of £100.00 has a point of delivery that is not"),
        ("nobody_value: 2%", NOBODY, ["2.00"], ["2.01"], "£2.01 of £100.00 is for care that belongs to nobody, more"),
        # A credit hides nothing: its size counts.
        ("unmapped_value: 2%", UNMAPPED, ["1.00", "-1.00"], ["1.00", "-1.01"], "£2.01 of £100.00 has a point of"),
    ],
)
def test_each_threshold_at_its_exact_edge(tmp_path: Path, rules: str, bad: str, edge: list, over: list, said: str):
    for sums, expected in ((edge, ""), (over, said)):
        pence = 10_000 - sum(abs(round(float(text) * 100)) for text in sums)
        rest = [GOOD.format(f"{pence / 100:.2f}"), *[GOOD.format("0.00")] * (19 - len(sums))]
        root = tmp_path / str(len(expected))
        plan = limited(lay(root), rules)
        lines(root, *[bad.format(text) for text in sums], *rest)
        found = refused(plan)
        assert found.startswith(expected) and bool(found) is bool(expected)


NO_SUM = GOOD.format("TBC")
UNREAD = "{} on rows that were rejected ({} cannot be read, each counted as the mean), more than 25%"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        # Each counts as the mean of £20.00: a quarter of £80.00, then two of five.
        ([GOOD.format("10.00"), GOOD.format("30.00"), GOOD.format("20.00"), NO_SUM], ""),
        (
            [GOOD.format("10.00"), GOOD.format("30.00"), GOOD.format("20.00"), NO_SUM, NO_SUM],
            UNREAD.format("£40.00 of £100.00 is", "2 sums"),
        ),
        # Beside £5.00 on a row rejected for its count: the mean of £12.50 and £5.00 of £37.50.
        ([GOOD.format("20.00"), UNREADABLE.format("5.00"), NO_SUM], UNREAD.format("£17.50 of £37.50 is", "1 sum")),
        # A row of too few columns holds no sum either.
        ([GOOD.format("10.00"), ",,P,C"], UNREAD.format("£10.00 of £20.00 is", "1 sum")),
        # No sum gives a mean: the sums are counted.
        ([NO_SUM, NO_SUM, GOOD.format("0.00")], "2 of 3 sums cannot be read, more than 25%"),
        ([NO_SUM, *[GOOD.format("0.00")] * 3], ""),
    ],
)
def test_sums_that_cannot_be_read_count_as_the_mean_of_the_others(tmp_path: Path, rows: list[str], said: str):
    plan = limited(lay(tmp_path), "rejected_value: 25%")
    lines(tmp_path, *rows)
    assert refused(plan) == said


def test_contacts_hold_no_sums_that_could_be_unreadable(tmp_path: Path):
    plan = limited(lay(tmp_path), "rejected_value: 25%", "[data/activity.csv, data/contacts.csv]")
    header = "OrgID_Provider,OrgID_Commissioner,Person_ID,Unique_CareContactID,Contact_Date,AttendanceStatus"
    table(tmp_path, "data/contacts.csv", header, ["P,C,P2,1,2026-05-02,5", "P,C,P2,2,2026-99-02,5"])
    account = next(each for each in settled(plan).accounts if each.file == "data/contacts.csv")
    assert (account.rows, account.rejected, account.unreadable_sums) == (2, 1, 0)


def test_without_thresholds_nothing_is_asked(tmp_path: Path):
    plan = lay(tmp_path)
    lines(tmp_path, GOOD.format("1.00"), *[UNREADABLE.format("9.00")] * 9)
    assert [account.refused for account in settled(plan).accounts if account.file == "data/activity.csv"] == [""]


def test_money_without_a_patient_is_not_care_that_belongs_to_nobody(tmp_path: Path):
    plan = limited(lay(tmp_path), "nobody_value: 0%")
    lines(tmp_path, GOOD.format("1.00"), MONEY.format("900.00"))
    assert refused(plan) == ""


def test_every_threshold_that_is_passed_is_said_and_nothing_is_written(tmp_path: Path):
    plan = limited(lay(tmp_path), "rejected_rows: 5%, unmapped_value: 2%")
    lines(tmp_path, GOOD.format("50.00"), UNREADABLE.format("0.00"), UNMAPPED.format("50.00"))
    assert refused(plan) == (
        "1 of 3 rows were rejected, more than 5%; £50.00 of £100.00 has a point of delivery that is not known, "
        "more than 2%"
    )
    with pytest.raises(FindingsError):
        reconcile(plan)
    assert not list((tmp_path / "reconciliation/2026-27/world/runs").glob("2026-*"))


LOADS = "[data/first.csv, data/second.csv]"


def test_a_file_that_is_left_out_has_all_its_rows_and_pounds_rejected(tmp_path: Path):
    plan = limited(lay(tmp_path), "rejected_rows: 25%, when_exceeded: leave_out", "[data/activity.csv, data/other.csv]")
    lines(tmp_path, GOOD.format("10.00"), UNREADABLE.format("20.00"), UNMAPPED.format("40.00"))
    lines(tmp_path, GOOD.replace(",P,", ",Q,", 1).format("80.00"), file="other")
    outcome = settled(plan)
    accounts = {account.file: account for account in outcome.accounts}
    left_out = accounts["data/activity.csv"]
    assert (left_out.rows, left_out.used, left_out.rejected, left_out.superseded) == (3, 0, 3, 0)
    assert (left_out.submitted_pence, left_out.rejected_pence) == (7_000, 7_000)
    assert outcome.activity.submitted_in_pence == 8_000
    assert [(finding.level, finding.message) for finding in outcome.findings if finding.code == "FILE-REFUSED"] == [
        (Level.SUBMISSION, "the file is refused whole, and left out: 1 of 3 rows were rejected, more than 25%")
    ]
    # The row that could not be read is told by itself, the others together.
    content = compute(plan)
    assert [(each["field"], each["rows"], each["row_numbers"]) for each in content["rejects"]] == [
        ("activity count", 1, [3]),
        ("file", 2, []),
    ]


def test_an_earlier_load_counts_again_where_the_later_is_left_out(tmp_path: Path):
    plan = limited(lay(tmp_path), "rejected_rows: 25%, when_exceeded: leave_out", LOADS)
    lines(tmp_path, GOOD.format("10.00"), file="first")
    lines(tmp_path, GOOD.format("20.00"), UNREADABLE.format("0.00"), file="second")
    outcome = settled(plan)
    assert [account.superseded for account in outcome.accounts if account.file.startswith("data/first")] == [0]
    assert outcome.activity.submitted_in_pence == 1_000


def test_and_is_looked_at_itself(tmp_path: Path):
    plan = limited(lay(tmp_path), "rejected_rows: 25%, when_exceeded: leave_out", LOADS)
    for file, pounds in (("first", "10.00"), ("second", "20.00")):
        lines(tmp_path, GOOD.format(pounds), UNREADABLE.format("0.00"), file=file)
    outcome = settled(plan)
    assert outcome.activity.lines_in == 0
    assert sorted(finding.file for finding in outcome.findings if finding.code == "FILE-REFUSED") == [
        "data/first.csv",
        "data/second.csv",
    ]


def test_a_file_that_a_later_one_replaces_whole_is_left_alone(tmp_path: Path):
    plan = limited(lay(tmp_path), "rejected_rows: 25%", LOADS)
    lines(tmp_path, GOOD.format("10.00"), UNREADABLE.format("0.00"), file="first")
    lines(tmp_path, GOOD.format("20.00"), file="second")
    assert settled(plan).activity.submitted_in_pence == 2_000


def test_a_file_of_which_nothing_can_be_read_can_be_left_out(tmp_path: Path):
    plan = limited(lay(tmp_path), "rejected_rows: 25%, when_exceeded: leave_out", LOADS)
    lines(tmp_path, GOOD.format("10.00"), file="first")
    lines(tmp_path, UNREADABLE.format("1.00"), file="second")
    assert settled(plan).activity.submitted_in_pence == 1_000


# What is kept out of each file, to be sent back.


def read_rejects(folder: Path) -> dict[str, list[dict[str, str]]]:
    return {
        path.name: list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
        for path in sorted((folder / "rejects").iterdir())
    }


def test_a_run_has_a_file_of_rejects_for_each_file_that_has_any(tmp_path: Path):
    plan = limited(lay(tmp_path), "rejected_rows: 60%", "[data/a/x.csv, data/b/x.csv, data/c.csv]")
    lines(tmp_path, GOOD.format("10.00"), UNREADABLE.format("5.00"), file="a/x")
    lines(
        tmp_path, GOOD.replace(",P,", ",Q,", 1).format("TBC"), GOOD.replace(",P,", ",Q,", 1).format("1.00"), file="b/x"
    )
    lines(tmp_path, GOOD.replace(",P,", ",R,", 1).format("1.00"), file="c")
    run = reconcile(plan)
    found = read_rejects(run.run_folder)
    assert list(found) == ["x-2.csv", "x.csv"]
    assert found["x.csv"] == [
        {
            "file": "data/a/x.csv", "row": "3", "field": "activity count", "code": "ROW-REJECTED", "level": "record",
            "reason": "is not a number",
        }
    ]  # fmt: skip
    assert [(row["file"], row["row"], row["field"]) for row in found["x-2.csv"]] == [
        ("data/b/x.csv", "2", "total cost")
    ]
    hashes = json.loads((run.run_folder / "manifest.json").read_text(encoding="utf-8"))["files"]
    assert {"rejects/x.csv", "rejects/x-2.csv"} <= set(hashes)


def test_rejects_hold_nobodys_data_and_no_formula(tmp_path: Path):
    plan = limited(lay(tmp_path), "rejected_rows: 90%", '["data/=x.csv", data/c.csv]')
    secret = GOOD.replace("P2", "S123456789").format("=1+1")
    lines(tmp_path, secret, GOOD.format("10.00"), file="=x")
    lines(tmp_path, GOOD.replace(",P,", ",R,", 1).format("1.00"), file="c")
    folder = reconcile(plan).run_folder
    (path,) = (folder / "rejects").iterdir()
    text = path.read_text(encoding="utf-8-sig")
    assert "S123456789" not in text and "=1+1" not in text
    cells = [cell for row in csv.reader(text.splitlines()) for cell in row]
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "@")]


def test_a_run_without_rejects_has_no_folder_for_them(tmp_path: Path):
    assert not (reconcile(lay(tmp_path)).run_folder / "rejects").exists()
