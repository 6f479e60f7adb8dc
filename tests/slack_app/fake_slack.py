"""A small Slack for what the local server lacks: it answers what a test tells it to."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient


@dataclass
class FakeSlack:
    """Slack's Web API, one list of answers a method; the last answer is given again and again."""

    hold: asyncio.Event | None = None
    """What every call of `held` waits for, if there is one."""
    held: str = "chat.postMessage"
    url: str = ""
    answers: dict[str, list[dict[str, Any] | int]] = field(default_factory=dict)
    calls: dict[str, list[dict[str, str]]] = field(default_factory=lambda: defaultdict(list))

    @property
    def client(self) -> AsyncWebClient:
        """A client of this Slack, that waits out rate limits as the app's does."""
        client = AsyncWebClient(token="xoxb-fake", base_url=f"{self.url}/api/")
        client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=2))
        return client

    async def answer(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        sent = {**request.query, **{key: str(one) for key, one in (await request.post()).items()}}
        if request.content_type == "application/json":
            sent |= await request.json()
        self.calls[method].append(sent)
        if self.hold is not None and method == self.held:
            await self.hold.wait()
        left = self.answers[method]
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, int):
            headers = {"Retry-After": "0"}
            return web.json_response({"ok": False}, status=answer, headers=headers)
        return web.json_response({"ok": "error" not in answer, **answer})

    async def take_file(self, _request: web.Request) -> web.Response:
        return web.Response(text="OK")


@asynccontextmanager
async def fake_slack(**answers: list[dict[str, Any] | int]) -> AsyncIterator[FakeSlack]:
    """Run one; a method's dots are written as double underscores."""
    fake = FakeSlack(answers={name.replace("__", "."): list(one) for name, one in answers.items()})
    app = web.Application()
    app.router.add_route("*", "/api/{method}", fake.answer)
    app.router.add_post("/upload", fake.take_file)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        fake.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield fake
    finally:
        await runner.cleanup()
