"""How long the app waits when Slack says that it is asked too much."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import override
from urllib.parse import urlsplit

from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState

from wuts.http.classify import parse_retry_after

MOST = 5
"""How often a call is repeated that Slack answers with 429."""

LONGEST_WAIT = 60.0
"""Seconds of a ``Retry-After`` that are honoured: Slack counts by the minute (rate limits)."""

SHORTEST_WAIT = 1.0
"""Seconds to wait where Slack names none, or none that can be read."""


class RateLimitRetry(AsyncRateLimitErrorRetryHandler):
    """Repeats what Slack answered with 429, when it is its turn again.

    Args:
        again: Waits for another turn of a method; Slack's ``Retry-After`` holds for all of them.
    """

    def __init__(self, again: Callable[[str], Awaitable[None]]) -> None:
        super().__init__(max_retry_count=MOST)
        self._again = again

    @override
    async def prepare_for_next_attempt_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> None:
        """Wait until Slack may be asked again."""
        await self._again(urlsplit(request.url).path.rpartition("/")[2])
        state.next_attempt_requested = True
        state.increment_current_attempt()


def wait_for(header: str | None, now: datetime, *, longest: float = LONGEST_WAIT) -> float:
    """Return the seconds to wait for a ``Retry-After``, whatever it says."""
    asked = parse_retry_after(header, now=now)
    return min(SHORTEST_WAIT if asked is None else asked, longest)
