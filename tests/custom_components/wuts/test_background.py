"""What runs in the background and breaks is logged once, told, and begun again."""

from typing import Any

import pytest
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from custom_components.wuts.account import refusal
from custom_components.wuts.core import WutsClient
from custom_components.wuts.core.pairing import PairingView
from custom_components.wuts.push import push as push_module
from custom_components.wuts.push.webhooks import put_up
from tests.custom_components.wuts.helpers import AddEntry, Until, on_dashboards, state_of
from tests.custom_components.wuts.pushing import delivers, turn_on
from wuts_simulator import Device, Fault, FaultKind, Simulator

pytestmark = pytest.mark.filterwarnings("ignore:A test tried to use socket")


class BrokenError(Exception):
    """What nobody has thought of."""


class Breaking:
    """Breaks so often, and then does what it should."""

    def __init__(self, real: Any, times: int) -> None:  # noqa: ANN401 - any function
        self._real = real
        self.left = times

    async def __call__(self, *args: Any) -> Any:  # noqa: ANN401 - as the real one
        if self.left:
            self.left -= 1
            raise BrokenError
        return await self._real(*args)


@pytest.fixture
def device(sim: Simulator) -> Device:
    return sim.world.add_device(name="Front desk", state="connected", phone="5511988887777")


def stopped(hass: HomeAssistant) -> list[ir.IssueEntry]:
    found = ir.async_get(hass).issues.values()
    return [one for one in found if one.translation_key == "push_stopped"]


@pytest.mark.usefixtures("patient")
async def test_push_that_breaks_is_told_and_set_up_all_the_same(
    hass: HomeAssistant,
    home: str,
    device: Device,
    add_entry: AddEntry,
    until: Until,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(push_module, "put_up", Breaking(put_up, times=3))
    entry = await add_entry(device)
    await turn_on(hass, entry)
    (issue,) = await until(lambda: stopped(hass))
    assert issue.translation_placeholders == {"account": "WUTS"}
    await until(lambda: delivers(device, home))
    await until(lambda: not stopped(hass))
    assert caplog.text.count("WUTS: push failed and will be restarted") == 1


async def test_a_look_at_a_refused_token_that_breaks_is_begun_again(
    hass: HomeAssistant,
    sim: Simulator,
    device: Device,
    add_entry: AddEntry,
    until: Until,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(refusal, "FIRST_LOOK", 0.05)
    monkeypatch.setattr(refusal, "LONGEST_WAIT", 0.05)
    sim.world.faults.add(Fault(kind=FaultKind.STATUS, endpoint="*", status=401, times=1))
    real = WutsClient.list_devices
    calls = 0

    async def breaking(client: WutsClient) -> Any:  # noqa: ANN401 - as the real one
        nonlocal calls
        calls += 1
        if calls in {2, 3}:
            raise BrokenError
        return await real(client)

    monkeypatch.setattr(WutsClient, "list_devices", breaking)
    entry = await add_entry(device)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    await until(lambda: entry.state is ConfigEntryState.LOADED)
    assert caplog.text.count("the check of a refused token failed and will be restarted") == 1


@pytest.mark.short_qr
async def test_a_pairing_that_breaks_is_logged_and_its_qr_goes_away(
    hass: HomeAssistant,
    sim: Simulator,
    device: Device,
    add_entry: AddEntry,
    until: Until,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await on_dashboards(hass, await add_entry(device))
    sim.world.unlink(device.id)
    await until(lambda: state_of(hass, "sensor.front_desk_state") == "needs_pairing")
    pairing = {"entity_id": "button.front_desk_show_pairing_qr"}
    await hass.services.async_call("button", "press", pairing, blocking=True)
    await until(lambda: state_of(hass, "image.front_desk_pairing_qr") != "unavailable")

    async def breaking(_view: PairingView) -> bytes:
        raise BrokenError

    with monkeypatch.context() as broken:
        broken.setattr(PairingView, "png", breaking)
        await until(lambda: "The pairing of a device of WUTS failed unexpectedly" in caplog.text)
        await until(lambda: state_of(hass, "image.front_desk_pairing_qr") == "unavailable")
    await hass.services.async_call("button", "press", pairing, blocking=True)
    await until(lambda: state_of(hass, "image.front_desk_pairing_qr") != "unavailable")
