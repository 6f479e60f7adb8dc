"""A token that the gateway refused: Home Assistant asks for a new one, and we look again.

A gateway whose database restarts may refuse a good token for a while. A loaded account is looked at
again by its supervisor; one that was refused when it was set up is looked at from here.
"""

import asyncio
from functools import partial

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from ..background import keep_running
from ..const import DOMAIN, LOGGER
from ..core import WutsClient
from ..core.errors import WutsError

FIRST_LOOK = 30.0
"""Seconds until a refused token is tried again; each further try comes after twice the time."""

LONGEST_WAIT = 15 * 60.0
"""Seconds between two tries at most."""

_LOOKS: HassKey[dict[str, asyncio.Task[None]]] = HassKey(f"{DOMAIN}_refused")


@callback
def async_look_again(hass: HomeAssistant, entry: ConfigEntry, client: WutsClient) -> None:
    """List the devices of an account that could not be set up, slowly, until its token works."""
    async_look_no_more(hass, entry.entry_id)
    looks = keep_running(
        f"{entry.title}: the check of a refused token",
        partial(_look, hass, entry, client),
        wait=LONGEST_WAIT,
    )
    task = hass.async_create_background_task(looks, "wuts refused token")
    hass.data.setdefault(_LOOKS, {})[entry.entry_id] = task


@callback
def async_look_no_more(hass: HomeAssistant, entry_id: str) -> None:
    """End what `async_look_again` began."""
    task = hass.data.get(_LOOKS, {}).pop(entry_id, None)
    if task is not None:
        task.cancel()


@callback
def async_end_reauth(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """End the dialog and the repair that ask for a new token: the present one works again."""
    for flow in tuple(entry.async_get_active_flows(hass, {SOURCE_REAUTH})):
        hass.config_entries.flow.async_abort(flow["flow_id"])


@callback
def looks_again(hass: HomeAssistant, entry_id: str) -> bool:
    """Return whether an account is looked at from here."""
    return entry_id in hass.data.get(_LOOKS, {})


async def _look(hass: HomeAssistant, entry: ConfigEntry, client: WutsClient) -> None:
    wait = FIRST_LOOK
    while True:
        await asyncio.sleep(wait)
        if entry.state is not ConfigEntryState.SETUP_ERROR:
            return
        try:
            await client.list_devices()
        except WutsError:
            wait = min(2 * wait, LONGEST_WAIT)
            continue
        LOGGER.info("%s: the gateway accepts the token again", entry.title)
        hass.config_entries.async_schedule_reload(entry.entry_id)
        return
