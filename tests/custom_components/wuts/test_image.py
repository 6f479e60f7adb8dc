import base64
from functools import partial
from http import HTTPStatus
from typing import Any

import pytest
from homeassistant.components.image import async_get_image
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.wuts.const import CONF_PHONE_NUMBER
from custom_components.wuts.core.pairing import PairingInProgressError
from custom_components.wuts.pairing import steps as pairing_steps
from custom_components.wuts.pairing.dashboards import CONF_DASHBOARDS
from custom_components.wuts.pairing.dialog import PairingDialog
from tests.custom_components.wuts.dialog import Dialog
from tests.custom_components.wuts.helpers import AddEntry, Until, our_tasks, read_qr, state_of
from tests.custom_components.wuts.test_unchecked import hide_numbers
from wuts_simulator import Device, Simulator

IMAGE = "image.front_desk_pairing_qr"
PHONE = "5511988887777"
OTHER_PHONE = "5511999999999"


@pytest.fixture
def options() -> dict[str, Any]:
    return {CONF_DASHBOARDS: True}


@pytest.fixture
def device(sim: Simulator) -> Device:
    return sim.world.add_device(name="Front desk")


async def press(hass: HomeAssistant) -> None:
    await hass.services.async_call(
        "button", "press", {"entity_id": "button.front_desk_show_pairing_qr"}, blocking=True
    )


def is_another(hass: HomeAssistant, before: str) -> bool:
    return state_of(hass, IMAGE) != before


async def shown(hass: HomeAssistant, until: Until) -> str:
    """Return what the image's QR says."""
    await until(lambda: state_of(hass, IMAGE) != "unavailable")
    image = await async_get_image(hass, IMAGE)
    assert image.content_type == "image/png"
    return read_qr(base64.b64encode(image.content).decode())


async def is_gone(hass: HomeAssistant, until: Until) -> None:
    await until(lambda: state_of(hass, IMAGE) == "unavailable")
    with pytest.raises(HomeAssistantError):
        await async_get_image(hass, IMAGE)


async def test_nothing_is_shown_until_it_is_asked_for(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry, until: Until
) -> None:
    await add_entry(device)
    await is_gone(hass, until)
    assert "GET /qr" not in sim.world.requests.by_endpoint


@pytest.mark.short_qr
async def test_the_button_shows_a_qr_that_replaces_itself_until_a_phone_has_scanned_it(
    hass: HomeAssistant,
    sim: Simulator,
    device: Device,
    add_entry: AddEntry,
    until: Until,
    caplog: pytest.LogCaptureFixture,
) -> None:
    entry = await add_entry(device)
    await press(hass)
    first = await shown(hass, until)
    at = state_of(hass, IMAGE)
    await until(lambda: state_of(hass, IMAGE) != at)
    second = await shown(hass, until)
    assert second != first
    sim.world.scan(second, PHONE)
    await is_gone(hass, until)
    (subentry,) = entry.subentries.values()
    await until(lambda: subentry.data[CONF_PHONE_NUMBER] == PHONE)
    await until(lambda: state_of(hass, "binary_sensor.front_desk_connectivity") == "on")
    assert "wuts pairing for an image" not in our_tasks()
    assert "Exception" not in caplog.text


async def test_a_dialogs_qr_is_shown_as_long_as_the_dialog(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry, until: Until
) -> None:
    entry = await add_entry(device)
    dialog = await Dialog.again(hass, entry)
    await dialog.choose("qr")
    texts = await dialog.shows("qr")
    assert await shown(hass, until) == read_qr(texts["qr"])
    hass.config_entries.subentries.async_abort(dialog.result["flow_id"])
    await is_gone(hass, until)


@pytest.mark.short_qr(later=2.0)
async def test_the_address_of_a_qr_is_worth_nothing_for_the_next(
    hass: HomeAssistant,
    device: Device,
    add_entry: AddEntry,
    until: Until,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    assert await async_setup_component(hass, "http", {})
    await add_entry(device)
    client = await hass_client_no_auth()
    await press(hass)
    addresses = []
    for _ in range(3):
        await shown(hass, until)
        state = hass.states.get(IMAGE)
        assert state is not None
        addresses.append(state.attributes["entity_picture"])
        assert (await client.get(addresses[-1])).status == 200
        await until(partial(is_another, hass, state.state))
    assert (await client.get(addresses[0])).status == 403


@pytest.mark.parametrize("method", ["get", "head"])
async def test_without_a_qr_there_is_no_picture_rather_than_an_error(
    hass: HomeAssistant,
    device: Device,
    add_entry: AddEntry,
    hass_client: ClientSessionGenerator,
    method: str,
) -> None:
    await add_entry(device)
    client = await hass_client()
    answer = await client.request(method, f"/api/image_proxy/{IMAGE}")
    assert answer.status == HTTPStatus.NOT_FOUND


async def test_the_button_takes_nothing_from_a_pairing_that_goes_on(
    hass: HomeAssistant, device: Device, add_entry: AddEntry, until: Until
) -> None:
    await add_entry(device)
    await press(hass)
    await shown(hass, until)
    with pytest.raises(ServiceValidationError) as refused:
        await press(hass)
    assert refused.value.translation_key == "pairing_in_progress"


async def test_a_dialog_goes_on_with_what_the_button_began(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry, until: Until
) -> None:
    entry = await add_entry(device)
    await press(hass)
    await shown(hass, until)
    dialog = await Dialog.again(hass, entry)
    await dialog.choose("qr")
    texts = await dialog.shows("qr")
    assert "wuts pairing for an image" not in our_tasks()
    payload = read_qr(texts["qr"])
    assert await shown(hass, until) == payload
    sim.world.scan(payload, PHONE)
    assert (await dialog.ends())["reason"] == "paired"


async def test_a_pairing_that_comes_too_late_leaves_the_first_one_shown(
    hass: HomeAssistant, device: Device, add_entry: AddEntry, until: Until
) -> None:
    entry = await add_entry(device)
    await press(hass)
    await shown(hass, until)
    client = entry.runtime_data.client
    late = PairingDialog(hass, entry, client, device.id, settings=pairing_steps.TIMES)
    await late.change()
    assert isinstance(late.error, PairingInProgressError)
    assert state_of(hass, IMAGE) != "unavailable"


async def test_a_connected_device_has_nothing_to_pair(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry
) -> None:
    await add_entry(sim.world.add_device(name="Front desk", state="connected"))
    with pytest.raises(ServiceValidationError) as refused:
        await press(hass)
    assert refused.value.translation_key == "already_connected"
    assert state_of(hass, IMAGE) == "unavailable"


async def test_unloading_ends_the_pairing(
    hass: HomeAssistant, device: Device, add_entry: AddEntry, until: Until
) -> None:
    entry = await add_entry(device)
    await press(hass)
    await shown(hass, until)
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert our_tasks() == set()
    await hass.config_entries.async_setup(entry.entry_id)
    await is_gone(hass, until)


@pytest.mark.usefixtures("short_deadline")
async def test_a_qr_that_nobody_scans_goes_away(
    hass: HomeAssistant,
    device: Device,
    add_entry: AddEntry,
    until: Until,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO", logger="custom_components.wuts")
    await add_entry(device)
    await press(hass)
    await until(lambda: "Front desk: no phone was linked: " in caplog.text)
    await is_gone(hass, until)


async def another_phone_scans(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry, until: Until
) -> tuple[MockConfigEntry, tuple[str, str]]:
    """Let a phone scan that is not the one of before; return the account and the issue's key."""
    device = sim.world.add_device(name="Front desk", state="connected", phone=PHONE)
    entry = await add_entry(device)
    sim.world.unlink(device.id)
    await until(lambda: state_of(hass, "sensor.front_desk_state") == "needs_pairing")
    await press(hass)
    sim.world.scan(await shown(hass, until), OTHER_PHONE)
    key = ("wuts", f"wrong_account_{device.id}")
    await until(lambda: key in ir.async_get(hass).issues)
    return entry, key


async def test_a_phone_that_the_gateway_does_not_name_is_told_in_the_repairs(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry, until: Until
) -> None:
    device = sim.world.add_device(name="Front desk", state="connected", phone=PHONE)
    await add_entry(device)
    sim.world.unlink(device.id)
    await until(lambda: state_of(hass, "sensor.front_desk_state") == "needs_pairing")
    await press(hass)
    hide_numbers(sim)
    sim.world.scan(await shown(hass, until), OTHER_PHONE)
    key = ("wuts", f"unchecked_account_{device.id}")
    await until(lambda: key in ir.async_get(hass).issues)


async def test_another_phone_than_before_is_asked_about_in_the_repairs(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry, until: Until
) -> None:
    entry, key = await another_phone_scans(hass, sim, add_entry, until)
    issues = ir.async_get(hass).issues
    issue = issues[key]
    assert issue.translation_placeholders == {"name": "Front desk"}

    dialog = await Dialog.again(hass, entry)
    await dialog.choose("qr")
    await dialog.ends()
    assert dialog.result["step_id"] == "wrong_account"
    await dialog.choose("keep_account")
    assert key not in issues
    (subentry,) = entry.subentries.values()
    assert subentry.data[CONF_PHONE_NUMBER] == OTHER_PHONE


async def test_a_removed_device_leaves_no_question_behind(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry, until: Until
) -> None:
    entry, key = await another_phone_scans(hass, sim, add_entry, until)
    issues = ir.async_get(hass).issues
    (subentry_id,) = entry.subentries
    hass.config_entries.async_remove_subentry(entry, subentry_id)
    await until(lambda: key not in issues)
