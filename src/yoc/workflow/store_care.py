"""Looking after a store: checking that it is what was recorded, and bringing it to another version."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import col, func, select

from yoc.core.findings import Finding, refusal
from yoc.store.database import Store
from yoc.store.journal import broken
from yoc.store.migrate import Migrated, migrate, version_of, versions
from yoc.store.tables import NO_HASH, Entry, Posting


@dataclass(frozen=True)
class Checked:
    """What a check found, and how much it looked at. ``last_hash`` vouches for every entry of the journal."""

    findings: Sequence[Finding]
    version: str
    postings: int
    entries: int
    last_hash: str


def check_store(store: Store) -> Checked:
    """Check the chain of the journal, the sums of its postings, and that no number is missing."""
    with store.session(alone=False) as session:
        last = session.exec(select(Entry).order_by(col(Entry.sequence).desc()).limit(1)).first()
        return Checked(
            broken(session),
            version_of(session.connection()),
            session.exec(select(func.count()).select_from(Posting)).one(),
            session.exec(select(func.count()).select_from(Entry)).one(),
            last.hash if last else NO_HASH,
        )


def migrate_store(store: Store, target: str | None, *, backed_up: bool, copies: Path) -> Migrated:
    """Bring a store to a version, the newest unless said. Raises ``FindingsError`` as `migrate`, or where none is."""
    if store.is_file and not Path(store.engine.url.database or "").is_file():
        raise refusal("STORE-UNKNOWN", "nothing has been recorded here yet", "settle a plan with `yoc reconcile`")
    return migrate(store, target or versions()[-1], backed_up=backed_up, copies=copies)
