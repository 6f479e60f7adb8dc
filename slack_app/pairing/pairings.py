"""All pairings that are running: started by a command or a button, each in a direct message."""

import asyncio
import secrets
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace

from slack_sdk.web.async_client import AsyncWebClient

from wuts.clock import Clock, steady_time
from wuts.inputs import check_device_id
from wuts.metrics import PairingResult
from wuts.operations.background import Background
from wuts.pairing import PairingInProgressError, PairingSettings
from wuts.phone import normalize_phone_number
from wuts.supervisor import DeviceState, Supervisor

from ..blocks.pairing import LastMessage, PairingHead
from ..blocks.parts import shown_name
from ..devices.accounts import Accounts
from ..devices.device import DeviceRef, Line
from ..messages import Strings
from ..operations.audit import AuditAction, AuditEvent, AuditOutcome
from ..operations.records import Record, Records
from ..people.direct_messages import DirectMessages
from ..people.users import Users
from ..slack.errors import SLACK_ERRORS
from ..slack.files import Files
from ..slack.live_message import LiveMessage
from ..slack.rate_limiter import RateLimiter
from .claims import Claims
from .drawing import Drawing
from .endings import Ending
from .left import FIRST_RETRY, LeftPairings
from .links import Links, SentLink
from .pairing import Asked, Pairing, PairingAction

_GOODBYE = 5.0
"""Seconds that the deletion of pictures may take when the app ends; the next run does the rest."""

_LINKED = frozenset({AuditOutcome.PAIRED, AuditOutcome.ALREADY_PAIRED})


@dataclass(slots=True, kw_only=True, eq=False)
class Pairings:
    """Starts pairings, finds them by their id, and ends them with the app.

    Attributes:
        direct: Opens the direct messages that they are shown in.
        records: Which pairings are open, in case of a crash. They hold no code and no whole number.
        background: Runs them.
        claims: Keep two from pairing one device.
        links: Make links to pairing pages.
        settings: The times of each pairing.
        first_retry: Seconds until what Slack did not take is shown again.
        clock: Seconds by a steady clock.
        left: The pairings whose end Slack has not taken yet.
        on_end: Gets how each ended, and after how many seconds.
        on_change: Gets the device for which one began or ended.
    """

    slack: AsyncWebClient
    direct: DirectMessages
    users: Users
    files: Files
    records: Records
    accounts: Accounts
    supervisor: Supervisor
    rate_limiter: RateLimiter
    background: Background
    claims: Claims
    links: Links
    settings: PairingSettings = field(default_factory=PairingSettings)
    first_retry: float = FIRST_RETRY
    clock: Clock = steady_time
    on_end: Callable[[PairingResult, float], None] = lambda _result, _seconds: None
    on_change: Callable[[DeviceRef], None] = lambda _ref: None
    _running: dict[str, tuple[Pairing, asyncio.Task[object]]] = field(
        default_factory=dict, init=False
    )
    left: LeftPairings = field(init=False)
    _is_abandoned: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        """See to it that each end is shown."""
        self.left = LeftPairings(
            slack=self.slack,
            users=self.users,
            records=self.records,
            rate_limiter=self.rate_limiter,
            background=self.background,
            first_retry=self.first_retry,
        )

    async def start(
        self,
        line: Line,
        user_id: str,
        strings: Strings,
        phone: str | None = None,
        *,
        by_link: bool = False,
    ) -> SentLink | None:
        """Start to pair a device for a person, in their direct messages.

        Args:
            line: The device.
            user_id: Who asks.
            strings: Their language.
            phone: The number to make a pair code for, or None to pair by QR.
            by_link: Whether it begins once somebody opens a link, and only its page shows codes.

        Returns:
            That link.

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
            lost = await self._hold(stack, client.base_url, line.ref, user_id)
            head = PairingHead(
                id=secrets.token_hex(8),
                ref=line.ref,
                device_name=shown_name(line.name, line.id),
                strings=strings,
                can_send_link=self.links.are_possible,
            )
            record = {
                "account": line.account,
                "device_id": line.id,
                "device_name": head.device_name,
                "user_id": user_id,
                "channel": "",
            }
            expected = self.supervisor.expected_number(line.account, line.id)
            sent = self._make_link(line.ref, user_id) if by_link else None
            drawing = await self._drawing(head, record, sent)
            opening = self._open(head.id, drawing, record)
            opened = asyncio.create_task(opening, name="slack direct message")
            pairing = Pairing(
                client=client,
                user_id=user_id,
                drawing=drawing,
                settings=replace(self.settings, phone=digits, expected_number=digits or expected),
                on_ending=lambda ending: self._on_ending(pairing, ending, record),
                sent=sent,
                opened=opened,
                clock=self.clock,
            )
            held = stack.pop_all()
        task = self.background.once("pairing", lambda: self._run(pairing, record, held, lost))
        self._running[head.id] = (pairing, task)
        try:
            await asyncio.shield(opened)
        except SLACK_ERRORS:
            await asyncio.wait([task])  # it ends for the same reason
            raise
        return sent

    def send_link(self, pairing_id: str, user_id: str) -> SentLink | None:
        """Show a person's pairing on a page as well; return the link, or None if it is over."""
        pairing = self._find(pairing_id, user_id)
        if pairing is None or not pairing.head.can_send_link:
            return None
        sent = self._make_link(pairing.head.ref, user_id)
        pairing.show_on(sent)
        return sent

    def hint(self, ref: DeviceRef, event: str) -> None:
        """Tell whoever pairs a device that a webhook reported something about it."""
        for pairing, _ in self._running.values():
            if pairing.head.ref == ref:
                pairing.hint(event)

    def owner(self, ref: DeviceRef) -> str | None:
        """Return who is pairing a device in Slack now, as a mention."""
        pairings = (pairing for pairing, _ in self._running.values())
        return next((f"<@{one.user_id}>" for one in pairings if one.head.ref == ref), None)

    def ask(self, pairing_id: str, user_id: str, action: Asked) -> DeviceRef | None:
        """Hand an action to its pairing; return its device if it is running and this person's."""
        pairing = self._find(pairing_id, user_id)
        if pairing is None:
            return None
        pairing.ask(action)
        return pairing.head.ref

    def _find(self, pairing_id: str, user_id: str) -> Pairing | None:
        """Return a person's pairing while it runs."""
        pairing, _ = self._running.get(pairing_id, (None, None))
        is_theirs = pairing is not None and pairing.user_id == user_id and not pairing.is_over
        return pairing if is_theirs else None

    async def close(self) -> None:
        """End all pairings: their messages say that they were interrupted, their files go."""
        running = list(self._running.values())
        for pairing, _ in running:
            pairing.ask(PairingAction.INTERRUPT)
        if running:
            await asyncio.wait([task for _, task in running])
        await self.files.settle(_GOODBYE)

    async def abandon(self) -> None:
        """End all pairings without a word: their messages are another app's now."""
        self._is_abandoned = True
        tasks = [task for _, task in self._running.values()]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def _hold(
        self, stack: AsyncExitStack, base_url: str, ref: DeviceRef, user_id: str
    ) -> asyncio.Event:
        """Keep everybody else from pairing a device; return what is set once that is over."""
        try:
            claim = self.claims.hold(base_url, ref.device_id, user_id)
            return await stack.enter_async_context(claim)
        except PairingInProgressError as error:
            raise PairingInProgressError(self.owner(ref) or error.owner, error.since) from None

    def _make_link(self, ref: DeviceRef, user_id: str) -> SentLink:
        line = self.accounts.line(ref)
        name = line.name if line is not None else ""
        return self.links.make(ref, name or ref.device_id, user_id)

    async def _drawing(self, head: PairingHead, record: Record, sent: SentLink | None) -> Drawing:
        """Return where a pairing is shown; its record is saved, now and with the message's name."""

        async def save(ts: str) -> None:
            record["ts"] = ts
            await self.records.save(head.id, record)

        await save("")
        return Drawing(
            head=head,
            message=LiveMessage(self.slack, "", self.rate_limiter, on_posted=save, may_move=True),
            files=self.files,
            first_retry=self.first_retry,
            by_link=sent,
        )

    async def _open(self, pairing_id: str, drawing: Drawing, record: Record) -> None:
        """Open the direct messages, while the gateway makes the first code."""
        channel = await self.direct.channel(record["user_id"])
        drawing.message.channel = record["channel"] = channel
        await self.records.save(pairing_id, record)

    async def _on_ending(self, pairing: Pairing, ending: Ending, record: Record) -> Ending:
        """Keep how a pairing ended before the person hears of it, so no crash forgets it."""
        ref, expected = pairing.head.ref, pairing.settings.expected_number
        is_question = ending.offers is LastMessage.KEEP_OR_UNLINK
        if is_question or ending.outcome in _LINKED:
            report = self.supervisor.report_phone
            await report(ref.account, ref.device_id, ending.number, expected=expected)
            self.accounts.note_paired(ref)
        device = self.supervisor.devices(ref.account).get(ref.device_id)
        if is_question and device is not None:
            ending = replace(ending, question_id=device.phone.question_id)
        record |= {"outcome": ending.outcome, "text": ending.text, "offers": ending.offers}
        record["question_id"] = ending.question_id
        await self.records.save(pairing.head.id, record)
        return ending

    async def _run(
        self, pairing: Pairing, record: Record, held: AsyncExitStack, lost: asyncio.Event
    ) -> None:
        watch = asyncio.create_task(_end_when(lost, pairing), name="slack pairing claim")
        try:
            # The app ends behind the last claim: one that is being given back is not cut off.
            async with held:
                await self._run_held(pairing, record)
        finally:
            watch.cancel()
            await asyncio.wait([watch])
            del self._running[pairing.head.id]
            self.on_change(pairing.head.ref)

    async def _run_held(self, pairing: Pairing, record: Record) -> None:
        ref = pairing.head.ref
        event = AuditEvent(pairing.user_id, AuditAction.PAIR, ref.account, ref.device_id)
        event.log(AuditOutcome.STARTED)
        self.on_change(ref)
        outcome, started_at = AuditOutcome.FAILED, self.clock()
        try:
            outcome = (await pairing.run()).outcome
        except Exception as error:  # noqa: BLE001 - a bug must leave no code on the screen
            self.background.report("pairing", error)
            await pairing.break_off()
        finally:
            if not self._is_abandoned:
                event.log(outcome)
                began_at = pairing.began_at or started_at
                self.on_end(PairingResult(outcome), self.clock() - began_at)
                await self._settle(pairing, record)
                await self._supervise_again(ref, outcome)

    async def _settle(self, pairing: Pairing, record: Record) -> None:
        """Forget a pairing whose end is shown; see to it that any other's will be."""
        if pairing.is_end_shown or not record["channel"]:
            await self.records.delete(pairing.head.id)
        else:
            self.left.add(pairing.head.id, record)

    async def _supervise_again(self, ref: DeviceRef, outcome: AuditOutcome) -> None:
        """Let the supervisor look at once; whoever pairs a device no longer wants it paused."""
        device = self.supervisor.devices(ref.account).get(ref.device_id)
        is_paused = device is not None and device.state is DeviceState.PAUSED
        if is_paused and outcome in _LINKED:
            await self.supervisor.resume(ref.account, ref.device_id)
        else:
            self.supervisor.wake(ref.account, ref.device_id)


async def _end_when(lost: asyncio.Event, pairing: Pairing) -> None:
    await lost.wait()
    pairing.ask(PairingAction.TAKEN_OVER)
