"""What to tell the gateway about a webhook (WUTS reference, Webhooks)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from .errors import InvalidInputError


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookConfig:
    """A device's one webhook, checked when it is made.

    Attributes:
        url: Where deliveries go; https only.
        events: The events to be told of, at least one; see `WutsClient.list_webhook_events`.
        enabled: Whether deliveries are sent.
        retry_attempts: How often a failed delivery is tried again.
        timeout: Sent as ``timeout`` when given.
        secret: Sent as ``secret`` when given.
        headers: Sent along with each delivery; put a secret of your own here to know it by.

    Raises:
        InvalidInputError: The address is not https, or no event is named.
    """

    url: str = field(repr=False)
    events: tuple[str, ...]
    enabled: bool = True
    retry_attempts: int = 3
    timeout: int | None = None
    secret: str | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        """Refuse what the gateway would refuse."""
        if not _is_https(self.url):
            raise InvalidInputError("A webhook's address must start with https:// and name a host.")
        if not self.events:
            raise InvalidInputError("A webhook must name at least one event.")

    def body(self) -> dict[str, object]:
        """Return what ``POST /webhook`` takes."""
        body: dict[str, object] = {
            "webhook_url": self.url,
            "enabled_events": list(self.events),
            "enabled": self.enabled,
            "retry_attempts": self.retry_attempts,
            "headers": dict(self.headers),
        }
        if self.timeout is not None:
            body["timeout"] = self.timeout
        if self.secret is not None:
            body["secret"] = self.secret
        return body


def _is_https(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname)
