"""The tables of the SQL store, as the newest migration leaves them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    false,
)

REVISION = "0009"
"""The newest migration's."""

VERSION_TABLE = "wuts_schema"

VERSION = Table(
    VERSION_TABLE,
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name=f"{VERSION_TABLE}_pkc"),
)
"""As Alembic makes it."""

METADATA = MetaData()

DEVICES = Table(
    "wuts_devices",
    METADATA,
    Column("account", Text, primary_key=True),
    Column("device_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("was_paired", Boolean, nullable=False),
    Column("paused", Boolean, nullable=False),
    Column("needs_pairing", Boolean, nullable=False),
    Column("stale_link", Boolean, nullable=False),
    Column("expected_number", Text),
    Column("linked_number", Text),
    Column("phone_question", String(20)),
    Column("question_id", String(8), nullable=False, server_default=""),
    Column("gone", Boolean, nullable=False, server_default=false()),
)

ALERTS = Table(
    "wuts_alerts",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("status", String(20), nullable=False),
    Column("delivered_status", String(20)),
    Column("account", Text, nullable=False),
    Column("device_id", Text),
    Column("device_name", Text),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("cause", String(40)),
    Column("cause_until", DateTime(timezone=True)),
    Column("acknowledged_by", Text),
    Column("acknowledged_at", DateTime(timezone=True)),
    Column("note", Text, nullable=False, server_default=""),
)

MUTES = Table(
    "wuts_mutes",
    METADATA,
    Column("account", Text, primary_key=True),
    Column("device_id", Text, primary_key=True),
    Column("kind", String(40), primary_key=True),
    Column("until", DateTime(timezone=True)),
    Column("who", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("ended", DateTime(timezone=True)),
)
"""An empty device or kind stands for all."""

NOTIFICATIONS = Table(
    "wuts_notifications",
    METADATA,
    Column("account", Text, primary_key=True),
    Column("id", String(32), primary_key=True),
    Column("sequence", Integer, nullable=False),
    Column("told", Integer, nullable=False, server_default="0"),
    Column("body", Text, nullable=False),
)

HISTORY = Table(
    "wuts_history",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("account", Text, nullable=False),
    Column("device_id", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("until", BigInteger),
    Column("kind", String(20), nullable=False),
    Column("detail", String(40), nullable=False),
    Column("who", Text, nullable=False),
    Column("text", Text, nullable=False),
    Index("wuts_history_of_devices", "account", "device_id", "at"),
)
"""Times are milliseconds since 1970, as there are many lines. No device stands for the account."""

WATCHED = Table(
    "wuts_watched",
    METADATA,
    Column("account", Text, primary_key=True),
    Column("since", BigInteger, primary_key=True),
    Column("until", BigInteger, nullable=False),
)
"""When accounts were watched, in milliseconds since 1970."""

ACCOUNTS = Table(
    "wuts_accounts",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("user_id", Text),
    Column("owner", String(32)),
)

NOTES = Table(
    "wuts_notes",
    METADATA,
    Column("account", Text, primary_key=True),
    Column("topic", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("text", Text, nullable=False),
)

ORDERS = Table(
    "wuts_orders",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("account", Text, nullable=False),
    Column("device_id", Text, nullable=False),
    Column("verb", String(20), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("argument", Text),
    Column("taken_by", String(32)),
    Column("refusal", Text),
    sqlite_autoincrement=True,
)
