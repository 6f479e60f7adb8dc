"""What the gateway delivers about a device reaches the pairing of it."""

from dataclasses import replace

import pytest
from homeassistant.core import HomeAssistant

from custom_components.wuts.pairing import steps as pairing_steps
from tests.custom_components.wuts.dialog import Dialog
from tests.custom_components.wuts.helpers import AddEntry, read_qr
from wuts_simulator import Device, Simulator, Then

pytestmark = [
    pytest.mark.usefixtures("patient"),
    pytest.mark.filterwarnings("ignore:A test tried to use socket"),
]

PHONE = "5511988887777"


@pytest.fixture
def device(sim: Simulator) -> Device:
    return sim.world.add_device(name="Front desk")


@pytest.fixture
def no_polls(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a pairing look once a minute, so that what is seen sooner was delivered."""
    times = replace(pairing_steps.TIMES, poll_interval=60.0, qr_status_interval=60.0)
    monkeypatch.setattr(pairing_steps, "TIMES", replace(times, settle=0.0))


async def shows_qr(hass: HomeAssistant, add_pushed: AddEntry, device: Device) -> tuple[Dialog, str]:
    dialog = await Dialog.again(hass, await add_pushed(device))
    await dialog.choose("qr")
    return dialog, read_qr((await dialog.shows("qr"))["qr"])


@pytest.mark.usefixtures("no_polls")
async def test_a_link_is_seen_at_once(
    hass: HomeAssistant, sim: Simulator, device: Device, add_pushed: AddEntry
) -> None:
    dialog, payload = await shows_qr(hass, add_pushed, device)
    sim.world.scan(payload, PHONE)
    assert (await dialog.ends())["reason"] == "paired"


@pytest.mark.usefixtures("no_polls")
async def test_a_refusal_of_whatsapp_is_told_with_what_to_do(
    hass: HomeAssistant, sim: Simulator, device: Device, add_pushed: AddEntry
) -> None:
    dialog, payload = await shows_qr(hass, add_pushed, device)
    sim.world.scan(payload, PHONE, Then.REFUSED)
    result = await dialog.ends()
    assert result["step_id"] == "failed"
    assert result["errors"] == {"base": "pair_error"}
