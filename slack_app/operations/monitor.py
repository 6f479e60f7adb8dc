"""A local port for those who watch the app: ``/healthz``, ``/readyz`` and ``/metrics``."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from .background import Background
from .metrics import Metrics

type IsConnected = Callable[[], Awaitable[bool]]
type Health = tuple[HTTPStatus, Mapping[str, object]]

_DEAF = HTTPStatus.SERVICE_UNAVAILABLE, {"status": "not connected to Slack"}
_STANDBY = HTTPStatus.OK, {"status": "standby"}
_NO_STORE = HTTPStatus.OK, {"status": "standby, and the store does not answer"}


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

    Attributes:
        metrics: What ``/metrics`` shows.
    """

    def __init__(self) -> None:
        self.metrics = Metrics()
        self._phase: Health | _Work = _DEAF

    def deaf(self) -> None:
        """The app is about to work, or to end."""
        self._phase = _DEAF

    def waiting(self, *, is_owned: bool) -> None:
        """The app waits to take over.

        Args:
            is_owned: Whether that is since another app works, and not since the store is away.
        """
        self._phase = _STANDBY if is_owned else _NO_STORE

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
        app.router.add_get("/healthz", self._healthz)
        app.router.add_get("/readyz", self._readyz)
        app.router.add_get("/metrics", self._metrics)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port).start()
            bound: int = runner.addresses[0][1]
            yield bound
        finally:
            await runner.cleanup()

    async def _healthz(self, _request: web.Request) -> web.Response:
        status, answer = await self._health()
        return web.json_response(answer, status=status)

    async def _readyz(self, _request: web.Request) -> web.Response:
        status, answer = await self._health()
        if not isinstance(self._phase, _Work):
            status = HTTPStatus.SERVICE_UNAVAILABLE
        return web.json_response(answer, status=status)

    async def _metrics(self, _request: web.Request) -> web.Response:
        body = self.metrics.text()
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _health(self) -> Health:
        phase = self._phase
        if not isinstance(phase, _Work):
            return phase
        if not await phase.is_connected():
            return _DEAF
        if broken := phase.background.broken:
            answer = {"status": "a task keeps failing", "tasks": broken}
            return HTTPStatus.SERVICE_UNAVAILABLE, answer
        unwritable = phase.unwritable()
        channels = {"unwritable_channels": unwritable} if unwritable else {}
        return HTTPStatus.OK, {"status": "ok", **channels}
