"""Log removed devices out, where the account's options say so."""

from collections.abc import Mapping
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from .account import client_of
from .core.errors import WutsError
from .errors import text_of_error
from .issues import STILL_LINKED, async_raise_issue

CONF_LOG_OUT: Final = "log_out_removed"


async def async_log_out(
    hass: HomeAssistant, entry: ConfigEntry, devices: Mapping[str, str]
) -> None:
    """Unlink the phones of removed devices, if the account's options say so.

    Where that fails, a repair issue asks to unlink the phone by hand.

    Args:
        hass: Home Assistant.
        entry: The devices' account.
        devices: Their names by id.
    """
    if not devices or not entry.options.get(CONF_LOG_OUT):
        return
    client = client_of(hass, entry.data)
    failed: dict[str, WutsError] = {}
    try:
        linked = {one.id for one in await client.list_devices() if one.whatsapp_jid is not None}
    except WutsError as error:
        linked, failed = set(), dict.fromkeys(devices, error)
    for device_id in devices.keys() & linked:
        try:
            await client.logout(device_id)
        except WutsError as error:
            failed[device_id] = error
    for device_id, why in failed.items():
        problem = await text_of_error(hass, why)
        async_raise_issue(hass, STILL_LINKED, device_id, name=devices[device_id], problem=problem)
