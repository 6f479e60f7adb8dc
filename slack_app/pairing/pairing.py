"""One pairing in a direct message: its codes, its clicks, its outcome."""

import asyncio
import logging
import time
from dataclasses import dataclass, field, replace

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
from ..operations.audit import AuditOutcome
from ..slack.errors import SLACK_TROUBLES, failure, problem, slack_code, slack_problem
from ..slack.files import PictureNotTakenError, Pictures
from ..slack.live_message import LiveMessage
from .actions import Cancel, Click, Interrupt, UseCode

_LOGGER = logging.getLogger(__name__)

TICK = 10.0
"""Seconds from one showing of the time left to the next."""


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
        pictures: Holds the QR's picture.
        settings: How to pair.
        tick: Seconds from one showing of the time left to the next.
    """

    client: WutsClient
    head: PairingHead
    user_id: str
    message: LiveMessage
    pictures: Pictures
    settings: PairingSettings
    tick: float = TICK
    _clicks: asyncio.Queue[Click] = field(default_factory=asyncio.Queue, init=False)
    _file_id: str | None = field(default=None, init=False)
    _code: str | None = field(default=None, init=False, repr=False)
    _shown_until: float = field(default=0.0, init=False)
    _updates: int = field(default=0, init=False)
    _scanned: bool = field(default=False, init=False)

    def click(self, click: Click) -> None:
        """Take a click in; one that comes when the phone has taken the code is ignored."""
        self._clicks.put_nowait(click)

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
        words = self.head.words
        try:
            return await self._session()
        except WutsError as error:
            return await self._end(AuditOutcome.FAILED, problem(error, words))
        except PictureNotTakenError:
            return await self._end(AuditOutcome.FAILED, words.picture_not_taken)
        except SLACK_TROUBLES as error:
            _LOGGER.warning("A pairing ended, as Slack did not go along: %s", slack_code(error))
            return await self._end(AuditOutcome.FAILED, slack_problem(error, words))

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
            click = asyncio.create_task(self._clicks.get())
            try:
                while True:
                    await asyncio.wait(
                        (event, click),
                        timeout=self._until_tick(),
                        return_when=asyncio.FIRST_COMPLETED,
                    )
                    result: Ending | PairingSettings | None = None
                    if click.done():
                        result = await self._on_click(click.result())
                        click = asyncio.create_task(self._clicks.get())
                    elif event.done():
                        result = await self._on_event(event.result())
                        if result is None:
                            event = asyncio.create_task(session.__anext__())
                    else:
                        await self._on_tick()
                    if result is not None:
                        return result
            finally:
                await _end_tasks(event, click)

    async def _on_click(self, click: Click) -> Ending | PairingSettings | None:
        words = self.head.words
        if isinstance(click, Interrupt):
            return await self._end(AuditOutcome.INTERRUPTED, words.pairing_interrupted)
        if self._scanned:
            return None
        match click:
            case Cancel():
                return await self._end(AuditOutcome.CANCELLED, words.pairing_cancelled)
            case UseCode():
                return replace(self.settings, phone=click.phone, expected_number=click.phone)
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
                text = failure(event.reason, self.head.words)
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
        old, self._file_id = self._file_id, await self.pictures.upload(await event.png())
        self._code, self._shown_until = None, expires
        try:
            await self._show_offer()
        finally:
            if old is not None:
                await self.pictures.delete(old)

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
        words = self.head.words
        number = masked(event.phone_number) if event.phone_number else words.no_number
        if event.how is PairedHow.ALREADY_CONNECTED:
            text = words.paired_already.format(number=number)
        elif event.how is PairedHow.RECONNECTED:
            text = words.paired_reconnected.format(number=number)
        elif event.phone_number:
            text = words.paired.format(number=number, user=self.user_id)
        else:
            text = words.paired_no_number.format(user=self.user_id)
        linked = event.how is PairedHow.LINKED
        outcome = AuditOutcome.PAIRED if linked else AuditOutcome.ALREADY_PAIRED
        await self._show_last(blocks.ended(self.head, f":white_check_mark: {text}", again=False))
        return Ending(outcome, event.phone_number)

    async def _on_wrong_account(self, event: WrongAccount) -> Ending:
        text = self.head.words.wrong_account.format(
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
        except SLACK_TROUBLES as error:
            _LOGGER.warning("The end of a pairing could not be shown: %s", slack_code(error))

    async def _drop_picture(self) -> None:
        file_id, self._file_id = self._file_id, None
        if file_id is not None:
            await self.pictures.delete(file_id)


async def _end_tasks(*tasks: asyncio.Task[PairingEvent] | asyncio.Task[Click]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
