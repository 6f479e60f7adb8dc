"""``wuts watch --share`` as several processes over one PostgreSQL and one gateway."""

import asyncio
import signal
from asyncio.subprocess import Process
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from itertools import pairwise
from pathlib import Path
from random import Random

import asyncpg
import pytest

from tests.core.wuts.supervisor.store.postgresql_server import PostgresqlServer
from tests.wuts_cli.command import Ended, Wuts
from wuts.clock import steady_time
from wuts.supervisor.store.keys import SHARDS, shard_key, shard_of, unsigned
from wuts_simulator import Settings, Simulator
from wuts_simulator.answers import Answer
from wuts_simulator.api import gate
from wuts_simulator.api.call import Call
from wuts_simulator.contract import EndpointName
from wuts_simulator.errors import ConflictError
from wuts_simulator.pytest_plugin import StartGateway

LEASE = 6.0
INTERVAL = 5.0
QUICK = ("--interval", str(INTERVAL), "--base", "0.1", "--cap", "0.5", "--debounce", "60")
PATIENCE = 100
"""Seconds: on a busy machine a process takes long to start."""
DEVICES = 4
"""Of each account; if half of them dropped at once, they would be expected to return alone."""

pytestmark = pytest.mark.timeout(600)


def one_account_a_shard() -> list[str]:
    found: dict[int, str] = {}
    number = 0
    while len(found) < SHARDS:
        number += 1
        found.setdefault(shard_of(f"account-{number}"), f"account-{number}")
    return list(found.values())


ACCOUNTS = one_account_a_shard()


class Looks:
    """When the gateway was asked for the devices of each account."""

    def __init__(self) -> None:
        self.times: dict[str, list[float]] = {name: [] for name in ACCOUNTS}

    async def list_devices(self, call: Call) -> Answer:
        self.times[call.user().tenant.name].append(steady_time())
        return await ORIGINAL(call)

    def since(self, when: float) -> set[str]:
        return {name for name, times in self.times.items() if times and times[-1] > when}

    def longest_gap(self, begin: float, end: float) -> float:
        """Return how long an account was not asked about, at most."""
        gaps = [0.0]
        for times in self.times.values():
            seen = [begin, *(at for at in times if begin < at < end), end]
            gaps += [after - before for before, after in pairwise(seen)]
        return max(gaps)


ORIGINAL = gate._HANDLERS[EndpointName.LIST_DEVICES]


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Looks:
    looks = Looks()
    monkeypatch.setitem(gate._HANDLERS, EndpointName.LIST_DEVICES, looks.list_devices)
    return looks


@pytest.fixture
def sim(
    looks: Looks,  # noqa: ARG001 - it has to be there before the gateway starts
    start_wuts_gateway: StartGateway,
) -> Simulator:
    """A gateway with a token for each account, where a reconnect takes a moment."""
    tokens = tuple((name, f"token-of-{name}") for name in ACCOUNTS)
    sim = start_wuts_gateway(Settings(tokens=tokens, qr_image=False, connect_latency=0.3))
    for name in ACCOUNTS:
        sim.world.add_devices(name, DEVICES, state="connected")
    return sim


class Group:
    """Processes with one configuration.

    Args:
        sim: The gateway.
        address: The store's.
        folder: Where the configuration is put.
    """

    def __init__(self, sim: Simulator, address: str, folder: Path) -> None:
        self._file = folder / "wuts.toml"
        accounts = (
            f"[accounts.{name}]\ntoken = 'token-of-{name}'\nurl = '{sim.url}'\n"
            for name in ACCOUNTS
        )
        self._file.write_text(f"store = '{address}'\nlease = {LEASE}\n" + "".join(accounts))
        self._wuts = Wuts(sim.url)
        self._address = address

    @asynccontextmanager
    async def process(self) -> AsyncIterator[Process]:
        arguments = ("watch", "--json", "--share", "--config", str(self._file), *QUICK)
        async with self._wuts.started(*arguments) as process:
            yield process

    async def shares(self) -> list[int]:
        """Return how many shards each process holds."""
        connection = await asyncpg.connect(self._address)
        try:
            rows = await connection.fetch(
                "SELECT pid, classid::bigint AS one, objid::bigint AS two FROM pg_locks"
                " WHERE locktype = 'advisory' AND granted AND mode = 'ExclusiveLock'"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
        finally:
            await connection.close()
        keys = {unsigned(shard_key("public", shard)) for shard in range(SHARDS)}
        return [*Counter(row["pid"] for row in rows if (row["one"], row["two"]) in keys).values()]

    async def pause(self, sim: Simulator, account: str, device_id: str) -> Ended:
        """Order a pause of whichever process looks after the account."""
        wuts = Wuts(sim.url, token=f"token-of-{account}")
        return await wuts("pause", device_id, "--store", self._address, "--account", account)

    async def until_even(self, members: int) -> None:
        """Wait until so many processes hold all shards, each about as many."""
        async with asyncio.timeout(PATIENCE):
            while True:
                shares = await self.shares()
                is_even = max(shares, default=0) - min(shares, default=0) <= 1
                if len(shares) == members and sum(shares) == SHARDS and is_even:
                    return
                await asyncio.sleep(0.1)


@pytest.fixture
async def group(sim: Simulator, postgresql: PostgresqlServer, tmp_path: Path) -> Group:
    return Group(sim, await postgresql.new_database(), tmp_path)


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - what is waited for tells nobody
            await asyncio.sleep(0.02)


async def ended(process: Process) -> str:
    """Wait until a process that was told to end has ended; return what it complained of."""
    async with asyncio.timeout(PATIENCE):
        _, err = await process.communicate()
    assert process.returncode == 143
    return err.decode()


async def test_those_that_begin_together_share_evenly_and_a_third_gets_its_share(
    group: Group, looks: Looks, sim: Simulator
) -> None:
    async with AsyncExitStack() as stack:
        # Together, on a database without tables.
        one = await stack.enter_async_context(group.process())
        two = await stack.enter_async_context(group.process())
        await group.until_even(2)
        await until(lambda: looks.since(0) == set(ACCOUNTS))
        three = await stack.enter_async_context(group.process())
        await group.until_even(3)
        settled_at = steady_time()
        await until(lambda: looks.since(settled_at) == set(ACCOUNTS))
        for name in ACCOUNTS[:3]:
            device_id = next(iter(sim.world.registry.user(name).tenant.devices))
            paused = await group.pause(sim, name, device_id)
            assert (paused.code, paused.err) == (0, "")
            assert "wuts watch leaves" in paused.out, "its process has carried it out"
        for process in (one, two, three):
            process.send_signal(signal.SIGTERM)
            assert await ended(process) == ""


async def test_a_killed_process_leaves_nothing_unseen_for_longer_than_the_lease(
    group: Group, looks: Looks
) -> None:
    async with group.process() as one:
        await group.until_even(1)
        async with group.process() as two:
            await group.until_even(2)
            settled_at = steady_time()
            await until(lambda: looks.since(settled_at) == set(ACCOUNTS))
            one.kill()
            await one.wait()
            killed_at = steady_time()
            await group.until_even(1)
            assert steady_time() - killed_at < LEASE
            await until(lambda: looks.since(killed_at) == set(ACCOUNTS))
            assert looks.longest_gap(killed_at, steady_time()) < LEASE + INTERVAL
            two.send_signal(signal.SIGTERM)
            assert await ended(two) == ""


async def test_a_rolling_restart_in_a_storm_of_drops(
    group: Group, looks: Looks, sim: Simulator
) -> None:
    rng = Random(1)
    users = [sim.world.registry.user(name) for name in ACCOUNTS]
    devices = [next(iter(user.tenant.devices)) for user in users]

    async def drop() -> None:
        while True:
            with suppress(ConflictError):  # it has dropped already
                sim.world.drop(rng.choice(devices))
            await asyncio.sleep(0.05)

    async with AsyncExitStack() as stack:
        running = [await stack.enter_async_context(group.process()) for _ in range(3)]
        await group.until_even(3)
        await until(lambda: looks.since(0) == set(ACCOUNTS))
        begin = steady_time()
        storm = asyncio.create_task(drop())
        try:
            for old in running:
                old.send_signal(signal.SIGTERM)
                assert await ended(old) == ""
                await stack.enter_async_context(group.process())
                await group.until_even(3)
        finally:
            is_raging = storm.cancel()
        end = steady_time()
        await until(lambda: looks.since(end) == set(ACCOUNTS))
    assert is_raging
    assert looks.longest_gap(begin, end) < 2 * INTERVAL
    assert max(sim.world.requests.max_in_flight.values()) == 1
    assert sim.world.requests.connects.total() > 50
