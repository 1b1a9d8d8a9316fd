"""The store's versions: laid whole, brought up and down with nothing lost, refused where they are newer."""

import datetime as dt
import shutil
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, MetaData, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel, select

from small_runs import CONTRACT, FIRST, YEAR, evidence_of
from yoc.core.findings import FindingsError
from yoc.store import tables, year_tables  # noqa: F401 - their tables are those that are compared
from yoc.store.database import Store, connect
from yoc.store.journal import Act, Movement, Writer, broken, writing
from yoc.store.migrate import VERSION_TABLE, _move, count, ensure, migrate, version_of, versions
from yoc.store.seal import unsealed
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
    # That version sealed nothing.
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Writer, "seal", lambda _: None)
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
    up = migrate(empty_store, "0004", backed_up=True, copies=tmp_path)
    # One posting and two entries of £123.45 each.
    assert (up.before, up.after, up.rows, up.pence) == ("0001", "0004", 3, 24_690)
    ensure(empty_store)
    clock.on(seconds=1)
    down = migrate(empty_store, "0001", backed_up=True, copies=tmp_path)
    assert (down.before, down.after, down.rows, down.pence) == ("0004", "0001", 3, 24_690)
    with empty_store.connected() as connection:
        assert version_of(connection) == "0001"
        assert "payments" not in count(connection)
    assert journal_of(empty_store) == before
    clock.on(seconds=1)
    migrate(empty_store, "0004", backed_up=True, copies=tmp_path)
    assert journal_of(empty_store) == before
    with empty_store.session() as session:
        assert broken(session) == []
        assert unsealed(session) == []
    # What is recorded from now on has a seal, and is missed without it though no other seal is there.
    act = Act("adjustment", CONTRACT, YEAR, "Somebody", dt.date(2027, 3, 31), "agreed_variation", "letter 2")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Writer, "seal", lambda _: None)
        with writing(empty_store, act):
            pass
    with empty_store.session() as session:
        assert [finding.message[:21] for finding in unsealed(session)] == ["posting 2 has no seal"]


def a_row_in_every_table(connection: Connection) -> None:
    """One row in each table of the store's version, its references right, its pence £1.23 and less than nothing."""
    metadata = MetaData()
    metadata.reflect(connection)
    samples = {dt.date: dt.date(2027, 3, 31), dt.datetime: dt.datetime(2027, 5, 10, 9), bool: True, str: "a text"}
    for table in metadata.sorted_tables:
        if table.name == VERSION_TABLE:
            continue
        cells = {
            column.name: -123 if column.name.endswith("pence") else samples.get(column.type.python_type, 1)
            for column in table.columns
        }
        connection.execute(table.insert().values(cells))


def contents(connection: Connection, wanted: dict[str, list[str]] | None = None) -> dict[str, list[tuple[object, ...]]]:
    """Every cell of every table, or of the columns that are wanted."""
    metadata = MetaData()
    metadata.reflect(connection)
    columns = wanted or {name: list(table.c.keys()) for name, table in metadata.tables.items() if name != VERSION_TABLE}
    return {
        name: [tuple(row) for row in connection.execute(select(*(metadata.tables[name].c[each] for each in names)))]
        for name, names in columns.items()
    }


def test_a_row_of_every_table_goes_up_and_down_unchanged(empty_store: Store, tmp_path: Path, clock):
    with empty_store.connected() as connection:
        _move(connection, "0002")
        a_row_in_every_table(connection)
        before = contents(connection)
        columns = {name: [column["name"] for column in inspect(connection).get_columns(name)] for name in before}
    assert len(before) == 18
    up = migrate(empty_store, "0004", backed_up=True, copies=tmp_path)
    # Of the tables eight have sums: lines three, and findings, entries, payments and the rest one each.
    sums = sum(name.endswith("pence") for names in columns.values() for name in names)
    assert (up.rows, up.pence) == (18, 123 * sums) and sums == 10
    with empty_store.connected() as connection:
        assert contents(connection, columns) == before
        added = connection.execute(text("SELECT journal_hash FROM statements")).scalar()
        assert added == ""
    with pytest.raises(DBAPIError, match="never changed"), empty_store.engine.begin() as connection:
        connection.execute(text("UPDATE statements SET journal_hash = 'x'"))
    clock.on(seconds=1)
    down = migrate(empty_store, "0002", backed_up=True, copies=tmp_path)
    assert (down.rows, down.pence) == (up.rows, up.pence)
    with empty_store.connected() as connection:
        assert contents(connection) == before
    clock.on(seconds=1)
    # The first version has no tables for the life of a year.
    with pytest.raises(FindingsError, match="year_states"):
        migrate(empty_store, "0001", backed_up=True, copies=tmp_path)


def test_a_column_that_holds_something_is_not_taken_away(empty_store: Store, tmp_path: Path):
    with empty_store.connected() as connection:
        _move(connection, "0004")
        a_row_in_every_table(connection)
    with pytest.raises(FindingsError) as caught:
        migrate(empty_store, "0002", backed_up=True, copies=tmp_path)
    (finding,) = caught.value.findings
    assert finding.message == (
        "version 0002 cannot hold what the store holds: adjustments.reference (1 filled), "
        "dispute_events.clause (1 filled), disputes.direction (1 filled), statements.journal_hash (1 filled)"
    )


def test_a_dispute_that_claims_more_stays_with_a_version_that_knows_of_it(empty_store: Store, tmp_path: Path, clock):
    with empty_store.connected() as connection:
        _move(connection, "0003")
        a_row_in_every_table(connection)
    migrate(empty_store, "0004", backed_up=True, copies=tmp_path)
    with empty_store.connected() as connection:
        assert connection.execute(text("SELECT direction FROM disputes")).scalar() == ""
    clock.on(seconds=1)
    # Nothing was claimed on top of a line, so nothing is lost on the way down.
    down = migrate(empty_store, "0003", backed_up=True, copies=tmp_path)
    assert (down.before, down.after, down.rows) == ("0004", "0003", 18)
    clock.on(seconds=1)
    migrate(empty_store, "0004", backed_up=True, copies=tmp_path)
    with empty_store.engine.begin() as connection:
        (columns,) = [[each["name"] for each in inspect(connection).get_columns("disputes")]]
        copied = ", ".join({"dispute": "2", "direction": "'more'"}.get(name, name) for name in columns)
        connection.execute(text(f"INSERT INTO disputes ({', '.join(columns)}) SELECT {copied} FROM disputes"))
    clock.on(seconds=1)
    with pytest.raises(FindingsError, match=r"disputes.direction \(1 filled\)"):
        migrate(empty_store, "0003", backed_up=True, copies=tmp_path)


def test_a_store_with_sealed_postings_stays_with_its_version(store: Store, tmp_path: Path):
    post_run(store, evidence_of(FIRST, "run-1"))
    with pytest.raises(FindingsError, match="version 0002 seals no posting, and 1 are sealed"):
        migrate(store, "0002", backed_up=True, copies=tmp_path)


def test_a_version_that_cannot_hold_what_was_recorded_is_refused(store: Store, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(Writer, "seal", lambda _: None)
    post_run(store, evidence_of(FIRST, "run-1"))
    with store.connected() as connection:
        before = count(connection)
    with pytest.raises(FindingsError) as caught:
        migrate(store, "0001", backed_up=True, copies=tmp_path)
    (finding,) = caught.value.findings
    assert finding.code == "STORE-VERSION"
    assert finding.message == "version 0001 cannot hold what the store holds: year_states (1 rows, £0.00)"
    with store.connected() as connection:
        assert (version_of(connection), count(connection)) == ("0004", before)


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
