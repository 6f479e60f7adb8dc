"""A local port for those who watch the app: ``/healthz`` and ``/metrics``."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from .background import Background
from .metrics import Metrics

type IsConnected = Callable[[], Awaitable[bool]]


@asynccontextmanager
async def running_monitor(
    host: str, port: int, metrics: Metrics, is_connected: IsConnected, background: Background
) -> AsyncIterator[int]:
    """Listen for as long as the context lasts; yields the port.

    ``/healthz`` is 200 while the app can hear Slack and none of its tasks keeps failing, else 503.
    A gateway that is down does not count: restarting the app would not help.

    Args:
        host: Where to listen.
        port: The same; 0 for any that is free.
        metrics: What ``/metrics`` shows.
        is_connected: Tells whether the app can hear Slack.
        background: Knows which tasks keep failing.

    Raises:
        OSError: The address cannot be bound.
    """

    async def health(_request: web.Request) -> web.Response:
        if not await is_connected():
            return web.json_response({"status": "not connected to Slack"}, status=503)
        if broken := background.broken:
            answer = {"status": "a task keeps failing", "tasks": broken}
            return web.json_response(answer, status=503)
        return web.json_response({"status": "ok"})

    async def figures(_request: web.Request) -> web.Response:
        return web.Response(body=metrics.text(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    app = web.Application()
    app.router.add_get("/healthz", health)
    app.router.add_get("/metrics", figures)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        bound: int = runner.addresses[0][1]
        yield bound
    finally:
        await runner.cleanup()
