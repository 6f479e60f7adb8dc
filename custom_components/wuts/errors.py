"""Errors of the gateway, in the user's language."""

from collections.abc import Iterator
from contextlib import contextmanager

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.translation import async_get_translations

from .const import DOMAIN
from .core.errors import (
    ErrorCode,
    ForbiddenError,
    InvalidInputError,
    InvalidPhoneNumberError,
    MediaTooLargeError,
    WutsConfigError,
    WutsError,
)
from .core.pairing import FailureReason
from .core.phone_numbers import known_country

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


class CaFileError(WutsConfigError):
    """An account's CA file cannot be read, or holds no certificate in PEM form."""

    advice = "The CA file cannot be read, or holds no certificate in PEM form. Check its path."


class NotConfirmedError(WutsError):
    """The gateway may confuse an account's devices, and nobody has agreed to change one."""

    advice = "The gateway may change another device. Confirm that in the account's options first."


class ConfusedGatewayError(WutsError):
    """The gateway answers about other devices, so nothing is sent that changes one."""

    advice = "The gateway answers about other devices, so nothing was sent that changes one."


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

    advice = "Nobody opened the link in time. Make a new one."


_OWN = {
    LinkExpiredError: "link_expired",
    DeviceRemovedError: "device_removed",
    CaFileError: "invalid_ca_file",
    NotConfirmedError: "not_confirmed",
    ConfusedGatewayError: "confuses_devices",
    MediaTooLargeError: "media_too_large",
}
"""The translations of errors that have no code of their own."""


def key_of(error: WutsError, *, listing: bool = False) -> str:
    """Return the translation key of an error.

    Args:
        error: What went wrong.
        listing: Whether it answers a listing, where a refusal speaks of the token.
    """
    if type(error) in _OWN:
        return _OWN[type(error)]
    if listing and isinstance(error, ForbiddenError):
        return KEYS[ErrorCode.TOKEN_REFUSED]
    if error.code is ErrorCode.INVALID_PHONE_NUMBER and placeholders_of(error):
        return "invalid_phone_number_home"
    return KEYS[error.code]


def placeholders_of(error: WutsError) -> dict[str, str]:
    """Return what stands in an error's translation: of a number, its country and calling codes."""
    if not isinstance(error, InvalidPhoneNumberError) or not error.codes:
        return {}
    first, *others = (f"+{code}" for code in error.codes)
    return {"country": error.country or "", "code": first, "other": "".join(others)}


async def text_of(hass: HomeAssistant, category: str, key: str) -> str:
    """Return a text of our translations in Home Assistant's language.

    Args:
        hass: Home Assistant.
        category: The part of the translations, such as ``exceptions``.
        key: The dotted path in it.
    """
    texts = await async_get_translations(hass, hass.config.language, category, [DOMAIN])
    return texts[f"component.{DOMAIN}.{category}.{key}"]


async def text_of_country(hass: HomeAssistant) -> str:
    """Return where numbers without a country code are from, in Home Assistant's language."""
    country = known_country(hass.config.country)
    key = "unknown" if country is None else "known"
    return (await text_of(hass, "selector", f"country.options.{key}")).format(country=country)


async def text_of_code(hass: HomeAssistant, code: ErrorCode) -> str:
    """Return what is wrong with a pairing in Home Assistant's language."""
    return await text_of(hass, "exceptions", f"{OF_PAIRING[code]}.message")


async def text_of_error(hass: HomeAssistant, error: WutsError) -> str:
    """Return what went wrong in Home Assistant's language."""
    return await text_of(hass, "exceptions", f"{key_of(error)}.message")


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
