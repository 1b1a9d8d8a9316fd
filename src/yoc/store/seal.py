"""The seal of a posting: the last entry that it writes into the journal holds the hash of every row that it recorded.

So the chain of the journal vouches for all tables, not for movements alone, and no posting is without an entry: a hash
that somebody noted vouches for everything that was recorded before it.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import inspect, text
from sqlmodel import Session, SQLModel, col, select

from yoc.core.findings import Finding, Level
from yoc.core.identifiers import canonical_json, sha256_text
from yoc.store import tables, year_tables

SEAL = "seal"
"""The kind of the entry that closes a posting. It moves nothing."""
UNSEALED = "unsealed"
"""The table, in stores that were there before postings were sealed, of the last posting of that time."""
SEALED: tuple[type[SQLModel], ...] = (
    tables.Posting,
    tables.Contract,
    tables.ContractVersion,
    tables.TariffVersion,
    tables.Run,
    tables.Party,
    tables.Line,
    tables.FoundIn,
    tables.TakenOff,
    tables.Standing,
    year_tables.YearState,
    year_tables.SignOff,
    year_tables.Adjustment,
    year_tables.Statement,
    year_tables.Payment,
    year_tables.Dispute,
    year_tables.DisputeEvent,
)
"""Every table but that of the entries, which are chained one by one."""


def seal_of(rows: Iterable[SQLModel]) -> str:
    """The SHA-256 of rows, whatever their order.

    Cells that hold nothing are left out, so that a column which a later version adds changes no seal.

    >>> one, two = (tables.Contract(contract=name, posting=1) for name in ("a", "b"))
    >>> seal_of([one, two]) == seal_of([two, one]) != seal_of([one])
    True
    """
    return sha256_text("\n".join(sorted(_text(row) for row in rows)))


def _text(row: SQLModel) -> str:
    cells = {name: _plain(value) for name, value in row.model_dump().items() if value not in (None, "")}
    return canonical_json({"table": str(row.__tablename__), **cells})


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date | dt.datetime) else value


def unsealed(session: Session) -> list[Finding]:
    """Each posting whose rows are not those that its seal names, or that has none though it was made with one.

    A posting was made with a seal unless the store's version says that it is older than seals are.
    """
    there = set(inspect(session.connection()).get_table_names())
    rows: dict[int, list[SQLModel]] = defaultdict(list)
    for table in SEALED:
        if table.__tablename__ in there:
            for row in session.exec(select(table)).all():
                rows[row.posting].append(row)  # type: ignore[attr-defined]
    entries = session.exec(select(tables.Entry).where(col(tables.Entry.kind) == SEAL)).all()
    named = {entry.posting: entry.name for entry in entries}
    first = min(named, default=_last_without(session, there) + 1)
    return [
        _broken(posting, posting in named)
        for posting in sorted(rows)
        if posting >= first and named.get(posting) != seal_of(rows[posting])
    ]


def _last_without(session: Session, there: set[str]) -> int:
    """The last posting that was made before postings were sealed; 0 where there is none."""
    if UNSEALED not in there:
        return 0
    return session.connection().execute(text("SELECT max(posting) FROM unsealed")).scalar() or 0


def _broken(posting: int, has_seal: bool) -> Finding:
    message = (
        f"what posting {posting} recorded is not what its seal in the journal names"
        if has_seal
        else f"posting {posting} has no seal: the entry that closes it was taken out of the journal"
    )
    mend = "somebody changed the database behind the program; put back a copy, and keep this one as evidence"
    return Finding("STORE-BROKEN", Level.SUBMISSION, message, mend)
