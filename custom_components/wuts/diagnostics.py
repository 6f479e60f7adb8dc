"""Diagnostics, without tokens, phone numbers and names."""

from dataclasses import asdict
from typing import Any

from homeassistant.components.diagnostics import async_redact_data
from homeassistant.const import CONF_TOKEN
from homeassistant.core import HomeAssistant

from .const import CONF_PHONE_NUMBER
from .coordinator import WutsConfigEntry, recipients_of

SECRET = {CONF_PHONE_NUMBER, CONF_TOKEN}


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: WutsConfigEntry
) -> dict[str, Any]:
    """Return the state of an account and its devices."""
    coordinator = entry.runtime_data
    facts = {
        "account": dict(entry.data),
        "gateway": coordinator.supervisor.account_state(entry.entry_id).value,
        "last_update_success": coordinator.last_update_success,
        "devices_of_the_account": len(coordinator.listed_ids),
        "recipients": len(recipients_of(entry)),
        "devices": [asdict(device) for device in coordinator.data.values()],
        "alerts": [alert.kind.value for alert in coordinator.supervisor.open_alerts()],
    }
    return async_redact_data(facts, SECRET | {"name"})
