"""Calls that change what the gateway keeps of a device, for all parts of the integration.

While an account's gateway answers about other devices than it is asked about, none of them is made:
it may do what you ask to another device. So the result is read back.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Final

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant

from ..core import WutsClient, verified
from ..core.errors import WrongDeviceError, WutsError
from ..core.supervisor import AlertKind
from ..core.webhooks import WebhookConfig
from ..errors import ConfusedGatewayError
from .storage import async_open_alerts

CALL_UNKNOWN: Final = frozenset(
    {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_IMPLEMENTED}
)
"""How a gateway answers a call that it does not have."""


async def check_answers(hass: HomeAssistant, entry: ConfigEntry, device_id: str) -> None:
    """Make sure that an account's gateway is not known to answer about other devices.

    Where it is, the device is looked at again: an answer that is right lets the next try through.

    Raises:
        ConfusedGatewayError: It is.
    """
    if AlertKind.WRONG_DEVICE not in await async_open_alerts(hass, entry.entry_id):
        return
    if entry.state is ConfigEntryState.LOADED:
        entry.runtime_data.async_look(device_id)
    raise ConfusedGatewayError


async def logout(
    hass: HomeAssistant, entry: ConfigEntry, client: WutsClient, device_id: str
) -> None:
    """Unlink a device's phone, and see that it is unlinked.

    Raises:
        ConfusedGatewayError: The gateway answers about other devices; nothing was sent.
        WutsError: See `core.verified.logout`.
    """
    async with _changing(hass, entry, device_id):
        await verified.logout(client, device_id)


async def set_webhook(
    hass: HomeAssistant,
    entry: ConfigEntry,
    client: WutsClient,
    device_id: str,
    config: WebhookConfig,
) -> None:
    """Replace a device's webhook, and see that it is the one.

    Raises:
        ConfusedGatewayError: The gateway answers about other devices; nothing was sent.
        WutsError: See `core.verified.set_webhook`.
    """
    async with _changing(hass, entry, device_id):
        await verified.set_webhook(client, config, device_id)


async def delete_webhook(
    hass: HomeAssistant, entry: ConfigEntry, client: WutsClient, device_id: str
) -> bool:
    """Delete a device's webhook, and see that it is gone; tell whether the gateway can do that.

    Raises:
        ConfusedGatewayError: The gateway answers about other devices; nothing was sent.
        WutsError: See `core.verified.delete_webhook`.
    """
    try:
        async with _changing(hass, entry, device_id):
            await verified.delete_webhook(client, device_id)
    except WutsError as error:
        if error.status not in CALL_UNKNOWN:
            raise
        return False
    return True


@asynccontextmanager
async def _changing(hass: HomeAssistant, entry: ConfigEntry, device_id: str) -> AsyncIterator[None]:
    """Let through what may be changed; raise the alert if the answer is about another device."""
    await check_answers(hass, entry, device_id)
    try:
        yield
    except WrongDeviceError:
        if entry.state is ConfigEntryState.LOADED:
            entry.runtime_data.async_note_wrong_answer(device_id)
        raise
