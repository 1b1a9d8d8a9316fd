"""What a plan may name: files, patterns, folders and archives; and that a year settles alike from every one of them."""

import csv
import gzip
import io
import shutil
import sys
import zipfile
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from small_world import lay

from yoc.core.findings import FindingsError
from yoc.workflow.plan import read_job
from yoc.workflow.reconcile import reconcile
from yoc.workflow.settle_plan import settle_plan

DATA = "data/2026-27/bnssg-working-age"
LOAD = f"{DATA}/plcm/load-1"


@pytest.fixture
def plan(small_sample: Path, tmp_path: Path) -> Path:
    """The plan of a small sample of one's own."""
    root = tmp_path / "workspace"
    shutil.copytree(small_sample.parents[3], root, ignore=shutil.ignore_patterns("runs", "reports"))
    return root / small_sample.relative_to(small_sample.parents[3])


def root_of(plan: Path) -> Path:
    return plan.parents[3]


def name(plan: Path, old: str, new: str) -> None:
    text = plan.read_text(encoding="utf-8")
    assert old in text
    plan.write_text(text.replace(old, new), encoding="utf-8")


def refused(plan: Path) -> list[str]:
    with pytest.raises(FindingsError) as caught:
        read_job(plan)
    return [f"{finding.code}: {finding.message}" for finding in caught.value.findings]


def zipped(path: Path, files: list[Path]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.writestr(f"June/{file.name}", file.read_bytes())
            file.unlink()
        archive.writestr("readme.txt", "made up")


def rewrite(path: Path, form: int) -> None:
    """The same rows in another form."""
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252")
    rows = [[*row, *[""] * 99] for row in csv.reader(io.StringIO(text, newline=""))]
    rows = [row[: len(rows[0]) - 99] for row in rows]
    path.unlink()
    if form == 0:
        path.with_suffix(".csv.gz").write_bytes(gzip.compress(content))
    elif form == 1:
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet("Lines")
        for row in [["Monitoring; synthetic"], [], *rows]:
            sheet.append(row)
        book.save(path.with_suffix(".xlsx"))
    elif form == 2:
        columns = zip(*rows[1:], strict=True)
        pq.write_table(pa.table([pa.array(column) for column in columns], rows[0]), path.with_suffix(".parquet"))
    else:
        lines = io.StringIO(newline="")
        csv.writer(lines, delimiter=";").writerows(rows)
        path.write_bytes(lines.getvalue().encode("utf-16"))


def test_a_year_settles_alike_from_every_form_of_its_files(small_sample: Path, plan: Path):
    files = sorted((root_of(plan) / LOAD).iterdir())
    assert len(files) > 12
    for number, file in enumerate(files[6:]):
        rewrite(file, number % 4)
    zipped(root_of(plan) / LOAD / "first.zip", files[:6])
    name(plan, f"{LOAD}/*.csv", LOAD)
    expected, found = settle_plan(read_job(small_sample)), settle_plan(read_job(plan))
    assert found.hosts == expected.hosts
    assert sum(account.rows for account in found.accounts) == sum(account.rows for account in expected.accounts)
    assert sum(a.submitted_pence for a in found.accounts) == sum(a.submitted_pence for a in expected.accounts)
    assert {account.encoding for account in found.accounts} >= {"utf-8", "utf-16", "xlsx", "parquet"}
    assert f"{LOAD}/first.zip/June/{files[0].name}" in {account.file for account in found.accounts}
    (left_out,) = (finding for finding in found.findings if finding.code == "FILE-LEFT-OUT")
    assert left_out.message == f"1 file was left out of {LOAD}/first.zip, as no table: readme.txt"
    settled = reconcile(plan)
    assert not settled.existed
    assert reconcile(plan).existed


def test_a_folder_is_its_tables_in_order_and_says_what_it_leaves_out(plan: Path):
    folder = root_of(plan) / LOAD
    tables = sorted(path.name for path in folder.iterdir())
    for other in ("readme.txt", ".DS_Store", "~$June.xlsx", "Thumbs.db"):
        (folder / other).write_bytes(b"x")
    (folder / "older").mkdir()
    name(plan, f"{LOAD}/*.csv", LOAD)
    job = read_job(plan)
    assert [file.path.name for file in job.activity_files if file.load == 1] == tables
    (finding,) = job.left_out
    assert finding.message == (
        f"5 files were left out of {LOAD}, as no table: .DS_Store, Thumbs.db, older/, readme.txt, ~$June.xlsx"
    )
    assert (finding.count, finding.level.value) == (5, "warning")


def test_a_pattern_leaves_out_locks_and_takes_what_it_asks_for(plan: Path):
    folder = root_of(plan) / LOAD
    (folder / "~$June.csv").write_bytes(b"x")
    (folder / "June.txt").write_bytes(b"x")
    name(plan, f"{LOAD}/*.csv", f"{LOAD}/*")
    job = read_job(plan)
    assert "June.txt" in {file.path.name for file in job.activity_files}
    assert [finding.message for finding in job.left_out] == [
        f"1 file was left out of {LOAD}/*, as no table: ~$June.csv"
    ]


def test_one_table_of_a_folder_or_zip_may_be_any_input(plan: Path):
    data = root_of(plan) / DATA
    (data / "people").mkdir()
    titled = b"People of the year\n\n" + (data / "persons.csv").read_bytes()
    (data / "people" / "all of them.csv").write_bytes(titled)
    (data / "persons.csv").unlink()
    name(plan, f"{DATA}/persons.csv", f"{DATA}/people")
    zipped(data / "small.zip", [data / "conditions.csv", data / "practices.csv"])
    for file in ("conditions.csv", "practices.csv"):
        name(plan, f"{DATA}/{file}", f"{DATA}/small.zip/June/{file}")
    job = read_job(plan)
    assert job.named("persons")[1] == f"{DATA}/people/all of them.csv"
    assert job.named("conditions")[1] == f"{DATA}/small.zip/June/conditions.csv"
    headers = {account.kind: account.header_row for account in settle_plan(job).accounts}
    assert (headers["persons"], headers["conditions"]) == (3, 1)
    (data / "people" / "more.csv").write_bytes(b"x")
    assert refused(plan) == [
        f"FILE-MISSING: {DATA}/people holds 2 tables, and one is wanted: all of them.csv, more.csv"
    ]


def test_what_is_not_there_is_told(plan: Path):
    (root_of(plan) / "data" / "empty").mkdir()
    (root_of(plan) / "data" / "empty" / "readme.txt").write_bytes(b"x")
    name(plan, f"{LOAD}/*.csv", "data/empty")
    name(plan, f"{DATA}/persons.csv", f"{DATA}/none.zip/persons.csv")
    assert refused(plan) == [
        f"FILE-MISSING: {DATA}/none.zip/persons.csv is not there",
        "FILE-MISSING: no file in the folder data/empty is a table",
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_a_link_out_of_the_workspace_is_refused(plan: Path, tmp_path: Path):
    (tmp_path / "outside.csv").write_bytes(b"x")
    (root_of(plan) / LOAD / "PLCM.csv").symlink_to(tmp_path / "outside.csv")
    assert refused(plan) == ["FILE-OUTSIDE: PLCM.csv is a link that leads out of the workspace"]


def test_every_table_of_a_zip_that_cannot_be_unpacked_is_told(tmp_path: Path):
    """They are hashed before any is read, so that this is where the fault shows."""
    plan = lay(tmp_path)
    lines = (tmp_path / "data/activity.csv").read_bytes()
    archive = tmp_path / "data/activity.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for entry in ("a.csv", "b.csv", "c.csv"):
            packed.writestr(entry, lines)
    content = bytearray(archive.read_bytes())
    for entry in (b"b.csv", b"c.csv"):
        start = content.find(entry) + len(entry)
        content[start : start + 10] = b"\xff" * 10
    archive.write_bytes(content)
    name(plan, "data/activity.csv", "data/activity.zip")

    with pytest.raises(FindingsError) as caught:
        reconcile(plan)
    assert [(each.code, each.file) for each in caught.value.findings] == [
        ("FILE-UNREADABLE", "data/activity.zip/b.csv"),
        ("FILE-UNREADABLE", "data/activity.zip/c.csv"),
    ]
