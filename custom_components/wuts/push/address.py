"""Where the gateway reaches this Home Assistant: by Home Assistant Cloud, or its own address.

A cloudhook is used where there is a subscription: it needs no address of one's own that the
internet reaches. It is made once for each account and deleted with the account, or with push.
"""

from collections.abc import Callable, Mapping
from typing import Any

from homeassistant.components import webhook
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_CORE_CONFIG_UPDATE
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.network import get_url

from ..const import LOGGER
from ..core.incoming import MESSAGE_RECEIVED
from ..core.push_address import STATE_EVENTS, PushAddress
from .options import (
    CONF_CLOUDHOOK,
    CONF_SECRET,
    CONF_WEBHOOK_ID,
    signing_secret_of,
    wants_messages,
)
from .webhooks import SECRET_HEADER

CLOUD = "cloud"


async def async_address_of(hass: HomeAssistant, options: Mapping[str, Any]) -> PushAddress:
    """Return where deliveries reach this Home Assistant.

    Raises:
        NoURLAvailableError: It has no cloudhook, and no external https:// address.
    """
    url = await _async_cloudhook(hass, options)
    if url is None:
        base = get_url(hass, allow_internal=False, require_ssl=True, prefer_external=True)
        url = base + webhook.async_generate_path(options[CONF_WEBHOOK_ID])
    return _ours(options, url)


@callback
def known_address(options: Mapping[str, Any]) -> PushAddress:
    """Return what tells our webhooks from others, whether or not they reach us now."""
    return _ours(options, options.get(CONF_CLOUDHOOK, ""))


def with_cloudhook(options: Mapping[str, Any], address: PushAddress) -> dict[str, Any]:
    """Return options that keep a cloudhook, to know it again while the cloud is away."""
    is_cloudhook = not address.url.endswith(address.path)
    return {**options, CONF_CLOUDHOOK: address.url} if is_cloudhook else dict(options)


@callback
def async_keep_cloudhook(hass: HomeAssistant, entry: ConfigEntry, address: PushAddress) -> None:
    """Keep a cloudhook in the account's options."""
    options = with_cloudhook(entry.options, address)
    hass.config_entries.async_update_entry(entry, options=options)


async def async_forget_cloudhook(hass: HomeAssistant, options: Mapping[str, Any]) -> None:
    """Delete the cloudhook of an account, if it has one."""
    if CONF_CLOUDHOOK not in options or CLOUD not in hass.config.components:
        return
    cloud = _cloud()
    try:
        await cloud.async_delete_cloudhook(hass, options[CONF_WEBHOOK_ID])
    except (HomeAssistantError, ValueError) as error:
        LOGGER.debug("The cloudhook could not be deleted: %s", type(error).__name__)


@callback
def async_on_address_change(
    hass: HomeAssistant, options: Mapping[str, Any], changed: Callable[[], None]
) -> Callable[[], None]:
    """Call ``changed`` when Home Assistant may be reached elsewhere, until what is returned."""

    @callback
    def note(*_what: object) -> None:
        changed()

    ends = [hass.bus.async_listen(EVENT_CORE_CONFIG_UPDATE, note)]
    if CLOUD in hass.config.components:
        cloud, webhook_id = _cloud(), options[CONF_WEBHOOK_ID]
        ends.append(cloud.async_listen_connection_change(hass, note))
        ends.append(cloud.async_listen_cloudhook_change(hass, webhook_id, note))

    @callback
    def end() -> None:
        for one in ends:
            one()

    return end


def _ours(options: Mapping[str, Any], url: str) -> PushAddress:
    more = (MESSAGE_RECEIVED,) if wants_messages(options) else ()
    return PushAddress(
        url=url,
        header=SECRET_HEADER,
        secret=options[CONF_SECRET],
        path=webhook.async_generate_path(options[CONF_WEBHOOK_ID]),
        events=STATE_EVENTS + more,
        earlier_url=options.get(CONF_CLOUDHOOK, ""),
        signing_secret=signing_secret_of(options),
    )


async def _async_cloudhook(hass: HomeAssistant, options: Mapping[str, Any]) -> str | None:
    """Return the cloudhook of an account, made now if need be; None if there can be none."""
    if CLOUD not in hass.config.components:
        return None
    cloud = _cloud()
    if not cloud.async_active_subscription(hass):
        return None
    try:
        url: str = await cloud.async_get_or_create_cloudhook(hass, options[CONF_WEBHOOK_ID])
    except cloud.CloudNotConnected:
        # It is known only while the cloud is away; it is looked at again when that is back.
        return options.get(CONF_CLOUDHOOK)
    except (HomeAssistantError, ValueError, TimeoutError) as error:
        LOGGER.warning("Home Assistant Cloud did not provide an address: %s", type(error).__name__)
        return None
    return url


def _cloud() -> Any:  # noqa: ANN401 - a module
    """Return the component, which takes a second to import: only if it is in use."""
    from homeassistant.components import cloud  # noqa: PLC0415

    return cloud
