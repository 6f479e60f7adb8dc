"""Kill a process that sends alerts again and again, and judge what it sent."""

import secrets
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.core.wuts.supervisor.store.kill_course import Outcome, live_through
from tests.core.wuts.supervisor.store.postgresql_server import PostgresqlServer, find_programs
from tests.core.wuts.values import TOKEN
from wuts_simulator import Settings, Simulator


async def kill(times: int, seed: int | None, *, postgresql: bool) -> None:
    """Kill it so often over one store, and report the result.

    Args:
        times: How often.
        seed: Where all chance comes from but the moments that the machine chooses; None for any.
        postgresql: Whether the store is a database of a server of our own, or a SQLite file.

    Raises:
        AssertionError: Something was lost, or told as another.
        SystemExit: There is no PostgreSQL server on this machine.
    """
    seed = secrets.randbelow(2**31) if seed is None else seed
    again = "--postgresql " if postgresql else ""
    print(f"The seed is {seed}. To repeat it: scripts/soak {again}--kills {times} --seed {seed}")
    print(await (_on_postgresql if postgresql else _on_sqlite)(times, seed), flush=True)


async def _on_sqlite(times: int, seed: int) -> Outcome:
    with TemporaryDirectory() as folder:
        return await _live_through(f"sqlite:///{Path(folder) / 'store.db'}", times, seed)


async def _on_postgresql(times: int, seed: int) -> Outcome:
    programs = find_programs()
    if programs is None:
        raise SystemExit("This needs the programs of a PostgreSQL server: initdb, pg_ctl, postgres")
    with PostgresqlServer(programs) as server:
        return await _live_through(await server.new_database(), times, seed)


async def _live_through(address: str, times: int, seed: int) -> Outcome:
    settings = Settings(tokens=(("home", TOKEN),), qr_image=False, connecting_for=0)
    with Simulator(settings) as sim:
        return await live_through(address, sim, seed, times)
