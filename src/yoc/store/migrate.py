"""The store's versions: laying a new one, bringing an old one up or down, refusing one that is newer than the program.

Before a version changes, an SQLite file is copied whole, and a server is copied with `pg_dump` or said to be. Rows and
pence are counted before and after, inside the transaction: where they differ, nothing is changed.
"""

import datetime as dt
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, String, cast, func, inspect, select, text

from yoc.core.findings import refusal
from yoc.core.money import format_pounds
from yoc.store.database import Store
from yoc.store.seal import UNSEALED

VERSION_TABLE = "alembic_version"
_OF_VERSIONS = (VERSION_TABLE, UNSEALED)
"""The tables that say how the store came about; they hold nothing that anybody recorded."""


@dataclass(frozen=True)
class Migrated:
    """What a migration did: from and to which version, where the copy is, and what was counted before and after."""

    before: str
    after: str
    copy: str
    rows: int
    pence: int


def _scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", "yoc.store:migrations")
    return ScriptDirectory.from_config(config)


def versions() -> tuple[str, ...]:
    """Every version that the program knows, the oldest first."""
    return tuple(script.revision for script in reversed(list(_scripts().walk_revisions())))


def version_of(connection: Connection) -> str:
    """The version of the store behind a connection; nothing where it is empty."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def ensure(store: Store, before_laying: Callable[[], None] = lambda: None) -> None:
    """Lay the tables where the database is empty. Raises ``FindingsError`` where the store is of another version.

    ``before_laying`` is called before that, and raises where no new store may be laid.
    """
    with store.connected() as connection:
        found = version_of(connection)
        if not found and not inspect(connection).get_table_names():
            before_laying()
            _move(connection, versions()[-1])
            return
    _refuse_other(found, store.shown)
    if found != versions()[-1]:
        message = f"the store {store.shown} is of version {found}, and this program works with {versions()[-1]}"
        raise refusal("STORE-VERSION", message, "yoc store upgrade")


def migrate(store: Store, target: str, *, backed_up: bool, copies: Path) -> Migrated:
    """Bring a store to a version, up or down, with a copy first; rows, pence and filled cells are counted each side.

    Raises ``FindingsError`` where it is newer than the program, where no copy can be made, or where rows would be lost.
    """
    known = versions()
    if target not in known:
        raise refusal("STORE-VERSION", f"there is no version {target}", f"the versions are {', '.join(known)}")
    with store.connected() as connection:
        before = version_of(connection)
    _refuse_other(before, store.shown)
    copy = back_up(store, backed_up=backed_up, copies=copies)
    with store.connected() as connection:
        held, filled = count(connection), filled_cells(connection)
        _move(connection, target)
        left, still = count(connection), filled_cells(connection)
        lost = [
            f"{table} ({rows} rows, {format_pounds(pence)})"
            for table, (rows, pence) in held.items()
            if rows and left.get(table) != (rows, pence)
        ]
        lost += [
            f"{table}.{column} ({cells} filled)"
            for (table, column), cells in sorted(filled.items())
            if table in left and cells and still.get((table, column)) != cells
        ]
        if lost:
            said = ", ".join(lost)
            message = f"version {target} cannot hold what the store holds: {said}"
            raise refusal("STORE-VERSION", message, "stay with this version; nothing was changed")
    rows, pence = (sum(part) for part in zip(*left.values(), strict=True)) if left else (0, 0)
    return Migrated(before, target, copy, rows, pence)


def count(connection: Connection) -> dict[str, tuple[int, int]]:
    """For each table of the store its rows, and the sum of the sizes of all its pence."""
    metadata = MetaData()
    metadata.reflect(connection)
    counted = {}
    for name, table in metadata.tables.items():
        if name in _OF_VERSIONS:
            continue
        sums = [func.coalesce(func.sum(func.abs(column)), 0) for column in table.c if column.name.endswith("pence")]
        rows, *pence = connection.execute(select(func.count(), *sums).select_from(table)).one()
        counted[name] = (int(rows), sum(int(part) for part in pence))
    return counted


def filled_cells(connection: Connection) -> dict[tuple[str, str], int]:
    """For each column of each table how many of its cells hold something: neither nothing nor an empty text."""
    metadata = MetaData()
    metadata.reflect(connection)
    filled: dict[tuple[str, str], int] = {}
    for name, table in metadata.tables.items():
        if name in _OF_VERSIONS:
            continue
        cells = [func.count(func.nullif(cast(column, String), "")) for column in table.c]
        found = connection.execute(select(*cells).select_from(table)).one()
        filled |= {(name, column.name): int(cells) for column, cells in zip(table.c, found, strict=True)}
    return filled


_TRIGGERS_OF_A_FILE = "SELECT tbl_name, count(*) FROM sqlite_master WHERE type = 'trigger' GROUP BY tbl_name"
_TRIGGERS_OF_A_SERVER = (
    "SELECT c.relname, count(*) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
    "WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' GROUP BY c.relname"
)


def protected_tables(connection: Connection) -> set[str]:
    """The tables in which the database refuses every change: on each two triggers, as the steps lay them."""
    of = _TRIGGERS_OF_A_FILE if connection.dialect.name == "sqlite" else _TRIGGERS_OF_A_SERVER
    return {str(table) for table, triggers in connection.execute(text(of)) if triggers == 2}


def back_up(store: Store, *, backed_up: bool, copies: Path) -> str:
    """Copy a store before its version changes, and say where to. A server is copied where `pg_dump` is installed."""
    stamp = store.clock().astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
    if store.is_file:
        source = Path(store.engine.url.database or "")
        target = source.with_name(f"{source.stem}-before-{stamp}.sqlite")
        _refuse_existing(target)
        _copy_file(source, target)
        return target.name
    if backed_up:
        return "made by somebody else, as was said"
    if shutil.which("pg_dump") is None:
        message = f"no copy of {store.shown} can be made: pg_dump is not installed here"
        raise refusal("STORE-VERSION", message, "make a copy in your own way, then say so with --backed-up")
    target = copies / f"store-before-{stamp}.dump"
    _refuse_existing(target)
    _dump(store, target)
    return target.name


def _refuse_existing(target: Path) -> None:
    if target.exists():
        raise refusal("FILE-EXISTS", f"{target.name} is there already", "wait a second, then try again")


def _copy_file(source: Path, target: Path) -> None:
    """A copy through SQLite itself, which is whole even while somebody writes."""
    old, new = sqlite3.connect(source), sqlite3.connect(target)
    try:
        old.backup(new)
    finally:
        old.close()
        new.close()


def _dump(store: Store, target: Path) -> None:
    url = store.engine.url
    environment = os.environ | ({"PGPASSWORD": str(url.password)} if url.password else {})
    # The password goes through the environment, which other users of a machine cannot see, not through arguments.
    name = url.set(drivername="postgresql", password=None).render_as_string()
    program = shutil.which("pg_dump") or "pg_dump"
    done = subprocess.run(  # noqa: S603 - a program found by name, given a file of ours and the store's own address
        [program, "--format=custom", "--no-password", f"--file={target}", name],
        check=False, capture_output=True, env=environment,
    )  # fmt: skip
    if done.returncode:
        target.unlink(missing_ok=True)
        message = f"pg_dump could not copy {store.shown} (exit code {done.returncode})"
        raise refusal("STORE-VERSION", message, "make a copy in your own way, then say so with --backed-up")


def _move(connection: Connection, target: str) -> None:
    """Run the steps between the store's version and another, in the connection's own transaction."""
    scripts = _scripts()
    known = versions()
    current = version_of(connection)
    up = not current or known.index(current) <= known.index(target)
    # These two are how Alembic's own commands ask for the steps.
    steps: Callable[..., Any] = scripts._upgrade_revs if up else scripts._downgrade_revs

    def wanted(revision: Any, _: Any) -> Any:
        return steps(target, revision)

    config = Config()
    with EnvironmentContext(config, scripts, fn=wanted, destination_rev=target) as environment:
        environment.configure(connection=connection, target_metadata=None)
        environment.run_migrations()


def _refuse_other(found: str, shown: str) -> None:
    if not found:
        message = f"{shown} is a database of something else, or an empty one"
        raise refusal("STORE-VERSION", message, "name another place for the store")
    if found not in versions():
        message = f"the store {shown} is of version {found}, which is newer than this program"
        raise refusal("STORE-VERSION", message, "install the version of yoc that wrote it, or a newer one")
