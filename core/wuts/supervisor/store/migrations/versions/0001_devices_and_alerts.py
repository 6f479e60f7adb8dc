"""The first tables: devices and alerts."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create both tables."""
    op.create_table(
        "wuts_devices",
        sa.Column("tenant", sa.String(200), primary_key=True),
        sa.Column("device_id", sa.String(200), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("was_paired", sa.Boolean, nullable=False),
        sa.Column("paused", sa.Boolean, nullable=False),
        sa.Column("needs_pairing", sa.Boolean, nullable=False),
        sa.Column("stale_link", sa.Boolean, nullable=False),
    )
    op.create_table(
        "wuts_alerts",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("delivered_status", sa.String(20)),
        sa.Column("tenant", sa.String(200), nullable=False),
        sa.Column("device_id", sa.String(200)),
        sa.Column("device_name", sa.String(200)),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    """Drop both tables."""
    op.drop_table("wuts_alerts")
    op.drop_table("wuts_devices")
