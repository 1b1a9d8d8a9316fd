"""The main job end to end on a small sample: what it writes, when it writes nothing, and that all of it agrees."""

import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from yoc.core.money import format_pounds
from yoc.workflow.reconcile import reconcile

DATA = "data/2026-27/bnssg-working-age"


@pytest.fixture(scope="module")
def run(small_sample: Path):
    """The small sample, settled and written."""
    return reconcile(small_sample)


@pytest.fixture
def fresh(small_sample: Path, tmp_path: Path) -> Path:
    """A copy of the small sample that has not been settled; gives the plan's path."""
    root = tmp_path / "workspace"
    shutil.copytree(small_sample.parents[3], root, ignore=shutil.ignore_patterns("runs", "reports"))
    return root / small_sample.relative_to(small_sample.parents[3])


def test_the_run_and_the_reports_are_written(run):
    assert sorted(path.name for path in run.run_folder.iterdir()) == [
        "cells.csv", "codes.csv", "documents", "findings.jsonl", "journal.jsonl", "manifest.json", "rejects",
        "settlement.json",
    ]  # fmt: skip
    hosts = [f"statement-{host}.xlsx" for host in ("ICE", "NWB", "SBR", "SGL", "WOO", "WWV")]
    assert sorted(path.name for path in run.report_folder.iterdir()) == [
        "index.html",
        *hosts,
        "statement-commissioner.xlsx",
    ]


def test_a_second_run_says_that_it_exists_and_changes_nothing(run, small_sample: Path):
    before = {path: path.stat().st_mtime_ns for path in small_sample.parents[3].rglob("*")}
    again = reconcile(small_sample)
    assert (again.existed, again.statements_made) == (True, False)
    assert again.settlement == json.loads((run.run_folder / "settlement.json").read_text(encoding="utf-8"))
    after = {path: path.stat().st_mtime_ns for path in small_sample.parents[3].rglob("*")}
    assert {path: time for path, time in after.items() if path.name != ".lock"} == {
        path: time for path, time in before.items() if path.name != ".lock"
    }


@pytest.mark.law("The same files settled in another folder give the same run, and every file of it the same bytes.", 7)
def test_the_same_inputs_elsewhere_give_the_same_id_and_the_same_bytes(run, fresh: Path):
    other = reconcile(fresh)
    assert not other.existed
    for mine, theirs in ((run.run_folder, other.run_folder), (run.report_folder, other.report_folder)):
        assert mine.name == theirs.name
        written = [path for path in mine.rglob("*") if path.is_file()]
        assert len(written) == sum(path.is_file() for path in theirs.rglob("*"))
        for path in written:
            assert path.read_bytes() == (theirs / path.relative_to(mine)).read_bytes(), path.name


def test_one_changed_byte_gives_another_run(run, fresh: Path):
    with (fresh.parents[3] / DATA / "persons.csv").open("a", encoding="utf-8", newline="\n") as stream:
        stream.write("S999999990,1970-01-01,,1,\n")
    assert reconcile(fresh).run_folder.name != run.run_folder.name


def test_reports_are_made_again_from_the_run(fresh: Path):
    first = reconcile(fresh)
    page = (first.report_folder / "index.html").read_bytes()
    shutil.rmtree(first.report_folder)
    again = reconcile(fresh)
    assert (again.existed, again.statements_made) == (True, True)
    assert (first.report_folder / "index.html").read_bytes() == page


def test_rows_and_pounds_in_are_accounted_for(run):
    content = run.settlement
    for file in content["files"]:
        assert file["rows"] == file["used"] + file["rejected"] + file["superseded"]
    activity = [file for file in content["files"] if "contract monitoring" in file["kind"]]
    submitted = sum(file["submitted_pence"] for file in activity)
    kept_out = sum(file["rejected_pence"] + file["superseded_pence"] for file in activity)
    aside = sum(part["submitted_pence"] for part in content["activity"]["set_aside"])
    charged = content["activity"]["charged_pence"] + content["activity"]["price_difference_pence"]
    assert submitted == kept_out + aside + charged


def test_every_planted_fault_that_a_reader_rejects_is_rejected_and_no_other(run, small_sample: Path):
    with (small_sample.parents[3] / DATA / "planted_faults.csv").open(encoding="utf-8", newline="") as stream:
        planted = [row for row in csv.DictReader(stream) if row["expected"] == "rejected"]
    expected: dict[str, int] = {}
    for row in planted:
        expected[row["file"]] = expected.get(row["file"], 0) + int(row["rows"])
    found = {
        file["file"].removeprefix(f"{DATA}/"): file["rejected"] for file in run.settlement["files"] if file["rejected"]
    }
    assert found == expected


def test_the_lines_of_each_host_add_to_what_is_due(run):
    for host in run.settlement["hosts"]:
        assert sum(line["effect_pence"] for line in host["lines"]) == host["closing_pence"]
        for line in host["lines"]:
            if line["details"]:
                assert sum(detail["pence"] for detail in line["details"]) == line["pence"]
        assert sum(cell["pence"] for cell in host["cost_cells"]) == host["cost_pence"]
        assert sum(cell["pence"] for cell in host["budget_cells"]) == host["budget_pence"]


def test_terminal_json_workbook_and_page_show_the_same_totals(run, small_sample: Path):
    # The run lies in its folder alone; a store over it is laid on purpose.
    command("store", "new", "--directory", small_sample.parents[3].as_posix())
    shown = command("reconcile", small_sample.as_posix(), columns=400).stdout
    total_row = next(line for line in shown.splitlines() if line.strip().startswith("Total"))
    totals = run.settlement["totals"]
    page = (run.report_folder / "index.html").read_text(encoding="utf-8")
    book = openpyxl.load_workbook(run.report_folder / "statement-commissioner.xlsx")
    cells = {cell.value for row in book["Summary"].iter_rows() for cell in row if isinstance(cell.value, int | float)}
    for name in (
        "budget_pence",
        "cost_pence",
        "balance_pence",
        "outcomes_pence",
        "share_pence",
        "vcse_pence",
        "due_pence",
    ):
        pounds = format_pounds(totals[name])
        assert pounds.replace("£", "") in total_row, name
        assert pounds in page, name
        assert any(round(value * 100) == totals[name] for value in cells), name


def test_no_person_is_in_anything_that_is_written(run, small_sample: Path):
    keys = set(
        re.findall(r"S\d{9}", (small_sample.parents[3] / DATA / "registrations.csv").read_text(encoding="utf-8"))
    )
    assert len(keys) > 500
    for folder in (run.run_folder, run.report_folder):
        for path in (path for path in folder.rglob("*") if path.is_file()):
            if path.suffix == ".xlsx":
                book = openpyxl.load_workbook(path)
                text = " ".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
            else:
                text = path.read_text(encoding="utf-8")
            assert not keys & set(re.findall(r"S\d{9}", text)), path.name


STAGES = (
    "Hashing inputs",
    "Reading people",
    "Reading activity",
    "Pricing and attributing",
    "Settling",
    "Writing statements",
)
KILLED = """
import os, signal, sys
from contextlib import contextmanager
from pathlib import Path
from yoc.workflow.reconcile import reconcile

class Killer:
    @contextmanager
    def stage(self, title, steps):
        done = 0
        def step():
            nonlocal done
            done += 1
            if title == sys.argv[2] and done == int(sys.argv[3]):
                os.kill(os.getpid(), signal.SIGKILL)
        yield step

reconcile(Path(sys.argv[1]), Killer())
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
@pytest.mark.parametrize("stage", STAGES)
def test_a_run_that_is_killed_leaves_nothing_half_written_and_the_next_one_works(run, fresh: Path, stage: str):
    killed = subprocess.run([sys.executable, "-c", KILLED, str(fresh), stage, "1"], check=False, capture_output=True)
    assert killed.returncode == -signal.SIGKILL
    root = fresh.parents[3]
    assert not list(root.glob("reconciliation/2026-27/bnssg-working-age/runs/2026-*"))
    assert not list(root.glob("reports/2026-27/bnssg-working-age/2026-*"))
    assert reconcile(fresh).run_folder.name == run.run_folder.name


@pytest.mark.parametrize("after", [1, 2, 3, 4, 5, 6])
def test_a_run_that_dies_between_two_files_is_made_whole_by_the_next(run, fresh: Path, monkeypatch, after: int):
    """The folder is written under another name; a death at any file leaves no folder with the run's name."""
    honest, written = Path.write_bytes, 0

    def dying(self: Path, content: bytes) -> int:
        nonlocal written
        written += 1
        if written == after:
            raise KeyboardInterrupt
        return honest(self, content)

    monkeypatch.setattr(Path, "write_bytes", dying)
    with pytest.raises(KeyboardInterrupt):
        reconcile(fresh)
    monkeypatch.undo()
    root = fresh.parents[3]
    runs = list(root.glob("reconciliation/2026-27/bnssg-working-age/runs/2026-*"))
    assert [sorted(path.name for path in folder.iterdir()) for folder in runs] in (
        [],
        [["cells.csv", "codes.csv", "documents", "findings.jsonl", "journal.jsonl", "manifest.json", "rejects",
          "settlement.json"]],
    )  # fmt: skip
    again = reconcile(fresh)
    assert again.run_folder.name == run.run_folder.name
    assert len(list(again.report_folder.iterdir())) == 8
    assert not list(root.rglob(".staging-*"))


def test_a_shadow_contract_posts_no_entry(fresh: Path):
    contract = fresh.parents[3] / "contracts/bnssg-working-age/contract.yaml"
    text = contract.read_text(encoding="utf-8").replace("status: live", "status: shadow")
    contract.write_text(text, encoding="utf-8", newline="\n")
    shadow = reconcile(fresh)
    assert shadow.settlement["entries"] == []
    assert (shadow.run_folder / "journal.jsonl").read_bytes() == b""
    assert "SHADOW" in (shadow.report_folder / "index.html").read_text(encoding="utf-8")


def command(*arguments: str, columns: int = 100, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "COLUMNS": str(columns), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [sys.executable, "-m", "yoc", *arguments], check=False, capture_output=True, text=True, encoding="utf-8",
        env=environment, cwd=cwd,
    )  # fmt: skip


def test_no_progress_is_shown_where_stderr_is_not_a_terminal(run, small_sample: Path):
    done = command("reconcile", small_sample.as_posix())
    assert (done.returncode, done.stderr) == (0, "")
    assert "This run exists already and nothing was changed" in done.stdout


def test_a_fault_ends_in_its_exit_code_and_never_in_a_traceback(fresh: Path, tmp_path: Path):
    (fresh.parents[3] / DATA / "persons.csv").unlink()
    done = command("reconcile", str(fresh))
    assert done.returncode == 3
    assert "FILE-MISSING" in done.stderr and "To mend it" in done.stderr and "Traceback" not in done.stderr
    assert command("reconcile", str(tmp_path / "nowhere.yaml")).returncode == 3
    assert command("reconsile").returncode == 2


def test_init_lays_a_workspace_and_changes_no_file_that_is_there(tmp_path: Path):
    (tmp_path / "README.txt").write_text("mine", encoding="utf-8")
    assert command("init", str(tmp_path)).returncode == 0
    assert (tmp_path / "README.txt").read_text(encoding="utf-8") == "mine"
    assert (tmp_path / "contracts/register.yaml").is_file()
