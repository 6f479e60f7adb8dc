"""What a pairing's outcome means for its device, with or without a window."""

from homeassistant.config_entries import ConfigEntryState, ConfigSubentry
from homeassistant.core import HomeAssistant, callback

from ..alerts.questions import async_accept_phone
from ..const import CONF_DEVICE_ID, CONF_PHONE_NUMBER, LOGGER, SUBENTRY_DEVICE
from ..coordinator import WutsConfigEntry
from ..core.errors import WutsError
from ..core.pairing import Failed, Paired
from .dialog import PairingDialog


@callback
def async_follow(hass: HomeAssistant, dialog: PairingDialog, name: str) -> None:
    """Wait for the outcome of a pairing that lasts without its window, over reloads too."""
    _ = hass.async_create_background_task(follow(hass, dialog, name), "wuts pairing by a link")


async def follow(hass: HomeAssistant, dialog: PairingDialog, name: str) -> None:
    """Wait for a pairing's outcome, and do what a dialog would do then."""
    try:
        while not dialog.is_over:
            await dialog.change()
    finally:
        dialog.close()
    match dialog.error or dialog.view.outcome:
        case WutsError(message=why):
            LOGGER.info("%s: no phone was linked: %s", name, why)
        case Failed(reason=reason):
            LOGGER.info("%s: no phone was linked: %s", name, reason.value)
        case Paired(phone_number=phone_number):
            for subentry in dialog.entry.get_subentries_of_type(SUBENTRY_DEVICE):
                if subentry.data[CONF_DEVICE_ID] == dialog.device_id:
                    async_remember_number(hass, dialog.entry, subentry, phone_number)


@callback
def async_remember_number(
    hass: HomeAssistant,
    entry: WutsConfigEntry,
    subentry: ConfigSubentry,
    phone_number: str | None,
) -> None:
    """Keep the number of the phone that was just linked, and check the device now.

    If the gateway doesn't report the number, the known one stays.
    """
    device_id = subentry.data[CONF_DEVICE_ID]
    number = phone_number or subentry.data.get(CONF_PHONE_NUMBER)
    data = {**subentry.data, CONF_PHONE_NUMBER: number}
    hass.config_entries.async_update_subentry(entry, subentry, data=data)
    async_accept_phone(hass, entry, device_id, phone_number)
    if entry.state is ConfigEntryState.LOADED:
        entry.runtime_data.async_look(device_id)
