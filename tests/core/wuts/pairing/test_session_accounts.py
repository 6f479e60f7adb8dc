"""Whose phone a pairing over real HTTP links: the expected one, or another."""

from dataclasses import replace

import pytest

from tests.core.wuts.pairing.sessions import FAST, OWNER, is_over, next_event
from tests.core.wuts.values import OTHER_PHONE, PHONE
from wuts import WutsClient
from wuts.pairing import Paired, PairedHow, PairingSession, QrReady, Scanned, WrongAccount
from wuts_simulator import Simulator

LINKED = Paired(phone_number=PHONE, how=PairedHow.LINKED)


@pytest.mark.parametrize("expected", [PHONE, "+55 (11) 99999-9999", "551199999999"])
async def test_the_expected_account_is_known_in_every_spelling(
    client: WutsClient, sim: Simulator, expected: str
) -> None:
    device = sim.world.add_device()
    settings = replace(FAST, expected_number=expected)
    async with PairingSession(client, device.id, owner=OWNER, settings=settings) as session:
        await next_event(session, QrReady)
        sim.world.scan_device(device.id, PHONE)
        await next_event(session, Scanned)
        assert await next_event(session, Paired) == LINKED


async def test_another_account_than_the_expected_one_is_told(
    client: WutsClient, sim: Simulator
) -> None:
    device = sim.world.add_device()
    settings = replace(FAST, expected_number=PHONE)
    async with PairingSession(client, device.id, owner=OWNER, settings=settings) as session:
        await next_event(session, QrReady)
        sim.world.scan_device(device.id, OTHER_PHONE)
        wrong = await next_event(session, WrongAccount)
        assert wrong == WrongAccount(phone_number=OTHER_PHONE, expected=PHONE)
        assert await is_over(session)
    assert sim.world.device(device.id).is_connected
