"""Opening the store, in SQLite or PostgreSQL, one transaction at a time, with every failure said in plain words."""

import datetime as dt
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, NullPool, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlmodel import Session

from yoc.core.findings import FindingsError, refusal

Clock = Callable[[], dt.datetime]
"""Gives the moment it is, with its time zone. The store reads no clock of its own."""
WAIT_SECONDS = 5
_LOCK = 4_715_203_011
"""The advisory lock of PostgreSQL that all who use a store take; any number that no other program has."""


@dataclass(frozen=True)
class Store:
    """A store that can be reached. ``shown`` names it without user or password."""

    engine: Engine
    shown: str
    clock: Clock

    @property
    def is_file(self) -> bool:
        """Whether it is an SQLite file rather than a server."""
        return self.engine.dialect.name == "sqlite"

    def now(self) -> dt.datetime:
        """The moment it is, in UTC, as the store keeps moments."""
        return as_utc(self.clock())

    @contextmanager
    def connected(self, *, alone: bool = True) -> Iterator[Connection]:
        """One transaction: what it did is kept whole where it ends well, and not at all where it does not.

        A writer is alone. A reader waits for a writer that has begun, so that an answer about a past moment holds all
        that had been recorded by then, and stays the same for ever after.
        """
        try:
            with self.engine.connect() as connection, connection.begin():
                if not self.is_file:
                    connection.execute(text(f"SET LOCAL lock_timeout = '{WAIT_SECONDS}s'"))
                    take = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
                    connection.execute(text(f"SELECT {take}(:lock)"), {"lock": _LOCK})
                yield connection
        except SQLAlchemyError as error:
            raise _in_plain_words(error, self.shown) from None

    @contextmanager
    def session(self, *, alone: bool = True) -> Iterator[Session]:
        """The same, for rows of tables."""
        with self.connected(alone=alone) as connection, Session(connection, expire_on_commit=False) as session:
            yield session
            session.flush()


def as_utc(moment: dt.datetime) -> dt.datetime:
    """A moment with its time zone as one of UTC without, which is how both databases keep it.

    >>> as_utc(dt.datetime(2027, 5, 12, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=1))))
    datetime.datetime(2027, 5, 12, 9, 0)
    """
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone could be any of several")
    return moment.astimezone(dt.UTC).replace(tzinfo=None)


def connect(place: str | Path, clock: Clock) -> Store:
    """The store at a path (SQLite) or a URL (PostgreSQL, SQLite). Nothing is opened before it is used.

    Raises ``FindingsError`` where the URL is none, or its program is not installed.
    """
    url = URL.create("sqlite", database=str(place)) if isinstance(place, Path) else _read_url(place)
    shown = _shown(url)
    arguments = {"timeout": WAIT_SECONDS} if url.get_backend_name() == "sqlite" else {"connect_timeout": WAIT_SECONDS}
    try:
        engine = create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args=arguments)
    except ModuleNotFoundError:
        message = f"{shown} is a PostgreSQL store, and the program that speaks to PostgreSQL is not installed"
        raise refusal("STORE-UNREACHABLE", message, "pip install 'yoc[postgresql]'") from None
    except (NoSuchModuleError, SQLAlchemyError) as error:
        raise _in_plain_words(error, shown) from None
    if url.get_backend_name() == "sqlite":
        _begin_explicitly(engine, url.database or "")
    return Store(engine, shown, clock)


def _read_url(text_of_url: str) -> URL:
    mend = "write it as postgresql://USER@HOST:5432/DATABASE, or sqlite:///PATH; keep the password in ~/.pgpass"
    try:
        url = make_url(text_of_url)
    except (ArgumentError, ValueError):  # The second where a port is no number.
        raise refusal("STORE-UNREACHABLE", "the store's URL cannot be read (it is not shown here)", mend) from None
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername not in ("postgresql+psycopg", "sqlite"):
        message = f"the store's URL begins with {url.drivername}, which is neither postgresql nor sqlite"
        raise refusal("STORE-UNREACHABLE", message, mend)
    if url.drivername == "sqlite" and not url.database:
        raise refusal("STORE-UNREACHABLE", "the store's URL names no file, so nothing would be kept", mend)
    return url


def _shown(url: URL) -> str:
    """A store's name for people: never the user, the password or any other part of the URL that may be a secret."""
    if url.get_backend_name() == "sqlite":
        return Path(url.database or "").name
    port = f":{url.port}" if url.port else ""
    return f"postgresql://{url.host or 'localhost'}{port}/{url.database or ''}"


def _begin_explicitly(engine: Engine, database: str) -> None:
    """Every transaction of SQLite begins with the writer's lock, its table changes are part of it."""

    @event.listens_for(engine, "connect")
    def connected(connection: object, _: object) -> None:
        connection.isolation_level = None  # type: ignore[attr-defined]
        connection.execute("PRAGMA foreign_keys = ON")  # type: ignore[attr-defined]

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A copy that an auditor was given to read can be locked by nobody, and needs no lock.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _is_writable(Path(database)) else "BEGIN")


def _is_writable(file: Path) -> bool:
    return not file.exists() or os.access(file, os.W_OK)


_BUSY = ("database is locked", "lock timeout", "canceling statement due to lock timeout")


def _in_plain_words(error: SQLAlchemyError, shown: str) -> FindingsError:
    """What a database said, without any value that it may have repeated."""
    said = str(error.orig).lower() if isinstance(error, DBAPIError) else ""
    if any(words in said for words in _BUSY):
        message = f"somebody else is writing into the store {shown}, and did not end within {WAIT_SECONDS} seconds"
        return refusal("STORE-BUSY", message, "wait a moment, then try again; nothing was half-written")
    if "never changed" in said:
        message = f"the store {shown} refuses a change to what was recorded"
        return refusal("STORE-BROKEN", message, "record a correction, with its reason")
    if "not a database" in said or "malformed" in said:
        message = f"{shown} is not a store, or is damaged"
        return refusal("STORE-BROKEN", message, "put back a copy of it; `yoc store check` looks at one")
    kind = type(error.orig if isinstance(error, DBAPIError) else error).__name__
    message = f"the store {shown} cannot be used ({kind})"
    mend = "check that it is there, that the server runs, and who may use it; then run the command again"
    return refusal("STORE-UNREACHABLE", message, mend)
