"""Errors of the gateway, as keys of translations: a text never holds another one.

Home Assistant fills a text in the language of whoever reads it. What we fill in is the same in all
languages: names, numbers and times.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from typing import Final

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from .const import DOMAIN
from .core.errors import (
    AmbiguousPhoneNumberError,
    CheckBudgetUsedUpError,
    ErrorCode,
    ForbiddenError,
    InvalidInputError,
    InvalidPhoneNumberError,
    MediaTooLargeError,
    WrongDeviceError,
    WutsConfigError,
    WutsError,
)
from .core.pairing import FailureReason, PairingInProgressError

KEYS = {code: code.value for code in ErrorCode} | {
    ErrorCode.CONFIGURATION: "invalid_token",
    ErrorCode.USAGE: "invalid_input",
    ErrorCode.AMBIGUOUS_DEVICE: "unknown_device",
    ErrorCode.GATEWAY_UNREACHABLE: "cannot_connect",
    ErrorCode.TOKEN_REFUSED: "invalid_auth",
    ErrorCode.NOT_CONNECTED: "unexpected_answer",
    ErrorCode.GATEWAY_BUSY: "gateway_down",
    ErrorCode.RATE_LIMITED: "gateway_down",
    ErrorCode.GATEWAY_FAILED: "gateway_down",
    ErrorCode.REFUSED: "unexpected_answer",
    ErrorCode.DEADLINE_PASSED: "pairing_deadline_passed",
    ErrorCode.LINK_DROPPED: "pairing_link_dropped",
    ErrorCode.STORE_FAILED: "unexpected_answer",
    ErrorCode.STORE_OWNED: "unexpected_answer",
    ErrorCode.STORE_LOST: "unexpected_answer",
    ErrorCode.STORE_OTHER_ACCOUNT: "unexpected_answer",
}
"""The translation of each error: most are called as its code is."""


OF_PAIRING = KEYS | {
    ErrorCode.GATEWAY_BUSY: "gateway_busy",
    ErrorCode.RATE_LIMITED: "rate_limited",
    ErrorCode.INVALID_PHONE_NUMBER: "pairing_invalid_phone_number",
    ErrorCode.REFUSED: "pairing_refused",
    ErrorCode.PAIRING_IN_PROGRESS: "pairing_elsewhere",
}
"""The translation of what a pairing waits for, or ends with."""


OF_WAITS: Final = frozenset(
    OF_PAIRING[code]
    for code in (
        ErrorCode.GATEWAY_UNREACHABLE,
        ErrorCode.CERTIFICATE_UNTRUSTED,
        ErrorCode.CERTIFICATE_EXPIRED,
        ErrorCode.CERTIFICATE_WRONG_HOST,
        ErrorCode.NAME_NOT_FOUND,
        ErrorCode.CONNECTION_REFUSED,
        ErrorCode.NO_ANSWER,
        ErrorCode.TOO_MANY_OPEN_FILES,
        ErrorCode.GATEWAY_BUSY,
        ErrorCode.RATE_LIMITED,
        ErrorCode.GATEWAY_FAILED,
        ErrorCode.UNEXPECTED_ANSWER,
        ErrorCode.CODE_NOT_READY,
    )
)
"""What a pairing waits for, for as long as it lasts. A refusal it only doubts for some seconds."""


class Kind(StrEnum):
    """What kind of problem an error is, for texts that have a variant for each kind."""

    UNREACHABLE = "unreachable"
    """The gateway does not answer as it should."""
    TOKEN = "token"  # noqa: S105 - a kind of problem
    """The gateway refuses the token."""
    OFFLINE = "offline"
    """The device's session is down."""
    NUMBER = "number"
    """A number is none."""
    IN_DOUBT = "in_doubt"
    """The gateway may have changed another device, or might."""
    NOT_CONFIRMED = "not_confirmed"
    """The same, and nobody has agreed to that."""
    OTHER = "other"


KINDS: Final[Mapping[ErrorCode, Kind]] = dict.fromkeys(ErrorCode, Kind.OTHER) | {
    ErrorCode.GATEWAY_UNREACHABLE: Kind.UNREACHABLE,
    ErrorCode.CERTIFICATE_UNTRUSTED: Kind.UNREACHABLE,
    ErrorCode.CERTIFICATE_EXPIRED: Kind.UNREACHABLE,
    ErrorCode.CERTIFICATE_WRONG_HOST: Kind.UNREACHABLE,
    ErrorCode.NAME_NOT_FOUND: Kind.UNREACHABLE,
    ErrorCode.CONNECTION_REFUSED: Kind.UNREACHABLE,
    ErrorCode.NO_ANSWER: Kind.UNREACHABLE,
    ErrorCode.TOO_MANY_OPEN_FILES: Kind.UNREACHABLE,
    ErrorCode.GATEWAY_BUSY: Kind.UNREACHABLE,
    ErrorCode.RATE_LIMITED: Kind.UNREACHABLE,
    ErrorCode.GATEWAY_FAILED: Kind.UNREACHABLE,
    ErrorCode.UNEXPECTED_ANSWER: Kind.UNREACHABLE,
    ErrorCode.TOKEN_REFUSED: Kind.TOKEN,
    ErrorCode.NOT_ALLOWED: Kind.TOKEN,
    ErrorCode.DEVICE_NOT_READY: Kind.OFFLINE,
    ErrorCode.INVALID_PHONE_NUMBER: Kind.NUMBER,
    ErrorCode.AMBIGUOUS_PHONE_NUMBER: Kind.NUMBER,
    ErrorCode.WRONG_DEVICE: Kind.IN_DOUBT,
    ErrorCode.NOT_VERIFIED: Kind.IN_DOUBT,
}
"""The kind of each error."""


class CaFileError(WutsConfigError):
    """An account's CA file cannot be read, or holds no certificate in PEM form."""

    advice = "The CA file cannot be read, or contains no certificate in PEM format. Check its path."


class NotConfirmedError(WutsError):
    """The gateway may confuse an account's devices, and nobody has agreed to change one."""

    advice = "The gateway might change another device. Allow that in the account's options first."


class ConfusedGatewayError(WutsError):
    """The gateway answers about other devices, so nothing is sent that changes one."""

    advice = "The gateway confuses devices, so the request was not sent."


class DeviceRemovedError(WutsError):
    """A device was removed from Home Assistant while it was paired."""

    advice = "The device was removed from Home Assistant."


class AccountGoneError(WutsError):
    """An account was removed or changed before its pairing began."""

    advice = "The account was removed or changed."

    def __init__(self, reason: FailureReason) -> None:
        super().__init__()
        self.code = ErrorCode(reason.value)
        self.reason = reason


class LinkExpiredError(WutsError):
    """Nobody opened the link to a pairing page in time, or a newer one replaced it."""

    advice = "Nobody opened the link in time. Create a new one."


_OWN = {
    LinkExpiredError: "link_expired",
    DeviceRemovedError: "device_removed",
    CaFileError: "invalid_ca_file",
    NotConfirmedError: "not_confirmed",
    ConfusedGatewayError: "confuses_devices",
    MediaTooLargeError: "media_too_large",
}
"""The translations of errors that have no code of their own."""

_OWN_KINDS: Final[Mapping[type[WutsError], Kind]] = {
    NotConfirmedError: Kind.NOT_CONFIRMED,
    ConfusedGatewayError: Kind.IN_DOUBT,
}


def key_of(error: WutsError, *, listing: bool = False) -> str:
    """Return the translation key of an error.

    Args:
        error: What went wrong.
        listing: Whether it answers a listing, where a refusal speaks of the token, and which is
            about no device.
    """
    if type(error) in _OWN:
        return _OWN[type(error)]
    if listing and isinstance(error, ForbiddenError):
        return KEYS[ErrorCode.TOKEN_REFUSED]
    if listing and isinstance(error, WrongDeviceError):
        return KEYS[ErrorCode.UNEXPECTED_ANSWER]
    if isinstance(error, PairingInProgressError) and not error.owner:
        return OF_PAIRING[ErrorCode.PAIRING_IN_PROGRESS]
    if error.code is ErrorCode.INVALID_PHONE_NUMBER and placeholders_of(error):
        return "invalid_phone_number_home"
    return KEYS[error.code]


def variant_of(key: str, error: WutsError, kinds: Collection[Kind]) -> str:
    """Return the key of a text's variant for the kind of an error, or of the text itself.

    Args:
        key: The text's key, which is the one for all other kinds.
        error: What went wrong.
        kinds: Those that have a variant.
    """
    kind = _OWN_KINDS.get(type(error), KINDS[error.code])
    return f"{key}_{kind}" if kind in kinds else key


def placeholders_of(error: WutsError) -> dict[str, str]:
    """Return what the text of an error leaves to be filled in."""
    if isinstance(error, CheckBudgetUsedUpError):
        return {"limit": f"{error.limit}", "left": f"{error.left}"}
    if isinstance(error, PairingInProgressError) and error.owner:
        return {"owner": error.owner}
    if not isinstance(error, InvalidPhoneNumberError) or not error.codes:
        return {}
    first, *others = (f"+{code}" for code in error.codes)
    if isinstance(error, AmbiguousPhoneNumberError):
        return {"code": first, "other": "".join(others)}
    return {"country": error.country or "", "code": first}


@contextmanager
def translated_errors() -> Iterator[None]:
    """Raise what goes wrong in an action so that Home Assistant translates it.

    Raises:
        ServiceValidationError: The user's input is invalid.
        HomeAssistantError: Anything else went wrong.
    """
    try:
        yield
    except WutsError as error:
        kind = (
            ServiceValidationError if isinstance(error, InvalidInputError) else HomeAssistantError
        )
        raise kind(
            translation_domain=DOMAIN,
            translation_key=key_of(error),
            translation_placeholders=placeholders_of(error),
        ) from error
