"""The channels of the app's direct messages with people."""

from slack_sdk.web.async_client import AsyncWebClient

from ..blocks.parts import Content
from ..slack.answers import text_at
from .timed_cache import TimedCache

REMEMBERED = 24 * 3_600.0
"""Seconds that a channel is remembered: its id never changes."""


class DirectMessages:
    """Opens direct messages, once for each person.

    Args:
        slack: Makes the calls.
    """

    def __init__(self, slack: AsyncWebClient) -> None:
        self._slack = slack
        self._channels = TimedCache(self._open, REMEMBERED)

    async def channel(self, user_id: str) -> str:
        """Return the channel's id.

        Raises:
            SlackApiError: Slack opens no direct messages with them.
        """
        return await self._channels.get(user_id)

    async def send(self, user_id: str, content: Content) -> None:
        """Send a person a message that nothing will change any longer.

        Raises:
            SlackApiError: Slack does not take it.
        """
        channel = await self.channel(user_id)
        await self._slack.chat_postMessage(
            channel=channel, text=content.text, blocks=content.blocks
        )

    async def _open(self, user_id: str) -> str:
        opened = await self._slack.conversations_open(users=user_id)
        return text_at(opened, "channel", "id")
