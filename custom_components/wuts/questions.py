"""What a pairing has to ask about a device's phone, as issues that a person answers.

They outlive dialogs and restarts.
"""

from collections.abc import Iterable

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.core import HomeAssistant, callback

from .const import CONF_DEVICE_ID, CONF_PHONE_NUMBER, SUBENTRY_DEVICE
from .core.models import Device
from .core.pairing import PairingView, Unchecked, WrongAccount
from .core.phone import same_number
from .issues import UNCHECKED_ACCOUNT, WRONG_ACCOUNT, async_raise_issue, async_withdraw_issue


@callback
def async_keep_question(hass: HomeAssistant, subentry: ConfigSubentry, view: PairingView) -> None:
    """Keep what a pairing has to ask, if anything."""
    device_id, name = subentry.data[CONF_DEVICE_ID], subentry.title
    match view.outcome:
        case WrongAccount():
            async_raise_issue(hass, WRONG_ACCOUNT, device_id, name=name)
        case Unchecked():
            async_raise_issue(hass, UNCHECKED_ACCOUNT, device_id, name=name)


@callback
def async_ask_about_phones(
    hass: HomeAssistant, entry: ConfigEntry, listing: Iterable[Device]
) -> None:
    """Ask about phones that are not the expected ones, however they were linked."""
    numbers = {device.id: device.phone_number for device in listing}
    for subentry in entry.get_subentries_of_type(SUBENTRY_DEVICE):
        device_id, name = subentry.data[CONF_DEVICE_ID], subentry.title
        number, expected = numbers.get(device_id), subentry.data.get(CONF_PHONE_NUMBER)
        if not number or not expected:
            continue
        if same_number(number, expected):
            async_withdraw_questions(hass, device_id)
        else:
            async_raise_issue(hass, WRONG_ACCOUNT, device_id, name=name)
            async_withdraw_issue(hass, UNCHECKED_ACCOUNT, device_id)


@callback
def async_withdraw_questions(hass: HomeAssistant, device_id: str) -> None:
    """Withdraw what was asked about a device's phone: it is answered."""
    async_withdraw_issue(hass, WRONG_ACCOUNT, device_id)
    async_withdraw_issue(hass, UNCHECKED_ACCOUNT, device_id)
