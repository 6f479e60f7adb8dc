"""Log devices out that are removed, but only where the user has ticked it."""

from collections.abc import Mapping
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .account import client_of
from .const import DOMAIN
from .core.errors import WutsError
from .errors import key_of
from .translated import text_of

CONF_LOG_OUT: Final = "log_out_removed"
STILL_LINKED: Final = "still_linked"


async def async_log_out(
    hass: HomeAssistant, entry: ConfigEntry, devices: Mapping[str, str]
) -> None:
    """Unlink the phones of devices that were removed, as far as the account's options say so.

    Where it fails a repair issue tells to unlink the phone by hand: nobody could see it otherwise.

    Args:
        hass: Home Assistant.
        entry: The devices' account.
        devices: Their names, by id.
    """
    if not devices or not entry.options.get(CONF_LOG_OUT):
        return
    client = client_of(hass, entry.data)
    try:
        linked = {one.id for one in await client.list_devices() if one.whatsapp_jid is not None}
    except WutsError as error:
        for device_id, name in devices.items():
            await _tell(hass, device_id, name, error)
        return
    for device_id in devices.keys() & linked:
        try:
            await client.logout(device_id)
        except WutsError as error:
            await _tell(hass, device_id, devices[device_id], error)


@callback
def async_forget_left(hass: HomeAssistant, device_id: str) -> None:
    """Take the issue back of a device that was added again."""
    ir.async_delete_issue(hass, DOMAIN, f"{STILL_LINKED}_{device_id}")


async def _tell(hass: HomeAssistant, device_id: str, name: str, error: WutsError) -> None:
    problem = await text_of(hass, "exceptions", f"{key_of(error)}.message")
    ir.async_create_issue(
        hass,
        DOMAIN,
        f"{STILL_LINKED}_{device_id}",
        is_fixable=False,
        is_persistent=True,
        severity=ir.IssueSeverity.WARNING,
        translation_key=STILL_LINKED,
        translation_placeholders={"name": name, "problem": problem},
    )
