"""`yoc intake` as it is typed: the account of files, the rejects, and profiles listed, shown, drafted and checked."""

import csv
import gzip
import zipfile
from pathlib import Path

import openpyxl
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


KINDS = {
    # Two rows can be read: £200.00 - £20.00. £50.00 is rejected with month 13, and TBC is no sum at all.
    "acm": (
        "FINANCIAL MONTH,FINANCIAL YEAR,ORGANISATION IDENTIFIER (CODE OF PROVIDER),ORGANISATION IDENTIFIER (CODE OF "
        "COMMISSIONER),POINT OF DELIVERY CODE,CONTRACT MONITORING ACTUAL ACTIVITY,CONTRACT MONITORING ACTUAL PRICE\n"
        "1,202627,RX1,QUY,AE,2,200.00\n1,202627,RX1,QUY,NEL,1,TBC\n"
        "13,202627,RX1,QUY,NEL,1,50.00\n1,202627,RX1,QUY,AE,-1,(20.00)\n",
        [4, 2, 0, 2, 0],
        ["£230.00", "£180.00", "£0.00", "£50.00", "£0.00"],
    ),
    "invoice": (
        'Provider,Month,Year,Amount\nRX1,1,202627,£100.00\nRX1,13,202627,£7.00\nRX1,2,202627,"£1,000.50"\n',
        [3, 2, 0, 1, 0],
        ["£1,107.50", "£1,100.50", "£0.00", "£7.00", "£0.00"],
    ),
    "gp_appointments": (
        "APPOINTMENT_MONTH_START_DATE,GP_CODE,COUNT_OF_APPOINTMENTS\n01JULY2026,A81001,1204\n01JULY2026,A81001,1.5\n",
        [2, 1, 0, 1, 0],
        None,
    ),
    "gp_list_sizes": (
        'EXTRACT_DATE,CODE,NUMBER_OF_PATIENTS\n01JUN2026,A81001,"4,213"\n01JUN2026,A81002,none\n',
        [2, 1, 0, 1, 0],
        None,
    ),
    "pcn_partners": (
        "Partner Organisation Code,PCN Code,Practice to PCN Relationship Start Date\nA81001,U1,20190701\nA81002,U1,\n",
        [2, 1, 0, 1, 0],
        None,
    ),
    "pds_care_practice": (
        "Pseudo NHS Number,Primary Care Provider,Business Effective From\nP1,A81001,2020-01-01\n,A81001,2020-01-01\n",
        [2, 1, 0, 1, 0],
        None,
    ),
    # The first was seen; a contact carries no sum.
    "csds_contacts": (
        "OrgID_Provider,OrgID_Commissioner,Person_ID,Contact_Date,AttendOrNot\n"
        "RX1,QUY,P1,2026-04-01,5\nRX1,QUY,P1,2026-04-02,7\nRX1,QUY,P1,2026-04-31,5\n",
        [3, 1, 1, 1, 0],
        None,
    ),
}


@pytest.mark.parametrize("profile", KINDS)
def test_every_kind_of_file_has_its_figures(folder, profile):
    text, rows, sums = KINDS[profile]
    (folder / "file.csv").write_text(text, encoding="utf-8")
    done = run("file.csv")
    counts, pounds = cells(done.stdout, "file.csv")
    assert counts == ["file.csv", profile, *map(str, rows)]
    assert pounds == sums if sums else "£" not in done.stdout


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


def in_zip(path: Path, **entries: str) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in entries.items():
            archive.writestr(name, text)


def in_workbook(path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Contract monitoring of June"])
    for row in csv.reader((HEADER + ROWS).splitlines()):
        book.active.append(row)
    book.save(path)


@pytest.mark.parametrize("name", ["plcm.csv.gz", "plcm.zip", "plcm.xlsx", "semicolons.csv", "utf-16.csv"])
def test_a_file_of_any_form_is_recognised_by_its_headers(folder, name):
    if name.endswith(".gz"):
        (folder / name).write_bytes(gzip.compress((HEADER + ROWS).encode()))
    elif name.endswith(".zip"):
        in_zip(folder / name, **{"June.csv": HEADER + ROWS})
    elif name.endswith(".xlsx"):
        in_workbook(folder / name)
    elif name == "semicolons.csv":
        (folder / name).write_text((HEADER + ROWS).replace('"1,200.00"', "1200.00").replace(",", ";"), encoding="utf-8")
    else:
        (folder / name).write_text(HEADER + ROWS, encoding="utf-16")
    done = run(name)
    assert done.exit_code == 0, done.stderr
    assert cells(done.stdout, name) == [
        [name, "plcm", "3", "2", "0", "1", "0"],
        ["£1,300.00", "£1,300.00", "£0.00", "£0.00", "£0.00"],
    ]


def test_a_folder_stands_for_the_tables_in_it_which_came_together(folder):
    """The same month twice in one folder is one load, in which nothing supersedes anything; the ZIP is a later one."""
    (folder / "in").mkdir()
    for name in ("a.csv", "b.csv", "readme.txt"):
        (folder / "in" / name).write_text(HEADER + ROWS, encoding="utf-8")
    in_zip(folder / "later.zip", **{"c.csv": HEADER + ROWS.splitlines(keepends=True)[0], "d.csv": HEADER + ROWS})
    done = run("in")
    assert cells(done.stdout, "in/a.csv")[0][2:] == cells(done.stdout, "in/b.csv")[0][2:] == ["3", "2", "0", "1", "0"]
    assert "in: FILE-LEFT-OUT (warning): 1 file was left out of in, as no table: readme.txt" in done.stdout
    done = run("in", "later.zip")
    assert cells(done.stdout, "in/a.csv")[0][2:] == ["3", "0", "0", "1", "2"]
    assert cells(done.stdout, "later.zip/c.csv")[0][2:] == ["1", "1", "0", "0", "0"]


def test_a_folder_without_a_table_is_told(folder):
    (folder / "in").mkdir()
    done = run("in")
    assert done.exit_code == 3 and "no file in the folder is a table" in done.stderr


def test_a_workbook_gives_a_draft_too(folder):
    in_workbook(folder / "plcm.xlsx")
    done = run("profile", "new", "plcm.xlsx", "--force")
    assert done.exit_code == 0, done.stderr
    assert "  total_cost: [TOTAL COST]" in done.stdout and "9434765919" not in done.output


def test_encoding_and_points_of_delivery_that_are_not_known_are_told(folder):
    rows = "".join(ROWS.splitlines(keepends=True)[:1]).replace("AE TYPE1", "XYZZY").replace("100.00", "£12.50")
    (folder / "old.csv").write_bytes((HEADER + rows).encode("cp1252"))
    done = run("old.csv")
    assert "old.csv: ENCODING (warning): the file is not UTF-8 and was read as cp1252" in done.stdout
    assert "POD-UNMAPPED (record): 1 line, submitted at £12.50: the point of delivery is not known" in done.stdout
    done = run("plcm.csv")
    assert "ENCODING" not in done.stdout
    assert "POD-UNMAPPED" not in done.stdout


def test_a_file_under_two_names_is_told(folder):
    (folder / "again.csv").write_bytes((folder / "plcm.csv").read_bytes())
    assert "again.csv: FILE-REPEATED (warning): its content is that of plcm.csv" in run("plcm.csv", "again.csv").stdout


def test_rows_that_repeat_another_stand_in_the_list_of_rejects(folder):
    header, row = HEADER.strip() + ",CDS UNIQUE IDENTIFIER\n", ROWS.splitlines()[0] + ",C1\n"
    text = header + row * 3
    (folder / "twice.csv").write_text(text, encoding="utf-8")
    assert run("twice.csv", "--rejects", "out.csv").exit_code == 0
    with (folder / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["row"] for row in csv.DictReader(file) if row["code"] == "LINE-REPEATED"] == ["3", "4"]


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
