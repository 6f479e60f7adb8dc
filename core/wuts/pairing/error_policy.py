"""What an error means to a pairing: its end, or a wait before the next try."""

from http import HTTPStatus

from ..errors import (
    DeviceNotFoundError,
    ForbiddenError,
    GatewayError,
    InvalidPhoneNumberError,
    InvalidTokenError,
    QrNotReadyError,
    RateLimitedError,
    RequestRefusedError,
    RetryLaterError,
    WrongDeviceError,
    WutsConnectionError,
    WutsError,
    WutsTimeoutError,
)
from .events import Failed, FailureReason
from .state import Call, Phase, State

FIRST_DELAY = 1.0
"""Seconds before the first retry; doubled for each further one."""

LONGEST_DELAY = 10.0
"""Seconds before a retry at most, unless the gateway asks for more."""

LONGEST_RETRY_AFTER = 30.0
"""Seconds of a gateway's ``Retry-After`` that are honoured at most: a person is waiting."""

_TRIES_AT_FIRST: dict[type[WutsError], int] = {
    InvalidTokenError: 2,
    ForbiddenError: 2,
    RequestRefusedError: 2,
    DeviceNotFoundError: 3,
    WrongDeviceError: 3,
}
"""How often in a row an answer must come until it is believed: one may be wrong once."""

TRIES_LATER = 4
"""The same once the gateway has answered well: what worked a moment ago is doubted longer."""

TRIES_TO_REACH = 3
"""How often a gateway that was never reached is tried before the pairing ends."""


def failure_for(state: State, call: Call, error: WutsError) -> Failed | None:
    """Return how the pairing ends by this error, or None when trying again may help.

    ``state.streaks`` counts the error already.

    ``/qr/status`` is only a hint, so nothing ends a pairing there. An unreachable gateway ends one
    only before it was reached once. Slow answers and odd pages never do: a pairing outlives them
    for as long as it lasts.
    """
    if call is Call.QR_STATUS:
        return None
    needed = _tries_before_the_end(error, answered_before=state.phase is not Phase.CHECKING)
    _, repeats = state.streaks[call]
    if needed is None or repeats < needed:
        return None
    return Failed(reason=FailureReason(error.code.value), message=error.message)


def _tries_before_the_end(error: WutsError, *, answered_before: bool) -> int | None:
    if isinstance(error, InvalidPhoneNumberError):
        return 1
    if isinstance(error, RequestRefusedError) and error.status == HTTPStatus.OK:
        return None  # it calls itself both a success and a failure: not a refusal
    for kind, tries in _TRIES_AT_FIRST.items():
        if isinstance(error, kind):
            return TRIES_LATER if answered_before else tries
    is_unreachable = isinstance(error, WutsConnectionError)
    if is_unreachable and not isinstance(error, WutsTimeoutError) and not answered_before:
        return TRIES_TO_REACH
    return None


def is_outage(error: WutsError) -> bool:
    """Return whether a gateway that answers so may be restarting."""
    if isinstance(error, WutsTimeoutError | RateLimitedError):
        return False
    return isinstance(error, RetryLaterError | GatewayError | WutsConnectionError)


def delay_before_retry(error: WutsError, failures: int) -> float:
    """Return the seconds to wait after the ``failures``-th failure in a row.

    A QR that WhatsApp did not give in time is asked for again at once, the first time.
    """
    if isinstance(error, QrNotReadyError):
        failures -= 1
    delay = 0.0 if failures == 0 else min(FIRST_DELAY * 2.0 ** (failures - 1), LONGEST_DELAY)
    asked = error.retry_after if isinstance(error, RetryLaterError) else None
    return max(delay, min(asked or 0.0, LONGEST_RETRY_AFTER))
