"""Processes of ``wuts watch --share``, the gateway that they look at, and what happens there."""

import asyncio
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from itertools import pairwise
from pathlib import Path
from random import Random

from tests.core.wuts.supervisor.store.shards_held import until_even
from tests.wuts_cli.command import Ended, Wuts
from wuts.clock import steady_time
from wuts.supervisor.store.keys import SHARDS, shard_of
from wuts_simulator import Simulator
from wuts_simulator.answers import Answer
from wuts_simulator.api import gate
from wuts_simulator.api.call import Call
from wuts_simulator.contract import EndpointName
from wuts_simulator.errors import ConflictError

LEASE = 6.0
INTERVAL = 5.0
QUICK = ("--interval", str(INTERVAL), "--base", "0.1", "--cap", "0.5", "--debounce", "60")
CALLS = ("--concurrency", "300")
"""At once, of all processes: more than one of them may make."""
PATIENCE = 300
"""Seconds: on a busy machine six processes that load and compile all modules take long to start."""
DEVICES = 4
"""Of each account; if half of them dropped at once, they would be expected to return alone."""


def one_account_a_shard() -> list[str]:
    found: dict[int, str] = {}
    number = 0
    while len(found) < SHARDS:
        number += 1
        found.setdefault(shard_of(f"account-{number}"), f"account-{number}")
    return list(found.values())


ACCOUNTS = one_account_a_shard()


class Looks:
    """When the gateway was asked for the devices of each account."""

    def __init__(self) -> None:
        self.times: dict[str, list[float]] = {name: [] for name in ACCOUNTS}

    async def list_devices(self, call: Call) -> Answer:
        self.times[call.user().tenant.name].append(steady_time())
        return await ORIGINAL(call)

    def since(self, when: float) -> set[str]:
        return {name for name, times in self.times.items() if times and times[-1] > when}

    async def at_all(self) -> None:
        """Wait until each account was asked about once more."""
        begin = steady_time()
        await until(lambda: self.since(begin) == set(ACCOUNTS))

    def longest_gap(self, begin: float, end: float) -> float:
        """Return how long an account was not asked about, at most."""
        gaps = [0.0]
        for times in self.times.values():
            seen = [begin, *(at for at in times if begin < at < end), end]
            gaps += [after - before for before, after in pairwise(seen)]
        return max(gaps)


ORIGINAL = gate._HANDLERS[EndpointName.LIST_DEVICES]


@contextmanager
def counted(looks: Looks) -> Iterator[None]:
    """Note when a gateway of this process is asked; begin before it starts."""
    gate._HANDLERS[EndpointName.LIST_DEVICES] = looks.list_devices
    try:
        yield
    finally:
        gate._HANDLERS[EndpointName.LIST_DEVICES] = ORIGINAL


class Group:
    """Processes with one configuration.

    Args:
        sim: The gateway.
        address: The store's.
        folder: Where the configuration is put.
        lease: Of the store, in seconds.
    """

    def __init__(self, sim: Simulator, address: str, folder: Path, *, lease: float = LEASE) -> None:
        self._file = folder / "wuts.toml"
        accounts = (
            f"[accounts.{name}]\ntoken = 'token-of-{name}'\nurl = '{sim.url}'\n"
            for name in ACCOUNTS
        )
        self._file.write_text(f"store = '{address}'\nlease = {lease}\n" + "".join(accounts))
        self._wuts = Wuts(sim.url)
        self.address = address

    @asynccontextmanager
    async def process(self) -> AsyncIterator[Process]:
        arguments = ("watch", "--json", "--share", "--config", str(self._file), *QUICK, *CALLS)
        async with self._wuts.started(*arguments) as process:
            yield process

    async def pause(self, sim: Simulator, account: str, device_id: str) -> Ended:
        """Order a pause of whichever process looks after the account."""
        wuts = Wuts(sim.url, token=f"token-of-{account}")
        return await wuts("pause", device_id, "--store", self.address, "--account", account)

    async def until_even(self, members: int) -> None:
        """Wait until so many processes hold all shards, each about as many."""
        await until_even(self.address, members, PATIENCE)


class Storm:
    """Drops random devices, of each account fewer than would be expected to return alone."""

    def __init__(self, sim: Simulator) -> None:
        self.drops = 0
        self._sim = sim
        self._devices: list[str] = []
        for name in ACCOUNTS:
            sim.world.add_devices(name, 2 * DEVICES, state="connected")
            self._devices += [*sim.world.registry.user(name).tenant.devices][: DEVICES + 1]

    async def rage(self) -> None:
        """Drop devices until it is cancelled."""
        rng = Random(1)
        while True:
            with suppress(ConflictError):  # it has dropped already
                self._sim.world.drop(rng.choice(self._devices))
                self.drops += 1
            await asyncio.sleep(0.02)

    async def until(self, drops: int) -> None:
        await until(lambda: self.drops >= drops)

    def has_passed(self) -> bool:
        return all(self._sim.world.device(one).is_connected for one in self._devices)


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - what is waited for tells nobody
            await asyncio.sleep(0.02)


async def ended(process: Process) -> str:
    """Wait until a process that was told to end has ended; return what it complained of."""
    async with asyncio.timeout(PATIENCE):
        _, err = await process.communicate()
    assert process.returncode == 143
    return err.decode()
