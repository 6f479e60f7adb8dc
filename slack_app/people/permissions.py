"""Who may use the app: those on the allow-lists, or else the workspace's admins and owners."""

from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from .timed_cache import TimedCache
from .users import Users

REMEMBERED = 60.0
"""Seconds that a list of members is remembered."""

_PAGE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowLists:
    """Who may, by Slack's ids. A person needs to be in one of them.

    Attributes:
        users: Users.
        user_groups: User groups; their members may.
        channels: Channels; their members may.
    """

    users: frozenset[str] = frozenset()
    user_groups: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        """Tell whether there is any."""
        return bool(self.users or self.user_groups or self.channels)


class Permissions:
    """Answers whether a person may use the app.

    Args:
        slack: Looks up members.
        users: Looks up roles.
        lists: The allow-lists.
        seconds: How long a list of members is good.
    """

    def __init__(
        self,
        slack: AsyncWebClient,
        users: Users,
        lists: AllowLists,
        seconds: float = REMEMBERED,
    ) -> None:
        self._slack = slack
        self._users = users
        self._lists = lists
        self._group_members = TimedCache(self._load_group, seconds)
        self._channel_members = TimedCache(self._load_channel, seconds)

    async def allow(self, user_id: str) -> bool:
        """Tell whether a person may use the app.

        Raises:
            SlackApiError: Slack does not tell; treat it as a no.
        """
        if not self._lists:
            return (await self._users.get(user_id)).is_admin
        if user_id in self._lists.users:
            return True
        for group in sorted(self._lists.user_groups):
            if user_id in await self._group_members.get(group):
                return True
        for channel in sorted(self._lists.channels):
            if user_id in await self._channel_members.get(channel):
                return True
        return False

    async def _load_group(self, group: str) -> frozenset[str]:
        answer = await self._slack.usergroups_users_list(usergroup=group)
        return frozenset(answer["users"])

    async def _load_channel(self, channel: str) -> frozenset[str]:
        pages = await self._slack.conversations_members(channel=channel, limit=_PAGE)
        return frozenset([member async for page in pages for member in page["members"]])
