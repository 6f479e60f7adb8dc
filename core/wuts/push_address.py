"""Where the gateway's deliveries reach us, and whose a device's one webhook is.

The gateway keeps one webhook per device (WUTS reference, Webhooks). Somebody else's is known by its
address: leave it alone, or ask a person before you replace it.
"""

from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from .incoming import MESSAGE_RECEIVED
from .models import Webhook
from .webhooks import WebhookConfig

STATE_EVENTS: Final = (
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
        url: The address, as the gateway calls it.
        header: Carries the secret; the gateway sends it back with every delivery.
        secret: What comes back in it.
        path: A path that nobody else has: a webhook with it is ours at any host. Empty
            without one; then only ``url`` is ours.
        events: What is to be delivered.
        earlier_url: Another address that was ours and the gateway may still have, or empty.
        signing_secret: What the gateway is asked to sign deliveries with, or None.
    """

    url: str = field(repr=False)
    header: str
    secret: str = field(repr=False)
    path: str = field(default="", repr=False)
    events: tuple[str, ...] = STATE_EVENTS
    earlier_url: str = field(default="", repr=False)
    signing_secret: str | None = field(default=None, repr=False)

    def owns(self, webhook: Webhook) -> bool:
        """Return whether a webhook is ours, even if the host of a path of our own has changed."""
        if self.path and path_of(webhook.webhook_url) == self.path:
            return True
        ours = {one.rstrip("/") for one in (self.url, self.earlier_url) if one}
        return webhook.webhook_url.rstrip("/") in ours

    def stranger(self, webhook: Webhook | None) -> Webhook | None:
        """Return a device's webhook if it is somebody else's, else None."""
        if webhook is None or not webhook.webhook_url or self.owns(webhook):
            return None
        return webhook

    def serves(self, webhook: Webhook | None) -> bool:
        """Return whether a webhook is ours and delivers to us as it should."""
        if webhook is None or webhook.webhook_url != self.url or not webhook.enabled:
            return False
        delivered = set(webhook.enabled_events)
        if not set(self.events) <= delivered or MESSAGE_RECEIVED in delivered - set(self.events):
            return False  # messages are private: they come only if they are asked for
        # A gateway may leave out the headers.
        return webhook.headers is None or webhook.headers.get(self.header) == self.secret

    def config(self) -> WebhookConfig:
        """Return the webhook to ask the gateway for.

        Raises:
            InvalidInputError: The address is not https.
        """
        return WebhookConfig(
            url=self.url,
            events=self.events,
            headers={self.header: self.secret},
            secret=self.signing_secret,
        )


def host_of(webhook: Webhook) -> str:
    """Return the host of a webhook's address; the rest may be secret."""
    try:
        return urlsplit(webhook.webhook_url).hostname or "?"
    except ValueError:
        return "?"


def path_of(url: str) -> str:
    """Return the path of an address, or nothing if it cannot be read."""
    try:
        return urlsplit(url).path
    except ValueError:
        return ""
