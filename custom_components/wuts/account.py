"""An account's client, which uses Home Assistant's HTTP client."""

from collections.abc import Mapping, Sequence
from typing import Any

from homeassistant.const import CONF_TOKEN, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.helpers.httpx_client import get_async_client

from .core import DEFAULT_BASE_URL, WutsClient
from .core.models import Device

type Listing = Sequence[Device]


def client_of(hass: HomeAssistant, data: Mapping[str, Any]) -> WutsClient:
    """Return a client of the account that ``data`` names, by token and address.

    Raises:
        WutsConfigError: The token or the address is not usable.
    """
    return WutsClient(
        data[CONF_TOKEN],
        base_url=data.get(CONF_URL, DEFAULT_BASE_URL),
        http=get_async_client(hass),
    )
