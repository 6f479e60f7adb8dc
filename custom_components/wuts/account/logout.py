"""Log removed devices out, where the account's options say so."""

from collections.abc import Collection, Mapping
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from ..alerts.issues import STILL_LINKED, Text, async_raise_issue
from ..core import WutsClient
from ..core.errors import NotVerifiedError, WrongDeviceError, WutsError
from ..errors import ConfusedGatewayError, Kind, variant_of
from .changes import logout
from .client import client_of
from .consent import check_confirmed

CONF_LOG_OUT: Final = "log_out_removed"

KINDS_TOLD: Final = frozenset({Kind.UNREACHABLE, Kind.TOKEN, Kind.IN_DOUBT, Kind.NOT_CONFIRMED})
"""Problems that have a text of their own."""


async def async_log_out(hass: HomeAssistant, entry: ConfigEntry, names: Mapping[str, str]) -> None:
    """Unlink the phones of removed devices, if the account's options say so.

    Where that fails, a repair issue asks to unlink the phone by hand.
    """
    if not names or not entry.options.get(CONF_LOG_OUT):
        return
    try:
        failed = await _log_out(hass, entry, await client_of(hass, entry.data), names.keys())
    except WutsError as error:
        failed = dict.fromkeys(names, error)
    for device_id, why in failed.items():
        text = Text({"name": names[device_id]}, variant_of(STILL_LINKED, why, KINDS_TOLD))
        async_raise_issue(hass, STILL_LINKED, device_id, text)


async def _log_out(
    hass: HomeAssistant, entry: ConfigEntry, client: WutsClient, device_ids: Collection[str]
) -> dict[str, WutsError]:
    """Log out those devices that are linked, one after the other; return why some were not.

    Once the gateway may have changed another device, or might, no more is sent.

    Raises:
        WutsError: Nothing could be done.
    """
    listing = await client.list_devices()
    linked = [one.id for one in listing if one.linked and one.id in device_ids]
    if linked:
        await check_confirmed(client, [one.id for one in listing], entry.options)
    failed: dict[str, WutsError] = {}
    for done, device_id in enumerate(linked):
        try:
            await logout(hass, entry, client, device_id)
        except (NotVerifiedError, WrongDeviceError, ConfusedGatewayError) as error:
            return failed | dict.fromkeys(linked[done:], error)
        except WutsError as error:
            failed[device_id] = error
    return failed
