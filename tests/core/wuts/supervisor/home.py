"""A real supervisor over HTTP to a real simulator, and somebody who hears what it tells."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager

from tests.core.wuts.supervisor.store.listener import Listener
from tests.core.wuts.values import TOKEN
from wuts import WutsClient
from wuts.supervisor import (
    Alert,
    Device,
    DeviceState,
    Receiver,
    Route,
    StateChanged,
    Supervisor,
    SupervisorSettings,
)
from wuts.supervisor.store import MemoryStore, Store
from wuts_simulator import EndpointName, Fault, FaultKind, Simulator

ACCOUNT = "home"
QUICK = SupervisorSettings(
    interval=0.05, base=0.02, cap=0.05, debounce=0.0, gone_after=0.1, refused_cap=0.2
)
PATIENT = SupervisorSettings(interval=600.0, base=0.02, cap=0.05, debounce=0.0)
"""Looks once, and then only where it is woken."""

PATIENCE = 240.0


async def until(is_met: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Wait for something that no event tells."""
    async with asyncio.timeout(patience):
        while not is_met():  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.002)


class Home:
    """One account and its gateway."""

    def __init__(self, sim: Simulator) -> None:
        self.sim = sim
        self.world = sim.world
        self.listener = Listener()
        self.clients: list[WutsClient] = []
        self.supervisor = Supervisor()
        self._told: Counter[tuple[str, DeviceState]] = Counter()

    def new_client(self, token: str = TOKEN) -> WutsClient:
        self.clients.append(WutsClient(token, base_url=self.sim.url))
        return self.clients[-1]

    @asynccontextmanager
    async def supervised(  # noqa: PLR0913 - a test names what it needs
        self,
        settings: SupervisorSettings = QUICK,
        *,
        store: Store | None = None,
        client: WutsClient | None = None,
        sees: int | None = None,
        routes: Sequence[Route] = (),
        receivers: Mapping[str, Receiver] | None = None,
    ) -> AsyncIterator[Supervisor]:
        """Supervise, from when so many devices were seen."""
        supervisor = self.supervisor = Supervisor(
            settings, store=store or MemoryStore(), routes=routes, receivers=receivers
        )
        supervisor.subscribe(self.listener)
        async with supervisor:
            supervisor.add_account(ACCOUNT, client or self.new_client())
            if sees is not None:
                await until(lambda: len(self.settled()) == sees)
            yield supervisor

    def settled(self) -> list[Device]:
        devices = self.supervisor.devices(ACCOUNT).values()
        return [device for device in devices if device.state is not None]

    def add_devices(self, count: int, state: str = "connected") -> list[str]:
        return [device.id for device in self.world.add_devices(ACCOUNT, count, state=state)]

    def fault(
        self, endpoint: EndpointName, kind: FaultKind = FaultKind.HANG, **details: object
    ) -> None:
        self.world.faults.add(Fault(kind=kind, endpoint=endpoint, **details))  # type: ignore[arg-type]

    def state(self, device_id: str) -> DeviceState | None:
        device = self.supervisor.devices(ACCOUNT).get(device_id)
        return DeviceState.GONE if device is None else device.state

    async def until_state(self, device_id: str, state: DeviceState) -> None:
        """Wait for a state that lasts."""
        await self.listener.until(lambda: self.state(device_id) is state)

    async def until_told(self, device_id: str, state: DeviceState) -> None:
        """Wait until a device was told to have got into a state, once more than before."""
        told = self._told[device_id, state] = self._told[device_id, state] + 1
        await self.listener.until(lambda: self._entered(device_id).count(state) >= told)

    def _entered(self, device_id: str) -> list[DeviceState]:
        return [
            event.new
            for event in self.listener.events
            if isinstance(event, StateChanged)
            and event.device_id == device_id
            and event.old is not event.new
        ]

    def told(self) -> list[Alert]:
        return [event for event in self.listener.events if isinstance(event, Alert)]

    def requests(self, endpoint: EndpointName) -> int:
        return self.world.requests.by_endpoint[endpoint]
