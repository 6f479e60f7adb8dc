"""A message that is updated in place, no faster than Slack allows."""

import asyncio
import time

from slack_sdk.web.async_client import AsyncWebClient

from .blocks.parts import Content

INTERVAL = 1.0
"""Seconds from one write to a channel to the next (Slack reference, chat.postMessage)."""


class Pace:
    """Lets one write at a time through to each channel.

    Args:
        interval: Seconds between two writes to one channel.
    """

    def __init__(self, interval: float = INTERVAL) -> None:
        self._interval = interval
        self._next: dict[str, float] = {}

    async def turn(self, channel: str) -> None:
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
        pace: How fast the channel may be written to.
    """

    def __init__(self, slack: AsyncWebClient, channel: str, pace: Pace) -> None:
        self._slack = slack
        self._pace = pace
        self._lock = asyncio.Lock()
        self._wanted: Content | None = None
        self.channel = channel
        self.ts: str | None = None

    async def show(self, content: Content) -> None:
        """Show ``content``, unless something newer is to be shown before its turn comes.

        Raises:
            SlackApiError: Slack refused it.
        """
        self._wanted = content
        async with self._lock:
            if self._wanted is not content:
                return
            await self._pace.turn(self.channel)
            if self._wanted is content:
                await self._write(content)

    async def reply(self, content: Content) -> None:
        """Post ``content`` into the message's thread.

        Raises:
            SlackApiError: Slack refused it.
        """
        await self._pace.turn(self.channel)
        await self._slack.chat_postMessage(
            channel=self.channel, thread_ts=self.ts, text=content.text, blocks=content.blocks
        )

    async def _write(self, content: Content) -> None:
        if self.ts is None:
            answer = await self._slack.chat_postMessage(
                channel=self.channel, text=content.text, blocks=content.blocks
            )
            self.ts = str(answer["ts"])
            return
        await self._slack.chat_update(
            channel=self.channel, ts=self.ts, text=content.text, blocks=content.blocks
        )
