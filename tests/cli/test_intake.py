"""`yoc intake` as it is typed: the account of files, the rejects, and profiles listed, shown, drafted and checked."""

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner

from yoc.cli.commands import app
from yoc.workflow.profile_schema import PROFILE_SCHEMA_FILE, profile_schema_text

HEADER = (
    "FINANCIAL MONTH,FINANCIAL YEAR,ORGANISATION IDENTIFIER (CODE OF PROVIDER),"
    "ORGANISATION IDENTIFIER (CODE OF COMMISSIONER),NHS NUMBER,ACTIVITY END DATE (CONTRACT MONITORING),"
    "POINT OF DELIVERY CODE,TARIFF CODE,NATIONAL TARIFF INDICATOR,ACTIVITY COUNT (POINT OF DELIVERY),TOTAL COST\n"
)
ROWS = (
    "1,202627,RX1,QUY,9434765919,2026-04-10,AE TYPE1,VB01Z,Y,1,100.00\n"
    "1,202627,RX1,QUY,9434765919,2026-04-10,AE,VB01Z,Y,1,TBC\n"
    '2,202627,RX1,QUY,9434765919,2026-05-10,AE,VB01Z,Y,1,"1,200.00"\n'
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "140")
    (tmp_path / "plcm.csv").write_text(HEADER + ROWS, encoding="utf-8")
    return tmp_path


def run(*arguments: str):
    return CliRunner().invoke(app, ["intake", *arguments])


def cells(output: str, start: str) -> list[list[str]]:
    """The rows of a printed table that begin so, and the one under each."""
    lines = output.splitlines()
    return [
        lines[place + step].split()
        for place, line in enumerate(lines)
        if line.split()[:1] == [start]
        for step in (0, 1)
    ]


def test_the_account_of_a_file_is_printed_in_rows_and_pounds(folder):
    done = run("plcm.csv", "--year", "2026/27")
    assert done.exit_code == 0, done.stderr
    assert cells(done.stdout, "plcm.csv") == [
        ["plcm.csv", "plcm", "3", "2", "0", "1", "0"],
        ["£1,300.00", "£1,300.00", "£0.00", "£0.00", "£0.00"],
    ]
    assert "plcm: month by stated 2" in done.stdout
    assert "plcm: point of delivery exact 1, variant 1" in done.stdout
    assert "plcm.csv:3: ROW-REJECTED (record): 1 row rejected: total cost is not a sum of money (row 3)" in done.stdout
    assert "9434765919" not in done.output
    assert [path.name for path in folder.iterdir()] == ["plcm.csv"]


def test_months_after_the_year_are_told(folder):
    later = ROWS.splitlines(keepends=True)[0].replace("202627", "203536")
    (folder / "plcm.csv").write_text(HEADER + ROWS + later, encoding="utf-8")
    assert (
        "PERIOD-FUTURE (warning): 1 row, submitted at £100.00, for months after 2027-03-31"
        in run("plcm.csv", "--year", "2026/27").stdout
    )
    assert "PERIOD-FUTURE" not in run("plcm.csv").stdout


def test_later_files_restate_earlier_ones(folder):
    (folder / "later.csv").write_text(HEADER + ROWS.splitlines(keepends=True)[0], encoding="utf-8")
    done = run("plcm.csv", "later.csv")
    assert cells(done.stdout, "plcm.csv")[0] == ["plcm.csv", "plcm", "3", "1", "0", "1", "1"]


def test_rejects_are_written_without_formulas_and_without_people(folder):
    (folder / "=plcm.csv").write_text(HEADER + ROWS, encoding="utf-8")
    done = run("=plcm.csv", "--rejects", "rejects.csv")
    assert (done.exit_code, "Written: rejects.csv" in done.stdout) == (0, True)
    text = (folder / "rejects.csv").read_text(encoding="utf-8-sig")
    assert list(csv.reader(text.splitlines())) == [
        ["file", "row", "field", "code", "level", "reason"],
        ["'=plcm.csv", "3", "total cost", "ROW-REJECTED", "record", "is not a sum of money"],
    ]
    assert "9434765919" not in text


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["none.csv"], 3, "FILE-MISSING"),
        (["plcm.csv", "--profile", "slam"], 3, "there is no profile `slam`"),
        (["plcm.csv", "--year", "2030/31"], 3, "YEAR-WRONG"),
        (["plcm.csv", "--year", "2030"], 2, "is not a financial year"),
        (["plcm.csv", "--rejects", "plcm.csv"], 3, "one of the files that are read"),
        (["plcm.csv", "--rejects", "none/rejects.csv"], 3, "is not there"),
        (["other.csv"], 3, "no profile fits its headers"),
        (["empty.csv"], 3, "FILE-UNREADABLE"),
    ],
)
def test_what_cannot_be_read_is_told_plainly(folder, arguments, code, words):
    (folder / "other.csv").write_text("a,b\n9434765919,2\n", encoding="utf-8")
    (folder / "empty.csv").write_text("", encoding="utf-8")
    done = run(*arguments)
    assert (done.exit_code, words in " ".join(done.stderr.split())) == (code, True), done.output
    assert "9434765919" not in done.output


def test_files_of_several_kinds_are_read_together(folder):
    (folder / "invoices.csv").write_text("Provider,Month,Year,Amount\nRX1,1,202627,£100.00\n", encoding="utf-8")
    done = run("invoices.csv", "plcm.csv")
    assert cells(done.stdout, "invoices.csv")[1][:2] == ["£100.00", "£100.00"]
    assert cells(done.stdout, "plcm.csv")[0][2] == "3"


def test_profiles_are_listed_and_shown(folder):
    listed = run("profile", "list").stdout.splitlines()
    assert "plcm               patient-level contract monitoring" in listed
    shown = run("profile", "show", "invoice")
    assert shown.stdout.startswith("profile: invoice\n")
    assert run("profile", "show", "none").exit_code == 3


def test_a_profile_is_drafted_into_a_workspace_and_reads_the_file(folder):
    for name in ("contracts", "reconciliation"):
        (folder / name).mkdir()
    (folder / "feed.csv").write_text(
        "Trust,ICB,Pseudonym,Activity Date,POD,Units,Cost\nRX1,QUY,P1,2026-04-01,COMM,1,20.00\n", encoding="utf-8"
    )
    assert run("feed.csv").exit_code == 3
    drafted = run("profile", "new", "feed.csv", "--out", "profiles/trust.yaml")
    assert (drafted.exit_code, "look at each `# check:`" in drafted.stdout) == (0, True)
    done = run("feed.csv")
    assert cells(done.stdout, "feed.csv")[0] == ["feed.csv", "trust", "1", "1", "0", "0", "0"]
    assert "trust              trust (profiles/trust.yaml)" in run("profile", "list").stdout
    again = run("profile", "new", "feed.csv", "--out", "profiles/trust.yaml")
    assert (again.exit_code, "FILE-EXISTS" in again.stderr) == (3, True)
    taken = run("profile", "new", "feed.csv", "--out", "profiles/plcm.yaml")
    assert (taken.exit_code, "PROFILE-INVALID" in taken.stderr) == (3, True)


def test_the_schema_of_profiles_is_written_and_checked(folder):
    assert run("profile", "schema").stdout == profile_schema_text()
    for name in ("contracts", "reconciliation"):
        (folder / name).mkdir()
    assert run("profile", "schema", "--check").exit_code == 3
    assert run("profile", "schema").exit_code == 0
    assert run("profile", "schema", "--check").exit_code == 0
    written = folder / PROFILE_SCHEMA_FILE
    written.write_text(written.read_text(encoding="utf-8").replace("Profile", "Layout"), encoding="utf-8")
    stale = run("profile", "schema", "--check")
    assert (stale.exit_code, "FILE-CHANGED" in stale.stderr) == (3, True)


def test_rejects_are_written_over_rejects_alone_unless_said(folder):
    notes = folder / "notes.csv"
    notes.write_text("mine\n", encoding="utf-8")
    refused = run("plcm.csv", "--rejects", "notes.csv")
    assert (refused.exit_code, "FILE-EXISTS" in refused.stderr) == (3, True)
    assert notes.read_text(encoding="utf-8") == "mine\n"
    for more in (["--replace"], []):
        assert run("plcm.csv", "--rejects", "notes.csv", *more).exit_code == 0
    assert notes.read_text(encoding="utf-8-sig").startswith("file,row,")
    assert run("plc*.csv", "--rejects", "plcm.csv", "--replace").exit_code == 3


def test_a_pattern_stands_for_the_files_that_it_matches(folder):
    (folder / "plcm2.csv").write_bytes((folder / "plcm.csv").read_bytes())
    done = run("plcm*.csv")
    assert (done.exit_code, done.stdout) == (0, run("plcm.csv", "plcm2.csv").stdout)
    none = run("slam*.csv")
    assert (none.exit_code, "no file matches it" in none.stderr) == (3, True)


def test_a_profile_of_what_the_package_reads_is_drafted_if_forced_alone(folder):
    for name in ("contracts", "reconciliation"):
        (folder / name).mkdir()
    refused = run("profile", "new", "plcm.csv", "--out", "profiles/zz.yaml")
    assert (refused.exit_code, "the profile `plcm` of the package reads this file" in refused.stderr) == (3, True)
    assert not (folder / "profiles").exists()
    assert run("profile", "new", "plcm.csv", "--out", "profiles/zz.yaml", "--force").exit_code == 0
    assert "data_set: plcm" in (folder / "profiles/zz.yaml").read_text(encoding="utf-8")
    assert run("plcm.csv").exit_code == 3
    assert run("plcm.csv", "--profile", "plcm").exit_code == 0


def test_a_faulty_profile_of_the_workspace_is_a_warning_where_it_is_not_needed(folder):
    for name in ("contracts", "reconciliation", "profiles"):
        (folder / name).mkdir()
    (folder / "profiles/half.yaml").write_text("profile: half\n", encoding="utf-8")
    for done in (run("plcm.csv"), run("profile", "list")):
        assert (done.exit_code, "profiles/half.yaml" in done.output) == (0, True)
    assert run("plcm.csv", "--profile", "half").exit_code == 3
