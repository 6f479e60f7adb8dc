"""Pairings whose last message Slack has not taken yet, also those of an earlier run."""

import asyncio
import logging
from dataclasses import dataclass, field
from enum import StrEnum

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from wuts.operations.background import Background

from ..blocks import pairing as blocks
from ..blocks.pairing import LastMessage, PairingHead
from ..devices.device import DeviceRef
from ..operations.audit import AuditAction, AuditEvent, AuditOutcome
from ..operations.records import Record, Records
from ..people.users import Users
from ..slack.errors import SLACK_ERRORS, is_gone, is_passing, slack_code
from ..slack.live_message import LiveMessage
from ..slack.rate_limiter import Priority, RateLimiter

_LOGGER = logging.getLogger(__name__)

FIRST_RETRY = 2.0
LONGEST_RETRY = 60.0
"""Seconds until what Slack did not take of a pairing is shown again; they double."""


@dataclass(slots=True, kw_only=True, eq=False)
class LeftPairings:
    """Shows how pairings ended, until Slack takes it.

    Attributes:
        records: Which pairings are open, in case of a crash. They hold no code and no whole number.
        background: Runs it.
        first_retry: Seconds until an end that Slack did not take is shown again.
    """

    slack: AsyncWebClient
    users: Users
    records: Records
    rate_limiter: RateLimiter
    background: Background
    first_retry: float = FIRST_RETRY
    _left: dict[str, Record] = field(default_factory=dict, init=False)

    async def restore(self) -> None:
        """Find the pairings that an earlier run left open; `show_ends` ends them."""
        self._left = await self.records.all()
        for record in self._left.values():
            user_id, ref = record.get("user_id", ""), device_of(record)
            event = AuditEvent(user_id, AuditAction.PAIR, ref.account, ref.device_id)
            event.log(_member(record.get("outcome"), AuditOutcome.INTERRUPTED))

    def show_ends(self) -> None:
        """Show how those pairings ended whose message does not say so; try until Slack takes it."""
        self.background.start("ends of pairings", self.finish_left)

    async def finish_left(self) -> None:
        """Do what `show_ends` begins."""
        pause = self.first_retry
        while self._left:
            for pairing_id, record in list(self._left.items()):
                if await self._finish(pairing_id, record):
                    del self._left[pairing_id]
                    await self.records.delete(pairing_id)
            if self._left:
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_RETRY)

    async def _finish(self, pairing_id: str, record: Record) -> bool:
        """Show one pairing's last message; tell whether there is nothing left to try."""
        head = PairingHead(
            id=pairing_id,
            ref=device_of(record),
            device_name=record.get("device_name", ""),
            strings=await self.users.strings(record.get("user_id", "")),
        )
        text = record.get("text", head.strings.pairing_interrupted)
        offers = _member(record.get("offers"), LastMessage.START_AGAIN)
        channel, ts = record.get("channel", ""), record.get("ts") or None
        message = LiveMessage(
            self.slack, channel, self.rate_limiter, ts=ts, priority=Priority.OUTCOME
        )
        content = blocks.last_message(head, text, offers, record.get("question_id", ""))
        try:
            try:
                await message.show(content)
            except SlackApiError as error:
                if not is_gone(error) or "text" not in record:
                    raise
                message.is_gone()
                await message.show(content)
        except SLACK_ERRORS as error:
            _LOGGER.warning("The end of a pairing cannot be shown: %s", slack_code(error))
            is_worth_it = bool(record.get("ts")) or offers is LastMessage.KEEP_OR_UNLINK
            return not (is_worth_it and is_passing(error))
        return True

    def add(self, pairing_id: str, record: Record) -> None:
        """Show the end of a pairing that Slack did not take at once."""
        self._left[pairing_id] = record
        self.show_ends()


def device_of(record: Record) -> DeviceRef:
    """Return the device that a pairing's record is about."""
    return DeviceRef(record.get("account", ""), record.get("device_id", ""))


def _member[E: StrEnum](value: str | None, default: E) -> E:
    """Return the member of that value, or ``default`` for what only another version knows."""
    return next((one for one in type(default) if one == value), default)
