"""The WUTS integration: pairs WhatsApp devices of a WUTS gateway and keeps them connected.

A config entry is an account; its subentries are its WhatsApp devices and its recipients. The
package `core` is the library `wuts`.
"""

from homeassistant.const import EVENT_HOMEASSISTANT_STOP, Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryAuthFailed, ConfigEntryNotReady
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import ConfigType

from .account.client import client_of
from .account.logout import async_log_out
from .account.members import devices_of
from .account.migration import UNIQUE_ALONE, async_make_unique
from .account.refusal import async_look_again, async_look_no_more
from .account.storage import async_file_of
from .alerts.issues import (
    OF_PUSH,
    OF_STATES,
    STILL_LINKED,
    Issues,
    async_forget_device,
    async_withdraw_issue,
)
from .alerts.questions import async_withdraw_questions
from .const import DOMAIN
from .coordinator import WutsConfigEntry, WutsCoordinator
from .core.errors import WutsError
from .errors import key_of
from .pairing.dashboards import async_keep_option, async_remove_unwanted
from .pairing.pages import async_setup_pages
from .push.deliveries import async_hold
from .push.message_event import async_remove_unwanted_messages
from .push.options import CONF_PUSH, WITHOUT_RELOAD
from .push.push import async_end_push, async_remove_push, async_setup_push
from .services import async_setup_services

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)

PLATFORMS = [
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.EVENT,
    Platform.IMAGE,
    Platform.NOTIFY,
    Platform.SENSOR,
    Platform.SWITCH,
]


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Set up the actions and the pairing page; have deliveries wait for their accounts."""
    async_setup_services(hass)
    async_setup_pages(hass)
    for entry in hass.config_entries.async_entries(DOMAIN, include_disabled=False):
        if entry.options.get(CONF_PUSH):
            async_hold(hass, entry)
    return True


async def async_migrate_entry(hass: HomeAssistant, entry: WutsConfigEntry) -> bool:
    """Take over an account of before."""
    if entry.minor_version == 1:
        async_keep_option(hass, entry)
    if entry.minor_version == UNIQUE_ALONE:
        async_make_unique(hass, entry)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: WutsConfigEntry) -> bool:
    """Set up an account and its devices.

    Raises:
        ConfigEntryAuthFailed: The gateway refused the token.
        ConfigEntryNotReady: The gateway does not answer, or not as it should, or the CA file cannot
            be read.
    """
    async_look_no_more(hass, entry.entry_id)
    try:
        client = await client_of(hass, entry.data)
    except WutsError as error:
        raise ConfigEntryNotReady(
            translation_domain=DOMAIN, translation_key=key_of(error)
        ) from error
    coordinator = WutsCoordinator(hass, entry, client)
    try:
        await coordinator.async_config_entry_first_refresh()
    except ConfigEntryAuthFailed:
        async_look_again(hass, entry, client)
        raise
    entry.runtime_data = coordinator

    entry.async_on_unload(coordinator.async_stop)
    await coordinator.async_start()
    entry.async_on_unload(
        hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, coordinator.async_stop)
    )
    if hass.is_stopping:
        # The event was fired during the setup, and nothing else would end the supervision.
        await coordinator.async_stop()
    await async_setup_push(hass, entry)
    for device_id in devices_of(entry):
        async_withdraw_issue(hass, STILL_LINKED, device_id)
    _follow_changes(entry)
    async_remove_unwanted(hass, entry)
    async_remove_unwanted_messages(hass, entry)
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    return True


async def async_unload_entry(hass: HomeAssistant, entry: WutsConfigEntry) -> bool:
    """Unload an account."""
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_entry(hass: HomeAssistant, entry: WutsConfigEntry) -> None:
    """Remove what the gateway keeps for us, and an account's storage."""
    async_look_no_more(hass, entry.entry_id)
    try:
        await _async_clean_up(hass, entry, devices_of(entry))
    finally:
        await async_remove_push(hass, entry)
        Issues(hass, entry, OF_STATES | OF_PUSH).forget()
        await async_file_of(hass, entry.entry_id).remove()


async def _async_clean_up(
    hass: HomeAssistant, entry: WutsConfigEntry, devices: dict[str, str]
) -> None:
    """Clean up after removed devices, and log them out if the user wants that."""
    for device_id in devices:
        async_withdraw_questions(hass, device_id)
        async_forget_device(hass, entry, device_id)
    await async_end_push(hass, entry, devices)
    await async_log_out(hass, entry, devices)


def _follow_changes(entry: WutsConfigEntry) -> None:
    """Take in what is added, renamed and removed; reload the entry when anything else changes."""
    before, devices = _settings(entry), devices_of(entry)

    async def follow(hass: HomeAssistant, changed: WutsConfigEntry) -> None:
        nonlocal devices
        known, devices = devices, devices_of(changed)
        if _settings(changed) != before:
            hass.config_entries.async_schedule_reload(changed.entry_id)
        else:
            await changed.runtime_data.async_take_changes()
        for device_id in devices.keys() - known.keys():
            async_withdraw_issue(hass, STILL_LINKED, device_id)
        removed = {key: name for key, name in known.items() if key not in devices}
        await _async_clean_up(hass, changed, removed)

    entry.async_on_unload(entry.add_update_listener(follow))


def _settings(entry: WutsConfigEntry) -> tuple[object, ...]:
    options = {key: one for key, one in entry.options.items() if key not in WITHOUT_RELOAD}
    return entry.title, dict(entry.data), options
