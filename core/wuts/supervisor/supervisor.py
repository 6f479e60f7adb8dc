"""The I/O around the fleet: one sweep job, the calls, and what people may ask for."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from datetime import UTC
from random import Random
from types import MappingProxyType, TracebackType
from typing import Self

from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from ..client import WutsClient
from ..errors import DeviceNotConnectedError, InvalidInputError
from .controller import Fleet
from .delivery.late_restore import recall
from .delivery.outbox import Relay
from .delivery.subscribers import Bus, Subscriber
from .device.device import Device
from .dispatcher import Dispatcher
from .events import Alert
from .settings import SupervisorSettings
from .states import AccountState
from .store import MemoryStore, Saved, Store

_LOGGER = logging.getLogger(__name__)

EXECUTOR = "wuts"
"""APScheduler's name for what runs our sweeps, and so the end of its logger's name."""

# It would tell of every sweep, twice. The logger is of our executor alone.
logging.getLogger(f"apscheduler.executors.{EXECUTOR}").setLevel(logging.WARNING)

LONGEST_SWEEP_INTERVAL = 0.5
"""Seconds from one look at what is due to the next; less where the settings are shorter."""

SHORTEST_SWEEP_INTERVAL = 0.01
"""The same, at least: a sweep costs CPU though nothing is due."""


def sweep_interval(settings: SupervisorSettings) -> float:
    """Return how often to look at what is due: more often than anything can come due."""
    wanted = min(settings.interval, settings.base) / 2
    return max(SHORTEST_SWEEP_INTERVAL, min(LONGEST_SWEEP_INTERVAL, wanted))


def steady_clock() -> Callable[[], float]:
    """Return a clock of seconds since 1970 that is never set back: monotonic from now on."""
    offset = time.time() - time.monotonic()
    return lambda: offset + time.monotonic()


class Supervisor:
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
    """

    def __init__(
        self,
        settings: SupervisorSettings | None = None,
        *,
        store: Store | None = None,
        rng: Random | None = None,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self._settings = settings or SupervisorSettings()
        self._clock = clock or steady_clock()
        self._fleet = Fleet(self._settings, rng or Random())  # noqa: S311 - jitter is no secret
        self._bus = Bus()
        self._relay = Relay(store or MemoryStore(), self._bus, self._clock, self._recall)
        self._dispatcher = Dispatcher(self._fleet, self._clock, self._pump)
        self._clients: dict[str, WutsClient] = {}
        self._scheduler: AsyncIOScheduler | None = None

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
        """Take in what an earlier process left, and begin to sweep.

        A store that does not work is told to subscribers and logged; supervision goes on, and what
        was left is taken in when it can be read.
        """
        saved = await self._relay.load()
        self._fleet.restore(saved.facts, (one.alert for one in saved.alerts))
        self._relay.tell_again(saved)
        self._relay.start()
        self._scheduler = AsyncIOScheduler(executors={EXECUTOR: AsyncIOExecutor()}, timezone=UTC)
        # Without a grace time a sweep that is late is skipped, and with it what was due.
        self._scheduler.add_job(
            self._sweep,
            "interval",
            seconds=sweep_interval(self._settings),
            executor=EXECUTOR,
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )
        self._scheduler.start()

    async def stop(self) -> None:
        """End all calls, save and tell what is left; no task of ours is left behind.

        Takes no longer than about ``stop_timeout`` seconds. When it is cancelled nothing is left
        behind either, but what was not yet told is told after the next start.
        """
        async with AsyncExitStack() as ends:
            ends.push_async_callback(self._bus.close)
            ends.push_async_callback(self._relay.close)
            ends.push_async_callback(self._dispatcher.stop)
            await self._wind_down()

    async def _wind_down(self) -> None:
        """End all calls, and give what is left time to be saved and told."""
        scheduler, self._scheduler = self._scheduler, None
        if scheduler is not None:
            # A sweep that has begun is let to its end: cancelled, it would be logged as an error.
            scheduler.pause()
            try:
                await asyncio.sleep(0)
            finally:
                scheduler.shutdown(wait=False)
        await self._dispatcher.stop()
        self._relay.put(self._fleet.drain())
        try:
            async with asyncio.timeout(self._settings.stop_timeout):
                await self._relay.finish()
        except TimeoutError:
            _LOGGER.warning("Stopped before all events were saved and told")

    def subscribe(self, subscriber: Subscriber) -> Callable[[], Awaitable[None]]:
        """Tell ``subscriber`` of every event from now on; await what is returned to end that.

        Subscribe before `start` to hear of alerts that an earlier process could not tell.
        """
        return self._bus.subscribe(subscriber)

    # Accounts

    def add_account(self, name: str, client: WutsClient) -> None:
        """Supervise all devices of a client's account; the client is not closed.

        Raises:
            InvalidInputError: There is an account of that name, or `start` was not called: what an
                earlier process left has to be known first.
        """
        if self._scheduler is None:
            raise InvalidInputError("Start the supervisor first, then add the accounts.")
        self._fleet.add_account(name, self._clock())
        self._clients[name] = client
        self._pump()

    async def remove_account(self, name: str) -> None:
        """Forget an account, its devices and its alerts.

        Raises:
            InvalidInputError: There is no such account.
        """
        self._fleet.remove_account(name, self._clock())
        del self._clients[name]
        self._pump()
        await self._dispatcher.abandon(name)

    async def replace_client(self, name: str, client: WutsClient) -> None:
        """Go on with a new token; this wakes an account whose token was refused.

        Raises:
            InvalidInputError: There is no such account.
        """
        account = self._fleet.account(name)
        self._clients[name] = client
        await self._dispatcher.cancel(name)
        account.token_replaced(self._clock())
        self._touch(name)

    # What is known

    def account_state(self, name: str) -> AccountState:
        """Return what an account's gateway and token are.

        Raises:
            InvalidInputError: There is no such account.
        """
        return self._fleet.account(name).state

    def devices(self, name: str) -> Mapping[str, Device]:
        """Return a live view of an account's devices, by id.

        Raises:
            InvalidInputError: There is no such account.
        """
        return MappingProxyType(self._fleet.account(name).devices)

    def open_alerts(self) -> tuple[Alert, ...]:
        """Return the alerts that were raised and not resolved."""
        return self._fleet.alerts.open_alerts()

    # What people, buttons and webhooks ask

    def wake(self, name: str, device_id: str | None = None) -> None:
        """Look at an account, or at one of its devices, now.

        Raises:
            InvalidInputError: There is no such account.
        """
        account = self._fleet.account(name)
        if device_id is None:
            account.wake(self._clock())
        else:
            account.wake_device(device_id, self._clock())
        self._touch(name)

    async def pause(self, name: str, device_id: str) -> None:
        """Leave a device alone until `resume`; returns when that would survive a restart.

        Raises:
            InvalidInputError: There is no such account.
        """
        self._fleet.account(name).pause(device_id, self._clock())
        self._touch(name)
        await self._relay.settle()

    async def resume(self, name: str, device_id: str) -> None:
        """Take care of a device again, beginning at once.

        Raises:
            InvalidInputError: There is no such account.
        """
        self._fleet.account(name).resume(device_id, self._clock())
        self._touch(name)
        await self._relay.settle()

    async def disconnect(self, name: str, device_id: str) -> None:
        """End a device's session for a person, and leave it alone until `resume`.

        Raises:
            InvalidInputError: There is no such account.
            WutsError: The gateway could not do it; the device is left alone all the same.
        """
        await self.pause(name, device_id)
        await self._dispatcher.finish(name, device_id)
        self._fleet.account(name)
        try:
            await self._clients[name].disconnect(device_id)
        except DeviceNotConnectedError:
            _LOGGER.debug("The device was not connected")

    def forget(self, name: str, device_id: str) -> None:
        """Leave a device that a person deleted alone, without an alert, and end those it had.

        The gateway lists a deleted device still (WUTS reference, Delete device). It is dropped
        when the gateway drops it; `resume` takes care of it again.

        Raises:
            InvalidInputError: There is no such account.
        """
        self._fleet.forget(name, device_id, self._clock())
        self._touch(name)

    # Inside

    def _recall(self, saved: Saved) -> None:
        """Take in what an earlier process left, though supervision has begun."""
        told_anew = recall(self._fleet, saved, self._clock())
        self._relay.tell_again(saved, but=told_anew)
        self._relay.drop(told_anew)
        self._pump()

    def _touch(self, name: str) -> None:
        self._fleet.touch(name)
        self._pump()

    async def _sweep(self) -> None:
        """Dispatch what is due; never await it, or the next sweep would be skipped."""
        self._fleet.sweep(self._clock())
        self._pump()

    def _pump(self) -> None:
        """Make the calls that are wanted, and pass on what came of it."""
        if self._scheduler is not None:
            for call in self._fleet.calls(self._clock()):
                self._dispatcher.make(call, self._clients[call.account])
        outbox = self._fleet.drain()
        if outbox:
            self._relay.put(outbox)
