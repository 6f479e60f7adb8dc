"""Nothing is dropped by the scheduler: one sweep job, which dispatches and never awaits."""

import asyncio
import logging
import time
from datetime import UTC, datetime
from random import Random

import pytest

from tests.core.wuts.supervisor.home import ACCOUNT, PATIENT, QUICK, Home, until
from wuts.supervisor import Device, DeviceState, SupervisorSettings
from wuts.supervisor.controller import Fleet
from wuts.supervisor.device.machine import Change
from wuts_simulator import EndpointName, FaultKind

NOW = 1_790_000_000.0
MANY = 50_000


def fleet_of_waiting_devices(count: int) -> Fleet:
    """Make a fleet whose devices all are to be reconnected at the same moment."""
    fleet = Fleet(SupervisorSettings(), Random(1))
    fleet.add_account(ACCOUNT, NOW)
    account = fleet.account(ACCOUNT)
    for number in range(count):
        device = Device(
            f"d{number}",
            state=DeviceState.RECONNECTING,
            since=NOW,
            attempt=2,
            next_try=NOW + 60,
            linked=True,
            was_paired=True,
        )
        account.roster.apply(Change(device), NOW)
    return fleet


def test_promise_11_fifty_thousand_that_come_due_at_once_are_all_reconnected() -> None:
    fleet = fleet_of_waiting_devices(MANY)
    assert len(fleet.account(ACCOUNT).queue) == 0
    fleet.sweep(NOW + 59.9)
    assert len(fleet.account(ACCOUNT).queue) == 0
    fleet.sweep(NOW + 60)
    assert len(fleet.account(ACCOUNT).queue) == MANY
    connected = set()
    while calls := fleet.calls(NOW + 60):
        for call in calls:
            account = fleet.answered(call)
            assert account is not None
            if call.device_id:
                connected.add(call.device_id)
                account.connect_answered(call.device_id, needs_qr=False, now=NOW + 60)
    assert len(connected) == MANY
    devices = fleet.account(ACCOUNT).devices.values()
    assert all(device.state is DeviceState.CONNECTED for device in devices)


def test_promise_11_a_sweep_that_is_an_hour_late_drops_nothing() -> None:
    fleet = fleet_of_waiting_devices(1_000)
    fleet.sweep(NOW + 3_600)
    assert len(fleet.account(ACCOUNT).queue) == 1_000


async def test_promise_11_there_is_one_job_however_many_devices_there_are(home: Home) -> None:
    home.add_devices(300)
    async with home.supervised(sees=300) as supervisor:
        assert supervisor._scheduler is not None
        [job] = supervisor._scheduler.get_jobs()
        assert job.misfire_grace_time is None
        assert job.max_instances == 1
        assert job.coalesce
        assert supervisor._scheduler.timezone is UTC


async def test_promise_11_a_loop_that_stalls_longer_than_any_grace_drops_nothing(
    home: Home,
) -> None:
    devices = home.add_devices(50)
    async with home.supervised(sees=50):
        for device_id in devices:
            home.world.drop(device_id)
        await home.until_told(devices[0], DeviceState.RECONNECTING)
        time.sleep(1.5)  # noqa: ASYNC251 - it is the event loop that shall stall
        await home.listener.until(
            lambda: all(home.state(one) is DeviceState.CONNECTED for one in devices)
        )


async def test_promise_11_calls_that_hang_do_not_hold_the_sweeps_up(home: Home) -> None:
    stuck, dropped = home.add_devices(2)
    async with home.supervised(sees=2):
        home.fault(EndpointName.CONNECT, FaultKind.HANG, device_id=stuck)
        home.world.drop(stuck)
        await until(lambda: home.world.requests.connects[stuck] == 1)
        home.world.drop(dropped)
        await home.until_told(dropped, DeviceState.RECONNECTING)
        await home.until_state(dropped, DeviceState.CONNECTED)
        assert home.state(stuck) is DeviceState.RECONNECTING


async def test_promise_11_sweeps_go_on_though_nothing_is_due(home: Home) -> None:
    async with home.supervised(QUICK, sees=0) as supervisor:
        assert supervisor._scheduler is not None
        [job] = supervisor._scheduler.get_jobs()
        first = job.next_run_time
        await until(lambda: job.next_run_time > first)


async def test_promise_11_sweeps_are_not_logged(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with home.supervised(QUICK, sees=0) as supervisor:
        assert supervisor._scheduler is not None
        [job] = supervisor._scheduler.get_jobs()
        first = job.next_run_time
        await until(lambda: job.next_run_time > first)
    assert [one for one in caplog.records if one.name.startswith("apscheduler.executors")] == []


async def test_promise_11_stopping_in_the_middle_of_a_sweep_is_no_error(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(20):
        async with home.supervised(QUICK, sees=0) as supervisor:
            assert supervisor._scheduler is not None
            for job in supervisor._scheduler.get_jobs():
                job.modify(next_run_time=datetime.now(UTC))
    assert [one for one in caplog.records if one.levelno >= logging.ERROR] == []


async def test_promise_8_a_wake_takes_effect_at_once_over_http(home: Home) -> None:
    """The next listing is ten minutes away."""
    [device_id] = home.add_devices(1)
    async with home.supervised(PATIENT, sees=1) as supervisor:
        home.world.drop(device_id)
        supervisor.wake(ACCOUNT, device_id)
        await home.until_told(device_id, DeviceState.RECONNECTING)
        await home.until_state(device_id, DeviceState.CONNECTED)
        assert home.requests(EndpointName.LIST_DEVICES) == 1
        new = home.add_devices(1)[0]
        supervisor.wake(ACCOUNT)
        await home.until_state(new, DeviceState.CONNECTED)
        assert home.requests(EndpointName.LIST_DEVICES) == 2
        await asyncio.sleep(0)
