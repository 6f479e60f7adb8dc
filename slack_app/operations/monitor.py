"""A local port for those who watch the app: ``/healthz``, ``/readyz`` and ``/metrics``."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from aiohttp import web

from wuts.metrics import CONTENT_TYPE
from wuts.operations.background import Background
from wuts.operations.health import (
    STANDBY,
    STANDBY_WITHOUT_STORE,
    Health,
    at_work,
    health_routes,
    unwell,
)

from .metrics import Metrics

type IsConnected = Callable[[], Awaitable[bool]]

_DEAF = unwell("not connected to Slack")


@dataclass(frozen=True, slots=True)
class _Work:
    is_connected: IsConnected
    background: Background
    unwritable: Callable[[], Mapping[str, str]]


class Monitor:
    """What the port tells; the life cycle says which phase the app is in.

    ``/healthz`` is 200 on standby, and while the app can hear Slack and none of its tasks keeps
    failing, else 503. A gateway or a store that is down does not count, nor does a channel that
    takes no alerts, which is named: restarting the app would not help. ``/readyz`` is 200 only
    while the app hears Slack.

    Args:
        accounts: The names of the app's accounts.

    Attributes:
        metrics: What ``/metrics`` shows.
    """

    def __init__(self, accounts: Collection[str] = ()) -> None:
        self.metrics = Metrics(accounts)
        self._phase: Health | _Work = _DEAF

    def deaf(self) -> None:
        """The app is about to work, or to end."""
        self._phase = _DEAF

    def waiting(self, *, is_owned: bool) -> None:
        """The app waits to take over.

        Args:
            is_owned: Whether that is since another app works, and not since the store is away.
        """
        self._phase = STANDBY if is_owned else STANDBY_WITHOUT_STORE

    def working(
        self,
        is_connected: IsConnected,
        background: Background,
        unwritable: Callable[[], Mapping[str, str]] = dict,
    ) -> None:
        """The app works.

        Args:
            is_connected: Tells whether the app can hear Slack.
            background: Knows which tasks keep failing.
            unwritable: Tells which channels take no alerts, and Slack's error.
        """
        self._phase = _Work(is_connected, background, unwritable)

    @asynccontextmanager
    async def listening(self, host: str, port: int) -> AsyncIterator[int]:
        """Listen for as long as the context lasts; yields the port.

        Args:
            host: Where to listen.
            port: The same; 0 for any that is free.

        Raises:
            OSError: The address cannot be bound.
        """
        app = web.Application()
        app.add_routes([*health_routes(self._health), web.get("/metrics", self._metrics)])
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port).start()
            bound: int = runner.addresses[0][1]
            yield bound
        finally:
            await runner.cleanup()

    async def _metrics(self, _request: web.Request) -> web.Response:
        body = await self.metrics.read()
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE})

    async def _health(self) -> Health:
        phase = self._phase
        if not isinstance(phase, _Work):
            return phase
        if not await phase.is_connected():
            return _DEAF
        health, unwritable = at_work(phase.background), phase.unwritable()
        if not unwritable:
            return health
        return replace(health, answer={**health.answer, "unwritable_channels": unwritable})
