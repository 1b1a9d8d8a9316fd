"""Where the journal stood when a statement was issued, an adjustment's own reference, the clause that sets a date.

From this version on each posting is sealed. Where there are postings already, which have no seal, the table `unsealed`
says up to which; a store without that table has none such.
"""

import sqlalchemy as sa
from alembic import op

from yoc.core.findings import refusal
from yoc.store.migrations.append_only import protect
from yoc.store.seal import UNSEALED

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

COLUMNS = (("statements", "journal_hash"), ("adjustments", "reference"), ("dispute_events", "clause"))


def upgrade() -> None:
    """Add the columns, in which what was recorded before has nothing, and mark where the postings without seal end."""
    for table, column in COLUMNS:
        op.add_column(table, sa.Column(column, sa.String(), nullable=False, server_default=""))
    newest = op.get_bind().execute(sa.text("SELECT max(posting) FROM postings")).scalar()
    if newest:
        mark = sa.Column("posting", sa.BigInteger(), primary_key=True, autoincrement=False)
        op.bulk_insert(op.create_table(UNSEALED, mark), [{"posting": newest}])
        protect([UNSEALED])


def downgrade() -> None:
    """Take them away, where they are empty and no posting is sealed: an older program would go on without seals."""
    sealed = op.get_bind().execute(sa.text("SELECT count(*) FROM entries WHERE kind = 'seal'")).scalar()
    if sealed:
        message = f"version 0002 seals no posting, and {sealed} are sealed; those after them would look tampered with"
        raise refusal("STORE-VERSION", message, "stay with this version; nothing was changed")
    if UNSEALED in sa.inspect(op.get_bind()).get_table_names():
        op.drop_table(UNSEALED)
    for table, column in reversed(COLUMNS):
        op.drop_column(table, column)
