"""A session as its frontend draws it: a view at each event, and when a QR expires."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from typing import Self, override

import pytest

from tests.core.wuts.conftest import MakeClient, StartSimulator
from tests.core.wuts.pairing.sessions import FAST, OWNER, next_event
from tests.core.wuts.values import PHONE
from tests.core.wuts.waiting import until
from wuts import WutsClient
from wuts.pairing import (
    Failed,
    FailureReason,
    NextStep,
    Paired,
    PairedHow,
    PairingSession,
    PairingView,
    QrReady,
    Stage,
)
from wuts_simulator import Fault, FaultKind, Settings, Simulator

_PATIENCE = 200


async def next_view(views: AsyncIterator[PairingView], stage: Stage) -> PairingView:
    """Return the next view, which must be of this stage."""
    async with asyncio.timeout(_PATIENCE):
        view = await anext(views)
    assert view.stage is stage
    return view


async def test_a_pairing_is_drawn_from_the_start_to_the_outcome(
    client: WutsClient, sim: Simulator
) -> None:
    device = sim.world.add_device()
    drawn = []
    async with PairingSession(client, device.id, owner=OWNER, settings=FAST) as session:
        async for view in session.views():
            drawn.append(view)
            if view.stage is Stage.QR:
                sim.world.scan_device(device.id, PHONE)
    assert [view.stage for view in drawn] == [
        Stage.PREPARING,
        Stage.QR,
        Stage.SCANNED,
        Stage.PAIRED,
    ]
    assert {view.owner for view in drawn} == {OWNER}
    assert drawn[-1].outcome == Paired(phone_number=PHONE, how=PairedHow.LINKED)
    assert 55 < drawn[1].seconds_left <= 60


async def test_a_code_is_drawn(client: WutsClient, sim: Simulator) -> None:
    device = sim.world.add_device()
    settings = replace(FAST, phone=PHONE)
    async with PairingSession(client, device.id, owner=OWNER, settings=settings) as session:
        views = session.views()
        await next_view(views, Stage.PREPARING)
        view = await next_view(views, Stage.CODE)
        assert view.code
        sim.world.enter_code(device.id, view.code)
        await next_view(views, Stage.SCANNED)
        await next_view(views, Stage.PAIRED)
        assert await anext(views, None) is None
        assert await anext(views, None) is None


@pytest.mark.slow
async def test_an_expired_qr_is_taken_down_though_the_gateway_is_silent(
    start_simulator: StartSimulator, make_client: MakeClient
) -> None:
    sim = await start_simulator(Settings(qr_first_life=1, qr_image=False))
    device = sim.world.add_device()
    settings = replace(FAST, qr_status_interval=60)
    async with PairingSession(
        make_client(sim.url), device.id, owner=OWNER, settings=settings
    ) as session:
        views = session.views()
        await next_view(views, Stage.PREPARING)
        assert not (await next_view(views, Stage.QR)).is_expired
        sim.world.faults.add(Fault(kind=FaultKind.HANG, endpoint="GET /qr"))
        sim.world.faults.add(Fault(kind=FaultKind.HANG, endpoint="GET /status"))
        view = await next_view(views, Stage.PREPARING)
        assert (view.is_expired, view.next_step) == (True, NextStep.WAIT)


class SleepyClock:
    """A steady clock that counts the time that the machine slept."""

    def __init__(self) -> None:
        self.slept = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.slept


@pytest.mark.slow
async def test_a_qr_that_slept_with_the_machine_is_taken_down_and_replaced(
    client: WutsClient, sim: Simulator
) -> None:
    device = sim.world.add_device()
    clock = SleepyClock()
    # Nothing but the QR's own end makes anybody look.
    settings = replace(FAST, poll_interval=300, qr_status_interval=300, deadline=300)
    async with PairingSession(
        client, device.id, owner=OWNER, settings=settings, clock=clock
    ) as session:
        views = session.views()
        await next_view(views, Stage.PREPARING)
        shown = await next_view(views, Stage.QR)
        assert shown.expires_at is not None
        sim.world.faults.add(Fault(kind=FaultKind.HANG, endpoint="GET /qr", times=1))
        clock.slept = shown.seconds_left + 1
        async with asyncio.timeout(50):
            view = await next_view(views, Stage.PREPARING)
        assert view.is_expired
        await until(lambda: sim.world.requests.by_endpoint["GET /qr"] == 2)


@pytest.mark.slow
async def test_a_pairing_that_slept_past_its_deadline_is_over(
    client: WutsClient, sim: Simulator
) -> None:
    device = sim.world.add_device()
    clock = SleepyClock()
    async with PairingSession(client, device.id, owner=OWNER, clock=clock) as session:
        views = session.views()
        await next_view(views, Stage.PREPARING)
        await next_view(views, Stage.QR)
        clock.slept = 3600
        async with asyncio.timeout(50):
            drawn = [view async for view in views]
    assert drawn[-1].stage is Stage.FAILED
    assert not any(view.qr_payload for view in drawn)


async def test_a_qr_tells_its_end_by_the_wall_clock_of_the_moment_it_is_shown(
    client: WutsClient, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = sim.world.add_device()

    class SetClock(datetime):
        """A wall clock that somebody sets."""

        ahead = timedelta()

        @classmethod
        @override
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls.fromtimestamp(time.time(), tz) + cls.ahead

    monkeypatch.setattr("wuts.pairing.session.datetime", SetClock)
    async with PairingSession(client, device.id, owner=OWNER, settings=FAST) as session:
        first = await next_event(session, QrReady)
        SetClock.ahead = timedelta(days=1)
        sim.world.advance(61)
        second = await next_event(session, QrReady)
    assert second.expires_at - first.expires_at > timedelta(hours=23)


@pytest.mark.slow
async def test_a_qr_that_expired_while_nobody_looked_is_not_shown(
    start_simulator: StartSimulator, make_client: MakeClient
) -> None:
    sim = await start_simulator(Settings(qr_first_life=1, qr_image=False))
    device = sim.world.add_device()
    async with PairingSession(make_client(sim.url), device.id, owner=OWNER) as session:
        views = session.views()
        await next_view(views, Stage.PREPARING)
        await asyncio.sleep(1.2)
        assert (await next_view(views, Stage.PREPARING)).is_expired


async def test_whoever_is_cancelled_while_waiting_comes_back_and_misses_nothing(
    client: WutsClient, sim: Simulator
) -> None:
    device = sim.world.add_device()
    async with PairingSession(client, device.id, owner=OWNER, settings=FAST) as session:
        views = session.views()
        stages = [(await anext(views)).stage]
        while stages[-1] is not Stage.PAIRED:
            waiting = asyncio.ensure_future(anext(views))
            await asyncio.sleep(0.005)
            if not waiting.cancel():
                stages.append(waiting.result().stage)
            await asyncio.wait([waiting])
            if stages[-1] is Stage.QR:
                sim.world.scan_device(device.id, PHONE)
                stages.append((await next_view(views, Stage.SCANNED)).stage)
    assert stages == [Stage.PREPARING, Stage.QR, Stage.SCANNED, Stage.PAIRED]


@pytest.mark.slow
async def test_a_trouble_is_drawn_and_goes_when_there_is_a_qr(
    client: WutsClient, sim: Simulator
) -> None:
    device = sim.world.add_device()
    sim.world.faults.add(Fault(kind=FaultKind.STATUS, status=503, endpoint="GET /qr", times=1))
    async with PairingSession(client, device.id, owner=OWNER, settings=FAST) as session:
        views = session.views()
        await next_view(views, Stage.PREPARING)
        view = await next_view(views, Stage.WAITING)
        assert view.notice
        assert 0 < view.retry_in <= 1
        assert (await next_view(views, Stage.QR)).notice is None


@pytest.mark.slow
async def test_a_failure_is_the_last_view(client: WutsClient) -> None:
    async with PairingSession(client, "no-such-device", owner=OWNER, settings=FAST) as session:
        drawn = [view async for view in session.views()]
    assert isinstance(drawn[-1].outcome, Failed)
    assert drawn[-1].outcome.reason is FailureReason.DEVICE_GONE
    assert drawn[-1].next_step is NextStep.CHOOSE_DEVICE


async def test_a_bug_is_not_swallowed(client: WutsClient, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(_device_id: str) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(client, "get_status", broken)
    with pytest.raises(ExceptionGroup) as caught:
        async with PairingSession(client, "d1", owner=OWNER, settings=FAST) as session:
            _ = [view async for view in session.views()]
    assert caught.group_contains(ZeroDivisionError)
