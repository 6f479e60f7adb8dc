"""An account's client: it speaks through Home Assistant's HTTP client, and tells what it lists."""

from collections.abc import Callable, Mapping
from typing import Any, override

from homeassistant.const import CONF_TOKEN, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.helpers.httpx_client import get_async_client

from .core import DEFAULT_BASE_URL, WutsClient
from .core.models import Device

type Listing = tuple[Device, ...]


class AccountClient(WutsClient):
    """Shows its listings to the entities too.

    So one request per interval serves the supervisor and the entities. The supervisor is shown the
    devices that were added to Home Assistant; the account's others are not ours to reconnect.

    Attributes:
        on_listing: Called with every listing once the supervisor asks for them.
        wanted: The ids of the devices that the supervisor is shown.
    """

    on_listing: Callable[[Listing], None] | None = None
    wanted: frozenset[str] = frozenset()

    @override
    async def list_devices(self) -> Listing:
        devices = await super().list_devices()
        if self.on_listing is None:
            return devices
        self.on_listing(devices)
        return tuple(device for device in devices if device.id in self.wanted)


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
