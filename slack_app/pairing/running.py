"""All pairings that are going on: started by a command or a click, each in a direct message."""

import asyncio
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

from slack_sdk.web.async_client import AsyncWebClient

from wuts.inputs import check_device_id
from wuts.pairing import PAIRINGS, PairingInProgressError, PairingSettings
from wuts.phone import normalize_phone_number
from wuts.supervisor import DeviceState, Supervisor

from ..blocks import pairing as blocks
from ..blocks.pairing import PairingHead
from ..blocks.parts import shown_name
from ..blocks.status import Line
from ..devices.accounts import Accounts
from ..devices.device_ref import DeviceRef
from ..messages import Words
from ..operations.audit import AuditOutcome, Deed, audit
from ..people.users import People
from ..slack.errors import SLACK_TROUBLES, slack_code
from ..slack.files import Pictures
from ..slack.live_message import LiveMessage, Pace
from ..slack.stored_messages import Notes
from .actions import Click, Interrupt
from .open_pairing import OpenPairing
from .pairing import TICK, Pairing

_LOGGER = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True, eq=False)
class Pairings:
    """Starts pairings, finds them by their id, and ends them with the app.

    Attributes:
        slack: Makes the calls.
        people: Which language somebody speaks.
        pictures: Holds the QRs' pictures.
        notes: Which pairings there are, for the time after a crash.
        accounts: The gateways.
        supervisor: Is told when a device was paired.
        pace: How fast a channel may be written to.
        settings: The times of each pairing.
        tick: Seconds from one showing of the time left to the next.
        on_end: Is told how each ended.
        on_change: Is told about which device one began or ended.
    """

    slack: AsyncWebClient
    people: People
    pictures: Pictures
    notes: Notes
    accounts: Accounts
    supervisor: Supervisor
    pace: Pace
    settings: PairingSettings = field(default_factory=PairingSettings)
    tick: float = TICK
    on_end: Callable[[AuditOutcome], None] | None = None
    on_change: Callable[[DeviceRef], None] | None = None
    _running: dict[str, tuple[Pairing, asyncio.Task[None]]] = field(
        default_factory=dict, init=False
    )
    _left: list[OpenPairing] = field(default_factory=list, init=False)

    async def recall(self) -> None:
        """Learn which pairings an earlier run left; `finish_left` ends them."""
        notes = await self.notes.all()
        self._left = [OpenPairing.read(name, note) for name, note in notes.items()]

    async def finish_left(self) -> None:
        """Say in the messages that an earlier run left that they were interrupted."""
        left, self._left = self._left, []
        for one in left:
            head = PairingHead(
                id=one.id,
                ref=DeviceRef(one.account, one.device_id),
                device_name=one.device_name,
                words=await self.people.words(one.user_id),
            )
            text = head.words.pairing_interrupted
            message = LiveMessage(self.slack, one.channel, self.pace, ts=one.ts or None)
            try:
                await message.show(blocks.ended(head, text, again=True))
            except SLACK_TROUBLES as error:
                _LOGGER.warning("A pairing that was left cannot be ended: %s", slack_code(error))
            names = {"account": one.account, "device_id": one.device_id}
            audit(one.user_id, Deed.PAIR, AuditOutcome.INTERRUPTED, **names)
            await self.notes.drop(one.id)

    async def start(self, line: Line, user_id: str, words: Words, phone: str | None = None) -> str:
        """Start to pair a device for a person, in their direct messages; return that channel's id.

        Args:
            line: The device.
            user_id: Who asks.
            words: Their language.
            phone: The number to make a pair code for, or None to pair by QR.

        Raises:
            PairingInProgressError: Somebody else is pairing this device.
            InvalidPhoneNumberError: The number is not usable.
            DeviceNotFoundError: There is no such account.
            SlackApiError: Slack opens no direct messages with them.
        """
        client = self.accounts.client(line.account)
        assert client is not None  # noqa: S101 - a line is of an account of ours
        check_device_id(line.device.id)
        digits = None if phone is None else normalize_phone_number(phone)
        owner = PAIRINGS.owner(client.base_url, line.device.id)
        if owner is not None:
            raise PairingInProgressError(owner)
        opened = await self.slack.conversations_open(users=user_id)
        channel = str(opened["channel"]["id"])
        head = PairingHead(
            id=secrets.token_hex(8),
            ref=line.ref,
            device_name=shown_name(line.device.name, line.device.id),
            words=words,
        )
        settings = replace(
            self.settings, phone=digits, expected_number=digits or self.accounts.number(line.ref)
        )
        note = OpenPairing(
            id=head.id,
            account=line.account,
            device_id=line.device.id,
            device_name=head.device_name,
            user_id=user_id,
            channel=channel,
        )
        await self.notes.keep(note.id, note.written())
        pairing = Pairing(
            client=client,
            head=head,
            user_id=user_id,
            message=LiveMessage(
                self.slack, channel, self.pace, on_posted=partial(self._note_posted, note)
            ),
            pictures=self.pictures,
            settings=settings,
            tick=self.tick,
        )
        task = asyncio.create_task(self._run(pairing), name="slack pairing")
        self._running[head.id] = (pairing, task)
        return channel

    def owner(self, ref: DeviceRef) -> str | None:
        """Return who is pairing a device in Slack now, as a mention."""
        pairings = (pairing for pairing, _ in self._running.values())
        return next((f"<@{one.user_id}>" for one in pairings if one.head.ref == ref), None)

    def click(self, pairing_id: str, user_id: str, click: Click) -> bool:
        """Hand a click to its pairing; tell whether that goes on and is this person's."""
        found = self._running.get(pairing_id)
        if found is None or found[0].user_id != user_id:
            return False
        found[0].click(click)
        return True

    async def close(self) -> None:
        """End all pairings: their messages say that they were interrupted, their files go."""
        tasks = []
        for pairing, task in list(self._running.values()):
            pairing.click(Interrupt())
            tasks.append(task)
        if tasks:
            await asyncio.wait(tasks)

    async def _note_posted(self, note: OpenPairing, ts: str) -> None:
        await self.notes.keep(note.id, replace(note, ts=ts).written())

    async def _run(self, pairing: Pairing) -> None:
        ref = pairing.head.ref
        names = {"account": ref.account, "device_id": ref.device_id}
        audit(pairing.user_id, Deed.PAIR, AuditOutcome.STARTED, **names)
        self._tell_of_change(ref)
        outcome = AuditOutcome.FAILED
        try:
            ending = await pairing.run()
            outcome = ending.outcome
            if ending.number is not None:
                self.accounts.note_number(ref, ending.number)
        except Exception:
            # The task's own boundary: nobody awaits it, and a bug must not go unseen.
            _LOGGER.exception("A pairing broke")
        finally:
            audit(pairing.user_id, Deed.PAIR, outcome, **names)
            if self.on_end is not None:
                self.on_end(outcome)
            await self.notes.drop(pairing.head.id)
            await self._care_again(ref, outcome)
            del self._running[pairing.head.id]
            self._tell_of_change(ref)

    def _tell_of_change(self, ref: DeviceRef) -> None:
        if self.on_change is not None:
            self.on_change(ref)

    async def _care_again(self, ref: DeviceRef, outcome: AuditOutcome) -> None:
        """Let the supervisor look at once; who pairs a device no longer wants it left alone."""
        device = self.supervisor.devices(ref.account).get(ref.device_id)
        is_paused = device is not None and device.state is DeviceState.PAUSED
        if is_paused and outcome in {AuditOutcome.PAIRED, AuditOutcome.ALREADY_PAIRED}:
            await self.supervisor.resume(ref.account, ref.device_id)
        else:
            self.supervisor.wake(ref.account, ref.device_id)
