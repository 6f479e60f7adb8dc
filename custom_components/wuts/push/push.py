"""Push: the gateway tells Home Assistant of a change, so that it is seen before the next look.

`async_setup_push` listens for as long as an account is loaded, `async_release` and `async_end_push`
have the gateway stop. The rest is in the files named `push_…`.
"""

from collections.abc import Iterable

from aiohttp.hdrs import METH_POST
from homeassistant.components import webhook
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.network import NoURLAvailableError

from ..account import client_of
from ..const import DOMAIN, LOGGER
from ..coordinator import WutsConfigEntry
from ..core.errors import DeviceNotFoundError, WutsError
from .deliveries import Deliveries
from .options import CONF_PUSH, CONF_WEBHOOK_ID, address_of
from .subscription import Subscription
from .webhooks import take_down


async def async_release(
    hass: HomeAssistant, entry: WutsConfigEntry, device_ids: Iterable[str]
) -> None:
    """Take our webhook of some devices down, where there is one.

    Raises:
        WutsError: The gateway could not do it for all of them.
    """
    webhook_id = entry.options.get(CONF_WEBHOOK_ID)
    if webhook_id is None:
        return
    client = client_of(hass, entry.data)
    path = webhook.async_generate_path(webhook_id)
    for device_id in device_ids:
        try:
            await take_down(client, device_id, path)
        except DeviceNotFoundError:
            LOGGER.debug("A device that is gone has no webhook to take down")


async def async_end_push(
    hass: HomeAssistant, entry: WutsConfigEntry, device_ids: Iterable[str]
) -> None:
    """Take our webhook of devices down that are removed; that it fails does not keep them."""
    try:
        await async_release(hass, entry, device_ids)
    except WutsError as error:
        LOGGER.warning(
            "%s: the gateway goes on to deliver to a webhook that is no more: %s",
            entry.title,
            error.message,
        )


@callback
def async_setup_push(hass: HomeAssistant, entry: WutsConfigEntry) -> None:
    """Listen to the gateway, if the account's options say so, for as long as it is loaded."""
    if not entry.options.get(CONF_PUSH):
        return
    try:
        address = address_of(hass, entry.options)
    except NoURLAvailableError:
        LOGGER.warning(
            "%s: push needs an external https:// address of Home Assistant; until there is one, "
            "changes are seen at the next look",
            entry.title,
        )
        return
    webhook_id = entry.options[CONF_WEBHOOK_ID]
    deliveries = Deliveries(entry.runtime_data, address.secret)
    webhook.async_register(
        hass, DOMAIN, entry.title, webhook_id, deliveries.handle, allowed_methods=[METH_POST]
    )
    entry.async_on_unload(lambda: webhook.async_unregister(hass, webhook_id))
    subscription = Subscription(hass, entry, address)
    entry.async_on_unload(subscription.clear)
    _ = entry.async_create_background_task(hass, subscription.keep(), "wuts push")
