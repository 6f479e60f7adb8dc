"""How a supervisor judges a gateway that misbehaves: ``python -m benchmarks.evidence``."""

import argparse
import asyncio
import time
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack

from wuts import WutsClient
from wuts.errors import GatewayBusyError
from wuts.models import ConnectResult, DeviceList
from wuts.supervisor import DeviceState, Event, StateChanged, Supervisor, SupervisorSettings

from .gateway import ACCOUNT, Gateway, add_fleet, running_gateway
from .report import machine, publish, table

HEAL = ((200, 1), (200, 2), (10_000, 1), (10_000, 2))
LATENCY = 0.05
CONCURRENCY = 20
OUTAGES = (3.3, 6.1, 12.4)
OUTAGE_INTERVAL = 1.0
WAKES = 480
WAKING_SECONDS = 8.0


class Client(WutsClient):
    """Answers the first tries of each device as the gateway's ``503 reconnect failed`` does.

    Attributes:
        tries: How many.
        listed_at: When listings were sent.
    """

    tries = 0

    def __init__(self, gateway: Gateway) -> None:
        super().__init__(gateway.token, base_url=gateway.url)
        self.listed_at: list[float] = []
        self._failed: Counter[str | None] = Counter()

    async def list_devices(self) -> DeviceList:
        """Note when that is."""
        self.listed_at.append(time.perf_counter())
        return await super().list_devices()

    async def connect(self, device_id: str | None = None) -> ConnectResult:
        """Fail at first."""
        if self._failed[device_id] < self.tries:
            self._failed[device_id] += 1
            await asyncio.sleep(LATENCY)
            error = GatewayBusyError(status=503)
            error.from_gateway = True
            raise error
        return await super().connect(device_id)


async def supervise(
    stack: AsyncExitStack, client: Client, settings: SupervisorSettings, devices: int
) -> tuple[Supervisor, dict[str, DeviceState]]:
    """Start a supervisor, and wait until it has seen all devices."""
    states: dict[str, DeviceState] = {}

    async def take(event: Event) -> None:
        if isinstance(event, StateChanged):
            states[event.device_id] = event.new

    supervisor = Supervisor(settings)
    supervisor.subscribe(take)
    await stack.enter_async_context(client)
    await stack.enter_async_context(supervisor)
    supervisor.add_account(ACCOUNT, client)
    await until(lambda: len(states) == devices)
    return supervisor, states


async def until(reached: Callable[[], bool]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(300):
        while not reached():  # noqa: ASYNC110 - a listing is no event
            await asyncio.sleep(0.002)


async def heal(gateway: Gateway, devices: int, tries: int) -> float:
    """Return how long a fleet takes whose devices each fail at first, over its bound."""
    settings = SupervisorSettings(interval=2.0)
    client = Client(gateway)
    client.tries = tries
    async with AsyncExitStack() as stack:
        _, states = await supervise(stack, client, settings, devices)
        await asyncio.to_thread(gateway.control, "restart")
        await until(lambda: DeviceState.RECONNECTING in states.values())
        began = time.perf_counter()
        await until(lambda: all(one is DeviceState.CONNECTED for one in states.values()))
        took = time.perf_counter() - began
    waits = settings.base * (2.0 ** (tries + 1) - 2)
    return took / ((tries + 1) * devices * LATENCY / CONCURRENCY + waits)


async def return_to_listing(gateway: Gateway, outage: float) -> float:
    """Return the time from a gateway's return to the next listing, in intervals."""
    client = Client(gateway)
    async with AsyncExitStack() as stack:
        await supervise(stack, client, SupervisorSettings(interval=OUTAGE_INTERVAL), 1)
        await asyncio.to_thread(gateway.control, "restart", down_for=outage)
        await asyncio.sleep(outage)
        back, made = time.perf_counter(), len(client.listed_at)
        await until(lambda: len(client.listed_at) > made)
        return (client.listed_at[made] - back) / OUTAGE_INTERVAL


async def wakes(gateway: Gateway) -> int:
    """Return how many listings so many wakes of an account cost."""
    client = Client(gateway)
    async with AsyncExitStack() as stack:
        supervisor, _ = await supervise(stack, client, SupervisorSettings(), 1)
        made = len(client.listed_at)
        for _ in range(WAKES):
            supervisor.wake(ACCOUNT)
            await asyncio.sleep(WAKING_SECONDS / WAKES)
        return len(client.listed_at) - made


def main() -> None:
    """Measure, print, and write the page."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    rows = []
    for devices, tries in HEAL:
        with running_gateway("--connect-latency", str(LATENCY)) as gateway:
            add_fleet(gateway, devices, 1)
            share = asyncio.run(heal(gateway, devices, tries))
        rows.append([f"{devices:,}", str(tries), f"{share:.2f}"])
    healed = table(["devices", "503s of each", "healed in, of the bound (aim: 1.5 or less)"], rows)
    with running_gateway() as gateway:
        gateway.add_devices(1)
        waits = [asyncio.run(return_to_listing(gateway, outage)) for outage in OUTAGES]
        listings = asyncio.run(wakes(gateway))
    text = (
        f"From a gateway's return to the next listing: **{max(waits):.2f}** intervals at most, of "
        f"{len(waits)} outages of up to {max(OUTAGES) / OUTAGE_INTERVAL:.0f} intervals (aim: 2 or "
        f"less). {WAKES} wakes of an account in {WAKING_SECONDS:.0f} s cost **{listings}** "
        "listings."
    )
    publish("evidence", f"{machine()}.\n\n{healed}\n\n{text}")


if __name__ == "__main__":
    main()
