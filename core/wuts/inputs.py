"""Checks what a caller hands over before anything is sent.

No message repeats the value: it may be a phone number.
"""

from collections.abc import Iterable

from .errors import InvalidInputError, InvalidPhoneNumberError
from .phone import is_group_jid, normalize_phone_number

LONGEST_ID = 200
LONGEST_NAME = 100
LONGEST_MESSAGE = 4096
"""Characters of a text message at most (WUTS reference, Send text)."""


def check_device_id(device_id: str) -> str:
    """Return a device's id that can stand in a path or a query.

    Raises:
        InvalidInputError: It is empty, too long, or has characters that no id has.
    """
    usable = device_id.isascii() and device_id.isprintable() and " " not in device_id
    if not usable or device_id.strip(".") == "" or len(device_id) > LONGEST_ID:
        raise InvalidInputError("That is no device's id. List the devices to see their ids.")
    return device_id


def check_name(name: str) -> str:
    """Return a device's name without surrounding space.

    Raises:
        InvalidInputError: It is empty, longer than 100 characters, or not printable.
    """
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise InvalidInputError(f"A device's name is 1 to {LONGEST_NAME} printable characters.")
    return name


def check_message(text: str) -> str:
    """Return a text that the gateway accepts.

    Raises:
        InvalidInputError: It is empty or longer than 4096 characters.
    """
    if not 1 <= len(text) <= LONGEST_MESSAGE:
        raise InvalidInputError(f"A message is 1 to {LONGEST_MESSAGE} characters long.")
    return text


def check_numbers(numbers: Iterable[str]) -> list[str]:
    """Return the digits of each number.

    Raises:
        InvalidPhoneNumberError: One is not usable; the message says which, by its place.
        InvalidInputError: There is none.
    """
    digits = []
    for place, number in enumerate(numbers, start=1):
        try:
            digits.append(normalize_phone_number(number))
        except InvalidPhoneNumberError as error:
            raise InvalidPhoneNumberError(error.message, place=place) from None
    if not digits:
        raise InvalidInputError("Give at least one number to check.")
    return digits


def check_recipient(to: str) -> str:
    """Return a group's JID as it is, or a phone number's digits.

    Raises:
        InvalidPhoneNumberError: It is neither.
    """
    return to if is_group_jid(to) else normalize_phone_number(to)
