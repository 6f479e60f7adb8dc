"""A local port for those who watch the app: ``/healthz``, ``/livez``, ``/readyz``, ``/metrics``."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus

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

type Troubles = Callable[[], Mapping[str, object]]
"""Returns what a person must fix in Slack, by the names that `REASONS` has."""

_DEAF = unwell("not connected to Slack")

REASONS = {
    "refused_tokens": "Slack refuses a token",
    "missing_scopes": "the app lacks scopes in Slack",
    "unwritable_channels": "a channel takes no alerts",
}
"""What ``/healthz`` says of each trouble, the gravest first."""


@dataclass(frozen=True, slots=True)
class _Work:
    is_connected: IsConnected
    background: Background
    troubles: Troubles


class Monitor:
    """What the port tells; the life cycle says which phase the app is in.

    ``/livez`` is 200 on standby, and while the app can hear Slack and none of its tasks keeps
    failing, else 503: restarting the app may help. ``/healthz`` is 503 as well where a person must
    mend something in Slack, and says what: a token that is refused, a scope that is missing, a
    channel that takes no alerts. A gateway that is down does not count, nor does a store that goes
    away while the app works. ``/readyz`` is 200 only while the app hears Slack.

    Args:
        accounts: The names of the app's accounts.

    Attributes:
        metrics: What ``/metrics`` shows.
    """

    def __init__(self, accounts: Collection[str] = ()) -> None:
        self.metrics = Metrics(accounts)
        self._phase: Health | _Work = _DEAF
        self._is_new = False

    def deaf(self) -> None:
        """The app is about to work, or to end."""
        self.metrics.store_away(is_away=False)
        self._phase, self._is_new = _DEAF, False

    def waiting(self, *, is_owned: bool, is_new: bool = False) -> None:
        """The app waits to take over.

        Args:
            is_owned: Whether that is since another app works, and not since the store is away.
            is_new: Whether the app has not worked yet: one whose store is away is not healthy.
        """
        self.metrics.store_away(is_away=not is_owned)
        self._is_new = is_new and not is_owned
        self._phase = STANDBY if is_owned else STANDBY_WITHOUT_STORE

    def working(
        self, is_connected: IsConnected, background: Background, troubles: Troubles = dict
    ) -> None:
        """The app works.

        Args:
            is_connected: Says whether the app can hear Slack.
            background: Knows which tasks keep failing.
            troubles: Says what a person must fix in Slack.
        """
        self._phase = _Work(is_connected, background, troubles)

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
        routes = [web.get("/healthz", self._healthz), web.get("/metrics", self._metrics)]
        app.add_routes([*routes, *health_routes(self._health, healthz="/livez")])
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

    async def _healthz(self, _request: web.Request) -> web.Response:
        health = await self._health()
        status, answer = health.status, dict(health.answer)
        if isinstance(self._phase, _Work):
            troubles = {name: told for name, told in self._phase.troubles().items() if told}
            if troubles and status == HTTPStatus.OK:
                reason = next(text for name, text in REASONS.items() if name in troubles)
                status, answer = HTTPStatus.SERVICE_UNAVAILABLE, {"status": reason}
            answer |= troubles
        elif self._is_new:
            status = HTTPStatus.SERVICE_UNAVAILABLE
        return web.json_response(answer, status=status)

    async def _health(self) -> Health:
        phase = self._phase
        if not isinstance(phase, _Work):
            return phase
        return at_work(phase.background) if await phase.is_connected() else _DEAF
