"""Checks what a caller hands over before anything is sent.

No message repeats the value: it may be a phone number.
"""

import ipaddress
import string
from collections.abc import Callable, Iterable

import httpx

from .errors import InvalidInputError, InvalidPhoneNumberError, WutsConfigError
from .phone import is_group_jid, is_hidden_jid, is_user_jid, normalize_phone_number

LONGEST_ID = 200
LONGEST_NAME = 100
LONGEST_MESSAGE = 4096
"""Characters of a text message at most (WUTS reference, Send text)."""

LONGEST_CAPTION = 1024
"""Characters below a file at most (WUTS guide, Working with media)."""

LAST_PORT = 65535

_SCHEME = "bearer "
_AROUND_TOKENS = f"{string.whitespace}\N{NO-BREAK SPACE}\N{ZERO WIDTH NO-BREAK SPACE}\"'"


def check_device_id(device_id: str) -> str:
    """Return a device's id that can stand in a path or a query.

    Raises:
        InvalidInputError: It is empty, too long, or has characters that no id has.
    """
    usable = device_id.isascii() and device_id.isprintable() and " " not in device_id
    if not usable or device_id.strip(".") == "" or len(device_id) > LONGEST_ID:
        raise InvalidInputError("That is not a device's id. List the devices to see their ids.")
    return device_id


def check_name(name: str) -> str:
    """Return a device's name without surrounding space.

    Raises:
        InvalidInputError: It is empty, longer than 100 characters, or not printable.
    """
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise InvalidInputError(
            f"A device's name must have 1 to {LONGEST_NAME} printable characters."
        )
    return name


def check_message(text: str) -> str:
    """Return a text that the gateway accepts.

    Raises:
        InvalidInputError: It is empty or longer than 4096 characters.
    """
    if not 1 <= len(text) <= LONGEST_MESSAGE:
        raise InvalidInputError(f"A message must have 1 to {LONGEST_MESSAGE} characters.")
    return text


def check_caption(caption: str) -> str:
    """Return a file's caption that the gateway accepts.

    Raises:
        InvalidInputError: It is longer than 1024 characters.
    """
    if len(caption) > LONGEST_CAPTION:
        raise InvalidInputError(f"A caption can have at most {LONGEST_CAPTION} characters.")
    return caption


def check_message_id(message_id: str) -> str:
    """Return the id of a message that is replied to.

    Raises:
        InvalidInputError: It is empty, too long, or has characters that no id has.
    """
    usable = message_id.isascii() and message_id.isprintable() and " " not in message_id
    if not usable or not 0 < len(message_id) <= LONGEST_ID:
        raise InvalidInputError("That is not a message's id.")
    return message_id


def check_mentions(
    mentions: Iterable[str], read: Callable[[str], str] = normalize_phone_number
) -> list[str]:
    """Return the JIDs of people who are named in a text.

    Args:
        mentions: Their phone numbers, or their JIDs.
        read: Returns a number's digits, or raises InvalidPhoneNumberError.

    Raises:
        InvalidPhoneNumberError: One is neither; the message says which, by its place.
    """
    jids = []
    for place, one in enumerate(mentions, start=1):
        try:
            jids.append(one if is_user_jid(one) else f"{read(one)}@s.whatsapp.net")
        except InvalidPhoneNumberError as error:
            raise error.at(place) from None
    return jids


def check_numbers(
    numbers: Iterable[str], read: Callable[[str], str] = normalize_phone_number
) -> list[str]:
    """Return the digits of each number.

    Args:
        numbers: What was given for numbers.
        read: Returns one's digits, or raises InvalidPhoneNumberError.

    Raises:
        InvalidPhoneNumberError: One is not usable; the message says which, by its place.
        InvalidInputError: There is none.
    """
    digits = []
    for place, number in enumerate(numbers, start=1):
        try:
            digits.append(read(number))
        except InvalidPhoneNumberError as error:
            raise error.at(place) from None
    if not digits:
        raise InvalidInputError("Give at least one number to check.")
    return digits


def check_recipient(to: str, read: Callable[[str], str] = normalize_phone_number) -> str:
    """Return a phone number's digits, or as it is the JID of a group or of a hidden number.

    Args:
        to: What was given for a recipient; ``…@lid`` is the only address of a hidden number.
        read: Returns a number's digits, or raises InvalidPhoneNumberError.

    Raises:
        InvalidPhoneNumberError: It is neither.
    """
    return to if is_group_jid(to) or is_hidden_jid(to) else read(to)


def check_base_url(base_url: str, *, allow_insecure_http: bool = False) -> str:
    """Return the gateway's address without a trailing slash.

    Plain ``http://`` is accepted for this machine only, unless the caller opts in: whoever reads
    the traffic would hold the token, and with it every device.

    Raises:
        WutsConfigError: It is not an http(s) address, or has credentials, a query or a fragment.
    """
    url = _parse_url(base_url)
    if url is None or url.scheme not in ("http", "https"):
        raise WutsConfigError(
            "The gateway's address must look like https://api.wuts.com.br. Check it."
        )
    if url.userinfo or "?" in base_url or "#" in base_url:
        raise WutsConfigError(
            "The gateway's address must not contain a user name, a password, a query or a fragment."
        )
    if url.scheme == "http" and not allow_insecure_http and not _is_loopback(url.host):
        raise WutsConfigError(
            "The gateway's address must start with https://, or others could read the token. "
            "Plain http:// is for a gateway on this machine only."
        )
    return str(url).rstrip("/")


def _parse_url(text: str) -> httpx.URL | None:
    try:
        url = httpx.URL(text.strip())
        usable = bool(url.host) and (url.port or 0) <= LAST_PORT
    except (httpx.InvalidURL, UnicodeError):
        return None
    return url if usable else None


def is_plain_and_local(base_url: str) -> bool:
    """Return whether an address is plain ``http://`` to this machine."""
    url = httpx.URL(base_url)
    return url.scheme == "http" and _is_loopback(url.host)


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_token(token: str) -> str:
    """Return a token that a header can carry; it is never judged by its shape.

    What comes along when a token is copied is cut off: a byte-order mark, spaces, the scheme.

    Raises:
        WutsConfigError: It is empty, or no header can carry it.
    """
    token = token.strip(_AROUND_TOKENS)
    if token[: len(_SCHEME)].casefold() == _SCHEME:
        token = token[len(_SCHEME) :].strip(_AROUND_TOKENS)
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise WutsConfigError(
            "The token is empty or contains invalid characters. Copy it from WUTS again."
        )
    return token
