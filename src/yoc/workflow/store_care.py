"""Looking after a store: checking that it is what was recorded, and bringing it to another version."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import inspect
from sqlmodel import Session, col, select

from yoc.core.findings import Finding, Level, refusal
from yoc.core.identifiers import sha256_bytes
from yoc.core.periods import FinancialYear
from yoc.store.database import Store
from yoc.store.journal import broken, reading
from yoc.store.migrate import VERSION_TABLE, Migrated, migrate, protected_tables, version_of, versions
from yoc.store.seal import unsealed
from yoc.store.tables import NO_HASH, Entry, Posting, Run
from yoc.store.year_tables import SignOff, Statement
from yoc.workflow.year import YearOf

_SHORTEST_HASH = 8


@dataclass(frozen=True)
class Noted:
    """The entry whose hash somebody noted: all before it, and it, are as they were. And how much was recorded since."""

    entry: int
    posting: int
    recorded_at: str
    recorded_by: str
    postings_since: int
    entries_since: int


@dataclass(frozen=True)
class Checked:
    """What a check found, and how much it looked at. ``last_hash`` vouches for every entry of the journal."""

    findings: Sequence[Finding]
    version: str
    postings: int
    entries: int
    runs: int
    runs_with_folder: int
    last_hash: str
    noted: Noted | None = None


def check_store(store: Store, root: Path, noted_hash: str = "", as_of: dt.datetime | None = None) -> Checked:
    """Check the journal, that the database refuses changes, and that each run's folder is the one that was recorded.

    ``noted_hash`` is a hash that somebody noted before, or its first eight signs or more: where the journal does not
    have it, entries were taken off its end. ``as_of`` counts what was recorded by a past moment, and says the last hash
    of then; the whole is checked all the same. A run whose folder is not in this workspace is counted and no fault:
    several workspaces may share a store.
    """
    with reading(store, as_of) as reader:
        session = reader.session
        entries, runs = reader.rows(Entry), reader.rows(Run)
        postings = len(reader.rows(Posting))
        there, changed = _folders(store, root, session.exec(select(Run).order_by(col(Run.run_id))).all())
        noted, missing = _find_noted(entries, postings, noted_hash)
        return Checked(
            [
                *broken(session),
                *unsealed(session),
                *_marks_missing(session),
                *_unprotected(session),
                *changed,
                *missing,
            ],
            version_of(session.connection()),
            postings,
            len(entries),
            len(runs),
            there,
            entries[-1].hash if entries else NO_HASH,
            noted,
        )


def _find_noted(entries: Sequence[Entry], postings: int, noted_hash: str) -> tuple[Noted | None, list[Finding]]:
    if not noted_hash:
        return None, []
    text = noted_hash.strip().lower()
    if len(text) < _SHORTEST_HASH:
        message = f"{len(text)} signs of a hash could be those of several"
        raise refusal("FIELD-VALUE", message, f"give at least its first {_SHORTEST_HASH}")
    for entry in entries:
        if entry.hash.startswith(text):
            at = f"{entry.recorded_at.isoformat(timespec='seconds')}Z"
            since = (postings - entry.posting, len(entries) - entry.sequence)
            return Noted(entry.sequence, entry.posting, at, entry.recorded_by, *since), []
    message = f"no entry of the journal has the hash {text[:12]} that was noted"
    mend = "entries were taken off or changed since it was noted, or it is of another store; keep this one as evidence"
    return None, [Finding("STORE-BROKEN", Level.SUBMISSION, message, mend)]


def _marks_missing(session: Session) -> list[Finding]:
    """Sign-offs and statements that rest on an entry which the journal no longer has."""
    known = {NO_HASH, "", *session.exec(select(Entry.hash)).all()}
    marks = [
        (f"the sign-off of posting {row.posting}", row.journal_hash) for row in session.exec(select(SignOff)).all()
    ]
    marks += [(f"the statement {row.number}", row.journal_hash) for row in session.exec(select(Statement)).all()]
    mend = "entries were taken off the end of the journal; put back a copy, and keep this one as evidence"
    return [
        Finding("STORE-BROKEN", Level.SUBMISSION, f"{what} rests on an entry that the journal does not have", mend)
        for what in dict.fromkeys(what for what, mark in marks if mark not in known)
    ]


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
        if sha256_bytes(file.read_bytes()) != run.settlement_sha256:
            message = f"settlement.json of the run {run.run_id} is not the one that was recorded"
            mend = "put back the run's folder from a copy; evidence is not edited"
            findings.append(Finding("FILE-CHANGED", Level.SUBMISSION, message, mend))
    return there, findings


def migrate_store(store: Store, target: str | None, *, backed_up: bool, copies: Path) -> Migrated:
    """Bring a store to a version, the newest unless said. Raises ``FindingsError`` as `migrate`, or where none is."""
    if store.is_file and not Path(store.engine.url.database or "").is_file():
        raise refusal("STORE-UNKNOWN", "nothing has been recorded here yet", "settle a plan with `yoc reconcile`")
    return migrate(store, target or versions()[-1], backed_up=backed_up, copies=copies)
