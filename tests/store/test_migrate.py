"""The store's versions: laid whole, brought up and down with nothing lost, refused where they are newer."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlmodel import SQLModel

from yoc.store import tables, year_tables  # noqa: F401 - their tables are those that are compared
from yoc.store.database import Store
from yoc.store.migrate import VERSION_TABLE, count, ensure, version_of, versions


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
