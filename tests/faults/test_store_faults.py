"""The store gone, lost in the middle of an act, deleted, cut short, or an older copy of it: told, and put right."""

import datetime as dt
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from postgresql import Server, running_server
from small_runs import CONTRACT, FIRST, SECOND, YEAR, evidence_of, write_run
from yoc.core.findings import FindingsError
from yoc.core.periods import FinancialYear
from yoc.store.database import Store, connect
from yoc.store.journal import broken
from yoc.store.migrate import count, ensure
from yoc.workflow import store_place
from yoc.workflow.posting import post_pending, post_run
from yoc.workflow.store_care import check_store
from yoc.workflow.year import YearOf, move_year
from yoc.workflow.year_money import adjust, pay

DAY = dt.date(2027, 5, 10)
BY = "Somebody"


@pytest.fixture(scope="module")
def own_server() -> Iterator[Server]:
    """A server that may be stopped; nobody else uses it."""
    with running_server() as server:
        yield server


@pytest.fixture
def on_server(own_server: Server, clock) -> Store:
    import psycopg

    with psycopg.connect(f"{own_server.url}/postgres", autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS disturbed WITH (FORCE)")
        connection.execute("CREATE DATABASE disturbed TEMPLATE template0")
    store = connect(f"{own_server.url}/disturbed", clock)
    ensure(store)
    return store


def said(caught: pytest.ExceptionInfo[FindingsError]) -> tuple[str, str]:
    (finding,) = caught.value.findings
    return finding.code, finding.message


def held(store: Store) -> dict[str, tuple[int, int]]:
    with store.connected() as connection:
        return count(connection)


def test_a_server_that_is_gone_is_told_and_when_it_is_back_the_next_run_works(own_server: Server, on_server: Store):
    own_server.stop()
    try:
        with pytest.raises(FindingsError) as caught:
            post_run(on_server, evidence_of(FIRST, "run-1"))
    finally:
        own_server.start()
    code, message = said(caught)
    assert code == "STORE-UNREACHABLE" and "disturbed cannot be used" in message
    assert post_run(on_server, evidence_of(FIRST, "run-1")).movements == 5


@pytest.mark.parametrize("place", [1, 6, 20])
def test_a_server_that_is_lost_in_the_middle_of_a_posting_leaves_nothing_of_it(
    own_server: Server, on_server: Store, place: int
):
    """Killed before the n-th statement that adds a row."""
    before, added = held(on_server), 0

    def lost(connection, cursor, statement, *_):
        nonlocal added
        added += statement.startswith("INSERT")
        if statement.startswith("INSERT") and added == place:
            own_server.stop()

    event.listen(Engine, "before_cursor_execute", lost)
    try:
        with pytest.raises(FindingsError) as caught:
            post_run(on_server, evidence_of(FIRST, "run-1"))
    finally:
        event.remove(Engine, "before_cursor_execute", lost)
        own_server.start()
    assert said(caught)[0] == "STORE-UNREACHABLE"
    assert held(on_server) == before
    assert post_run(on_server, evidence_of(FIRST, "run-1")).movements == 5
    with on_server.session() as session:
        assert broken(session) == []


@pytest.mark.parametrize("kept", [True, False], ids=["it was kept", "it was not"])
def test_a_server_that_is_lost_while_an_act_is_kept_leaves_nobody_sure_and_a_second_time_counts_once(
    own_server: Server, on_server: Store, monkeypatch: pytest.MonkeyPatch, *, kept: bool
):
    post_run(on_server, evidence_of(FIRST, "run-1"))
    year = YearOf(Path(), on_server, CONTRACT, FinancialYear.parse(YEAR))
    dialect = on_server.engine.dialect
    honest = dialect.do_commit

    def lost(connection):
        if kept:
            honest(connection)
        own_server.stop()
        honest(connection)
        connection.execute("SELECT 1")

    monkeypatch.setattr(dialect, "do_commit", lost)
    try:
        with pytest.raises(FindingsError) as caught:
            pay(year, "C", "A", 700, "BACS-1", "final", DAY, BY)
    finally:
        monkeypatch.undo()
        own_server.start()
    code, message = said(caught)
    assert code == "STORE-UNSURE" and "all of it is, or nothing" in message
    if kept:
        with pytest.raises(FindingsError, match="REFERENCE-REPEATED"):
            pay(year, "C", "A", 700, "BACS-1", "final", DAY, BY)
    else:
        pay(year, "C", "A", 700, "BACS-1", "final", DAY, BY)
    assert held(on_server)["payments"] == (1, 700)


@pytest.fixture
def workspace(tmp_path: Path, clock) -> YearOf:
    """A workspace with two runs in their folders, both recorded, and a payment."""
    store = store_place.open_store(_root(tmp_path), clock, to_write=True)
    year = YearOf(tmp_path, store, CONTRACT, FinancialYear.parse(YEAR))
    for name, hosts in (("run-1", FIRST), ("run-2", SECOND)):
        write_run(year.runs_folder, hosts, name)
        post_pending(store, year)
    pay(year, "C", "A", 700, "BACS-1", "final", DAY, BY)
    return year


def _root(root: Path) -> Path:
    (root / "reconciliation").mkdir(exist_ok=True)
    return root


FILE = "reconciliation/store.sqlite"


@pytest.mark.parametrize("to_write", [True, False])
@pytest.mark.parametrize("emptied", [True, False], ids=["emptied", "deleted"])
def test_a_store_that_is_gone_is_never_laid_anew_over_runs(workspace: YearOf, clock, *, to_write: bool, emptied: bool):
    file = workspace.root / FILE
    file.unlink()
    if emptied:
        file.touch()
    with pytest.raises(FindingsError) as caught:
        store_place.open_store(workspace.root, clock, to_write=to_write)
    assert said(caught) == (
        "STORE-GONE",
        "the store store.sqlite is empty or not there, and 2 runs lie in reconciliation/2026-27/world/runs",
    )
    assert "yoc store new" in caught.value.findings[0].mend
    assert not file.exists() or file.stat().st_size == 0


def test_a_new_store_is_laid_where_somebody_says_so_and_never_over_another(workspace: YearOf, clock):
    with pytest.raises(FindingsError, match="FILE-EXISTS"):
        store_place.lay_new(workspace.root, clock)
    (workspace.root / FILE).unlink()
    store, runs = store_place.lay_new(workspace.root, clock)
    assert [run.name for run in runs] == ["run-1", "run-2"]
    assert set(held(store).values()) == {(0, 0)}
    assert check_store(store, workspace.root).runs_unrecorded == ["run-1", "run-2"]
    assert [posted.run_id for posted in post_pending(store, workspace)] == ["run-1", "run-2"]


def test_a_server_without_a_store_is_not_laid_over_runs_of_another(
    workspace: YearOf, clock, database: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("YOC_STORE_URL", database)
    with pytest.raises(FindingsError, match="STORE-GONE"):
        store_place.open_store(workspace.root, clock, to_write=True)
    assert store_place.lay_new(workspace.root, clock)[0].shown.startswith("postgresql://")


@pytest.mark.parametrize("size", [100, 4096, 50_000])
def test_a_store_that_was_cut_short_is_told_and_left_as_it_is(workspace: YearOf, clock, size: int):
    file = workspace.root / FILE
    content = file.read_bytes()[:size]
    file.write_bytes(content)
    with pytest.raises(FindingsError) as caught:
        check_store(store_place.open_store(workspace.root, clock), workspace.root)
    assert said(caught)[0] == "STORE-BROKEN"
    assert file.read_bytes() == content


def test_a_store_of_garbage_is_told_and_left_as_it_is(workspace: YearOf, clock):
    file = workspace.root / FILE
    file.write_bytes(b"garbage " * 4000)
    with pytest.raises(FindingsError) as caught:
        store_place.open_store(workspace.root, clock, to_write=True)
    assert said(caught) == ("STORE-BROKEN", "store.sqlite is not a store, or is damaged")
    assert file.read_bytes() == b"garbage " * 4000


def test_an_older_copy_that_was_put_back_does_not_hold_the_hash_that_was_noted(workspace: YearOf, clock):
    file, store = workspace.root / FILE, workspace.store
    older = check_store(store, workspace.root).last_hash
    shutil.copyfile(file, file.with_suffix(".older"))
    adjust(workspace, "C", "A", 50, "agreed_variation", "letter", BY, None)
    noted = check_store(store, workspace.root).last_hash
    noticed = check_store(store, workspace.root, older).noted
    assert noticed is not None and (noticed.postings_since, noticed.entries_since) == (1, 3)
    newest = check_store(store, workspace.root, noted[:12]).noted
    assert newest is not None and newest.entries_since == 0
    shutil.copyfile(file.with_suffix(".older"), file)
    assert check_store(store, workspace.root).findings == []
    (finding,) = check_store(store, workspace.root, noted).findings
    assert (finding.code, "that was noted" in finding.message) == ("STORE-BROKEN", True)


def test_an_older_copy_shows_by_the_runs_that_it_does_not_know(workspace: YearOf, clock):
    shutil.copyfile(workspace.root / FILE, workspace.root / "older")
    write_run(workspace.runs_folder, FIRST, "run-3")
    post_pending(workspace.store, workspace)
    assert check_store(workspace.store, workspace.root).runs_unrecorded == []
    shutil.copyfile(workspace.root / "older", workspace.root / FILE)
    assert check_store(workspace.store, workspace.root).runs_unrecorded == ["run-3"]


def test_a_full_disk_under_the_store_keeps_what_was_recorded_before(workspace: YearOf):
    """SQLite counts pages itself; a limit on them is what a full disk is to it."""

    def limited(connection, _):
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")

    before = held(workspace.store)
    event.listen(workspace.store.engine, "connect", limited)
    with pytest.raises(FindingsError) as caught:
        for number in range(40):
            adjust(workspace, "C", "A", 50, "agreed_variation", f"letter {number} {'x' * 900}", BY, None)
    assert said(caught)[0] == "DISK-FULL"
    event.remove(workspace.store.engine, "connect", limited)
    with workspace.store.session() as session:
        assert broken(session) == []
    # As many as were told to be recorded are, and the one that failed is not.
    assert held(workspace.store)["adjustments"][0] - before["adjustments"][0] == number
    adjust(workspace, "C", "A", 50, "agreed_variation", f"letter {number}", BY, None)


def test_a_store_that_can_only_be_read_is_told(workspace: YearOf):
    def read_only(connection, _):
        connection.execute("PRAGMA query_only = ON")

    event.listen(workspace.store.engine, "connect", read_only)
    with pytest.raises(FindingsError) as caught:
        move_year(workspace, "flex", BY)
    assert said(caught)[0] == "DISK-REFUSED"
    event.remove(workspace.store.engine, "connect", read_only)
    assert move_year(workspace, "flex", BY) == "flexed"


def test_a_workspace_reads_while_somebody_writes_and_never_sees_half(store: Store):
    """A reader waits for the writer, or is told that somebody writes; it never sees a posting in part."""
    post_run(store, evidence_of(FIRST, "run-1"))
    before = held(store)
    seen = []

    def look(connection, cursor, statement, *_):
        if statement.startswith("INSERT INTO payments"):
            other = sqlite3.connect(store.engine.url.database, timeout=0) if store.is_file else None
            if other:
                seen.append(other.execute("SELECT count(*) FROM payments").fetchone()[0])
                other.close()

    event.listen(Engine, "before_cursor_execute", look)
    try:
        pay(YearOf(Path(), store, CONTRACT, FinancialYear.parse(YEAR)), "C", "A", 700, "B-1", "final", DAY, BY)
    finally:
        event.remove(Engine, "before_cursor_execute", look)
    assert seen == ([0] if store.is_file else [])
    assert held(store)["payments"][0] == before["payments"][0] + 1
