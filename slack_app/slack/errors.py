"""What an error of the core or of Slack means, in a person's language."""

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError

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

from ..messages import Words

SLACK_TROUBLES = (SlackClientError, ClientError, TimeoutError)
"""What a call to Slack raises: its refusal, or what became of the connection."""

type SlackTrouble = SlackClientError | ClientError | TimeoutError


def problem(error: WutsError, words: Words) -> str:
    """Return one line that says what to do."""
    if isinstance(error, PairingInProgressError):
        return words.in_progress.format(owner=error.owner)
    if isinstance(error, InvalidPhoneNumberError) and error.place is not None:
        return words.problem_phone_at.format(place=error.place, problem=words.problem_phone)
    texts: tuple[tuple[type[WutsError], str], ...] = (
        (InvalidPhoneNumberError, words.problem_phone),
        (WutsConnectionError, words.problem_unreachable),
        (RetryLaterError, words.problem_busy),
        (InvalidTokenError, words.problem_access),
        (ForbiddenError, words.problem_forbidden),
        (DeviceNotFoundError, words.problem_device_gone),
    )
    return next((text for kind, text in texts if isinstance(error, kind)), words.problem_other)


def slack_problem(error: SlackTrouble, words: Words) -> str:
    """Return one line that names Slack's own code for what went wrong."""
    return words.problem_slack.format(error=slack_code(error))


def slack_code(error: SlackTrouble) -> str:
    """Return Slack's code for an error, such as ``not_in_channel``, or what failed on the way."""
    if isinstance(error, SlackApiError):
        return str(error.response.get("error", "unknown"))
    return "timeout" if isinstance(error, TimeoutError) else "connection_failed"


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
