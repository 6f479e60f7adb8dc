"""What can go wrong when the app calls Slack, read so that the reading itself cannot fail."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError

from wuts.http.classify import parse_retry_after


class NotOwnerError(ClientError):
    """A call that was not made: another app may be the owner of what it is about."""


class NotSentError(ClientError):
    """A call that was not made: too many that are more urgent wait for Slack."""


class UnreadableError(ClientError):
    """An answer that is not Slack's, such as a proxy's page, or that lacks what it must have.

    Args:
        status: Its HTTP status, or None if there is none.
    """

    def __init__(self, status: int | None = None) -> None:
        super().__init__("an answer that is not Slack's")
        self.status = status


SLACK_ERRORS = (SlackClientError, ClientError, TimeoutError)
"""What a call to Slack raises: its refusal, or a broken connection."""

type SlackError = SlackClientError | ClientError | TimeoutError

NOT_OWNER = "not_the_owner"
"""Our own code for a `NotOwnerError`."""

NOT_SENT = "too_many_calls"
"""Our own code for a `NotSentError`."""

UNREADABLE = "unreadable_answer"
"""Our own code for an answer that is not Slack's JSON, such as a proxy's page."""

TIMEOUT = "timeout"
CONNECTION_FAILED = "connection_failed"
"""Our own codes for no answer at all."""

_PASSING = frozenset(
    {
        "accesslimited",
        "fatal_error",
        "internal_error",
        "rate_limited",
        "ratelimited",
        "request_timeout",
        "service_unavailable",
        "team_added_to_org",
        UNREADABLE,
        TIMEOUT,
        CONNECTION_FAILED,
        NOT_OWNER,
        NOT_SENT,
    }
)
"""What Slack says when it refuses nobody (Slack reference, auth.test); try again later."""

TOKEN_REFUSED = frozenset(
    {"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"}
)
"""What Slack says of a token that opens nothing any more (Slack reference, auth.test)."""

NO_PICTURES = frozenset(
    {"file_uploads_disabled", "file_uploads_except_images_disabled", "storage_limit_reached"}
)
"""What Slack says where nobody may upload pictures (Slack reference, files.*)."""

_GONE = frozenset(
    {"message_not_found", "cant_update_message", "edit_window_closed", "thread_not_found"}
)
"""What Slack says of a message that cannot be updated or replied to any more (Slack reference)."""

TOO_MANY, _REQUEST_TIMEOUT, _SERVER_ERROR = 429, 408, 500
"""HTTP's own."""

RATE_LIMITED = frozenset({"rate_limited", "ratelimited"})

_LONGEST_CODE = 80
"""Characters; Slack's longest has 50."""

WORDS = {
    "user_disabled": "slack_user_disabled",
    "user_not_found": "slack_user_disabled",
    "cannot_dm_bot": "slack_user_disabled",
    "messages_tab_disabled": "slack_messages_tab_disabled",
    "channel_not_found": "slack_channel_not_found",
    "is_archived": "slack_is_archived",
    "not_in_channel": "slack_not_in_channel",
    "restricted_action": "slack_restricted",
    "restricted_action_read_only_channel": "slack_restricted",
    "missing_scope": "slack_missing_scope",
    "no_permission": "slack_missing_scope",
    "not_allowed_token_type": "slack_missing_scope",
    "expired_trigger_id": "slack_too_late",
    "trigger_expired": "slack_too_late",
    **dict.fromkeys(RATE_LIMITED, "slack_ratelimited"),
    **dict.fromkeys(TOKEN_REFUSED, "slack_token"),
    **dict.fromkeys(NO_PICTURES, "slack_no_pictures"),
    NOT_OWNER: "problem_store",
    NOT_SENT: "slack_ratelimited",
}
"""Which of `Strings` says what a code means, and what to do."""


@dataclass(frozen=True, slots=True)
class SlackFailure:
    """A call to Slack that failed.

    Attributes:
        code: Slack's own, such as ``not_in_channel``, or one of ours for what Slack did not say.
        status: The HTTP status, or None if nothing answered.
        retry_after: Seconds until Slack may be asked again, or None if it named none.
        is_transient: Whether the same call may be taken later.
        words_key: Which of `Strings` says what it means, and what to do.
        needed: The scopes that Slack asks for, where it names them.
    """

    code: str
    status: int | None = None
    retry_after: float | None = None
    is_transient: bool = False
    words_key: str = "problem_slack"
    needed: frozenset[str] = frozenset()


def slack_error_of(error: BaseException) -> SlackFailure:
    """Read what a call raised; this raises nothing, whatever ``error`` and its answer are.

    ``slack_sdk`` keeps a response of its own, a dict, a string or one of aiohttp's in
    ``SlackApiError.response``, depending on what came (slackapi/python-slack-sdk#1454).
    """
    if not isinstance(error, SlackApiError):
        seen = error.status if isinstance(error, UnreadableError) else None
        return failure_of(_code_of(error), seen)
    answer = _quietly(error, "response")
    body = answer if isinstance(answer, Mapping) else _quietly(answer, "data")
    status = _quietly(answer, "status_code", "status")
    retry_after = _retry_after(_quietly(answer, "headers"))
    known = status if isinstance(status, int) else None
    if not isinstance(body, Mapping):
        return failure_of(UNREADABLE, known, retry_after)
    code = body.get("error")
    is_named = isinstance(code, str) and code
    named = _printable(code) if is_named else UNREADABLE
    return failure_of(named, known, retry_after, _scopes(body.get("needed")))


def slack_code(error: BaseException) -> str:
    """Return Slack's code for an error, such as ``not_in_channel``, or what failed on the way."""
    return slack_error_of(error).code


def is_passing(error: BaseException) -> bool:
    """Return whether the same call may be taken later."""
    return slack_error_of(error).is_transient


def is_gone(error: BaseException) -> bool:
    """Return whether a message cannot be updated any longer, so that only a new one can say it."""
    return slack_code(error) in _GONE


def may_pass(code: str, status: int | None = None) -> bool:
    """Return whether a call that was answered like this may be taken later."""
    return code in _PASSING or (
        status is not None and (status >= _SERVER_ERROR or status in {TOO_MANY, _REQUEST_TIMEOUT})
    )


def failure_of(
    code: str,
    status: int | None = None,
    retry_after: float | None = None,
    needed: frozenset[str] = frozenset(),
) -> SlackFailure:
    """Return what a code means."""
    is_transient = may_pass(code, status)
    words = WORDS.get(code) or ("slack_transient" if is_transient else "problem_slack")
    return SlackFailure(code, status, retry_after, is_transient, words, needed)


def _code_of(error: BaseException) -> str:
    match error:
        case NotOwnerError():
            return NOT_OWNER
        case NotSentError():
            return NOT_SENT
        case TimeoutError():
            return TIMEOUT
        case ClientError() if not isinstance(error, UnreadableError):
            return CONNECTION_FAILED
    return UNREADABLE


def _quietly(thing: object, *names: str) -> object:
    """Return the first attribute that there is, or None; what reading it raises says as much."""
    for name in names:
        with suppress(Exception):
            return getattr(thing, name)
    return None


def _retry_after(headers: object) -> float | None:
    if not isinstance(headers, Mapping):
        return None
    values = {str(name).lower(): value for name, value in headers.items()}
    value = values.get("retry-after")
    if isinstance(value, list):
        value = value[0] if value else None
    return parse_retry_after(value, now=datetime.now(UTC)) if isinstance(value, str) else None


def _printable(code: object) -> str:
    """Return a code as it may be shown and logged: Slack's have letters, digits and ``_``."""
    text = str(code)
    is_code = text.isascii() and text.replace("_", "").isalnum() and len(text) <= _LONGEST_CODE
    return text if is_code else UNREADABLE


def _scopes(needed: object) -> frozenset[str]:
    if not isinstance(needed, str):
        return frozenset()
    return frozenset(one for one in needed.replace(" ", "").split(",") if one)
