"""The blueprint: Home Assistant loads it, and an automation of it tells a phone."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from homeassistant.components.automation.helpers import async_get_blueprints
from homeassistant.components.blueprint.models import Blueprint
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.custom_components.wuts.helpers import AddEntry, Until, state_of
from wuts_simulator import Device, Simulator

ROOT = Path(__file__).parents[3]
BLUEPRINT = ROOT / "custom_components/wuts/blueprints/automation/alert.yaml"

type Told = list[dict[str, Any]]


@pytest.fixture
def phone(hass: HomeAssistant) -> tuple[str, Told]:
    """A phone with the Home Assistant app: its device's id, and what it was told."""
    told: Told = []

    async def take(call: ServiceCall) -> None:
        told.append(dict(call.data))

    entry = MockConfigEntry(domain="mobile_app")
    entry.add_to_hass(hass)
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={("mobile_app", "phone")}, name="Ana's phone"
    )
    hass.services.async_register("notify", "mobile_app_ana_s_phone", take)
    return device.id, told


@pytest.fixture
def installed(hass: HomeAssistant, tmp_path: Path) -> str:
    """The blueprint, where a user puts it; returns how automations name it."""
    hass.config.config_dir = str(tmp_path)
    folder = tmp_path / "blueprints/automation/wuts"
    folder.mkdir(parents=True)
    shutil.copy(BLUEPRINT, folder)
    return f"wuts/{BLUEPRINT.name}"


async def load(hass: HomeAssistant, blueprint: str, phone_id: str, **inputs: bool | str) -> None:
    """Make an automation of the blueprint, for the device of the one account."""
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), "account")
    config = {
        "alias": "Alert",
        "use_blueprint": {
            "path": blueprint,
            "input": {"devices": [one.id for one in devices], "phone": phone_id, **inputs},
        },
    }
    assert await async_setup_component(hass, "automation", {"automation": [config]})
    await hass.async_block_till_done()
    assert state_of(hass, "automation.alert") == "on"


async def test_home_assistant_lists_the_blueprint(hass: HomeAssistant, installed: str) -> None:
    assert await async_setup_component(hass, "automation", {})
    found = (await async_get_blueprints(hass).async_get_blueprints())[installed]
    assert isinstance(found, Blueprint)
    assert found.validate() is None
    assert found.inputs.keys() == {
        *("devices", "phone", "tell_when_back", "alert_text", "back_text")
    }
    url = found.metadata["source_url"]
    assert url.endswith(BLUEPRINT.relative_to(ROOT).as_posix())


async def test_a_phone_is_told_that_a_device_needs_pairing_and_that_it_is_back(
    hass: HomeAssistant,
    phone: tuple[str, Told],
    installed: str,
    sim: Simulator,
    device: Device,
    add_entry: AddEntry,
    until: Until,
) -> None:
    phone_id, told = phone
    await add_entry(device)
    await load(hass, installed, phone_id)

    sim.world.unlink(device.id)
    await until(lambda: len(told) == 1)
    assert told[0]["title"] == "Front desk"
    assert told[0]["message"] == "Front desk was unlinked from WhatsApp. Tap to scan the QR code."
    assert told[0]["data"]["clickAction"] == "/config/repairs"

    sim.world.sessions.store_credentials(device, device.phone or "")
    sim.world.restore(device.id)
    await until(lambda: len(told) == 2)
    assert told[1]["message"] == "Front desk is connected to WhatsApp again."
    assert told[1]["data"]["tag"] == told[0]["data"]["tag"]


async def test_an_alert_is_only_cleared_if_the_user_wants_no_all_clear(
    hass: HomeAssistant,
    phone: tuple[str, Told],
    installed: str,
    sim: Simulator,
    device: Device,
    add_entry: AddEntry,
    until: Until,
) -> None:
    phone_id, told = phone
    await add_entry(device)
    await load(hass, installed, phone_id, tell_when_back=False, alert_text="{{ name }} caiu.")
    sim.world.unlink(device.id)
    await until(lambda: len(told) == 1)
    assert told[0]["message"] == "Front desk caiu."
    sim.world.sessions.store_credentials(device, device.phone or "")
    sim.world.restore(device.id)
    await until(lambda: len(told) == 2)
    assert told[1]["message"] == "clear_notification"
    assert told[1]["data"]["tag"] == told[0]["data"]["tag"]


async def test_a_phone_is_not_told_of_what_is_muted(
    hass: HomeAssistant,
    phone: tuple[str, Told],
    installed: str,
    sim: Simulator,
    device: Device,
    add_entry: AddEntry,
    until: Until,
) -> None:
    phone_id, told = phone
    entry = await add_entry(device)
    await load(hass, installed, phone_id)
    chosen = {"config_entry_id": entry.entry_id, "for": "02:00:00"}
    await hass.services.async_call("wuts", "mute_alerts", chosen, blocking=True)
    sim.world.unlink(device.id)
    await until(lambda: state_of(hass, "sensor.front_desk_state") == "needs_pairing")
    await hass.async_block_till_done()

    sim.world.sessions.store_credentials(device, device.phone or "")
    sim.world.restore(device.id)
    await until(lambda: told)
    assert told[0]["message"] == "Front desk is connected to WhatsApp again."
