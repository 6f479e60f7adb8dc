"""All pairings that are running: started by a command or a button, each in a direct message."""

import asyncio
import logging
import secrets
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from enum import StrEnum

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from wuts import WutsClient
from wuts.inputs import check_device_id
from wuts.pairing import PairingInProgressError, PairingSettings
from wuts.phone import normalize_phone_number
from wuts.supervisor import DeviceState, Supervisor

from ..blocks import pairing as blocks
from ..blocks.pairing import LastMessage, PairingHead
from ..blocks.parts import shown_name
from ..devices.accounts import Accounts
from ..devices.device import DeviceRef, Line
from ..messages import Strings
from ..operations.audit import AuditAction, AuditEvent, AuditOutcome
from ..operations.background import Background
from ..operations.records import Record, Records
from ..people.users import Users
from ..slack.errors import SLACK_ERRORS, is_gone, is_passing, slack_code
from ..slack.files import Files
from ..slack.live_message import LiveMessage, RateLimiter
from .claims import Claims
from .drawing import Drawing
from .pairing import TICK, Asked, Ending, Pairing, PairingAction

_LOGGER = logging.getLogger(__name__)

FIRST_RETRY = 2.0
LONGEST_RETRY = 60.0
"""Seconds until what Slack did not take of a pairing is shown again; they double."""

_LINKED = frozenset({AuditOutcome.PAIRED, AuditOutcome.ALREADY_PAIRED})


@dataclass(slots=True, kw_only=True, eq=False)
class Pairings:
    """Starts pairings, finds them by their id, and ends them with the app.

    Attributes:
        records: Which pairings are open, in case of a crash. They hold no code and no whole number.
        background: Runs them.
        claims: Keep two from pairing one device.
        settings: The times of each pairing.
        tick: Seconds between two updates of the time left.
        first_retry: Seconds until what Slack did not take is shown again.
        on_end: Is told how each ended.
        on_change: Is told for which device one began or ended.
    """

    slack: AsyncWebClient
    users: Users
    files: Files
    records: Records
    accounts: Accounts
    supervisor: Supervisor
    rate_limiter: RateLimiter
    background: Background
    claims: Claims
    settings: PairingSettings = field(default_factory=PairingSettings)
    tick: float = TICK
    first_retry: float = FIRST_RETRY
    on_end: Callable[[AuditOutcome], None] = lambda _outcome: None
    on_change: Callable[[DeviceRef], None] = lambda _ref: None
    _running: dict[str, tuple[Pairing, asyncio.Task[object]]] = field(
        default_factory=dict, init=False
    )
    _left: dict[str, Record] = field(default_factory=dict, init=False)
    _is_abandoned: bool = field(default=False, init=False)

    async def restore(self) -> None:
        """Find the pairings that an earlier run left open; `show_ends` ends them."""
        self._left = await self.records.all()
        for record in self._left.values():
            user_id, ref = record.get("user_id", ""), _device_of(record)
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
            ref=_device_of(record),
            device_name=record.get("device_name", ""),
            strings=await self.users.strings(record.get("user_id", "")),
        )
        text = record.get("text", head.strings.pairing_interrupted)
        offers = _member(record.get("offers"), LastMessage.START_AGAIN)
        channel, ts = record.get("channel", ""), record.get("ts") or None
        message = LiveMessage(self.slack, channel, self.rate_limiter, ts=ts)
        content = blocks.last_message(head, text, offers)
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

    async def start(
        self, line: Line, user_id: str, strings: Strings, phone: str | None = None
    ) -> None:
        """Start to pair a device for a person, in their direct messages.

        Args:
            line: The device.
            user_id: Who asks.
            strings: Their language.
            phone: The number to make a pair code for, or None to pair by QR.

        Raises:
            PairingInProgressError: Somebody else is pairing this device.
            InvalidPhoneNumberError: The number is not usable.
            SlackApiError: Slack opens no direct messages with them.
        """
        client = self.accounts.client(line.account)
        assert client is not None  # noqa: S101 - a line is of an account of ours
        check_device_id(line.id)
        digits = None if phone is None else normalize_phone_number(phone)
        async with AsyncExitStack() as stack:
            try:
                claim = self.claims.hold(client.base_url, line.id, user_id)
                lost = await stack.enter_async_context(claim)
            except PairingInProgressError as error:
                owner = self.owner(line.ref) or error.owner
                raise PairingInProgressError(owner, error.since) from None
            opened = await self.slack.conversations_open(users=user_id)
            channel = str(opened["channel"]["id"])
            head = PairingHead(
                id=secrets.token_hex(8),
                ref=line.ref,
                device_name=shown_name(line.name, line.id),
                strings=strings,
            )
            pairing, record = await self._make(client, head, user_id, channel, digits)
            held = stack.pop_all()
        task = self.background.once("pairing", lambda: self._run(pairing, record, held, lost))
        self._running[head.id] = (pairing, task)

    async def _make(
        self,
        client: WutsClient,
        head: PairingHead,
        user_id: str,
        channel: str,
        digits: str | None,
    ) -> tuple[Pairing, Record]:
        """Return a pairing that is ready to run, and its record, which is saved."""
        record = {
            "account": head.ref.account,
            "device_id": head.ref.device_id,
            "device_name": head.device_name,
            "user_id": user_id,
            "channel": channel,
        }

        async def save(ts: str = "") -> None:
            record["ts"] = ts
            await self.records.save(head.id, record)

        await save()
        expected = self.accounts.numbers.expected(head.ref)
        if expected is not None:
            # Whatever is linked meanwhile, also while the app is down, is not taken for it.
            await self.accounts.numbers.expect(head.ref, expected)
        drawing = Drawing(
            head=head,
            message=LiveMessage(self.slack, channel, self.rate_limiter, on_posted=save),
            files=self.files,
            first_retry=self.first_retry,
        )
        pairing = Pairing(
            client=client,
            user_id=user_id,
            drawing=drawing,
            settings=replace(self.settings, phone=digits, expected_number=digits or expected),
            on_ending=lambda ending: self._on_ending(pairing, ending, record),
            tick=self.tick,
        )
        return pairing, record

    def owner(self, ref: DeviceRef) -> str | None:
        """Return who is pairing a device in Slack now, as a mention."""
        pairings = (pairing for pairing, _ in self._running.values())
        return next((f"<@{one.user_id}>" for one in pairings if one.head.ref == ref), None)

    def ask(self, pairing_id: str, user_id: str, action: Asked) -> bool:
        """Hand an action to its pairing; tell whether that is running and is this person's."""
        found = self._running.get(pairing_id)
        if found is None or found[0].user_id != user_id:
            return False
        found[0].ask(action)
        return True

    async def close(self) -> None:
        """End all pairings: their messages say that they were interrupted, their files go."""
        running = list(self._running.values())
        for pairing, _ in running:
            pairing.ask(PairingAction.INTERRUPT)
        if running:
            await asyncio.wait([task for _, task in running])

    async def abandon(self) -> None:
        """End all pairings without a word: their messages are another app's now."""
        self._is_abandoned = True
        tasks = [task for _, task in self._running.values()]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def _on_ending(self, pairing: Pairing, ending: Ending, record: Record) -> None:
        """Keep how a pairing ended before the person is told, so that no crash forgets it."""
        ref, expected = pairing.head.ref, pairing.settings.expected_number
        if ending.outcome in _LINKED:
            await self.accounts.numbers.accept(ref, ending.number)
        elif ending.offers is LastMessage.KEEP_OR_UNLINK and expected is not None:
            await self.accounts.numbers.expect(ref, expected)
        record |= {"outcome": ending.outcome, "text": ending.text, "offers": ending.offers}
        await self.records.save(pairing.head.id, record)

    async def _run(
        self, pairing: Pairing, record: Record, held: AsyncExitStack, lost: asyncio.Event
    ) -> None:
        async with held:
            watch = asyncio.create_task(_end_when(lost, pairing), name="slack pairing claim")
            try:
                await self._run_held(pairing, record)
            finally:
                watch.cancel()
                await asyncio.wait([watch])

    async def _run_held(self, pairing: Pairing, record: Record) -> None:
        ref = pairing.head.ref
        event = AuditEvent(pairing.user_id, AuditAction.PAIR, ref.account, ref.device_id)
        event.log(AuditOutcome.STARTED)
        self.on_change(ref)
        outcome = AuditOutcome.FAILED
        try:
            outcome = (await pairing.run()).outcome
        except Exception as error:  # noqa: BLE001 - a bug must leave no code on the screen
            self.background.report("pairing", error)
            await pairing.break_off()
        finally:
            try:
                if not self._is_abandoned:
                    event.log(outcome)
                    self.on_end(outcome)
                    await self._settle(pairing, record)
                    await self._supervise_again(ref, outcome)
            finally:
                del self._running[pairing.head.id]
                self.on_change(ref)

    async def _settle(self, pairing: Pairing, record: Record) -> None:
        """Forget a pairing whose end is shown; see to it that any other's will be."""
        if pairing.is_end_shown:
            await self.records.delete(pairing.head.id)
        else:
            self._left[pairing.head.id] = record
            self.show_ends()

    async def _supervise_again(self, ref: DeviceRef, outcome: AuditOutcome) -> None:
        """Let the supervisor look at once; who pairs a device no longer wants it paused."""
        device = self.supervisor.devices(ref.account).get(ref.device_id)
        is_paused = device is not None and device.state is DeviceState.PAUSED
        if is_paused and outcome in _LINKED:
            await self.supervisor.resume(ref.account, ref.device_id)
        else:
            self.supervisor.wake(ref.account, ref.device_id)


async def _end_when(lost: asyncio.Event, pairing: Pairing) -> None:
    await lost.wait()
    pairing.ask(PairingAction.TAKEN_OVER)


def _device_of(record: Record) -> DeviceRef:
    return DeviceRef(record.get("account", ""), record.get("device_id", ""))


def _member[E: StrEnum](value: str | None, default: E) -> E:
    """Return the member of that value, or ``default`` for what only another version knows."""
    return next((one for one in type(default) if one == value), default)
