"""Triggers by which the database itself refuses to change or take away what was recorded."""

from collections.abc import Iterable

from alembic import op

# Names cannot be bound values. These texts are filled with names of tables that stand in the steps, and with no others.
_SQLITE = """
CREATE TRIGGER {table}_no_{low} BEFORE {change} ON {table}
BEGIN SELECT RAISE(ABORT, 'what was recorded is never changed'); END
"""
_POSTGRESQL_FUNCTION = """
CREATE FUNCTION yoc_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'what was recorded is never changed'; END $$
"""
_POSTGRESQL = (
    "CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
    "FOR EACH ROW EXECUTE FUNCTION yoc_refuse_change()",
    "CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION yoc_refuse_change()",
)


def protect(tables: Iterable[str], *, first: bool = False) -> None:
    """Make tables append-only; ``first`` where no table of the store is so yet."""
    if op.get_bind().dialect.name == "sqlite":
        for table in tables:
            for change in ("UPDATE", "DELETE"):
                op.execute(_SQLITE.format(table=table, change=change, low=change.lower()))
        return
    if first:
        op.execute(_POSTGRESQL_FUNCTION)
    for table in tables:
        for statement in _POSTGRESQL:
            op.execute(statement.format(table=table))
