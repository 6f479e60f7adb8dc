"""Two gateways may give devices equal ids; an account of before keeps its entities and devices."""

from collections.abc import Callable

import pytest
from homeassistant.config_entries import ConfigSubentryData
from homeassistant.const import CONF_TOKEN, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events

from custom_components.wuts.config_flow import WutsConfigFlow
from custom_components.wuts.const import CONF_DEVICE_ID, DOMAIN, SUBENTRY_DEVICE
from tests.custom_components.wuts.alerts.test_alerts import act, alerts_of, mutes_of
from tests.custom_components.wuts.helpers import AddEntry, Until, state_of
from wuts_simulator import Device, Simulator


@pytest.mark.parametrize("minor_version", [1, 2])
async def test_every_entity_and_device_of_before_keeps_its_id_and_what_a_person_made_of_it(
    hass: HomeAssistant,
    device: Device,
    entry_of: Callable[..., MockConfigEntry],
    minor_version: int,
) -> None:
    entry = entry_of(device, minor_version=minor_version)
    entities, devices = er.async_get(hass), dr.async_get(hass)
    (subentry_id,) = entry.subentries
    old = devices.async_get_or_create(
        config_entry_id=entry.entry_id,
        config_subentry_id=subentry_id,
        identifiers={(DOMAIN, device.id)},
        name="Front desk",
    )
    devices.async_update_device(old.id, name_by_user="Reception")
    sensor, switch = (
        entities.async_get_or_create(
            platform,
            DOMAIN,
            f"{device.id}_{key}",
            config_entry=entry,
            config_subentry_id=subentry_id,
            device_id=old.id,
        )
        for platform, key in (("sensor", "state"), ("switch", "keep_connected"))
    )
    entities.async_update_entity(sensor.entity_id, new_entity_id="sensor.mine")

    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert entry.minor_version == WutsConfigFlow.MINOR_VERSION
    (now,) = dr.async_entries_for_config_entry(devices, entry.entry_id)
    assert (now.id, now.name_by_user) == (old.id, "Reception")
    assert now.identifiers == {(DOMAIN, f"account_{device.id}")}
    assert state_of(hass, "sensor.mine") == "connected"
    assert state_of(hass, switch.entity_id) == "on"
    kept = entities.async_get("sensor.mine")
    assert kept is not None
    assert (kept.unique_id, kept.device_id) == (f"account_{device.id}_state", old.id)
    assert not [
        one.entity_id
        for one in er.async_entries_for_config_entry(entities, entry.entry_id)
        if one.unique_id.startswith(device.id)
    ]


async def test_devices_of_two_gateways_with_equal_ids_are_two(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry, until: Until
) -> None:
    first = await add_entry(device)
    async with Simulator() as gateway:
        twin = gateway.world.add_device(name="Shop", state="connected")
        for devices in (gateway.world.registry.devices, twin.user.tenant.devices):
            devices[device.id] = devices.pop(twin.id)
        twin.id = device.id
        second = MockConfigEntry(
            domain=DOMAIN,
            title="Other",
            entry_id="other",
            minor_version=WutsConfigFlow.MINOR_VERSION,
            data={CONF_TOKEN: gateway.token, CONF_URL: gateway.url},
            subentries_data=[
                ConfigSubentryData(
                    data={CONF_DEVICE_ID: device.id},
                    subentry_type=SUBENTRY_DEVICE,
                    title="Shop",
                    unique_id=device.id,
                )
            ],
        )
        second.add_to_hass(hass)
        await hass.config_entries.async_setup(second.entry_id)
        await hass.async_block_till_done()
        await until(lambda: second.runtime_data.supervisor.devices(second.entry_id))
        registry = dr.async_get(hass)
        (here,) = dr.async_entries_for_config_entry(registry, first.entry_id)
        (there,) = dr.async_entries_for_config_entry(registry, second.entry_id)
        assert (here.name, there.name) == ("Front desk", "Shop")
        changes = async_capture_events(hass, "state_changed")
        gateway.world.unlink(device.id)
        await until(lambda: state_of(hass, "sensor.shop_state") == "needs_pairing")
        await until(lambda: alerts_of(second))
        await act(hass, "mute_alerts", device_id=there.id)
        assert (len(mutes_of(first)), len(mutes_of(second))) == (0, 1)
        await hass.async_block_till_done()
        told = {change.data["entity_id"] for change in changes}
        assert "event.shop_session" in told
        assert not {one for one in told if "front_desk" in one}
        assert state_of(hass, "sensor.front_desk_state") == "connected"
        await hass.config_entries.async_unload(second.entry_id)
