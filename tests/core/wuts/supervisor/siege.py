"""The real supervisor against a gateway that misbehaves at random, until it behaves again.

A siege has one seed. While it lasts, devices drop, are unlinked and are created again, every call
may go wrong in every way that can be survived, and people pause, resume, disconnect and look. What
must hold at all times is checked all the time. Then the gateway behaves, and all must be well soon.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import override

import httpx

from tests.core.wuts.supervisor.siege_judge import ACCOUNTS, QUICK, Judge, Orders, Pause
from tests.core.wuts.supervisor.store.listener import Listener
from wuts import WutsClient
from wuts.errors import WutsError
from wuts.supervisor import (
    Supervisor,
)
from wuts.supervisor.store import MemoryStore
from wuts_simulator import Device, Mischief, Settings, Simulator

CALL_TIMEOUT = 0.3
SPELL = 0.4
BOUND = 40.0
"""Seconds to heal: five times what a call that hangs, a ``Retry-After`` and the backoffs take, as a
machine may be slow. What does not heal by then does not heal."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a siege ended.

    Attributes:
        healed_in: Seconds from when the gateway behaved until all was well.
        requests: How many requests there were.
        struck: What the adversary did, and how often.
    """

    healed_in: float
    requests: int
    struck: Counter[Mischief]


class Impatient(httpx.AsyncHTTPTransport):
    """Waits no longer than a short siege can bear."""

    @override
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        phases = ("connect", "read", "write", "pool")
        request.extensions["timeout"] = dict.fromkeys(phases, CALL_TIMEOUT)
        return await super().handle_async_request(request)


async def besiege(
    seed: int, *, duration: float = 2.0, kinds: Collection[Mischief] | None = None
) -> Outcome:
    """Besiege a supervisor, and see it heal.

    At the end of every odd seed a person looks at everything; the others heal without anybody.

    Args:
        seed: Where all chance comes from.
        duration: How long the gateway misbehaves, in seconds.
        kinds: What it may do; everything unless given.

    Raises:
        AssertionError: Something that must hold did not. It names the seed.
    """
    async with AsyncExitStack() as stack:
        settings = Settings(
            tokens=tuple((name, f"token-{name}") for name in ACCOUNTS),
            connecting_for=0.02,
            connect_latency=0.01,
            qr_image=False,
            seed=seed,
        )
        siege = Siege(seed, await stack.enter_async_context(Simulator(settings)), stack)
        try:
            await siege.begin()
            await siege.rage(duration, kinds or tuple(Mischief))
            return await siege.heal()
        except Exception as error:
            error.add_note(f"seed {seed}")
            raise
        finally:
            await siege.supervisor.stop()


@asynccontextmanager
async def nothing_left_behind() -> AsyncIterator[None]:
    """Check that no task and no open file or socket is left."""
    tasks, files = len(asyncio.all_tasks()), _open_files()
    yield
    async with asyncio.timeout(50):
        while len(asyncio.all_tasks()) > tasks or _open_files() > files:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


def _open_files() -> int:
    folder = Path("/proc/self/fd")
    return len([*folder.iterdir()]) if folder.exists() else 0


class Siege:
    """One siege: the gateway, the supervisor, the people and what they ordered."""

    def __init__(self, seed: int, sim: Simulator, stack: AsyncExitStack) -> None:
        self.seed = seed
        self.sim, self.world = sim, sim.world
        self.supervisor = Supervisor()
        self._stack = stack
        self._chance = Random(seed)
        self._listener = Listener()
        self._store = MemoryStore()
        self._clients: dict[str, WutsClient] = {}
        self._orders = Orders()
        self._judge = Judge(self.world, self._orders, self._listener, self._now())

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    async def begin(self) -> None:
        """Make the devices and the clients, and supervise them. Every event wakes its device."""
        hooks = self.world.sessions.hooks
        # Undone at the end: aiohttp's caches keep the world, and so would keep this.
        self._stack.callback(setattr, hooks, "on_event", hooks.on_event)
        hooks.on_event = self._on_event
        for name, count in ACCOUNTS.items():
            self.world.add_devices(name, count, state="connected")
            http = httpx.AsyncClient(transport=Impatient(), trust_env=False)
            await self._stack.enter_async_context(http)
            self._clients[name] = WutsClient(f"token-{name}", base_url=self.sim.url, http=http)
        await self._supervise()

    def _on_event(self, device: Device, _event: object, _data: object = None) -> None:
        with suppress(WutsError):
            self.supervisor.wake(device.user.tenant.name, device.id)

    async def _supervise(self) -> None:
        self._judge.starts += 1
        self.supervisor = Supervisor(QUICK, store=self._store)
        self.supervisor.subscribe(self._listener)
        await self.supervisor.start()
        for name, client in self._clients.items():
            self.supervisor.add_account(name, client)

    # While it lasts

    async def rage(self, duration: float, kinds: Collection[Mischief]) -> None:
        """Let the gateway misbehave and people act, and check what must hold at all times."""
        self.world.misbehave(self.seed, period=SPELL, kinds=kinds)
        end = self._now() + duration
        while self._now() < end:
            await asyncio.sleep(self._chance.uniform(0.01, 0.1))
            act, weight = [*_PEOPLE], [*_PEOPLE.values()]
            (chosen,) = self._chance.choices(act, weight)
            await chosen(self)
            self._judge.check(self._now(), self._is_calling)

    def _is_calling(self, device_id: str) -> bool:
        return any(self.supervisor._dispatcher.is_calling(name, device_id) for name in ACCOUNTS)

    def _pick(self) -> tuple[str, str] | None:
        name = self._chance.choice([*ACCOUNTS])
        ids = [*self.supervisor.devices(name)]
        return (name, self._chance.choice(ids)) if ids else None

    async def _pause(self) -> None:
        if picked := self._pick():
            await self.supervisor.pause(*picked)
            self._orders.pauses.setdefault(picked[1], Pause(self._now()))

    async def _disconnect(self) -> None:
        if picked := self._pick():
            with suppress(WutsError):
                await self.supervisor.disconnect(*picked)
            self._orders.pauses.setdefault(picked[1], Pause(self._now()))

    async def _resume(self) -> None:
        for device_id in [*self._orders.pauses]:
            for name in ACCOUNTS:
                if device_id in self.supervisor.devices(name):
                    del self._orders.pauses[device_id]
                    self._orders.reasons[device_id] += 1
                    await self.supervisor.resume(name, device_id)
                    return

    async def _wake(self) -> None:
        if picked := self._pick():
            name, device_id = picked
            for _ in range(self._chance.choice((1, 1, 20))):
                self.supervisor.wake(name, self._chance.choice((None, device_id)))

    async def _unlink(self) -> None:
        linked = [one for one in self.world.registry.devices.values() if one.jid is not None]
        if len(linked) > len(self.world.registry.devices) // 2:
            device = self._chance.choice(linked)
            self._orders.reasons[device.id] += 1
            self.world.unlink(device.id)

    async def _pair(self) -> None:
        for device in self.world.registry.devices.values():
            if device.jid is None:
                self.world.sessions.begin_pairing(
                    device, f"55119{self._chance.randrange(10**8):08}"
                )
                return

    async def _restart(self) -> None:
        await self.supervisor.stop()
        await self._supervise()

    # Once the gateway behaves

    async def heal(self) -> Outcome:
        """Drop every session, let the gateway behave, and wait until all is as it should be."""
        adversary = self.world.adversary
        assert adversary is not None
        self.world.restart(drop_share=1.0)
        self.world.behave()
        begun = self._now()
        if self.seed % 2:
            self._look_at_everything()
        while wrong := self._judge.what_is_wrong(self.supervisor):
            assert self._now() < begun + BOUND, f"not healed: {wrong}"
            await asyncio.sleep(0.01)
            self._judge.check(self._now(), self._is_calling)
        healed_in = self._now() - begun
        self._judge.check_story(self._orders.reasons + adversary.unlinked)
        self._judge.check_budget(self._now())
        await self._judge.check_that_it_lasts(self.supervisor)
        return Outcome(healed_in, self.world.requests.total(), adversary.struck)

    def _look_at_everything(self) -> None:
        """Do what a person does after a bad night."""
        for name in ACCOUNTS:
            self.supervisor.wake(name)
            for device_id in self.supervisor.devices(name):
                self.supervisor.wake(name, device_id)


type _Act = Callable[[Siege], Awaitable[None]]

# What people do, and how often in comparison.
_PEOPLE: dict[_Act, int] = {
    Siege._pause: 2,
    Siege._disconnect: 1,
    Siege._resume: 4,
    Siege._wake: 3,
    Siege._unlink: 1,
    Siege._pair: 2,
    Siege._restart: 1,
}
