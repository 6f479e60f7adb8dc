"""The simulator as one object: a world behind a real HTTP server."""

import asyncio
import contextlib
import secrets
import socket
from contextlib import AsyncExitStack
from typing import Self, cast

from aiohttp import web
from aiohttp.typedefs import Handler

from . import control
from .answers import Answer, set_date
from .api.gate import Gate
from .clock import Clock
from .contract import phrase
from .deliveries import Deliveries
from .errors import ApiError
from .phone import routes as phone
from .settings import Settings
from .threads import InThread, LoopThread
from .world import World

_DEFAULT_TENANT = "home"
_MAX_BODY = 32 * 1024 * 1024
# A call_later may fire a little early by the loop's own clock.
_TIMER_SLACK = 0.002


class Simulator:
    """A local WUTS gateway over real HTTP, for tests and demonstrations.

    ``async with Simulator(Settings(...)) as sim`` serves at `url`; steer it through `world`. With a
    plain ``with`` it serves from its own thread, and `world` may be used from any other.

    Args:
        settings: How it behaves.
        clock: A `ManualClock` lets a test pass the time.

    Attributes:
        world: The gateway's state, with the verbs that steer it.
        token: The first token that is known.
    """

    def __init__(self, settings: Settings | None = None, clock: Clock | None = None) -> None:
        self.settings = settings or Settings()
        self.world = self._world = World(self.settings, clock)
        tokens = self.settings.tokens or ((_DEFAULT_TENANT, secrets.token_urlsafe(24)),)
        for tenant, token in tokens:
            self._world.add_tenant(tenant, token)
        self.token = tokens[0][1]
        self._closing = asyncio.Event()
        self._timers: set[asyncio.TimerHandle] = set()
        self._deliveries = Deliveries(self._world)
        self._stack = AsyncExitStack()
        self._port: int | None = None
        self._thread: LoopThread | None = None

    @property
    def url(self) -> str:
        """The base URL, once the server runs.

        Raises:
            RuntimeError: It does not run.
        """
        if self._port is None:
            raise RuntimeError("the simulator is not running")
        host = f"[{self.settings.host}]" if ":" in self.settings.host else self.settings.host
        return f"http://{host}:{self._port}"

    async def __aenter__(self) -> Self:
        """Start serving.

        Raises:
            OSError: The address cannot be bound.
        """
        async with AsyncExitStack() as stack:
            listener = _listen(self.settings.host, self.settings.port)
            stack.callback(listener.close)
            await stack.enter_async_context(self._deliveries)
            self._connect_timer()
            runner = web.AppRunner(
                self._application(),
                access_log=None,
                handler_cancellation=True,
                shutdown_timeout=1.0,
            )
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            await web.SockSite(runner, listener).start()
            stack.push_async_callback(_stop_accepting, listener)
            self._port = listener.getsockname()[1]
            self._stack = stack.pop_all()
        return self

    async def __aexit__(self, *_exc: object) -> None:
        """Stop: cut hanging requests off, and give up deliveries under way."""
        await self._stack.aclose()

    def __enter__(self) -> Self:
        """Start serving from a thread of its own.

        Raises:
            OSError: The address cannot be bound.
        """
        thread = LoopThread()
        try:
            thread.run(self.__aenter__())
        except BaseException:
            thread.stop()
            raise
        self._thread = thread
        self.world = cast("World", InThread(self._world, thread))
        return self

    def __exit__(self, *_exc: object) -> None:
        """Stop, as at the end of ``async with``, and end the thread."""
        if self._thread is not None:
            self._thread.run(self._stack.aclose())
            self._thread.stop()

    async def webhooks_delivered(self) -> None:
        """Wait until every webhook under way was delivered or given up."""
        finished = self._deliveries.finish()
        await (self._thread.wait_for(finished) if self._thread else finished)

    def _application(self) -> web.Application:
        app = web.Application(client_max_size=_MAX_BODY, middlewares=[self._errors_of_routing])
        app.on_response_prepare.append(self._date)
        app.on_shutdown.append(self._let_go)
        Gate(self._world, self._closing).add_routes(app)
        phone.add_routes(app, self._world)
        if self.settings.control:
            control.add_routes(app, self._world)
        return app

    def _connect_timer(self) -> None:
        loop, settle = asyncio.get_running_loop(), self._world.sessions.settle

        def schedule(seconds: float) -> None:
            def fire() -> None:
                self._timers.discard(timer)
                settle()

            timer = loop.call_later(seconds + _TIMER_SLACK, fire)
            self._timers.add(timer)

        self._world.sessions.hooks.schedule = schedule

    async def _let_go(self, _app: web.Application) -> None:
        """Cut hanging requests off, now that no new one can come in, and end what is awaited."""
        self._closing.set()
        for timer in self._timers:
            timer.cancel()

    async def _date(self, _request: web.BaseRequest, response: web.StreamResponse) -> None:
        """Answer with the gateway's perhaps skewed clock."""
        set_date(response, self._world.sessions.calendar())

    @web.middleware
    async def _errors_of_routing(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        """Answer with the documented envelope where aiohttp would send its own page."""
        try:
            return await handler(request)
        except web.HTTPException as refusal:
            words = phrase(refusal.status)
            error = ApiError(refusal.status, words.lower(), words.upper().replace(" ", "_"))
            at = self._world.sessions.calendar()
            return Answer.of_error(error, with_code=True, at=at).to_response()


async def _stop_accepting(listener: socket.socket) -> None:
    """Accept no more connections: asyncio trips over a server that closes while it accepts."""
    asyncio.get_running_loop().remove_reader(listener)
    await asyncio.sleep(0)


def _listen(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listener = socket.socket(family, kind, protocol)
    with contextlib.ExitStack() as stack:
        stack.callback(listener.close)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        stack.pop_all()
    return listener
