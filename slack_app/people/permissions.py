"""Who may use the app: those on the allow-lists, or else the workspace's admins and owners.

A guest, somebody of another company and a program may not by being in an allowed group or channel,
where others invite them: an id of their own must be on the list.
"""

from slack_sdk.web.async_client import AsyncWebClient

from ..settings import Settings
from .timed_cache import TimedCache
from .users import Users

REMEMBERED = 60.0
"""Seconds that a list of members is remembered."""

_PAGE = 1000


class Permissions:
    """Answers whether a person may use the app: who is on one of the allow-lists, or an admin.

    Args:
        slack: Looks up members.
        users: Looks up roles.
        settings: Holds the allow-lists.
    """

    def __init__(self, slack: AsyncWebClient, users: Users, settings: Settings) -> None:
        self._slack = slack
        self._users = users
        self._settings = settings
        self._group_members = TimedCache(self._load_group, REMEMBERED)
        self._channel_members = TimedCache(self._load_channel, REMEMBERED)

    async def allow(self, user_id: str) -> bool:
        """Tell whether a person may use the app.

        Raises:
            SlackApiError: Slack does not tell; treat it as a no.
        """
        lists = self._settings
        if not (lists.allow_users or lists.allow_user_groups or lists.allow_channels):
            return (await self._users.get(user_id)).is_admin
        if user_id in lists.allow_users:
            return True
        return await self._is_listed(user_id) and (await self._users.get(user_id)).is_full_member

    async def in_charge(self, most: int = 5) -> list[str]:
        """Return some of those who may use the app: first the listed users, then members of lists.

        Without lists, they are the workspace's admins and owners.

        Raises:
            SlackApiError: Slack does not tell.
        """
        lists = self._settings
        found = sorted(lists.allow_users)
        for group in sorted(lists.allow_user_groups):
            found += sorted(await self._group_members.get(group))
        for channel in sorted(lists.allow_channels):
            found += sorted(await self._channel_members.get(channel))
        if not found:
            found = await self._admins()
        allowed: list[str] = []
        for user_id in dict.fromkeys(found):
            if len(allowed) < most and await self.allow(user_id):
                allowed.append(user_id)
        return allowed

    async def _admins(self) -> list[str]:
        pages = await self._slack.users_list(limit=_PAGE)
        users = [user async for page in pages for user in page["members"]]
        return [str(user["id"]) for user in users if user.get("is_admin") or user.get("is_owner")]

    async def _is_listed(self, user_id: str) -> bool:
        """Tell whether a person is in an allowed group or channel."""
        for group in sorted(self._settings.allow_user_groups):
            if user_id in await self._group_members.get(group):
                return True
        for channel in sorted(self._settings.allow_channels):
            if user_id in await self._channel_members.get(channel):
                return True
        return False

    async def _load_group(self, group: str) -> frozenset[str]:
        answer = await self._slack.usergroups_users_list(usergroup=group)
        return frozenset(answer["users"])

    async def _load_channel(self, channel: str) -> frozenset[str]:
        pages = await self._slack.conversations_members(channel=channel, limit=_PAGE)
        return frozenset([member async for page in pages for member in page["members"]])
