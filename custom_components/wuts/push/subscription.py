"""Has the gateway tell us of each device, until it does."""

import asyncio

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from ..const import CONF_DEVICE_ID, DOMAIN, LOGGER
from ..coordinator import WutsConfigEntry, devices_of
from ..core.errors import WutsError
from .webhooks import PushAddress, host_of, put_up

RETRY_AFTER = 60.0
"""Seconds until a gateway is asked again that could not take our webhook."""


class Subscription:
    """Has the gateway tell us of each of the account's devices.

    Args:
        hass: Home Assistant.
        entry: The account.
        address: Where deliveries go.
    """

    def __init__(self, hass: HomeAssistant, entry: WutsConfigEntry, address: PushAddress) -> None:
        self._hass = hass
        self._entry = entry
        self._address = address
        self._waiting = devices_of(entry)
        self._issues: list[str] = []

    async def keep(self) -> None:
        """Put our webhook up for all devices; ask again where the gateway could not."""
        while True:
            for device_id, name in tuple(self._waiting.items()):
                try:
                    await self._put_up(device_id, name)
                except WutsError as error:
                    LOGGER.debug("The gateway took no webhook: %s", error.message)
                else:
                    del self._waiting[device_id]
            if not self._waiting:
                return
            await asyncio.sleep(RETRY_AFTER)

    @callback
    def clear(self) -> None:
        """Take our issues back."""
        for issue_id in self._issues:
            ir.async_delete_issue(self._hass, DOMAIN, issue_id)

    async def _put_up(self, device_id: str, name: str) -> None:
        stranger = await put_up(self._entry.runtime_data.client, device_id, self._address)
        if stranger is None:
            return
        issue_id = f"push_taken_{self._entry.entry_id}_{device_id}"
        self._issues.append(issue_id)
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            issue_id,
            data={"entry_id": self._entry.entry_id, CONF_DEVICE_ID: device_id},
            is_fixable=False,
            severity=ir.IssueSeverity.WARNING,
            translation_key="push_taken",
            translation_placeholders={
                "account": self._entry.title,
                "name": name,
                "host": host_of(stranger),
            },
        )
