"""Who somebody in Slack is, as far as the app needs to know."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, timedelta, timezone, tzinfo
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from slack_sdk.web.async_client import AsyncWebClient

from wuts.phone_numbers import country_of_locale

from ..messages import EN, Strings, strings_for
from ..slack.answers import mapping_at, text_at
from ..slack.errors import SLACK_ERRORS
from .timed_cache import TimedCache

REMEMBERED = 60.0
"""Seconds that somebody's role is believed."""

MOST_PEOPLE = 10_000
"""People whose language is known although their role may have changed since."""

PATIENCE = 1.5
"""Seconds to wait for somebody's language: Slack waits for three until a modal is answered."""


class Kind(StrEnum):
    """Who somebody is to a workspace."""

    MEMBER = "member"
    GUEST = "guest"
    STRANGER = "stranger"
    PROGRAM = "program"
    DEACTIVATED = "deactivated"


_MARKS = {
    "deleted": Kind.DEACTIVATED,
    "is_bot": Kind.PROGRAM,
    "is_workflow_bot": Kind.PROGRAM,
    "is_stranger": Kind.STRANGER,
    "is_restricted": Kind.GUEST,
    "is_ultra_restricted": Kind.GUEST,
}
"""What Slack says of people who aren't full members of a workspace; the first counts."""

_ROLES = ("is_admin", "is_owner", "is_primary_owner")


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A user of Slack.

    Attributes:
        is_admin: Whether they are an admin or an owner of the workspace.
        kind: Who they are to the workspace; nobody of its own unless Slack says so.
        strings: What the app says, in their language.
        country: Where numbers that they type without a country code are from, or None.
        name: What people call them, or empty.
        zone: Their time zone.
    """

    is_admin: bool
    strings: Strings
    country: str | None
    name: str = ""
    kind: Kind = Kind.STRANGER
    zone: tzinfo = UTC

    @property
    def is_full_member(self) -> bool:
        """Whether they belong to the workspace or its organization, and are no guest."""
        return self.kind is Kind.MEMBER


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
        self._last: dict[str, User] = {}
        self._home: set[str] | None = None

    async def get(self, user_id: str, *, fresh: bool = False) -> User:
        """Return a user.

        Args:
            user_id: Who.
            fresh: Whether to ask Slack although the answer is remembered.

        Raises:
            SlackApiError: Slack does not say.
        """
        return await self._known.get(user_id, fresh=fresh)

    def known(self, user_id: str) -> User | None:
        """Return a user whose role is remembered, without asking Slack."""
        return self._known.known(user_id)

    def language(self, user_id: str) -> Strings | None:
        """Return the strings of a user as they were when Slack last told, or None."""
        last = self._last.get(user_id)
        return None if last is None else last.strings

    async def strings(self, user_id: str) -> Strings:
        """Return the strings of a user's language; English when Slack does not say."""
        return (await self.person(user_id)).strings

    async def person(self, user_id: str) -> User:
        """Return a user for their language and time, never for what they may.

        When Slack does not say, that is what it told before; or else somebody who reads English.
        """
        try:
            return await self.get(user_id)
        except SLACK_ERRORS:
            return self._last.get(user_id) or self._nobody()

    async def person_soon(self, user_id: str) -> User:
        """Do as `person`, for an answer that Slack waits for: an old one counts, and none is late.

        It may be what Slack told before, however long ago.
        """
        last = self._last.get(user_id)
        if last is not None:
            return last
        try:
            async with asyncio.timeout(PATIENCE):
                return await self.person(user_id)
        except TimeoutError:
            return self._nobody()

    def _nobody(self) -> User:
        return User(is_admin=False, strings=EN, country=self._country)

    async def _load(self, user_id: str) -> User:
        answer = await self._slack.users_info(user=user_id, include_locale=True)
        user = mapping_at(answer, "user")
        stranger = User(
            is_admin=False,
            strings=strings_for(user.get("locale")),
            country=self._country or country_of_locale(user.get("locale")),
            name=_name(user),
            zone=zone_of(user),
        )
        # The language is known even if it is not known who may what.
        self._remember(user_id, stranger)
        kind = await self._kind(user)
        is_admin = kind is Kind.MEMBER and any(user.get(role) is True for role in _ROLES)
        found = replace(stranger, kind=kind, is_admin=is_admin)
        self._remember(user_id, found)
        return found

    def _remember(self, user_id: str, user: User) -> None:
        self._last.pop(user_id, None)
        self._last[user_id] = user
        if len(self._last) > MOST_PEOPLE:
            del self._last[next(iter(self._last))]

    async def _kind(self, user: Mapping[str, Any]) -> Kind:
        for mark, kind in _MARKS.items():
            if user.get(mark):
                return kind
        return Kind.MEMBER if await self._is_ours(user) else Kind.STRANGER

    async def _is_ours(self, user: Mapping[str, Any]) -> bool:
        """Return whether somebody's workspace or organization is the app's, as Slack says.

        Others are seen in channels that are shared with their company, and are no ``is_stranger``
        there (Slack reference, users.info and auth.test).
        """
        if self._home is None:
            answer = await self._slack.auth_test()
            # There is no organization outside Enterprise Grid.
            self._home = {text_at(answer, "team_id"), str(answer.get("enterprise_id") or "")} - {""}
        company = user.get("enterprise_user") or {}
        theirs = [user.get("team_id"), company.get("enterprise_id"), *(company.get("teams") or [])]
        return any(one in self._home for one in theirs)


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
