"""How Slack reaches the app: a socket that the app opens, or a server that Slack calls."""

import logging
from collections.abc import Awaitable, Callable, Collection, Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from time import time
from typing import override

from aiohttp import web
from slack_bolt.adapter.socket_mode.async_base_handler import AsyncBaseSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from ..settings import Mode, Settings
from .errors import SLACK_ERRORS, is_passing, slack_code

_LOGGER = logging.getLogger(__name__)

EVENTS_PATH = "/slack/events"

PING_INTERVAL = 10.0
"""Seconds from one look at the socket to the next; a lost one is opened again then."""


type IsConnected = Callable[[], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Listening:
    """The app while it listens.

    Attributes:
        port: Where the server listens: that of HTTP mode, or of the pages. None if there is none.
        is_connected: Says whether the app can hear Slack.
    """

    port: int | None
    is_connected: IsConnected


async def check_tokens(settings: Settings, slack: AsyncWebClient) -> None:
    """Ask Slack whether it takes the tokens: the socket's own client would retry forever.

    Raises:
        SlackApiError: Slack refuses one.
    """
    try:
        await slack.auth_test()
        if settings.mode is Mode.SOCKET:
            await slack.apps_connections_open(app_token=settings.app_token.get_secret_value())
    except SLACK_ERRORS as error:
        if not is_passing(error):
            raise
        _LOGGER.warning("Slack is not responding yet (%s)", slack_code(error))


async def listen(  # noqa: PLR0913 - all but three are named
    settings: Settings,
    bolt: AsyncApp,
    stack: AsyncExitStack,
    *,
    webhooks: Iterable[web.RouteDef],
    pages: Collection[web.RouteDef],
    ping: float = PING_INTERVAL,
) -> Listening:
    """Begin to listen.

    Args:
        settings: How Slack reaches the app.
        bolt: Takes what Slack sends.
        stack: Ends it.
        webhooks: What HTTP mode's server takes beside Slack's requests.
        pages: What a server shows to browsers, in either mode; there may be none.
        ping: Seconds from one look at a socket to the next.

    Raises:
        OSError: The address cannot be bound.
    """
    if settings.mode is Mode.HTTP:
        app = bolt.web_app(EVENTS_PATH)
        return Listening(await _serve(app, [*webhooks, *pages], settings, stack), _always)
    port = await _serve(web.Application(), pages, settings, stack) if pages else None
    token = settings.app_token.get_secret_value()
    handler = _SocketHandler(bolt, token, ping)
    stack.push_async_callback(handler.close_async)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    return Listening(port, handler.client.is_connected)


async def _serve(
    app: web.Application,
    routes: Iterable[web.RouteDef],
    settings: Settings,
    stack: AsyncExitStack,
) -> int:
    """Serve some routes until the stack ends; return the port."""
    app.add_routes(routes)
    runner = web.AppRunner(app, access_log=None)
    stack.push_async_callback(runner.cleanup)
    await runner.setup()
    await web.TCPSite(runner, settings.host, settings.port).start()
    port: int = runner.addresses[0][1]
    return port


class _SocketClient(SocketModeClient):
    """Asks for a socket's address once: who wants it asks again after ``ping_interval``."""

    @override
    async def issue_new_wss_url(self) -> str:
        """Return the address; Slack's own waits for as long as any ``Retry-After`` says."""
        answer = await self.web_client.apps_connections_open(app_token=self.app_token)
        return str(answer["url"])


class _SocketHandler(AsyncBaseSocketModeHandler):
    """Bolt's handler, with our client."""

    def __init__(self, bolt: AsyncApp, token: str, ping: float) -> None:
        self.app = self._bolt = bolt
        self.client = _SocketClient(
            app_token=token, logger=bolt.logger, web_client=bolt.client, ping_interval=ping
        )
        self.client.socket_mode_request_listeners.append(self.handle)

    @override
    async def handle(self, client: AsyncBaseSocketModeClient, req: SocketModeRequest) -> None:
        """Hand a request to bolt."""
        began = time()
        answer = await run_async_bolt_app(self._bolt, req)
        await send_async_response(client, req, answer, began)


async def _always() -> bool:
    """The server answers in the same loop, so whoever gets an answer is heard."""
    return True
