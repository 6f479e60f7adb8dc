"""Alerts in a channel: one message an episode, updated as things move, resolved in place.

A restart goes on with the messages of the run before it. What Slack does not take is tried again
until it does.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime

from slack_sdk.web.async_client import AsyncWebClient

from wuts.errors import InvalidInputError
from wuts.supervisor import (
    Alert,
    AlertKind,
    AlertStatus,
    Device,
    Event,
    StateChanged,
    StoreTrouble,
    Supervisor,
)

from ..blocks.alert import alert_message, reminder
from ..blocks.parts import Content
from ..devices.device_ref import DeviceRef
from ..messages import Words
from ..slack.errors import SLACK_TROUBLES, SlackTrouble, slack_code
from ..slack.live_message import LiveMessage, Pace
from ..slack.stored_messages import Notes
from .alert_message import ToldAlert

_LOGGER = logging.getLogger(__name__)

FIRST_RETRY = 2.0
LONGEST_RETRY = 300.0
"""Seconds until what Slack did not take is tried again; they double from the first to the last."""

_ADVICE = {
    "channel_not_found": "Check the alert channel's id, and invite the app into it.",
    "not_in_channel": "Invite the app into the alert channel.",
    "is_archived": "Unarchive the alert channel, or choose another.",
    "missing_scope": "Give the app the scopes of its manifest, and install it again.",
    "invalid_auth": "Check the bot token.",
}


@dataclass(slots=True)
class _Episode:
    """One alert, its message, and what the store knows of both."""

    alert: Alert
    message: LiveMessage
    noted: ToldAlert | None
    reminder_due: bool = False


@dataclass(slots=True, kw_only=True, eq=False)
class AlertChannel:
    """Subscribes to a supervisor, and tells its alerts.

    Attributes:
        slack: Makes the calls.
        supervisor: Knows the devices.
        channel: The channel's id.
        words: The channel's language.
        pace: How fast the channel may be written to.
        notes: Which messages there are, for the time after a restart.
        pairing_by: Tells who is pairing a device now, as a mention.
        first_retry: Seconds until what Slack did not take is tried again.
    """

    slack: AsyncWebClient
    supervisor: Supervisor
    channel: str
    words: Words
    pace: Pace
    notes: Notes
    pairing_by: Callable[[DeviceRef], str | None]
    first_retry: float = FIRST_RETRY
    _told: dict[str, ToldAlert] = field(default_factory=dict, init=False)
    _open: dict[str, _Episode] = field(default_factory=dict, init=False)
    _about: defaultdict[tuple[str, str | None], set[str]] = field(
        default_factory=lambda: defaultdict(set), init=False
    )
    _over: set[str] = field(default_factory=set, init=False)
    _stale: dict[str, None] = field(default_factory=dict, init=False)
    _refreshing: bool = field(default=False, init=False)
    _undone: set[str] = field(default_factory=set, init=False)
    _mending: bool = field(default=False, init=False)
    _trouble: str | None = field(default=None, init=False)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set, init=False)

    async def recall(self) -> None:
        """Learn which messages an earlier run left. Call it before the supervisor starts."""
        for name, note in (await self.notes.all()).items():
            try:
                told = ToldAlert.read(name, note)
            except (KeyError, ValueError):
                _LOGGER.error("A note of an alert is not ours, and was left alone")  # noqa: TRY400
                continue
            if told.is_over:
                self._over.add(name)
            elif told.channel == self.channel:
                self._told[name] = told
            else:
                await self.notes.drop(name)

    def catch_up(self) -> None:
        """Go on with what is open. Call it when the supervisor has started."""
        alerts = {alert.id: alert for alert in self.supervisor.open_alerts()}
        for told in list(self._told.values()):
            alerts.setdefault(told.alert.id, told.over(datetime.now(UTC)))
        for alert in alerts.values():
            if alert.id not in self._open:
                self._take(alert)
                self._refresh(alert.id)

    async def on_event(self, event: Event) -> None:
        """Take in what the supervisor tells; returns once Slack has taken an alert or refused."""
        match event:
            case Alert():
                await self._tell(event)
            case StateChanged():
                self.refresh_about(DeviceRef(event.account, event.device_id))
            case StoreTrouble():
                if event.problem is not None:
                    _LOGGER.error("%s", event.problem)

    def refresh_about(self, ref: DeviceRef) -> None:
        """Update the messages about a device soon."""
        for alert_id in tuple(self._about.get((ref.account, ref.device_id), ())):
            self._refresh(alert_id)

    async def close(self) -> None:
        """End what is under way."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def _tell(self, alert: Alert) -> None:
        if alert.id in self._over:
            # It was shown as over, but the process ended before the supervisor knew.
            return
        await self._forget_what_is_over()
        episode = self._take(alert)
        episode.reminder_due = alert.status is AlertStatus.REMINDED
        await self._show(alert.id)

    def _take(self, alert: Alert) -> _Episode:
        """Note an alert's newest form."""
        episode = self._open.get(alert.id)
        if episode is not None:
            episode.alert = alert
            return episode
        told = self._told.pop(alert.id, None)
        ts = None if told is None else told.ts
        message = LiveMessage(self.slack, self.channel, self.pace, ts=ts)
        episode = self._open[alert.id] = _Episode(alert, message, told)
        self._about[alert.account, alert.device_id].add(alert.id)
        return episode

    def _refresh(self, alert_id: str) -> None:
        """Update a message soon; one after another, so that a new alert need not wait for all."""
        self._stale[alert_id] = None
        if not self._refreshing:
            self._refreshing = True
            self._spawn(self._refresh_stale())

    async def _refresh_stale(self) -> None:
        try:
            while self._stale:
                alert_id = next(iter(self._stale))
                del self._stale[alert_id]
                await self._show(alert_id)
        finally:
            self._refreshing = False

    async def _show(self, alert_id: str) -> None:
        """Show an alert as it is now; try again later what Slack does not take."""
        episode = self._open.get(alert_id)
        if episode is None:
            return
        message = episode.message
        alert = episode.alert

        def newest() -> Content:
            nonlocal alert
            alert = episode.alert
            pairing_by = self._pairing_by(alert)
            return alert_message(alert, self._device(alert), self.words, pairing_by)

        try:
            await message.refresh(newest)
            await self._remind(episode)
        except SLACK_TROUBLES as error:
            self._try_later(alert_id, message, error)
            return
        self._undone.discard(alert_id)
        if self._trouble is not None:
            self._trouble = None
            _LOGGER.info("Alerts can be shown again")
        await self._note_shown(episode, alert)

    async def _remind(self, episode: _Episode) -> None:
        if not episode.reminder_due:
            return
        episode.reminder_due = False
        try:
            await episode.message.reply(reminder(episode.alert, self.words))
        except SLACK_TROUBLES:
            episode.reminder_due = True
            raise

    async def _note_shown(self, episode: _Episode, alert: Alert) -> None:
        told = ToldAlert(alert=alert, channel=self.channel, ts=episode.message.ts or "")
        if told != episode.noted:
            episode.noted = told
            await self.notes.keep(alert.id, told.written())
        if told.is_over:
            self._over.add(alert.id)
            self._open.pop(alert.id, None)
            self._about[alert.account, alert.device_id].discard(alert.id)

    async def _forget_what_is_over(self) -> None:
        """Drop old notes: the supervisor tells of another alert once it knows the last was told."""
        over, self._over = self._over, set()
        for alert_id in over:
            await self.notes.drop(alert_id)

    def _try_later(self, alert_id: str, message: LiveMessage, error: SlackTrouble) -> None:
        code = slack_code(error)
        if code == "message_not_found":
            message.is_gone()
        if code != self._trouble:
            self._trouble = code
            _LOGGER.error("Alerts cannot be shown (%s). %s", code, _ADVICE.get(code, ""))
        self._undone.add(alert_id)
        if not self._mending:
            self._mending = True
            self._spawn(self._mend())

    async def _mend(self) -> None:
        pause = self.first_retry
        try:
            while self._undone:
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_RETRY)
                for alert_id in tuple(self._undone):
                    await self._show(alert_id)
        finally:
            self._mending = False

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work, name="slack alert")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _pairing_by(self, alert: Alert) -> str | None:
        if alert.device_id is None or alert.kind is not AlertKind.NEEDS_PAIRING:
            return None
        return self.pairing_by(DeviceRef(alert.account, alert.device_id))

    def _device(self, alert: Alert) -> Device | None:
        if alert.device_id is None:
            return None
        try:
            return self.supervisor.devices(alert.account).get(alert.device_id)
        except InvalidInputError:
            # Its account is no longer in the settings.
            return None
