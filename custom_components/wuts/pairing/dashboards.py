"""Whether people may pair on dashboards: by a button, with an image of the QR.

Whoever may see that dashboard can link a phone, so it is an option of the account.
"""

from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity import EntityDescription

CONF_DASHBOARDS: Final = "pairing_on_dashboards"

KEYS: Final = frozenset({"pairing", "pairing_qr", "show_pairing_qr"})
"""The entities that an account has only with the option."""


ENDS: Final = tuple(f"_{key}" for key in KEYS)


def wanted[D: EntityDescription](entry: ConfigEntry, descriptions: tuple[D, ...]) -> tuple[D, ...]:
    """Return those of some entities that the account's options ask for."""
    if entry.options.get(CONF_DASHBOARDS):
        return descriptions
    return tuple(one for one in descriptions if one.key not in KEYS)


@callback
def async_keep_option(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Turn the option on for an account of before it, if one of its entities is in use."""
    in_use = any(one.disabled_by is None for one in _entities(hass, entry))
    options = {CONF_DASHBOARDS: in_use, **entry.options}
    hass.config_entries.async_update_entry(entry, options=options, minor_version=2)


@callback
def async_remove_unwanted(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Remove the entities of an account whose option is off; their names are remembered."""
    if entry.options.get(CONF_DASHBOARDS):
        return
    for one in _entities(hass, entry):
        er.async_get(hass).async_remove(one.entity_id)


def _entities(hass: HomeAssistant, entry: ConfigEntry) -> list[er.RegistryEntry]:
    found = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    return [one for one in found if one.unique_id.endswith(ENDS)]
