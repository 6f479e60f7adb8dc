"""An account's client, and the HTTP client that it uses."""

import ssl
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
from homeassistant.const import CONF_TOKEN, CONF_URL, EVENT_HOMEASSISTANT_CLOSE
from homeassistant.core import Event, HomeAssistant
from homeassistant.helpers.httpx_client import (
    DEFAULT_LIMITS,
    SERVER_SOFTWARE,
    USER_AGENT,
    get_async_client,
)
from homeassistant.util.hass_dict import HassKey
from homeassistant.util.ssl import client_context, create_client_context

from ..const import CONF_CA_FILE, DOMAIN
from ..core import DEFAULT_BASE_URL, WutsClient
from ..core.models import Device
from ..errors import CaFileError

type Listing = Sequence[Device]

type _Version = tuple[Path, int, int]
"""A file, when it was written, and its size."""

_CLIENTS: HassKey[dict[_Version, httpx.AsyncClient]] = HassKey(f"{DOMAIN}_http")


async def client_of(hass: HomeAssistant, data: Mapping[str, Any]) -> WutsClient:
    """Return a client of the account that ``data`` names, by token, address and CA file.

    It uses Home Assistant's HTTP client, or one of its own if there is a CA file.

    Raises:
        WutsConfigError: The token or the address is not usable.
        CaFileError: The CA file is not usable.
    """
    ca_file = data.get(CONF_CA_FILE)
    http = await _trusting(hass, ca_file) if ca_file else get_async_client(hass)
    return WutsClient(data[CONF_TOKEN], base_url=data.get(CONF_URL, DEFAULT_BASE_URL), http=http)


async def trust_of(hass: HomeAssistant, data: Mapping[str, Any]) -> ssl.SSLContext:
    """Return whom the account's client trusts.

    Raises:
        CaFileError: The CA file is not usable.
    """
    ca_file = data.get(CONF_CA_FILE)
    if not ca_file:
        return client_context()
    _, context = await hass.async_add_executor_job(_read, Path(hass.config.path(ca_file)))
    return context


async def _trusting(hass: HomeAssistant, ca_file: str) -> httpx.AsyncClient:
    """Return the HTTP client that trusts a CA file too; a file that was replaced is read again."""
    version, context = await hass.async_add_executor_job(_read, Path(hass.config.path(ca_file)))
    clients = hass.data.setdefault(_CLIENTS, {})
    if version not in clients:
        client = clients[version] = httpx.AsyncClient(
            verify=context, headers={USER_AGENT: SERVER_SOFTWARE}, limits=DEFAULT_LIMITS
        )

        async def close(_event: Event) -> None:
            await client.aclose()

        hass.bus.async_listen_once(EVENT_HOMEASSISTANT_CLOSE, close)
    return clients[version]


def _read(ca_file: Path) -> tuple[_Version, ssl.SSLContext]:
    try:
        stat = ca_file.stat()
        context = create_client_context()
        context.load_verify_locations(cafile=ca_file)
    except OSError:  # an SSLError is one too
        raise CaFileError from None
    return (ca_file, stat.st_mtime_ns, stat.st_size), context
