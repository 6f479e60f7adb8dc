"""Errors of the gateway, in the user's language."""

from collections.abc import Iterator
from contextlib import contextmanager

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.translation import async_get_translations

from .const import DOMAIN
from .core.errors import (
    AlreadyConnectedError,
    AlreadyPairedError,
    DeviceNotFoundError,
    DeviceNotReadyError,
    ForbiddenError,
    GatewayBusyError,
    GatewayError,
    InvalidInputError,
    InvalidPhoneNumberError,
    InvalidTokenError,
    QrNotReadyError,
    RateLimitedError,
    WutsConfigError,
    WutsConnectionError,
    WutsError,
)

# The first that fits counts, so a kind stands before those it derives from.
_KEYS: tuple[tuple[type[WutsError], str], ...] = (
    (WutsConfigError, "invalid_token"),
    (InvalidTokenError, "invalid_auth"),
    (ForbiddenError, "invalid_auth"),
    (WutsConnectionError, "cannot_connect"),
    (GatewayBusyError, "gateway_down"),
    (RateLimitedError, "gateway_down"),
    (GatewayError, "gateway_down"),
    (InvalidPhoneNumberError, "invalid_phone_number"),
    (InvalidInputError, "invalid_input"),
    (DeviceNotFoundError, "device_gone"),
    (DeviceNotReadyError, "device_not_ready"),
    (AlreadyConnectedError, "already_connected"),
    (AlreadyPairedError, "already_paired"),
    (QrNotReadyError, "code_not_ready"),
)


def key_of(error: WutsError) -> str:
    """Return the key of the text that explains an error; what is left makes no sense to us."""
    for kind, key in _KEYS:
        if isinstance(error, kind):
            return key
    return "unexpected_answer"


async def text_of(hass: HomeAssistant, category: str, key: str) -> str:
    """Return one of our texts in Home Assistant's language, where it does not translate by itself.

    Args:
        hass: Home Assistant.
        category: The part of the translations, such as ``exceptions``.
        key: The dotted path inside it.
    """
    texts = await async_get_translations(hass, hass.config.language, category, [DOMAIN])
    return texts[f"component.{DOMAIN}.{category}.{key}"]


async def text_of_error(hass: HomeAssistant, error: WutsError) -> str:
    """Return what went wrong in Home Assistant's language."""
    return await text_of(hass, "exceptions", f"{key_of(error)}.message")


@contextmanager
def translated_errors() -> Iterator[None]:
    """Raise what goes wrong in an action so that Home Assistant translates it.

    Raises:
        ServiceValidationError: The user gave something that is not accepted.
        HomeAssistantError: Anything else went wrong.
    """
    try:
        yield
    except WutsError as error:
        kind = (
            ServiceValidationError if isinstance(error, InvalidInputError) else HomeAssistantError
        )
        raise kind(translation_domain=DOMAIN, translation_key=key_of(error)) from error
