"""The repairs that have a dialog of their own: those about pairing and about phones."""

from typing import Any

from homeassistant.components.repairs import RepairsFlow
from homeassistant.core import HomeAssistant

from .alerts.issues import UNCHECKED_ACCOUNT, WRONG_ACCOUNT
from .const import CONF_DEVICE_ID
from .flows.pairing_repair import PairingRepair
from .flows.phone_repair import PhoneRepair

OF_PHONES = (f"{WRONG_ACCOUNT}_", f"{UNCHECKED_ACCOUNT}_")


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, Any]
) -> RepairsFlow:
    """Return the dialog of an issue; only those about pairing and phones have one."""
    if issue_id.startswith(OF_PHONES):
        is_unchecked = issue_id.startswith(UNCHECKED_ACCOUNT)
        return PhoneRepair(data["entry_id"], data[CONF_DEVICE_ID], is_unchecked=is_unchecked)
    return PairingRepair(data["entry_id"], data[CONF_DEVICE_ID])
