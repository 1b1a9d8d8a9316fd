"""The tables of a year's life: its states and sign-offs, adjustments, statements, payments and disputes."""

import datetime as dt

from sqlalchemy import BigInteger
from sqlmodel import Field

from yoc.store.tables import LARGEST_PENCE, Checked


class YearStateRow(Checked):
    """From this posting on the contract's year is in this state."""

    posting: int = Field(primary_key=True, foreign_key="postings.posting", sa_type=BigInteger)
    contract: str
    year: str
    state: str
    reason: str


class SignOffRow(Checked):
    """Somebody put their name to a year: to which run, and to the journal up to the entry of this hash."""

    posting: int = Field(primary_key=True, foreign_key="postings.posting", sa_type=BigInteger)
    contract: str
    year: str
    state: str
    run_id: str
    settlement_sha256: str
    journal_hash: str
    signed_by: str


class AdjustmentRow(Checked):
    """What two parties agreed beside the runs: ``payer`` owes ``payee`` so much more, or less.

    ``reference`` is its own name, used once in a contract's year; what was recorded by an older version has none.
    """

    posting: int = Field(primary_key=True, foreign_key="postings.posting", sa_type=BigInteger)
    contract: str
    year: str
    payer: str
    payee: str
    pence: int = Field(sa_type=BigInteger, ge=-LARGEST_PENCE, le=LARGEST_PENCE)
    reason: str
    evidence: str
    effective: dt.date
    dispute: int | None = Field(default=None, sa_type=BigInteger)
    reference: str = Field(default="", sa_column_kwargs={"server_default": ""})


class StatementRow(Checked):
    """A line of a statement that was issued: ``owing`` is asked by ``owed`` for so much.

    ``journal_hash`` is that of the last entry of the journal before it, which vouches for all that it rests on.
    """

    posting: int = Field(primary_key=True, foreign_key="postings.posting", sa_type=BigInteger)
    place: int = Field(primary_key=True, sa_type=BigInteger, ge=1)
    contract: str
    year: str
    number: str
    owing: str
    owed: str
    pence: int = Field(sa_type=BigInteger, ge=1, le=LARGEST_PENCE)
    issued_on: dt.date
    journal_hash: str = Field(default="", sa_column_kwargs={"server_default": ""})


class PaymentRow(Checked):
    """Money that was paid. Its reference is used once in a contract's year."""

    posting: int = Field(primary_key=True, foreign_key="postings.posting", sa_type=BigInteger)
    contract: str
    year: str
    kind: str
    reference: str
    payer: str
    payee: str
    pence: int = Field(sa_type=BigInteger, ge=1, le=LARGEST_PENCE)
    paid_on: dt.date


class DisputeRow(Checked):
    """A line, or a part of its amount, that a party does not accept; or, where ``direction`` is `more`, a sum by which
    it holds that the line should be larger.
    """

    dispute: int = Field(primary_key=True, sa_type=BigInteger, ge=1)
    posting: int = Field(foreign_key="postings.posting", sa_type=BigInteger)
    contract: str
    year: str
    host: str
    term: str
    name: str
    payer: str
    payee: str
    pence: int = Field(sa_type=BigInteger, ge=1, le=LARGEST_PENCE)
    raised_by: str
    direction: str = Field(default="", sa_column_kwargs={"server_default": ""})


class DisputeEventRow(Checked):
    """A step of a dispute: what was said, on what evidence, when, and by when the next step is due, by which clause."""

    dispute: int = Field(primary_key=True, foreign_key="disputes.dispute", sa_type=BigInteger)
    place: int = Field(primary_key=True, sa_type=BigInteger, ge=1)
    posting: int = Field(foreign_key="postings.posting", sa_type=BigInteger)
    step: str
    outcome: str
    pence: int = Field(sa_type=BigInteger, ge=0, le=LARGEST_PENCE)
    evidence: str
    happened_on: dt.date
    was_due_on: dt.date | None = None
    next_due_on: dt.date | None = None
    clause: str = Field(default="", sa_column_kwargs={"server_default": ""})


class YearState(YearStateRow, table=True):
    """A year's state as the store keeps it."""

    __tablename__ = "year_states"


class SignOff(SignOffRow, table=True):
    """A sign-off as the store keeps it."""

    __tablename__ = "signoffs"


class Adjustment(AdjustmentRow, table=True):
    """An adjustment as the store keeps it."""

    __tablename__ = "adjustments"


class Statement(StatementRow, table=True):
    """A statement's line as the store keeps it."""

    __tablename__ = "statements"


class Payment(PaymentRow, table=True):
    """A payment as the store keeps it."""

    __tablename__ = "payments"


class Dispute(DisputeRow, table=True):
    """A dispute as the store keeps it."""

    __tablename__ = "disputes"


class DisputeEvent(DisputeEventRow, table=True):
    """A step of a dispute as the store keeps it."""

    __tablename__ = "dispute_events"
