"""The tables of the SQL store, as the newest migration leaves them."""

from sqlalchemy import Boolean, Column, DateTime, MetaData, String, Table

METADATA = MetaData()

DEVICES = Table(
    "wuts_devices",
    METADATA,
    Column("tenant", String(200), primary_key=True),
    Column("device_id", String(200), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("was_paired", Boolean, nullable=False),
    Column("paused", Boolean, nullable=False),
    Column("needs_pairing", Boolean, nullable=False),
    Column("stale_link", Boolean, nullable=False),
)

ALERTS = Table(
    "wuts_alerts",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("status", String(20), nullable=False),
    Column("delivered_status", String(20)),
    Column("tenant", String(200), nullable=False),
    Column("device_id", String(200)),
    Column("device_name", String(200)),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)
