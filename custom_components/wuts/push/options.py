"""What an account with push keeps: its webhook's id in Home Assistant, and a secret."""

import secrets
from collections.abc import Mapping
from typing import Any, Final

from homeassistant.components import webhook
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.network import get_url

from .webhooks import PushAddress

CONF_PUSH: Final = "push"
CONF_SECRET: Final = "push_secret"  # noqa: S105 - the name of one, not one
CONF_WEBHOOK_ID: Final = "webhook_id"


def new_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of an account with push.

    Id and secret are kept from an earlier time, since the gateway may still have them.
    """
    return {
        CONF_WEBHOOK_ID: webhook.async_generate_id(),
        CONF_SECRET: secrets.token_urlsafe(32),
        **options,
        CONF_PUSH: True,
    }


@callback
def address_of(hass: HomeAssistant, options: Mapping[str, Any]) -> PushAddress:
    """Return where deliveries reach this Home Assistant.

    Raises:
        NoURLAvailableError: It has no https:// address that can be reached from outside.
    """
    path = webhook.async_generate_path(options[CONF_WEBHOOK_ID])
    base = get_url(hass, allow_internal=False, require_ssl=True, prefer_external=True)
    return PushAddress(url=base + path, path=path, secret=options[CONF_SECRET])
