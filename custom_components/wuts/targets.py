"""Which device of which account an action is for."""

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr

from .account.members import devices_of, identifier_of
from .const import DOMAIN
from .coordinator import WutsConfigEntry, WutsCoordinator


@callback
def device_of(hass: HomeAssistant, device_id: str) -> tuple[WutsCoordinator, str]:
    """Return the account and the gateway's id of a device.

    Args:
        hass: Home Assistant.
        device_id: Its id in Home Assistant.

    Raises:
        ServiceValidationError: It is none of ours, or the account is not loaded.
    """
    device = dr.async_get(hass).async_get(device_id)
    known = device.identifiers if device else set()
    entries: list[WutsConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    for entry in entries:
        for found in devices_of(entry):
            if (DOMAIN, identifier_of(entry, found)) in known:
                return entry.runtime_data, found
    raise ServiceValidationError(translation_domain=DOMAIN, translation_key="unknown_device")
