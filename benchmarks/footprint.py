"""What a process costs while it starts, and while nothing happens: three scenarios."""

import asyncio
import gc
from collections.abc import Sequence
from contextlib import AsyncExitStack
from tempfile import TemporaryDirectory

import psutil

from wuts.http.pool import KEEP_ALIVE
from wuts.models import Device, DeviceList
from wuts.supervisor import Supervisor, SupervisorSettings
from wuts.supervisor.store.sql import SqlStore

from .gateway import Gateway, account_names
from .loop_watch import LoopWatch
from .supervised import DEADLINE, Figures, Witness, client_of, supervise

ACCOUNT_INTERVAL = 10.0
IDLE_INTERVAL = 600.0
IDLE_SECONDS = 30.0


class Listings:
    """Counts the listings of all accounts."""

    def __init__(self) -> None:
        self.count = 0
        self._came = asyncio.Event()

    def take(self, listing: DeviceList) -> Sequence[Device]:
        """Count a listing, and select all of its devices."""
        self.count += 1
        self._came.set()
        return listing

    async def wait(self, count: int) -> None:
        """Wait until there were so many.

        Raises:
            TimeoutError: There were not in time.
        """
        async with asyncio.timeout(DEADLINE):
            while self.count < count:
                self._came.clear()
                await self._came.wait()


async def account(gateway: Gateway, accounts: int) -> Figures:
    """Measure the memory of accounts without devices, added to one that is listed already.

    What all of them share, such as the connections, is counted too.
    """
    listings = Listings()
    first, *others = account_names(accounts + 1)
    async with AsyncExitStack() as stack:
        supervisor = Supervisor(SupervisorSettings(interval=ACCOUNT_INTERVAL))
        await stack.enter_async_context(supervisor)
        await add(stack, supervisor, gateway, [first], listings)
        await listings.wait(2)
        before = resident()
        await add(stack, supervisor, gateway, others, listings)
        await listings.wait(listings.count + 3 * accounts)
        return {"memory": (resident() - before) / accounts}


async def add(
    stack: AsyncExitStack,
    supervisor: Supervisor,
    gateway: Gateway,
    names: Sequence[str],
    listings: Listings,
) -> None:
    """Supervise accounts, and count their listings."""
    for name in names:
        client = await stack.enter_async_context(client_of(name, gateway))
        supervisor.add_account(name, client, select=listings.take)


def resident() -> int:
    """Return the bytes of this process that are in memory, without what is garbage."""
    gc.collect()
    return int(psutil.Process().memory_info().rss)


async def start(gateway: Gateway, accounts: int, devices: int) -> Figures:
    """Measure the longest stall from when accounts are added until each was listed.

    Twice, with a SQLite file: while it is empty, and with what the first run left there.
    """
    with TemporaryDirectory() as folder:
        address = f"sqlite:///{folder}/store.db"
        first = await stall_of_a_start(gateway, accounts, devices, address)
        again = await stall_of_a_start(gateway, accounts, devices, address)
    return {"first": first, "again": again}


async def stall_of_a_start(gateway: Gateway, accounts: int, devices: int, address: str) -> float:
    """Return the longest stall, in seconds of CPU."""
    witness = Witness()
    store = SqlStore(address)
    async with AsyncExitStack() as stack:
        supervisor = Supervisor(store=store)
        supervisor.subscribe(witness.take)
        await stack.enter_async_context(supervisor)
        async with LoopWatch() as watch:
            for name in account_names(accounts):
                client = await stack.enter_async_context(client_of(name, gateway))
                supervisor.add_account(name, client)
            await witness.wait(lambda: len(witness.states) == devices)
    return watch.longest_stall


async def idle(gateway: Gateway, accounts: int, devices: int) -> Figures:
    """Count how often the event loop wakes up while nothing is due."""
    async with AsyncExitStack() as stack:
        settings = SupervisorSettings(interval=IDLE_INTERVAL)
        supervisor, witness = await supervise(stack, gateway, accounts, settings)
        for name in account_names(accounts):
            supervisor.wake(name)
        await witness.wait(lambda: len(witness.states) == devices)
        # Until then kept connections are closed, which wakes the loop once.
        await asyncio.sleep(KEEP_ALIVE + 2)
        wakes = 0
        selector = asyncio.get_running_loop()._selector  # type: ignore[attr-defined]  # noqa: SLF001
        select = selector.select

        def counted(timeout: float | None = None) -> object:
            nonlocal wakes
            # With 0 the loop only looks in passing, awake as it is.
            wakes += timeout is None or timeout > 0
            return select(timeout)

        selector.select = counted
        await asyncio.sleep(IDLE_SECONDS)
        # The wait for the sleep below is one of them.
        return {"wakes": wakes - 1, "seconds": IDLE_SECONDS}
