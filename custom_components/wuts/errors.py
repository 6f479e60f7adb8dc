"""Names what went wrong by the key of its translation."""

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

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


def action_failed(error: WutsError) -> HomeAssistantError:
    """Return what Home Assistant shows when an action did not work, in its user's language."""
    kind = ServiceValidationError if isinstance(error, InvalidInputError) else HomeAssistantError
    return kind(translation_domain=DOMAIN, translation_key=key_of(error))
