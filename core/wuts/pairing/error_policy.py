"""What an error means to a pairing: its end, or a wait before the next try."""

from ..errors import (
    DeviceNotFoundError,
    ForbiddenError,
    InvalidPhoneNumberError,
    InvalidTokenError,
    QrNotReadyError,
    RequestRefusedError,
    RetryLaterError,
    UnexpectedAnswerError,
    WutsConnectionError,
    WutsError,
)
from .events import Failed, FailureReason
from .state import Call, Phase, State

FIRST_DELAY = 1.0
"""Seconds before the first retry; doubled for each further one."""

LONGEST_DELAY = 10.0
"""Seconds before a retry at most, unless the gateway asks for more."""

MANY_TRIES = 3
"""Answers of the wrong shape in a row that end a pairing."""

_FINAL = (
    InvalidTokenError,
    ForbiddenError,
    DeviceNotFoundError,
    InvalidPhoneNumberError,
    RequestRefusedError,
)
"""What trying again does not mend."""


def failure_for(state: State, call: Call, error: WutsError) -> Failed | None:
    """Return how the pairing ends by this error, or None when trying again may help.

    ``/qr/status`` is only a hint, so nothing but a refused token ends a pairing there. An
    unreachable gateway ends one only at the very start, before it was reached once.
    """
    if call is Call.QR_STATUS and not isinstance(error, InvalidTokenError):
        return None
    tries = state.failures.get(call, 0) + 1
    at_start = state.phase is Phase.CHECKING and tries == 1
    if (
        isinstance(error, _FINAL)
        or (isinstance(error, WutsConnectionError) and at_start)
        or (isinstance(error, UnexpectedAnswerError) and tries >= MANY_TRIES)
    ):
        return Failed(reason=FailureReason(error.code.value), message=error.message)
    return None


def delay_before_retry(error: WutsError, failures: int) -> float:
    """Return the seconds to wait after the ``failures``-th failure in a row.

    A QR that WhatsApp did not give in time is asked for again at once, the first time.
    """
    if isinstance(error, QrNotReadyError):
        failures -= 1
    delay = 0.0 if failures == 0 else min(FIRST_DELAY * 2.0 ** (failures - 1), LONGEST_DELAY)
    asked = error.retry_after if isinstance(error, RetryLaterError) else None
    return max(delay, asked or 0.0)
