"""All pairings that are running: started by a command or a button, each in a direct message."""

import asyncio
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from slack_sdk.web.async_client import AsyncWebClient

from wuts.inputs import check_device_id
from wuts.pairing import PAIRINGS, PairingInProgressError, PairingSettings
from wuts.phone import normalize_phone_number
from wuts.supervisor import DeviceState, Supervisor

from ..blocks import pairing as blocks
from ..blocks.pairing import PairingHead
from ..blocks.parts import shown_name
from ..devices.accounts import Accounts
from ..devices.device import DeviceRef, Line
from ..messages import Strings
from ..operations.audit import AuditAction, AuditEvent, AuditOutcome
from ..people.users import Users
from ..slack.errors import SLACK_ERRORS, slack_code
from ..slack.files import Files
from ..slack.live_message import LiveMessage, RateLimiter
from ..slack.records import Record, Records
from .pairing import TICK, Asked, Pairing, PairingAction

_LOGGER = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True, eq=False)
class Pairings:
    """Starts pairings, finds them by their id, and ends them with the app.

    Attributes:
        records: Which pairings are open, in case of a crash. They hold no code and no number.
        settings: The times of each pairing.
        tick: Seconds between two updates of the time left.
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
    settings: PairingSettings = field(default_factory=PairingSettings)
    tick: float = TICK
    on_end: Callable[[AuditOutcome], None] = lambda _outcome: None
    on_change: Callable[[DeviceRef], None] = lambda _ref: None
    _running: dict[str, tuple[Pairing, asyncio.Task[None]]] = field(
        default_factory=dict, init=False
    )
    _left: dict[str, Record] = field(default_factory=dict, init=False)

    async def restore(self) -> None:
        """Find the pairings that an earlier run left open; `finish_left` ends them."""
        self._left = await self.records.all()

    async def finish_left(self) -> None:
        """Say in the messages that an earlier run left open that they were interrupted."""
        left, self._left = self._left, {}
        for pairing_id, record in left.items():
            about = {name: record.get(name, "") for name in ("account", "device_id")}
            user_id = record.get("user_id", "")
            head = PairingHead(
                id=pairing_id,
                ref=DeviceRef(**about),
                device_name=record.get("device_name", ""),
                strings=await self.users.strings(user_id),
            )
            channel, ts = record.get("channel", ""), record.get("ts") or None
            message = LiveMessage(self.slack, channel, self.rate_limiter, ts=ts)
            try:
                text = head.strings.pairing_interrupted
                await message.show(blocks.ended(head, text, again=True))
            except SLACK_ERRORS as error:
                code = slack_code(error)
                _LOGGER.warning("A pairing that was left open cannot be ended: %s", code)
            AuditEvent(user_id, AuditAction.PAIR, **about).log(AuditOutcome.INTERRUPTED)
            await self.records.delete(pairing_id)

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
        owner = PAIRINGS.owner(client.base_url, line.id)
        if owner is not None:
            raise PairingInProgressError(owner)
        opened = await self.slack.conversations_open(users=user_id)
        channel = str(opened["channel"]["id"])
        head = PairingHead(
            id=secrets.token_hex(8),
            ref=line.ref,
            device_name=shown_name(line.name, line.id),
            strings=strings,
        )

        async def save(ts: str = "") -> None:
            record = {
                "account": line.account,
                "device_id": line.id,
                "device_name": head.device_name,
                "user_id": user_id,
                "channel": channel,
                "ts": ts,
            }
            await self.records.save(head.id, record)

        await save()
        pairing = Pairing(
            client=client,
            head=head,
            user_id=user_id,
            message=LiveMessage(self.slack, channel, self.rate_limiter, on_posted=save),
            files=self.files,
            settings=replace(
                self.settings,
                phone=digits,
                expected_number=digits or self.accounts.expected_number(line.ref),
            ),
            tick=self.tick,
        )
        task = asyncio.create_task(self._run(pairing), name="slack pairing")
        self._running[head.id] = (pairing, task)

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

    async def _run(self, pairing: Pairing) -> None:
        ref = pairing.head.ref
        event = AuditEvent(pairing.user_id, AuditAction.PAIR, ref.account, ref.device_id)
        event.log(AuditOutcome.STARTED)
        self.on_change(ref)
        outcome = AuditOutcome.FAILED
        try:
            ending = await pairing.run()
            outcome = ending.outcome
            expected = pairing.settings.expected_number
            if outcome in {AuditOutcome.PAIRED, AuditOutcome.ALREADY_PAIRED}:
                self.accounts.accept(ref, ending.number)
            elif outcome in {AuditOutcome.WRONG_ACCOUNT, AuditOutcome.UNCHECKED} and expected:
                self.accounts.expect(ref, expected)
        except Exception:
            # The task's own boundary: nobody awaits it, and a bug must not go unseen.
            _LOGGER.exception("A pairing broke")
        finally:
            event.log(outcome)
            self.on_end(outcome)
            await self.records.delete(pairing.head.id)
            await self._supervise_again(ref, outcome)
            del self._running[pairing.head.id]
            self.on_change(ref)

    async def _supervise_again(self, ref: DeviceRef, outcome: AuditOutcome) -> None:
        """Let the supervisor look at once; who pairs a device no longer wants it paused."""
        device = self.supervisor.devices(ref.account).get(ref.device_id)
        is_paused = device is not None and device.state is DeviceState.PAUSED
        if is_paused and outcome in {AuditOutcome.PAIRED, AuditOutcome.ALREADY_PAIRED}:
            await self.supervisor.resume(ref.account, ref.device_id)
        else:
            self.supervisor.wake(ref.account, ref.device_id)
