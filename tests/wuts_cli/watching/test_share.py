"""``wuts watch --share`` as several processes over one PostgreSQL and one gateway."""

import asyncio
import signal
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from itertools import pairwise
from pathlib import Path
from random import Random

import asyncpg
import pytest

from tests.core.wuts.supervisor.store.databases import executing, in_database
from tests.core.wuts.supervisor.store.postgresql_server import PostgresqlServer, find_programs
from tests.core.wuts.supervisor.store.shards_held import until_even
from tests.wuts_cli.command import Ended, Wuts
from wuts.clock import steady_time
from wuts.supervisor.store.keys import SHARDS, shard_of
from wuts.supervisor.store.migrate import upgrade
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

DROPS = 1_000

NOTE_CHANGES = (
    "CREATE SCHEMA watcher",
    "CREATE TABLE watcher.changes (process int, command text, name text)",
    """CREATE FUNCTION watcher.note() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO watcher.changes SELECT pg_backend_pid(), command_tag, object_identity
    FROM pg_event_trigger_ddl_commands() WHERE object_type = 'table'; END $$""",
    "CREATE EVENT TRIGGER note ON ddl_command_end EXECUTE FUNCTION watcher.note()",
)

pytestmark = pytest.mark.timeout(600)


def one_account_a_shard() -> list[str]:
    found: dict[int, str] = {}
    number = 0
    while len(found) < SHARDS:
        number += 1
        found.setdefault(shard_of(f"account-{number}"), f"account-{number}")
    return list(found.values())


ACCOUNTS = one_account_a_shard()


@pytest.fixture(scope="module")
def postgresql() -> Iterator[PostgresqlServer]:
    programs = find_programs()
    if programs is None:
        pytest.skip("there is no PostgreSQL server on this machine (initdb, pg_ctl, postgres)")
    with PostgresqlServer(programs) as server:
        yield server


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
        self.address = address

    @asynccontextmanager
    async def process(self) -> AsyncIterator[Process]:
        arguments = ("watch", "--json", "--share", "--config", str(self._file), *QUICK)
        async with self._wuts.started(*arguments) as process:
            yield process

    async def pause(self, sim: Simulator, account: str, device_id: str) -> Ended:
        """Order a pause of whichever process looks after the account."""
        wuts = Wuts(sim.url, token=f"token-of-{account}")
        return await wuts("pause", device_id, "--store", self.address, "--account", account)

    async def until_even(self, members: int) -> None:
        """Wait until so many processes hold all shards, each about as many."""
        await until_even(self.address, members, PATIENCE)


async def note_changes_of_tables(address: str) -> None:
    """Let the server write down from now on which session changes which table."""
    await in_database(address, executing(*NOTE_CHANGES))


async def changes_of_tables(address: str) -> list[tuple[int, str, str]]:
    """Return the session, the command and the table of each change."""
    connection = await asyncpg.connect(address)
    try:
        return [tuple(row) for row in await connection.fetch("TABLE watcher.changes")]
    finally:
        await connection.close()


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


async def test_many_that_begin_together_migrate_an_empty_database_once_and_share_evenly(
    group: Group, looks: Looks, postgresql: PostgresqlServer
) -> None:
    alone = await postgresql.new_database()
    for address in (group.address, alone):
        await note_changes_of_tables(address)
    await in_database(alone, upgrade)
    async with AsyncExitStack() as stack:
        starting = [stack.enter_async_context(group.process()) for _ in range(6)]
        running = await asyncio.gather(*starting)
        await group.until_even(6)
        await until(lambda: looks.since(0) == set(ACCOUNTS))
        for process in running:
            process.send_signal(signal.SIGTERM)
        assert [await ended(process) for process in running] == [""] * 6
    made = await changes_of_tables(group.address)
    assert len({session for session, _, _ in made}) == 1
    assert [change for _, *change in made] == [
        change for _, *change in await changes_of_tables(alone)
    ]


class Storm:
    """Drops random devices, of each account fewer than would be expected to return alone."""

    def __init__(self, sim: Simulator) -> None:
        self.drops = 0
        self._sim = sim
        self._devices: list[str] = []
        for name in ACCOUNTS:
            sim.world.add_devices(name, 2 * DEVICES, state="connected")
            self._devices += [*sim.world.registry.user(name).tenant.devices][: DEVICES + 1]

    async def rage(self) -> None:
        """Drop devices until it is cancelled."""
        rng = Random(1)
        while True:
            with suppress(ConflictError):  # it has dropped already
                self._sim.world.drop(rng.choice(self._devices))
                self.drops += 1
            await asyncio.sleep(0.02)

    async def until(self, drops: int) -> None:
        await until(lambda: self.drops >= drops)

    def has_passed(self) -> bool:
        return all(self._sim.world.device(one).is_connected for one in self._devices)


async def test_a_rolling_restart_of_three_in_a_storm_of_a_thousand_drops(
    group: Group, looks: Looks, sim: Simulator
) -> None:
    storm = Storm(sim)
    async with AsyncExitStack() as stack:
        running = [await stack.enter_async_context(group.process()) for _ in range(3)]
        await group.until_even(3)
        await until(lambda: looks.since(0) == set(ACCOUNTS))
        begin = steady_time()
        raging = asyncio.create_task(storm.rage())
        try:
            for number, old in enumerate(running):
                # So that a fast machine does not replace them all before the storm is a storm.
                await storm.until(number * DROPS // 3)
                old.send_signal(signal.SIGTERM)
                assert await ended(old) == ""
                await stack.enter_async_context(group.process())
                await group.until_even(3)
            await storm.until(DROPS)
        finally:
            is_raging = raging.cancel()
        end = steady_time()
        await until(lambda: looks.since(end) == set(ACCOUNTS))
        await until(storm.has_passed)
    assert is_raging
    assert looks.longest_gap(begin, end) < 2 * INTERVAL
    assert max(sim.world.requests.max_in_flight.values()) == 1
    assert sim.world.requests.connects.total() >= storm.drops
