"""The I/O around the controller: one job, the calls, and what people may ask for."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from random import Random
from types import TracebackType
from typing import Self

from ..client import WutsClient
from ..clock import Clock, loop_clock, wall_offset
from ..errors import DeviceNotConnectedError, InvalidInputError, WutsTimeoutError
from .alert_actions import AlertActions
from .alerts.routes import Route, check_receivers
from .delivery.receivers import Receiver
from .delivery.subscribers import Subscriber
from .dispatcher import Select, Source
from .events import Ownership
from .insight import Insight
from .phones import PhoneKeeper
from .settings import SupervisorSettings
from .store import MemoryStore, Store, StoreOwnedError
from .store.accounts import Accounts

_LOGGER = logging.getLogger(__name__)

LOOK_PATIENCE = 5.0
"""Seconds that a person waits for a look."""


class Supervisor(Insight, PhoneKeeper):
    """Keeps the sessions of all devices of its accounts alive; an async context manager.

    ::

        supervisor = Supervisor()
        supervisor.subscribe(print_event)
        async with supervisor:
            supervisor.add_account("home", client)

    Args:
        settings: Intervals and limits.
        store: What must survive a restart; in memory unless given. It is closed at the end.
        rng: The source of jitter and of the alerts' ids.
        clock: Returns seconds since 1970, and never goes back.
        wall_clock: Returns seconds since 1970, for the times that people read; the machine's,
            or ``clock`` if that is given.
        routes: Which alerts each receiver gets.
        receivers: Those receivers, by name.

    Attributes:
        alerts: What people and webhooks do to alerts.

    Raises:
        InvalidInputError: A route names an unknown receiver.
    """

    def __init__(  # noqa: PLR0913 - all but one have a default
        self,
        settings: SupervisorSettings | None = None,
        *,
        store: Store | None = None,
        rng: Random | None = None,
        clock: Clock | None = None,
        wall_clock: Clock | None = None,
        routes: Sequence[Route] = (),
        receivers: Mapping[str, Receiver] | None = None,
    ) -> None:
        self._settings = settings or SupervisorSettings()
        self._clock = clock or loop_clock()
        self._offset = wall_offset(self._clock, wall_clock or clock or time.time)
        rng = rng or Random()  # noqa: S311 - jitter is no secret
        check_receivers(routes, receivers or {})
        self._accounts = Accounts(
            self._settings,
            store or MemoryStore(),
            rng,
            self._clock,
            self._offset,
            routes=routes,
            receivers=receivers,
        )
        self.alerts = AlertActions(self._accounts, self._clock, self._offset)
        self._controller = self._accounts.controller
        self._relay = self._accounts.relay
        self._dispatcher = self._accounts.dispatcher

    async def __aenter__(self) -> Self:
        """Start the supervision."""
        await self.start()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop the supervision."""
        await self.stop()

    async def start(self) -> None:
        """Take in what an earlier process left, and begin to supervise.

        A store that doesn't work is reported to subscribers and logged; supervision continues,
        and what was left is taken in when it can be read.
        """
        await self._relay.start()
        self._dispatcher.job.start()
        await self._accounts.orders.start()
        self._accounts.repeats.start()

    async def stop(self) -> None:
        """End all calls, save and send what is left, and leave no task behind.

        Takes no longer than about ``stop_timeout`` seconds. When it is cancelled nothing is left
        behind either, but what was not yet sent is sent after the next start.
        """
        async with AsyncExitStack() as ends:
            ends.push_async_callback(self._accounts.bus.close)
            ends.push_async_callback(self._accounts.repeats.close)
            ends.push_async_callback(self._relay.close)
            ends.push_async_callback(self._dispatcher.stop)
            ends.push_async_callback(self._accounts.orders.close)
            ends.push_async_callback(self._accounts.wakes.close)
            await self._wind_down()

    async def _wind_down(self) -> None:
        """End all calls, and give what is left time to be saved and sent."""
        await self._dispatcher.job.stop()
        await self._dispatcher.stop()
        try:
            async with asyncio.timeout(self._settings.stop_timeout):
                await self._accounts.orders.finish()
                await self._relay.finish()
        except TimeoutError:
            _LOGGER.warning("Stopped before all events were saved and delivered")

    def subscribe(self, subscriber: Subscriber) -> Callable[[], Awaitable[None]]:
        """Send ``subscriber`` every event from now on; await what this returns to end it.

        Subscribe before `start` to hear of alerts that an earlier process could not send.
        """
        return self._accounts.bus.subscribe(subscriber)

    def add_account(self, name: str, client: WutsClient, *, select: Select | None = None) -> None:
        """Supervise the devices of a client's account; the client is not closed.

        If several processes may open the store, this one becomes the account's owner first.
        While another process is, this one waits and asks the gateway nothing: it sends
        `OwnerChanged`, and takes over when the other ends. Whoever must not wait claims the account
        in the store before `start`.

        Args:
            name: How to call the account.
            client: Makes the calls.
            select: Gets each listing as it comes, and returns the devices to supervise; all
                unless given. So one listing serves whoever shows the account's other devices too.

        Raises:
            InvalidInputError: There is an account of that name, or `start` was not called: what an
                earlier process left has to be known first.
        """
        if not self._dispatcher.is_running:
            raise InvalidInputError("Start the supervisor first, then add the accounts.")
        self._accounts.add(name, Source(client, select))

    async def remove_account(self, name: str) -> None:
        """Forget an account, its devices and its alerts.

        Raises:
            InvalidInputError: There is no such account.
            StoreOwnedError: Another process looks after it: `release_account` forgets it here only.
        """
        await self._accounts.require(name)
        self._controller.remove_account(name, self._clock())
        await self._accounts.let_go(name)

    async def release_account(self, name: str, *, patience: float = 0.0) -> None:
        """Let another process look after an account; this one no longer waits for it either.

        Calls in flight end, and the account's state is saved. Nothing is sent, resolved or
        deleted, and the next owner continues where this one ended.

        Args:
            name: Which.
            patience: Seconds that calls in flight may take until they are given up. A gateway may
                continue one that is given up while the next owner makes the same.

        Raises:
            InvalidInputError: There is no such account.
        """
        if self._accounts.is_here(name):
            self._controller.release_account(name)
        await self._accounts.let_go(name, patience=patience)

    def limit_calls(self, limit: int) -> None:
        """Make no more calls about devices at once than this, in place of the setting."""
        self._controller.budget.limit = limit
        self._dispatcher.wake()

    def ownership(self, name: str) -> Ownership | None:
        """Return what this process is to an account; None while the store has not answered yet.

        Raises:
            InvalidInputError: There is no such account.
        """
        self._accounts.source(name)
        return self._accounts.adoption.role(name)

    async def until_decided(self, name: str) -> Ownership:
        """Wait until the store has answered whose an account is, or is known not to work.

        Raises:
            InvalidInputError: There is no such account.
        """
        return await self._accounts.adoption.until(name)

    async def until_owner(self, name: str) -> None:
        """Wait until this process looks after an account, and not another one.

        Raises:
            InvalidInputError: There is no such account.
        """
        await self._accounts.adoption.until(name, Ownership.OWNER)

    async def replace_client(self, name: str, client: WutsClient) -> None:
        """Continue with a new token; this wakes an account whose token was refused.

        Raises:
            InvalidInputError: There is no such account.
        """
        self._accounts.sources[name] = replace(self._accounts.source(name), client=client)
        if self._accounts.is_here(name):
            self._controller.replace_token(name, self._clock())
            await self._dispatcher.cancel(name)
        elif self.ownership(name) is Ownership.OTHER_ACCOUNT:
            self._accounts.adopt(name)

    # What people, buttons and webhooks ask

    def wake(self, name: str, device_id: str | None = None) -> None:
        """Look at an account, or at one of its devices, now.

        If another process looks after the account, that one is asked to, through the store: at most
        once a second for each device.

        Raises:
            InvalidInputError: There is no such account.
        """
        self._accounts.wake(name, device_id)

    async def look(self, name: str, *, patience: float = LOOK_PATIENCE) -> None:
        """List an account's devices now, and wait until what that shows is known.

        Devices that the listing casts doubt on are asked about; one whose answer takes too long
        stays ``in_doubt``.

        Args:
            name: The account.
            patience: Seconds that all of it may take.

        Raises:
            InvalidInputError: There is no such account.
            StoreOwnedError: Another process looks after it.
            WutsTimeoutError: The gateway does not list the devices in time.
            WutsError: It does not list them at all.
        """
        until = asyncio.get_running_loop().time() + patience
        try:
            async with asyncio.timeout_at(until):
                await self._accounts.require(name)
                await self._dispatcher.look(name)
        except TimeoutError:
            raise WutsTimeoutError from None
        with suppress(TimeoutError):
            async with asyncio.timeout_at(until):
                await self._dispatcher.until_checked(name)

    def wake_anywhere(self, name: str, device_id: str | None = None) -> None:
        """Do as `wake`, also for an account that another process was given as its share."""
        if name in self._accounts.sources:
            self.wake(name, device_id)
        else:
            self._accounts.wakes.pass_on(name, device_id)

    async def pause(self, name: str, device_id: str) -> None:
        """Leave a device alone until `resume`; returns when that would survive a restart.

        Raises:
            InvalidInputError: There is no such account.
            StoreOwnedError: Another process looks after it.
        """
        await self._accounts.pause(name, device_id)

    async def resume(self, name: str, device_id: str) -> None:
        """Take care of a device again, beginning at once.

        Raises:
            InvalidInputError: There is no such account.
            StoreOwnedError: Another process looks after it.
        """
        await self._accounts.require(name)
        self._controller.resume(name, device_id, self._clock())
        await self._relay.settle()

    async def disconnect(self, name: str, device_id: str) -> None:
        """End a device's session for a person, and leave it alone until `resume`.

        Raises:
            InvalidInputError: There is no such account.
            StoreOwnedError: Another process looks after it.
            WrongDeviceError: The gateway answers about other devices.
            NotVerifiedError: The device is still connected, whatever the gateway said.
            WutsError: The gateway could not do it. The device is left alone in any case.
        """
        with suppress(DeviceNotConnectedError):
            await self._accounts.disconnect(name, device_id)

    def answered_wrong(self, name: str, device_id: str) -> None:
        """Note that a call of your own raised `WrongDeviceError`: an alert opens."""
        self._controller.answered_wrong(name, device_id, self._clock())

    def forget(self, name: str, device_id: str) -> None:
        """Leave a device alone that a person deleted: raise no alerts, and end those it had.

        It is dropped when the gateway drops it; `resume` takes care of it again.

        Raises:
            InvalidInputError: There is no such account.
            StoreOwnedError: Another process looks after it.
        """
        if not self._accounts.is_here(name):
            raise StoreOwnedError(accounts=[name])
        self._controller.forget(name, device_id, self._clock())
