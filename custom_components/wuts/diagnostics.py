"""Diagnostics of an account and of a device, with a doctor's report.

They hold no token, number, name, QR, code or secret address: of what people entered, only what is
listed here gets in.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import httpx
from homeassistant.components.diagnostics import REDACTED, async_redact_data
from homeassistant.const import CONF_TOKEN, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.helpers.device_registry import DeviceEntry

from .account.client import trust_of
from .const import CONF_CA_FILE, CONF_DEVICE_ID, CONF_PHONE_NUMBER
from .coordinator import WutsConfigEntry, recipients_of
from .core.doctor import run_doctor
from .errors import CaFileError
from .models import WutsDevice
from .push.log import async_log_of
from .push.options import CONF_PUSH, wants_messages

PATIENCE = 45.0
"""Seconds that the doctor may take: who downloads diagnostics waits for it."""

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

SECRET = {CONF_PHONE_NUMBER, CONF_TOKEN, "name"}


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: WutsConfigEntry
) -> dict[str, Any]:
    """Return the state of an account and its devices, and what a look at the gateway finds."""
    coordinator = entry.runtime_data
    log = async_log_of(hass, entry.entry_id)
    facts = _facts_of_account(entry) | {
        "push": {
            "takes_messages": wants_messages(entry.options),
            "deliveries": dict(log.outcomes),
            "signatures": dict(log.signatures),
        },
        "devices_of_the_account": len(coordinator.listed_ids),
        "recipients": len(recipients_of(entry)),
        "devices": [_facts_of(device) for device in coordinator.data.values()],
        "alerts": [alert.kind.value for alert in coordinator.supervisor.open_alerts()],
    }
    return async_redact_data(facts, SECRET) | {"doctor": await _report(hass, entry)}


async def async_get_device_diagnostics(
    hass: HomeAssistant, entry: WutsConfigEntry, device: DeviceEntry
) -> dict[str, Any]:
    """Return the state of a device or a recipient's sender, and what the gateway says of it."""
    subentry = entry.subentries[device.config_subentry_id or ""]
    device_id = subentry.data[CONF_DEVICE_ID]
    known = entry.runtime_data.data.get(device_id)
    facts = _facts_of_account(entry) | {
        "kind": subentry.subentry_type,
        "device": None if known is None else _facts_of(known),
        "alerts": [
            alert.kind.value
            for alert in entry.runtime_data.supervisor.open_alerts()
            if alert.device_id == device_id
        ],
    }
    return async_redact_data(facts, SECRET) | {"doctor": await _report(hass, entry, device_id)}


def _facts_of_account(entry: WutsConfigEntry) -> dict[str, Any]:
    coordinator = entry.runtime_data
    return {
        "account": {
            CONF_TOKEN: entry.data[CONF_TOKEN],
            CONF_URL: _origin_of(coordinator.client.base_url),
            CONF_CA_FILE: CONF_CA_FILE in entry.data,
        },
        "options": _plain_options(entry.options),
        "gateway": coordinator.supervisor.account_state(entry.entry_id).value,
        "last_update_success": coordinator.last_update_success,
    }


def _origin_of(url: str) -> str:
    """Return where an address leads, without what may be secret in it."""
    address = httpx.URL(url)
    port = "" if address.port is None else f":{address.port}"
    return f"{address.scheme}://{address.host}{port}"


def _plain_options(options: Mapping[str, Any]) -> dict[str, float]:
    """Return what people turned on and off, and their limits; a text may be anything."""
    return {key: value for key, value in options.items() if isinstance(value, bool | int | float)}


def _facts_of(device: WutsDevice) -> dict[str, Any]:
    """Return what is known of a device; an id of another form may be a number."""
    facts = asdict(device)
    return facts | {"id": facts["id"] if _UUID.fullmatch(device.id) else REDACTED}


async def _report(
    hass: HomeAssistant, entry: WutsConfigEntry, device_id: str | None = None
) -> dict[str, object]:
    """Return what the doctor finds within its time; it begins with a device that is named."""
    try:
        trust = await trust_of(hass, entry.data)
    except CaFileError as error:
        return {"problem": type(error).__name__}
    signatures = async_log_of(hass, entry.entry_id).signatures
    report = await run_doctor(
        entry.runtime_data.client,
        signatures=signatures if entry.options.get(CONF_PUSH) else None,
        ssl_context=trust,
        device_id=device_id,
        patience=PATIENCE,
    )
    return report.as_json()
