"""Everybody's App Home: published when they open it, and again when something changes."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from slack_sdk.web.async_client import AsyncWebClient

from wuts.errors import WutsError
from wuts.operations.background import Background
from wuts.supervisor import AccountChanged, Alert, Event, StateChanged, StoreTrouble

from ..blocks.home import closed_home, home_view
from ..blocks.parts import Block
from ..blocks.status import EVERYTHING
from ..devices.accounts import Accounts
from ..devices.filters import Filter
from ..messages import Strings
from ..operations.records import Records
from ..people.permissions import Permissions
from ..people.users import Users
from ..slack.errors import SLACK_ERRORS, slack_code
from ..slack.owners_only import answering
from ..slack.rate_limiter import Priority, RateLimiter, prioritized

_LOGGER = logging.getLogger(__name__)

MOST = 100
"""Homes that are kept up to date; any other is refreshed when its owner opens it."""

_METHOD = "views.publish"

_CHOSEN = "filter"


@dataclass(slots=True)
class _Home:
    """One person's home: the page they are on, which devices they chose, and what they see."""

    page: int = 0
    chosen: Filter = EVERYTHING
    unlisted: Sequence[tuple[str, WutsError]] = ()
    shown: Block | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass(slots=True, kw_only=True, eq=False)
class AppHome:
    """Publishes homes; subscribe `on_event` to the supervisor.

    Attributes:
        permissions: Who can use the app; asked again at each publishing.
        records: Whose homes are open, so that a restart refreshes them too.
        background: Refreshes them.
        rate_limiter: Knows when homes may be published.
    """

    slack: AsyncWebClient
    accounts: Accounts
    users: Users
    permissions: Permissions
    records: Records
    background: Background
    rate_limiter: RateLimiter
    _homes: dict[str, _Home] = field(default_factory=dict, init=False)
    _is_changed: bool = field(default=False, init=False)

    async def open(
        self, user_id: str, page: int | None = None, chosen: Filter | None = None
    ) -> None:
        """Publish a person's home: at once with what is known, then with what the gateways say.

        Args:
            user_id: Who looks; they may use the app.
            page: Which page, from 0; the one they were on unless given.
            chosen: Which devices; those that they chose last unless given.

        Raises:
            SlackApiError: Slack refused it.
        """
        home = await self._take(user_id)
        if page is not None:
            home.page = page
        if chosen is not None and chosen != home.chosen:
            home.chosen = chosen
            await self.records.save(user_id, {_CHOSEN: chosen.value})
        home.shown = None
        strings = await self.users.strings(user_id)
        with answering():
            await self._show(user_id, home, strings)
            home.unlisted = (await self.accounts.fresh_overview()).unlisted
            await self._show(user_id, home, strings)

    async def show_closed(self, user_id: str, text: str) -> None:
        """Show a person nothing but ``text`` from now on.

        Raises:
            SlackApiError: Slack refused it.
        """
        if self._homes.pop(user_id, None) is not None:
            await self.records.delete(user_id)
        await self.slack.views_publish(user_id=user_id, view=closed_home(text))

    async def restore(self) -> None:
        """Find whose homes an earlier run published; the next change refreshes them."""
        for user_id, record in (await self.records.all()).items():
            self._homes[user_id] = _Home(chosen=Filter.of(record.get(_CHOSEN, "")))

    def chosen(self, user_id: str) -> Filter:
        """Return which devices a person's home shows."""
        home = self._homes.get(user_id)
        return EVERYTHING if home is None else home.chosen

    async def on_event(self, event: Event) -> None:
        """Refresh the homes soon; never waits."""
        if isinstance(event, StateChanged | AccountChanged | Alert | StoreTrouble) and self._homes:
            self._is_changed = True
            self.background.start("homes", self._refresh)

    async def _take(self, user_id: str) -> _Home:
        """Return a person's home as the newest one, and drop the oldest beyond the limit."""
        home = self._homes.pop(user_id, None)
        if home is None:
            home = _Home()
            await self.records.save(user_id, {})
        self._homes[user_id] = home
        if len(self._homes) > MOST:
            oldest = next(iter(self._homes))
            del self._homes[oldest]
            await self.records.delete(oldest)
        return home

    async def _refresh(self) -> None:
        """Publish all homes again after a change; a change meanwhile waits for the next round."""
        while self._is_changed:
            self._is_changed = False
            for home in self._homes.values():
                home.unlisted = ()  # the supervisor knows better by now
            failure: Exception | None = None
            for user_id, home in list(self._homes.items()):
                try:
                    with prioritized(Priority.COSMETIC):
                        await self._refresh_one(user_id, home)
                except SLACK_ERRORS as error:
                    _LOGGER.warning("A home could not be refreshed: %s", slack_code(error))
                except Exception as error:  # noqa: BLE001 - the other homes come first
                    failure = error
            if failure is not None:
                self._is_changed = True
                raise failure

    async def _refresh_one(self, user_id: str, home: _Home) -> None:
        strings = await self.users.strings(user_id)
        if await self.permissions.allow(user_id):
            await self._show(user_id, home, strings)
        else:
            await self.show_closed(user_id, strings.refused)

    async def _show(self, user_id: str, home: _Home, strings: Strings) -> None:
        async with home.lock:
            if self._view(home, strings) == home.shown:
                return
            async with self.rate_limiter.turn(_METHOD):
                view = self._view(home, strings)
                await self.slack.views_publish(user_id=user_id, view=view)
            home.shown = view

    def _view(self, home: _Home, strings: Strings) -> Block:
        return home_view(self.accounts.overview(home.unlisted), home.page, strings, home.chosen)
