"""Pairings that end because what they rely on is gone, and devices that are left alone."""

import logging

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from tests.custom_components.wuts.dialog import Dialog
from tests.custom_components.wuts.helpers import (
    AddEntry,
    Until,
    on_dashboards,
    our_tasks,
    state_of,
)
from tests.custom_components.wuts.test_image import press
from tests.custom_components.wuts.test_repairs import RepairDialog
from wuts_simulator import Device, Fault, FaultKind, Simulator

PHONE = "5511988887777"


@pytest.fixture
def device(sim: Simulator) -> Device:
    return sim.world.add_device(name="Front desk", state="connected", phone=PHONE)


def errors_in(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR]


async def test_a_new_devices_dialog_ends_with_its_account(
    hass: HomeAssistant,
    add_entry: AddEntry,
    until: Until,
    caplog: pytest.LogCaptureFixture,
) -> None:
    entry = await add_entry()
    dialog = await Dialog.add(hass, entry)
    await dialog.answer(device_name="Kitchen")
    await dialog.choose("qr")
    await dialog.shows("qr")
    await hass.config_entries.async_remove(entry.entry_id)
    assert (await dialog.ends())["reason"] == "account_removed"
    # With them end the requests that have the removed token.
    await until(lambda: our_tasks() == set())
    assert errors_in(caplog) == []


async def test_a_repair_ends_with_its_account(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    sim: Simulator,
    device: Device,
    add_entry: AddEntry,
    until: Until,
    caplog: pytest.LogCaptureFixture,
) -> None:
    entry = await add_entry(device)
    sim.world.unlink(device.id)
    await until(lambda: state_of(hass, "sensor.front_desk_state") == "needs_pairing")
    dialog = RepairDialog(await hass_client(), f"needs_pairing_{entry.entry_id}_{device.id}")
    await dialog.open()
    await dialog.choose("qr")
    await dialog.until(lambda result: result.get("step_id") == "qr")
    await hass.config_entries.async_remove(entry.entry_id)
    await dialog.until(lambda result: result["type"] == "abort")
    assert dialog.result["reason"] == "account_removed"
    assert errors_in(caplog) == []


async def test_a_dialog_ends_with_its_device(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry
) -> None:
    entry = await add_entry(device)
    sim.world.unlink(device.id)
    dialog = await Dialog.again(hass, entry)
    await dialog.choose("qr")
    await dialog.shows("qr")
    (subentry_id,) = entry.subentries
    hass.config_entries.async_remove_subentry(entry, subentry_id)
    assert (await dialog.ends())["reason"] == "device_removed"


async def paused(hass: HomeAssistant, entry: MockConfigEntry, sim: Simulator, until: Until) -> None:
    """Pause the device, whose session then drops."""
    keep = {"entity_id": "switch.front_desk_keep_connected"}
    await hass.services.async_call("switch", "turn_off", keep, blocking=True)
    (device,) = sim.world.registry.devices.values()
    sim.world.drop(device.id)
    await until(lambda: state_of(hass, "binary_sensor.front_desk_connectivity") == "off")


async def test_a_paused_device_is_not_reconnected_by_the_button_but_told_about(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry, until: Until
) -> None:
    entry = await add_entry(device)
    await on_dashboards(hass, entry)
    await paused(hass, entry, sim, until)
    with pytest.raises(ServiceValidationError) as raised:
        await press(hass)
    assert raised.value.translation_key == "paused_and_linked"
    assert "POST /connect" not in sim.world.requests.by_endpoint
    assert state_of(hass, "switch.front_desk_keep_connected") == "off"


async def test_a_paused_device_is_asked_about_in_the_dialog(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry, until: Until
) -> None:
    entry = await add_entry(device)
    await paused(hass, entry, sim, until)
    dialog = await Dialog.again(hass, entry)
    assert dialog.result["step_id"] == "paused"
    assert (await dialog.choose("leave"))["reason"] == "nothing_changed"
    assert not device.is_connected

    dialog = await Dialog.again(hass, entry)
    assert (await dialog.choose("resume"))["step_id"] == "pair"
    await until(lambda: state_of(hass, "switch.front_desk_keep_connected") == "on")
    await dialog.choose("qr")
    assert (await dialog.ends())["reason"] == "paired"
    assert device.is_connected


async def test_a_paused_device_without_its_phone_is_paired_without_a_question(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry, until: Until
) -> None:
    entry = await add_entry(device)
    await on_dashboards(hass, entry)
    await paused(hass, entry, sim, until)
    sim.world.unlink(device.id)
    await until(lambda: not entry.runtime_data.data[device.id].linked)
    await press(hass)
    await until(lambda: state_of(hass, "sensor.front_desk_pairing") == "qr")


@pytest.mark.usefixtures("short_deadline")
async def test_the_sensor_on_a_dashboard_keeps_saying_how_it_ended(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry, until: Until
) -> None:
    entry = await add_entry(sim.world.add_device(name="Front desk"))
    await on_dashboards(hass, entry)
    assert state_of(hass, "sensor.front_desk_pairing") == "idle"
    sim.world.faults.add(Fault(kind=FaultKind.STATUS, endpoint="GET /qr", status=503))
    await press(hass)
    await until(lambda: state_of(hass, "sensor.front_desk_pairing") == "waiting")
    state = hass.states.get("sensor.front_desk_pairing")
    assert state is not None
    assert state.attributes["reason"] == "gateway_busy"
    await until(lambda: state_of(hass, "sensor.front_desk_pairing") == "failed")
    state = hass.states.get("sensor.front_desk_pairing")
    assert state is not None
    assert state.attributes["reason"] == "deadline_passed"
