"""The phone numbers in what somebody wrote in Slack."""

import re

from wuts.errors import AmbiguousPhoneNumberError, InvalidPhoneNumberError
from wuts.phone_numbers import read_number

_LINK = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
"""Slack's mark-up for links, mentions and channels; behind the bar is what people see."""

_CANDIDATE = re.compile(r"(?<![\w+])\+?\(?\d[^\S\n\w]*(?:[\d().\-\u2010-\u2015/]|[^\S\n]){5,}\d")
"""A piece of a line that may be a number, however it is punctuated; a ``+`` begins the next."""


def numbers_in(text: str, country: str | None) -> list[str]:
    """Return the digits of the numbers in a message, each once, in their order.

    Args:
        text: The message, with Slack's mark-up.
        country: Where numbers without a country code are from, or None.

    Raises:
        AmbiguousPhoneNumberError: There is none but one that exists in two countries.
    """
    plain = _LINK.sub(lambda link: _shown(link[1], link[2]), text)
    found: dict[str, None] = {}
    unclear: AmbiguousPhoneNumberError | None = None
    for candidate in _CANDIDATE.findall(plain):
        try:
            found[read_number(candidate, country)] = None
        except AmbiguousPhoneNumberError as error:
            unclear = error
        except InvalidPhoneNumberError:
            continue
    if not found and unclear is not None:
        raise unclear
    return list(found)


def _shown(target: str, label: str | None) -> str:
    """Return what is left of a link: a number only if it is one, and no id or address."""
    if target.startswith("tel:"):
        return target.removeprefix("tel:")
    return label or "" if target.startswith("http") else " "
