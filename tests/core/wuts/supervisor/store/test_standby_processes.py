"""Real processes that supervise one account of one store, and what kills, freezes or cuts them off.

Whatever happens, each alert is sent once, by one of them.
"""

import asyncio
import signal

import pytest

from tests.core.wuts.conftest import StartSimulator
from tests.core.wuts.supervisor.home import until
from wuts.clock import steady_time
from wuts_simulator import EndpointName, Fault, FaultKind, Settings, Simulator

from .cutting_proxy import CuttingProxy
from .owners import Owner, supervising, until_saved_as_told
from .postgresql_server import PostgresqlServer
from .sessions import proxied

LEASE = 3.0
"""Seconds; a busy machine may let a process wait for a second, and the server must not mind."""

LONG = 300.0
"""Seconds of a lease that no test waits for: a kill is noticed without it."""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def add_devices(sim: Simulator, count: int) -> list[str]:
    return [one.id for one in sim.world.add_devices("home", count, state="connected")]


def listings(sim: Simulator) -> int:
    return sim.world.requests.by_endpoint[EndpointName.LIST_DEVICES]


async def test_who_waits_asks_the_gateway_nothing_and_looks_soon_after_a_kill(
    address: str, sim: Simulator, start_simulator: StartSimulator
) -> None:
    unasked = await start_simulator(Settings(qr_image=False))
    async with supervising(address, LONG, sim.url) as owner:
        await owner.until("owns")
        async with supervising(address, LONG, unasked.url) as other:
            await other.until("standby")
            await other.listen(2.0)  # many tries to take over
            assert unasked.world.requests.total() == 0
            owner.process.kill()
            await other.until("owns")
            await until(lambda: listings(unasked) > 0)


async def test_a_kill_in_the_middle_of_connects_costs_one_connect_more_for_each_at_most(
    address: str, sim: Simulator
) -> None:
    unlinked, *dropped = add_devices(sim, 11)
    async with supervising(address, LONG, sim.url) as owner:
        await owner.until("state", "connected", dropped[-1])
        async with supervising(address, LONG, sim.url) as other:
            await other.until("standby")
            sim.world.unlink(unlinked)
            await owner.until("alert", "raised", unlinked)
            await until_saved_as_told(address, unlinked)
            hangs = Fault(kind=FaultKind.HANG, endpoint=EndpointName.CONNECT)
            sim.world.faults.add(hangs)
            for device_id in dropped:
                sim.world.drop(device_id)
            connects = sim.world.requests.connects
            await until(lambda: any(connects[device_id] for device_id in dropped))
            owner.process.kill()
            await owner.process.wait()
            before = dict(connects)
            sim.world.faults.clear()
            seen = listings(sim)
            await other.until("owns")
            await until(lambda: listings(sim) > seen)
            for _ in dropped:
                await other.until("state", "connected")
            # A device needs one. What the dead process had just sent may be counted after `before`.
            most = {device_id: max(before.get(device_id, 0), 1) + 1 for device_id in dropped}
            assert [one for one in dropped if connects[one] > most[one]] == []
            assert [one for one in other.alerts() if one[1] == unlinked] == []


async def test_a_frozen_process_is_replaced_and_tells_nothing_when_it_is_resumed(
    postgresql: PostgresqlServer, sim: Simulator
) -> None:
    address = await postgresql.new_database()
    first, second = add_devices(sim, 2)
    async with supervising(address, LEASE, sim.url) as frozen:
        await frozen.until("state", "connected", second)
        async with supervising(address, LEASE, sim.url) as other:
            await other.until("standby")
            sim.world.unlink(first)
            await frozen.until("alert", "raised", first)
            await until_saved_as_told(address, first)
            frozen.process.send_signal(signal.SIGSTOP)
            frozen_at = steady_time()
            sim.world.unlink(second)
            await other.until("owns")
            await other.until("alert", "raised", second)
            await asyncio.sleep(frozen_at + 3 * LEASE - steady_time())
            frozen.process.send_signal(signal.SIGCONT)
            await frozen.until("standby")
            await frozen.listen(LEASE)
            await other.listen(0.1)
            assert frozen.alerts() == [("raised", first)]
            assert other.alerts() == [("raised", second)]
            await until_saved_as_told(address, second)
            other.process.kill()
            await frozen.until("owns")
            await frozen.listen(LEASE)
            assert frozen.alerts() == [("raised", first)]


async def test_who_is_cut_off_from_the_store_tells_nothing_and_lets_go_when_it_hears_again(
    postgresql: PostgresqlServer, sim: Simulator
) -> None:
    address = await postgresql.new_database()
    unlinked, dropped = add_devices(sim, 2)
    async with (
        CuttingProxy(postgresql.socket) as proxy,
        supervising(proxied(address, proxy), LEASE, sim.url) as owner,
    ):
        await owner.until("state", "connected", dropped)
        async with supervising(address, LEASE, sim.url) as other:
            await other.until("standby")
            proxy.cut()
            cut_at = steady_time()
            sim.world.unlink(unlinked)
            sim.world.drop(dropped)
            await other.until("owns")
            await other.until("alert", "raised", unlinked)
            await asyncio.sleep(cut_at + 4 * LEASE - steady_time())
            proxy.mend()
            await owner.until("standby")
            await owner.listen(LEASE)
            await other.listen(0.1)
            assert [one for one in owner.alerts() if one[1] == unlinked] == []
            assert other.alerts().count(("raised", unlinked)) == 1
            assert sim.world.requests.max_in_flight[dropped] <= 2


@pytest.mark.parametrize("leases", [1, 10])
async def test_while_the_server_is_killed_looks_go_on_and_each_alert_is_told_once_after(
    postgresql: PostgresqlServer, sim: Simulator, leases: int
) -> None:
    address = await postgresql.new_database()
    unlinked, dropped = add_devices(sim, 2)
    async with supervising(address, LEASE, sim.url) as owner:
        await owner.until("state", "connected", dropped)
        async with supervising(address, LEASE, sim.url) as other:
            await other.until("standby")
            before = len(owner.said)
            postgresql.kill()
            try:
                sim.world.unlink(unlinked)
                sim.world.drop(dropped)
                await owner.until("state", "needs_pairing", unlinked)
                await owner.until_said("state", "connected", dropped, after=before)
                await asyncio.gather(owner.listen(leases * LEASE), other.listen(leases * LEASE))
                seen = listings(sim)
                await until(lambda: listings(sim) > seen)
                assert owner.alerts() == other.alerts() == []
            finally:
                postgresql.start()
            await _until_either_tells(owner, other, unlinked)
            await asyncio.gather(owner.listen(2 * LEASE), other.listen(2 * LEASE))
            told = [*owner.alerts(), *other.alerts()]
            assert told.count(("raised", unlinked)) == 1


async def _until_either_tells(owner: Owner, other: Owner, device_id: str) -> None:
    telling = [
        asyncio.create_task(one.until("alert", "raised", device_id)) for one in (owner, other)
    ]
    _, waiting = await asyncio.wait(telling, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()
    await asyncio.wait(waiting)


async def test_of_many_that_begin_together_on_an_empty_database_one_looks(
    address: str, sim: Simulator
) -> None:
    add_devices(sim, 1)
    async with (
        supervising(address, LEASE, sim.url) as one,
        supervising(address, LEASE, sim.url) as two,
        supervising(address, LEASE, sim.url) as three,
    ):
        first = [await process.until_any("owns", "standby") for process in (one, two, three)]
        assert sorted(line.words[0] for line in first) == ["owns", "standby", "standby"]
