"""Standby, work, standby again: the life of the app's process."""

import asyncio
import logging
from collections.abc import Callable

from wuts.supervisor.store import OwnableStore

from .app import AppStore, RunningApp, Tempo, working_app
from .operations.monitor import Monitor
from .operations.standby import Standby
from .settings import Settings

_LOGGER = logging.getLogger(__name__)

GRACE = 8.0
"""Seconds to end properly: what runs containers kills after ten."""

IMPATIENCE = 1.0
"""Seconds for each part that is cut off then."""


class LifeCycle:
    """Runs the app whenever no other process has its accounts.

    The monitor listens all the time. An app that loses its accounts leaves all that is in Slack to
    the next one, and waits again.

    Args:
        settings: Whom to connect to, and who may.
        open_store: Returns what must survive a restart, opened once for each time at work.
        tempo: How fast everything goes.
        on_work: Is called each time the app has begun to work.
        grace: Seconds to end properly; then what Slack or the store keeps waiting is cut off.
    """

    def __init__(
        self,
        settings: Settings,
        open_store: Callable[[], AppStore],
        *,
        tempo: Tempo | None = None,
        on_work: Callable[[RunningApp], None] = lambda _app: None,
        grace: float = GRACE,
    ) -> None:
        self._settings = settings
        self._open_store = open_store
        self._tempo = tempo
        self._on_work = on_work
        self._grace = grace
        self._monitor = Monitor(settings.accounts)
        self._standby = Standby(settings, self._monitor)
        self._is_working = False

    async def run(self, stop: asyncio.Event) -> None:
        """Return once ``stop`` is set: at once on standby, or else when all has ended properly.

        Raises:
            WutsConfigError: An account's token or address is not usable.
            StoreError: The store does not work.
            OSError: An address to listen at cannot be bound.
            SlackApiError: Slack refuses the tokens.
        """
        settings = self._settings
        async with self._monitor.listening(settings.monitor_host, settings.monitor_port) as port:
            turns = asyncio.create_task(self._take_turns(stop, port), name="slack life")
            interrupter = asyncio.create_task(self._interrupt(turns, stop))
            try:
                await turns
            except asyncio.CancelledError:
                if not stop.is_set():
                    raise
            finally:
                interrupter.cancel()
                await asyncio.wait([interrupter])

    async def _interrupt(self, turns: asyncio.Task[None], stop: asyncio.Event) -> None:
        """End what waits for another process, or for Slack, and does not look at ``stop``.

        A working app tidies up first; what Slack doesn't take in time is left to the next app.
        """
        await stop.wait()
        if self._is_working:
            await asyncio.wait([turns], timeout=self._grace)
        while not turns.done():
            turns.cancel()
            await asyncio.wait([turns], timeout=IMPATIENCE)

    async def _take_turns(self, stop: asyncio.Event, monitor_port: int) -> None:
        while not stop.is_set():
            store = self._open_store()
            try:
                await self._standby.take_over(store)
                await self._work(store, stop, monitor_port)
            finally:
                self._is_working = False
                await store.close()

    async def _work(self, store: AppStore, stop: asyncio.Event, monitor_port: int) -> None:
        async with working_app(self._settings, store, self._monitor, self._tempo) as parts:
            services, port = parts
            self._is_working = True
            self._on_work(RunningApp(services, port, monitor_port))
            await _first(stop, store)
            if not stop.is_set():
                _LOGGER.warning("Another process has taken over this app's accounts")
                await services.pairings.abandon()


async def _first(stop: asyncio.Event, store: AppStore) -> None:
    """Wait until the app is to stop, or another process is the owner."""
    waits: list[asyncio.Task[object]] = [asyncio.create_task(stop.wait())]
    if isinstance(store, OwnableStore):
        waits.append(asyncio.create_task(store.until_lost()))
    try:
        done, _ = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
        await asyncio.wait(waits)
    for wait in done:
        wait.result()
