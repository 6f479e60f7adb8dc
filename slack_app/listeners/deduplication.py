"""Does nothing twice: Slack repeats what it thinks was lost, and so may others."""

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt import BoltResponse

REMEMBERED = 10_000
"""How many interactions are remembered."""


class Once:
    """Its `let_through` is a bolt middleware that lets each interaction through once.

    What is the same is told by Slack's ``trigger_id``, of an event by its ``event_id``.
    """

    def __init__(self) -> None:
        self._seen: dict[str, None] = {}

    async def let_through(
        self, body: dict[str, Any], next_: Callable[[], Awaitable[BoltResponse]]
    ) -> BoltResponse | None:
        """Pass on what is new; acknowledge what is not, and forget it."""
        key = body.get("trigger_id") or body.get("event_id")
        if not key:
            return await next_()
        if key in self._seen:
            return BoltResponse(status=200, body="")
        self._seen[key] = None
        if len(self._seen) > REMEMBERED:
            del self._seen[next(iter(self._seen))]
        return await next_()
