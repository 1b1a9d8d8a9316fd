"""Where the journal stood when a statement was issued, an adjustment's own reference, the clause that sets a date."""

import sqlalchemy as sa
from alembic import op

from yoc.core.findings import refusal

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

COLUMNS = (("statements", "journal_hash"), ("adjustments", "reference"), ("dispute_events", "clause"))


def upgrade() -> None:
    """Add the columns; what was recorded before has nothing in them."""
    for table, column in COLUMNS:
        op.add_column(table, sa.Column(column, sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    """Take them away, where they are empty and no posting is sealed: an older program would go on without seals."""
    sealed = op.get_bind().execute(sa.text("SELECT count(*) FROM entries WHERE kind = 'seal'")).scalar()
    if sealed:
        message = f"version 0002 seals no posting, and {sealed} are sealed; those after them would look tampered with"
        raise refusal("STORE-VERSION", message, "stay with this version; nothing was changed")
    for table, column in reversed(COLUMNS):
        op.drop_column(table, column)
