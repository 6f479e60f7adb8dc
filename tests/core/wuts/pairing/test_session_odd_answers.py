"""Odd answers at every moment of a pairing over real HTTP settle nothing, and it ends well."""

import asyncio
from dataclasses import replace

import pytest

from tests.core.wuts.odd_answers import ODD_ANSWERS, answer_of, odd_answer
from tests.core.wuts.pairing.sessions import FAST, OWNER, next_event
from tests.core.wuts.values import DEVICE, PHONE
from wuts import WutsClient
from wuts.pairing import (
    Failed,
    Paired,
    PairedHow,
    PairingEvent,
    PairingSession,
    QrReady,
    Unchecked,
    WrongAccount,
    error_policy,
)
from wuts_simulator import Fault, FaultKind, Simulator

OTHER_PHONE = "5511888888888"
ENDS = (Paired, Failed, Unchecked, WrongAccount)
SOME = 6
"""Odd answers in a row: more than any number that ends a pairing."""


every_odd_answer = pytest.mark.parametrize("odd", ODD_ANSWERS)


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(error_policy, "FIRST_DELAY", 0.01)
    monkeypatch.setattr(error_policy, "LONGEST_DELAY", 0.02)


def answer_oddly(sim: Simulator, odd: str, endpoint: str, times: int = SOME) -> None:
    sim.world.faults.add(odd_answer(odd, endpoint=endpoint, times=times))


async def outcome_of(session: PairingSession) -> PairingEvent:
    """Return how it ends."""
    async with asyncio.timeout(200):
        return [event async for event in session if isinstance(event, ENDS)][-1]


@every_odd_answer
async def test_they_are_outlived_before_there_is_a_qr(
    client: WutsClient, sim: Simulator, odd: str
) -> None:
    device = sim.world.add_device()
    # A gateway that was never reached is given up soon.
    answer_oddly(sim, odd, "GET /status", times=2 if odd == "a reset" else SOME)
    answer_oddly(sim, odd, "GET /qr")
    async with PairingSession(client, device.id, owner=OWNER, settings=FAST) as session:
        async with asyncio.timeout(200):
            async for event in session:
                if isinstance(event, QrReady):
                    break
        sim.world.scan_device(device.id, PHONE)
        assert await outcome_of(session) == Paired(phone_number=PHONE, how=PairedHow.LINKED)


@every_odd_answer
@pytest.mark.parametrize("endpoint", ["GET /status", "GET /qr/status"])
async def test_they_are_outlived_while_a_qr_is_shown_and_scanned(
    client: WutsClient, sim: Simulator, odd: str, endpoint: str
) -> None:
    device = sim.world.add_device()
    async with PairingSession(client, device.id, owner=OWNER, settings=FAST) as session:
        await next_event(session, QrReady)
        answer_oddly(sim, odd, endpoint)
        sim.world.scan_device(device.id, PHONE)
        assert await outcome_of(session) == Paired(phone_number=PHONE, how=PairedHow.LINKED)


@every_odd_answer
async def test_they_are_outlived_by_a_reconnect(
    client: WutsClient, sim: Simulator, odd: str
) -> None:
    device = sim.world.add_device(state="disconnected", phone=PHONE)
    answer_oddly(sim, odd, "POST /connect")
    async with PairingSession(client, device.id, owner=OWNER, settings=FAST) as session:
        assert await outcome_of(session) == Paired(phone_number=PHONE, how=PairedHow.RECONNECTED)


async def test_three_seconds_of_401_in_the_middle_end_nothing(
    client: WutsClient, sim: Simulator
) -> None:
    device = sim.world.add_device()
    async with PairingSession(client, device.id, owner=OWNER, settings=FAST) as session:
        await next_event(session, QrReady)
        sim.world.faults.add(
            Fault(kind=FaultKind.STATUS, status=401, endpoint="GET /status", times=3)
        )
        sim.world.scan_device(device.id, PHONE)
        assert isinstance(await outcome_of(session), Paired)


@pytest.mark.parametrize("endpoint", ["GET /status", "GET /qr", "GET /qr/status"])
async def test_answers_about_another_device_in_the_middle_are_not_believed(
    client: WutsClient, sim: Simulator, endpoint: str
) -> None:
    """The other device is connected with another phone, and there is a QR of it."""
    other = {"device_id": "another", "connected": True, "is_logged_in": True, "exists": False}
    data = other | {"jid": f"{OTHER_PHONE}@s.whatsapp.net", "qr_code": "2@of,another,device"}
    device = sim.world.add_device()
    about_another = {"success": True, "data": data}
    sim.world.faults.add(answer_of(about_another, endpoint=endpoint, times=2))
    events: list[PairingEvent] = []
    async with PairingSession(client, device.id, owner=OWNER, settings=FAST) as session:
        async with asyncio.timeout(200):
            async for event in session:
                events.append(event)
                if isinstance(event, QrReady):
                    assert event.qr.qr_code != "2@of,another,device"
                    sim.world.scan_device(device.id, PHONE)
    assert events[-1] == Paired(phone_number=PHONE, how=PairedHow.LINKED)


async def test_a_gateway_that_only_answers_about_another_device_ends_it_in_those_words(
    client: WutsClient, sim: Simulator
) -> None:
    device = sim.world.add_device()
    sim.world.add_device()
    sim.world.faults.add(Fault(kind=FaultKind.WRONG_DEVICE))
    async with PairingSession(client, device.id, owner=OWNER, settings=FAST) as session:
        ended = await outcome_of(session)
    assert isinstance(ended, Failed)
    assert ended.reason == "wrong_device"


@pytest.mark.parametrize(
    "told",
    [
        {"phone_number": float(PHONE)},
        {"phone_number": int(PHONE)},
        {"phone_number": f"{PHONE}:12"},
        {"phone_number": f"+{PHONE}@s.whatsapp.net"[1:], "jid": "123456789012345@lid"},
        {"jid": f"{PHONE}:3@s.whatsapp.net", "phone_number": OTHER_PHONE},
        {"jid": f"{PHONE}.0:3@s.whatsapp.net", "phone_number": None},
        {"jid": "551199999999@s.whatsapp.net", "phone_number": ["odd"]},
    ],
    ids=str,
)
async def test_the_expected_phone_is_known_in_whatever_form_it_is_told(
    client: WutsClient, sim: Simulator, told: dict[str, object]
) -> None:
    data = {"connected": True, "is_logged_in": True, "device_id": DEVICE, **told}
    sim.world.faults.add(answer_of({"success": True, "data": data}, endpoint="GET /status"))
    async with PairingSession(
        client, DEVICE, owner=OWNER, settings=replace(FAST, expected_number=PHONE)
    ) as session:
        assert isinstance(await outcome_of(session), Paired)
