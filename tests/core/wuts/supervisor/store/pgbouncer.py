"""A real PgBouncer in front of a PostgreSQL server."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

from scripts.lib.parts import free_port, listens

from .postgresql_server import PostgresqlServer

_DEBIAN = Path("/usr/sbin/pgbouncer")


def find_pgbouncer() -> Path | None:
    """Return the program: Debian puts it where only root looks."""
    found = shutil.which("pgbouncer")
    if found:
        return Path(found)
    return _DEBIAN if _DEBIAN.exists() else None


@asynccontextmanager
async def pooling(
    program: Path,
    server: PostgresqlServer,
    database: str,
    mode: str,
    *,
    reset: str = "DISCARD ALL",
) -> AsyncIterator[str]:
    """Run a pooler in front of a database; yields the address to use in its place.

    Args:
        reset: What it sends to the server when a client has left, before another one may come.
    """
    address, port = urlsplit(database), free_port()
    name = address.path.removeprefix("/")
    settings = server.socket.with_name(f"pgbouncer-{port}.ini")
    settings.write_text(
        "[databases]\n"
        f"{name} = host={settings.parent} user={address.username} password={address.password}\n"
        "[pgbouncer]\n"
        f"listen_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
        f"auth_type = any\npool_mode = {mode}\nserver_reset_query = {reset}\n"
    )
    process = await asyncio.create_subprocess_exec(
        program,
        settings,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        **server.identity,
    )
    try:
        async with asyncio.timeout(200):
            while not await listens(port):  # noqa: ASYNC110 - a port is no event
                await asyncio.sleep(0.05)
        yield f"postgresql://{address.username}:any@127.0.0.1:{port}/{name}"
    finally:
        process.terminate()
        await process.wait()
