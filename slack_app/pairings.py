"""All pairings that are going on: started by a command or a click, each in a direct message."""

import asyncio
import logging
import secrets
from dataclasses import dataclass, field, replace

from slack_sdk.web.async_client import AsyncWebClient

from core.inputs import check_device_id
from core.pairing import PAIRINGS, PairingInProgressError, PairingSettings
from core.phone import normalize_phone_number
from core.supervisor import Supervisor

from .accounts import Accounts
from .audit import AuditOutcome, Deed, audit
from .blocks.pairing import PairingHead
from .blocks.parts import shown_name
from .blocks.status import Line
from .live_message import LiveMessage, Pace
from .messages import Words
from .pairing import TICK, Click, Interrupt, Pairing
from .pictures import Pictures

_LOGGER = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True, eq=False)
class Pairings:
    """Starts pairings, finds them by their id, and ends them with the app.

    Attributes:
        slack: Makes the calls.
        accounts: The gateways.
        supervisor: Is told when a device was paired.
        pace: How fast a channel may be written to.
        settings: The times of each pairing.
        tick: Seconds from one showing of the time left to the next.
    """

    slack: AsyncWebClient
    accounts: Accounts
    supervisor: Supervisor
    pace: Pace
    settings: PairingSettings = field(default_factory=PairingSettings)
    tick: float = TICK
    _running: dict[str, tuple[Pairing, asyncio.Task[None]]] = field(
        default_factory=dict, init=False
    )

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
        pairing = Pairing(
            client=client,
            head=head,
            user_id=user_id,
            message=LiveMessage(self.slack, channel, self.pace),
            pictures=Pictures(self.slack),
            settings=settings,
            tick=self.tick,
        )
        task = asyncio.create_task(self._run(pairing), name="slack pairing")
        self._running[head.id] = (pairing, task)
        return channel

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

    async def _run(self, pairing: Pairing) -> None:
        ref = pairing.head.ref
        names = {"account": ref.account, "device_id": ref.device_id}
        audit(pairing.user_id, Deed.PAIR, AuditOutcome.STARTED, **names)
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
            del self._running[pairing.head.id]
            self.supervisor.wake(ref.account, ref.device_id)
