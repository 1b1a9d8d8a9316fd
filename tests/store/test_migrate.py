"""The store's versions: laid whole, brought up and down with nothing lost, refused where they are newer."""

import datetime as dt
import shutil
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text
from sqlmodel import SQLModel, select

from small_runs import CONTRACT, FIRST, YEAR, evidence_of
from yoc.core.findings import FindingsError
from yoc.store import tables, year_tables  # noqa: F401 - their tables are those that are compared
from yoc.store.database import Store, connect
from yoc.store.journal import Act, Movement, broken, writing
from yoc.store.migrate import VERSION_TABLE, _move, count, ensure, migrate, version_of, versions
from yoc.store.tables import Entry
from yoc.workflow.posting import post_run


def test_the_steps_lay_the_tables_that_the_models_name(store: Store):
    def ours(_, name, kind, *__):
        return kind != "table" or name != VERSION_TABLE

    with store.connected() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": ours, "compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_ensuring_twice_changes_nothing(store: Store):
    ensure(store)
    with store.connected() as connection:
        assert version_of(connection) == versions()[-1]
        assert set(count(connection).values()) == {(0, 0)}


def journal_of(store: Store) -> list[str]:
    with store.session() as session:
        return [entry.hash for entry in session.exec(select(Entry).order_by(Entry.sequence)).all()]


def old_store_with_money(store: Store) -> None:
    """A store of the first version in which a movement of £123.45 was recorded."""
    with store.connected() as connection:
        _move(connection, "0001")
    act = Act("adjustment", CONTRACT, YEAR, "Somebody", dt.date(2027, 3, 31), "agreed_variation", "letter 1")
    with writing(store, act) as writer:
        writer.move([Movement("adjustment", "A", "adjustment", "extra", "", "C", "A", 12_345)])


def test_an_older_store_is_brought_up_and_down_with_its_money(empty_store: Store, tmp_path: Path, clock):
    old_store_with_money(empty_store)
    before = journal_of(empty_store)
    with pytest.raises(FindingsError) as caught:
        ensure(empty_store)
    assert [(finding.code, finding.mend) for finding in caught.value.findings] == [
        ("STORE-VERSION", "yoc store upgrade")
    ]
    up = migrate(empty_store, "0002", backed_up=True, copies=tmp_path)
    # One posting and two entries of £123.45 each.
    assert (up.before, up.after, up.rows, up.pence) == ("0001", "0002", 3, 24_690)
    ensure(empty_store)
    clock.on(seconds=1)
    down = migrate(empty_store, "0001", backed_up=True, copies=tmp_path)
    assert (down.before, down.after, down.rows, down.pence) == ("0002", "0001", 3, 24_690)
    with empty_store.connected() as connection:
        assert version_of(connection) == "0001"
        assert "payments" not in count(connection)
    assert journal_of(empty_store) == before
    clock.on(seconds=1)
    migrate(empty_store, "0002", backed_up=True, copies=tmp_path)
    assert journal_of(empty_store) == before
    with empty_store.session() as session:
        assert broken(session) == []


def test_a_version_that_cannot_hold_what_was_recorded_is_refused(store: Store, tmp_path: Path):
    post_run(store, evidence_of(FIRST, "run-1"))
    with store.connected() as connection:
        before = count(connection)
    with pytest.raises(FindingsError) as caught:
        migrate(store, "0001", backed_up=True, copies=tmp_path)
    (finding,) = caught.value.findings
    assert finding.code == "STORE-VERSION"
    assert finding.message == "version 0001 cannot hold what the store holds: year_states (1 rows, £0.00)"
    with store.connected() as connection:
        assert (version_of(connection), count(connection)) == ("0002", before)


def test_a_copy_is_made_first_and_holds_what_there_was(empty_store: Store, tmp_path: Path, clock):
    old_store_with_money(empty_store)
    if not empty_store.is_file and shutil.which("pg_dump") is None:
        with pytest.raises(FindingsError) as caught:
            migrate(empty_store, "0002", backed_up=False, copies=tmp_path)
        assert "--backed-up" in caught.value.findings[0].mend
        return
    done = migrate(empty_store, "0002", backed_up=False, copies=tmp_path)
    copy = tmp_path / done.copy
    assert copy.is_file() and "20270510T090000Z" in copy.name
    if empty_store.is_file:
        old = connect(copy, clock)
        with old.connected() as connection:
            assert version_of(connection) == "0001"
        assert journal_of(old) == journal_of(empty_store)


def test_an_unknown_version_and_a_database_of_something_else_are_refused(store: Store, tmp_path: Path, clock):
    with pytest.raises(FindingsError, match="there is no version 0099"):
        migrate(store, "0099", backed_up=True, copies=tmp_path)
    if store.is_file:
        other = connect(tmp_path / "other.sqlite", clock)
        with other.engine.begin() as connection:
            connection.execute(text("CREATE TABLE something (x INTEGER)"))
        with pytest.raises(FindingsError, match="a database of something else"):
            ensure(other)
