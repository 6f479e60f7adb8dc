"""Messages of alerts that version 0.1.0 left open: one per alert, by the alert's id.

Each becomes the message of the first notification that is about its alert alone. Any other is shown
as over when its alert is; its buttons work meanwhile.
"""

import asyncio
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from wuts.operations.background import Background
from wuts.supervisor import Alert, AlertKind, AlertStatus

from ..blocks.alert import alert_content
from ..messages import Strings
from ..operations.records import Record, Records
from ..slack.errors import SLACK_ERRORS, NotOwnerError, is_passing, slack_code
from ..slack.live_message import LiveMessage

_LOGGER = logging.getLogger(__name__)

FIRST_PAUSE = 2.0
LONGEST_PAUSE = 300.0
"""Seconds until a message that Slack did not take is shown again; they double."""

type NewMessage = Callable[[str, str], LiveMessage]
"""Returns a message by its channel and Slack's name of it."""


@dataclass(frozen=True, slots=True)
class _Left:
    alert: Alert
    channel: str
    ts: str


class LeftMessages:
    """What there is of them still.

    Args:
        records: The earlier version's.
        message: Makes a message.
        strings: The channels' language.
        background: Shows ends.

    Attributes:
        first_pause: Seconds until a message that Slack did not take is shown again, at first.
    """

    def __init__(
        self, records: Records, message: NewMessage, strings: Strings, background: Background
    ) -> None:
        self._records = records
        self._message = message
        self._strings = strings
        self._background = background
        self.first_pause = FIRST_PAUSE
        self._left: dict[str, _Left] = {}
        self._over: dict[str, Alert] = {}

    async def restore(self) -> None:
        """Find them."""
        for name, record in (await self._records.all()).items():
            try:
                left = _read(name, record)
            except (KeyError, ValueError):
                _LOGGER.error("Ignored a record of an alert that this app did not write")  # noqa: TRY400
                continue
            if left.alert.status is AlertStatus.RESOLVED:
                await self._records.delete(name)
            else:
                self._left[name] = left

    def ts(self, alert_id: str, channel: str) -> str | None:
        """Return Slack's name of an alert's message in a channel, or None if there is none."""
        left = self._left.get(alert_id)
        return left.ts if left is not None and left.channel == channel else None

    async def adopted(self, alert_id: str) -> None:
        """Forget a message: it is a notification's by now."""
        if self._left.pop(alert_id, None) is not None:
            await self._records.delete(alert_id)

    def catch_up(self, opened: Collection[str]) -> None:
        """Show as over what is not among the alerts that are open."""
        now = datetime.now(UTC)
        for name, left in self._left.items():
            if name not in opened:
                self.end(replace(left.alert, status=AlertStatus.RESOLVED, at=now))

    def end(self, alert: Alert) -> None:
        """Show that an alert is over, if its message is one of these."""
        if alert.id in self._left:
            self._over[alert.id] = alert
            self._background.start("earlier alerts", self._show_ends)

    async def _show_ends(self) -> None:
        pause = self.first_pause
        while self._over:
            alert = next(iter(self._over.values()))
            if await self._is_shown(alert):
                del self._over[alert.id]
                await self.adopted(alert.id)
                pause = self.first_pause
            else:
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def _is_shown(self, alert: Alert) -> bool:
        """Show an end; return whether nothing is left to be done about it."""
        left = self._left.get(alert.id)
        if left is None:
            return True
        try:
            message = self._message(left.channel, left.ts)
            await message.show(alert_content(alert, None, self._strings))
        except NotOwnerError:
            return False
        except SLACK_ERRORS as error:
            if is_passing(error):
                return False
            _LOGGER.warning("An earlier alert cannot be shown as over (%s)", slack_code(error))
        return True


def _read(alert_id: str, record: Record) -> _Left:
    """Read what version 0.1.0 kept.

    Raises:
        KeyError, ValueError: The record is not ours.
    """
    alert = Alert(
        id=alert_id,
        kind=AlertKind(record["kind"]),
        status=AlertStatus(record["status"]),
        # Version 0.1.0 called an account a tenant.
        account=record["account"] if "account" in record else record["tenant"],
        device_id=record["device_id"] or None,
        device_name=record["device_name"] or None,
        since=datetime.fromisoformat(record["since"]),
        at=datetime.fromisoformat(record["at"]),
    )
    return _Left(alert, record["channel"], record["ts"])
