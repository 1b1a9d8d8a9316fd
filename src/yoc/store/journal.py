"""The journal: movements become entries, each chained to the one before it; nothing is changed, all sums to nothing."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, SQLModel, col, func, select

from yoc.core.findings import Finding, Level, refusal
from yoc.core.identifiers import canonical_json, masked, sha256_text
from yoc.core.money import format_pounds
from yoc.store.database import Store, as_utc
from yoc.store.seal import SEAL, seal_of
from yoc.store.tables import NO_HASH, Entry, Made, Posting, checked

Key = tuple[str, str, str, str, str]
"""What a movement is of: host, term, amount's name, payer, payee."""


DAY_OF = {
    "entries": "effective",
    "adjustments": "effective",
    "statements": "issued_on",
    "payments": "paid_on",
    "dispute_events": "happened_on",
}
"""By table, the column of the day on which a row is true in the contract; the others hold for the whole year."""


@dataclass(frozen=True)
class Movement:
    """``payer`` owes ``payee`` so many pence; below nothing, what it owed is less by so much.

    ``kind`` says what it is: `settlement`, `on_account`, `adjustment`, `payment`, `taken_off`, `state` or `seal`.
    """

    kind: str
    host: str
    term: str
    name: str
    clause: str
    payer: str
    payee: str
    pence: int
    supersedes: int | None = None

    @property
    def key(self) -> Key:
        """What it is of, by which a later amount takes the place of an earlier one."""
        return (self.host, self.term, self.name, self.payer, self.payee)


@dataclass(frozen=True)
class Act:
    """What somebody does to a contract's year: kind, who, why, on what evidence, and from which day it holds."""

    kind: str
    contract: str
    year: str
    by: str
    effective: dt.date
    reason: str = ""
    evidence: str = ""


class Writer:
    """One posting under way. Whatever is added becomes visible with it, or not at all."""

    def __init__(self, session: Session, act: Act, now: dt.datetime):
        self.session, self.act, self.now = session, act, now
        if any(masked(text) != text for text in (act.by, act.reason, act.evidence)):
            message = "the name, the reason or the evidence holds what can be read as an NHS number"
            mend = "nothing about a person is recorded: name the letter, not the patient; letters before a number help"
            raise refusal("PERSON-NAMED", message, mend)
        last = session.exec(select(Posting).order_by(col(Posting.posting).desc()).limit(1)).first()
        if last is not None and now < last.recorded_at:
            message = "the clock of this machine stands before the moment of what was recorded last"
            raise refusal("STORE-CLOCK", message, "set the clock; what was known when is evidence")
        self.number = last.posting + 1 if last else 1
        self._posting = checked(
            Posting, posting=self.number, kind=act.kind, contract=act.contract, year=act.year, recorded_at=now,
            recorded_by=act.by,
        )  # fmt: skip
        self._rows: list[SQLModel] = [self._posting]
        session.add(self._posting)
        session.flush()

    @property
    def reader(self) -> "Reader":
        """What the store holds, this posting included."""
        return Reader(self.session, self.number)

    def add(self, table: type[Made], **fields: Any) -> Made:
        """Add a row of a table to the posting."""
        row = checked(table, posting=self.number, **fields)
        self._rows.append(row)
        self.session.add(row)
        return row

    def move(self, movements: Iterable[Movement]) -> int:
        """Write movements into the journal, two entries each; how many were written."""
        written = 0
        for movement in movements:
            for party, pence in ((movement.payer, -movement.pence), (movement.payee, movement.pence)):
                self.enter(movement, party, pence)
            written += 1
        return written

    def enter(self, movement: Movement, party: str, pence: int) -> Entry:
        """Write one side of a movement as the next entry of the chain."""
        last = self.session.exec(select(Entry).order_by(col(Entry.sequence).desc()).limit(1)).first()
        act = self.act
        content: dict[str, Any] = {
            "sequence": last.sequence + 1 if last else 1,
            "posting": self.number,
            "contract": act.contract,
            "year": act.year,
            "kind": movement.kind,
            "host": movement.host,
            "term": movement.term,
            "name": movement.name,
            "clause": movement.clause,
            "payer": movement.payer,
            "payee": movement.payee,
            "party": party,
            "pence": pence,
            "reason": act.reason,
            "evidence": act.evidence,
            "supersedes": movement.supersedes,
            "effective": act.effective,
            "recorded_at": self.now,
            "recorded_by": act.by,
            "previous_hash": last.hash if last else NO_HASH,
        }
        entry = checked(Entry, **content, hash=NO_HASH)
        entry.hash = hash_of(content)
        self.session.add(entry)
        self.session.flush()
        return entry

    def last_hash(self) -> str:
        """The hash of the journal's last entry, which vouches for every one before it."""
        return last_hash(self.session)

    def seal(self) -> None:
        """Close the posting with an entry that holds the hash of every row that it recorded."""
        self.enter(Movement(SEAL, "", "", seal_of(self._rows), "", "", "", 0), "", 0)

    def refuse_unbalanced(self) -> None:
        """Raise ``FindingsError`` where the entries of the posting do not sum to nothing."""
        self.session.flush()
        held = self.session.exec(select(func.sum(Entry.pence)).where(col(Entry.posting) == self.number)).one()
        if held:
            message = f"the entries of a posting come to {format_pounds(int(held))}, and must come to nothing"
            mend = "nothing was recorded; report this with the plan's name"
            raise refusal("ENTRY-UNBALANCED", message, mend)


@contextmanager
def writing(store: Store, act: Act) -> Iterator[Writer]:
    """One posting: it is kept whole where the block ends well and its entries sum to nothing, and not at all else."""
    with writing_several(store) as postings:
        yield postings.begin(act)


class Postings:
    """Several postings of one transaction, each sealed and summing to nothing."""

    def __init__(self, session: Session, now: dt.datetime):
        self.session, self.now = session, now
        self._under_way: Writer | None = None

    @property
    def reader(self) -> "Reader":
        """What the store holds, postings of this transaction included."""
        return Reader(self.session, self.session.exec(select(func.max(Posting.posting))).one() or 0)

    def begin(self, act: Act) -> Writer:
        """End the posting under way and begin the next one."""
        self.end()
        self._under_way = Writer(self.session, act, self.now)
        return self._under_way

    def end(self) -> None:
        """Seal the posting under way, and refuse it where its entries do not sum to nothing."""
        if self._under_way is not None:
            self._under_way.seal()
            self._under_way.refuse_unbalanced()
        self._under_way = None


@contextmanager
def writing_several(store: Store) -> Iterator[Postings]:
    """Several postings, of which all are kept where the block ends well, and none else."""
    with store.session() as session:
        postings = Postings(session, store.now())
        yield postings
        postings.end()


def last_hash(session: Session) -> str:
    """The hash of the journal's last entry, or what stands before the first."""
    last = session.exec(select(Entry).order_by(col(Entry.sequence).desc()).limit(1)).first()
    return last.hash if last else NO_HASH


class Reader:
    """What the store held at a moment: the postings up to one; of those, what had happened by a day where one is said.

    ``effective_on`` asks what was true in the contract on a day, whenever it became known.
    """

    def __init__(self, session: Session, until: int, effective_on: dt.date | None = None):
        self.session, self.until, self.effective_on = session, until, effective_on

    def rows(self, table: type[Made], *where: Any) -> Sequence[Made]:
        """The rows of a table that were known, in the order in which they were recorded."""
        posting: Any = table.posting  # type: ignore[attr-defined]
        keys = table.__table__.primary_key.columns  # type: ignore[attr-defined]
        day = DAY_OF.get(str(table.__tablename__))
        if self.effective_on is not None and day is not None:
            where = (*where, getattr(table, day) <= self.effective_on)
        return self.session.exec(select(table).where(posting <= self.until, *where).order_by(posting, *keys)).all()

    def before(self, posting: int) -> "Reader":
        """What was known before a posting."""
        return Reader(self.session, min(self.until, posting - 1), self.effective_on)

    def of_year(self, table: type[Made], contract: str, year: str) -> Sequence[Made]:
        """The rows of a table that are about one year of one contract."""
        columns: Any = table
        return self.rows(table, columns.contract == contract, columns.year == year)


@contextmanager
def reading(store: Store, as_of: dt.datetime | None = None, effective_on: dt.date | None = None) -> Iterator[Reader]:
    """What the store holds, or held at a past moment (with its time zone). Raises where the moment is not yet past.

    What it held at a moment never changes: nothing is recorded with an earlier time than what was recorded last, and
    a reader waits for a writer that has begun.
    """
    with store.session(alone=False) as session:
        newest = select(func.max(Posting.posting))
        if as_of is not None:
            moment = as_utc(as_of)
            if moment >= store.now():
                message = f"{as_of:%Y-%m-%d %H:%M} is not yet past, so what is known then can still change"
                raise refusal("STORE-CLOCK", message, "name a day before today, or leave --as-of out")
            newest = newest.where(col(Posting.recorded_at) <= moment)
        yield Reader(session, session.exec(newest).one() or 0, effective_on)


def hash_of(content: dict[str, Any]) -> str:
    """The SHA-256 of an entry without its own hash, in canonical text.

    >>> entry = {"sequence": 1, "effective": dt.date(2027, 3, 31)}
    >>> hash_of(entry) == sha256_text('{"effective":"2027-03-31","sequence":1}')
    True
    """
    plain = {
        name: value.isoformat() if isinstance(value, dt.date | dt.datetime) else value
        for name, value in content.items()
        if name != "hash"
    }
    return sha256_text(canonical_json(plain))


def broken(session: Session) -> list[Finding]:
    """What does not hold in the journal: a missing number, a hash that is not its content's, a sum that is not 0.

    An entry that was changed, taken out or put in breaks the chain from there on; the first break is told.
    """
    findings: list[Finding] = []
    sums: dict[int, int] = {}
    before, expected = NO_HASH, 1
    for entry in session.exec(select(Entry).order_by(col(Entry.sequence))).all():
        sums[entry.posting] = sums.get(entry.posting, 0) + entry.pence
        content = entry.model_dump()
        if not findings and (
            entry.sequence != expected or entry.previous_hash != before or entry.hash != hash_of(content)
        ):
            findings.append(_broken(f"the chain of the journal breaks at entry {expected}"))
        before, expected = entry.hash, expected + 1
    for posting, pence in sums.items():
        if pence:
            findings.append(_broken(f"the entries of posting {posting} come to {format_pounds(pence)}, not to nothing"))
    numbers = session.exec(select(Posting.posting).order_by(col(Posting.posting))).all()
    if list(numbers) != list(range(1, len(numbers) + 1)):
        findings.append(_broken("postings are missing"))
    return findings


def _broken(message: str) -> Finding:
    mend = "somebody changed the database behind the program; put back a copy, and keep this one as evidence"
    return Finding("STORE-BROKEN", Level.SUBMISSION, message, mend)
