"""Brings a database to the newest schema, or refuses one that is not ours to change."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, insert, inspect, text

from .errors import StoreCorruptError, StoreNotOursError, StoreTooNewError
from .schema import METADATA, REVISION, VERSION, VERSION_TABLE

if TYPE_CHECKING:
    from alembic.config import Config

# Alembic takes a third of a second, and few starts find an old schema: it is imported when needed.
_FOLDER = Path(__file__).parent / "migrations"


def load() -> None:
    """Load Alembic: it takes long, and others wait for the lock on a database meanwhile."""
    from alembic import command, script  # noqa: F401, PLC0415


def is_current(connection: Connection, *, alone: bool) -> bool:
    """Return whether the database has the newest schema; nothing is written.

    Args:
        connection: To the database.
        alone: Whether there may be no tables but ours.

    Raises:
        StoreNotOursError: Another program's tables are where ours should be.
        StoreTooNewError: A newer version wrote it.
        StoreCorruptError: It does not say which version wrote it.
    """
    tables = set(inspect(connection).get_table_names())
    if VERSION_TABLE not in tables:
        if tables if alone else tables & METADATA.tables.keys():
            raise StoreNotOursError
        return False
    revisions = connection.scalars(text(f"SELECT version_num FROM {VERSION_TABLE}")).all()  # noqa: S608 - a name of ours
    if len(revisions) != 1:
        raise StoreCorruptError
    if revisions[0] == REVISION:
        return True
    if revisions[0] not in _known_revisions():
        raise StoreTooNewError
    return False


def _known_revisions() -> set[str]:
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    return {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def has_schema(connection: Connection) -> bool:
    """Return whether there are tables of ours, of whatever version."""
    return inspect(connection).has_table(VERSION_TABLE)


def create(connection: Connection) -> None:
    """Make the tables of the newest schema, as all migrations would: a test compares them."""
    METADATA.create_all(connection, checkfirst=False)
    VERSION.create(connection)
    connection.execute(insert(VERSION).values(version_num=REVISION))


def upgrade(connection: Connection) -> None:
    """Run the migrations that the database has not seen, in the connection's transaction."""
    from alembic import command  # noqa: PLC0415

    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, REVISION)


def _config() -> "Config":
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    return config
