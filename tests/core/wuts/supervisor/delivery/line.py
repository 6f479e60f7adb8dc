"""An outbox and a relay on a store, with one who listens."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from random import Random

from tests.core.wuts.supervisor.store.listener import Listener
from wuts.supervisor import Alert, OwnerChanged
from wuts.supervisor.delivery.outbox import Outbox, OutboxRelay
from wuts.supervisor.delivery.subscribers import Bus
from wuts.supervisor.device.device import DeviceSnapshot
from wuts.supervisor.store import Saved, Store
from wuts.supervisor.store.adoption import Adoption


class Line:
    """An outbox and a relay on a store, with one who listens."""

    def __init__(self, store: Store) -> None:
        self.bus = Bus()
        self.listener = Listener()
        self.loaded: list[Saved] = []
        self.outbox = Outbox()
        clock = asyncio.get_running_loop().time
        self.adoption = Adoption(store, self, clock, Random(1))
        self.relay = OutboxRelay(self.outbox, self.adoption, self.bus, clock)

    def restore(self, saved: Saved) -> None:
        self.loaded.append(saved)

    async def read_orders(self) -> None:
        """There are none."""

    def begin(self, name: str) -> None:
        """Nobody looks after it."""

    async def end(self, names: Collection[str]) -> None:
        self.relay.forget(names)

    def tell(self, event: OwnerChanged) -> None:
        self.bus.publish(event)

    async def start(self) -> None:
        await self.relay.start()
        self.adoption.add("home")
        self.relay.wake()

    def put(self, *alerts: Alert, snapshot: DeviceSnapshot | None = None) -> None:
        for alert in alerts:
            self.outbox.tell(alert)
        if snapshot is not None:
            self.outbox.keep("home", snapshot.device_id, snapshot)
        self.relay.wake()


@asynccontextmanager
async def line_on(store: Store) -> AsyncIterator[Line]:
    line = Line(store)
    line.bus.subscribe(line.listener)
    await line.start()
    yield line
    with suppress(TimeoutError):
        async with asyncio.timeout(5):
            await line.relay.finish()
    await line.relay.close()
    await line.bus.close()
