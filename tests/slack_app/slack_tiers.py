"""How often Slack takes each method, by Slack's own pages; the app's table is not looked at.

What counts is a method, an app and a workspace, in any minute (https://docs.slack.dev/apis/web-api/
rate-limits: "Rate limit windows are per minute", tier 2: 20+, tier 3: 50+, tier 4: 100+). The tiers
are on the methods' reference pages and in MethodsRateLimits.java of slackapi/java-slack-sdk. Slack
may take more: whoever stays within these is never refused.
"""

from __future__ import annotations

import math
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import web

_TIER_2 = "usergroups.users.list users.list"
_TIER_3 = "chat.delete chat.update conversations.info conversations.open files.delete"
_TIER_4 = (
    "conversations.members files.completeUploadExternal files.getUploadURLExternal files.info "
    "users.info views.open views.publish views.update"
)
_A_MINUTE = {
    **dict.fromkeys(_TIER_2.split(), 20),
    **dict.fromkeys(_TIER_3.split(), 50),
    **dict.fromkeys(_TIER_4.split(), 100),
    # "several hundred messages per minute" in a workspace (chat.postMessage, Rate limiting).
    "chat.postMessage": 300,
}
"""auth.test is allowed "hundreds" of times; a socket's address is not part of what is measured."""

_BURST = 3
"""Messages that a channel takes at once: "1 per second", "short bursts >1 allowed"."""


@dataclass
class SlackTiers:
    """Counts the calls that were taken, and refuses those that are too many.

    Attributes:
        posts_each: Seconds in which a channel takes one message.
        minute: Seconds in a minute, for who has no time.
        clock: Seconds.
        refused: The methods of the calls that were refused, in their order.
        most: The most calls of each method that came in a minute, refused ones included.
    """

    posts_each: float = 1.0
    minute: float = 60.0
    clock: Callable[[], float] = time.monotonic
    refused: list[str] = field(default_factory=list)
    most: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    _taken: dict[tuple[str, str], deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _came: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def retry_after(self, method: str, channel: str = "", workspace: str = "") -> int | None:
        """Return the seconds of a ``Retry-After``, or None if the call is taken."""
        now = self.clock()
        came = self._came[method]
        came.append(now)
        self.most[method] = max(self.most[method], len(_lately(came, now, self.minute)))
        spans = []
        if method in _A_MINUTE:
            spans.append((self._taken[method, workspace], _A_MINUTE[method], self.minute))
        if method == "chat.postMessage":
            spans.append((self._taken[method, channel], _BURST, _BURST * self.posts_each))
        waits = [
            taken[0] + seconds - now
            for taken, calls, seconds in spans
            if len(_lately(taken, now, seconds)) >= calls
        ]
        if waits:
            self.refused.append(method)
            return max(1, math.ceil(max(waits)))
        for taken, _, _ in spans:
            taken.append(now)
        return None


def _lately(times: deque[float], now: float, seconds: float) -> deque[float]:
    while times and times[0] <= now - seconds:
        times.popleft()
    return times


def too_many(retry_after: str) -> web.Response:
    """Return what Slack answers to a call that is too much."""
    answer = {"ok": False, "error": "ratelimited"}
    return web.json_response(answer, status=429, headers={"Retry-After": retry_after})
