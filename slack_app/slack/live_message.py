"""A message that is updated in place, no faster than Slack allows."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from math import inf
from typing import Any
from uuid import uuid4

from slack_sdk.web.async_client import AsyncWebClient

from ..blocks.parts import Content
from .answers import text_at
from .errors import SLACK_ERRORS, is_gone, is_passing, slack_code
from .rate_limiter import Priority, RateLimiter, prioritized

_LOGGER = logging.getLogger(__name__)

_UPDATE, _POST, _DELETE = "chat.update", "chat.postMessage", "chat.delete"

LONGEST_WAIT = 1.0
"""Seconds that an update may have to wait before a new message in place of it is sooner."""


class LiveMessage:
    """One message in one channel: posted at the first `show`, then updated.

    Args:
        slack: Makes the calls.
        channel: The channel's id.
        rate_limiter: Knows when Slack may be called.
        ts: Slack's name of the message, if it was posted before.
        on_posted: Is given that name as soon as there is one.
        thread: The message in whose thread it is posted, for all in the channel to see, or None.
        priority: How urgent its calls are, unless `refresh` says otherwise.
        may_move: Whether a new message may take its place when no update is possible soon.
    """

    def __init__(  # noqa: PLR0913 - the last five are named
        self,
        slack: AsyncWebClient,
        channel: str,
        rate_limiter: RateLimiter,
        *,
        ts: str | None = None,
        on_posted: Callable[[str], Awaitable[None]] | None = None,
        thread: str | None = None,
        priority: Priority = Priority.ANSWER,
        may_move: bool = False,
    ) -> None:
        self._slack = slack
        self._rate_limiter = rate_limiter
        self._on_posted = on_posted
        self._priority = priority
        self._may_move = may_move
        self._lock = asyncio.Lock()
        self._wanted: Content | None = None
        self._shown: Content | None = None
        self._post_id = ""
        self.channel = channel
        self.ts = ts
        self.thread = thread
        self.is_calling = False
        """Whether it is being written, so that Slack may have taken it already."""

    @property
    def has_room(self) -> bool:
        """Whether Slack takes so many updates now that nobody needs to save any."""
        return self._rate_limiter.wait(_UPDATE, Priority.COSMETIC) == 0

    async def show(self, content: Content, priority: Priority | None = None) -> None:
        """Show ``content``, or what is newer when its turn comes.

        Raises:
            SlackApiError: Slack refused it.
        """
        self._wanted = content
        await self.refresh(lambda: self._wanted or content, priority)

    async def refresh(self, make: Callable[[], Content], priority: Priority | None = None) -> None:
        """Show what ``make`` returns when the turn has come, unless it is shown already.

        Raises:
            SlackApiError: Slack refused it.
        """
        async with self._lock:
            if make() == self._shown:
                return
            try:
                with prioritized(self._priority if priority is None else priority):
                    await self._write(make)
            finally:
                self.is_calling = False

    async def reply(self, content: Content, *, broadcast: bool = False) -> None:
        """Post ``content`` into the message's thread.

        Args:
            content: What to say.
            broadcast: Whether the channel shows it as well.

        Raises:
            SlackApiError: Slack refused it.
        """
        with prioritized(self._priority):
            await self._post(content, thread=self.thread or self.ts, broadcast=broadcast)

    def is_gone(self) -> None:
        """Post a new one at the next `show`: somebody deleted this one."""
        self.ts = self.thread = self._shown = None

    async def _write(self, make: Callable[[], Content]) -> None:
        old = self.ts
        if old is None or self._is_sooner_new():
            is_certain = not self._post_id
            async with self._turn(_POST):
                content = make()
                self.ts = await self._post_once(content)
            if self._on_posted is not None:
                await self._on_posted(self.ts)
            if old is not None:
                await self._delete(old)
            if is_certain:
                self._shown = content
                return
            old, self._shown = self.ts, None  # an earlier try may be what Slack shows
        async with self._turn(_UPDATE):
            content = make()
            if content != self._shown:
                await self._slack.chat_update(
                    channel=self.channel, ts=old, text=content.text, blocks=content.blocks
                )
                self._shown = content

    @asynccontextmanager
    async def _turn(self, method: str) -> AsyncIterator[None]:
        async with self._rate_limiter.turn(method, channel=self.channel):
            self.is_calling = True
            yield

    def _is_sooner_new(self) -> bool:
        """Return whether a new message is there sooner than an update, and the old one gone."""
        if not self._may_move or self.thread is not None:
            return False
        if self._wait(_UPDATE) <= LONGEST_WAIT:
            return False
        return max(self._wait(_POST), self._wait(_DELETE)) <= LONGEST_WAIT

    def _wait(self, method: str) -> float:
        wait = self._rate_limiter.wait(method, channel=self.channel)
        return inf if wait is None else wait

    async def _delete(self, ts: str) -> None:
        """Delete the message in whose place there is a new one."""
        try:
            async with self._turn(_DELETE):
                await self._slack.chat_delete(channel=self.channel, ts=ts)
        except SLACK_ERRORS as error:
            if is_gone(error):
                return
            # What cannot be deleted is not left behind once more.
            self._may_move = is_passing(error)
            _LOGGER.warning("Slack did not delete a message: %s", slack_code(error))

    async def _post_once(self, content: Content) -> str:
        """Post the message: Slack takes tries with the same id for one post."""
        self._post_id = self._post_id or str(uuid4())
        ts = await self._post(
            content, thread=self.thread, broadcast=True, client_msg_id=self._post_id
        )
        self._post_id = ""
        return ts

    async def _post(
        self, content: Content, *, thread: str | None, broadcast: bool, **more: str
    ) -> str:
        where: dict[str, Any] = {"channel": self.channel, **more}
        if thread is not None:
            where |= {"thread_ts": thread} | ({"reply_broadcast": True} if broadcast else {})
        posted = await self._slack.chat_postMessage(
            text=content.text, blocks=content.blocks, **where
        )
        return text_at(posted, "ts")
