"""The pairing page in Home Assistant: for whoever holds the phone and has only a link."""

from typing import NamedTuple

from aiohttp import web
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers.http import HomeAssistantView, current_request
from homeassistant.helpers.network import get_url
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN, LOGGER
from ..core.page import PairingLink, PairingPages
from ..core.page.access_log import hide_secrets

PATH = f"/api/{DOMAIN}/pair"

_PAGES: HassKey[PairingPages] = HassKey(f"{DOMAIN}_pages")


class Link(NamedTuple):
    """A link to a pairing page.

    Attributes:
        url: Its address, a secret.
        page: What it shows.
    """

    url: str
    page: PairingLink


class PairingPageView(HomeAssistantView):
    """Serves the pages; nobody logs in, since the link is the right to see one."""

    url = f"{PATH}/{{tail:.+}}"
    name = f"api:{DOMAIN}:pair"
    requires_auth = False
    cors_allowed = False

    def __init__(self, pages: PairingPages) -> None:
        self._pages = pages

    async def get(self, request: web.Request, tail: str) -> web.StreamResponse:
        """Show a page."""
        return await self._pages.handle(request, tail)

    head = post = get


@callback
def async_setup_pages(hass: HomeAssistant) -> None:
    """Serve pairing pages."""
    hide_secrets(HomeAssistantView.__module__)  # it logs what is served, at the level DEBUG
    pages = hass.data[_PAGES] = PairingPages()
    hass.http.register_view(PairingPageView(pages))

    @callback
    def close(_event: Event) -> None:
        pages.close()

    hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, close)


@callback
def async_offer(
    hass: HomeAssistant, entry: ConfigEntry, device_id: str, name: str, *, outside: bool
) -> Link:
    """Make a link to a device's pairing page; an older one of the device ends.

    Args:
        hass: Home Assistant.
        entry: The device's account.
        device_id: The device.
        name: The same for people.
        outside: Whether it is for somebody who may be anywhere, and not for the present browser.

    Raises:
        NoURLAvailableError: Home Assistant has no external address that starts with https://.
    """
    base = outside_of(hass) if outside else _here(hass)
    url, page = hass.data[_PAGES].offer(
        (entry.entry_id, device_id), name=name, base_url=base + PATH
    )
    LOGGER.info("%s: a link to a pairing page was made", name)
    return Link(url, page)


@callback
def outside_of(hass: HomeAssistant) -> str:
    """Return where others reach this Home Assistant.

    Raises:
        NoURLAvailableError: It has no external address that starts with https://.
    """
    return get_url(hass, allow_internal=False, require_ssl=True, prefer_external=True)


def _here(hass: HomeAssistant) -> str:
    """Return where the browser is that asks."""
    request = current_request.get()
    return get_url(hass, prefer_external=False) if request is None else str(request.url.origin())
