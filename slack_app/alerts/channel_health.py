"""Channels that take no alerts: logged, counted, and told to those who can fix it."""

import logging
from collections.abc import Awaitable, Callable, Iterable
from functools import partial

from slack_sdk.web.async_client import AsyncWebClient

from wuts.operations.background import Background

from ..blocks.parts import Content, section
from ..blocks.subscriptions import unwritable
from ..people.direct_messages import DirectMessages
from ..people.permissions import Permissions
from ..people.users import Users
from ..slack.answers import mapping_at
from ..slack.errors import (
    SLACK_ERRORS,
    SlackError,
    SlackFailure,
    failure_of,
    is_passing,
    slack_code,
)
from ..slack.rate_limiter import Priority, prioritized
from ..slack.words import slack_text, unwritable_text
from .subscriptions import Subscriptions

_LOGGER = logging.getLogger(__name__)

MOST_TOLD = 5
"""People who hear of one channel."""

VISIBLE = frozenset({"is_archived", "not_in_channel"})
"""What a look at a channel shows, without posting."""

_ADVICE = {
    "channel_not_found": "Check the channel's id, and invite the app to it.",
    "not_in_channel": "Invite the app to the channel.",
    "is_archived": "Unarchive the channel, or choose another.",
    "missing_scope": "Give the app the scopes of its manifest, and reinstall it.",
    "invalid_auth": "Check the bot token.",
    "token_revoked": "Reinstall the app, and set its new bot token.",
    "account_inactive": "Reinstall the app, and set its new bot token.",
}

type Tell = Callable[[str, str], Awaitable[bool]]
"""Tells people of a channel and Slack's error; returns whether anybody was told."""


class ChannelHealth:
    """Which channels take no alerts.

    Args:
        tell: Tells people.
        background: Lets it run.

    Attributes:
        on_refusal: Called with the channel and Slack's error, each time that it takes no alert.
        is_wanted: Says whether a channel is to get alerts at all.
        on_unwanted: Called when one that is not takes not even the end of what it was shown.
    """

    def __init__(self, tell: Tell, background: Background) -> None:
        self.on_refusal: Callable[[str, str], None] = lambda _, __: None
        self.is_wanted: Callable[[str], bool] = lambda _: True
        self.on_unwanted: Callable[[], None] = lambda: None
        self._tell = tell
        self._background = background
        self._logged: dict[str, str] = {}
        self._unwritable: dict[str, str] = {}
        self._told: dict[str, str] = {}

    @property
    def unwritable(self) -> dict[str, str]:
        """The channels that cannot be written to until somebody fixes it, and Slack's error."""
        return {one: code for one, code in self._unwritable.items() if self.is_wanted(one)}

    def is_writable(self, channel: str) -> bool:
        """Return whether nothing is known to keep alerts from a channel."""
        return channel not in self._unwritable

    def refused(self, channel: str, error: SlackError) -> None:
        """Note that Slack did not take an alert."""
        code = slack_code(error)
        self.on_refusal(channel, code)
        self._log(channel, code)
        if not is_passing(error):
            self._give_up(channel, code)

    def found(self, channel: str, code: str) -> None:
        """Note that a channel would take no alert, although none was posted."""
        if self._unwritable.get(channel) != code:
            self._log(channel, code)
            self._give_up(channel, code)

    def found_open(self, channel: str) -> None:
        """Note that a channel is neither archived nor without the app any longer."""
        if self._unwritable.get(channel) in VISIBLE:
            self.works(channel)

    def _log(self, channel: str, code: str) -> None:
        if self._logged.get(channel) != code:
            self._logged[channel] = code
            advice = _ADVICE.get(code, "")
            _LOGGER.error("Alerts cannot be shown in %s (%s). %s", channel, code, advice)

    def _give_up(self, channel: str, code: str) -> None:
        """Know that a channel cannot be written to until somebody fixes it, and tell them."""
        self._unwritable[channel] = code
        if not self.is_wanted(channel):
            self.on_unwanted()
        elif self._told.get(channel) != code:
            self._background.start(f"trouble in {channel}", partial(self._say, channel, code))

    def works(self, channel: str) -> None:
        """Note that Slack took an alert."""
        self._unwritable.pop(channel, None)
        self._told.pop(channel, None)
        if self._logged.pop(channel, None) is not None:
            _LOGGER.info("Alerts can be shown in %s again", channel)

    async def _say(self, channel: str, code: str) -> None:
        if await self._tell(channel, code):
            self._told[channel] = code


class Menders:
    """Tells those who can fix a channel: who subscribed it, and for the settings' who may.

    Args:
        direct: Sends what they get.
        users: Knows their languages.
        permissions: Knows who may use the app.
        subscriptions: Knows who subscribed a channel.
        configured: The channels of the settings.
    """

    def __init__(
        self,
        direct: DirectMessages,
        users: Users,
        permissions: Permissions,
        subscriptions: Subscriptions,
        configured: list[str],
    ) -> None:
        self._direct = direct
        self._users = users
        self._permissions = permissions
        self._subscriptions = subscriptions
        self._configured = configured

    async def tell(self, channel: str, code: str) -> bool:
        """Send them direct messages; return whether anybody got one."""
        try:
            people = await self._people(channel)
        except SLACK_ERRORS as error:
            _LOGGER.warning("Nobody could be informed about a channel (%s)", slack_code(error))
            return False
        told = [await self._send(person, channel, code) for person in people[:MOST_TOLD]]
        return any(told)

    async def tell_all(self, failure: SlackFailure) -> None:
        """Tell those in charge what the app can no longer do in Slack, if it still can."""
        try:
            for person in (await self._permissions.in_charge())[:MOST_TOLD]:
                text = slack_text(failure, await self._users.strings(person))
                await self._post(person, Content(text, [section(f":warning: {text}")]))
        except SLACK_ERRORS as error:
            _LOGGER.warning("Nobody could be informed about it (%s)", slack_code(error))

    async def _people(self, channel: str) -> list[str]:
        who = dict.fromkeys(one.by for one in self._subscriptions.of(channel))
        people = [one for one in who if await self._permissions.allow(one)]
        if people and channel not in self._configured:
            return people
        return list(dict.fromkeys([*people, *await self._permissions.in_charge()]))

    async def _send(self, person: str, channel: str, code: str) -> bool:
        strings = await self._users.strings(person)
        subscribed = bool(self._subscriptions.of(channel))
        text = unwritable_text(channel, failure_of(code), strings)
        content = unwritable(channel, text, strings, subscribed=subscribed)
        try:
            await self._post(person, content)
        except SLACK_ERRORS as error:
            _LOGGER.warning(
                "Somebody could not be informed about a channel (%s)", slack_code(error)
            )
            return False
        return True

    async def _post(self, person: str, content: Content) -> None:
        with prioritized(Priority.ALERT):
            await self._direct.send(person, content)


async def look_at_channels(
    slack: AsyncWebClient, channels: Iterable[str], health: ChannelHealth
) -> None:
    """Look whether channels are archived, or the app is in none of them, before an alert comes.

    Raises:
        SlackApiError, ClientError, TimeoutError: Slack does not say.
    """
    for channel in channels:
        answer = await slack.conversations_info(channel=channel)
        about = mapping_at(answer, "channel")
        if about.get("is_archived") is True:
            health.found(channel, "is_archived")
        elif about.get("is_member") is False:
            health.found(channel, "not_in_channel")
        else:
            health.found_open(channel)
