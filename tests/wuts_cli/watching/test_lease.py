"""How long PostgreSQL keeps an account for a ``wuts watch`` that it does not hear."""

import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.core.wuts.supervisor.store.postgresql_server import PostgresqlServer
from tests.core.wuts.supervisor.store.sessions import seconds_until_over, the_owners_pid
from tests.wuts_cli.command import TOKEN, Wuts, next_event
from wuts.supervisor.store.ownership import DEFAULT_LEASE
from wuts_simulator import Simulator

SHORTEST_DEFAULT = DEFAULT_LEASE * 2 / 3
"""Seconds that a frozen watch keeps its session with the default lease, at least."""


type Lost = Callable[..., Awaitable[float]]


@pytest.fixture
def lost(sim: Simulator, postgresql: PostgresqlServer) -> Lost:
    """Runs a watch, freezes it, and returns how long it keeps its account."""

    async def run(*flags: str, **variables: Any) -> float:  # noqa: ANN401 - texts
        address = await postgresql.new_database()
        administrator = await asyncpg.connect(address)
        arguments = ("watch", "--json", "--interval", "0.5", "--store", address, *flags)
        try:
            async with Wuts(sim.url).started(*arguments, **variables) as process:
                await next_event(process)
                pid = await the_owners_pid(administrator)
                process.send_signal(signal.SIGSTOP)
                seconds = await seconds_until_over(administrator, pid)
                process.kill()
                return seconds
        finally:
            await administrator.close()

    return run


@pytest.fixture(autouse=True)
def desk(sim: Simulator) -> None:
    sim.world.add_device("home", "Front desk", state="connected")


@pytest.fixture
def configured(sim: Simulator, tmp_path: Path) -> Callable[[str], str]:
    """Writes a configuration with a lease; returns its file's name."""

    def run(lease: str) -> str:
        file, home = tmp_path / "wuts.toml", f"token = '{TOKEN}'\nurl = '{sim.url}'\n"
        file.write_text(f"lease = {lease}\n[accounts.home]\n{home}")
        return str(file)

    return run


async def test_a_frozen_watch_loses_its_account_after_the_lease(lost: Lost) -> None:
    assert await lost("--lease", "1") < SHORTEST_DEFAULT
    assert await lost(WUTS_LEASE="1") < SHORTEST_DEFAULT


@pytest.mark.parametrize(("lease", "flags"), [("1", ()), ("3600", ("--lease", "1"))])
async def test_the_command_line_goes_before_the_configuration(
    configured: Callable[[str], str], lost: Lost, lease: str, flags: tuple[str, ...]
) -> None:
    assert await lost("--config", configured(lease), *flags) < SHORTEST_DEFAULT


@pytest.mark.parametrize("lease", ["0", "-1", "nan", "3000000", "soon"])
async def test_a_lease_that_makes_no_sense_is_one_line(
    wuts: Wuts, sim: Simulator, tmp_path: Path, lease: str
) -> None:
    refused = await wuts("watch", "--store", f"sqlite:///{tmp_path}/store.db", "--lease", lease)
    assert (refused.code, refused.out) == (2, "")
    assert "lease" in refused.error
    assert sim.world.requests.total() == 0
