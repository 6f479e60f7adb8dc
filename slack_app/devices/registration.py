"""The app's own webhooks at the gateway: put up for each device, and never in place of another.

A device has one webhook. Somebody else's is left alone until a person replaces it, and a gateway
that may mix devices up gets nothing before a person agrees.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

from wuts import WutsClient, verified
from wuts.errors import (
    DeviceNotFoundError,
    InvalidInputError,
    NotVerifiedError,
    WrongDeviceError,
    WutsError,
)
from wuts.models import Webhook
from wuts.operations.webhooks import HEADER, PATH
from wuts.push_address import PushAddress, host_of
from wuts.supervisor import Event, StateChanged, Supervisor

from ..operations.records import Records
from ..settings import Settings
from .accounts import Accounts
from .device import DeviceRef

_LOGGER = logging.getLogger(__name__)

RETRY_AFTER = 60.0
"""Seconds until a gateway that could not take a webhook is asked again."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A device whose webhook is somebody else's.

    Attributes:
        host: Where it delivers to.
        key: Stands for it: another webhook has another key.
    """

    host: str
    key: str

    @classmethod
    def of(cls, webhook: Webhook) -> Taken:
        """Return what people see of a webhook; its address may hold a secret."""
        told = f"{webhook.id} {webhook.webhook_url}".encode()
        return cls(host_of(webhook), hashlib.sha256(told).hexdigest()[:16])


@dataclass(slots=True)
class Registered:
    """An account's webhooks.

    Attributes:
        done: The devices that report to the app.
        taken: Those that report to somebody else, by id.
        needs_consent: Whether a person must agree first: the gateway may mix devices up.
        problem: What went wrong last, or None.
        is_stopped: Whether another device may have been changed: then nothing more is sent.
    """

    done: set[str] = field(default_factory=set)
    taken: dict[str, Taken] = field(default_factory=dict)
    needs_consent: bool = False
    problem: WutsError | None = None
    is_stopped: bool = False


class Registration:
    """Puts the app's webhooks up, also for devices that are added later.

    Args:
        settings: Say where the app's server is reached, and what deliveries must bring along.
        accounts: Whose devices.
        supervisor: Knows them.
        records: Keeps for which accounts a person has agreed.
    """

    def __init__(
        self,
        settings: Settings,
        accounts: Accounts,
        supervisor: Supervisor,
        records: Records,
    ) -> None:
        secret = settings.webhook_secret.get_secret_value()
        self._accounts = accounts
        self._supervisor = supervisor
        self._records = records
        self._agreed: set[str] = set()
        self._changed = asyncio.Event()
        self._address = {
            name: PushAddress(
                url=settings.public_url + PATH.format(account=name), header=HEADER, secret=secret
            )
            for name in accounts.names
            if settings.public_url and secret
        }
        accounts.questions = self.questions
        self.states: Mapping[str, Registered] = {name: Registered() for name in self._address}

    @property
    def is_possible(self) -> bool:
        """Whether gateways can reach the app: they take an https address only."""
        try:
            return bool([address.config() for address in self._address.values()])
        except InvalidInputError:
            return False

    def questions(self) -> int:
        """Return how many questions wait for a person."""
        return sum(len(one.taken) + one.needs_consent for one in self.states.values())

    async def on_event(self, event: Event) -> None:
        """Put a webhook up for a device that is new; never waits."""
        if isinstance(event, StateChanged) and event.old is None:
            self._changed.set()

    async def run(self) -> None:
        """Put webhooks up for as long as the app runs."""
        self._agreed |= (await self._records.all()).keys()
        while True:
            self._changed.clear()
            failed = [await self._put_up_all(account) for account in self.states]
            with suppress(TimeoutError):
                async with asyncio.timeout(RETRY_AFTER if any(failed) else None):
                    await self._changed.wait()

    async def agree(self, account: str, user_id: str) -> None:
        """Take in a person's consent to write to an account's gateway that may mix devices up.

        Also after a failure: they have looked.
        """
        state = self.states[account]
        state.needs_consent = state.is_stopped = False
        state.problem = None
        self._agreed.add(account)
        await self._records.save(account, {"by": user_id, "at": datetime.now(UTC).isoformat()})
        self._changed.set()

    async def replace(self, ref: DeviceRef, key: str) -> bool:
        """Put ours in the place of somebody else's webhook.

        Args:
            ref: The device.
            key: Stands for the webhook that a person was asked about.

        Returns:
            Whether that one was there still; if not, nothing was changed.

        Raises:
            WutsError: The gateway could not do it, or nobody knows.
        """
        client, state = self._accounts.client(ref.account), self.states.get(ref.account)
        if client is None or state is None or self._accounts.is_answered_wrongly(ref.account):
            return False
        webhook = await _webhook_of(client, ref.device_id)
        address = self._address[ref.account]
        stranger = address.stranger(webhook)
        if stranger is not None and Taken.of(stranger).key != key:
            state.taken[ref.device_id] = Taken.of(stranger)
            return False
        try:
            await verified.set_webhook(client, address.config(), ref.device_id)
        except (WrongDeviceError, NotVerifiedError) as error:
            self._stop(ref.account, error)
            raise
        state.taken.pop(ref.device_id, None)
        state.done.add(ref.device_id)
        return True

    async def _put_up_all(self, account: str) -> bool:
        """Put ours up for the devices of an account that are new; tell whether to try again."""
        state, client = self.states[account], self._accounts.client(account)
        known = list(self._supervisor.devices(account))
        state.done.intersection_update(known)
        for device_id in state.taken.keys() - set(known):
            del state.taken[device_id]
        new = [one for one in known if one not in state.done and one not in state.taken]
        if client is None or not new or state.is_stopped or not self.is_possible:
            return False
        if self._accounts.is_answered_wrongly(account):
            return True
        try:
            state.needs_consent = await self._needs_consent(account, client, known)
            if state.needs_consent:
                return False
            for device_id in new:
                await self._put_up(account, client, device_id)
        except (WrongDeviceError, NotVerifiedError) as error:
            self._stop(account, error)
        except WutsError as error:
            _LOGGER.warning("A gateway does not accept a webhook yet: %s", error.message)
            state.problem = error
            return True
        else:
            state.problem = None
        return False

    async def _needs_consent(self, account: str, client: WutsClient, known: list[str]) -> bool:
        if account in self._agreed or len(known) == 1:
            return False
        heeds = await verified.heeds_device_id(client, known)
        return verified.needs_confirmation(len(known), heeds=heeds)

    async def _put_up(self, account: str, client: WutsClient, device_id: str) -> None:
        """Put ours up for a device, unless somebody else's is in the way."""
        state, address = self.states[account], self._address[account]
        webhook = await _webhook_of(client, device_id)
        stranger = address.stranger(webhook)
        if stranger is not None:
            state.taken[device_id] = Taken.of(stranger)
            return
        if not address.serves(webhook):
            await verified.set_webhook(client, address.config(), device_id)
        state.done.add(device_id)

    def _stop(self, account: str, error: WutsError) -> None:
        _LOGGER.error("Stopped registering webhooks for %s: %s", account, error.message)
        state = self.states[account]
        state.problem, state.is_stopped = error, True
        if isinstance(error, WrongDeviceError):
            self._supervisor.answered_wrong(account, error.asked or "")


async def _webhook_of(client: WutsClient, device_id: str) -> Webhook | None:
    try:
        return await client.get_webhook(device_id)
    except DeviceNotFoundError:  # a gateway may say so of a webhook that is not there
        return None
