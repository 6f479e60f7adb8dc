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
        thread: The message in whose thread it is posted, for all in the channel to see, or None.
    """

    def __init__(  # noqa: PLR0913 - the last three are named
        self,
        slack: AsyncWebClient,
        channel: str,
        rate_limiter: RateLimiter,
        *,
        ts: str | None = None,
        on_posted: Callable[[str], Awaitable[None]] | None = None,
        thread: str | None = None,
    ) -> None:
        self._slack = slack
        self._rate_limiter = rate_limiter
        self._on_posted = on_posted
        self._lock = asyncio.Lock()
        self._wanted: Content | None = None
        self._shown: Content | None = None
        self.channel = channel
        self.ts = ts
        self.thread = thread

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

    async def reply(self, content: Content, *, broadcast: bool = False) -> None:
        """Post ``content`` into the message's thread.

        Args:
            content: What to say.
            broadcast: Whether the channel shows it as well.

        Raises:
            SlackApiError: Slack refused it.
        """
        await self._rate_limiter.acquire(self.channel)
        await self._post(content, thread=self.thread or self.ts, broadcast=broadcast)

    def is_gone(self) -> None:
        """Post a new one at the next `show`: somebody deleted this one."""
        self.ts = self.thread = self._shown = None

    async def _write(self, content: Content) -> None:
        if self.ts is not None:
            await self._slack.chat_update(
                channel=self.channel, ts=self.ts, text=content.text, blocks=content.blocks
            )
        else:
            self.ts = await self._post(content, thread=self.thread, broadcast=True)
            if self._on_posted is not None:
                await self._on_posted(self.ts)
        self._shown = content

    async def _post(self, content: Content, *, thread: str | None, broadcast: bool) -> str:
        where: dict[str, Any] = {"channel": self.channel}
        if thread is not None:
            where |= {"thread_ts": thread} | ({"reply_broadcast": True} if broadcast else {})
        posted = await self._slack.chat_postMessage(
            text=content.text, blocks=content.blocks, **where
        )
        return str(posted["ts"])
