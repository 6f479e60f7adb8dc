"""One scenario of supervision in a process of its own; prints what it measured as JSON.

usage: python -m benchmarks.supervisor_worker SCENARIO URL ACCOUNTS DEVICES…
"""

import asyncio
import gc
import json
import random
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

import httpx2
import psutil

from .gateway import Gateway, account_names, token_of
from .loop_watch import LoopWatch

httpx2.alias_httpx()

from wuts import WutsClient  # noqa: E402 - after the alias
from wuts.clock import loop_clock  # noqa: E402
from wuts.errors import UnexpectedAnswerError  # noqa: E402
from wuts.models import ConnectResult  # noqa: E402
from wuts.supervisor import (  # noqa: E402
    DeviceState,
    Event,
    StateChanged,
    Supervisor,
    SupervisorSettings,
)

from .naive_supervisor import NaiveSupervisor  # noqa: E402

STEADY_INTERVAL = 5.0
STEADY_POLLS = 6
HEAL_INTERVAL = 2.0
HEAL_CONCURRENCY = 20
DROP_INTERVAL = 4.0
DROPS = 60
NAIVE_INTERVAL = 10.0
DEADLINE = 300.0
LATE_SECONDS = 60.0
LATE_SHARE = 0.2
"""Of the devices are down in that scenario: less than half, or the gateway would be to blame."""
IDLE_SECONDS = 30.0
IDLE_INTERVAL = 600.0

type Figures = dict[str, float]


class Witness:
    """Subscribes to a supervisor and notes when devices were first seen, dropped and healed."""

    def __init__(self) -> None:
        self.states: dict[str, DeviceState] = {}
        self.dropped_at: float | None = None
        self.healed_at: dict[str, float] = {}
        self._changed = asyncio.Event()

    async def take(self, event: Event) -> None:
        """Take in an event."""
        if not isinstance(event, StateChanged):
            return
        now = time.perf_counter()
        self.states[event.device_id] = event.new
        if event.new is DeviceState.RECONNECTING and self.dropped_at is None:
            self.dropped_at = now
        if event.old is DeviceState.RECONNECTING and event.new is DeviceState.CONNECTED:
            self.note_healed(event.device_id)
        self._changed.set()

    def note_healed(self, device_id: str) -> None:
        """Note that a device is connected again."""
        self.healed_at[device_id] = time.perf_counter()
        self._changed.set()

    async def wait(self, reached: Callable[[], bool]) -> None:
        """Wait until something is so.

        Raises:
            TimeoutError: It was not so in time.
        """
        async with asyncio.timeout(DEADLINE):
            while not reached():
                self._changed.clear()
                await self._changed.wait()


async def supervise(
    stack: AsyncExitStack, gateway: Gateway, accounts: int, settings: SupervisorSettings
) -> tuple[Supervisor, Witness]:
    """Start a supervisor over all accounts."""
    witness = Witness()
    supervisor = Supervisor(settings)
    supervisor.subscribe(witness.take)
    await stack.enter_async_context(supervisor)
    for name in account_names(accounts):
        client = WutsClient(token_of(name), base_url=gateway.url)
        supervisor.add_account(name, await stack.enter_async_context(client))
    return supervisor, witness


async def steady(gateway: Gateway, accounts: int, devices: int) -> Figures:
    """Measure polls of devices that are all well."""
    async with AsyncExitStack() as stack:
        process = psutil.Process()
        gc.collect()
        memory = process.memory_info().rss
        settings = SupervisorSettings(interval=STEADY_INTERVAL)
        _, witness = await supervise(stack, gateway, accounts, settings)
        await witness.wait(lambda: len(witness.states) == devices)
        witness.states.clear()
        gc.collect()
        memory = process.memory_info().rss - memory
        before = await asyncio.to_thread(gateway.request_count)
        async with LoopWatch(stalls=False) as watch:
            await asyncio.sleep(STEADY_INTERVAL * STEADY_POLLS)
        requests = await asyncio.to_thread(gateway.request_count) - before
    return {
        "requests": requests / STEADY_POLLS,
        "cpu": watch.cpu / watch.wall,
        "memory": memory / devices,
    }


async def heal(gateway: Gateway, accounts: int, devices: int) -> Figures:
    """Measure how a fleet comes back after the gateway restarted."""
    async with AsyncExitStack() as stack:
        settings = SupervisorSettings(
            interval=HEAL_INTERVAL,
            concurrency=HEAL_CONCURRENCY,
            account_concurrency=HEAL_CONCURRENCY,
        )
        _, witness = await supervise(stack, gateway, accounts, settings)
        await witness.wait(lambda: len(witness.states) == devices)
        async with LoopWatch() as watch:
            await asyncio.to_thread(gateway.control, "restart")
            await witness.wait(lambda: len(witness.healed_at) == devices)
    took = max(witness.healed_at.values()) - (witness.dropped_at or 0.0)
    return {"took": took, "stall": watch.longest_stall, "cpu": watch.cpu}


async def notice(gateway: Gateway, accounts: int, devices: int, *, wake: bool) -> Figures:
    """Measure how long drops at random moments go unhealed."""
    rng = random.Random(1)  # noqa: S311
    async with AsyncExitStack() as stack:
        settings = SupervisorSettings(interval=DROP_INTERVAL, base=0.05, cap=300.0)
        supervisor, witness = await supervise(stack, gateway, accounts, settings)
        await witness.wait(lambda: len(witness.states) == devices)
        dropped_at = {}

        async def drop(device_id: str) -> None:
            await asyncio.sleep(rng.uniform(0, DROP_INTERVAL * 3))
            dropped_at[device_id] = time.perf_counter()
            await asyncio.to_thread(gateway.control, f"devices/{device_id}/drop")
            if wake:
                supervisor.wake(account_names(1)[0], device_id)

        chosen = rng.sample(sorted(witness.states), DROPS)
        await asyncio.gather(*map(drop, chosen))
        await witness.wait(lambda: len(witness.healed_at) == DROPS)
    waits = sorted(witness.healed_at[one] - dropped_at[one] for one in chosen)
    return {"median": waits[DROPS // 2] / DROP_INTERVAL, "longest": waits[-1] / DROP_INTERVAL}


class Refusing(WutsClient):
    """Refuses every ``/connect``, and notes how long after its due moment it was called."""

    def __init__(self, token: str, gateway: Gateway, clock: Callable[[], float]) -> None:
        super().__init__(token, base_url=gateway.url)
        self.due: dict[str, float] = {}
        self.late: list[float] = []
        self._clock = clock

    async def take(self, event: Event) -> None:
        """Note when a device is due."""
        if isinstance(event, StateChanged) and event.next_try is not None:
            self.due[event.device_id] = event.next_try.timestamp()

    async def connect(self, device_id: str | None = None) -> ConnectResult:
        """Note a call, and fail."""
        due = self.due.pop(device_id or "", None)
        if due is not None:
            self.late.append(self._clock() - due)
        raise UnexpectedAnswerError


async def late(gateway: Gateway, devices: int) -> Figures:
    """Measure how long after its due moment a call begins, while many are due at random moments."""
    clock = loop_clock()
    settings = SupervisorSettings(base=5.0, cap=20.0)
    client = Refusing(token_of(account_names(1)[0]), gateway, clock)
    witness = Witness()
    async with client, Supervisor(settings, clock=clock) as supervisor:
        supervisor.subscribe(witness.take)
        supervisor.subscribe(client.take)
        supervisor.add_account(account_names(1)[0], client)
        await witness.wait(lambda: len(witness.states) == devices)
        for device_id in sorted(witness.states)[: int(devices * LATE_SHARE)]:
            await asyncio.to_thread(gateway.control, f"devices/{device_id}/drop")
        client.late.clear()
        timers = await bare_timers(LATE_SECONDS)
    return {
        "calls": len(client.late),
        "median": quantile(client.late, 50),
        "p99": quantile(client.late, 99),
        "timer_median": quantile(timers, 50),
        "timer_p99": quantile(timers, 99),
    }


async def bare_timers(seconds: float) -> list[float]:
    """Return how late plain timers of this loop are: the machine's share of any lateness."""
    rng = random.Random(1)  # noqa: S311
    late: list[float] = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        due = time.perf_counter() + rng.uniform(0.02, 0.15)
        await asyncio.sleep(due - time.perf_counter())
        late.append(time.perf_counter() - due)
    return late


def quantile(values: list[float], percent: int) -> float:
    """Return the value below which so many percent are."""
    return sorted(values)[len(values) * percent // 100]


async def idle(gateway: Gateway, accounts: int, devices: int) -> Figures:
    """Count how often the event loop wakes up while nothing is due."""
    async with AsyncExitStack() as stack:
        settings = SupervisorSettings(interval=IDLE_INTERVAL)
        _, witness = await supervise(stack, gateway, accounts, settings)
        await witness.wait(lambda: len(witness.states) == devices)
        await asyncio.sleep(1)
        wakes = 0
        selector = asyncio.get_running_loop()._selector  # type: ignore[attr-defined]  # noqa: SLF001
        select = selector.select

        def counted(timeout: float | None = None) -> object:
            nonlocal wakes
            wakes += 1
            return select(timeout)

        selector.select = counted
        await asyncio.sleep(IDLE_SECONDS)
        # The wait for this very sleep is one of them.
        return {"wakes": wakes - 1}


async def naive(gateway: Gateway, devices: int) -> Figures:
    """Measure the naive peer at the work of `ours`."""
    witness = Witness()
    async with WutsClient(token_of(account_names(1)[0]), base_url=gateway.url) as client:
        ids = [device.id for device in await client.list_devices()]
        supervisor = NaiveSupervisor(client, ids, NAIVE_INTERVAL, witness.note_healed)
        supervisor.start()
        figures = await peer_work(gateway, witness, devices)
        supervisor.stop()
    return figures


async def ours(gateway: Gateway, devices: int) -> Figures:
    """Measure our supervisor at the work of `naive`."""
    async with AsyncExitStack() as stack:
        settings = SupervisorSettings(interval=NAIVE_INTERVAL)
        _, witness = await supervise(stack, gateway, 1, settings)
        await witness.wait(lambda: len(witness.states) == devices)
        return await peer_work(gateway, witness, devices)


async def peer_work(gateway: Gateway, witness: Witness, devices: int) -> Figures:
    """Two intervals of calm, then a restart of the gateway.

    Counting begins between two polls, so that it sees as many polls as intervals.
    """
    await asyncio.sleep(NAIVE_INTERVAL / 2)
    before = await asyncio.to_thread(gateway.request_count)
    async with LoopWatch(stalls=False) as calm:
        await asyncio.sleep(NAIVE_INTERVAL * 2)
    requests = await asyncio.to_thread(gateway.request_count) - before
    restarted = time.perf_counter()
    async with LoopWatch() as storm:
        await asyncio.to_thread(gateway.control, "restart")
        await witness.wait(lambda: len(witness.healed_at) == devices)
    return {
        "requests": requests / 2,
        "cpu": calm.cpu / calm.wall,
        "healed": max(witness.healed_at.values()) - restarted,
        "stall": storm.longest_stall,
    }


def main() -> None:
    """Run the scenario that the arguments name."""
    scenario, url, accounts, devices = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    gateway = Gateway(url)
    scenarios: dict[str, Callable[[], Awaitable[Figures]]] = {
        "steady": lambda: steady(gateway, accounts, devices),
        "heal": lambda: heal(gateway, accounts, devices),
        "notice": lambda: notice(gateway, accounts, devices, wake=False),
        "woken": lambda: notice(gateway, accounts, devices, wake=True),
        "late": lambda: late(gateway, devices),
        "idle": lambda: idle(gateway, accounts, devices),
        "naive": lambda: naive(gateway, devices),
        "ours": lambda: ours(gateway, devices),
    }

    async def run() -> Figures:
        # As `wuts watch` does: what is there before the work is never garbage.
        gc.freeze()
        return await scenarios[scenario]()

    print(json.dumps(asyncio.run(run())))


if __name__ == "__main__":
    main()
