"""Phone numbers and JIDs, as people type and gateways write them (WUTS guide, Conventions)."""

import re
from unicodedata import category

from .errors import InvalidPhoneNumberError

_PUNCTUATION = frozenset("+()./\N{MINUS SIGN}")
_PUNCTUATION_CATEGORIES = frozenset({"Cf", "Pd", "Zs"})
"""Marks that cannot be seen, dashes and spaces: text that is copied from a page has all of them."""

_DIGITS = re.compile(r"[0-9]{10,15}")
_JID_NUMBER = re.compile(r"([0-9]{5,20})(?:[.:][0-9]+)*@(?:s\.whatsapp\.net|c\.us)")
_DEVICE_PART = re.compile(r"(?:[.:][0-9]{1,5})+$")
_OWN_DIGITS = re.compile(r"[0-9]{5,20}")
_USER_JID = re.compile(r"[0-9]{5,20}@(?:s\.whatsapp\.net|lid)")
_GROUP_JID = re.compile(r"[0-9]+(?:-[0-9]+)?@g\.us")

# WhatsApp drops or adds a mobile digit behind these country codes, so one phone has two spellings.
_OPTIONAL_MOBILE_DIGIT = (
    (re.compile(r"(55[1-9][0-9])9?([0-9]{8})"), "9"),
    (re.compile(r"(52)1?([0-9]{10})"), "1"),
    (re.compile(r"(54)9?([0-9]{10})"), "9"),
)


def normalize_phone_number(text: str) -> str:
    """Return the 10 to 15 digits of what a person typed or pasted.

    Stripped are ``+``, ``.``, ``/``, parentheses, and whatever Unicode calls a space, a dash or a
    mark that cannot be seen.

    Raises:
        InvalidPhoneNumberError: Something else is in it, or it has too few or too many digits.
    """
    digits = without_punctuation(text)
    if not _DIGITS.fullmatch(digits):
        raise InvalidPhoneNumberError
    return digits


def number_from_jid(jid: str) -> str | None:
    """Return the digits of a user's JID (``5511999999999:3@s.whatsapp.net``), else None."""
    match = _JID_NUMBER.fullmatch(jid)
    return match.group(1) if match else None


def linked_number(phone_number: str | None, jid: str | None) -> str | None:
    """Return the digits of the account that a device is linked to, or None if nothing says.

    This reads every form in which gateways write an account's own address: digits, with
    punctuation, with a device part (``5511999999999:12``), as a JID. An address of the form
    ``…@lid`` hides the number. If two fields differ, the JID is right: a phone number is only
    derived from it.

    Args:
        phone_number: The field ``phone_number`` of an answer.
        jid: The field ``jid`` or ``whatsapp_jid``.
    """
    return _own_number(jid) or _own_number(phone_number)


def _own_number(text: str | None) -> str | None:
    if not text:
        return None
    text = text.strip()
    if "@" in text:
        return number_from_jid(text)
    digits = without_punctuation(_DEVICE_PART.sub("", text) if ":" in text else text)
    return digits if _OWN_DIGITS.fullmatch(digits) else None


def without_punctuation(text: str) -> str:
    """Return ``text`` without what people and pages write between the digits of a number."""
    return "".join(
        sign
        for sign in text
        if sign not in _PUNCTUATION and category(sign) not in _PUNCTUATION_CATEGORIES
    )


def is_group_jid(text: str) -> bool:
    """Return whether ``text`` is a group's JID (``…@g.us``)."""
    return _GROUP_JID.fullmatch(text) is not None


def is_user_jid(text: str) -> bool:
    """Return whether ``text`` is a person's JID (``…@s.whatsapp.net``, or ``…@lid``)."""
    return _USER_JID.fullmatch(text) is not None


def is_hidden_jid(text: str) -> bool:
    """Return whether ``text`` is the JID of a person whose number WhatsApp hides (``…@lid``)."""
    return text.endswith("@lid") and is_user_jid(text)


def same_number(one: str, other: str) -> bool:
    """Return whether two strings of digits are one WhatsApp account.

    Brazil's ninth digit, Mexico's 1 and Argentina's 9 may stand in one and not in the other.
    """
    return spellings(one) == spellings(other)


def spellings(digits: str) -> tuple[str, ...]:
    """Return all spellings of a number that WhatsApp may use: two, or one in most countries."""
    for pattern, mobile_digit in _OPTIONAL_MOBILE_DIGIT:
        match = pattern.fullmatch(digits)
        if match:
            begin, rest = match.groups()
            return begin + rest, begin + mobile_digit + rest
    return (digits,)
