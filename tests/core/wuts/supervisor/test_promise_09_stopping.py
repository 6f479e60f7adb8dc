"""Stopping is prompt and clean: calls are cut off within a bound, nothing outlives it."""

import asyncio
import logging
from collections.abc import Collection
from dataclasses import replace
from typing import override

import psutil
import pytest

from tests.core.wuts.supervisor.home import ACCOUNT, PATIENCE, QUICK, Home, until
from tests.core.wuts.values import TOKEN
from wuts.supervisor import DeviceState, Event, Supervisor
from wuts.supervisor.delivery import subscribers as bus
from wuts.supervisor.store import Changes, MemoryStore, Saved
from wuts_simulator import EndpointName, FaultKind

CALLS = [EndpointName.LIST_DEVICES, EndpointName.STATUS, EndpointName.CONNECT]


def our_tasks() -> set[str]:
    return {task.get_name() for task in asyncio.all_tasks() if task.get_name().startswith("wuts")}


def connections_to(url: str) -> list[object]:
    """Return the open connections of this process to an address."""
    port = int(url.rpartition(":")[2])
    return [
        one
        for one in psutil.Process().net_connections("tcp")
        if one.raddr[1:] == (port,) and one.status == psutil.CONN_ESTABLISHED
    ]


async def stop(supervisor: Supervisor) -> None:
    """Stop; a call that was waited for would take longer than this."""
    async with asyncio.timeout(50):
        await supervisor.stop()


@pytest.mark.parametrize("endpoint", CALLS)
async def test_promise_9_a_call_that_hangs_is_cut_off(home: Home, endpoint: EndpointName) -> None:
    [device_id] = home.add_devices(1)
    before = asyncio.all_tasks()
    async with home.supervised(sees=1) as supervisor:
        home.fault(endpoint, FaultKind.HANG)
        asked = home.requests(endpoint)
        home.world.drop(device_id)
        await until(lambda: home.requests(endpoint) > asked)
        await stop(supervisor)
        assert our_tasks() == set()
    await home.clients[0].aclose()
    await until(lambda: connections_to(home.sim.url) == [])
    await until(lambda: not {task for task in asyncio.all_tasks() - before if not task.done()})


async def test_promise_9_hundreds_of_calls_that_hang_are_cut_off_together(home: Home) -> None:
    settings = replace(QUICK, concurrency=100, account_concurrency=100)
    home.add_devices(150)
    async with home.supervised(settings, sees=150) as supervisor:
        for device in list(home.world.registry.devices.values())[:60]:
            home.world.drop(device.id)
        home.fault(EndpointName.STATUS, FaultKind.HANG)
        await until(lambda: home.requests(EndpointName.STATUS) > 40)
        await stop(supervisor)
        assert our_tasks() == set()


async def test_promise_9_nothing_is_asked_after_the_stop(home: Home) -> None:
    [device_id] = home.add_devices(1)
    async with home.supervised(sees=1) as supervisor:
        pass
    requests = home.world.requests.total()
    supervisor.wake(ACCOUNT, device_id)
    supervisor.wake(ACCOUNT)
    await supervisor.pause(ACCOUNT, device_id)
    await asyncio.sleep(QUICK.interval * 3)
    assert home.world.requests.total() == requests


async def test_promise_9_what_happened_is_told_and_saved_before_the_end(home: Home) -> None:
    devices = home.add_devices(20)
    heard: list[Event] = []
    store = MemoryStore()

    async def slow(event: Event) -> None:
        await asyncio.sleep(0.001)
        heard.append(event)

    supervisor = Supervisor(QUICK, store=store)
    supervisor.subscribe(slow)
    async with supervisor:
        supervisor.add_account(ACCOUNT, home.new_client())
        await until(lambda: len(supervisor.devices(ACCOUNT)) == 20)
    assert len(heard) == len(devices)
    assert len((await store.load()).snapshots) == len(devices)


async def test_promise_9_a_subscriber_that_never_returns_holds_nobody_up(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    home.add_devices(1)

    async def stuck(_event: Event) -> None:
        await asyncio.Event().wait()

    supervisor = Supervisor(replace(QUICK, stop_timeout=0.05))
    supervisor.subscribe(stuck)
    async with supervisor:
        supervisor.add_account(ACCOUNT, home.new_client())
        await until(lambda: len(supervisor.devices(ACCOUNT)) == 1)
        await stop(supervisor)
        assert our_tasks() == set()
    assert "Stopped before all events were saved and delivered" in caplog.text


async def test_promise_9_a_subscriber_that_will_not_be_cancelled_is_left_behind_and_named(
    home: Home, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bus, "GRACE", 0.05)
    home.add_devices(1)
    let_go = asyncio.Event()

    async def stubborn(_event: Event) -> None:
        while not let_go.is_set():
            try:
                await let_go.wait()
            except asyncio.CancelledError:
                continue

    supervisor = Supervisor(replace(QUICK, stop_timeout=0.05))
    supervisor.subscribe(stubborn)
    async with supervisor:
        supervisor.add_account(ACCOUNT, home.new_client())
        await until(lambda: len(supervisor.devices(ACCOUNT)) == 1)
        await stop(supervisor)
    assert "ignores its cancellation" in caplog.text
    let_go.set()
    await until(lambda: our_tasks() == set())


async def test_promise_9_a_subscriber_may_stop_the_supervisor(home: Home) -> None:
    home.add_devices(1)
    supervisor = Supervisor(replace(QUICK, stop_timeout=0.05))
    stopped = asyncio.Event()

    async def stops(_event: Event) -> None:
        await supervisor.stop()
        stopped.set()

    supervisor.subscribe(stops)
    await supervisor.start()
    supervisor.add_account(ACCOUNT, home.new_client())
    async with asyncio.timeout(PATIENCE):
        await stopped.wait()
    await until(lambda: our_tasks() == set())


class StuckStore(MemoryStore):
    """A store on a disk that does not answer."""

    async def save(self, changes: Changes) -> None:
        await asyncio.Event().wait()
        await super().save(changes)


async def test_promise_9_a_store_that_never_answers_holds_nobody_up(home: Home) -> None:
    [device_id] = home.add_devices(1)
    supervisor = Supervisor(replace(QUICK, stop_timeout=0.05), store=StuckStore())
    async with supervisor:
        supervisor.add_account(ACCOUNT, home.new_client())
        await until(lambda: len(supervisor.devices(ACCOUNT)) == 1)
        pausing = asyncio.create_task(supervisor.pause(ACCOUNT, device_id))
        await until(lambda: supervisor.devices(ACCOUNT)[device_id].state is DeviceState.PAUSED)
        await stop(supervisor)
    async with asyncio.timeout(PATIENCE):
        await pausing
    assert our_tasks() == set()


class UncloseableStore(MemoryStore):
    """A store that breaks in the end."""

    async def close(self) -> None:
        raise OSError("the disk is gone")


async def test_promise_9_a_store_that_cannot_be_closed_leaves_no_task_behind(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    home.add_devices(1)
    async with home.supervised(store=UncloseableStore(), sees=1):
        pass
    assert our_tasks() == set()
    assert "the disk is gone" in caplog.text


async def test_promise_9_stopping_twice_or_before_the_start_does_no_harm() -> None:
    supervisor = Supervisor(QUICK)
    await supervisor.stop()
    async with Supervisor(QUICK) as other:
        await other.stop()
    assert our_tasks() == set()


@pytest.mark.parametrize("turns", range(1, 13))
async def test_promise_9_a_stop_that_is_cancelled_leaves_no_task_behind(
    home: Home, turns: int
) -> None:
    [device_id] = home.add_devices(1)
    async with home.supervised(sees=1) as supervisor:
        home.fault(EndpointName.STATUS, FaultKind.HANG)
        asked = home.requests(EndpointName.STATUS)
        home.world.drop(device_id)
        await until(lambda: home.requests(EndpointName.STATUS) > asked)
        stopping = asyncio.create_task(supervisor.stop())
        for _ in range(turns):
            await asyncio.sleep(0)
        stopping.cancel()
        await asyncio.wait([stopping])
        await until(lambda: our_tasks() == set())


async def test_promise_9_an_error_of_the_application_ends_the_supervision_cleanly(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    home.add_devices(1)
    with pytest.raises(ZeroDivisionError):
        async with home.supervised(sees=1):
            raise ZeroDivisionError
    assert our_tasks() == set()
    assert TOKEN not in caplog.text


class EmptyStore(MemoryStore):
    @override
    async def load(self, accounts: Collection[str] | None = None) -> Saved:
        return Saved()


async def test_promise_9_many_starts_and_stops_leave_nothing_behind(home: Home) -> None:
    home.add_devices(3)
    client = home.new_client()
    before = len(asyncio.all_tasks())
    for _ in range(10):
        async with home.supervised(store=EmptyStore(), client=client, sees=3):
            pass
    assert our_tasks() == set()
    await client.aclose()
    await until(lambda: len(asyncio.all_tasks()) <= before)
