"""Alerts in channels: one message per notification, updated as things move, resolved in place.

The supervisor tells each channel as a receiver of its own, saves what it tells, and tells again
what Slack did not take. A restart updates the messages of the run before it.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from wuts.operations.background import Background
from wuts.supervisor import (
    Alert,
    AlertStatus,
    AlertUpdated,
    Event,
    News,
    Notification,
    Ownership,
    Receiver,
    StateChanged,
    StoreTrouble,
    Supervisor,
)

from ..devices.device import DeviceRef
from ..operations.records import Records
from ..slack.errors import SLACK_ERRORS, NotOwnerError, SlackError, is_gone
from ..slack.live_message import LiveMessage
from ..slack.rate_limiter import Priority, RateLimiter
from .channel_health import ChannelHealth
from .left_messages import LeftMessages
from .rendering import Rendering
from .shown import Kept, Shown
from .target import Target

_LOGGER = logging.getLogger(__name__)

FIRST_RETRY = 2.0
LONGEST_RETRY = 300.0
"""Seconds until an update that Slack did not take is tried again; they double."""


@dataclass(slots=True, kw_only=True, eq=False)
class AlertMessages:
    """All messages about alerts; subscribe `on_event` to the supervisor.

    Attributes:
        rendering: Says what is in a message.
        records: Which messages there are, for the time after a restart.
        left: What version 0.1.0 left.
        health: Knows which channels take nothing.
        background: Updates the messages.
        is_routed: Says whether anybody still wants to hear of alerts in a channel.
        first_retry: Seconds until an update that Slack did not take is tried again.
    """

    slack: AsyncWebClient
    supervisor: Supervisor
    rendering: Rendering
    rate_limiter: RateLimiter
    records: Records
    left: LeftMessages
    health: ChannelHealth
    background: Background
    is_routed: Callable[[Target], bool] = lambda _: True
    first_retry: float = FIRST_RETRY
    _kept: dict[str, Kept] = field(default_factory=dict, init=False)
    _shown: dict[str, Shown] = field(default_factory=dict, init=False)
    _about: dict[tuple[str, str | None], set[str]] = field(default_factory=dict, init=False)
    _stale: dict[str, None] = field(default_factory=dict, init=False)
    _retry_after: float = field(default=0.0, init=False)
    _tellings: set[asyncio.Task[None]] = field(default_factory=set, init=False)

    async def restore(self) -> None:
        """Find the messages that an earlier run left. Call it before the supervisor starts."""
        await self.left.restore()
        for name, record in (await self.records.all()).items():
            try:
                self._kept[name] = Kept.read(record)
            except (KeyError, ValueError):
                _LOGGER.error("Ignored a record of an alert that this app did not write")  # noqa: TRY400

    def targets(self) -> set[Target]:
        """Return where there are messages that may have to be updated."""
        kept = {one.target for one in self._kept.values()}
        return kept | {one.target for one in self._shown.values()}

    async def catch_up(self, accounts: Iterable[str]) -> None:
        """Show what is so now. Call it when the supervisor has started, with its accounts."""
        self.left.catch_up({alert.id for alert in self.supervisor.open_alerts()})
        ours = [one for one in accounts if self.supervisor.ownership(one) is Ownership.OWNER]
        for account in ours:
            for latest in self.supervisor.alerts.notifications(account):
                if latest.id in self._kept:
                    self._take(Target.parse(latest.receiver), latest)
                    self._refresh(latest.id)
        for id_ in [id_ for id_, kept in self._kept.items() if kept.account in ours]:
            del self._kept[id_]
            await self.records.delete(id_)

    def receiver(self, target: Target) -> Receiver:
        """Return what the supervisor calls for a channel."""
        return partial(self.tell, target)

    async def tell(self, target: Target, notification: Notification) -> None:
        """Tell a channel of an update; return once Slack has taken all of it.

        Whoever gives up waiting does not end what is under way: Slack may have taken it already.

        Raises:
            SlackApiError, ClientError, TimeoutError: Slack did not take it; tell it again.
        """
        await asyncio.shield(self._begin(self._tell(target, notification)))

    async def on_event(self, event: Event) -> None:
        """Update what an event is about."""
        match event:
            case Alert(status=AlertStatus.RESOLVED):
                self.left.end(event)
            case AlertUpdated():
                self._refresh(*self._about.get((event.account, event.alert.device_id), ()))
            case StateChanged():
                about = self._about.get((event.account, event.device_id), ())
                # A list says nothing about its devices' states.
                self._refresh(*(one for one in about if not self._shown[one].latest.is_group))
            case StoreTrouble() if event.problem is not None:
                _LOGGER.error("%s", event.problem)

    def refresh_about(self, ref: DeviceRef) -> None:
        """Update the messages about a device soon."""
        self._refresh(*self._about.get((ref.account, ref.device_id), ()))

    async def close(self) -> None:
        """Stop telling."""
        for task in list(self._tellings):
            task.cancel()
        if self._tellings:
            await asyncio.wait(self._tellings)

    # Inside

    def _begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work, name="slack alert")
        self._tellings.add(task)
        task.add_done_callback(self._end)
        return task

    def _end(self, task: asyncio.Task[None]) -> None:
        self._tellings.discard(task)
        if not task.cancelled():
            task.exception()  # whoever waits for it has it, and nobody may

    async def _tell(self, target: Target, notification: Notification) -> None:
        shown = self._take(target, notification)
        async with shown.turn:
            latest, reply = shown.latest, shown.reply
            await self._show(shown)
            if reply is not None and self.is_routed(target):
                await self._reply(shown, reply)
            shown.told(latest)
            await self._save(shown)
        if self.left.ts(latest.alerts[0].id, target.channel) == shown.message.ts:
            await self.left.adopted(latest.alerts[0].id)
        await self._forget_over(latest.account)

    def _take(self, target: Target, latest: Notification) -> Shown:
        """Take in what was sent last; older news than what is known counts for nothing."""
        shown = self._shown.get(latest.id)
        if shown is None:
            shown = self._shown[latest.id] = self._open(target, latest)
        if latest.sequence >= shown.latest.sequence:
            shown.take(latest)
        for alert in shown.latest.alerts:
            self._about.setdefault((alert.account, alert.device_id), set()).add(latest.id)
        return shown

    def _open(self, target: Target, latest: Notification) -> Shown:
        """Return a notification's message: an earlier run's, or one that is yet to be posted."""
        kept = self._kept.pop(latest.id, None)
        if kept is not None:
            message = self._message(latest.id, target, kept.ts, kept.thread)
            return Shown(
                target=target,
                latest=latest,
                message=message,
                sequence=kept.sequence,
                told_at=kept.told_at,
                most=kept.most,
            )
        first, ts, thread = latest.alerts[0].id, None, None
        if target.is_next:
            thread = self._first_message(target.channel, first)
        elif not latest.is_group:
            ts = self.left.ts(first, target.channel)
        message = self._message(latest.id, target, ts, thread)
        return Shown(target=target, latest=latest, message=message)

    def _message(
        self, notification_id: str, target: Target, ts: str | None, thread: str | None
    ) -> LiveMessage:
        async def on_posted(_: str) -> None:
            await self._save(self._shown[notification_id])

        return LiveMessage(
            self.slack,
            target.channel,
            self.rate_limiter,
            ts=ts,
            on_posted=on_posted,
            thread=thread,
            priority=Priority.ALERT,
        )

    def _first_message(self, channel: str, alert_id: str) -> str | None:
        """Return the message in a channel that told first of an alert, or None."""
        found = (
            one.message.ts
            for one in self._shown.values()
            if one.target == Target(channel) and alert_id in one.latest.first_told
        )
        return next(found, None) or self.left.ts(alert_id, channel)

    async def _show(self, shown: Shown) -> None:
        """Show what is so now; a message that is gone is posted once more.

        Raises:
            SlackApiError, ClientError, TimeoutError: Slack did not take it.
        """
        try:
            await shown.message.refresh(partial(self.rendering.message, shown))
        except SLACK_ERRORS as error:
            self._note(shown, error)
            if not is_gone(error):
                raise
            await shown.message.refresh(partial(self.rendering.message, shown))
        self.health.works(shown.target.channel)

    async def _reply(self, shown: Shown, news: News) -> None:
        try:
            content = self.rendering.reply(shown, news)
            await shown.message.reply(content, broadcast=news is not News.REMINDED)
        except SLACK_ERRORS as error:
            self._note(shown, error)
            raise

    def _note(self, shown: Shown, error: SlackError) -> None:
        if is_gone(error):
            shown.message.is_gone()
        elif not isinstance(error, NotOwnerError):
            # The store's own trouble has its line in the log.
            self.health.refused(shown.target.channel, error)

    async def _save(self, shown: Shown) -> None:
        await self.records.save(shown.latest.id, shown.record())

    async def _forget_over(self, account: str) -> None:
        """Drop what the supervisor no longer reports."""
        alive = {one.id for one in self.supervisor.alerts.notifications(account)}
        over = [
            id_
            for id_, one in self._shown.items()
            if one.latest.account == account and id_ not in alive
        ]
        for id_ in over:
            for alert in self._shown.pop(id_).latest.alerts:
                self._about.get((alert.account, alert.device_id), set()).discard(id_)
            await self.records.delete(id_)

    # What changes without news

    def _refresh(self, *notification_ids: str) -> None:
        """Update messages soon; one after another, so news doesn't wait for all."""
        if notification_ids:
            self._stale |= dict.fromkeys(notification_ids)
            self.background.start("alerts", self._refresh_stale)

    async def _refresh_stale(self) -> None:
        while self._stale:
            refused = [id_ for id_ in list(self._stale) if not await self._is_refreshed(id_)]
            if not refused:
                self._retry_after = 0.0
                continue
            self._retry_after = min(self._retry_after * 2, LONGEST_RETRY) or self.first_retry
            await asyncio.sleep(self._retry_after)

    async def _is_refreshed(self, notification_id: str) -> bool:
        """Update a message; return whether Slack took it and it shows the present."""
        self._stale.pop(notification_id, None)
        shown = self._shown.get(notification_id)
        if shown is None or shown.message.ts is None:
            return True  # it is posted when it is sent
        try:
            await self._show(shown)
        except SLACK_ERRORS:
            self._stale[notification_id] = None
            return False
        return True
