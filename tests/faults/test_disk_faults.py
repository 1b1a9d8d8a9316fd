"""A disk that is full, or refuses: told with what to do, nothing half-written, and the same command again works."""

import errno
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from filelock import FileLock
from small_world import PLAN, lay
from typer.testing import CliRunner, Result

from yoc.cli.commands import app
from yoc.engine import Engine, database
from yoc.intake.canonical_store import CanonicalStore
from yoc.passing import passing_files_together, passing_folder
from yoc.workflow.writing import write_folder, write_whole

RUNS, REPORTS = "reconciliation/2026-27/world/runs", "reports/2026-27/world"


@pytest.fixture(autouse=True)
def passing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for passing files of one's own, to see what is left in it."""
    folder = tmp_path / "passing"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.delenv("YOC_STORE_URL", raising=False)
    return folder


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    return lay(tmp_path / "workspace")


def reconcile(plan: Path) -> Result:
    return CliRunner().invoke(app, ["reconcile", str(plan)])


def passing_in(root: Path) -> list[str]:
    found = [path for path in root.parent.rglob("*") if path.name.startswith((".staging-", ".writing-"))]
    return [path.name for path in [*found, *(root.parent / "passing").iterdir()]]


def full(path: object) -> OSError:
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))


def failing(honest: Callable, fails: Callable[..., BaseException | None]) -> Callable:
    def instead(*arguments, **more):
        error = fails(*arguments)
        if error is not None:
            raise error
        return honest(*arguments, **more)

    return instead


def _evidence(patch: pytest.MonkeyPatch) -> None:
    """Half of a file of the run's folder is written before there is no room."""
    honest = Path.write_bytes

    def half(self: Path, content: bytes) -> int:
        if ".staging" in str(self) and RUNS in self.as_posix() and self.name == "manifest.json":
            honest(self, content[:100])
            raise full(self)
        return honest(self, content)

    patch.setattr(Path, "write_bytes", half)


def _statements(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        Path, "write_bytes", failing(Path.write_bytes, lambda path, _: full(path) if path.suffix == ".xlsx" else None)
    )


def _late(patch: pytest.MonkeyPatch) -> None:
    """A share on a network says that it is full when it is asked to keep what was written."""
    patch.setattr(os, "fsync", failing(os.fsync, lambda _: OSError(errno.EDQUOT, "Disk quota exceeded")))


def _lines(patch: pytest.MonkeyPatch) -> None:
    said = OSError("Error writing bytes to file. Detail: [errno 28] No space left on device")
    patch.setattr(pq.ParquetWriter, "write_table", failing(pq.ParquetWriter.write_table, lambda *_: said))


def _facts(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        Path, "write_text", failing(Path.write_text, lambda path, _: full(path) if ".writing" in str(path) else None)
    )


def _engine(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Engine, "fetch", failing(Engine.fetch, lambda *_: full("duckdb_temp_storage")))


@pytest.mark.parametrize("point", [_lines, _facts, _engine, _evidence, _late, _statements])
def test_a_full_disk_is_told_wherever_it_is_met(plan: Path, point: Callable[[pytest.MonkeyPatch], None]):
    root = plan.parents[3]
    with pytest.MonkeyPatch.context() as patch:
        point(patch)
        done = reconcile(plan)
    assert done.exit_code == 5, done.output
    assert "DISK-FULL: The disk is full\n" in done.output and "To mend it: make room" in done.output
    assert "Nothing was half-written." in done.output and "Traceback" not in done.output
    runs = list((root / RUNS).glob("2026-27-*"))
    # Statements come after the run, which is whole then and stays.
    assert [sorted(path.name for path in run.iterdir())[-1] for run in runs] == ["settlement.json"] * (
        point is _statements
    )
    assert not list((root / REPORTS).glob("2026-27-*"))
    assert passing_in(root) == []
    again = reconcile(plan)
    assert again.exit_code == 0 and "4 movements recorded, and the run stands" in again.output
    assert len(list((root / RUNS).glob("2026-27-*"))) == len(list((root / REPORTS).glob("2026-27-*"))) == 1


def test_work_that_does_not_fit_beside_the_memory_is_a_full_disk(monkeypatch: pytest.MonkeyPatch):
    """The engine itself, with 20 MB of memory and 1 MB of disk for a sort of 80 MB."""
    monkeypatch.setattr(database, "read_sql", lambda room, step: "SELECT hash(i) AS h, i FROM big ORDER BY h")
    with Engine() as engine:
        for setting in ("memory_limit = '20MB'", "max_temp_directory_size = '1MB'", "threads = 1"):
            engine._connection.execute(f"SET {setting}")
        engine.give_table("big", pa.table({"i": pa.array(range(5_000_000), pa.int64())}))
        with pytest.raises(OSError, match="No space left"):
            engine.fetch("room", "step")


def test_a_limit_on_the_size_of_files_is_a_full_disk(plan: Path):
    """The system itself refuses: no file over 60 kB, which the store is."""
    pytest.importorskip("resource")
    limited = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000)); "
        "sys.argv = ['yoc', 'reconcile', sys.argv[1]]; from yoc.cli.commands import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", limited, str(plan)], check=False, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 5, done.stderr
    assert "DISK-FULL" in done.stderr and "there is no room left for the store store.sqlite" in done.stderr
    assert not (plan.parents[3] / REPORTS).exists()
    assert reconcile(plan).exit_code == 0


@pytest.mark.parametrize(("folder", "number"), [("reconciliation", errno.EACCES), ("reports", errno.EROFS)])
def test_a_folder_that_can_only_be_read_is_told(plan: Path, folder: str, number: int):
    """As the system says it: root may write everywhere, so that taking leave away would show nothing."""
    root = plan.parents[3]

    def refuses(path, *_):
        below = path.is_relative_to(root / folder) and path.name not in ("runs", "passing")
        return OSError(number, os.strerror(number), str(path)) if below else None

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "mkdir", failing(Path.mkdir, refuses))
        done = reconcile(plan)
    assert done.exit_code == 5
    assert "DISK-REFUSED: The system refuses a file or folder\n" in done.output
    assert f"{folder}/2026-27/world" in done.output and "ask for leave to write there" in done.output
    assert passing_in(root) == []


def test_a_share_that_is_gone_is_told(plan: Path, monkeypatch: pytest.MonkeyPatch):
    gone = OSError(errno.EIO, os.strerror(errno.EIO), str(plan))
    monkeypatch.setattr(Path, "mkdir", failing(Path.mkdir, lambda path, *_: gone if path.name == "runs" else None))
    done = reconcile(plan)
    assert (done.exit_code, "DISK-FAILED: A file or folder cannot be used\n" in done.output) == (5, True)
    assert "the system said: input/output error" in done.output


def test_lines_are_read_where_they_cannot_be_kept(plan: Path, monkeypatch: pytest.MonkeyPatch):
    from yoc.intake import canonical_store

    root = plan.parents[3]

    def refuses(parent, _):
        return PermissionError(errno.EACCES, "Permission denied") if parent == root / "data/.canonical" else None

    monkeypatch.setattr(canonical_store, "passing_folder", failing(canonical_store.passing_folder, refuses))
    done = reconcile(plan)
    assert (done.exit_code, "Costs" in done.output) == (0, False)
    assert list((root / "data/.canonical").iterdir()) == []
    assert passing_in(root) == []


def test_what_was_left_beside_kept_lines_is_removed_where_nothing_is_read_anew(plan: Path):
    kept = plan.parents[3] / "data/.canonical"
    assert reconcile(plan).exit_code == 0
    (kept / ".writing-000000000000").mkdir()
    (kept / ".writing-000000000000.lock").touch()
    with CanonicalStore(kept):
        pass
    # One file of lines and three about people.
    assert sorted(path.suffix for path in kept.iterdir()) == [*[".json"] * 4, *[".parquet"] * 4, ".parts"]


def test_a_run_whose_folder_is_damaged_is_told_and_not_settled_over(plan: Path):
    assert reconcile(plan).exit_code == 0
    (run,) = (plan.parents[3] / RUNS).glob("2026-27-*")
    whole = (run / "settlement.json").read_bytes()
    for damage, words in ((whole[:1000], "not the one that its manifest names"), (None, "no longer whole")):
        (run / "settlement.json").unlink()
        if damage is not None:
            (run / "settlement.json").write_bytes(damage)
        done = reconcile(plan)
        assert (done.exit_code, words in done.output) == (3, True), done.output
        assert "FILE-CHANGED" in done.output and "put back a copy of the folder" in done.output


def test_a_folder_that_cannot_be_written_leaves_the_old_one_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Path, "rename", failing(Path.rename, lambda path, _: full(path)))
    with pytest.raises(OSError, match="No space left"):
        write_folder(tmp_path / "run", {"a": b"1", "b/c": b"2"})
    (tmp_path / "file").write_text("old", encoding="utf-8")
    monkeypatch.setattr(os, "fsync", failing(os.fsync, full))
    with pytest.raises(OSError, match="No space left"):
        write_whole(tmp_path / "file", b"new")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "passing"]
    assert (tmp_path / "file").read_text(encoding="utf-8") == "old"


def test_passing_folders_of_the_dead_are_removed_and_those_of_the_living_are_not(tmp_path: Path):
    dead = "import os, sys; from pathlib import Path; from yoc.passing import passing_folder\n"
    dead += "with passing_folder(Path(sys.argv[1]), 'yoc') as folder: (folder / 'x').touch(); os._exit(9)"
    subprocess.run([sys.executable, "-c", dead, str(tmp_path)], check=False)
    (left,) = tmp_path.glob("yoc-*[0-9a-f]")
    assert (left / "x").is_file()
    with passing_folder(tmp_path, "yoc") as first, passing_folder(tmp_path, "yoc") as second:
        assert not left.exists() and not left.with_suffix(".lock").exists()
        assert first.is_dir() and second.is_dir()
    assert not list(tmp_path.glob("yoc-*"))


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "yoc-000000000000").mkdir()
    (tmp_path / "yoc-000000000000.lock").touch()
    monkeypatch.setattr(os, "geteuid", lambda: 12345, raising=False)
    with passing_folder(tmp_path, "yoc"):
        pass
    assert (tmp_path / "yoc-000000000000").is_dir()


def test_a_link_in_the_place_of_a_passing_folder_is_not_followed(tmp_path: Path):
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "kept").touch()
    (tmp_path / "yoc-000000000000.lock").touch()
    (tmp_path / "yoc-000000000000").symlink_to(mine)
    with passing_folder(tmp_path, "yoc"):
        pass
    assert (mine / "kept").is_file()


def test_a_command_works_where_no_passing_folder_can_be_made(passing: Path, monkeypatch: pytest.MonkeyPatch):
    refused = PermissionError(errno.EACCES, "Permission denied")
    monkeypatch.setattr(FileLock, "acquire", failing(FileLock.acquire, lambda *_: refused))
    with passing_files_together():
        assert tempfile.gettempdir() == str(passing)


def test_what_a_dead_run_left_half_written_is_removed_by_a_run_of_other_inputs(plan: Path):
    root = plan.parents[3]
    for place in (RUNS, REPORTS):
        (root / place / ".staging-2026-27-000000000000").mkdir(parents=True)
    assert reconcile(plan).exit_code == 0
    assert passing_in(root) == []
    assert Path(root / PLAN).is_file()
