"""What people and pairings say of a device's phone: each returns what it makes of the device."""

from collections.abc import Callable
from random import Random

from ...phone import linked_number, normalize_phone_number
from . import phone as phones
from .device import Device
from .phone import Certainty, Phone

type PhoneChange = Callable[[Device, Random], Phone]


def expect(number: str | None, *, unless_decided: bool = False) -> PhoneChange:
    """Expect a phone; see `PhoneKeeper.expect_number`.

    Raises:
        InvalidPhoneNumberError: The number is not usable.
    """
    digits = None if number is None else normalize_phone_number(number)

    def change(device: Device, rng: Random) -> Phone:
        known = device.phone
        is_decided = known.expected is not None and known.certainty is Certainty.DECIDED
        if unless_decided and is_decided:
            return known
        return phones.expecting(known, digits, rng, is_linked=device.linked)

    return change


def report(linked: str | None, expected: str | None) -> PhoneChange:
    """Take in how a pairing ended; see `PhoneKeeper.report_phone`.

    Raises:
        InvalidPhoneNumberError: The expected number is not usable.
    """
    number = linked_number(linked, None)
    digits = None if expected is None else normalize_phone_number(expected)
    return lambda device, rng: phones.reported(device.phone, number, digits, rng)


def unlink(device: Device, _rng: Random) -> Phone:
    """Take in that no phone is linked for certain."""
    return phones.unlinked(device.phone)


def keep(question_id: str) -> PhoneChange:
    """Keep the phone that a question is about; any other question stays."""

    def change(device: Device, _rng: Random) -> Phone:
        is_open = question_id != "" and device.phone.question_id == question_id
        return phones.kept(device.phone) if is_open else device.phone

    return change
