"""``account`` in place of ``tenant``: one word for one thing."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TABLES = ("wuts_devices", "wuts_alerts")


def upgrade() -> None:
    """Rename the column."""
    _rename("tenant", "account")


def downgrade() -> None:
    """Give it its old name."""
    _rename("account", "tenant")


def _rename(old: str, new: str) -> None:
    for table in _TABLES:
        op.execute(f"ALTER TABLE {table} RENAME COLUMN {old} TO {new}")
