"""One pairing in a direct message: its codes, its buttons, its outcome."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from wuts import WutsClient
from wuts.clock import steady_time
from wuts.errors import ErrorCode, WutsError
from wuts.pairing import (
    Failed,
    Paired,
    PairedHow,
    PairingRegistry,
    PairingSession,
    PairingSettings,
    PairingView,
    Stage,
    Unchecked,
    WrongAccount,
)

from ..blocks.errors import error_text, failure_text
from ..blocks.numbers import masked
from ..blocks.pairing import LastMessage, PairingHead
from ..operations.audit import AuditOutcome
from ..slack.errors import SLACK_ERRORS, NotOwnerError, slack_code
from ..slack.files import UploadError
from .drawing import Drawing

_LOGGER = logging.getLogger(__name__)

TICK = 10.0
"""Seconds between two updates of the time left."""


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


@dataclass(frozen=True, slots=True)
class Ending:
    """How a pairing ended.

    Attributes:
        outcome: The same for the audit log.
        text: The same for people; it holds no whole number.
        offers: What the last message offers.
        number: The linked phone's digits where they are known.
    """

    outcome: AuditOutcome
    text: str
    offers: LastMessage = LastMessage.START_AGAIN
    number: str | None = field(default=None, repr=False)


@dataclass(slots=True, kw_only=True, eq=False)
class Pairing:
    """A pairing that is running; `run` it to its end.

    Attributes:
        user_id: Who pairs.
        drawing: Where it is shown.
        settings: Its method and times.
        on_ending: Is told how it ended before the person is.
        tick: Seconds between two updates of the time left.
        is_end_shown: Whether Slack has taken the last message.
    """

    client: WutsClient
    user_id: str
    drawing: Drawing
    settings: PairingSettings
    on_ending: Callable[[Ending], Awaitable[None]]
    tick: float = TICK
    is_end_shown: bool = field(default=False, init=False)
    _actions: asyncio.Queue[Asked] = field(default_factory=asyncio.Queue, init=False)

    @property
    def head(self) -> PairingHead:
        """What is paired, and in which language."""
        return self.drawing.head

    @property
    def _until_redrawn(self) -> float:
        """Seconds until the time left is shown again, or what Slack did not take."""
        pause = self.drawing.pause
        return self.tick if pause is None else min(pause, self.tick)

    def ask(self, action: Asked) -> None:
        """Ask for something; once the phone has taken the code, only an interrupt counts."""
        self._actions.put_nowait(action)

    async def run(self) -> Ending:
        """Show codes until a phone is linked or it cannot be; no QR's picture is left behind."""
        try:
            while True:
                result = await self._try()
                if isinstance(result, Ending):
                    await self.on_ending(result)
                    await self._show_last(result)
                    return result
                self.settings = result
        finally:
            await self.drawing.clear()

    async def _try(self) -> Ending | PairingSettings:
        """Run one session; return how all ended, or the settings of the session to follow."""
        strings = self.head.strings
        try:
            return await self._session()
        except WutsError as error:
            text = error_text(error, strings)
        except UploadError:
            text = strings.picture_not_taken
        except NotOwnerError:
            text = strings.problem_store
        except SLACK_ERRORS as error:
            code = slack_code(error)
            _LOGGER.warning("A pairing ended, as Slack refused a call: %s", code)
            text = strings.problem_slack.format(error=code)
        return Ending(AuditOutcome.FAILED, text)

    async def break_off(self) -> None:
        """Take the code down, and say that the app itself has failed."""
        text = self.head.strings.problem_app
        await self._show_last(Ending(AuditOutcome.FAILED, text))

    async def _session(self) -> Ending | PairingSettings:
        owner = f"<@{self.user_id}>"
        device_id = self.head.ref.device_id
        async with PairingSession(
            self.client,
            device_id,
            owner=owner,
            settings=self.settings,
            registry=PairingRegistry(),  # all its sessions together have one claim
        ) as session:
            views, view = session.views(), PairingView()
            next_view = asyncio.ensure_future(anext(views))
            action = asyncio.create_task(self._actions.get())
            try:
                while True:
                    await asyncio.wait(
                        (next_view, action),
                        timeout=self._until_redrawn,
                        return_when=asyncio.FIRST_COMPLETED,
                    )
                    result: Ending | PairingSettings | None = None
                    if action.done():
                        result = self._on_action(action.result(), view.stage)
                        action = asyncio.create_task(self._actions.get())
                    elif next_view.done():
                        view = next_view.result()
                        result = await self._on_view(view)
                        if result is None:
                            next_view = asyncio.ensure_future(anext(views))
                    elif view.offer is not None or self.drawing.pause is not None:
                        await self.drawing.show(view.at(steady_time()))
                    if result is not None:
                        return result
            finally:
                next_view.cancel()
                action.cancel()
                await asyncio.wait((next_view, action))

    def _on_action(self, action: Asked, stage: Stage) -> Ending | PairingSettings | None:
        strings = self.head.strings
        if action is PairingAction.INTERRUPT:
            return Ending(AuditOutcome.INTERRUPTED, strings.pairing_interrupted)
        if action is PairingAction.TAKEN_OVER:
            text = failure_text(ErrorCode.PAIRING_IN_PROGRESS, strings)
            return Ending(AuditOutcome.IN_PROGRESS, text)
        if stage is Stage.SCANNED:
            return None
        if action is PairingAction.CANCEL:
            return Ending(AuditOutcome.CANCELLED, strings.pairing_cancelled)
        if isinstance(action, UseCode):
            return replace(self.settings, phone=action.phone, expected_number=action.phone)
        return self.settings

    async def _on_view(self, view: PairingView) -> Ending | None:
        strings = self.head.strings
        match view.outcome:
            case Paired():
                return self._paired(view.outcome)
            case WrongAccount(phone_number=number, expected=expected):
                text = strings.wrong_account.format(
                    number=masked(number), expected=masked(expected)
                )
                return Ending(AuditOutcome.WRONG_ACCOUNT, text, LastMessage.KEEP_OR_UNLINK)
            case Unchecked(expected=expected):
                text = strings.unchecked.format(expected=masked(expected))
                return Ending(AuditOutcome.UNCHECKED, text, LastMessage.KEEP_OR_UNLINK)
            case Failed():
                return Ending(AuditOutcome.FAILED, failure_text(view.outcome.code, strings))
        if not self.drawing.is_showing(view):
            await self.drawing.show(view)
        return None

    def _paired(self, event: Paired) -> Ending:
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
        text = f":white_check_mark: {text}"
        return Ending(outcome, text, LastMessage.NOTHING, event.phone_number)

    async def _show_last(self, ending: Ending) -> None:
        """Show the outcome; the pairing has ended whether Slack shows it or not."""
        try:
            await self.drawing.show_last(ending.text, ending.offers)
        except SLACK_ERRORS as error:
            _LOGGER.warning("The end of a pairing could not be shown yet: %s", slack_code(error))
        else:
            self.is_end_shown = True
