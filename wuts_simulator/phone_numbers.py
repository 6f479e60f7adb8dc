"""Phone numbers and JIDs as the contract writes them (WUTS guide, Conventions)."""

import re

from .errors import InvalidError

_PUNCTUATION = str.maketrans("", "", "+ -()")
_DIGITS = re.compile(r"[0-9]{10,15}")
_GROUP_JID = re.compile(r"[0-9]+(-[0-9]+)?@g\.us")
_USER_SERVER = "@s.whatsapp.net"


def strip_punctuation(text: str) -> str:
    """Return ``text`` without ``+``, spaces, dashes and parentheses."""
    return text.translate(_PUNCTUATION)


def is_phone_number(digits: str) -> bool:
    """Return whether a stripped number has 10 to 15 digits."""
    return _DIGITS.fullmatch(digits) is not None


def parse_phone_number(text: str) -> str:
    """Return the digits of a phone number.

    Raises:
        InvalidError: It has not 10 to 15 digits, or something else is in it.
    """
    digits = strip_punctuation(text)
    if not is_phone_number(digits):
        raise InvalidError("a phone number has 10 to 15 digits, country code included")
    return digits


def user_jid(digits: str) -> str:
    """Return the JID of a phone number."""
    return digits + _USER_SERVER


def number_of(jid: str) -> str:
    """Return the phone number of a user's JID."""
    return jid.removesuffix(_USER_SERVER)


def is_group_jid(text: str) -> bool:
    """Return whether ``text`` is a group's JID."""
    return _GROUP_JID.fullmatch(text) is not None
