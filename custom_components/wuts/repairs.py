"""The repair of a device that its phone has unlinked: scan a QR in the repair's own dialog."""

from typing import Any, override

from homeassistant.components.repairs import RepairsFlow
from homeassistant.components.repairs.models import RepairsFlowContext, RepairsFlowResult
from homeassistant.core import HomeAssistant

from .account import client_of
from .const import CONF_DEVICE_ID, CONF_PHONE_NUMBER, SUBENTRY_DEVICE
from .pairing.linked_number import async_remember_number
from .pairing.steps import PairingSteps, Target


class PairingRepair(PairingSteps[RepairsFlowContext, RepairsFlowResult, str], RepairsFlow):
    """Pairs the device that the issue is about.

    Args:
        entry_id: The device's account.
        device_id: The device.
    """

    def __init__(self, entry_id: str, device_id: str) -> None:
        self._entry_id = entry_id
        self._device_id = device_id

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Begin, unless the device was removed since."""
        entry = self.hass.config_entries.async_get_entry(self._entry_id)
        subentries = entry.get_subentries_of_type(SUBENTRY_DEVICE) if entry else []
        for subentry in subentries:
            if entry and subentry.data[CONF_DEVICE_ID] == self._device_id:
                self._entry, self._subentry = entry, subentry
                self.target = Target(
                    client=client_of(self.hass, entry.data),
                    device_id=self._device_id,
                    name=subentry.title,
                    expected_number=subentry.data.get(CONF_PHONE_NUMBER),
                )
                return await self.async_step_pair()
        return self.async_abort(reason="device_removed")

    @override
    async def async_paired(self, phone_number: str | None) -> RepairsFlowResult:
        async_remember_number(self.hass, self._entry, self._subentry, phone_number)
        return self.async_create_entry(data={})


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, Any]
) -> RepairsFlow:
    """Return the dialog that fixes an issue; only those of devices to pair can be fixed so."""
    return PairingRepair(data["entry_id"], data[CONF_DEVICE_ID])
