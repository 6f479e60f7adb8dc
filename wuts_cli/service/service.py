"""The service around a supervision: its server, its pairings, and its reports to systemd."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

from aiohttp import web

from wuts.metrics import CONTENT_TYPE, Metrics, WebhookResult
from wuts.operations.background import Background
from wuts.operations.health import health_routes
from wuts.operations.webhooks import webhook_routes
from wuts.page import PairingPages
from wuts.supervisor.store.history_reader import HistoryReader
from wuts_cli.board import Board
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
        metrics: What ``/metrics`` shows.
        notifier: Tells systemd.

    Attributes:
        status: How the supervision is.
        background: Runs what runs beside it.
    """

    def __init__(self, supervision: Supervision, metrics: Metrics, notifier: Notifier) -> None:
        self.background = Background()
        self.background.on_failure = metrics.task_failed
        self.status = Status(
            supervision.supervisor, supervision.clients, self.background, shares=supervision.shares
        )
        self._supervision = supervision
        self._metrics = metrics
        self._notifier = notifier
        self._pairings: Pairings | None = None
        supervision.supervisor.subscribe(metrics.on_event)

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Work for as long as the context lasts: the supervisor has started, and is not stopped."""
        self.status.begin()
        if self._notifier.is_wanted:
            self.background.start("systemd", partial(keep_telling, self._notifier, self.status))
        try:
            with self._metrics.watching(self._supervision.supervisor):
                yield
        finally:
            self.status.end()
            self._notifier.tell(STOPPING=1)
            if self._pairings is not None:
                await self._pairings.close()
            await self.background.close()

    @asynccontextmanager
    async def answering(self, listen: Listen) -> AsyncIterator[int]:
        """Listen for as long as the context lasts; yields the port.

        Args:
            listen: Where.

        Raises:
            UsageError: The address cannot be bound.
        """
        access = Access(listen)
        async with AsyncExitStack() as stack:
            board = self._board(access)
            stack.push_async_callback(board.aclose)
            self._pairings = pairings = self._make_pairings(listen, access)
            routes = [
                *self._webhooks(listen, pairings),
                *pairings.routes(),
                *access.routes(),
                *board.routes(),
            ]
            always = [
                *health_routes(self.status.health),
                web.get("/metrics", access.readers_only(self._show_metrics)),
            ]
            server = listening(
                listen.host, listen.port, [*always, *map(self._once_working, routes)]
            )
            port = await stack.enter_async_context(server)
            pairings.base_url = listen.base_url(port)
            if not (listen.is_private or access.is_open):
                complain(ONLY_HEALTH)
            yield port

    def _board(self, access: Access) -> Board:
        address = self._supervision.address
        return Board(
            self._supervision.supervisor,
            self._supervision.clients,
            may_read=access.may_read,
            sign_in=access.sign_in,
            history=HistoryReader(address) if address else None,
        )

    def _make_pairings(self, listen: Listen, access: Access) -> Pairings:
        return Pairings(
            self._supervision,
            access=access,
            pages=PairingPages(proxies=listen.public_proxies),
            background=self.background,
            on_end=self._metrics.pairing_ended,
        )

    def _webhooks(self, listen: Listen, pairings: Pairings) -> list[web.RouteDef]:
        return webhook_routes(
            listen.webhook_secret,
            self._supervision.clients,
            self._supervision.supervisor,
            on_event=pairings.hint,
            count=lambda outcome: self._metrics.webhook(WebhookResult(outcome)),
        )

    async def _show_metrics(self, _request: web.Request) -> web.Response:
        body = await self._metrics.read()
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE})

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
    metrics: Metrics,
    *,
    on_listening: Callable[[str, int], None],
) -> AsyncIterator[Service]:
    """Answer at an address, if there is one, for as long as the context lasts.

    Enter it before anything is asked of the store, so that whoever looks after the process learns
    of it. Enter `Service.working` once the supervisor has started; leave that before it stops.

    Args:
        listen: Where, or None.
        supervision: What it is about.
        metrics: What ``/metrics`` shows; the clients count their calls there.
        on_listening: Gets the host and the port.

    Raises:
        UsageError: The address cannot be bound.
    """
    service = Service(supervision, metrics, Notifier())
    if listen is None:
        yield service
        return
    async with service.answering(listen) as port:
        on_listening(listen.host, port)
        yield service
