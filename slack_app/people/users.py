"""Who somebody in Slack is, as far as the app needs to know."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from slack_sdk.web.async_client import AsyncWebClient

from wuts.phone_numbers import country_of_locale

from ..messages import EN, Strings, strings_for
from ..slack.errors import SLACK_ERRORS
from .timed_cache import TimedCache

REMEMBERED = 300.0
"""Seconds that a user's language and role are remembered."""


_NO_MEMBERS = (
    "deleted",
    "is_bot",
    "is_workflow_bot",
    "is_restricted",
    "is_ultra_restricted",
    "is_stranger",
)
"""What Slack says of those who are no full members of a workspace."""

_HOME = ("team_id", "enterprise_id")
"""What Slack calls the workspace and, where there is one, its organization."""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A user of Slack.

    Attributes:
        is_admin: Whether they are an admin or an owner of the workspace.
        is_full_member: Whether they belong to it: no guest, nobody of another company, no program.
        strings: What the app says, in their language.
        country: Where numbers that they type without a country code are from, or None.
        name: What people call them, or empty.
        zone: Their time zone.
    """

    is_admin: bool
    strings: Strings
    country: str | None
    name: str = ""
    is_full_member: bool = False
    zone: tzinfo = UTC


class Users:
    """Looks users up, and remembers them for a while.

    Args:
        slack: Makes the calls.
        country: Everybody's country (ISO 3166 alpha-2), or None for that of their locale.
    """

    def __init__(self, slack: AsyncWebClient, country: str | None = None) -> None:
        self._slack = slack
        self._country = country
        self._known = TimedCache(self._load, REMEMBERED)
        self._home: set[str] | None = None

    async def get(self, user_id: str) -> User:
        """Return a user.

        Raises:
            SlackApiError: Slack does not tell.
        """
        return await self._known.get(user_id)

    async def strings(self, user_id: str) -> Strings:
        """Return the strings of a user's language; English when Slack does not tell."""
        return (await self.person(user_id)).strings

    async def person(self, user_id: str) -> User:
        """Return a user; when Slack does not tell, one who reads English and is no admin."""
        try:
            return await self.get(user_id)
        except SLACK_ERRORS:
            return User(is_admin=False, strings=EN, country=self._country)

    async def _load(self, user_id: str) -> User:
        answer = await self._slack.users_info(user=user_id, include_locale=True)
        user = answer["user"]
        is_member = not any(user.get(one) for one in _NO_MEMBERS) and await self._is_ours(user)
        roles = ("is_admin", "is_owner", "is_primary_owner")
        return User(
            is_admin=is_member and any(user.get(role) is True for role in roles),
            strings=strings_for(user.get("locale")),
            country=self._country or country_of_locale(user.get("locale")),
            name=_name(user),
            is_full_member=is_member,
            zone=zone_of(user),
        )

    async def _is_ours(self, user: Mapping[str, Any]) -> bool:
        """Tell whether somebody's workspace or organization is the app's.

        Others are seen in channels that are shared with their company (Slack reference, users.info
        and auth.test).
        """
        if not user.get("team_id"):
            return True
        if self._home is None:
            answer = await self._slack.auth_test()
            self._home = {str(answer[name]) for name in _HOME if answer.get(name)}
        theirs = {user["team_id"], (user.get("enterprise_user") or {}).get("enterprise_id")}
        return bool(self._home & theirs)


def zone_of(user: Mapping[str, Any]) -> tzinfo:
    """Return a user's time zone: by its name, or by its offset where no such zone is known here.

    Both are in users.info (Slack reference).
    """
    try:
        return ZoneInfo(str(user["tz"]))
    except (KeyError, ValueError, OSError):  # no name, no such zone, or no zones here at all
        pass
    try:
        return timezone(timedelta(seconds=user["tz_offset"]))
    except (KeyError, TypeError, ValueError):
        return UTC


def _name(user: Mapping[str, Any]) -> str:
    """Return what people call a user (Slack reference, users.info)."""
    profile = user.get("profile") or {}
    names = (profile.get("display_name"), user.get("real_name"), user.get("name"))
    return next((str(name) for name in names if name), "")
