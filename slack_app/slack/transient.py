"""Repeats a call that failed for a reason that may be gone in a moment."""

import asyncio
import random
from typing import override

from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState

from .errors import (
    RATE_LIMITED,
    TOO_MANY,
    UNREADABLE,
    NotOwnerError,
    NotSentError,
    SlackFailure,
    may_pass,
    slack_error_of,
)

MOST = 2
"""How often a call is repeated at once; who needs it more urgently tries again later."""

FIRST_PAUSE = 0.25
"""Seconds before the first repetition, at most; doubled for the next."""


class TransientRetry(AsyncRetryHandler):
    """Repeats what met a 5xx, a time-out, a lost connection, or Slack's ``internal_error``.

    A post carries an id (`ReadableClient.chat_postMessage`), so that Slack shows one that it took
    although its answer was lost only once. A time-out is repeated once: each lasts long.

    Args:
        first_pause: Seconds before the first repetition, at most.
    """

    def __init__(self, first_pause: float = FIRST_PAUSE) -> None:
        super().__init__(max_retry_count=MOST)
        self._first_pause = first_pause

    @override
    async def can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        """Return whether to repeat a call; rate limits are another handler's."""
        most = 1 if isinstance(error, TimeoutError) else MOST
        if state.current_attempt >= most or isinstance(error, (NotOwnerError, NotSentError)):
            return False
        if error is not None:
            failure = slack_error_of(error)
        elif response is not None:
            failure = _answered(response)
        else:
            return False
        is_limited = failure.status == TOO_MANY or failure.code in RATE_LIMITED
        return failure.is_transient and not is_limited

    @override
    async def prepare_for_next_attempt_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> None:
        """Wait a moment."""
        pause: float = self._first_pause * 2**state.current_attempt
        await asyncio.sleep(random.uniform(pause / 2, pause))  # noqa: S311 - no secret
        state.next_attempt_requested = True
        state.increment_current_attempt()


def _answered(response: HttpResponse) -> SlackFailure:
    """Read an answer as if it had been raised; one that Slack took has no code."""
    body = response.body
    code = body.get("error", "") if isinstance(body, dict) else UNREADABLE
    return SlackFailure(
        str(code), response.status_code, is_transient=may_pass(str(code), response.status_code)
    )
