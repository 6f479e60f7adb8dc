"""WUTS: keeps WhatsApp devices of a WUTS gateway paired and connected.

- `WutsClient` makes the gateway's calls; `models` are what it returns, `errors` what it raises.
- `Media` is a file to send; `chats` are the contacts and groups to send to.
- `pairing` links a phone to a device: a `PairingSession` yields what to draw, view after view.
- `finder` finds the device that a person means; `webhooks` tells real deliveries from others.
- `qr` renders a QR as PNG or as text; `phone` reads numbers.
- `wuts.supervisor` keeps devices connected; it needs the extra ``supervisor``, so it is not
  imported here.
"""

from . import chats, errors, finder, media, models, pairing, phone, qr, webhooks
from .client import DEFAULT_BASE_URL, WutsClient
from .errors import ErrorCode, WutsError
from .finder import find_device, search_devices
from .media import Media, MediaKind
from .messaging import Quoted
from .pairing import PairingSession, PairingSettings, PairingView
from .webhooks import Delivery, Refusal, WebhookConfig, WebhookReceiver

__all__ = [
    "DEFAULT_BASE_URL",
    "Delivery",
    "ErrorCode",
    "Media",
    "MediaKind",
    "PairingSession",
    "PairingSettings",
    "PairingView",
    "Quoted",
    "Refusal",
    "WebhookConfig",
    "WebhookReceiver",
    "WutsClient",
    "WutsError",
    "chats",
    "errors",
    "find_device",
    "finder",
    "media",
    "models",
    "pairing",
    "phone",
    "qr",
    "search_devices",
    "webhooks",
]
