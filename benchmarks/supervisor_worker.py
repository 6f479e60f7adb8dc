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

httpx2.alias_httpx()

from wuts.supervisor import SupervisorSettings  # noqa: E402 - after the alias

from .footprint import account, idle, start  # noqa: E402
from .gateway import ACCOUNT, Gateway  # noqa: E402
from .lateness import late  # noqa: E402
from .loop_watch import LoopWatch  # noqa: E402
from .naive_supervisor import NaiveSupervisor  # noqa: E402
from .scenarios import HEAL_CONCURRENCY, NAIVE_INTERVAL, STEADY_INTERVAL  # noqa: E402
from .supervised import Figures, Witness, client_of, supervise  # noqa: E402

STEADY_POLLS = 6
HEAL_INTERVAL = 2.0
DROP_INTERVAL = 4.0
DROPS = 60


async def steady(gateway: Gateway, accounts: int, devices: int, *, plain: bool) -> Figures:
    """Measure polls of devices that are all well."""
    async with AsyncExitStack() as stack:
        process = psutil.Process()
        gc.collect()
        memory = process.memory_info().rss
        settings = SupervisorSettings(interval=STEADY_INTERVAL)
        _, witness = await supervise(stack, gateway, accounts, settings, plain=plain)
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
                supervisor.wake(ACCOUNT, device_id)

        chosen = rng.sample(sorted(witness.states), DROPS)
        await asyncio.gather(*map(drop, chosen))
        await witness.wait(lambda: len(witness.healed_at) == DROPS)
    waits = sorted(witness.healed_at[one] - dropped_at[one] for one in chosen)
    return {"median": waits[DROPS // 2] / DROP_INTERVAL, "longest": waits[-1] / DROP_INTERVAL}


async def naive(gateway: Gateway, devices: int) -> Figures:
    """Measure the naive peer at the work of `ours`."""
    witness = Witness()
    async with client_of(ACCOUNT, gateway) as client:
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
        "steady": lambda: steady(gateway, accounts, devices, plain=False),
        "plain": lambda: steady(gateway, accounts, devices, plain=True),
        "heal": lambda: heal(gateway, accounts, devices),
        "notice": lambda: notice(gateway, accounts, devices, wake=False),
        "woken": lambda: notice(gateway, accounts, devices, wake=True),
        "late": lambda: late(gateway, devices),
        "idle": lambda: idle(gateway, accounts, devices),
        "account": lambda: account(gateway, accounts),
        "start": lambda: start(gateway, accounts, devices),
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
