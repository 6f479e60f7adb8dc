"""Alerts in a channel: one message an episode, updated as things move, resolved in place."""

import asyncio
import logging

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from core.supervisor import (
    Alert,
    AlertStatus,
    Device,
    Event,
    StateChanged,
    StoreTrouble,
    Supervisor,
)

from .blocks.alert import alert_message, reminder
from .live_message import LiveMessage, Pace
from .messages import Words
from .problems import slack_code

_LOGGER = logging.getLogger(__name__)

_ADVICE = {
    "channel_not_found": "Check the alert channel's id, and invite the app into it.",
    "not_in_channel": "Invite the app into the alert channel.",
    "is_archived": "Unarchive the alert channel, or choose another.",
    "missing_scope": "Give the app the scopes of its manifest, and install it again.",
    "invalid_auth": "Check the bot token.",
}


class AlertChannel:
    """Subscribes to a supervisor, and tells its alerts.

    Args:
        slack: Makes the calls.
        supervisor: Knows the devices.
        channel: The channel's id.
        words: The channel's language.
        pace: How fast the channel may be written to.
    """

    def __init__(
        self,
        slack: AsyncWebClient,
        supervisor: Supervisor,
        channel: str,
        words: Words,
        pace: Pace,
    ) -> None:
        self._slack = slack
        self._supervisor = supervisor
        self._channel = channel
        self._words = words
        self._pace = pace
        self._open: dict[str, tuple[Alert, LiveMessage]] = {}
        self._refreshing: dict[str, asyncio.Task[None]] = {}

    async def on_event(self, event: Event) -> None:
        """Take in what the supervisor tells; returns once an alert is in the channel."""
        match event:
            case Alert():
                await self._tell(event)
            case StateChanged():
                self._refresh_about(event.tenant, event.device_id)
            case StoreTrouble():
                if event.problem is not None:
                    _LOGGER.error("%s", event.problem)

    async def close(self) -> None:
        """End what is under way."""
        tasks = list(self._refreshing.values())
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def _tell(self, alert: Alert) -> None:
        known = self._open.get(alert.id)
        message = known[1] if known else LiveMessage(self._slack, self._channel, self._pace)
        if alert.status is AlertStatus.RESOLVED:
            self._open.pop(alert.id, None)
        else:
            self._open[alert.id] = (alert, message)
        try:
            await message.show(alert_message(alert, self._device(alert), self._words))
            if alert.status is AlertStatus.REMINDED:
                await message.reply(reminder(alert, self._words))
        except SlackApiError as error:
            _complain(error)

    def _refresh_about(self, tenant: str, device_id: str) -> None:
        """Update the messages about a device, each by one task at a time."""
        for alert, _ in self._open.values():
            about = alert.tenant == tenant and alert.device_id == device_id
            if about and alert.id not in self._refreshing:
                task = asyncio.create_task(self._refresh(alert.id), name="slack alert")
                self._refreshing[alert.id] = task

    async def _refresh(self, alert_id: str) -> None:
        try:
            # The channel's turn comes first, so that the message says what is true then.
            await self._pace.turn(self._channel)
        finally:
            del self._refreshing[alert_id]
        if alert_id not in self._open:
            return
        alert, message = self._open[alert_id]
        try:
            await message.show(alert_message(alert, self._device(alert), self._words))
        except SlackApiError as error:
            _complain(error)

    def _device(self, alert: Alert) -> Device | None:
        if alert.device_id is None:
            return None
        return self._supervisor.devices(alert.tenant).get(alert.device_id)


def _complain(error: SlackApiError) -> None:
    code = slack_code(error)
    _LOGGER.error("An alert could not be shown (%s). %s", code, _ADVICE.get(code, ""))
