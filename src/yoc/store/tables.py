"""The tables of the store: what was recorded, never changed. Every row belongs to a posting, which says who and when.

A row is validated as a plain model before it becomes a row of a table, since a table's model does not validate. Money
is whole pence in a BIGINT: SQLite would keep a decimal as a floating-point number without a word.
"""

import datetime as dt
from typing import TypeVar

from sqlalchemy import BigInteger, DateTime
from sqlmodel import Field, SQLModel
from sqlmodel.main import SQLModelConfig

LARGEST_PENCE = 2**62
"""The largest sum that is taken: two of them still add up within a BIGINT."""
NO_HASH = "0" * 64
"""What stands before the first entry of the journal."""


class Checked(SQLModel):
    """A row that was checked: no unknown field, no number in the place of another kind, no input echoed in an error."""

    model_config = SQLModelConfig(extra="forbid", strict=True, hide_input_in_errors=True)


class PostingRow(Checked):
    """One act of writing, which is seen whole or not at all. ``recorded_at`` is UTC, when it became known."""

    posting: int = Field(primary_key=True, sa_type=BigInteger, ge=1)
    kind: str
    contract: str
    year: str
    recorded_at: dt.datetime = Field(sa_type=DateTime)
    recorded_by: str = Field(min_length=1)


class ContractRow(Checked):
    """A contract that the store knows."""

    contract: str = Field(primary_key=True)
    posting: int = Field(foreign_key="postings.posting", sa_type=BigInteger)


class ContractVersionRow(Checked):
    """A contract as it was worded when a run was made, by the hash of its file."""

    contract: str = Field(primary_key=True, foreign_key="contracts.contract")
    sha256: str = Field(primary_key=True)
    version: str
    title: str
    commissioner: str
    posting: int = Field(foreign_key="postings.posting", sa_type=BigInteger)


class TariffVersionRow(Checked):
    """A version of a price book with which a run worked, by the hash of its header, which holds those of its tables."""

    book: str = Field(primary_key=True)
    sha256: str = Field(primary_key=True)
    version: str
    published_on: dt.date
    posting: int = Field(foreign_key="postings.posting", sa_type=BigInteger)


class RunRow(Checked):
    """A run that was recorded. Its folder in the workspace is its evidence; ``settlement_sha256`` names it."""

    run_id: str = Field(primary_key=True)
    contract: str
    year: str
    contract_sha256: str
    book: str
    book_sha256: str
    as_of: dt.date
    status: str
    synthetic: bool
    software: str
    prepared_by: str
    settlement_sha256: str
    posting: int = Field(foreign_key="postings.posting", sa_type=BigInteger)


class PartyRow(Checked):
    """A party of the contract, as the run knew it."""

    run_id: str = Field(primary_key=True, foreign_key="runs.run_id")
    party: str = Field(primary_key=True)
    name: str
    role: str
    nhs_body: bool
    posting: int = Field(foreign_key="postings.posting", sa_type=BigInteger)


class LineRow(Checked):
    """A line of a host's statement in a run: the term and clause that made it, and its amount."""

    run_id: str = Field(primary_key=True, foreign_key="runs.run_id")
    place: int = Field(primary_key=True, sa_type=BigInteger, ge=1)
    host: str
    term: str
    kind: str
    name: str
    clause: str
    label: str
    payer: str
    payee: str
    pence: int = Field(sa_type=BigInteger, ge=-LARGEST_PENCE, le=LARGEST_PENCE)
    effect_pence: int = Field(sa_type=BigInteger, ge=-LARGEST_PENCE, le=LARGEST_PENCE)
    running_pence: int = Field(sa_type=BigInteger, ge=-LARGEST_PENCE, le=LARGEST_PENCE)
    posting: int = Field(foreign_key="postings.posting", sa_type=BigInteger)


class FindingRow(Checked):
    """A finding of a run."""

    run_id: str = Field(primary_key=True, foreign_key="runs.run_id")
    place: int = Field(primary_key=True, sa_type=BigInteger, ge=1)
    code: str
    level: str
    message: str
    mend: str
    file: str
    line: int | None = Field(default=None, sa_type=BigInteger)
    count: int | None = Field(default=None, sa_type=BigInteger)
    posting: int = Field(foreign_key="postings.posting", sa_type=BigInteger)


class TakenOffRow(Checked):
    """A payment on account that a run took off: its reference, to whom, and when it was paid."""

    run_id: str = Field(primary_key=True, foreign_key="runs.run_id")
    place: int = Field(primary_key=True, sa_type=BigInteger, ge=1)
    host: str
    reference: str
    paid_on: dt.date
    pence: int = Field(sa_type=BigInteger, ge=-LARGEST_PENCE, le=LARGEST_PENCE)
    posting: int = Field(foreign_key="postings.posting", sa_type=BigInteger)


class StandingRow(Checked):
    """From this posting on, this run stands for the contract's year, in the place of ``replaces``."""

    posting: int = Field(primary_key=True, foreign_key="postings.posting", sa_type=BigInteger)
    contract: str
    year: str
    run_id: str = Field(foreign_key="runs.run_id")
    replaces: str
    reason: str
    evidence: str


class EntryRow(Checked):
    """One side of one movement in the journal: what ``party`` gains (or, below nothing, loses) by it.

    Each movement has two sides, that of the payer and that of the payee, so that the entries of a posting sum to
    nothing. ``effective`` is the day on which it is true in the contract, ``recorded_at`` when it became known (UTC).
    ``supersedes`` is the sequence of the entry that it corrects. ``hash`` is the SHA-256 of all the rest, the hash of
    the entry before it included.
    """

    sequence: int = Field(primary_key=True, sa_type=BigInteger, ge=1)
    posting: int = Field(foreign_key="postings.posting", sa_type=BigInteger)
    contract: str
    year: str
    kind: str
    host: str
    term: str
    name: str
    clause: str
    payer: str
    payee: str
    party: str
    pence: int = Field(sa_type=BigInteger, ge=-LARGEST_PENCE, le=LARGEST_PENCE)
    reason: str
    evidence: str
    supersedes: int | None = Field(default=None, sa_type=BigInteger)
    effective: dt.date
    recorded_at: dt.datetime = Field(sa_type=DateTime)
    recorded_by: str
    previous_hash: str
    hash: str


class Posting(PostingRow, table=True):
    """A posting as the store keeps it."""

    __tablename__ = "postings"


class Contract(ContractRow, table=True):
    """A contract as the store keeps it."""

    __tablename__ = "contracts"


class ContractVersion(ContractVersionRow, table=True):
    """A version of a contract as the store keeps it."""

    __tablename__ = "contract_versions"


class TariffVersion(TariffVersionRow, table=True):
    """A version of a price book as the store keeps it."""

    __tablename__ = "tariff_versions"


class Run(RunRow, table=True):
    """A run as the store keeps it."""

    __tablename__ = "runs"


class Party(PartyRow, table=True):
    """A party of a run as the store keeps it."""

    __tablename__ = "parties"


class Line(LineRow, table=True):
    """A statement's line as the store keeps it."""

    __tablename__ = "lines"


class FoundIn(FindingRow, table=True):
    """A run's finding as the store keeps it."""

    __tablename__ = "findings"


class TakenOff(TakenOffRow, table=True):
    """A payment that a run took off, as the store keeps it."""

    __tablename__ = "payments_taken_off"


class Standing(StandingRow, table=True):
    """Which run stands, as the store keeps it."""

    __tablename__ = "standings"


class Entry(EntryRow, table=True):
    """An entry of the journal as the store keeps it."""

    __tablename__ = "entries"


Made = TypeVar("Made", bound=SQLModel)


def checked(table: type[Made], **fields: object) -> Made:
    """A row of a table from fields that were validated first by the plain model on which the table is built.

    >>> checked(Contract, contract="world", posting=1).contract
    'world'
    """
    plain: type[SQLModel] = table.__mro__[1]
    return table(**plain.model_validate(fields).model_dump())
