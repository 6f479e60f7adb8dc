"""Orders: what a verb needs to know, who has one in hand, and why one was not carried out."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; orders that are there have none of it."""
    op.add_column("wuts_orders", sa.Column("argument", sa.Text))
    op.add_column("wuts_orders", sa.Column("taken_by", sa.String(32)))
    op.add_column("wuts_orders", sa.Column("refusal", sa.Text))


def downgrade() -> None:
    """Drop them."""
    for name in ("argument", "taken_by", "refusal"):
        op.drop_column("wuts_orders", name)
