"""What can go wrong when the app calls Slack."""

from collections.abc import Mapping

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError


class NotOwnerError(ClientError):
    """A call that was not made: another app may be the owner of what it is about."""


class NotSentError(ClientError):
    """A call that was not made: too many that are more urgent wait for Slack."""


class UnreadableError(ClientError):
    """An answer that is not Slack's, such as a proxy's page."""


SLACK_ERRORS = (SlackClientError, ClientError, TimeoutError)
"""What a call to Slack raises: its refusal, or what became of the connection."""

type SlackError = SlackClientError | ClientError | TimeoutError

NOT_OWNER = "not_the_owner"
"""Our own code for a `NotOwnerError`."""

NOT_SENT = "too_many_calls"
"""Our own code for a `NotSentError`."""

UNREADABLE = "unreadable_answer"
"""Our own code for an answer that is not Slack's JSON, such as a proxy's page."""

_PASSING = frozenset(
    {
        "ratelimited",
        "internal_error",
        "fatal_error",
        "service_unavailable",
        "request_timeout",
        UNREADABLE,
    }
)
"""What Slack says when it refuses nobody (Slack reference, auth.test); try again later."""


_GONE = frozenset(
    {"message_not_found", "cant_update_message", "edit_window_closed", "thread_not_found"}
)
"""What Slack says of a message that cannot be updated or replied to any more (Slack reference)."""


def slack_code(error: SlackError) -> str:
    """Return Slack's code for an error, such as ``not_in_channel``, or what failed on the way."""
    if isinstance(error, NotOwnerError):
        return NOT_OWNER
    if isinstance(error, NotSentError):
        return NOT_SENT
    if isinstance(error, UnreadableError):
        return UNREADABLE
    if not isinstance(error, SlackApiError):
        return "timeout" if isinstance(error, TimeoutError) else "connection_failed"
    # A response of Slack's, a dict, or whatever a proxy answered instead.
    body = getattr(error.response, "data", error.response)
    code = body.get("error") if isinstance(body, Mapping) else None
    return str(code or UNREADABLE)


def is_passing(error: SlackError) -> bool:
    """Tell whether the same call may be taken later."""
    return not isinstance(error, SlackApiError) or slack_code(error) in _PASSING


def is_gone(error: SlackError) -> bool:
    """Tell whether a message cannot be updated any more, so that only a new one can say it."""
    return slack_code(error) in _GONE
