"""Brings a database to the newest schema."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection

from .base import StoreCorruptError

VERSION_TABLE = "wuts_schema"

_FOLDER = Path(__file__).parent / "migrations"


def upgrade(connection: Connection) -> None:
    """Run the migrations that the database has not seen, in the connection's transaction.

    Raises:
        StoreCorruptError: The database was written by a newer version, or is not ours.
    """
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError:
        raise StoreCorruptError(
            "The supervisor's store was written by another version of WUTS. It was left as it is: "
            "use the newer version, or move the store away to begin with an empty one."
        ) from None
