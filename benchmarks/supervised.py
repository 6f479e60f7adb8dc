"""A supervisor over a simulator's accounts, set up as `wuts watch` and the Slack app do it."""

import asyncio
import time
from collections.abc import Callable
from contextlib import AsyncExitStack

from wuts import WutsClient
from wuts.http.aiohttp_transport import aiohttp_transport
from wuts.supervisor import DeviceState, Event, StateChanged, Supervisor, SupervisorSettings

from .gateway import Gateway, account_names, token_of

DEADLINE = 300.0

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


def client_of(account: str, gateway: Gateway, *, plain: bool = False) -> WutsClient:
    """Return an account's client, as the applications make it, or with plain httpx2."""
    transport = None if plain else aiohttp_transport
    return WutsClient(token_of(account), base_url=gateway.url, http_transport=transport)


async def supervise(
    stack: AsyncExitStack,
    gateway: Gateway,
    accounts: int,
    settings: SupervisorSettings,
    *,
    plain: bool = False,
) -> tuple[Supervisor, Witness]:
    """Start a supervisor over all accounts."""
    witness = Witness()
    supervisor = Supervisor(settings)
    supervisor.subscribe(witness.take)
    await stack.enter_async_context(supervisor)
    for name in account_names(accounts):
        client = client_of(name, gateway, plain=plain)
        supervisor.add_account(name, await stack.enter_async_context(client))
    return supervisor, witness
