"""A pairing without a dialog: a button starts it, and an image shows its QR on a dashboard."""

from dataclasses import replace

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ServiceValidationError

from ..const import CONF_DEVICE_ID, DOMAIN, LOGGER
from ..coordinator import WutsConfigEntry
from ..core.errors import WutsError
from ..core.pairing import Failed, Paired
from ..questions import expected_number
from . import steps as pairing_steps
from .dialog import PairingDialog, check_is_free, is_paused_and_linked


@callback
def async_pair_in_background(
    hass: HomeAssistant, entry: WutsConfigEntry, subentry: ConfigSubentry
) -> None:
    """Start to pair a device, until the pairing's deadline or until the account is unloaded.

    Raises:
        ServiceValidationError: It is connected, it is paused although its phone is linked, or
            somebody is already pairing it.
    """
    client, device_id = entry.runtime_data.client, subentry.data[CONF_DEVICE_ID]
    if entry.runtime_data.data[device_id].connected:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="already_connected")
    if is_paused_and_linked(entry, device_id):
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="paused_and_linked")
    check_is_free(client, device_id)
    expected = expected_number(entry, subentry)
    settings = replace(pairing_steps.TIMES, expected_number=expected)
    dialog = PairingDialog(hass, entry, client, device_id, settings)
    _ = entry.async_create_background_task(
        hass, _follow(hass, entry, subentry, dialog), "wuts pairing for an image"
    )


async def _follow(
    hass: HomeAssistant, entry: WutsConfigEntry, subentry: ConfigSubentry, dialog: PairingDialog
) -> None:
    """Wait for a pairing's outcome, and do what a dialog would do then."""
    try:
        while not dialog.is_over:
            await dialog.change()
    finally:
        dialog.close()
    match dialog.error or dialog.view.outcome:
        case WutsError(message=why):
            LOGGER.info("%s: no phone was linked: %s", subentry.title, why)
        case Failed(reason=reason):
            LOGGER.info("%s: no phone was linked: %s", subentry.title, reason.value)
        case Paired(phone_number=phone_number):
            pairing_steps.async_remember_number(hass, entry, subentry, phone_number)
