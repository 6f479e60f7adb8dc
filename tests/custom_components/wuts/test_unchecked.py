"""A phone that is linked, but whose number the gateway does not report."""

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.wuts.const import CONF_PHONE_NUMBER, DOMAIN
from tests.custom_components.wuts.dialog import Dialog
from tests.custom_components.wuts.helpers import (
    AddEntry,
    Until,
    on_dashboards,
    read_qr,
    state_of,
)
from wuts_simulator import Device, Fault, FaultKind, Simulator

PHONE = "5511988887777"
HIDDEN = ("data.phone_number", "data.jid")


@pytest.fixture
def device(sim: Simulator) -> Device:
    return sim.world.add_device(name="Front desk", state="connected", phone=PHONE)


def hide_numbers(sim: Simulator) -> None:
    """Let the gateway tell of no phone which one it is, neither in ``/status`` nor in a listing."""
    sim.world.faults.add(
        Fault(
            kind=FaultKind.MISSING_FIELDS,
            endpoint="GET /devices",
            fields=("devices.whatsapp_jid",),
        )
    )
    sim.world.faults.add(
        Fault(kind=FaultKind.MISSING_FIELDS, endpoint="GET /status", fields=HIDDEN)
    )


def number_of(entry: MockConfigEntry) -> str | None:
    (subentry,) = entry.subentries.values()
    number: str | None = subentry.data[CONF_PHONE_NUMBER]
    return number


async def pair_without_number(
    hass: HomeAssistant, sim: Simulator, entry: MockConfigEntry
) -> Dialog:
    (device,) = sim.world.registry.devices.values()
    sim.world.unlink(device.id)
    hide_numbers(sim)
    dialog = await Dialog.again(hass, entry)
    await dialog.choose("qr")
    sim.world.scan(read_qr((await dialog.shows("qr"))["qr"]), PHONE)
    result = await dialog.ends()
    assert result["step_id"] == "unchecked"
    assert result["description_placeholders"] == {
        "name": "Front desk",
        "expected": "+55 11 98888-7777",
    }
    assert (await dialog.read())["step_id"] == "unchecked"
    return dialog


async def test_a_phone_that_could_not_be_checked_is_asked_about_and_the_known_number_stays(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry
) -> None:
    entry = await add_entry(device)
    dialog = await pair_without_number(hass, sim, entry)
    assert (await dialog.choose("keep_account"))["reason"] == "paired"
    assert number_of(entry) == PHONE


async def test_a_phone_that_could_not_be_checked_is_unlinked_if_the_user_says_so(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry
) -> None:
    entry = await add_entry(device)
    dialog = await pair_without_number(hass, sim, entry)
    assert (await dialog.choose("unlink_account"))["step_id"] == "pair"
    assert device.jid is None
    assert number_of(entry) == PHONE


async def test_a_phone_on_a_dashboard_that_could_not_be_checked_has_an_issue_until_it_is_kept(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry, until: Until
) -> None:
    def issues() -> set[str | None]:
        found = ir.async_get(hass).issues
        return {one.translation_key for (domain, _), one in found.items() if domain == DOMAIN}

    entry = await add_entry(device)
    await on_dashboards(hass, entry)
    sim.world.unlink(device.id)
    await until(lambda: state_of(hass, "sensor.front_desk_state") == "needs_pairing")
    hide_numbers(sim)
    await hass.services.async_call(
        "button", "press", {"entity_id": "button.front_desk_show_pairing_qr"}, blocking=True
    )
    await until(lambda: state_of(hass, "image.front_desk_pairing_qr") != "unavailable")
    sim.world.scan_device(device.id, PHONE)
    await until(lambda: "unchecked_account" in issues())
    assert number_of(entry) == PHONE

    dialog = await Dialog.again(hass, entry)
    await dialog.choose("qr")
    assert (await dialog.ends())["step_id"] == "unchecked"
    await dialog.choose("keep_account")
    assert "unchecked_account" not in issues()


async def test_a_number_that_the_listing_hides_is_shown_as_it_was_known(
    hass: HomeAssistant,
    sim: Simulator,
    device: Device,
    add_entry: AddEntry,
    until: Until,
    all_enabled: None,
) -> None:
    await add_entry(device)
    assert state_of(hass, "sensor.front_desk_phone_number") == PHONE
    hidden = {"whatsapp_jid": "98765432101234:5@lid", "connected": True}
    body = {"success": True, "devices": [{"id": device.id, "name": device.name, **hidden}]}
    sim.world.faults.add(Fault(kind=FaultKind.BODY, endpoint="GET /devices", status=200, body=body))
    asked = sim.world.requests.by_endpoint
    before = asked["GET /devices"]
    await until(lambda: asked["GET /devices"] >= before + 3)
    assert state_of(hass, "sensor.front_desk_phone_number") == PHONE

    sim.world.faults.clear()
    sim.world.unlink(device.id)
    await until(lambda: state_of(hass, "sensor.front_desk_phone_number") == "unknown")
