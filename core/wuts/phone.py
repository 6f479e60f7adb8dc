"""Phone numbers and JIDs as the gateway writes them (WUTS guide, Conventions)."""

import re

from .errors import InvalidPhoneNumberError

_PUNCTUATION = str.maketrans("", "", "+ -()")
_DIGITS = re.compile(r"[0-9]{10,15}")
_JID_NUMBER = re.compile(r"([0-9]{5,20})(?:[.:][0-9]+)*@(?:s\.whatsapp\.net|c\.us)")
_GROUP_JID = re.compile(r"[0-9]+(?:-[0-9]+)?@g\.us")

# WhatsApp drops or adds a mobile digit behind these country codes, so one phone has two spellings.
_OPTIONAL_MOBILE_DIGIT = (
    re.compile(r"(55[1-9][0-9])9([0-9]{8})"),
    re.compile(r"(52)1([0-9]{10})"),
    re.compile(r"(54)9([0-9]{10})"),
)


def normalize_phone_number(text: str) -> str:
    """Return the 10 to 15 digits of ``text``, without ``+``, spaces, dashes and parentheses.

    Raises:
        InvalidPhoneNumberError: Something else is in it, or it has too few or too many digits.
    """
    digits = text.translate(_PUNCTUATION)
    if not _DIGITS.fullmatch(digits):
        raise InvalidPhoneNumberError
    return digits


def number_from_jid(jid: str) -> str | None:
    """Return the digits of a user's JID (``5511999999999:3@s.whatsapp.net``), else None."""
    match = _JID_NUMBER.fullmatch(jid)
    return match.group(1) if match else None


def is_group_jid(text: str) -> bool:
    """Tell whether ``text`` is a group's JID (``…@g.us``)."""
    return _GROUP_JID.fullmatch(text) is not None


def same_number(one: str, other: str) -> bool:
    """Tell whether two strings of digits are one WhatsApp account.

    Brazil's ninth digit, Mexico's 1 and Argentina's 9 may stand in one and not in the other.
    """
    return _canonical(one) == _canonical(other)


def _canonical(digits: str) -> str:
    for pattern in _OPTIONAL_MOBILE_DIGIT:
        match = pattern.fullmatch(digits)
        if match:
            return match.group(1) + match.group(2)
    return digits
