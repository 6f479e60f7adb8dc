"""The real supervisor against a gateway that misbehaves at random, until it is told to behave.

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

from tests.core.wuts.supervisor.invariants import check_story
from tests.core.wuts.supervisor.store.listener import Listener
from wuts import WutsClient
from wuts.errors import WutsError
from wuts.supervisor import (
    AccountState,
    Alert,
    AlertKind,
    AlertStatus,
    DeviceState,
    StateChanged,
    Supervisor,
    SupervisorSettings,
)
from wuts.supervisor.store import MemoryStore
from wuts_simulator import Device, EndpointName, Mischief, Settings, Simulator

QUICK = SupervisorSettings(
    interval=0.1,
    base=0.02,
    cap=0.3,
    debounce=0.1,
    stable_after=0.5,
    concurrency=6,
    account_concurrency=4,
    stop_timeout=0.5,
)
ACCOUNTS = {"home": 6, "office": 2}
CALL_TIMEOUT = 0.3
SPELL = 0.4
BOUND = 8.0
"""Seconds to heal: a call that hangs, a ``Retry-After``, the backoffs, and a slow machine."""

_LISTINGS_AN_INTERVAL = 6
_SETTLED = 0.15
_ENDS_WITH_THE_TROUBLE = {AlertKind.GATEWAY_DOWN, AlertKind.TOKEN_REFUSED}


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


@dataclass(slots=True)
class Pause:
    """A person's order to leave a device alone.

    Attributes:
        since: When it was given.
        connects: How many connects there were once those under way had ended; None before that.
    """

    since: float
    connects: int | None = None


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

    A refused device is looked at again when a person asks, which one does at the end of every odd
    seed. The others heal without anybody, so they have no refused devices.

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
            await siege.rage(duration, _kinds(seed, kinds or [*Mischief]))
            return await siege.heal()
        except Exception as error:
            error.add_note(f"seed {seed}")
            raise
        finally:
            await siege.supervisor.stop()


def _kinds(seed: int, kinds: Collection[Mischief]) -> list[Mischief]:
    return [kind for kind in kinds if seed % 2 or kind is not Mischief.DEVICE_REFUSED]


@asynccontextmanager
async def nothing_left_behind() -> AsyncIterator[None]:
    """Check that no task and no open file or socket is left."""
    tasks, files = len(asyncio.all_tasks()), _open_files()
    yield
    async with asyncio.timeout(5):
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
        self._pauses: dict[str, Pause] = {}
        self._unlinked: Counter[str] = Counter()
        self._resumed: Counter[str] = Counter()
        self._starts = 0
        self._begun = self._now()

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    async def begin(self) -> None:
        """Make the devices and the clients, and supervise them."""
        for name, count in ACCOUNTS.items():
            self.world.add_devices(name, count, state="connected")
            http = httpx.AsyncClient(transport=Impatient(), trust_env=False)
            await self._stack.enter_async_context(http)
            self._clients[name] = WutsClient(f"token-{name}", base_url=self.sim.url, http=http)
        await self._supervise()

    async def _supervise(self) -> None:
        self._starts += 1
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
            self._check()

    def _pick(self) -> tuple[str, str] | None:
        name = self._chance.choice([*ACCOUNTS])
        ids = [*self.supervisor.devices(name)]
        return (name, self._chance.choice(ids)) if ids else None

    async def _pause(self) -> None:
        if picked := self._pick():
            await self.supervisor.pause(*picked)
            self._pauses.setdefault(picked[1], Pause(self._now()))

    async def _disconnect(self) -> None:
        if picked := self._pick():
            with suppress(WutsError):
                await self.supervisor.disconnect(*picked)
            self._pauses.setdefault(picked[1], Pause(self._now()))

    async def _resume(self) -> None:
        for device_id in [*self._pauses]:
            for name in ACCOUNTS:
                if device_id in self.supervisor.devices(name):
                    del self._pauses[device_id]
                    self._resumed[device_id] += 1
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
            self._unlinked[device.id] += 1
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

    def _check(self) -> None:
        requests = self.world.requests
        assert all(count <= 1 for count in requests.max_in_flight.values()), "two connects at once"
        # One call of a person, and one that its client has just left.
        room = QUICK.concurrency + len(ACCOUNTS) + 2
        assert requests.most_at_once <= room, f"{requests.most_at_once} requests at once"
        for device_id, pause in self._pauses.items():
            connects = requests.connects[device_id]
            if pause.connects is not None:
                assert connects == pause.connects, "a paused device was connected"
            elif self._now() > pause.since + _SETTLED and not requests._in_flight[device_id]:
                pause.connects = connects

    # Once the gateway is well

    async def heal(self) -> Outcome:
        """Drop every session, let the gateway behave, and wait until all is as it should be."""
        adversary = self.world.adversary
        assert adversary is not None
        self.world.restart(drop_share=1.0)
        self.world.behave()
        begun = self._now()
        if self.seed % 2:
            self._look_at_everything()
        while wrong := self._what_is_wrong():
            assert self._now() < begun + BOUND, f"not healed: {wrong}"
            await asyncio.sleep(0.01)
            self._check()
        healed_in = self._now() - begun
        self._check_the_story(adversary.unlinked + self._unlinked + self._resumed)
        self._check_the_budget()
        await self._check_that_it_lasts()
        return Outcome(healed_in, self.world.requests.total(), adversary.struck)

    def _look_at_everything(self) -> None:
        """Do what a person does after a bad night."""
        for name in ACCOUNTS:
            self.supervisor.wake(name)
            for device_id in self.supervisor.devices(name):
                self.supervisor.wake(name, device_id)

    def _what_is_wrong(self) -> list[str]:
        wrong = [
            f"{name} is {state}"
            for name in ACCOUNTS
            if (state := self.supervisor.account_state(name)) is not AccountState.HEALTHY
        ]
        wrong += [
            f"{alert.kind} of {alert.account} is open"
            for alert in self.supervisor.open_alerts()
            if alert.kind in _ENDS_WITH_THE_TROUBLE
        ]
        pairing = Counter(
            alert.device_id
            for alert in self.supervisor.open_alerts()
            if alert.kind is AlertKind.NEEDS_PAIRING
        )
        for real in self.world.registry.devices.values():
            known = self.supervisor.devices(real.user.tenant.name).get(real.id)
            seen = known.state if known else None
            if not self._is_well(real, seen, pairing[real.id]):
                linked = "linked" if real.jid else "unlinked"
                wrong.append(f"{real.name} is {real.session} and {linked}, but taken for {seen}")
        return wrong

    def _is_well(self, real: Device, state: DeviceState | None, alerts: int) -> bool:
        if real.id in self._pauses and state is DeviceState.PAUSED:
            return True
        if real.jid is not None:
            return real.is_connected and state is DeviceState.CONNECTED and not alerts
        return (state, alerts) in {(DeviceState.NEEDS_PAIRING, 1), (DeviceState.NEVER_PAIRED, 0)}

    def _check_the_story(self, reasons: Counter[str]) -> None:
        """Check that events follow on each other, and that each episode had a reason."""
        check_story(self._listener.events)
        raised = Counter(
            event.device_id
            for event in self._listener.events
            if isinstance(event, Alert)
            and event.kind is AlertKind.NEEDS_PAIRING
            and event.status is AlertStatus.RAISED
        )
        for device_id, count in raised.items():
            assert count <= reasons[device_id or ""], (
                f"needs pairing, and there was no reason: {self._story_of(device_id)}"
            )

    def _story_of(self, device_id: str | None) -> str:
        """Return what was told of a device, in short."""
        return ", ".join(
            f"{event.kind} {event.status}"
            if isinstance(event, Alert)
            else f"{event.new}: {event.reason}"
            for event in self._listener.events
            if isinstance(event, Alert | StateChanged) and event.device_id == device_id
        )

    def _check_the_budget(self) -> None:
        elapsed = self._now() - self._begun
        intervals = elapsed / QUICK.interval + self._starts
        listings = self.world.requests.by_endpoint[EndpointName.LIST_DEVICES]
        assert listings <= len(ACCOUNTS) * _LISTINGS_AN_INTERVAL * intervals, f"{listings} listings"
        most = 10 + 3 * elapsed / (QUICK.cap / 2)
        connects = self.world.requests.connects
        assert all(count <= most for count in connects.values()), f"{connects} in {elapsed:.1f} s"

    async def _check_that_it_lasts(self) -> None:
        linked = {device.id for device in self.world.registry.devices.values() if device.jid}
        before = Counter(self.world.requests.connects)
        await asyncio.sleep(3 * QUICK.interval)
        assert not self._what_is_wrong()
        again = {one for one in linked if before[one] != self.world.requests.connects[one]}
        assert not again, f"connected again: {[self._story_of(one) for one in again]}"


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
