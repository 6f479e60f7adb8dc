"""Diagnostics with a doctor's report, without tokens, phone numbers and names."""

import asyncio
from dataclasses import asdict
from typing import Any

from homeassistant.components.diagnostics import async_redact_data
from homeassistant.const import CONF_TOKEN
from homeassistant.core import HomeAssistant

from .account.client import trust_of
from .const import CONF_PHONE_NUMBER
from .coordinator import WutsConfigEntry, recipients_of
from .core.doctor import run_doctor
from .errors import CaFileError

PATIENCE = 60.0
"""Seconds that the doctor may take: who downloads diagnostics waits for it."""

SECRET = {CONF_PHONE_NUMBER, CONF_TOKEN}


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: WutsConfigEntry
) -> dict[str, Any]:
    """Return the state of an account and its devices, and what a look at the gateway finds."""
    coordinator = entry.runtime_data
    try:
        trust = await trust_of(hass, entry.data)
        async with asyncio.timeout(PATIENCE):
            report = (await run_doctor(coordinator.client, ssl_context=trust)).as_json()
    except (TimeoutError, CaFileError) as error:
        report = {"problem": type(error).__name__}
    facts = {
        "account": dict(entry.data),
        "gateway": coordinator.supervisor.account_state(entry.entry_id).value,
        "last_update_success": coordinator.last_update_success,
        "devices_of_the_account": len(coordinator.listed_ids),
        "recipients": len(recipients_of(entry)),
        "devices": [asdict(device) for device in coordinator.data.values()],
        "alerts": [alert.kind.value for alert in coordinator.supervisor.open_alerts()],
    }
    return async_redact_data(facts, SECRET | {"name"}) | {"doctor": report}
