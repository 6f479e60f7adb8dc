"""A message that is updated in place, no faster than Slack allows."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from ..blocks.parts import Content

INTERVAL = 1.0
"""Seconds from one write to a channel to the next (Slack reference, chat.postMessage)."""


class RateLimiter:
    """Lets one write at a time through to each channel.

    Args:
        interval: Seconds between two writes to one channel.
    """

    def __init__(self, interval: float = INTERVAL) -> None:
        self._interval = interval
        self._next: dict[str, float] = {}

    async def acquire(self, channel: str) -> None:
        """Wait until the channel may be written to."""
        now = time.monotonic()
        slot = max(now, self._next.get(channel, 0.0))
        self._next[channel] = slot + self._interval
        if slot > now:
            await asyncio.sleep(slot - now)


class LiveMessage:
    """One message in one channel: posted at the first `show`, then updated.

    Args:
        slack: Makes the calls.
        channel: The channel's id.
        rate_limiter: How fast the channel may be written to.
        ts: Slack's name of the message, if it was posted before.
        on_posted: Is given that name as soon as there is one.
    """

    def __init__(
        self,
        slack: AsyncWebClient,
        channel: str,
        rate_limiter: RateLimiter,
        *,
        ts: str | None = None,
        on_posted: Callable[[str], Awaitable[None]] | None = None,
    ) -> None:
        self._slack = slack
        self._rate_limiter = rate_limiter
        self._on_posted = on_posted
        self._lock = asyncio.Lock()
        self._wanted: Content | None = None
        self._shown: Content | None = None
        self.channel = channel
        self.ts = ts

    async def show(self, content: Content) -> None:
        """Show ``content``, or what is newer when its turn comes.

        Raises:
            SlackApiError: Slack refused it.
        """
        self._wanted = content
        await self.refresh(lambda: self._wanted or content)

    async def refresh(self, make: Callable[[], Content]) -> None:
        """Show what ``make`` returns when the turn has come, unless it is shown already.

        Raises:
            SlackApiError: Slack refused it.
        """
        async with self._lock:
            if make() != self._shown:
                await self._rate_limiter.acquire(self.channel)
                await self._write(make())

    async def reply(self, content: Content) -> None:
        """Post ``content`` into the message's thread.

        Raises:
            SlackApiError: Slack refused it.
        """
        await self._rate_limiter.acquire(self.channel)
        await self._slack.chat_postMessage(
            channel=self.channel, thread_ts=self.ts, text=content.text, blocks=content.blocks
        )

    def is_gone(self) -> None:
        """Post a new one at the next `show`: somebody deleted this one."""
        self.ts = self._shown = None

    async def _write(self, content: Content) -> None:
        body: dict[str, Any] = {
            "channel": self.channel,
            "text": content.text,
            "blocks": content.blocks,
        }
        if self.ts is not None:
            await self._slack.chat_update(ts=self.ts, **body)
        else:
            self.ts = str((await self._slack.chat_postMessage(**body))["ts"])
            if self._on_posted is not None:
                await self._on_posted(self.ts)
        self._shown = content
