"""The gateway's side of push: its webhook for a device, ours or someone else's.

The gateway keeps one webhook per device (WUTS reference, Webhooks). Someone else's is known by its
address and left alone. Ours is deleted when it is no longer wanted, or disabled where the gateway
cannot delete. What is written is read back.
"""

from dataclasses import dataclass, field
from typing import Final, TypeIs
from urllib.parse import urlsplit

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from ..account.changes import delete_webhook, set_webhook
from ..core import WutsClient
from ..core.models import Webhook
from ..core.webhooks import WebhookConfig

SECRET_HEADER: Final = "X-WUTS-Home-Assistant"  # noqa: S105 - the name of what holds one
"""Carries our secret; the gateway sends it back with every delivery."""

EVENTS: Final = (
    "device.connected",
    "device.disconnected",
    "device.logged_out",
    "pair.success",
    "connection.pair_error",
    "connection.stream_replaced",
    "connection.failure",
    "connection.temporary_ban",
    "connection.manual_reconnect",
    "connection.keepalive_timeout",
    "connection.keepalive_restored",
)
"""The events after which a device may be in another state (WUTS reference, Webhook events)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PushAddress:
    """Where deliveries go, and how they are recognized.

    Attributes:
        url: Home Assistant's address for them, as the gateway calls it.
        path: Its path, which holds a unique id.
        secret: What comes back in `SECRET_HEADER`.
    """

    url: str = field(repr=False)
    path: str = field(repr=False)
    secret: str = field(repr=False)

    def owns(self, webhook: Webhook) -> bool:
        """Tell whether a webhook is ours, even if Home Assistant's own address has changed."""
        return _path_of(webhook.webhook_url) == self.path

    def is_blocked_by(self, webhook: Webhook | None) -> TypeIs[Webhook]:
        """Tell whether a device's webhook is someone else's."""
        return webhook is not None and bool(webhook.webhook_url) and not self.owns(webhook)

    def serves(self, webhook: Webhook | None) -> bool:
        """Tell whether a webhook is ours and delivers to us as it should."""
        if webhook is None or webhook.webhook_url != self.url or not webhook.enabled:
            return False
        if not set(EVENTS) <= set(webhook.enabled_events):
            return False
        # A gateway need not repeat the headers.
        return webhook.headers is None or webhook.headers.get(SECRET_HEADER) == self.secret

    def config(self) -> WebhookConfig:
        """Return the webhook to ask the gateway for."""
        return WebhookConfig(url=self.url, events=EVENTS, headers={SECRET_HEADER: self.secret})


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
    if address.is_blocked_by(webhook):
        return webhook
    if not address.serves(webhook):
        await set_webhook(hass, entry, client, device_id, address.config())
    return None


async def take_down(
    hass: HomeAssistant, entry: ConfigEntry, client: WutsClient, device_id: str, path: str
) -> None:
    """Unsubscribe from a device, unless its webhook is someone else's.

    Raises:
        WutsError: The gateway could not do it.
    """
    webhook = await client.get_webhook(device_id)
    if webhook is None or _path_of(webhook.webhook_url) != path:
        return
    if await delete_webhook(hass, entry, client, device_id) or not webhook.enabled:
        return
    disabled = WebhookConfig(
        url=webhook.webhook_url, events=webhook.enabled_events or EVENTS, enabled=False
    )
    await set_webhook(hass, entry, client, device_id, disabled)


def host_of(webhook: Webhook) -> str:
    """Return the host of a webhook's address; the rest may be secret."""
    try:
        return urlsplit(webhook.webhook_url).hostname or "?"
    except ValueError:
        return "?"


def _path_of(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""
