"""Who can use the app: those on the allow-lists, or else the workspace's admins and owners.

A guest, somebody of another company, a program and a deactivated user may not by being in an
allowed group or channel, where others invite them: an id of their own must be on the list.
"""

import asyncio
from collections.abc import Iterable
from enum import StrEnum

from slack_sdk.web.async_client import AsyncWebClient

from ..settings import Settings
from ..slack.answers import mappings_at, text_at, texts_at
from .timed_cache import TimedCache
from .users import User, Users

REMEMBERED = 60.0
"""Seconds that a list of members is remembered."""

_PAGE = 1000


class Verdict(StrEnum):
    """Whether a person may use the app, and why not."""

    MAY = "may"
    NOT_LISTED = "not_listed"
    NEEDS_OWN_ID = "needs_own_id"


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
        """Return whether a person may use the app.

        Raises:
            SlackApiError: Slack does not say; treat it as a no.
        """
        return await self.decide(user_id) is Verdict.MAY

    async def decide(self, user_id: str, *, fresh: bool = False) -> Verdict:
        """Return whether a person may use the app, and why not.

        Args:
            user_id: Who.
            fresh: Whether to ask Slack although its answers are remembered.

        Raises:
            SlackApiError: Slack does not say; treat it as a no.
        """
        lists = self._settings
        if user_id in lists.allow_users:
            return Verdict.MAY
        user = await self._users.get(user_id, fresh=fresh)
        if not user.is_full_member or not self._has_lists:
            return _verdict(user, may=user.is_admin)
        loads = [
            *(self._group_members.get(one, fresh=fresh) for one in lists.allow_user_groups),
            *(self._channel_members.get(one, fresh=fresh) for one in lists.allow_channels),
        ]
        members = await asyncio.gather(*loads, return_exceptions=True)
        return _verdict(user, may=_is_in(user_id, members))

    def known(self, user_id: str) -> Verdict | None:
        """Do as `decide` where nothing must be asked; None if Slack must be."""
        lists = self._settings
        if user_id in lists.allow_users:
            return Verdict.MAY
        user = self._users.known(user_id)
        if user is None:
            return None
        if not user.is_full_member or not self._has_lists:
            return _verdict(user, may=user.is_admin)
        members = [
            *(self._group_members.known(one) for one in lists.allow_user_groups),
            *(self._channel_members.known(one) for one in lists.allow_channels),
        ]
        known = [one for one in members if one is not None]
        is_listed = any(user_id in one for one in known)
        return _verdict(user, may=is_listed) if is_listed or len(known) == len(members) else None

    @property
    def _has_lists(self) -> bool:
        lists = self._settings
        return bool(lists.allow_users or lists.allow_user_groups or lists.allow_channels)

    async def in_charge(self, most: int = 5) -> list[str]:
        """Return some of those who may use the app: first the listed users, then members of lists.

        Without lists, they are the workspace's admins and owners.

        Raises:
            SlackApiError: Slack does not say.
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
        users = [user async for page in pages for user in mappings_at(page, "members")]
        ours = [user for user in users if user.get("is_admin") or user.get("is_owner")]
        return [text_at(user, "id") for user in ours]

    async def _load_group(self, group: str) -> frozenset[str]:
        answer = await self._slack.usergroups_users_list(usergroup=group)
        return frozenset(texts_at(answer, "users"))

    async def _load_channel(self, channel: str) -> frozenset[str]:
        pages = await self._slack.conversations_members(channel=channel, limit=_PAGE)
        return frozenset([one async for page in pages for one in texts_at(page, "members")])


def _verdict(user: User, *, may: bool) -> Verdict:
    if may:
        return Verdict.MAY
    return Verdict.NOT_LISTED if user.is_full_member else Verdict.NEEDS_OWN_ID


def _is_in(user_id: str, members: Iterable[frozenset[str] | BaseException]) -> bool:
    """Return whether a person is in one of the lists; raise if only a missing one could say."""
    failed = None
    for one in members:
        if isinstance(one, BaseException):
            failed = failed or one
        elif user_id in one:
            return True
    if failed is not None:
        raise failed
    return False
