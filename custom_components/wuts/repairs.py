"""The repair of a device that its phone has unlinked: scan a QR in the repair's own dialog."""

from typing import Any, override

from homeassistant.components.repairs import RepairsFlow
from homeassistant.components.repairs.models import RepairsFlowContext, RepairsFlowResult
from homeassistant.core import HomeAssistant

from .const import CONF_DEVICE_ID, SUBENTRY_DEVICE
from .issues import UNCHECKED_ACCOUNT, WRONG_ACCOUNT
from .pairing.follow import async_remember_number
from .pairing.steps import PairingSteps
from .phone_repair import PhoneRepair

OF_PHONES = (f"{WRONG_ACCOUNT}_", f"{UNCHECKED_ACCOUNT}_")


class PairingRepair(PairingSteps[RepairsFlowContext, RepairsFlowResult, str], RepairsFlow):
    """Pairs the device of an issue."""

    def __init__(self, entry_id: str, device_id: str) -> None:
        self._entry_id = entry_id
        self._device_id = device_id

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Start, unless the device was removed in the meantime."""
        entry = self.hass.config_entries.async_get_entry(self._entry_id)
        if entry is not None:
            for subentry in entry.get_subentries_of_type(SUBENTRY_DEVICE):
                if subentry.data[CONF_DEVICE_ID] == self._device_id:
                    return await self.async_pair_again(entry, subentry)
        return self.async_abort(reason="device_removed")

    @override
    async def async_paired(self, phone_number: str | None) -> RepairsFlowResult:
        assert self._subentry is not None  # noqa: S101 - `async_pair_again` was called with it
        async_remember_number(self.hass, self._entry, self._subentry, phone_number)
        return self.async_create_entry(data={})


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, Any]
) -> RepairsFlow:
    """Return the dialog of an issue; only those about pairing and phones have one."""
    if issue_id.startswith(OF_PHONES):
        return PhoneRepair(data["entry_id"], data[CONF_DEVICE_ID])
    return PairingRepair(data["entry_id"], data[CONF_DEVICE_ID])
