"""What an error of the core or of Slack means, in a person's language."""

from slack_sdk.errors import SlackApiError

from core.errors import (
    DeviceNotFoundError,
    ForbiddenError,
    InvalidPhoneNumberError,
    InvalidTokenError,
    RetryLaterError,
    WutsConnectionError,
    WutsError,
)
from core.pairing import FailureReason, PairingInProgressError

from .messages import Words


def problem(error: WutsError, words: Words) -> str:
    """Return one line that says what to do."""
    if isinstance(error, PairingInProgressError):
        return words.in_progress.format(owner=error.owner)
    texts: tuple[tuple[type[WutsError], str], ...] = (
        (InvalidPhoneNumberError, words.problem_phone),
        (WutsConnectionError, words.problem_unreachable),
        (RetryLaterError, words.problem_busy),
        (InvalidTokenError, words.problem_access),
        (ForbiddenError, words.problem_forbidden),
        (DeviceNotFoundError, words.problem_device_gone),
    )
    return next((text for kind, text in texts if isinstance(error, kind)), words.problem_other)


def slack_problem(error: SlackApiError, words: Words) -> str:
    """Return one line that names Slack's own code for what went wrong."""
    return words.problem_slack.format(error=slack_code(error))


def slack_code(error: SlackApiError) -> str:
    """Return Slack's code for an error, such as ``not_in_channel``."""
    return str(error.response.get("error", "unknown"))


def failure(reason: FailureReason, words: Words) -> str:
    """Return why a pairing failed and what to do."""
    match reason:
        case FailureReason.DEADLINE_PASSED:
            return words.pairing_timed_out
        case FailureReason.LINK_DROPPED:
            return words.pairing_dropped
    return words.pairing_failed.format(problem=_failure_problem(reason, words))


def _failure_problem(reason: FailureReason, words: Words) -> str:
    match reason:
        case FailureReason.TOKEN_REFUSED:
            return words.problem_access
        case FailureReason.NOT_ALLOWED:
            return words.problem_forbidden
        case FailureReason.DEVICE_GONE:
            return words.problem_device_gone
        case FailureReason.INVALID_PHONE_NUMBER:
            return words.problem_phone
        case FailureReason.GATEWAY_UNREACHABLE:
            return words.problem_unreachable
    return words.problem_other
