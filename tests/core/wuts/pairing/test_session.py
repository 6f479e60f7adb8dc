"""Pairing over real HTTP: what a person sees when all goes as it should."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.core.wuts.conftest import MakeClient, StartSimulator
from tests.core.wuts.pairing.sessions import FAST, OWNER, is_over, next_event
from tests.core.wuts.qr_reader import read_png
from tests.core.wuts.values import DEVICE, PHONE
from wuts import WutsClient
from wuts.errors import InvalidInputError, InvalidPhoneNumberError
from wuts.pairing import (
    CodeReady,
    Paired,
    PairedHow,
    PairingSession,
    PairingSettings,
    QrReady,
    Scanned,
)
from wuts_simulator import ExpiredError, Fault, FaultKind, Settings, Simulator

LINKED = Paired(phone_number=PHONE, how=PairedHow.LINKED)


async def test_a_scanned_qr_pairs_the_device(
    dialect_client: WutsClient, dialect_sim: Simulator
) -> None:
    device = dialect_sim.world.add_device()
    async with PairingSession(dialect_client, device.id, owner=OWNER, settings=FAST) as session:
        qr = await next_event(session, QrReady)
        assert qr.number == 1
        dialect_sim.world.scan(read_png(await qr.png()), PHONE)
        assert await next_event(session, Scanned) == Scanned(phone_number=PHONE)
        assert await next_event(session, Paired) == LINKED
        assert await is_over(session)
        assert await is_over(session)
    assert dialect_sim.world.device(device.id).is_connected


async def test_the_events_can_be_walked_through(client: WutsClient, sim: Simulator) -> None:
    device = sim.world.add_device()
    told = []
    async with PairingSession(client, device.id, owner=OWNER, settings=FAST) as session:
        async for event in session:
            told.append(event)
            if isinstance(event, QrReady):
                sim.world.scan_device(device.id, PHONE)
    assert [type(event) for event in told] == [QrReady, Scanned, Paired]


async def test_a_phone_that_takes_its_time_to_connect_is_paired_when_it_has(
    start_simulator: StartSimulator, make_client: MakeClient
) -> None:
    sim = await start_simulator(Settings(connecting_for=0.2, qr_image=False))
    device = sim.world.add_device()
    async with PairingSession(
        make_client(sim.url), device.id, owner=OWNER, settings=FAST
    ) as session:
        await next_event(session, QrReady)
        sim.world.scan_device(device.id, PHONE)
        await next_event(session, Scanned)
        assert await next_event(session, Paired) == LINKED
    assert sim.world.device(device.id).is_connected


@pytest.mark.slow
async def test_a_qr_that_runs_out_is_replaced_by_another(
    start_simulator: StartSimulator, make_client: MakeClient
) -> None:
    sim = await start_simulator(Settings(qr_first_life=1, qr_image=False))
    device = sim.world.add_device()
    settings = replace(FAST, qr_status_interval=60)
    async with PairingSession(
        make_client(sim.url), device.id, owner=OWNER, settings=settings
    ) as session:
        first = await next_event(session, QrReady)
        second = await next_event(session, QrReady)
        assert (first.lifetime, second.number) == (1, 2)
        assert first.payload
        assert first.payload != second.payload
        with pytest.raises(ExpiredError):
            sim.world.scan(first.payload, PHONE)
        assert second.payload
        sim.world.scan(second.payload, PHONE)
        await next_event(session, Scanned)
        assert await next_event(session, Paired) == LINKED


async def test_a_qr_that_dies_before_its_time_is_replaced(
    client: WutsClient, sim: Simulator
) -> None:
    device = sim.world.add_device()
    async with PairingSession(client, device.id, owner=OWNER, settings=FAST) as session:
        first = await next_event(session, QrReady)
        sim.world.advance(61)
        second = await next_event(session, QrReady)
        assert first.lifetime == 60
        assert first.payload != second.payload


async def test_a_qr_that_was_made_before_is_not_shown_again(
    client: WutsClient, sim: Simulator
) -> None:
    device = sim.world.add_device()
    before = await client.get_qr(device.id)
    async with PairingSession(client, device.id, owner=OWNER, settings=FAST) as session:
        assert (await next_event(session, QrReady)).payload != before.qr_code


async def test_a_typed_code_pairs_the_device(
    dialect_client: WutsClient, dialect_sim: Simulator
) -> None:
    device = dialect_sim.world.add_device()
    settings = replace(FAST, phone="+55 (11) 99999-9999")
    async with PairingSession(dialect_client, device.id, owner=OWNER, settings=settings) as session:
        code = await next_event(session, CodeReady)
        assert (code.phone, code.lifetime, code.number) == (PHONE, 300, 1)
        assert code.instructions
        dialect_sim.world.enter_code(device.id, code.code)
        await next_event(session, Scanned)
        assert await next_event(session, Paired) == LINKED
    assert dialect_sim.world.requests.by_endpoint["GET /qr"] == 0


async def test_a_code_that_was_made_before_is_not_shown_again(
    client: WutsClient, sim: Simulator
) -> None:
    device = sim.world.add_device()
    before = await client.request_pair_code(PHONE, device.id)
    settings = replace(FAST, phone=PHONE)
    async with PairingSession(client, device.id, owner=OWNER, settings=settings) as session:
        assert (await next_event(session, CodeReady)).code != before.code


async def test_a_connected_device_is_paired_at_once(client: WutsClient, sim: Simulator) -> None:
    device = sim.world.add_device(state="connected", phone=PHONE)
    async with PairingSession(client, device.id, owner=OWNER) as session:
        expected = Paired(phone_number=PHONE, how=PairedHow.ALREADY_CONNECTED)
        assert await next_event(session, Paired) == expected
        assert await is_over(session)
    assert sim.world.requests.by_endpoint == {"GET /status": 1}


async def test_a_device_with_credentials_is_reconnected_instead(
    client: WutsClient, sim: Simulator
) -> None:
    device = sim.world.add_device(state="disconnected", phone=PHONE)
    async with PairingSession(client, device.id, owner=OWNER, settings=FAST) as session:
        expected = Paired(phone_number=PHONE, how=PairedHow.RECONNECTED)
        assert await next_event(session, Paired) == expected
    assert sim.world.requests.by_endpoint["GET /qr"] == 0


async def test_a_device_that_a_phone_unlinked_is_shown_a_qr(
    client: WutsClient, sim: Simulator
) -> None:
    device = sim.world.add_device(state="disconnected", phone=PHONE)
    stale = Fault(
        kind=FaultKind.BODY,
        endpoint="GET /status",
        times=1,
        body={"data": {"connected": False, "is_logged_in": True}},
    )
    sim.world.faults.add(stale)
    sim.world.unlink(device.id)
    async with PairingSession(client, device.id, owner=OWNER, settings=FAST) as session:
        await next_event(session, QrReady)
    assert sim.world.requests.by_endpoint["POST /connect"] == 1


@pytest.mark.parametrize("skew", [3600.0, -3600.0])
@pytest.mark.parametrize("left_out", [(), ("data.ttl",), ("data.ttl", "data.expires_at")])
async def test_a_gateway_whose_clock_is_off_does_no_harm(
    start_simulator: StartSimulator,
    make_client: MakeClient,
    skew: float,
    left_out: tuple[str, ...],
) -> None:
    sim = await start_simulator(Settings(clock_skew=skew, qr_image=False, connecting_for=0))
    device = sim.world.add_device()
    if left_out:
        fault = Fault(kind=FaultKind.MISSING_FIELDS, endpoint="GET /qr", fields=left_out)
        sim.world.faults.add(fault)
    async with PairingSession(
        make_client(sim.url), device.id, owner=OWNER, settings=FAST
    ) as session:
        qr = await next_event(session, QrReady)
        assert 29 < qr.lifetime <= 61
        assert abs(qr.expires_at - datetime.now(UTC)) < timedelta(seconds=120)
        sim.world.scan_device(device.id, PHONE)
        await next_event(session, Scanned)
        assert await next_event(session, Paired) == LINKED


async def test_two_devices_are_paired_at_once(client: WutsClient, sim: Simulator) -> None:
    one, other = sim.world.add_devices("home", 2)
    async with (
        PairingSession(client, one.id, owner=OWNER, settings=FAST) as first,
        PairingSession(client, other.id, owner=OWNER, settings=FAST) as second,
    ):
        for session, device in ((first, one), (second, other)):
            await next_event(session, QrReady)
            sim.world.scan_device(device.id, PHONE)
        for session in (first, second):
            await next_event(session, Scanned)
            assert await next_event(session, Paired) == LINKED


async def test_the_client_stays_open(client: WutsClient, sim: Simulator) -> None:
    device = sim.world.add_device(state="connected")
    async with PairingSession(client, device.id, owner=OWNER) as session:
        await next_event(session, Paired)
    assert len(await client.list_devices()) == 1


def test_a_device_id_that_is_none_is_refused() -> None:
    with pytest.raises(InvalidInputError):
        PairingSession(WutsClient("token"), "two words", owner=OWNER)


@pytest.mark.parametrize(
    "settings", [PairingSettings(phone="123"), PairingSettings(expected_number="123")]
)
def test_a_number_that_is_none_is_refused(settings: PairingSettings) -> None:
    with pytest.raises(InvalidPhoneNumberError):
        PairingSession(WutsClient("token"), DEVICE, owner=OWNER, settings=settings)
