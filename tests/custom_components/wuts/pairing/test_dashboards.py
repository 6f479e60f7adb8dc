"""Pairing on dashboards is an option of the account."""

from collections.abc import Callable

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.wuts.config_flow import WutsConfigFlow
from custom_components.wuts.const import DOMAIN
from custom_components.wuts.pairing.dashboards import CONF_DASHBOARDS
from tests.custom_components.wuts.helpers import AddEntry, Until, on_dashboards, state_of
from wuts_simulator import Device, Simulator

IMAGE, BUTTON = "image.front_desk_pairing_qr", "button.front_desk_show_pairing_qr"


@pytest.fixture
def device(sim: Simulator) -> Device:
    return sim.world.add_device(name="Front desk")


async def test_a_new_account_has_it_off(
    hass: HomeAssistant, device: Device, add_entry: AddEntry
) -> None:
    entry = await add_entry(device)
    assert not entry.options.get(CONF_DASHBOARDS)
    assert hass.states.get(IMAGE) is None
    assert hass.states.get(BUTTON) is None


async def test_it_comes_with_the_option_and_goes_with_it_under_the_same_names(
    hass: HomeAssistant, device: Device, add_entry: AddEntry, until: Until
) -> None:
    entry = await add_entry(device)
    known = er.async_get(hass).entities
    for on in (True, False, True):
        await on_dashboards(hass, entry, on=on)
        assert (IMAGE in known, BUTTON in known) == (on, on)
    assert known[IMAGE].unique_id == f"account_{device.id}_pairing_qr"
    assert known[BUTTON].unique_id == f"account_{device.id}_show_pairing_qr"
    await until(lambda: state_of(hass, IMAGE) == "unavailable")


@pytest.mark.parametrize("in_use", [True, False])
async def test_an_account_of_before_keeps_what_it_used(
    hass: HomeAssistant,
    device: Device,
    entry_of: Callable[..., MockConfigEntry],
    in_use: bool,
) -> None:
    entry = entry_of(device, minor_version=1)
    disabler = None if in_use else er.RegistryEntryDisabler.USER
    (subentry_id,) = entry.subentries
    for platform, key in (("image", "pairing_qr"), ("button", "show_pairing_qr")):
        er.async_get(hass).async_get_or_create(
            platform,
            DOMAIN,
            f"{device.id}_{key}",
            config_entry=entry,
            config_subentry_id=subentry_id,
            translation_key=key,
            suggested_object_id=f"lobby_{key}",
            disabled_by=disabler,
        )
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert entry.options[CONF_DASHBOARDS] is in_use
    assert entry.minor_version == WutsConfigFlow.MINOR_VERSION
    assert (hass.states.get("image.lobby_pairing_qr") is not None) is in_use
    assert (hass.states.get("button.lobby_show_pairing_qr") is not None) is in_use
