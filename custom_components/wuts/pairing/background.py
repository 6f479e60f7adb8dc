"""A pairing without a dialog: begun by a button, and shown on a dashboard; or by a link."""

from dataclasses import replace

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.network import NoURLAvailableError

from ..alerts.questions import expected_number
from ..const import CONF_DEVICE_ID, DOMAIN
from ..coordinator import WutsConfigEntry
from ..core.page import PairingLink
from ..pairing import steps as pairing_steps
from .dialog import PairingDialog, check_is_free, is_paused_and_linked
from .follow import async_follow, follow
from .pages import Link, async_offer


@callback
def async_pair_in_background(
    hass: HomeAssistant, entry: WutsConfigEntry, subentry: ConfigSubentry
) -> None:
    """Start to pair a device, until the pairing's deadline or until the account is unloaded.

    Raises:
        ServiceValidationError: It is connected, it is paused although its phone is linked, or
            somebody is already pairing it.
    """
    dialog = _begin(hass, entry, subentry)
    _ = entry.async_create_background_task(
        hass, follow(hass, dialog, subentry.title), "wuts pairing for an image"
    )


@callback
def async_pair_by_link(
    hass: HomeAssistant, entry: WutsConfigEntry, subentry: ConfigSubentry
) -> Link:
    """Return a link by which a device can be paired, and pair it once somebody opens it.

    Raises:
        ServiceValidationError: It is connected, it is paused although its phone is linked,
            somebody is already pairing it, or Home Assistant has no address for a link.
    """
    _check(entry, subentry)
    try:
        link = async_offer(hass, entry, subentry.data[CONF_DEVICE_ID], subentry.title, outside=True)
    except NoURLAvailableError as error:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="no_address"
        ) from error
    async_follow(hass, _begin(hass, entry, subentry, link.page), subentry.title)
    return link


def _check(entry: WutsConfigEntry, subentry: ConfigSubentry) -> None:
    device_id = subentry.data[CONF_DEVICE_ID]
    device = entry.runtime_data.data.get(device_id)
    if device is not None and device.connected:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="already_connected")
    if is_paused_and_linked(entry, device_id):
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="paused_and_linked")
    check_is_free(entry.runtime_data.client, device_id)


def _begin(
    hass: HomeAssistant,
    entry: WutsConfigEntry,
    subentry: ConfigSubentry,
    link: PairingLink | None = None,
) -> PairingDialog:
    _check(entry, subentry)
    settings = replace(pairing_steps.TIMES, expected_number=expected_number(entry, subentry))
    client, device_id = entry.runtime_data.client, subentry.data[CONF_DEVICE_ID]
    return PairingDialog(hass, entry, client, device_id, settings=settings, link=link)
