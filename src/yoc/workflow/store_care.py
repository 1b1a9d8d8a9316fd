"""Looking after a store: checking that it is what was recorded, and bringing it to another version."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import inspect
from sqlmodel import Session, col, func, select

from yoc.core.findings import Finding, Level, refusal
from yoc.core.identifiers import sha256_text
from yoc.core.periods import FinancialYear
from yoc.store.database import Store
from yoc.store.journal import broken
from yoc.store.migrate import VERSION_TABLE, Migrated, migrate, protected_tables, version_of, versions
from yoc.store.tables import NO_HASH, Entry, Posting, Run
from yoc.workflow.store_place import runs_in
from yoc.workflow.year import YearOf


@dataclass(frozen=True)
class Checked:
    """What a check found, and how much it looked at. ``last_hash`` vouches for every entry of the journal.

    ``runs_unrecorded`` are those in folders that the store does not know; ``after_noted`` how many entries came after
    the hash that somebody had noted.
    """

    findings: Sequence[Finding]
    version: str
    postings: int
    entries: int
    runs: int
    runs_with_folder: int
    runs_unrecorded: Sequence[str]
    last_hash: str
    after_noted: int | None


def check_store(store: Store, root: Path, noted: str = "") -> Checked:
    """Check the journal, that the database refuses changes, and that each run's folder is the one that was recorded.

    A run whose folder is not in this workspace is counted and no fault: several workspaces may share a store. ``noted``
    is the last hash of an earlier check, or its beginning: a store that does not hold it is an older copy, or another.
    """
    with store.session(alone=False) as session:
        last = session.exec(select(Entry).order_by(col(Entry.sequence).desc()).limit(1)).first()
        runs = session.exec(select(Run).order_by(col(Run.run_id))).all()
        there, changed = _folders(store, root, runs)
        known = {run.run_id for run in runs}
        after, older = _since(session, last, noted)
        return Checked(
            [*broken(session), *_unprotected(session), *changed, *older],
            version_of(session.connection()),
            session.exec(select(func.count()).select_from(Posting)).one(),
            session.exec(select(func.count()).select_from(Entry)).one(),
            len(runs),
            there,
            [run.name for run in runs_in(root) if run.name not in known],
            last.hash if last else NO_HASH,
            after,
        )


def _since(session: Session, last: Entry | None, noted: str) -> tuple[int | None, list[Finding]]:
    """How many entries came after the one of a noted hash, or that there is none of it."""
    if not noted:
        return None, []
    found = session.exec(select(Entry).where(col(Entry.hash).startswith(noted.lower(), autoescape=True))).first()
    if last is not None and found is not None:
        return last.sequence - found.sequence, []
    message = f"no entry of the journal has the hash {noted}: this is an older copy of the store, or another store"
    mend = "put back the newest copy; what was recorded after an older one is not in it"
    return None, [Finding("STORE-BROKEN", Level.SUBMISSION, message, mend)]


def _unprotected(session: Session) -> list[Finding]:
    connection = session.connection()
    tables = {name for name in inspect(connection).get_table_names() if name != VERSION_TABLE}
    mend = "somebody took its triggers away; put back a copy, and keep this one as evidence"
    return [
        Finding("STORE-BROKEN", Level.SUBMISSION, f"the database no longer refuses to change the table {table}", mend)
        for table in sorted(tables - protected_tables(connection))
    ]


def _folders(store: Store, root: Path, runs: Sequence[Run]) -> tuple[int, list[Finding]]:
    """How many runs have their folder here, and those whose settlement is not the one that was recorded."""
    there, findings = 0, []
    for run in runs:
        year = YearOf(root, store, run.contract, FinancialYear.parse(run.year))
        file = year.runs_folder / run.run_id / "settlement.json"
        if not file.is_file():
            continue
        there += 1
        if sha256_text(file.read_text(encoding="utf-8")) != run.settlement_sha256:
            message = f"settlement.json of the run {run.run_id} is not the one that was recorded"
            mend = "put back the run's folder from a copy; evidence is not edited"
            findings.append(Finding("FILE-CHANGED", Level.SUBMISSION, message, mend))
    return there, findings


def migrate_store(store: Store, target: str | None, *, backed_up: bool, copies: Path) -> Migrated:
    """Bring a store to a version, the newest unless said. Raises ``FindingsError`` as `migrate`, or where none is."""
    if store.is_file and not Path(store.engine.url.database or "").is_file():
        raise refusal("STORE-UNKNOWN", "nothing has been recorded here yet", "settle a plan with `yoc reconcile`")
    return migrate(store, target or versions()[-1], backed_up=backed_up, copies=copies)
