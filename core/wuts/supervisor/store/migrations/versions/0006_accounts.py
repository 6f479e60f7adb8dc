"""Accounts: whom each belongs to, who saves it, and which notes are its own."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_KEPT = "wuts_notes_kept"


def upgrade() -> None:
    """Create the table, and let a note say its account; those there are say none."""
    op.create_table(
        "wuts_accounts",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("user_id", sa.Text),
        sa.Column("owner", sa.String(32)),
    )
    _copy_notes(
        "INSERT INTO wuts_notes (account, topic, name, text) SELECT '', topic, name, text FROM {}",
        sa.Column("account", sa.Text, primary_key=True),
    )


def downgrade() -> None:
    """Drop it; of notes of several accounts with one name, one is kept."""
    op.drop_table("wuts_accounts")
    _copy_notes(
        "INSERT INTO wuts_notes (topic, name, text) "
        "SELECT topic, name, max(text) FROM {} GROUP BY topic, name"
    )


def _copy_notes(statement: str, *more: sa.Column[str]) -> None:
    """Make the table again: SQLite cannot alter a primary key."""
    op.rename_table("wuts_notes", _KEPT)
    op.create_table(
        "wuts_notes",
        *more,
        sa.Column("topic", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.execute(statement.format(_KEPT))
    op.drop_table(_KEPT)
