"""The gateway's side of push: its webhook for a device, ours or someone else's.

The gateway keeps one webhook per device (WUTS reference, Webhooks). Someone else's is known by its
address and left alone. Ours is deleted when it is no longer wanted, or disabled where the gateway
cannot delete. What is written is read back.
"""

from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from ..account.changes import delete_webhook, set_webhook
from ..core import WutsClient
from ..core.models import Webhook
from ..core.push_address import STATE_EVENTS, PushAddress
from ..core.webhooks import WebhookConfig

SECRET_HEADER: Final = "X-WUTS-Home-Assistant"  # noqa: S105 - the name of what holds one
"""Carries our secret; the gateway sends it back with every delivery."""


async def put_up(
    hass: HomeAssistant,
    entry: ConfigEntry,
    client: WutsClient,
    device_id: str,
    address: PushAddress,
) -> Webhook | None:
    """Subscribe to a device, unless someone else's webhook is in the way; return that.

    Raises:
        WutsError: The gateway could not do it.
        WrongDeviceError: It answered about another device.
        NotVerifiedError: The webhook is not there afterwards.
    """
    webhook = await client.get_webhook(device_id)
    stranger = address.stranger(webhook)
    if stranger is None and not address.serves(webhook):
        await set_webhook(hass, entry, client, device_id, address.config())
    return stranger


async def take_down(
    hass: HomeAssistant,
    entry: ConfigEntry,
    client: WutsClient,
    device_id: str,
    address: PushAddress,
) -> None:
    """Unsubscribe from a device, unless its webhook is someone else's.

    Raises:
        WutsError: The gateway could not do it.
    """
    webhook = await client.get_webhook(device_id)
    if webhook is None or not address.owns(webhook):
        return
    if await delete_webhook(hass, entry, client, device_id) or not webhook.enabled:
        return
    disabled = WebhookConfig(
        url=webhook.webhook_url, events=webhook.enabled_events or STATE_EVENTS, enabled=False
    )
    await set_webhook(hass, entry, client, device_id, disabled)
