"""What reaches a running pairing from outside, over real HTTP."""

import asyncio
from dataclasses import replace

import pytest

from tests.core.wuts.pairing.sessions import FAST, OWNER, is_over, next_event
from tests.core.wuts.values import DEVICE, PHONE
from tests.core.wuts.waiting import until
from wuts import WutsClient
from wuts.pairing import (
    PAIRINGS,
    Failed,
    FailureReason,
    Paired,
    PairingSession,
    QrReady,
    Scanned,
    Stalled,
)
from wuts_simulator import Simulator, Then

SLOW = replace(FAST, poll_interval=150, qr_status_interval=150)
STALLS = replace(FAST, stall_patience=0.2)


async def test_the_first_qr_takes_two_calls(client: WutsClient, sim: Simulator) -> None:
    device = sim.world.add_device()
    async with PairingSession(client, device.id, owner=OWNER) as session:
        await next_event(session, QrReady)
        assert dict(sim.world.requests.by_endpoint) == {"GET /status": 1, "GET /qr": 1}


async def test_a_session_is_found_by_its_device(client: WutsClient, sim: Simulator) -> None:
    device = sim.world.add_device()
    assert PAIRINGS.running(client.base_url, device.id) is None
    async with PairingSession(client, device.id, owner=OWNER, settings=FAST) as session:
        assert PAIRINGS.running(client.base_url, device.id) is session
        assert PAIRINGS.running(client.base_url, DEVICE) is None
    assert PAIRINGS.running(client.base_url, device.id) is None


async def test_a_hint_finds_a_link_before_its_time(client: WutsClient, sim: Simulator) -> None:
    device = sim.world.add_device()
    async with PairingSession(client, device.id, owner=OWNER, settings=SLOW) as session:
        await next_event(session, QrReady)
        sim.world.scan_device(device.id, PHONE)
        session.hint("pair.success")
        async with asyncio.timeout(50):
            await next_event(session, Scanned)


@pytest.mark.parametrize(
    "event", ["connection.pair_error\n", "CONNECTION.PAIR_ERROR", "", "x" * 100_000, "qr.generated"]
)
async def test_no_other_event_ends_it(client: WutsClient, sim: Simulator, event: str) -> None:
    device = sim.world.add_device()
    async with PairingSession(client, device.id, owner=OWNER, settings=FAST) as session:
        await next_event(session, QrReady)
        for _ in range(50):
            session.hint(event)
        sim.world.scan_device(device.id, PHONE)
        await next_event(session, Scanned)
        await next_event(session, Paired)


async def test_a_refusal_that_a_webhook_tells_of_ends_it(
    client: WutsClient, sim: Simulator
) -> None:
    device = sim.world.add_device()
    async with PairingSession(client, device.id, owner=OWNER, settings=SLOW) as session:
        await next_event(session, QrReady)
        sim.world.scan_device(device.id, PHONE, Then.REFUSED)
        session.hint("connection.pair_error")
        assert (await next_event(session, Failed)).reason is FailureReason.PAIR_ERROR
        assert await is_over(session)


async def test_it_ends_with_its_account(client: WutsClient, sim: Simulator) -> None:
    device = sim.world.add_device()
    async with PairingSession(client, device.id, owner=OWNER, settings=FAST) as session:
        await next_event(session, QrReady)
        session.end(FailureReason.ACCOUNT_REMOVED)
        assert (await next_event(session, Failed)).reason is FailureReason.ACCOUNT_REMOVED
        assert await is_over(session)
        asked = sim.world.requests.total()
        session.end(FailureReason.ACCOUNT_CHANGED)
        session.hint("pair.success")
        assert await is_over(session)
        assert sim.world.requests.total() == asked


@pytest.mark.parametrize("by_code", [False, True], ids=["QR", "code"])
async def test_a_passkey_is_suspected_and_the_link_may_still_come(
    client: WutsClient, sim: Simulator, by_code: bool
) -> None:
    device = sim.world.add_device()
    settings = replace(STALLS, phone=PHONE) if by_code else STALLS
    async with PairingSession(client, device.id, owner=OWNER, settings=settings) as session:
        offer = await anext(session)
        asked = sim.world.requests.by_endpoint
        watched = "GET /status" if by_code else "GET /qr/status"
        await until(lambda: asked.get(watched, 0) > 2)
        if isinstance(offer, QrReady):
            sim.world.scan_device(device.id, PHONE, Then.PASSKEY)
        else:
            assert device.code is not None
            sim.world.enter_code(device.id, device.code.code, then=Then.PASSKEY)
        await next_event(session, Scanned)
        await next_event(session, Stalled)
        sim.world.create_passkey(device.id)
        assert await next_event(session, Scanned) == Scanned(phone_number=PHONE)
        await next_event(session, Paired)
    assert (
        sim.world.requests.by_endpoint.get("GET /qr", 0)
        + sim.world.requests.by_endpoint.get("POST /paircode", 0)
        == 1
    )
