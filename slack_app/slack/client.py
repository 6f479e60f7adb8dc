"""Slack's Web API, called no faster than Slack allows."""

from collections.abc import Mapping
from typing import Any, override

from slack_sdk.web.async_slack_response import AsyncSlackResponse

from .rate_limiter import RateLimiter
from .readable import ReadableClient


class SlackClient(ReadableClient):
    """Waits for its turn before each call.

    Its session must have the limiter among its middlewares, which counts what is repeated.

    Args:
        limiter: Whose turn it is.
        how: As for Slack's own client.
    """

    def __init__(self, limiter: RateLimiter, **how: Any) -> None:  # noqa: ANN401 - Slack's own
        super().__init__(**how)
        self._limiter = limiter

    @override
    async def api_call(self, api_method: str, **how: Any) -> AsyncSlackResponse:
        """Make a call when it is its turn.

        Raises:
            NotSentError: Too many calls wait that are more urgent.
            SlackApiError: Slack refuses it.
        """
        sent = _arguments(how)
        channel, workspace = str(sent.get("channel") or ""), str(sent.get("team_id") or "")
        async with self._limiter.turn(api_method, channel=channel, workspace=workspace):
            return await super().api_call(api_method, **how)


def _arguments(how: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a method is called with, wherever Slack's library puts it."""
    found = (how.get(name) for name in ("json", "params", "data"))
    return next((one for one in found if isinstance(one, Mapping)), {})
