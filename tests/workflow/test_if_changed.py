"""`yoc reconcile --if-changed`: nothing is done where no byte changed, and a changed month alone is read again."""

import json
import os
import shutil
from pathlib import Path

import pytest
from filelock import FileLock
from small_world import lay
from typer.testing import CliRunner

from yoc.cli.commands import app
from yoc.core.findings import FindingsError
from yoc.intake import container
from yoc.intake.canonical_lines import LineReader
from yoc.workflow.reconcile import look_at, reconcile

HEADER, *ROWS = (
    "FINANCIAL MONTH,FINANCIAL YEAR,ORGANISATION IDENTIFIER (CODE OF PROVIDER),"
    "ORGANISATION IDENTIFIER (CODE OF COMMISSIONER),PSEUDO NHS NUMBER,CDS UNIQUE IDENTIFIER,"
    "ACTIVITY END DATE (CONTRACT MONITORING),POINT OF DELIVERY CODE,TARIFF CODE,NATIONAL TARIFF INDICATOR,"
    "ACTIVITY COUNT (POINT OF DELIVERY),TOTAL COST",
    ",,P,C,P2,L1,2026-05-01,AE,VB01Z,Y,1,100.00",
    ",,P,C,P1,L2,2026-08-01,AE,VB01Z,Y,1,100.00",
)


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """A plan of two months in files of their own: £100 of care for A in May, £100 for B in August."""
    found = lay(tmp_path)
    found.write_text(found.read_text("utf-8").replace("data/activity.csv", "data/months/*.csv"), "utf-8", newline="\n")
    (tmp_path / "data/months").mkdir()
    for month, row in zip(("M02", "M05"), ROWS, strict=True):
        (tmp_path / f"data/months/{month}.csv").write_text(f"{HEADER}\n{row}\n", "utf-8", newline="\n")
    return found


@pytest.fixture
def converted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read as text from now on."""
    names: list[str] = []
    read = LineReader.read

    def noted(self: LineReader, number, path, file, *rest):
        names.append(file)
        read(self, number, path, file, *rest)

    monkeypatch.setattr(LineReader, "read", noted)
    return names


def told(plan: Path, *more: str) -> str:
    done = CliRunner().invoke(app, ["reconcile", str(plan), "--if-changed", *more])
    assert done.exit_code == 0, done.output
    return done.stdout


def facts(plan: Path) -> dict[str, object]:
    return json.loads(told(plan, "--json"))


def cost(plan: Path, run_id: object) -> dict[str, int]:
    folder = plan.parent / "runs" / str(run_id)
    settlement = json.loads((folder / "settlement.json").read_text("utf-8"))
    return {host["host"]: host["summary"]["cost_pence"] for host in settlement["hosts"]}


def test_nothing_is_done_where_no_byte_changed(plan: Path, converted: list[str]):
    first = facts(plan)
    assert (first["changed"], first["stands"], cost(plan, first["run_id"])) == (True, True, {"A": 10_000, "B": 10_000})
    assert sorted(converted) == ["data/months/M02.csv", "data/months/M05.csv"]
    root = plan.parents[3]
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*")}
    # A file that is only touched is the same file: its bytes decide.
    os.utime(root / "data/months/M05.csv", ns=(0, 0))
    before[root / "data/months/M05.csv"] = 0
    assert told(plan) == f"Nothing has changed: {first['run_id']} stands.\n"
    assert facts(plan) == {**first, "changed": False, "movements": 0}
    assert {path: path.stat().st_mtime_ns for path in root.rglob("*")} == before
    assert len(converted) == 2


def test_nothing_to_do_is_told_while_another_run_is_under_way(plan: Path):
    first = facts(plan)
    with FileLock(plan.parent / "runs/.lock"):
        assert facts(plan)["run_id"] == first["run_id"]


@pytest.mark.law("A changed month is read again and no other, and its change is in the figures.")
def test_a_changed_month_is_read_again_and_no_other(plan: Path, converted: list[str]):
    first = facts(plan)
    month = plan.parents[3] / "data/months/M05.csv"
    kept = month.stat()
    month.write_text(month.read_text("utf-8").replace("Y,1,", "Y,3,"), "utf-8", newline="\n")
    # Of one size and one time with the file that it replaces, as some ways of copying leave it.
    os.utime(month, ns=(kept.st_atime_ns, kept.st_mtime_ns))
    assert month.stat().st_size == kept.st_size
    converted.clear()
    second = facts(plan)
    assert second["changed"] and second["run_id"] != first["run_id"]
    assert converted == ["data/months/M05.csv"]
    assert cost(plan, second["run_id"]) == {"A": 10_000, "B": 30_000}


def test_what_is_missing_of_a_run_is_made_good(plan: Path, converted: list[str]):
    first = facts(plan)
    reports = plan.parents[3] / str(first["statements"])
    shutil.rmtree(reports)
    text = plan.read_text("utf-8")
    plan.write_text(text.replace("prepared_by: Tests", "prepared_by: Others"), "utf-8", newline="\n")
    other = reconcile(plan).run_folder.name
    plan.write_text(text, "utf-8", newline="\n")
    again = facts(plan)
    assert (again["changed"], again["stands"], again["recorded_first"]) == (False, False, [other])
    assert reports.is_dir()
    assert told(plan) == f"Nothing has changed: {first['run_id']} is recorded; another run stands.\n"
    assert len(converted) == 2


def test_a_run_that_is_no_longer_as_it_was_written_is_told(plan: Path):
    first = facts(plan)
    settlement = plan.parent / "runs" / str(first["run_id"]) / "settlement.json"
    settlement.write_text(settlement.read_text("utf-8").replace("Tests", "Tester"), "utf-8")
    done = CliRunner().invoke(app, ["reconcile", str(plan), "--if-changed"])
    assert done.exit_code == 3
    assert "settlement.json is not the one that its manifest names" in done.stderr


def test_a_run_reads_the_bytes_of_each_file_once(plan: Path, monkeypatch: pytest.MonkeyPatch):
    """Of files that are kept already nothing is read but their hash, and that once, by whoever asks first."""
    reconcile(plan)
    for made in (plan.parent / "runs", plan.parents[3] / "reports"):
        shutil.rmtree(made)
    hashed: list[str] = []
    taken = container._file_sha256

    def noted(path: Path) -> str:
        hashed.append(path.relative_to(plan.parents[3]).as_posix())
        return taken(path)

    monkeypatch.setattr(container, "_file_sha256", noted)
    reconcile(plan)

    people = [f"data/{name}.csv" for name in ("conditions", "persons", "registrations")]
    asked = [name for name in hashed if name.startswith("data/months/") or name in people]
    assert sorted(asked) == [people[0], "data/months/M02.csv", "data/months/M05.csv", *people[1:]]


@pytest.mark.parametrize("changed", ["months/M05.csv", "persons.csv"])
def test_a_file_that_changes_after_it_was_hashed_is_never_kept_as_what_it_was(plan: Path, changed: str):
    file = plan.parents[3] / "data" / changed
    before = file.read_text("utf-8")
    look = look_at(plan)
    file.write_text(before + before.splitlines()[-1].replace("L2", "L3") + "\n", "utf-8", newline="\n")

    with pytest.raises(FindingsError) as caught:
        reconcile(plan, look=look)
    assert [(each.code, each.file) for each in caught.value.findings] == [("FILE-CHANGED", f"data/{changed}")]

    file.write_text(before, "utf-8", newline="\n")
    settled = reconcile(plan).settlement
    assert sum(row["lines"] for row in settled["activity"]["by_fate"]) == 2


def test_a_run_is_made_of_what_was_hashed_where_that_is_kept(plan: Path):
    """What is kept of a file stands for the bytes that the manifest names, whatever is written over it meanwhile."""
    first = reconcile(plan)
    for made in (plan.parent / "runs", plan.parents[3] / "reports"):
        shutil.rmtree(made)
    look = look_at(plan)
    (plan.parents[3] / "data/months/M05.csv").write_text(f"{HEADER}\n", "utf-8", newline="\n")

    again = reconcile(plan, look=look)
    assert (again.settlement, again.run_folder) == (first.settlement, first.run_folder)
