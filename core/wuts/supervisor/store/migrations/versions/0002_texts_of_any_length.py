"""Texts of any length: a gateway may name a device as it likes, and PostgreSQL counts."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TEXTS = {
    "wuts_devices": {"tenant": False, "device_id": False, "name": False},
    "wuts_alerts": {"tenant": False, "device_id": True, "device_name": True},
}
"""Columns of each table, and whether they may be null."""


def upgrade() -> None:
    """Lift the limit of 200 characters."""
    _alter(sa.String(200), sa.Text())


def downgrade() -> None:
    """Set it again."""
    _alter(sa.Text(), sa.String(200))


def _alter(old: sa.types.TypeEngine[str], new: sa.types.TypeEngine[str]) -> None:
    for table, columns in _TEXTS.items():
        # SQLite cannot alter a column: there the table is copied.
        with op.batch_alter_table(table) as batch:
            for name, nullable in columns.items():
                batch.alter_column(name, existing_type=old, type_=new, existing_nullable=nullable)
