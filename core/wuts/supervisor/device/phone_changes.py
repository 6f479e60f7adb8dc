"""What people and pairings say of a device's phone: each returns what it makes of the device."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from ...phone import linked_number, normalize_phone_number
from ..events import DeviceState
from . import phone as phones
from .device import Device
from .phone import NO_PHONE, Certainty

type PhoneChange = Callable[[Device, Random], Device]


def expect(number: str | None, *, unless_decided: bool = False) -> PhoneChange:
    """Expect a phone; see `PhoneKeeper.expect_number`.

    Raises:
        InvalidPhoneNumberError: The number is not usable.
    """
    digits = None if number is None else normalize_phone_number(number)

    def change(device: Device, rng: Random) -> Device:
        known = device.phone
        is_decided = known.expected is not None and known.certainty is Certainty.DECIDED
        if unless_decided and is_decided:
            return device
        phone = phones.expecting(known, digits, rng, is_linked=device.linked)
        return replace(device, phone=phone)

    return change


def report(linked: str | None, expected: str | None) -> PhoneChange:
    """Take in how a pairing ended; see `PhoneKeeper.report_phone`.

    Raises:
        InvalidPhoneNumberError: The expected number is not usable.
    """
    number = linked_number(linked, None)
    digits = None if expected is None else normalize_phone_number(expected)

    def change(device: Device, rng: Random) -> Device:
        return replace(_paired(device), phone=phones.reported(device.phone, number, digits, rng))

    return change


def _paired(device: Device) -> Device:
    """Stop taking for unlinked what a pairing has linked: ``/status`` says what it is now."""
    if device.state not in (None, DeviceState.NEVER_PAIRED, DeviceState.NEEDS_PAIRING):
        return device
    return replace(device, linked=True, was_paired=True, stale_link=False, needs_check=True)


def unlink(device: Device, _rng: Random) -> Device:
    """Note that no phone is linked for certain."""
    return replace(device, phone=phones.unlinked(device.phone))


def forget(device: Device, _rng: Random) -> Device:
    """Keep no number of a device."""
    return replace(device, phone=NO_PHONE)


def keep(question_id: str) -> PhoneChange:
    """Keep the phone that a question is about; any other question stays."""

    def change(device: Device, _rng: Random) -> Device:
        is_open = question_id != "" and device.phone.question_id == question_id
        return replace(device, phone=phones.kept(device.phone)) if is_open else device

    return change
