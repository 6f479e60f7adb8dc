"""Alerts in a channel: one message an episode, updated as things move, resolved in place.

A restart updates the messages of the run before it. What Slack refuses is tried again until Slack
takes it.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from slack_sdk.web.async_client import AsyncWebClient

from wuts.errors import InvalidInputError
from wuts.operations.background import Background
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

from ..blocks.alert import alert_content, reminder
from ..blocks.parts import Content
from ..devices.device import DeviceRef
from ..messages import Strings
from ..operations.records import Record, Records
from ..slack.errors import SLACK_ERRORS, NotOwnerError, slack_code
from ..slack.live_message import LiveMessage, RateLimiter
from .alert_message import from_record, to_record

_LOGGER = logging.getLogger(__name__)

FIRST_RETRY = 2.0
LONGEST_RETRY = 300.0
"""Seconds until a refused message is tried again; they double from the first to the longest."""

_ADVICE = {
    "channel_not_found": "Check the alert channel's id, and invite the app into it.",
    "not_in_channel": "Invite the app into the alert channel.",
    "is_archived": "Unarchive the alert channel, or choose another.",
    "missing_scope": "Give the app the scopes of its manifest, and install it again.",
    "invalid_auth": "Check the bot token.",
}


@dataclass(slots=True)
class _Episode:
    """One alert, its message, and what the store knows about both."""

    alert: Alert
    message: LiveMessage
    saved: Record | None
    reminder_due: bool = False


@dataclass(slots=True, kw_only=True, eq=False)
class AlertChannel:
    """Subscribes to a supervisor, and shows its alerts.

    Attributes:
        channel: The channel's id.
        strings: The channel's language.
        records: Which messages there are, for the time after a restart.
        background: Updates the messages.
        pairing_by: Tells who is pairing a device now, as a mention.
        first_retry: Seconds until a refused message is tried again.
    """

    slack: AsyncWebClient
    supervisor: Supervisor
    channel: str
    strings: Strings
    rate_limiter: RateLimiter
    records: Records
    background: Background
    pairing_by: Callable[[DeviceRef], str | None]
    first_retry: float = FIRST_RETRY
    _left: dict[str, tuple[Alert, Record]] = field(default_factory=dict, init=False)
    _open: dict[str, _Episode] = field(default_factory=dict, init=False)
    _about: defaultdict[tuple[str, str | None], set[str]] = field(
        default_factory=lambda: defaultdict(set), init=False
    )
    _resolved: set[str] = field(default_factory=set, init=False)
    _stale: dict[str, None] = field(default_factory=dict, init=False)
    _refused: set[str] = field(default_factory=set, init=False)
    _retry: asyncio.TimerHandle | None = field(default=None, init=False)
    _retry_after: float = field(default=0.0, init=False)
    _error_code: str | None = field(default=None, init=False)

    async def restore(self) -> None:
        """Find the messages that an earlier run left. Call it before the supervisor starts."""
        for name, record in (await self.records.all()).items():
            try:
                alert, channel, _ = from_record(name, record)
            except (KeyError, ValueError):
                _LOGGER.error("A record of an alert is not ours, and was left alone")  # noqa: TRY400
                continue
            if alert.status is AlertStatus.RESOLVED:
                self._resolved.add(name)
            elif channel == self.channel:
                self._left[name] = alert, record
            else:
                await self.records.delete(name)

    def catch_up(self) -> None:
        """Show what is open now. Call it when the supervisor has started."""
        alerts = {alert.id: alert for alert in self.supervisor.open_alerts()}
        now = datetime.now(UTC)
        for left, _ in self._left.values():
            alerts.setdefault(left.id, replace(left, status=AlertStatus.RESOLVED, at=now))
        for alert in alerts.values():
            if alert.id not in self._open:
                self._take(alert)
                self._refresh(alert.id)

    async def on_event(self, event: Event) -> None:
        """Take an event in; for an alert, return once Slack has taken or refused it."""
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
        self._refresh(*self._about.get((ref.account, ref.device_id), ()))

    async def close(self) -> None:
        """Try nothing again that Slack refused."""
        if self._retry is not None:
            self._retry.cancel()

    async def _tell(self, alert: Alert) -> None:
        if alert.id in self._resolved and alert.status is AlertStatus.RESOLVED:
            # The message said so already, but the process ended before the supervisor knew.
            return
        # The supervisor tells another alert once it knows that the last one was told.
        resolved, self._resolved = self._resolved, set()
        for alert_id in resolved:
            await self.records.delete(alert_id)
        episode = self._take(alert)
        episode.reminder_due = alert.status is AlertStatus.REMINDED
        await self._show(alert.id)

    def _take(self, alert: Alert) -> _Episode:
        """Take an alert's newest form in."""
        episode = self._open.get(alert.id)
        if episode is not None:
            episode.alert = alert
            return episode
        _, record = self._left.pop(alert.id, (None, None))
        ts = None if record is None else record["ts"]
        message = LiveMessage(self.slack, self.channel, self.rate_limiter, ts=ts)
        episode = self._open[alert.id] = _Episode(alert, message, record)
        self._about[alert.account, alert.device_id].add(alert.id)
        return episode

    def _refresh(self, *alert_ids: str) -> None:
        """Update messages soon; one after another, so that a new alert need not wait for all."""
        self._stale |= dict.fromkeys(alert_ids)
        self.background.start("alerts", self._refresh_stale)

    async def _refresh_stale(self) -> None:
        while self._stale:
            alert_id = next(iter(self._stale))
            del self._stale[alert_id]
            await self._show(alert_id)

    async def _show(self, alert_id: str) -> None:
        """Show an alert as it is now; if Slack refuses, try again later."""
        episode = self._open.get(alert_id)
        if episode is None:
            return
        alert = episode.alert

        def newest() -> Content:
            nonlocal alert
            alert = episode.alert
            pairing_by = self._pairing_by(alert)
            return alert_content(alert, self._device(alert), self.strings, pairing_by)

        try:
            await episode.message.refresh(newest)
            await self._remind(episode)
        except NotOwnerError:
            # The store's own trouble has its line in the log.
            self._retry_later(alert_id)
            return
        except SLACK_ERRORS as error:
            self._note_refusal(episode.message, slack_code(error))
            self._retry_later(alert_id)
            return
        except Exception as error:  # noqa: BLE001 - nobody else would ever show this alert
            self.background.report("alerts", error)
            self._retry_later(alert_id)
            return
        self._refused.discard(alert_id)
        if not self._refused:
            self._retry_after = 0.0
        if self._error_code is not None:
            self._error_code = None
            _LOGGER.info("Alerts can be shown again")
        await self._save(episode, alert)

    async def _remind(self, episode: _Episode) -> None:
        if not episode.reminder_due:
            return
        episode.reminder_due = False  # before the reply: another task may show the same alert
        try:
            await episode.message.reply(reminder(episode.alert, self.strings))
        except SLACK_ERRORS:
            episode.reminder_due = True
            raise

    async def _save(self, episode: _Episode, alert: Alert) -> None:
        record = to_record(alert, self.channel, episode.message.ts or "")
        if record != episode.saved:
            episode.saved = record
            await self.records.save(alert.id, record)
        if alert.status is AlertStatus.RESOLVED:
            self._resolved.add(alert.id)
            self._open.pop(alert.id, None)
            self._about[alert.account, alert.device_id].discard(alert.id)

    def _note_refusal(self, message: LiveMessage, code: str) -> None:
        if code == "message_not_found":
            message.is_gone()
        if code != self._error_code:
            self._error_code = code
            _LOGGER.error("Alerts cannot be shown (%s). %s", code, _ADVICE.get(code, ""))

    def _retry_later(self, alert_id: str) -> None:
        self._refused.add(alert_id)
        if self._retry is None:
            self._retry_after = min(self._retry_after * 2, LONGEST_RETRY) or self.first_retry
            loop = asyncio.get_running_loop()
            self._retry = loop.call_later(self._retry_after, self._retry_refused)

    def _retry_refused(self) -> None:
        self._retry = None
        self._refresh(*self._refused)

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
            # The settings no longer name its account.
            return None
