"""The I/O around the controller: one job, the calls, and what people may ask for."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from types import TracebackType
from typing import Self

from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from .. import verified
from ..client import WutsClient
from ..clock import Clock, loop_clock, wall_offset
from ..errors import DeviceNotConnectedError, InvalidInputError, WrongDeviceError
from .account.work_queue import NEVER
from .controller import Controller
from .delivery.outbox import Outbox, OutboxRelay
from .delivery.subscribers import Bus, Subscriber
from .device.device import Device, DevicesByWall
from .dispatcher import Dispatcher, Select, Source
from .events import AccountState, Alert, shifted
from .settings import SupervisorSettings
from .store import MemoryStore, Saved, Store
from .store.order_reader import OrderReader

_LOGGER = logging.getLogger(__name__)

_JOB = "wuts"
"""APScheduler's name for our one job."""

_MARGIN = 0.001
"""Seconds by which the job is late: two clocks are at work, and what comes early comes twice."""

# APScheduler would tell of each move of the job and of each run. The loggers are ours alone.
_SCHEDULER_LOGGER = logging.getLogger(f"{__name__}.scheduler")
_SCHEDULER_LOGGER.setLevel(logging.WARNING)
logging.getLogger(f"apscheduler.executors.{_JOB}").setLevel(logging.WARNING)


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
        wall_clock: Returns seconds since 1970, for the times that people are told; the machine's,
            or ``clock`` where that is given.
    """

    def __init__(
        self,
        settings: SupervisorSettings | None = None,
        *,
        store: Store | None = None,
        rng: Random | None = None,
        clock: Clock | None = None,
        wall_clock: Clock | None = None,
    ) -> None:
        self._settings = settings or SupervisorSettings()
        self._clock = clock or loop_clock()
        self._offset = wall_offset(self._clock, wall_clock or clock or time.time)
        outbox = Outbox()
        store = store or MemoryStore()
        rng = rng or Random()  # noqa: S311 - jitter is no secret
        self._controller = Controller(self._settings, rng, outbox, self._changed)
        self._bus = Bus()
        self._relay = OutboxRelay(
            outbox, store, self._bus, self._clock, self._restore, offset=self._offset
        )
        self._dispatcher = Dispatcher(self._controller, self._clock, self._relay.troubles)
        self._orders = OrderReader(
            store, self._controller, self._dispatcher, self._relay, self._clock
        )
        self._sources: dict[str, Source] = {}
        self._scheduler: AsyncIOScheduler | None = None
        self._planned = NEVER
        self._is_dispatching = False

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

        A store that does not work is told to subscribers and logged; supervision goes on, and what
        was left is taken in when it can be read.
        """
        await self._relay.start()
        self._scheduler = AsyncIOScheduler(
            executors={_JOB: AsyncIOExecutor()}, logger=_SCHEDULER_LOGGER, timezone=UTC
        )
        self._scheduler.start()
        await self._orders.start()

    async def stop(self) -> None:
        """End all calls, save and tell what is left; no task of ours is left behind.

        Takes no longer than about ``stop_timeout`` seconds. When it is cancelled nothing is left
        behind either, but what was not yet told is told after the next start.
        """
        async with AsyncExitStack() as ends:
            ends.push_async_callback(self._bus.close)
            ends.push_async_callback(self._relay.close)
            ends.push_async_callback(self._dispatcher.stop)
            ends.push_async_callback(self._orders.close)
            await self._wind_down()

    async def _wind_down(self) -> None:
        """End all calls, and give what is left time to be saved and told."""
        scheduler, self._scheduler = self._scheduler, None
        if scheduler is not None:
            # A job that has begun is let to its end: cancelled, it would be logged as an error.
            scheduler.pause()
            try:
                await asyncio.sleep(0)
            finally:
                scheduler.shutdown(wait=False)
        await self._dispatcher.stop()
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

    def add_account(self, name: str, client: WutsClient, *, select: Select | None = None) -> None:
        """Supervise the devices of a client's account; the client is not closed.

        Args:
            name: How to call the account.
            client: Makes the calls.
            select: Is handed each listing as it comes, and returns the devices to supervise; all
                unless given. So one listing serves whoever shows the account's other devices too.

        Raises:
            InvalidInputError: There is an account of that name, or `start` was not called: what an
                earlier process left has to be known first.
        """
        if self._scheduler is None:
            raise InvalidInputError("Start the supervisor first, then add the accounts.")
        self._controller.add_account(name, self._clock())
        self._sources[name] = Source(client, select)
        self._orders.look()

    async def remove_account(self, name: str) -> None:
        """Forget an account, its devices and its alerts.

        Raises:
            InvalidInputError: There is no such account.
        """
        self._controller.remove_account(name, self._clock())
        del self._sources[name]
        await self._dispatcher.abandon(name)

    async def replace_client(self, name: str, client: WutsClient) -> None:
        """Go on with a new token; this wakes an account whose token was refused.

        Raises:
            InvalidInputError: There is no such account.
        """
        self._controller.replace_token(name, self._clock())
        self._sources[name] = replace(self._sources[name], client=client)
        await self._dispatcher.cancel(name)

    # What is known

    def account_state(self, name: str) -> AccountState:
        """Return what an account's gateway and token are.

        Raises:
            InvalidInputError: There is no such account.
        """
        return self._controller.account(name).state

    def devices(self, name: str) -> Mapping[str, Device]:
        """Return a live view of an account's devices, by id.

        Raises:
            InvalidInputError: There is no such account.
        """
        return DevicesByWall(self._controller.account(name).devices, self._offset)

    def open_alerts(self) -> tuple[Alert, ...]:
        """Return the alerts that were raised and not resolved."""
        offset = self._offset()
        return tuple(shifted(one, offset) for one in self._controller.alerts.open_alerts())

    # What people, buttons and webhooks ask

    def wake(self, name: str, device_id: str | None = None) -> None:
        """Look at an account, or at one of its devices, now.

        Raises:
            InvalidInputError: There is no such account.
        """
        self._controller.wake(name, device_id, self._clock())

    async def pause(self, name: str, device_id: str) -> None:
        """Leave a device alone until `resume`; returns when that would survive a restart.

        Raises:
            InvalidInputError: There is no such account.
        """
        self._controller.pause(name, device_id, self._clock())
        await self._relay.settle()

    async def resume(self, name: str, device_id: str) -> None:
        """Take care of a device again, beginning at once.

        Raises:
            InvalidInputError: There is no such account.
        """
        self._controller.resume(name, device_id, self._clock())
        await self._relay.settle()

    async def disconnect(self, name: str, device_id: str) -> None:
        """End a device's session for a person, and leave it alone until `resume`.

        Raises:
            InvalidInputError: There is no such account.
            WrongDeviceError: The gateway answers about other devices.
            NotVerifiedError: The device is connected still, whatever the gateway said.
            WutsError: The gateway could not do it. The device is left alone in any case.
        """
        await self.pause(name, device_id)
        await self._dispatcher.finish(name, device_id)
        if self._controller.account(name).troubles.wrong:
            raise WrongDeviceError(asked=device_id)
        try:
            await verified.disconnect(self._sources[name].client, device_id)
        except DeviceNotConnectedError:
            _LOGGER.debug("The device was not connected")
        except WrongDeviceError:
            self._controller.answered_wrong(name, device_id, self._clock())
            raise

    def answered_wrong(self, name: str, device_id: str) -> None:
        """Take in that a call of your own raised `WrongDeviceError`: an alert opens."""
        self._controller.answered_wrong(name, device_id, self._clock())

    def forget(self, name: str, device_id: str) -> None:
        """Leave a device that a person deleted alone, without an alert, and end those it had.

        It is dropped when the gateway drops it; `resume` takes care of it again.

        Raises:
            InvalidInputError: There is no such account.
        """
        self._controller.forget(name, device_id, self._clock())

    def _restore(self, saved: Saved) -> None:
        self._controller.restore(saved, self._clock())

    def _changed(self) -> None:
        """Save and tell what there is, and dispatch in the next turn of the loop."""
        self._relay.wake()
        if self._scheduler is not None and not self._is_dispatching:
            self._is_dispatching = True
            asyncio.get_running_loop().call_soon(self._dispatch)

    async def _on_due(self) -> None:
        """The job: it has vanished from the scheduler, and is added again for what is due next."""
        self._planned = NEVER
        self._changed()

    def _dispatch(self) -> None:
        """Make the calls that are due, and move the job to what is due next."""
        self._is_dispatching = False
        if self._scheduler is None:
            return
        now = self._clock()
        try:
            for call in self._controller.dispatch(now):
                self._dispatcher.make(call, self._sources[call.account])
        except Exception as error:  # noqa: BLE001 - the next look must come whatever broke
            self._relay.troubles.report("dispatch", error)
        finally:
            # Whatever happens, what is due next must not be forgotten.
            self._relay.wake()
            when = self._controller.next_due()
            if when <= now:
                self._changed()
            elif when != self._planned:
                self._move_job(self._scheduler, when, when - now)

    def _move_job(self, scheduler: AsyncIOScheduler, when: float, wait: float) -> None:
        self._planned = when
        job = scheduler.get_job(_JOB)
        if when == NEVER:
            if job is not None:
                job.remove()
            return
        run_at = datetime.now(UTC) + timedelta(seconds=wait + _MARGIN)
        if job is not None:
            job.modify(next_run_time=run_at)
            return
        # What is late is skipped without this grace time, and what comes before APScheduler has
        # seen the end of the last run unless there may be many: with it, what was due.
        scheduler.add_job(
            self._on_due,
            "date",
            id=_JOB,
            run_date=run_at,
            executor=_JOB,
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1_000_000,
        )
