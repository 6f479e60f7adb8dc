"""The options of push, and what is made once and kept in them."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import Any, Final

from homeassistant.components import webhook

CONF_PUSH: Final = "push"
CONF_MESSAGES: Final = "incoming_messages"
CONF_RECORD_TEXT: Final = "record_message_text"
CONF_SECRET: Final = "push_secret"  # noqa: S105 - the name of one, not one
CONF_WEBHOOK_ID: Final = "webhook_id"
CONF_CLOUDHOOK: Final = "push_cloudhook"
"""The address that Home Assistant Cloud gave us; it stays known while the cloud is away."""

WITHOUT_RELOAD: Final = frozenset({CONF_CLOUDHOOK})
"""Options that change without a reload."""


def new_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return an account's options with push turned on.

    The webhook's id and its secret are kept once they are made: the gateway may still have them.
    """
    return {
        CONF_WEBHOOK_ID: webhook.async_generate_id(),
        CONF_SECRET: secrets.token_urlsafe(32),
        **options,
        CONF_PUSH: True,
    }


def wants_messages(options: Mapping[str, Any]) -> bool:
    """Return whether incoming messages are wanted; they come by push alone."""
    return bool(options.get(CONF_PUSH) and options.get(CONF_MESSAGES))


def signing_secret_of(options: Mapping[str, Any]) -> str:
    """Return what the gateway signs deliveries with: another secret than the one it sends."""
    secret: str = options[CONF_SECRET]
    return hmac.new(secret.encode(), b"signature", hashlib.sha256).hexdigest()
