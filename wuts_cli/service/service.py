"""The service around a supervision: its server, its pairings, and what systemd is told."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial

from aiohttp import web

from wuts.operations.background import Background
from wuts.operations.health import health_routes
from wuts.operations.webhooks import webhook_routes
from wuts.page import PairingPages
from wuts_cli.output import complain

from .access import Access
from .listen import Listen
from .pairings import Pairings
from .server import listening
from .status import Status
from .supervision import Supervision
from .systemd import Notifier, keep_telling

ONLY_HEALTH = (
    "Other machines can connect, but there is no token: only /healthz and /readyz answer them. "
    "Set token under [listen] in wuts.toml."
)

NOT_YET = 1
"""Seconds after which to ask again what cannot be answered yet."""


class Service:
    """What runs beside a supervision; `serving` returns it.

    Args:
        supervision: What it is about.
        notifier: Tells systemd.

    Attributes:
        status: How the supervision is.
    """

    def __init__(self, supervision: Supervision, notifier: Notifier) -> None:
        self._background = Background()
        self._notifier = notifier
        self._pairings: Pairings | None = None
        self.status = Status(
            supervision.supervisor,
            supervision.clients,
            self._background,
            shares=supervision.shares,
        )
        self._supervision = supervision
        supervision.supervisor.subscribe(self.status.on_event)

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Work for as long as the context lasts: the supervisor has started, and is not stopped."""
        self.status.begin()
        if self._notifier.is_wanted:
            self._background.start("systemd", partial(keep_telling, self._notifier, self.status))
        try:
            yield
        finally:
            self.status.end()
            self._notifier.tell(STOPPING=1)
            if self._pairings is not None:
                await self._pairings.close()
            await self._background.close()

    @asynccontextmanager
    async def answering(
        self, listen: Listen, parts: Callable[[Access], Sequence[web.RouteDef]]
    ) -> AsyncIterator[int]:
        """Listen for as long as the context lasts; yields the port.

        Args:
            listen: Where.
            parts: Returns what else to serve.

        Raises:
            UsageError: The address cannot be bound.
        """
        access = Access(listen)
        self._pairings = Pairings(
            self._supervision.supervisor,
            self._supervision.clients,
            self._supervision.store,
            access=access,
            pages=PairingPages(proxies=listen.public_proxies),
            background=self._background,
        )
        webhooks = webhook_routes(
            listen.webhook_secret,
            self._supervision.clients,
            self._supervision.supervisor,
            on_event=self._pairings.hint,
        )
        routes = [*webhooks, *self._pairings.routes(), *access.routes(), *parts(access)]
        always = health_routes(self.status.health)
        async with listening(
            listen.host, listen.port, [*always, *map(self._once_working, routes)]
        ) as port:
            self._pairings.base_url = listen.base_url(port)
            if not (listen.is_private or access.is_open):
                complain(ONLY_HEALTH)
            yield port

    def _once_working(self, route: web.RouteDef) -> web.RouteDef:
        """Answer a route's requests only while the supervisor has begun and not ended."""

        async def handle(request: web.Request) -> web.StreamResponse:
            if self.status.is_begun:
                response: web.StreamResponse = await route.handler(request)
                return response
            return web.Response(status=503, headers={"Retry-After": str(NOT_YET)})

        return web.RouteDef(route.method, route.path, handle, route.kwargs)


@asynccontextmanager
async def serving(
    listen: Listen | None,
    supervision: Supervision,
    *,
    on_listening: Callable[[str, int], None],
    parts: Callable[[Access], Sequence[web.RouteDef]] = lambda _access: (),
) -> AsyncIterator[AbstractAsyncContextManager[None]]:
    """Answer at an address, if there is one, for as long as the context lasts.

    Enter it before anything is asked of the store, so that whoever looks after the process learns
    of it. Enter what it yields once the supervisor has started; leave that before it stops.

    Args:
        listen: Where, or None.
        supervision: What it is about.
        on_listening: Is told the host and the port.
        parts: Returns what else to serve.

    Raises:
        UsageError: The address cannot be bound.
    """
    service = Service(supervision, Notifier())
    if listen is None:
        yield service.working()
        return
    async with service.answering(listen, parts) as port:
        on_listening(listen.host, port)
        yield service.working()
