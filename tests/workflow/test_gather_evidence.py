"""The evidence of a run, as `yoc evidence` gathers and writes it: from the run's folder, its store and the record."""

import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from yoc.audit.recorded import recorded_tests
from yoc.cli.commands import app
from yoc.cli.faults import ExitCode

sys.path.append(str(Path(__file__).resolve().parent))

from small_world import PLAN, lay


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small world, settled and recorded. Tests read it, or copy it."""
    root = tmp_path_factory.mktemp("evidence")
    lay(root, ("route: host_pays_provider", "route: commissioner_pays_and_nets"))
    assert CliRunner().invoke(app, ["reconcile", str(root / PLAN)]).exit_code == 0
    return root


def evidence(*arguments: object, code: int = ExitCode.DONE) -> str:
    done = CliRunner().invoke(app, ["evidence", *map(str, arguments)], env={"COLUMNS": "100"})
    assert done.exit_code == code, done.output
    assert "Traceback" not in done.output
    return done.output


@pytest.fixture(autouse=True)
def own_store(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("YOC_STORE_URL", raising=False)


def test_a_run_with_its_checks_totals_hashes_and_store(world: Path, tmp_path: Path):
    said = evidence("2026", "--directory", world, "--out", tmp_path)
    content = json.loads((tmp_path / "evidence.json").read_text(encoding="utf-8"))
    assert content["schema"] == "yoc-evidence/1"
    run = content["run"]
    (folder,) = (world / "reconciliation/2026-27/world/runs").glob("2026*")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert (run["run_id"], run["checks"]) == (folder.name, manifest["checks"])
    assert run["control_totals_pence"] == manifest["control_totals_pence"]
    assert run["code"] == content["code"]["running"]
    assert {each["name"]: each["sha256"] for each in run["files"]} == manifest["files"]
    assert all(each["is_whole"] for each in run["files"])
    assert (run["store"]["is_recorded"], run["store"]["is_whole"], run["signatures"]) == (True, True, [])
    assert len(run["store"]["last_hash"]) == 64
    assert content["tests"] == recorded_tests()
    page = (tmp_path / "evidence.html").read_text(encoding="utf-8")
    for part in (run["run_id"], run["store"]["last_hash"], run["manifest_sha256"]):
        assert part in page
    assert f"{run['run_id']}: 7 of 7 checks hold" in said


def test_nobody_is_in_it(world: Path, tmp_path: Path):
    evidence("2026", "--directory", world, "--out", tmp_path)
    for name in ("evidence.json", "evidence.html"):
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert not [key for key in ("P1", "P2", "P3", "P4") if f'"{key}"' in text or f">{key}<" in text]


def test_a_file_that_changed_and_a_chain_that_broke_are_told(world: Path, tmp_path: Path):
    import shutil
    import sqlite3

    root = tmp_path / "copy"
    shutil.copytree(world, root)
    (folder,) = (root / "reconciliation/2026-27/world/runs").glob("2026*")
    with (folder / "journal.jsonl").open("a", encoding="utf-8") as stream:
        stream.write("\n")
    with sqlite3.connect(root / "reconciliation/store.sqlite") as connection:
        for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute("UPDATE entries SET pence = pence + 1 WHERE sequence = 1")
    said = evidence(folder, "--out", tmp_path / "out")
    assert "Files of the run are not those that its manifest names: journal.jsonl." in said
    assert "The chain of the store's journal is broken." in said


def test_signatures_beside_a_run_are_listed(world: Path, tmp_path: Path):
    import shutil

    root = tmp_path / "copy"
    shutil.copytree(world, root)
    (folder,) = (root / "reconciliation/2026-27/world/runs").glob("2026*")
    beside = folder.parent.parent / "signatures" / folder.name
    beside.mkdir(parents=True)
    (beside / "abc.json").write_text("{}", encoding="utf-8")
    evidence(folder, "--out", tmp_path / "out")
    run = json.loads((tmp_path / "out/evidence.json").read_text(encoding="utf-8"))["run"]
    assert [each["name"] for each in run["signatures"]] == ["abc.json"]


def test_a_run_that_was_never_recorded(world: Path, tmp_path: Path):
    import shutil

    root = tmp_path / "copy"
    shutil.copytree(world, root)
    (root / "reconciliation/store.sqlite").unlink()
    assert "The run is not recorded in a store." in evidence("2026", "--directory", root, "--out", tmp_path / "out")


def test_the_tests_alone_as_json(tmp_path: Path):
    content = json.loads(evidence("--out", tmp_path, "--json"))
    assert content["run"] is None
    assert content == json.loads((tmp_path / "evidence.json").read_text(encoding="utf-8"))
    assert content["code"]["tested"] == content["tests"]["code"]
    assert {each["name"] for each in content["dependencies"]} >= {"duckdb", "pydantic", "hypothesis"}


def test_the_same_evidence_has_the_same_bytes(world: Path, tmp_path: Path):
    evidence("2026", "--directory", world, "--out", tmp_path / "a")
    evidence("2026", "--directory", world, "--out", tmp_path / "b")
    for name in ("evidence.json", "evidence.html"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_a_run_that_is_not_there(world: Path, tmp_path: Path):
    said = evidence("2031", "--directory", world, "--out", tmp_path / "out", code=ExitCode.INPUT)
    assert "RUN-UNKNOWN" in said
    assert not (tmp_path / "out").exists()


def test_recording_the_tests_is_no_change_of_the_code(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    from yoc.audit import evidence as of_runs

    package = tmp_path / "yoc"
    (package / "audit/recorded").mkdir(parents=True)
    (package / "intake").mkdir()
    (package / "__init__.py").write_text("", encoding="utf-8")
    monkeypatch.setattr(of_runs.yoc, "__file__", str(package / "__init__.py"))
    before = of_runs.package_sha256()
    (package / "audit/recorded/tests.json").write_text("{}", encoding="utf-8")
    assert of_runs.package_sha256() == before
    (package / "audit/more.py").write_text("", encoding="utf-8")
    assert of_runs.package_sha256() != before
