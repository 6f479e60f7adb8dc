"""What an account of an earlier version is made into; every entity and device keeps its id."""

from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er

from ..const import DOMAIN
from .members import devices_of, identifier_of

UNIQUE_ALONE: Final = 2
"""The last minor version in which a device's id stood alone in unique ids."""


@callback
def async_make_unique(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Name entities and devices within their account: another gateway may have equal ids."""
    entities, devices = er.async_get(hass), dr.async_get(hass)
    new = {device_id: identifier_of(entry, device_id) for device_id in devices_of(entry)}
    for entity in er.async_entries_for_config_entry(entities, entry.entry_id):
        for old, identifier in new.items():
            if entity.unique_id.startswith(f"{old}_"):
                key = entity.unique_id.removeprefix(f"{old}_")
                unique_id = f"{identifier}_{key}"
                entities.async_update_entity(entity.entity_id, new_unique_id=unique_id)
                break
    for device in dr.async_entries_for_config_entry(devices, entry.entry_id):
        for domain, old in device.identifiers:
            if domain == DOMAIN and old in new:
                devices.async_update_device(device.id, new_identifiers={(DOMAIN, new[old])})
    hass.config_entries.async_update_entry(entry, minor_version=UNIQUE_ALONE + 1)
