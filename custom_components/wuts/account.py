"""An account's client, which uses Home Assistant's HTTP client and shares its listings."""

from collections.abc import Callable, Mapping
from typing import Any, override

from homeassistant.const import CONF_TOKEN, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.helpers.httpx_client import get_async_client

from .core import DEFAULT_BASE_URL, WutsClient
from .core.models import Device

type Listing = tuple[Device, ...]


class AccountClient(WutsClient):
    """A client whose listings can be read along, so that one request serves everybody.

    Attributes:
        on_listing: Takes each listing, and returns what the caller gets of it.
    """

    on_listing: Callable[[Listing], Listing] | None = None

    @override
    async def list_devices(self) -> Listing:
        devices = await super().list_devices()
        return devices if self.on_listing is None else self.on_listing(devices)


def client_of(hass: HomeAssistant, data: Mapping[str, Any]) -> AccountClient:
    """Return a client of the account that ``data`` names, by token and address.

    Raises:
        WutsConfigError: The token or the address is not usable.
    """
    return AccountClient(
        data[CONF_TOKEN],
        base_url=data.get(CONF_URL, DEFAULT_BASE_URL),
        http=get_async_client(hass),
    )
