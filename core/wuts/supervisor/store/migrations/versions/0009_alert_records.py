"""Acknowledgements, causes, mutes, notifications and the history of alerts and devices."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables, and let alerts say who has them and why they are open."""
    for column in (
        sa.Column("cause", sa.String(40)),
        sa.Column("cause_until", _MOMENT),
        sa.Column("acknowledged_by", sa.Text),
        sa.Column("acknowledged_at", _MOMENT),
        sa.Column("note", sa.Text, nullable=False, server_default=""),
    ):
        op.add_column("wuts_alerts", column)
    op.create_table(
        "wuts_mutes",
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("device_id", sa.Text, primary_key=True),
        sa.Column("kind", sa.String(40), primary_key=True),
        sa.Column("until", _MOMENT),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("ended", _MOMENT),
    )
    op.create_table(
        "wuts_notifications",
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("told", sa.Integer, nullable=False, server_default="0"),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "wuts_history",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("device_id", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("until", sa.BigInteger),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("detail", sa.String(40), nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_index("wuts_history_of_devices", "wuts_history", ["account", "device_id", "at"])
    op.create_table(
        "wuts_watched",
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("since", sa.BigInteger, primary_key=True),
        sa.Column("until", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("wuts_watched", "wuts_history", "wuts_notifications", "wuts_mutes"):
        op.drop_table(table)
    with op.batch_alter_table("wuts_alerts") as alerts:
        for name in ("cause", "cause_until", "acknowledged_by", "acknowledged_at", "note"):
            alerts.drop_column(name)
