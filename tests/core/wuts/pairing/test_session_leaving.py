"""Who may pair a device, and what is left when a session is left: nothing."""

import asyncio
import gc

import pytest

from tests.core.wuts.conftest import MakeClient
from tests.core.wuts.pairing.sessions import FAST, OWNER, next_event, open_connects
from tests.core.wuts.values import DEVICE, PHONE, TOKEN
from tests.core.wuts.waiting import until
from wuts import WutsClient
from wuts.models import SessionStatus
from wuts.pairing import (
    PAIRINGS,
    Failed,
    Paired,
    PairingInProgressError,
    PairingRegistry,
    PairingSession,
    QrReady,
    Scanned,
)
from wuts_simulator import Fault, FaultKind, Simulator


async def test_the_second_session_of_a_device_is_told_who_is_first(
    client: WutsClient, make_client: MakeClient, sim: Simulator
) -> None:
    device = sim.world.add_device()
    first = PairingSession(client, device.id, owner="Home Assistant", settings=FAST)
    second = PairingSession(make_client(sim.url), device.id, owner="Slack", settings=FAST)
    async with first as session:
        await next_event(session, QrReady)
        with pytest.raises(PairingInProgressError, match="Home Assistant is already pairing"):
            await second.__aenter__()
        sim.world.scan_device(device.id, PHONE)
        await next_event(session, Scanned)
    async with PairingSession(client, device.id, owner="Slack", settings=FAST) as session:
        await next_event(session, Paired)


async def test_registries_of_their_own_do_not_know_of_each_other(
    client: WutsClient, sim: Simulator
) -> None:
    device = sim.world.add_device()
    async with (
        PairingSession(client, device.id, owner="one", registry=PairingRegistry()),
        PairingSession(client, device.id, owner="other", registry=PairingRegistry()),
    ):
        assert PAIRINGS.owner(sim.url, device.id) is None


@pytest.mark.parametrize("wait_for_request", [False, True])
async def test_leaving_early_leaves_nothing_behind(
    client: WutsClient, sim: Simulator, *, wait_for_request: bool
) -> None:
    device = sim.world.add_device(state="disconnected")
    sim.world.faults.add(Fault(kind=FaultKind.HANG, endpoint="POST /connect"))
    before = asyncio.all_tasks()
    async with PairingSession(client, device.id, owner=OWNER, settings=FAST):
        assert PAIRINGS.owner(sim.url, device.id) == OWNER
        if wait_for_request:
            await until(lambda: open_connects(sim) == 1)
    assert {task for task in asyncio.all_tasks() - before if "pairing" in task.get_name()} == set()
    assert PAIRINGS.owner(sim.url, device.id) is None
    await until(lambda: open_connects(sim) == 0)


async def test_a_session_that_never_began_can_be_left(client: WutsClient) -> None:
    session = PairingSession(client, DEVICE, owner=OWNER)
    await session.__aexit__(None, None, None)
    assert PAIRINGS.owner(client.base_url, DEVICE) is None


async def test_a_cancelled_frontend_leaves_nothing_behind(
    client: WutsClient, sim: Simulator
) -> None:
    device = sim.world.add_device(state="disconnected")
    sim.world.faults.add(Fault(kind=FaultKind.HANG, endpoint="POST /connect"))

    async def frontend() -> None:
        async with PairingSession(client, device.id, owner=OWNER, settings=FAST) as session:
            async for _event in session:
                pass

    task = asyncio.create_task(frontend())
    await until(lambda: open_connects(sim) == 1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert PAIRINGS.owner(sim.url, device.id) is None
    await until(lambda: open_connects(sim) == 0)


async def test_a_frontend_that_fails_leaves_nothing_behind(
    client: WutsClient, sim: Simulator
) -> None:
    device = sim.world.add_device()

    async def frontend() -> None:
        async with PairingSession(client, device.id, owner=OWNER, settings=FAST) as session:
            await next_event(session, QrReady)
            raise LookupError("a bug of the frontend")

    with pytest.raises(LookupError, match="a bug of the frontend"):
        await frontend()
    assert PAIRINGS.owner(sim.url, device.id) is None


async def test_whoever_is_cancelled_while_waiting_loses_no_event(
    client: WutsClient, sim: Simulator
) -> None:
    device = sim.world.add_device()
    told: list[object] = []
    async with PairingSession(client, device.id, owner=OWNER, settings=FAST) as session:
        while not told or not isinstance(told[-1], Paired):
            waiting = asyncio.ensure_future(anext(session))
            for _ in range(3):
                await asyncio.sleep(0)
            if not waiting.done():
                waiting.cancel()
            (event,) = await asyncio.gather(waiting, return_exceptions=True)
            if not isinstance(event, asyncio.CancelledError):
                told.append(event)
            if isinstance(event, QrReady):
                sim.world.scan_device(device.id, PHONE)
    assert [type(event) for event in told] == [QrReady, Scanned, Paired]


class BuggyClient(WutsClient):
    """A client with a bug, which nothing real shows."""

    async def get_status(self, _device_id: str | None = None) -> SessionStatus:
        await asyncio.sleep(0)
        raise LookupError("a bug of the client")


async def test_a_bug_reaches_whoever_waits_for_an_event(sim: Simulator) -> None:
    client = BuggyClient(TOKEN, base_url=sim.url)
    with pytest.RaisesGroup(pytest.RaisesExc(LookupError, match="a bug of the client")):
        async with PairingSession(client, DEVICE, owner=OWNER) as session:
            await next_event(session, Failed)
    assert PAIRINGS.owner(sim.url, DEVICE) is None


async def test_a_bug_reaches_whoever_leaves_without_having_waited(sim: Simulator) -> None:
    client = BuggyClient(TOKEN, base_url=sim.url)
    with pytest.RaisesGroup(LookupError):
        async with PairingSession(client, DEVICE, owner=OWNER) as session:
            await until(lambda: has_stopped(session))
    assert PAIRINGS.owner(sim.url, DEVICE) is None


async def test_a_bug_does_not_hide_what_the_frontend_does_wrong(
    sim: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    client = BuggyClient(TOKEN, base_url=sim.url)

    async def frontend() -> None:
        async with PairingSession(client, DEVICE, owner=OWNER) as session:
            await until(lambda: has_stopped(session))
            raise KeyError

    with pytest.raises(KeyError):
        await frontend()
    gc.collect()
    assert "never retrieved" not in caplog.text


def has_stopped(session: PairingSession) -> bool:
    return session._runner is not None and session._runner.done()
