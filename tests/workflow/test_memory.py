"""The memory that a plan lets the database have: it reaches the engine, and no figure depends on it."""

import errno
from pathlib import Path

import pyarrow as pa
import pytest
from small_world import lay

from yoc.cli.faults import place_finding
from yoc.core.findings import FindingsError
from yoc.engine import MEMORY_BYTES, Engine, database
from yoc.workflow.plan import read_job
from yoc.workflow.reconcile import compute, look_at


def with_memory(plan: Path, said: str) -> Path:
    text = plan.read_text("utf-8")
    plan.write_text(f"{text}memory: {said}\n", "utf-8", newline="\n")
    return plan


def test_the_plan_s_memory_reaches_the_engine_and_changes_no_figure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    plan = lay(tmp_path)
    begin, given = Engine.__init__, []

    def noted(self: Engine, memory_bytes: int = MEMORY_BYTES) -> None:
        begin(self, memory_bytes)
        given.extend(self._connection.execute("SELECT current_setting('memory_limit')").fetchall())

    monkeypatch.setattr(Engine, "__init__", noted)
    first, usual = look_at(plan).run_id, compute(plan)
    with_memory(plan, "512 MiB")
    assert compute(plan) == usual
    assert given == [("1.0 GiB",), ("512.0 MiB",)]
    # The plan is a document of the run, and is hashed as it is written.
    assert look_at(plan).run_id != first


@pytest.mark.parametrize(
    ("said", "told"),
    [("2", "is no size of memory"), ("2 GiBs", "is no size of memory"), ("255 MiB", "256 MiB is the least"),
     ("-1 GiB", "is no size of memory"), ("[1 GiB]", "a single value is needed here")],
)  # fmt: skip
def test_what_is_no_memory_is_told_at_its_line(tmp_path: Path, said: str, told: str):
    plan = with_memory(lay(tmp_path), said)
    with pytest.raises(FindingsError) as caught:
        read_job(plan)
    (finding,) = caught.value.findings
    assert told in finding.message
    assert (finding.code, finding.file, finding.line) == (
        "FIELD-VALUE", plan.relative_to(tmp_path).as_posix(), len(plan.read_text("utf-8").splitlines()),
    )  # fmt: skip


def test_a_step_that_cannot_wait_on_the_disk_asks_for_more_memory(monkeypatch: pytest.MonkeyPatch):
    """One list of 2 million numbers, 16 MB in one piece, in 8 MB."""
    monkeypatch.setattr(database, "read_sql", lambda room, step: "SELECT list(i) AS many FROM big")
    with Engine() as engine:
        engine.give_table("big", pa.table({"i": pa.array(range(2_000_000), pa.int64())}))
        for setting in ("memory_limit = '8MB'", "threads = 1"):
            engine._connection.execute(f"SET {setting}")
        with pytest.raises(OSError) as caught:
            engine.fetch("room", "step")
    assert caught.value.errno == errno.ENOMEM
    finding = place_finding(caught.value)
    assert (finding.code, "memory: 4 GiB" in finding.mend) == ("MEMORY-FULL", True)
