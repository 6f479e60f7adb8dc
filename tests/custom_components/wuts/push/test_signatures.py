"""The gateway signs what it delivers; that is counted, and told in the diagnostics."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.wuts.core.signatures import Signature
from custom_components.wuts.diagnostics import async_get_config_entry_diagnostics
from custom_components.wuts.push.log import async_log_of
from tests.custom_components.wuts.helpers import Until
from tests.custom_components.wuts.push.messages import ANA, Automation
from tests.custom_components.wuts.pushing import answer_to
from wuts_simulator import Device, Settings, Simulator
from wuts_simulator.settings import Signed

# The gateway tries localhost's other address too, where nobody listens and the tests may not go.
pytestmark = [
    pytest.mark.usefixtures("patient"),
    pytest.mark.filterwarnings("ignore:A test tried to use socket"),
]

FORM = pytest.mark.parametrize(
    ("signed", "expected"),
    [(Signed.BODY, Signature.OF_BODY), (Signed.DATA, Signature.OF_DATA)],
)


@pytest.fixture
def signed() -> Signed:
    return Signed.BODY


@pytest.fixture
async def sim(socket_enabled: None, signed: Signed) -> AsyncIterator[Simulator]:
    """A gateway that signs in one of the ways that are plausible."""
    settings = replace(Settings(qr_image=False), webhook_signs=signed)
    async with Simulator(settings) as simulator:
        yield simulator


@FORM
async def test_a_right_signature_is_counted_however_it_is_made(
    hass: HomeAssistant,
    sim: Simulator,
    device: Device,
    entry: MockConfigEntry,
    until: Until,
    expected: Signature,
) -> None:
    sim.world.receive(device.id, ANA, "Hello & <welcome>")
    log = async_log_of(hass, entry.entry_id)
    await until(lambda: log.signatures[expected])
    assert set(log.signatures) == {expected}


async def test_a_wrong_signature_keeps_nobody_out_and_the_doctor_tells(
    hass: HomeAssistant,
    home: str,
    device: Device,
    entry: MockConfigEntry,
) -> None:
    automation = Automation(hass)
    await automation.load(device)
    body = {
        "id": "1",
        "event": "message.received",
        "device_id": device.id,
        "data": {"content": "Hi", "from": f"{ANA}@s.whatsapp.net"},
        "signature": "sha256=00",
    }
    assert await answer_to(home, entry, data=json.dumps(body)) == 200
    await hass.async_block_till_done()
    assert automation.texts == ["Hi"]

    diagnostics = await async_get_config_entry_diagnostics(hass, entry)
    assert diagnostics["push"] == {
        "takes_messages": True,
        "deliveries": {"message": 1},
        "signatures": {"wrong": 1},
    }
    codes = [finding["code"] for finding in diagnostics["doctor"]["findings"]]
    assert "signatures_wrong" in codes
    text = json.dumps(diagnostics, default=str)
    secrets = (ANA, "Hi", entry.options["push_secret"], entry.options["webhook_id"])
    assert not any(f'"{secret}"' in text for secret in secrets)
