"""What an error of the library means, in a person's language."""

from wuts.errors import (
    DeviceNotFoundError,
    ForbiddenError,
    InvalidPhoneNumberError,
    InvalidTokenError,
    RetryLaterError,
    WutsConnectionError,
    WutsError,
)
from wuts.pairing import FailureReason, PairingInProgressError

from .en import Strings


def error_text(error: WutsError, strings: Strings) -> str:
    """Return one line that says what to do."""
    if isinstance(error, PairingInProgressError):
        return strings.in_progress.format(owner=error.owner)
    if isinstance(error, InvalidPhoneNumberError) and error.place is not None:
        return strings.problem_phone_at.format(place=error.place, problem=strings.problem_phone)
    texts: tuple[tuple[type[WutsError], str], ...] = (
        (InvalidPhoneNumberError, strings.problem_phone),
        (WutsConnectionError, strings.problem_unreachable),
        (RetryLaterError, strings.problem_busy),
        (InvalidTokenError, strings.problem_access),
        (ForbiddenError, strings.problem_forbidden),
        (DeviceNotFoundError, strings.problem_device_gone),
    )
    return next((text for kind, text in texts if isinstance(error, kind)), strings.problem_other)


def failure_text(reason: FailureReason, strings: Strings) -> str:
    """Return why a pairing failed and what to do."""
    if reason is FailureReason.DEADLINE_PASSED:
        return strings.pairing_timed_out
    if reason is FailureReason.LINK_DROPPED:
        return strings.pairing_dropped
    problem = {
        FailureReason.TOKEN_REFUSED: strings.problem_access,
        FailureReason.NOT_ALLOWED: strings.problem_forbidden,
        FailureReason.DEVICE_GONE: strings.problem_device_gone,
        FailureReason.INVALID_PHONE_NUMBER: strings.problem_phone,
        FailureReason.GATEWAY_UNREACHABLE: strings.problem_unreachable,
    }.get(reason, strings.problem_other)
    return strings.pairing_failed.format(problem=problem)
