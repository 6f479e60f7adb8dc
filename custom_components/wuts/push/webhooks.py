"""The gateway's side of push: what it is told of our webhook, and whose the present one is.

The gateway keeps one webhook a device and has no call to delete one (WUTS reference, Webhooks). So
ours is taken down by disabling it, and anyone else's is known by its address and left as it is.
"""

from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

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
    """Where our deliveries go, and how they are known.

    Attributes:
        url: Home Assistant's address for them, as the gateway calls it.
        path: Its path, which holds an id that nobody else has.
        secret: What comes back in `SECRET_HEADER`.
    """

    url: str = field(repr=False)
    path: str = field(repr=False)
    secret: str = field(repr=False)

    def owns(self, webhook: Webhook) -> bool:
        """Tell whether a webhook is ours, though Home Assistant's own address may have changed."""
        return _path_of(webhook.webhook_url) == self.path

    def serves(self, webhook: Webhook | None) -> bool:
        """Tell whether a webhook is ours and delivers to us as it should."""
        if webhook is None or webhook.webhook_url != self.url or not webhook.enabled:
            return False
        if not set(EVENTS) <= set(webhook.enabled_events):
            return False
        # A gateway need not repeat the headers.
        return webhook.headers is None or webhook.headers.get(SECRET_HEADER) == self.secret

    def config(self) -> WebhookConfig:
        """Return what the gateway is told."""
        return WebhookConfig(url=self.url, events=EVENTS, headers={SECRET_HEADER: self.secret})


async def strangers_webhook(
    client: WutsClient, device_id: str, address: PushAddress
) -> Webhook | None:
    """Return a device's webhook if it is someone else's.

    Raises:
        WutsError: It cannot be read.
    """
    webhook = await client.get_webhook(device_id)
    if webhook is None or not webhook.webhook_url or address.owns(webhook):
        return None
    return webhook


async def put_up(client: WutsClient, device_id: str, address: PushAddress) -> Webhook | None:
    """Have the gateway tell us of a device; return the webhook of someone else that is in the way.

    Raises:
        WutsError: The gateway could not do it.
    """
    webhook = await client.get_webhook(device_id)
    if address.serves(webhook):
        return None
    if webhook is not None and webhook.webhook_url and not address.owns(webhook):
        return webhook
    await client.set_webhook(address.config(), device_id)
    return None


async def take_down(client: WutsClient, device_id: str, path: str) -> None:
    """Have the gateway tell us of a device no more; a webhook of someone else is left as it is.

    Raises:
        WutsError: The gateway could not do it.
    """
    webhook = await client.get_webhook(device_id)
    if webhook is None or not webhook.enabled or _path_of(webhook.webhook_url) != path:
        return
    disabled = WebhookConfig(
        url=webhook.webhook_url, events=webhook.enabled_events or EVENTS, enabled=False
    )
    await client.set_webhook(disabled, device_id)


def host_of(webhook: Webhook) -> str:
    """Return whose a webhook is, as far as its address tells; the rest of it may be secret."""
    try:
        return urlsplit(webhook.webhook_url).hostname or "?"
    except ValueError:
        return "?"


def _path_of(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""
