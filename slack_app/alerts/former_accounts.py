"""Alerts of accounts that were taken out of the settings: they end where people see them."""

import asyncio
import json
import logging
from collections.abc import Collection
from contextlib import suppress

from slack_sdk.web.async_client import AsyncWebClient

from wuts.supervisor import Notification
from wuts.supervisor.store import (
    OwnableStore,
    StoreError,
    StoreOwnedError,
)

from ..blocks.alert import headline
from ..blocks.alert_group import many
from ..blocks.parts import Content, context, escape, section
from ..messages import Strings
from ..operations.records import AppStore, Record, Records
from ..slack.answers import text_at
from ..slack.errors import SLACK_ERRORS, NotOwnerError, is_passing, slack_code
from ..slack.live_message import LiveMessage
from ..slack.rate_limiter import Priority, RateLimiter

_LOGGER = logging.getLogger(__name__)

TOPIC = "slack.account"
"""Which accounts an app of which workspace and bot has looked after, by their names."""

FIRST_PAUSE = 5.0
LONGEST_PAUSE = 300.0
"""Seconds until what Slack or the store did not take is tried again; they double."""


class FormerAccounts:
    """Ends the alerts of accounts that an earlier run looked after, and this one does not.

    Nobody is reminded of what nobody looks after; its messages say so. If the account comes back,
    they are shown as they are then. An account that another process looks after by now is left
    alone, and so is one of an app of another workspace that shares the store.

    Args:
        store: Keeps them all.
        slack: Makes the calls.
        limiter: How fast channels may be written to.
        strings: The channels' language.
        accounts: The accounts of the settings.
    """

    def __init__(
        self,
        store: AppStore,
        slack: AsyncWebClient,
        limiter: RateLimiter,
        strings: Strings,
        accounts: Collection[str],
    ) -> None:
        self._store = store
        self._slack = slack
        self._limiter = limiter
        self._strings = strings
        self._accounts = frozenset(accounts)

    async def end(self) -> None:
        """End them, however often it takes; what cannot be ended now is ended by a later run."""
        pause = FIRST_PAUSE
        while True:
            try:
                left = [name for name in await self._former() if not await self._is_ended(name)]
            except StoreError as error:
                _LOGGER.warning("Earlier accounts cannot be looked up. %s", error.message)
            except SLACK_ERRORS as error:
                if not is_passing(error):
                    _LOGGER.warning("Earlier alerts cannot be ended (%s)", slack_code(error))
                    return
            else:
                if not left:
                    return
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _former(self) -> list[str]:
        """Return the accounts that this app's earlier runs had; remember those that it has."""
        answer = await self._slack.auth_test()
        ours = json.dumps({"team": text_at(answer, "team_id"), "bot": text_at(answer, "user_id")})
        known = await self._store.entries(TOPIC)
        for name in self._accounts:
            if known.get(name) != ours:
                await self._store.put(TOPIC, name, ours)
        return sorted(
            name for name, whose in known.items() if whose == ours and name not in self._accounts
        )

    async def _is_ended(self, name: str) -> bool:
        """End one account's alerts; return whether there is nothing left to be done about it.

        Another process may look after it, for good or until it ends.
        """
        store = self._store
        if isinstance(store, OwnableStore):
            try:
                await store.claim([name])
            except StoreOwnedError:
                return False
        try:
            await self._show_all(name)
            await store.delete(TOPIC, name)
        finally:
            if isinstance(store, OwnableStore):
                with suppress(StoreError):
                    await store.release([name])
        return True

    async def _show_all(self, name: str) -> None:
        """Show it in every message; what is known of the account stays, should it come back."""
        saved = await self._store.load([name])
        kept = await Records(self._store, "notification", [name]).all()
        for one in saved.notifications:
            if one.notification.id in kept:
                await self._show(kept[one.notification.id], one.notification)
        if kept:
            _LOGGER.info("The alerts of %s ended: the settings no longer name it", name)

    async def _show(self, record: Record, latest: Notification) -> None:
        """Show in its message that an alert is over, unless its channel takes nothing."""
        channel, ts = record.get("receiver", "").partition(" ")[0], record.get("ts")
        if not ts:
            return
        message = LiveMessage(self._slack, channel, self._limiter, ts=ts, priority=Priority.ALERT)
        try:
            await message.show(_content(latest, self._strings))
        except SLACK_ERRORS as error:
            if is_passing(error) or isinstance(error, NotOwnerError):
                raise
            _LOGGER.warning("An earlier alert cannot be shown as over (%s)", slack_code(error))


def _content(latest: Notification, strings: Strings) -> Content:
    first = latest.alerts[0]
    what = many(first, len(latest.alerts), strings) if latest.is_group else headline(first, strings)
    why = strings.alert_account_removed.format(account=escape(latest.account))
    return Content(f"{what}: {why}", [section(f":no_bell: {what}"), context(why)])
