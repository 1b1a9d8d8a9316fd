"""A year's states and sign-offs, adjustments, statements issued, payments and disputes."""

import sqlalchemy as sa
from alembic import op

from yoc.store.migrations.append_only import protect

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = ("year_states", "signoffs", "adjustments", "statements", "payments", "disputes", "dispute_events")


def upgrade() -> None:
    """Lay the tables of a year's life."""
    _states()
    _money()
    _disputes()
    protect(TABLES)


def downgrade() -> None:
    """Take them away; `yoc store downgrade` refuses it where one of them holds a row."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _whole(name: str, *, nullable: bool = False, primary_key: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable, primary_key=primary_key, autoincrement=False)


def _posting(*, primary_key: bool = False) -> sa.Column[int]:
    key = sa.ForeignKey("postings.posting")
    return sa.Column("posting", sa.BigInteger(), key, nullable=False, primary_key=primary_key, autoincrement=False)


def _day(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Date(), nullable=nullable)


def _states() -> None:
    op.create_table(
        "year_states",
        _posting(primary_key=True),
        *map(_text, ("contract", "year", "state", "reason")),
    )
    op.create_table(
        "signoffs",
        _posting(primary_key=True),
        *map(_text, ("contract", "year", "state", "run_id", "settlement_sha256", "journal_hash", "signed_by")),
    )


def _money() -> None:
    op.create_table(
        "adjustments",
        _posting(primary_key=True),
        *map(_text, ("contract", "year", "payer", "payee")),
        _whole("pence"),
        *map(_text, ("reason", "evidence")),
        _day("effective"),
        _whole("dispute", nullable=True),
    )
    op.create_table(
        "statements",
        _posting(primary_key=True),
        _whole("place", primary_key=True),
        *map(_text, ("contract", "year", "number", "owing", "owed")),
        _whole("pence"),
        _day("issued_on"),
    )
    op.create_table(
        "payments",
        _posting(primary_key=True),
        *map(_text, ("contract", "year", "kind", "reference", "payer", "payee")),
        _whole("pence"),
        _day("paid_on"),
    )


def _disputes() -> None:
    op.create_table(
        "disputes",
        _whole("dispute", primary_key=True),
        _posting(),
        *map(_text, ("contract", "year", "host", "term", "name", "payer", "payee")),
        _whole("pence"),
        _text("raised_by"),
    )
    op.create_table(
        "dispute_events",
        sa.Column(
            "dispute",
            sa.BigInteger(),
            sa.ForeignKey("disputes.dispute"),
            nullable=False,
            primary_key=True,
            autoincrement=False,
        ),
        _whole("place", primary_key=True),
        _posting(),
        *map(_text, ("step", "outcome")),
        _whole("pence"),
        _text("evidence"),
        _day("happened_on"),
        _day("was_due_on", nullable=True),
        _day("next_due_on", nullable=True),
    )
