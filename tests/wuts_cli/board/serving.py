"""A board as browsers reach it: on a real port, over a real supervisor and a simulator."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, web

from tests.core.wuts.supervisor.home import until
from tests.core.wuts.values import TOKEN
from wuts import WutsClient
from wuts.supervisor import DeviceState, MuteScope, Supervisor, SupervisorSettings
from wuts.supervisor.store.history_reader import HistoryReader
from wuts.supervisor.store.sql import SqlStore
from wuts_cli.board import Board
from wuts_simulator import Device as Simulated
from wuts_simulator import EndpointName, Fault, FaultKind, Simulator

ACCOUNT = "home"
PATIENT = SupervisorSettings(interval=600.0, base=0.02, cap=0.05, debounce=0.0)
"""Looks once and then only where it is woken, and tries again at once."""
HOSTILE = "<img src=x onerror=alert(1)>\u202e\u2066 {account} 5511987654321"
EVERY_STATE = {
    "connected": DeviceState.CONNECTED,
    "Reception": DeviceState.NEEDS_PAIRING,
    "Van": DeviceState.RECONNECTING,
    "Spare": DeviceState.NEVER_PAIRED,
    "Kiosk": DeviceState.PAUSED,
}


@dataclass
class Served:
    """A board on a port.

    Attributes:
        sim: The gateway.
        supervisor: What it shows.
        port: The port, on loopback; the same after a restart.
        allowed: Whether the person who asks may see it.
    """

    sim: Simulator
    supervisor: Supervisor
    board: Board
    port: int = 0
    allowed: bool = True
    _runner: web.AppRunner | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    async def start(self) -> None:
        app = web.Application()
        app.add_routes(self.board.routes())
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True).start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def state(self) -> dict[str, Any]:
        """Return what the board says, once it is not what it said a second ago."""
        async with ClientSession() as session, session.get(f"{self.url}board.json") as answer:
            assert answer.status == 200
            said: dict[str, Any] = await answer.json()
            return said

    async def until_said(self, is_met: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        async with asyncio.timeout(200):
            while not is_met(said := await self.state()):  # noqa: ASYNC110 - nothing tells
                await asyncio.sleep(0.05)
            return said

    def state_of(self, device: Simulated) -> DeviceState | None:
        found = self.supervisor.devices(ACCOUNT).get(device.id)
        return found.state if found else None

    async def until_state(self, device: Simulated, state: DeviceState) -> None:
        await until(lambda: self.state_of(device) is state)


@asynccontextmanager
async def serving(
    sim: Simulator,
    *,
    settings: SupervisorSettings = PATIENT,
    store: Path | None = None,
    accounts: Mapping[str, bool] | None = None,
    clock: Callable[[], float] = time.time,
) -> AsyncIterator[Served]:
    """Supervise accounts and serve their board for as long as the context lasts.

    Args:
        sim: The gateway.
        settings: Of the supervisor.
        store: A SQLite file.
        accounts: Names of accounts, and whether this process watches them; one unless given.
        clock: The board's.
    """
    accounts = accounts or {ACCOUNT: True}
    address = f"sqlite:///{store}" if store else None
    supervisor = Supervisor(settings, store=SqlStore(address) if address else None)
    served: Served
    board = Board(
        supervisor,
        accounts,
        may_read=lambda _request: served.allowed,
        history=HistoryReader(address) if address else None,
        clock=clock,
    )
    served = Served(sim, supervisor, board)
    async with AsyncExitStack() as stack:
        clients = {
            name: await stack.enter_async_context(WutsClient(TOKEN, base_url=sim.url))
            for name, is_ours in accounts.items()
            if is_ours
        }
        await stack.enter_async_context(supervisor)
        stack.push_async_callback(board.aclose)
        for name, client in clients.items():
            supervisor.add_account(name, client)
        await served.start()
        stack.push_async_callback(served.stop)
        yield served


async def fill(served: Served) -> dict[str, Simulated]:
    """Have a device in each state, with alerts that somebody took or muted; return the devices."""
    world, supervisor = served.sim.world, served.supervisor
    devices = {
        name: world.add_device(
            ACCOUNT, name, state="never_paired" if name == "Spare" else "connected"
        )
        for name in ("connected", "Reception", "Van", "Spare", "Kiosk", "Office", HOSTILE)
    }
    supervisor.wake(ACCOUNT)
    await until(lambda: len(supervisor.devices(ACCOUNT)) == len(devices))
    await until(lambda: None not in {served.state_of(one) for one in devices.values()})
    await supervisor.pause(ACCOUNT, devices["Kiosk"].id)
    world.faults.add(
        Fault(
            kind=FaultKind.STATUS,
            endpoint=EndpointName.CONNECT,
            device_id=devices["Van"].id,
            status=503,
            retry_after="3600",
        )
    )
    for name in ("Reception", HOSTILE):
        world.unlink(devices[name].id)
    world.drop(devices["Van"].id)
    for name in ("Reception", HOSTILE, "Van"):
        supervisor.wake(ACCOUNT, devices[name].id)
    for name in ("Reception", HOSTILE):
        await served.until_state(devices[name], DeviceState.NEEDS_PAIRING)
    await served.until_state(devices["Van"], DeviceState.RECONNECTING)
    await until(lambda: len(supervisor.open_alerts()) >= 2)
    [alert] = [one for one in supervisor.open_alerts() if one.device_name == "Reception"]
    await supervisor.alerts.acknowledge(ACCOUNT, alert.id, by="Ana", note="on my way")
    scope = MuteScope(ACCOUNT, devices[HOSTILE].id)
    await supervisor.alerts.mute(scope, by="Bo <b>", reason="moving house, +55 11 91234-5678")
    return devices
