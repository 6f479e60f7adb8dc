"""What must be asked about a device's phone, as issues that a person answers.

Which phone is expected, which one is linked and what is asked is the supervisor's to know; an issue
shows it, also while the account is not loaded.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from homeassistant.config_entries import ConfigEntry, ConfigEntryState, ConfigSubentry
from homeassistant.core import HomeAssistant, callback

from ..const import CONF_DEVICE_ID, CONF_PHONE_NUMBER, SUBENTRY_DEVICE
from ..core.pairing import PairingView, Unchecked, WrongAccount
from ..core.supervisor import Device, PhoneQuestion
from .issues import (
    UNCHECKED_ACCOUNT,
    WRONG_ACCOUNT,
    Text,
    async_raise_issue,
    async_withdraw_issue,
)

if TYPE_CHECKING:
    from ..pairing.phones import Phones

ISSUES = {
    PhoneQuestion.WRONG_PHONE: WRONG_ACCOUNT,
    PhoneQuestion.UNCHECKED: UNCHECKED_ACCOUNT,
}


def phones_of(entry: ConfigEntry) -> Phones | None:
    """Return who knows the phones of an account, or None while it is not loaded."""
    if entry.state is not ConfigEntryState.LOADED:
        return None
    phones: Phones = entry.runtime_data.phones
    return phones


def expected_number(entry: ConfigEntry, subentry: ConfigSubentry) -> str | None:
    """Return the number of the phone that a pairing of a device must link, or None for any."""
    phones = phones_of(entry)
    if phones is not None:
        return phones.expected_number(subentry.data[CONF_DEVICE_ID])
    number: str | None = subentry.data.get(CONF_PHONE_NUMBER)
    return number


@callback
def async_keep_question(
    hass: HomeAssistant, entry: ConfigEntry, subentry: ConfigSubentry, view: PairingView
) -> None:
    """Keep what a pairing has to ask, if anything."""
    device_id = subentry.data[CONF_DEVICE_ID]
    number: str | None = None
    match view.outcome:
        case WrongAccount(phone_number=linked, expected=expected):
            question, number = PhoneQuestion.WRONG_PHONE, linked
        case Unchecked(expected=expected):
            question = PhoneQuestion.UNCHECKED
        case _:
            return
    _raise(hass, entry, subentry, question)
    phones = phones_of(entry)
    if phones is not None:
        phones.async_report(device_id, number, expected=expected)


@callback
def async_accept_phone(
    hass: HomeAssistant, entry: ConfigEntry, device_id: str, phone_number: str | None
) -> None:
    """Take the phone that is linked for the expected one; None if its number is not known."""
    async_withdraw_questions(hass, device_id)
    phones = phones_of(entry)
    if phones is not None:
        phones.async_accept(device_id, phone_number)


@callback
def async_note_unlinked(hass: HomeAssistant, entry: ConfigEntry, device_id: str) -> None:
    """Note that a device's phone was unlinked for certain."""
    async_withdraw_questions(hass, device_id)
    phones = phones_of(entry)
    if phones is not None:
        phones.async_note_unlinked(device_id)


@callback
def async_ask_about_phones(
    hass: HomeAssistant, entry: ConfigEntry, devices: Mapping[str, Device]
) -> None:
    """Show what the supervisor asks; an issue of an earlier version stays until a phone is seen."""
    for subentry in entry.get_subentries_of_type(SUBENTRY_DEVICE):
        device_id = subentry.data[CONF_DEVICE_ID]
        device = devices.get(device_id)
        if device is None:
            continue
        if device.phone_question is not None:
            _raise(hass, entry, subentry, device.phone_question)
        elif device.linked_number is not None:
            async_withdraw_questions(hass, device_id)


@callback
def async_withdraw_questions(hass: HomeAssistant, device_id: str) -> None:
    """Withdraw what was asked about a device's phone: it is answered."""
    for issue in ISSUES.values():
        async_withdraw_issue(hass, issue, device_id)


@callback
def _raise(
    hass: HomeAssistant, entry: ConfigEntry, subentry: ConfigSubentry, question: PhoneQuestion
) -> None:
    device_id = subentry.data[CONF_DEVICE_ID]
    for other in ISSUES.keys() - {question}:
        async_withdraw_issue(hass, ISSUES[other], device_id)
    text = Text({"name": subentry.title})
    async_raise_issue(hass, ISSUES[question], device_id, text, entry_id=entry.entry_id)
