"""What changes the tables of a database: its server writes it down."""

import asyncpg

from .databases import executing, in_database

_NOTE = (
    "CREATE SCHEMA watcher",
    "CREATE TABLE watcher.changes (process int, command text, name text)",
    """CREATE FUNCTION watcher.note() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO watcher.changes SELECT pg_backend_pid(), command_tag, object_identity
    FROM pg_event_trigger_ddl_commands() WHERE object_type = 'table'; END $$""",
    "CREATE EVENT TRIGGER note ON ddl_command_end EXECUTE FUNCTION watcher.note()",
)


async def note_changes_of_tables(address: str) -> None:
    """Let the server write down from now on which session changes which table."""
    await in_database(address, executing(*_NOTE))


async def changes_of_tables(address: str) -> list[tuple[int, str, str]]:
    """Return the session, the command and the table of each change."""
    connection = await asyncpg.connect(address)
    try:
        return [tuple(row) for row in await connection.fetch("TABLE watcher.changes")]
    finally:
        await connection.close()
