"""``wuts watch --share`` as several processes over one PostgreSQL and one gateway."""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.core.wuts.supervisor.store.databases import in_database
from tests.core.wuts.supervisor.store.postgresql_server import PostgresqlServer
from tests.core.wuts.supervisor.store.table_changes import (
    changes_of_tables,
    note_changes_of_tables,
)
from tests.wuts_cli.watching.sharing import (
    ACCOUNTS,
    DEVICES,
    LEASE,
    Group,
    Looks,
    Storm,
    counted,
    ended,
    until,
)
from wuts.supervisor.store.migrate import create
from wuts_simulator import Settings, Simulator
from wuts_simulator.pytest_plugin import StartGateway

DROPS = 1_000

pytestmark = pytest.mark.timeout(1_800)


@pytest.fixture
def looks() -> Iterator[Looks]:
    looks = Looks()
    with counted(looks):
        yield looks


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


@pytest.fixture
async def group(sim: Simulator, postgresql: PostgresqlServer, tmp_path: Path) -> Group:
    return Group(sim, await postgresql.new_database(), tmp_path)


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
        await looks.at_all()
        for name in ACCOUNTS[:3]:
            device_id = next(iter(sim.world.registry.user(name).tenant.devices))
            paused = await group.pause(sim, name, device_id)
            assert (paused.code, paused.err) == (0, "")
            assert "wuts watch no longer reconnects" in paused.out, "its process has carried it out"
        for process in (one, two, three):
            process.send_signal(signal.SIGTERM)
            assert await ended(process) == ""


async def test_what_a_killed_process_leaves_is_looked_at_without_waiting_for_the_lease(
    sim: Simulator, looks: Looks, postgresql: PostgresqlServer, tmp_path: Path
) -> None:
    group = Group(sim, await postgresql.new_database(), tmp_path, lease=300)
    async with group.process() as one:
        await group.until_even(1)
        async with group.process() as two:
            await group.until_even(2)
            await looks.at_all()
            one.kill()
            await one.wait()
            await group.until_even(1)
            await looks.at_all()
            two.send_signal(signal.SIGTERM)
            assert await ended(two) == ""


async def test_while_the_server_is_killed_each_looks_after_its_share_and_after_that_too(
    group: Group, looks: Looks, sim: Simulator, postgresql: PostgresqlServer
) -> None:
    async with group.process() as one, group.process() as two:
        await group.until_even(2)
        await looks.at_all()
        postgresql.kill()
        try:
            devices = [
                next(iter(sim.world.registry.user(name).tenant.devices)) for name in ACCOUNTS
            ]
            for device_id in devices:
                sim.world.drop(device_id)
            await asyncio.sleep(2 * LEASE)
            await looks.at_all()
            await until(lambda: all(sim.world.device(one).is_connected for one in devices))
        finally:
            postgresql.start()
        await group.until_even(2)
        await looks.at_all()
        assert sim.world.requests.connects == dict.fromkeys(devices, 1)
        for process in (one, two):
            process.send_signal(signal.SIGTERM)
            lost, found = (await ended(process)).splitlines()
            assert "cannot be reached" in lost
            assert "This process keeps the accounts that it has." in lost
            assert "watches its whole share again" in found


async def test_many_that_begin_together_make_the_tables_once_and_share_evenly(
    group: Group, looks: Looks, postgresql: PostgresqlServer
) -> None:
    alone = await postgresql.new_database()
    for address in (group.address, alone):
        await note_changes_of_tables(address)
    await in_database(alone, create)
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


async def test_a_rolling_restart_of_three_in_a_storm_of_a_thousand_drops(
    group: Group, looks: Looks, sim: Simulator
) -> None:
    storm = Storm(sim)
    async with AsyncExitStack() as stack:
        running = [await stack.enter_async_context(group.process()) for _ in range(3)]
        await group.until_even(3)
        await until(lambda: looks.since(0) == set(ACCOUNTS))
        raging = asyncio.create_task(storm.rage())
        try:
            for number, old in enumerate(running):
                # So that a fast machine does not replace them all before the storm is a storm.
                await storm.until(number * DROPS // 3)
                old.send_signal(signal.SIGTERM)
                assert await ended(old) == ""
                await stack.enter_async_context(group.process())
                await group.until_even(3)
                await looks.at_all()
            await storm.until(DROPS)
        finally:
            is_raging = raging.cancel()
        await looks.at_all()
        await until(storm.has_passed)
    assert is_raging
    assert max(sim.world.requests.max_in_flight.values()) == 1
    assert sim.world.requests.connects.total() >= storm.drops
