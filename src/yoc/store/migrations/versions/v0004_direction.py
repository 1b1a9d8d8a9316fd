"""Which way a dispute goes: that its line is too large, as before, or that it should be larger."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; what was recorded before has nothing in it, and asks for less."""
    op.add_column("disputes", sa.Column("direction", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    """Take it away, where it is empty: an older program would take off a line what is claimed on top of it."""
    op.drop_column("disputes", "direction")
