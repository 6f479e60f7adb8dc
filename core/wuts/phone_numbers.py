"""Phone numbers as people in a country write them. Needs the extra ``phone``.

`wuts.phone` takes digits as they are. This module knows the numbering plans of all countries
(phonenumbers, the port of Google's libphonenumber), so it can read a number without a country code
and show one in groups. Frontends use it at every field that a person types a number into.
"""

import re
from collections.abc import Iterable
from functools import partial

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

from .errors import AmbiguousPhoneNumberError, InvalidPhoneNumberError
from .inputs import check_numbers, check_recipient
from .phone import normalize_phone_number, spellings, without_punctuation

_INTERNATIONAL_PREFIX = "00"

_EXAMPLE = "+55 11 99999-9999"

_LONGEST_NATIONAL = 11
"""Digits of a mobile number at most, in any country: a longer one holds a country code."""

_BRAZILS_NINTH_DIGIT = re.compile(r"(?<=^\+55 [0-9]{2} )9")


def known_country(text: str | None) -> str | None:
    """Return a country's code (ISO 3166 alpha-2) in capitals, or None if it is unknown."""
    country = (text or "").strip().upper()
    return country if country in phonenumbers.SUPPORTED_REGIONS else None


def country_of_locale(locale: str | None) -> str | None:
    """Return the country of a locale such as ``pt_BR.UTF-8`` or ``pt-BR``, or None."""
    _language, *parts = re.split(r"[_-]", re.sub(r"[.@].*", "", locale or ""))
    return next(filter(None, map(known_country, parts)), None)


def calling_code(country: str | None) -> int | None:
    """Return a country's calling code, such as 55, or None if there is no such country."""
    known = known_country(country)
    return phonenumbers.country_code_for_region(known) if known else None


def example_number(country: str | None) -> str:
    """Return a number of a country as its people write them, for people to see the form.

    Args:
        country: ISO 3166 alpha-2; for an unknown one the example is Brazilian.
    """
    known = known_country(country)
    mobile = phonenumbers.PhoneNumberType.MOBILE
    number = phonenumbers.example_number_for_type(known, mobile) if known else None
    if number is None:
        return _EXAMPLE
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


def read_number(text: str, country: str | None = None) -> str:
    """Return the digits, with country code, of a number that a person typed.

    With ``+`` or ``00`` the country code follows. Without, the number may begin with a country code
    or be one of ``country``: whichever of the two exists is meant. More than 11 digits begin with a
    country code where they can, even if no list knows the number: plans change faster than lists.

    Args:
        text: What was typed or pasted.
        country: Where the person is (ISO 3166 alpha-2), or None if that is not known.

    Raises:
        InvalidPhoneNumberError: It is not a number, or needs a country code.
        AmbiguousPhoneNumberError: Both exist.
    """
    digits = without_punctuation(text)
    if not (digits.isascii() and digits.isdigit()):
        raise InvalidPhoneNumberError
    after_prefix = _after_prefix(text, digits)
    if after_prefix is not None:
        return normalize_phone_number(_existing(after_prefix) or after_prefix)
    country = known_country(country)
    found = _choose(digits, country)
    try:
        return normalize_phone_number(found or "")
    except InvalidPhoneNumberError:
        raise _unusable(country) from None


def read_numbers(texts: Iterable[str], country: str | None = None) -> list[str]:
    """Return the digits of each number that a person typed; see `read_number`.

    Raises:
        InvalidPhoneNumberError: One is not usable; ``place`` says which.
        InvalidInputError: There is none.
    """
    return check_numbers(texts, partial(read_number, country=country))


def read_recipient(to: str, country: str | None = None) -> str:
    """Return a group's JID as it is, or the digits of a number that a person typed.

    Raises:
        InvalidPhoneNumberError: It is neither.
    """
    return check_recipient(to, partial(read_number, country=country))


def shown_number(digits: str) -> str:
    """Return a number as people write it: ``+55 11 99999-9999``.

    A number of no known plan is shown as ``+`` and its digits.
    """
    for spelling in (digits, *spellings(digits)):
        number = _valid(f"+{spelling}")
        if number is None or _digits(number) != spelling:
            continue
        shown = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
        # A gateway may leave the ninth digit out, and what it says is shown.
        shown = shown if spelling == digits else _BRAZILS_NINTH_DIGIT.sub("", shown)
        if without_punctuation(shown) == digits:
            return shown
    return f"+{digits}"


def _after_prefix(text: str, digits: str) -> str | None:
    """Return what follows the international prefix, or None if there is none."""
    first = next(sign for sign in text if sign == "+" or sign.isdigit())
    if first == "+":
        return digits
    return digits[2:] if digits.startswith(_INTERNATIONAL_PREFIX) else None


def _choose(digits: str, country: str | None) -> str | None:
    """Return the reading that exists, or None.

    Raises:
        AmbiguousPhoneNumberError: Two exist, in two countries.
    """
    abroad, home = _existing(digits), _existing_at_home(digits, country)
    is_long = len(digits) > _LONGEST_NATIONAL and not digits.startswith("0")
    if is_long and home and not digits.endswith(home):
        home = None  # only a prefix for calls abroad, such as Russia's 8 10, makes it so long
    if abroad is None or home is None or abroad == home:
        return abroad or home or (digits if is_long else None)
    codes = _code_of(home), _code_of(abroad)
    if codes[0] == codes[1]:
        return abroad
    raise AmbiguousPhoneNumberError(country=country, codes=codes)


def _existing(digits: str) -> str | None:
    """Return the digits of a number that begins with its country code, if it exists.

    The digit that WhatsApp drops or adds (`wuts.phone.spellings`) stays as it was typed.
    """
    number = _valid(f"+{digits}")
    if number is not None:
        return _digits(number)
    return digits if any(_valid(f"+{one}") for one in spellings(digits)) else None


def _existing_at_home(digits: str, country: str | None) -> str | None:
    if country is None:
        return None
    number = _parsed(digits, country)
    return None if number is None else _existing(_digits(number))


def _valid(text: str) -> PhoneNumber | None:
    number = _parsed(text)
    return number if number is not None and phonenumbers.is_valid_number(number) else None


def _parsed(text: str, country: str | None = None) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, country)
    except NumberParseException:
        return None


def _digits(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164).removeprefix("+")


def _code_of(digits: str) -> int:
    number = _parsed(f"+{digits}")
    assert number is not None and number.country_code  # noqa: PT018, S101 - it exists
    return number.country_code


def _unusable(country: str | None) -> InvalidPhoneNumberError:
    code = calling_code(country)
    return InvalidPhoneNumberError(country=country, codes=() if code is None else (code,))
