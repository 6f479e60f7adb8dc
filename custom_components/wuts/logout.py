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


async def async_log_out(hass: HomeAssistant, entry: ConfigEntry, names: Mapping[str, str]) -> None:
    """Unlink the phones of removed devices, if the account's options say so.

    Where that fails, a repair issue asks to unlink the phone by hand.
    """
    if not names or not entry.options.get(CONF_LOG_OUT):
        return
    client = client_of(hass, entry.data)
    failed: dict[str, WutsError] = {}
    try:
        linked = {one.id for one in await client.list_devices() if one.whatsapp_jid is not None}
    except WutsError as error:
        linked, failed = set(), dict.fromkeys(names, error)
    for device_id in names.keys() & linked:
        try:
            await client.logout(device_id)
        except WutsError as error:
            failed[device_id] = error
    for device_id, why in failed.items():
        problem = await text_of_error(hass, why)
        async_raise_issue(hass, STILL_LINKED, device_id, name=names[device_id], problem=problem)
