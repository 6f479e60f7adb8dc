"""How long the app waits when Slack says that it is asked too much."""

import asyncio
import random
from datetime import UTC, datetime
from typing import override

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
    """Repeats what Slack answered with 429, when it says and within reason.

    Slack's own handler reads whole seconds only, and waits for as many as there are.
    """

    def __init__(self, longest_wait: float = LONGEST_WAIT) -> None:
        super().__init__(max_retry_count=MOST)
        self._longest_wait = longest_wait

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
        state.next_attempt_requested = True
        wait = wait_for(_header(response), datetime.now(UTC), longest=self._longest_wait)
        # Not all at once with those that were told the same.
        await asyncio.sleep(wait + random.random())  # noqa: S311 - no secret
        state.increment_current_attempt()


def wait_for(header: str | None, now: datetime, *, longest: float = LONGEST_WAIT) -> float:
    """Return the seconds to wait for a ``Retry-After``, whatever it says."""
    asked = parse_retry_after(header, now=now)
    return min(SHORTEST_WAIT if asked is None else asked, longest)


def _header(response: HttpResponse | None) -> str | None:
    if response is None:
        return None
    values = {name.lower(): value for name, value in response.headers.items()}.get("retry-after")
    return str(values[0]) if values else None
