"""One job, moved to what is due next: nothing runs between, nothing is dropped or late."""

import asyncio
import logging
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from apscheduler.job import Job
from apscheduler.triggers.date import DateTrigger

from tests.core.wuts.supervisor.home import ACCOUNT, PATIENT, QUICK, Home, until
from wuts.models import ConnectResult
from wuts.supervisor import Device, DeviceState, Supervisor, SupervisorSettings
from wuts.supervisor.account.work_queue import Answer, DueQueue, Key
from wuts.supervisor.controller import Controller
from wuts.supervisor.delivery.outbox import Outbox
from wuts.supervisor.device.change import Change
from wuts.supervisor.device.device import Listing
from wuts.supervisor.dispatcher import Dispatcher, DueJob
from wuts_simulator import EndpointName, FaultKind

NOW = 1_790_000_000.0
MANY = 50_000


def controller_of_waiting_devices(count: int) -> Controller:
    """Make a controller whose devices all are to be reconnected at the same moment."""
    controller = Controller(SupervisorSettings(), Random(1), Outbox(), lambda: None)
    controller.add_account(ACCOUNT, NOW)
    [listing] = controller.dispatch(NOW)
    for _ in controller.answer(Answer(listing, Listing()), NOW):
        pass
    account = controller.account(ACCOUNT)
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
        controller._note(account, account.registry.apply(Change(device), NOW), NOW)
    return controller


def connected_by(controller: Controller, now: float) -> list[str]:
    """Dispatch until nothing is left to do; return the devices that were connected."""
    connected = []
    while calls := [one for one in controller.dispatch(now) if one.device_id]:
        for call in calls:
            connected.append(call.device_id)
            controller.answer(Answer(call, ConnectResult(needs_qr=False)), now)
    return connected


@pytest.mark.slow
def test_promise_11_fifty_thousand_that_come_due_at_once_are_all_reconnected() -> None:
    controller = controller_of_waiting_devices(MANY)
    account = controller.account(ACCOUNT)
    controller.dispatch(NOW + 59.9)
    assert len(account.queue) == 0
    assert controller.next_due() == NOW + 60
    connected = connected_by(controller, NOW + 60)
    assert len(connected) == len(set(connected)) == MANY
    assert all(device.state is DeviceState.CONNECTED for device in account.devices.values())


def test_promise_11_a_look_that_is_an_hour_late_drops_nothing() -> None:
    controller = controller_of_waiting_devices(1_000)
    controller.dispatch(NOW + 3_600)
    account = controller.account(ACCOUNT)
    assert len(account.queue) + len(account.queue.in_flight) == 1_000


async def planned_job(supervisor: Supervisor) -> Job:
    """Return the one job, once the first listing is taken in; there is none while it is out."""
    scheduler = supervisor._dispatcher.job.scheduler
    assert scheduler is not None
    await until(lambda: scheduler.get_jobs() != [])
    [job] = scheduler.get_jobs()
    return job


async def test_promise_11_there_is_one_job_however_many_devices_there_are(home: Home) -> None:
    home.add_devices(300)
    async with home.supervised(PATIENT, sees=300) as supervisor:
        assert supervisor._dispatcher.job.scheduler is not None
        job = await planned_job(supervisor)
        assert isinstance(job.trigger, DateTrigger)
        assert job.misfire_grace_time is None
        assert job.max_instances > 1, "a run that follows the last at once would be skipped"
        assert job.coalesce
        assert supervisor._dispatcher.job.scheduler.timezone is UTC


@pytest.mark.slow
async def test_promise_11_a_loop_that_stalls_longer_than_any_grace_drops_nothing(
    home: Home,
) -> None:
    devices = home.add_devices(50)
    async with home.supervised(sees=50):
        for device_id in devices:
            home.world.drop(device_id)
        await home.until_told(devices[0], DeviceState.RECONNECTING)
        time.sleep(1.5)  # noqa: ASYNC251 - the event loop is meant to stall
        await home.listener.until(
            lambda: all(home.state(one) is DeviceState.CONNECTED for one in devices)
        )


async def test_promise_11_calls_that_hang_do_not_hold_others_up(home: Home) -> None:
    stuck, dropped = home.add_devices(2)
    async with home.supervised(sees=2):
        home.fault(EndpointName.CONNECT, FaultKind.HANG, device_id=stuck)
        home.world.drop(stuck)
        await until(lambda: home.world.requests.connects[stuck] == 1)
        home.world.drop(dropped)
        await home.until_told(dropped, DeviceState.RECONNECTING)
        await home.until_state(dropped, DeviceState.CONNECTED)
        assert home.state(stuck) is DeviceState.RECONNECTING


class Wakes:
    """Counts how often the supervision wakes up, for a job or for a dispatch."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.jobs = self.dispatches = 0
        run, dispatch = DueJob._run, Dispatcher._dispatch

        async def count_job(job: DueJob) -> None:
            self.jobs += 1
            await run(job)

        def count_dispatch(dispatcher: Dispatcher) -> None:
            self.dispatches += 1
            dispatch(dispatcher)

        monkeypatch.setattr(DueJob, "_run", count_job)
        monkeypatch.setattr(Dispatcher, "_dispatch", count_dispatch)


@pytest.mark.slow
async def test_promise_11_nothing_runs_until_something_is_due(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.add_devices(3)
    async with home.supervised(PATIENT, sees=3) as supervisor:
        job = await planned_job(supervisor)
        await asyncio.sleep(0.05)
        wakes = Wakes(monkeypatch)
        assert job.next_run_time - datetime.now(UTC) > timedelta(seconds=PATIENT.interval * 0.9)
        await asyncio.sleep(1)
        assert (wakes.jobs, wakes.dispatches) == (0, 0)


async def test_promise_11_an_idle_account_costs_one_run_for_each_of_its_listings(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.add_devices(3)
    wakes = Wakes(monkeypatch)
    async with home.supervised(QUICK, sees=3):
        listings, jobs = home.requests(EndpointName.LIST_DEVICES), wakes.jobs
        await until(lambda: home.requests(EndpointName.LIST_DEVICES) >= listings + 10)
        made = home.requests(EndpointName.LIST_DEVICES) - listings
        assert made - 1 <= wakes.jobs - jobs <= made + 1


@pytest.mark.slow
async def test_promise_11_a_call_begins_within_twenty_milliseconds_of_its_moment(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.add_devices(3)
    late: list[float] = []
    take = DueQueue.take

    def noted(queue: DueQueue, now: float) -> Iterator[Key]:
        if queue.next() <= now:
            late.append(now - queue.next())
        return take(queue, now)

    async with home.supervised(QUICK, sees=3):
        monkeypatch.setattr(DueQueue, "take", noted)
        await until(lambda: len(late) >= 40)
    assert sorted(late)[len(late) // 2] < 0.02


async def test_promise_11_a_bug_in_a_look_is_logged_and_stops_nothing(
    home: Home, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    home.add_devices(1)
    look = Controller._look
    bugs = iter(range(3))

    def broken(controller: Controller, key: Key, now: float) -> None:
        if next(bugs, None) is not None:
            raise ZeroDivisionError
        look(controller, key, now)

    async with home.supervised(QUICK, sees=1):
        monkeypatch.setattr(Controller, "_look", broken)
        listings = home.requests(EndpointName.LIST_DEVICES)
        await until(lambda: home.requests(EndpointName.LIST_DEVICES) >= listings + 3)
    assert next(bugs, None) is None
    assert "ZeroDivisionError" in caplog.text


async def test_promise_11_runs_and_moves_of_the_job_are_not_logged(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with home.supervised(QUICK, sees=0):
        before = home.requests(EndpointName.LIST_DEVICES)
        await until(lambda: home.requests(EndpointName.LIST_DEVICES) >= before + 3)
    assert [one for one in caplog.records if "scheduler" in one.name] == []


async def test_promise_11_stopping_while_the_job_runs_is_no_error(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(20):
        async with home.supervised(QUICK, sees=0) as supervisor:
            assert supervisor._dispatcher.job.scheduler is not None
            for job in supervisor._dispatcher.job.scheduler.get_jobs():
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


async def test_promise_11_looks_that_follow_each_other_at_once_are_all_made(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    home.add_devices(1)
    async with home.supervised(PATIENT, sees=1) as supervisor:
        for number in range(200):
            supervisor._dispatcher.job.move(float(number), number + 1.0)
            await asyncio.sleep(0)
    assert "skipped" not in caplog.text
