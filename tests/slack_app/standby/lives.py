"""Apps that live in this process, as ``python -m slack_app`` lets them live in its own."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import override

from aiohttp import ClientSession

from slack_app.app import RunningApp
from slack_app.life_cycle import LifeCycle
from slack_app.settings import Settings
from tests.slack_app.strict_slack import PATIENCE, StrictSlack
from tests.slack_app.test_app import TEMPO
from wuts.supervisor.store.ownership import DEFAULT_LEASE
from wuts.supervisor.store.sql import SqlStore
from wuts_simulator import Simulator

type Told = tuple[int, str]


@dataclass(frozen=True)
class Duo:
    """Two apps, not running, whose calls can be told apart.

    Attributes:
        slack: Slack's side of both.
        gateway: What the first app supervises.
        second_gateway: What the second app takes for the same gateway.
        first: The first app's settings.
        second: The second app's.
    """

    slack: StrictSlack
    gateway: Simulator
    second_gateway: Simulator
    first: Settings
    second: Settings


@dataclass
class Life:
    """One app.

    Attributes:
        settings: Its own.
        stop: What a signal sets.
        works: The app, each time that it has begun to work.
        tries: How often it has tried to become the owner of its accounts.
    """

    settings: Settings
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    works: asyncio.Queue[RunningApp] = field(default_factory=asyncio.Queue)
    tries: int = 0
    task: asyncio.Task[None] | None = None

    async def at_work(self) -> RunningApp:
        """Wait until it has begun to work, once more."""
        async with asyncio.timeout(PATIENCE):
            return await self.works.get()

    async def health(self) -> Told:
        """Return what it says of its health."""
        return await self._told("healthz")

    async def readiness(self) -> Told:
        """Return what it says of its readiness."""
        return await self._told("readyz")

    async def figures(self) -> str:
        """Return its metrics."""
        return (await self._told("metrics"))[1]

    async def on_standby(self) -> None:
        """Wait until it says that it is a standby."""
        async with asyncio.timeout(PATIENCE):
            while await self.health() != (200, '{"status": "standby"}'):
                pass

    async def tries_again(self, times: int) -> None:
        """Wait until it has tried to take over so many times more."""
        wanted = self.tries + times
        async with asyncio.timeout(PATIENCE):
            while self.tries < wanted:
                await self.health()

    async def end(self) -> None:
        """Stop it, and wait until it has ended."""
        assert self.task is not None
        self.stop.set()
        async with asyncio.timeout(PATIENCE):
            await self.task

    async def _told(self, path: str) -> Told:
        url = f"http://127.0.0.1:{self.settings.monitor_port}/{path}"
        async with ClientSession() as http, http.get(url) as answer:
            return answer.status, await answer.text()


@asynccontextmanager
async def living(
    settings: Settings, address: str, lease: float = DEFAULT_LEASE
) -> AsyncIterator[Life]:
    """Let an app live for as long as the context lasts."""
    life = Life(settings)

    class CountedStore(SqlStore):
        @override
        async def claim(self, accounts: Collection[str]) -> None:
            life.tries += 1
            await super().claim(accounts)

    cycle = LifeCycle(
        settings,
        lambda: CountedStore(address, lease=lease),
        tempo=TEMPO,
        on_work=life.works.put_nowait,
    )
    life.task = asyncio.create_task(cycle.run(life.stop))
    try:
        # The monitor listens from the next turns of the loop on.
        await until_heard(life)
        yield life
    finally:
        await life.end()


@asynccontextmanager
async def both(first: Settings, second: Settings, address: str) -> AsyncIterator[tuple[Life, Life]]:
    """Let one app work and another wait."""
    async with living(first, address) as one:
        await one.at_work()
        async with living(second, address) as two:
            await two.on_standby()
            yield one, two


async def until_heard(life: Life) -> None:
    """Wait until the monitor answers."""
    assert life.task is not None
    async with asyncio.timeout(PATIENCE):
        while not life.task.done():
            try:
                await life.health()
            except OSError:
                await asyncio.sleep(0)
            else:
                return
    await life.task
