"""System health: the number of accounts and devices, and how many of them work."""

from typing import Any

from homeassistant.components.system_health import SystemHealthRegistration
from homeassistant.core import HomeAssistant, callback

from .const import DOMAIN
from .coordinator import WutsConfigEntry


@callback
def async_register(hass: HomeAssistant, register: SystemHealthRegistration) -> None:
    """Add our lines to Home Assistant's system information."""
    register.async_register_info(system_health_info)


async def system_health_info(hass: HomeAssistant) -> dict[str, Any]:
    """Return the counts, without asking a gateway."""
    entries: list[WutsConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    accounts = [entry.runtime_data for entry in entries]
    devices = [device for account in accounts for device in account.data.values()]
    return {
        "accounts": len(hass.config_entries.async_entries(DOMAIN)),
        "accounts_answering": sum(account.last_update_success for account in accounts),
        "devices": len(devices),
        "devices_connected": sum(device.connected for device in devices),
    }
