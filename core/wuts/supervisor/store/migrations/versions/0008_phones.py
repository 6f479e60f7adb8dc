"""Phones: which one should be linked to a device, which one is, and what a person must answer."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_TABLE = "wuts_devices"
_COLUMNS = ("expected_number", "linked_number", "phone_question", "question_id", "gone")


def upgrade() -> None:
    """Add the columns; of no device there is, a phone is known before the next look."""
    op.add_column(_TABLE, sa.Column("expected_number", sa.Text))
    op.add_column(_TABLE, sa.Column("linked_number", sa.Text))
    op.add_column(_TABLE, sa.Column("phone_question", sa.String(20)))
    op.add_column(_TABLE, sa.Column("question_id", sa.String(8), nullable=False, server_default=""))
    op.add_column(_TABLE, sa.Column("gone", sa.Boolean, nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Drop them; also devices that are gone, unless a person paused them: nobody needs those."""
    op.execute(sa.text("DELETE FROM wuts_devices WHERE gone AND NOT paused"))
    for column in _COLUMNS:
        op.drop_column(_TABLE, column)
