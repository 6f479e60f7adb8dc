"""One pairing in a direct message: its codes, its buttons, its outcome."""

import asyncio
import logging
import time
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from wuts import WutsClient
from wuts.errors import WutsError
from wuts.pairing import (
    CodeReady,
    Failed,
    Paired,
    PairedHow,
    PairingEvent,
    PairingSession,
    PairingSettings,
    QrReady,
    Scanned,
    Waiting,
    WrongAccount,
)

from ..blocks import pairing as blocks
from ..blocks.numbers import masked
from ..blocks.pairing import PairingHead
from ..blocks.parts import Content
from ..messages.errors import error_text, failure_text
from ..operations.audit import AuditOutcome
from ..slack.errors import SLACK_ERRORS, slack_code
from ..slack.files import Files, UploadError
from ..slack.live_message import LiveMessage

_LOGGER = logging.getLogger(__name__)

TICK = 10.0
"""Seconds from one showing of the time left to the next."""


class PairingAction(Enum):
    """What a person, or the app itself, asks of a pairing."""

    NEW_CODE = auto()
    CANCEL = auto()
    INTERRUPT = auto()


@dataclass(frozen=True, slots=True)
class UseCode:
    """Somebody wants a pair code for a phone instead of a QR."""

    phone: str = field(repr=False)


type Asked = PairingAction | UseCode


@dataclass(frozen=True, slots=True)
class Ending:
    """How a pairing ended: for the audit log, and the linked phone's digits where it is known."""

    outcome: AuditOutcome
    number: str | None = field(default=None, repr=False)


@dataclass(slots=True, kw_only=True, eq=False)
class Pairing:
    """A pairing that is going on; `run` it to its end.

    Attributes:
        client: The gateway's.
        head: What is paired, and in which language.
        user_id: Who pairs.
        message: Where it is shown.
        files: Holds the QR's picture.
        settings: How to pair.
        tick: Seconds from one showing of the time left to the next.
    """

    client: WutsClient
    head: PairingHead
    user_id: str
    message: LiveMessage
    files: Files
    settings: PairingSettings
    tick: float = TICK
    _actions: asyncio.Queue[Asked] = field(default_factory=asyncio.Queue, init=False)
    _file_id: str | None = field(default=None, init=False)
    _code: str | None = field(default=None, init=False, repr=False)
    _shown_until: float = field(default=0.0, init=False)
    _updates: int = field(default=0, init=False)
    _scanned: bool = field(default=False, init=False)

    def ask(self, action: Asked) -> None:
        """Ask for something; once the phone has taken the code, only an interrupt counts."""
        self._actions.put_nowait(action)

    async def run(self) -> Ending:
        """Show codes until a phone is linked or it cannot be; the last QR's file is deleted."""
        try:
            while True:
                again = await self._try()
                if isinstance(again, Ending):
                    return again
                self.settings = again
        finally:
            await self._drop_picture()

    async def _try(self) -> Ending | PairingSettings:
        """Run one session; return how all ended, or the settings of the session to follow."""
        strings = self.head.strings
        try:
            return await self._session()
        except WutsError as error:
            return await self._end(AuditOutcome.FAILED, error_text(error, strings))
        except UploadError:
            return await self._end(AuditOutcome.FAILED, strings.picture_not_taken)
        except SLACK_ERRORS as error:
            _LOGGER.warning("A pairing ended, as Slack did not go along: %s", slack_code(error))
            text = strings.problem_slack.format(error=slack_code(error))
            return await self._end(AuditOutcome.FAILED, text)

    async def _session(self) -> Ending | PairingSettings:
        session = PairingSession(
            self.client,
            self.head.ref.device_id,
            owner=f"<@{self.user_id}>",
            settings=self.settings,
        )
        async with session:
            await self.message.show(blocks.preparing(self.head))
            event = asyncio.create_task(session.__anext__())
            action = asyncio.create_task(self._actions.get())
            try:
                while True:
                    await asyncio.wait(
                        (event, action),
                        timeout=self._until_tick(),
                        return_when=asyncio.FIRST_COMPLETED,
                    )
                    result: Ending | PairingSettings | None = None
                    if action.done():
                        result = await self._on_action(action.result())
                        action = asyncio.create_task(self._actions.get())
                    elif event.done():
                        result = await self._on_event(event.result())
                        if result is None:
                            event = asyncio.create_task(session.__anext__())
                    else:
                        await self._on_tick()
                    if result is not None:
                        return result
            finally:
                await _end_tasks(event, action)

    async def _on_action(self, action: Asked) -> Ending | PairingSettings | None:
        strings = self.head.strings
        if action is PairingAction.INTERRUPT:
            return await self._end(AuditOutcome.INTERRUPTED, strings.pairing_interrupted)
        if self._scanned:
            return None
        if action is PairingAction.CANCEL:
            return await self._end(AuditOutcome.CANCELLED, strings.pairing_cancelled)
        if isinstance(action, UseCode):
            return replace(self.settings, phone=action.phone, expected_number=action.phone)
        return self.settings

    async def _on_event(self, event: PairingEvent) -> Ending | None:
        match event:
            case QrReady():
                await self._show_qr(event)
            case CodeReady():
                self._code = event.code
                self._shown_until = time.monotonic() + event.lifetime
                await self._show_offer()
            case Waiting():
                await self._on_waiting()
            case Scanned():
                self._scanned = True
                self._code = None
                await self.message.show(blocks.scanned(self.head))
                await self._drop_picture()
            case Paired():
                return await self._on_paired(event)
            case WrongAccount():
                return await self._on_wrong_account(event)
            case Failed():
                text = failure_text(event.reason, self.head.strings)
                return await self._end(AuditOutcome.FAILED, text)
        return None

    def _until_tick(self) -> float:
        """Return how long to wait: a code must not be shown beyond its time."""
        if not (self._file_id or self._code):
            return self.tick
        return min(self.tick, max(0.0, self._shown_until - time.monotonic()))

    async def _on_tick(self) -> None:
        if self._scanned or not (self._file_id or self._code):
            return
        if time.monotonic() < self._shown_until:
            await self._show_offer()
            return
        self._code = None
        await self.message.show(blocks.preparing(self.head))
        await self._drop_picture()

    async def _show_qr(self, event: QrReady) -> None:
        expires = time.monotonic() + event.lifetime
        old, self._file_id = self._file_id, await self.files.upload(await event.png())
        self._code, self._shown_until = None, expires
        try:
            await self._show_offer()
        finally:
            if old is not None:
                await self.files.delete(old)

    async def _show_offer(self) -> None:
        self._updates += 1
        left = self._shown_until - time.monotonic()
        if self._code is not None:
            await self.message.show(blocks.showing_code(self.head, self._code, left))
        elif self._file_id is not None:
            content = blocks.showing_qr(self.head, self._file_id, left, self._updates)
            await self.message.show(content)

    async def _on_waiting(self) -> None:
        if not (self._file_id or self._code):
            await self.message.show(blocks.waiting(self.head))

    async def _on_paired(self, event: Paired) -> Ending:
        strings = self.head.strings
        number = masked(event.phone_number) if event.phone_number else strings.no_number
        if event.how is PairedHow.ALREADY_CONNECTED:
            text = strings.paired_already.format(number=number)
        elif event.how is PairedHow.RECONNECTED:
            text = strings.paired_reconnected.format(number=number)
        elif event.phone_number:
            text = strings.paired.format(number=number, user=self.user_id)
        else:
            text = strings.paired_no_number.format(user=self.user_id)
        linked = event.how is PairedHow.LINKED
        outcome = AuditOutcome.PAIRED if linked else AuditOutcome.ALREADY_PAIRED
        await self._show_last(blocks.ended(self.head, f":white_check_mark: {text}", again=False))
        return Ending(outcome, event.phone_number)

    async def _on_wrong_account(self, event: WrongAccount) -> Ending:
        text = self.head.strings.wrong_account.format(
            number=masked(event.phone_number), expected=masked(event.expected)
        )
        await self._show_last(blocks.wrong_account(self.head, text))
        return Ending(AuditOutcome.WRONG_ACCOUNT)

    async def _end(self, outcome: AuditOutcome, text: str) -> Ending:
        await self._show_last(blocks.ended(self.head, text, again=True))
        return Ending(outcome)

    async def _show_last(self, content: Content) -> None:
        """Show the outcome; the pairing has ended whether Slack shows it or not."""
        try:
            await self.message.show(content)
        except SLACK_ERRORS as error:
            _LOGGER.warning("The end of a pairing could not be shown: %s", slack_code(error))

    async def _drop_picture(self) -> None:
        file_id, self._file_id = self._file_id, None
        if file_id is not None:
            await self.files.delete(file_id)


async def _end_tasks(*tasks: asyncio.Task[PairingEvent] | asyncio.Task[Asked]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
