"""How late calls begin: one scenario of supervision."""

import asyncio
import random
import time
from collections.abc import Callable

from wuts import WutsClient
from wuts.clock import loop_clock
from wuts.errors import UnexpectedAnswerError
from wuts.http.aiohttp_transport import aiohttp_transport
from wuts.models import ConnectResult
from wuts.supervisor import Event, StateChanged, Supervisor, SupervisorSettings

from .gateway import ACCOUNT, Gateway, token_of
from .supervised import Figures, Witness

LATE_SECONDS = 60.0
LATE_SHARE = 0.2
"""Of the devices are down in that scenario: less than half, or the gateway would be to blame."""


class Refusing(WutsClient):
    """Refuses every ``/connect``, and notes how long after its due moment it was called."""

    def __init__(self, token: str, gateway: Gateway, clock: Callable[[], float]) -> None:
        super().__init__(token, base_url=gateway.url, http_transport=aiohttp_transport)
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
    client = Refusing(token_of(ACCOUNT), gateway, clock)
    witness = Witness()
    async with client, Supervisor(settings, clock=clock) as supervisor:
        supervisor.subscribe(witness.take)
        supervisor.subscribe(client.take)
        supervisor.add_account(ACCOUNT, client)
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
