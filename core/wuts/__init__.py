"""The shared core: what every WUTS frontend builds on.

- `WutsClient`: a typed client of the gateway; `errors` is what it raises, `models` what it
  returns.
- `pairing`: one session that shows QR after QR, or a code, until a phone is linked.
- `qr`: renders a QR as PNG or as terminal text.
"""

from .client import DEFAULT_BASE_URL, WutsClient
from .webhooks import WebhookConfig

__all__ = ["DEFAULT_BASE_URL", "WebhookConfig", "WutsClient"]
