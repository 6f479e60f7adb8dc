"""What goes wrong in a pairing over real HTTP, and how it continues or ends."""

from dataclasses import replace

import pytest

from tests.core.wuts.conftest import MakeClient
from tests.core.wuts.pairing.sessions import FAST, OWNER, is_over, next_event, open_connects
from tests.core.wuts.values import DEVICE, PHONE, TOKEN
from tests.core.wuts.waiting import until
from wuts import WutsClient
from wuts.pairing import (
    Failed,
    FailureReason,
    Paired,
    PairedHow,
    PairingSession,
    QrReady,
    Scanned,
    Waiting,
    error_policy,
)
from wuts_simulator import Fault, FaultKind, Simulator


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again soon: what happens is the same as with the usual waits."""
    monkeypatch.setattr(error_policy, "FIRST_DELAY", 0.02)


async def failure_of(session: PairingSession) -> FailureReason:
    """Return why it ends; that it waits, and tries again, comes first."""
    await next_event(session, Waiting)
    reason = (await next_event(session, Failed)).reason
    assert await is_over(session)
    return reason


async def test_a_gateway_that_is_not_there(make_client: MakeClient, closed_port: int) -> None:
    client = make_client(f"http://127.0.0.1:{closed_port}")
    async with PairingSession(client, DEVICE, owner=OWNER, settings=FAST) as session:
        assert await failure_of(session) is FailureReason.CONNECTION_REFUSED


async def test_a_token_that_is_refused(client: WutsClient, sim: Simulator) -> None:
    sim.world.revoke_token(TOKEN)
    async with PairingSession(client, DEVICE, owner=OWNER, settings=FAST) as session:
        assert await failure_of(session) is FailureReason.TOKEN_REFUSED


async def test_a_token_that_is_withdrawn_in_the_middle(client: WutsClient, sim: Simulator) -> None:
    device = sim.world.add_device()
    async with PairingSession(client, device.id, owner=OWNER, settings=FAST) as session:
        await next_event(session, QrReady)
        sim.world.revoke_token(TOKEN)
        assert await failure_of(session) is FailureReason.TOKEN_REFUSED


async def test_a_device_that_is_not_there(client: WutsClient) -> None:
    async with PairingSession(client, DEVICE, owner=OWNER, settings=FAST) as session:
        assert await failure_of(session) is FailureReason.DEVICE_GONE


async def test_a_device_that_is_removed_in_the_middle(client: WutsClient, sim: Simulator) -> None:
    device = sim.world.add_device()
    async with PairingSession(client, device.id, owner=OWNER, settings=FAST) as session:
        await next_event(session, QrReady)
        sim.world.remove(device.id)
        assert await failure_of(session) is FailureReason.DEVICE_GONE


@pytest.mark.parametrize("status", [401, 403, 404, 408, 421, 425, 502])
async def test_pages_of_a_proxy_do_not_end_it(
    client: WutsClient, sim: Simulator, status: int
) -> None:
    page = Fault(kind=FaultKind.HTML, endpoint="GET /status", status=status, times=3)
    sim.world.faults.add(page)
    device = sim.world.add_device()
    async with PairingSession(client, device.id, owner=OWNER, settings=FAST) as session:
        await next_event(session, Waiting)
        await next_event(session, QrReady)
    assert sim.world.requests.by_endpoint["GET /status"] >= 4


async def test_a_phone_that_unlinks_the_device_at_once(client: WutsClient, sim: Simulator) -> None:
    device = sim.world.add_device()
    settings = replace(FAST, settle=20)
    async with PairingSession(client, device.id, owner=OWNER, settings=settings) as session:
        await next_event(session, QrReady)
        sim.world.scan_device(device.id, PHONE)
        await next_event(session, Scanned)
        sim.world.unlink(device.id)
        assert (await next_event(session, Failed)).reason is FailureReason.LINK_DROPPED
        assert await is_over(session)


@pytest.mark.slow
async def test_a_link_that_drops_is_reconnected(client: WutsClient, sim: Simulator) -> None:
    device = sim.world.add_device()
    settings = replace(FAST, settle=1, link_patience=1)
    async with PairingSession(client, device.id, owner=OWNER, settings=settings) as session:
        await next_event(session, QrReady)
        sim.world.scan_device(device.id, PHONE)
        await next_event(session, Scanned)
        sim.world.drop(device.id)
        paired = await next_event(session, Paired)
        assert paired == Paired(phone_number=PHONE, how=PairedHow.LINKED)
    assert sim.world.requests.by_endpoint["POST /connect"] == 1


async def test_the_deadline(client: WutsClient, sim: Simulator) -> None:
    device = sim.world.add_device()
    settings = replace(FAST, deadline=0.3)
    async with PairingSession(client, device.id, owner=OWNER, settings=settings) as session:
        events = [event async for event in session]
    failed = events[-1]
    assert isinstance(failed, Failed)
    assert failed.reason is FailureReason.DEADLINE_PASSED
    assert failed.message.endswith("Start again.")


async def test_the_deadline_ends_calls_that_hang(client: WutsClient, sim: Simulator) -> None:
    device = sim.world.add_device(state="disconnected")
    sim.world.faults.add(Fault(kind=FaultKind.HANG, endpoint="POST /connect"))
    settings = replace(FAST, deadline=0.1)
    async with PairingSession(client, device.id, owner=OWNER, settings=settings) as session:
        assert (await next_event(session, Failed)).reason is FailureReason.DEADLINE_PASSED
        assert await is_over(session)
    await until(lambda: open_connects(sim) == 0)


async def test_a_restart_of_the_gateway_is_survived(client: WutsClient, sim: Simulator) -> None:
    device = sim.world.add_device()
    async with PairingSession(client, device.id, owner=OWNER, settings=FAST) as session:
        first = await next_event(session, QrReady)
        sim.world.restart(down_for=3600)
        await next_event(session, Waiting)
        sim.world.break_for(0)
        second = await next_event(session, QrReady)
        assert first.payload != second.payload
        sim.world.scan_device(device.id, PHONE)
        await next_event(session, Scanned)
        await next_event(session, Paired)


async def test_a_qr_that_whatsapp_does_not_give_is_asked_for_again(
    client: WutsClient, sim: Simulator
) -> None:
    device = sim.world.add_device()
    late = Fault(kind=FaultKind.STATUS, endpoint="GET /qr", status=504, times=1)
    sim.world.faults.add(late)
    async with PairingSession(client, device.id, owner=OWNER, settings=FAST) as session:
        assert (await next_event(session, Waiting)).retry_in == 0
        assert (await next_event(session, QrReady)).number == 1


async def test_a_scan_counts_while_the_next_qr_hangs(client: WutsClient, sim: Simulator) -> None:
    device = sim.world.add_device()
    async with PairingSession(client, device.id, owner=OWNER, settings=FAST) as session:
        await next_event(session, QrReady)
        sim.world.faults.add(Fault(kind=FaultKind.HANG, endpoint="GET /qr"))
        sim.world.advance(61)
        await until(lambda: sim.world.requests.by_endpoint["GET /qr"] == 2)
        sim.world.sessions.begin_pairing(device, PHONE)
        await next_event(session, Scanned)
        await next_event(session, Paired)
        assert await is_over(session)
