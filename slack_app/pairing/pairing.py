"""One pairing in a direct message: its codes, its buttons, its link, its outcome."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import Any

from wuts import WutsClient
from wuts.clock import Clock, steady_time
from wuts.errors import ErrorCode, WutsError
from wuts.pairing import PairingRegistry, PairingSession, PairingSettings, PairingView, Stage

from ..blocks.errors import error_text, failure_text
from ..blocks.pairing import PairingHead
from ..operations.audit import AuditOutcome
from ..slack.errors import SLACK_ERRORS, NotOwnerError, slack_code, slack_error_of
from ..slack.words import slack_text
from .drawing import Drawing
from .endings import Ending, ending_of
from .links import SentLink
from .painter import Painter

_LOGGER = logging.getLogger(__name__)


class PairingAction(Enum):
    """What a person, or the app itself, asks of a pairing."""

    NEW_CODE = auto()
    CANCEL = auto()
    INTERRUPT = auto()
    TAKEN_OVER = auto()


@dataclass(frozen=True, slots=True)
class UseCode:
    """Somebody wants a pair code for a phone instead of a QR."""

    phone: str = field(repr=False)


type Asked = PairingAction | UseCode


@dataclass(slots=True, kw_only=True, eq=False)
class Pairing:
    """A pairing that is running; `run` it to its end.

    Attributes:
        user_id: Who pairs.
        drawing: Where it is shown.
        settings: Its method and times.
        on_ending: Gets how it ended before the person does; returns what to tell them.
        sent: The link to its page, if there is one.
        opened: Is done once the direct messages are open.
        clock: Seconds by a steady clock.
        is_over: Whether it has ended and takes no more requests.
        is_end_shown: Whether Slack has taken the last message.
        began_at: When the code was first asked for, by the clock; None while a link is not opened.
    """

    client: WutsClient
    user_id: str
    drawing: Drawing
    settings: PairingSettings
    on_ending: Callable[[Ending], Awaitable[Ending]]
    sent: SentLink | None = None
    opened: asyncio.Future[None] | None = None
    clock: Clock = steady_time
    is_over: bool = field(default=False, init=False)
    is_end_shown: bool = field(default=False, init=False)
    began_at: float | None = field(default=None, init=False)
    _actions: asyncio.Queue[Asked] = field(default_factory=asyncio.Queue, init=False)
    _session: PairingSession | None = field(default=None, init=False)
    _painter: Painter = field(init=False)

    def __post_init__(self) -> None:
        """Have it painted."""
        self._painter = Painter(self.drawing, self.clock, self.opened)

    @property
    def head(self) -> PairingHead:
        """What is paired, and in which language."""
        return self.drawing.head

    def ask(self, action: Asked) -> None:
        """Ask for something; once the phone has taken the code, only an interrupt counts."""
        self._actions.put_nowait(action)

    def hint(self, event: str) -> None:
        """Look at the device at once, because a webhook said something about it."""
        if self._session is not None:
            self._session.hint(event)

    def show_on(self, sent: SentLink) -> None:
        """Show the pairing on a page as well, with a fresh code that is awaited as long as that."""
        self.sent = sent
        sent.link.show(self._painter.view)
        self.ask(PairingAction.NEW_CODE)

    async def run(self) -> Ending:
        """Show codes until a phone is linked or it cannot be; no QR's picture is left behind."""
        try:
            ending = await self._run()
            self.is_over = True
            if self.sent is not None:
                self.sent.link.end(ending.reason)
            ending = await self.on_ending(ending)
            await self._show_last(ending)
        finally:
            if self.sent is not None:
                self.sent.link.end()
            await self.drawing.clear()
        return ending

    async def break_off(self) -> None:
        """Take the code down, and say that the app itself has failed."""
        text = self.head.strings.problem_app
        await self._show_last(Ending(AuditOutcome.FAILED, text))

    async def _run(self) -> Ending:
        """Run one session after another; Slack sees what it sees meanwhile."""
        strings = self.head.strings
        reason = None
        try:
            async with self._painter.painting() as painter:
                result = await self._until_opened(painter)
                self.began_at = self.clock()
                while not isinstance(result, Ending):
                    self.settings = result
                    result = await self._run_session(painter)
                return result
        except WutsError as error:
            text, reason = error_text(error, strings), error.code
        except NotOwnerError:
            text = strings.problem_store
        except SLACK_ERRORS as error:
            failure = slack_error_of(error)
            _LOGGER.warning("A pairing ended because Slack refused a call: %s", failure.code)
            text = slack_text(failure, strings)
        return Ending(AuditOutcome.FAILED, text, reason=reason)

    async def _until_opened(self, painter: asyncio.Task[None]) -> Ending | PairingSettings:
        """Where only a page shows the code, wait for somebody who opens it."""
        if self.sent is None:
            return self.settings
        opened = asyncio.create_task(self.sent.link.opened())
        async with self._waiting(opened, painter) as until_next:
            while (action := await until_next()) is not None:
                result = self._on_action(action, Stage.PREPARING)
                if isinstance(result, Ending):
                    return result
        if not opened.result():
            return Ending(AuditOutcome.FAILED, self.head.strings.link_not_opened)
        return self.settings

    async def _run_session(self, painter: asyncio.Task[None]) -> Ending | PairingSettings:
        """Run one session; return how all ended, or the settings of the session to follow."""
        async with PairingSession(
            self.client,
            self.head.ref.device_id,
            owner=f"<@{self.user_id}>",
            settings=self._settings_now,
            clock=self.clock,
            registry=PairingRegistry(),  # all its sessions together have one claim
        ) as self._session:
            views = self._session.views()
            while True:
                next_view = asyncio.ensure_future(anext(views))
                async with self._waiting(next_view, painter) as until_next:
                    while (action := await until_next()) is not None:
                        result = self._on_action(action, self._painter.view.stage)
                        if result is not None:
                            return result
                view = next_view.result()
                self._show(view)
                if view.outcome is not None:
                    return ending_of(view.outcome, self.user_id, self.head.strings)

    @property
    def _settings_now(self) -> PairingSettings:
        """The settings of a session that begins now: a page is awaited for as long as it lives."""
        if self.sent is None or self.sent.link.is_over:
            return self.settings
        return replace(self.settings, deadline=self.sent.link.seconds_left)

    def _on_action(self, action: Asked, stage: Stage) -> Ending | PairingSettings | None:
        strings = self.head.strings
        if action is PairingAction.INTERRUPT:
            return Ending(AuditOutcome.INTERRUPTED, strings.pairing_interrupted)
        if action is PairingAction.TAKEN_OVER:
            reason = ErrorCode.PAIRING_IN_PROGRESS
            text = failure_text(reason, strings)
            return Ending(AuditOutcome.IN_PROGRESS, text, reason=reason)
        if stage is Stage.SCANNED:
            return None
        if action is PairingAction.CANCEL:
            return Ending(AuditOutcome.CANCELLED, strings.pairing_cancelled)
        if isinstance(action, UseCode):
            return replace(self.settings, phone=action.phone, expected_number=action.phone)
        return self.settings

    def _show(self, view: PairingView) -> None:
        """Show a view wherever the pairing is shown; nothing waits for that."""
        if self.sent is not None:
            self.sent.link.show(view)
        if view.outcome is None:
            self._painter.show(view)

    @asynccontextmanager
    async def _waiting(
        self, wanted: asyncio.Future[Any], painter: asyncio.Task[None]
    ) -> AsyncIterator[Callable[[], Awaitable[Asked | None]]]:
        """Wait for something, and for what people ask until then.

        Yields:
            What returns the next action, or None once there is what was wanted. It raises what
            keeps Slack from showing the pairing.
        """
        asked = asyncio.create_task(self._actions.get())

        async def until_next() -> Asked | None:
            nonlocal asked
            tasks = (wanted, asked, painter)
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            if painter.done():
                painter.result()
            if not asked.done():
                return None
            action = asked.result()
            asked = asyncio.create_task(self._actions.get())
            return action

        try:
            yield until_next
        finally:
            wanted.cancel()
            asked.cancel()
            await asyncio.wait((wanted, asked))
            if not asked.cancelled():
                self._actions.put_nowait(asked.result())

    async def _show_last(self, ending: Ending) -> None:
        """Show the outcome; the pairing has ended whether Slack shows it or not."""
        if not self.drawing.message.channel:
            return  # whoever asked was told that there are no direct messages
        try:
            await self.drawing.show_last(ending.text, ending.offers, ending.question_id)
        except SLACK_ERRORS as error:
            _LOGGER.warning("The end of a pairing could not be shown yet: %s", slack_code(error))
        else:
            self.is_end_shown = True
