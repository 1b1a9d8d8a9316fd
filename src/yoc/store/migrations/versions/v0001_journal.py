"""Runs, their lines and findings, which of them stands, and the journal."""

import sqlalchemy as sa
from alembic import op

from yoc.store.migrations.append_only import protect

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "postings",
    "contracts",
    "contract_versions",
    "tariff_versions",
    "runs",
    "parties",
    "lines",
    "findings",
    "payments_taken_off",
    "standings",
    "entries",
)


def upgrade() -> None:
    """Lay the first tables."""
    _postings_and_what_is_known()
    _runs()
    _journal()
    protect(TABLES, first=True)


def downgrade() -> None:
    """Refuse: there is nothing before the first version."""
    raise NotImplementedError


def _text(name: str, *, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False, primary_key=primary_key)


def _whole(name: str, *, nullable: bool = False, primary_key: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable, primary_key=primary_key, autoincrement=False)


def _posting() -> sa.Column[int]:
    return sa.Column("posting", sa.BigInteger(), sa.ForeignKey("postings.posting"), nullable=False)


def _run() -> sa.Column[str]:
    return sa.Column("run_id", sa.String(), sa.ForeignKey("runs.run_id"), nullable=False, primary_key=True)


def _postings_and_what_is_known() -> None:
    op.create_table(
        "postings",
        _whole("posting", primary_key=True),
        *map(_text, ("kind", "contract", "year")),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        _text("recorded_by"),
    )
    op.create_table("contracts", _text("contract", primary_key=True), _posting())
    op.create_table(
        "contract_versions",
        sa.Column("contract", sa.String(), sa.ForeignKey("contracts.contract"), nullable=False, primary_key=True),
        _text("sha256", primary_key=True),
        *map(_text, ("version", "title", "commissioner")),
        _posting(),
    )
    op.create_table(
        "tariff_versions",
        _text("book", primary_key=True),
        _text("sha256", primary_key=True),
        _text("version"),
        sa.Column("published_on", sa.Date(), nullable=False),
        _posting(),
    )


def _runs() -> None:
    op.create_table(
        "runs",
        _text("run_id", primary_key=True),
        *map(_text, ("contract", "year", "contract_sha256", "book", "book_sha256")),
        sa.Column("as_of", sa.Date(), nullable=False),
        _text("status"),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        *map(_text, ("software", "prepared_by", "settlement_sha256")),
        _posting(),
    )
    op.create_table(
        "parties",
        _run(),
        _text("party", primary_key=True),
        *map(_text, ("name", "role")),
        sa.Column("nhs_body", sa.Boolean(), nullable=False),
        _posting(),
    )
    op.create_table(
        "lines",
        _run(),
        _whole("place", primary_key=True),
        *map(_text, ("host", "term", "kind", "name", "clause", "label", "payer", "payee")),
        *map(_whole, ("pence", "effect_pence", "running_pence")),
        _posting(),
    )
    op.create_table(
        "findings",
        _run(),
        _whole("place", primary_key=True),
        *map(_text, ("code", "level", "message", "mend", "file")),
        _whole("line", nullable=True),
        _whole("count", nullable=True),
        _posting(),
    )
    op.create_table(
        "payments_taken_off",
        _run(),
        _whole("place", primary_key=True),
        *map(_text, ("host", "reference")),
        sa.Column("paid_on", sa.Date(), nullable=False),
        _whole("pence"),
        _posting(),
    )


def _journal() -> None:
    op.create_table(
        "standings",
        sa.Column("posting", sa.BigInteger(), sa.ForeignKey("postings.posting"), nullable=False, primary_key=True),
        *map(_text, ("contract", "year")),
        sa.Column("run_id", sa.String(), sa.ForeignKey("runs.run_id"), nullable=False),
        *map(_text, ("replaces", "reason", "evidence")),
    )
    op.create_table(
        "entries",
        _whole("sequence", primary_key=True),
        _posting(),
        *map(_text, ("contract", "year", "kind", "host", "term", "name", "clause", "payer", "payee", "party")),
        _whole("pence"),
        *map(_text, ("reason", "evidence")),
        _whole("supersedes", nullable=True),
        sa.Column("effective", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        *map(_text, ("recorded_by", "previous_hash", "hash")),
    )
