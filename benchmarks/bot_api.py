"""A small Telegram: only what Home Assistant's telegram_bot asks of the Bot API.

It runs in its own process, as our gateway does, so its work does not count.
"""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiohttp import web

TOKEN = "123456789:a-bots-token"  # noqa: S105 - of no bot
CHAT = 4711

_USER = {"id": 123456789, "is_bot": True, "first_name": "Bot", "username": "a_bot"}
_ANSWERS: dict[str, Any] = {
    "getMe": _USER,
    "getWebhookInfo": {"url": "", "has_custom_certificate": False, "pending_update_count": 0},
    "getChat": {"id": CHAT, "type": "private", "accent_color_id": 0, "max_reaction_count": 1},
}


class BotApi:
    """Answers calls, and remembers where updates are to go and with which secret."""

    def __init__(self) -> None:
        self._webhook: dict[str, Any] = {}

    async def answer(self, request: web.Request) -> web.Response:
        """Answer a call of the API."""
        method = request.match_info["method"]
        if method == "setWebhook":
            self._webhook = dict(await request.post())
        return web.json_response({"ok": True, "result": _ANSWERS.get(method, True)})

    async def webhook(self, _request: web.Request) -> web.Response:
        """Tell the measurement where updates are to go."""
        return web.json_response(self._webhook)


def text_update(number: int, text: str) -> dict[str, Any]:
    """Return a message as Telegram delivers it."""
    person = {"id": CHAT, "is_bot": False, "first_name": "Ana"}
    message = {
        "message_id": number,
        "date": 1_790_000_000,
        "from": person,
        "chat": {"id": CHAT, "type": "private", "first_name": "Ana"},
        "text": text,
    }
    return {"update_id": number, "message": message}


@contextmanager
def running_bot_api() -> Iterator[str]:
    """Run it for as long as the context lasts, and give its address."""
    command = [sys.executable, "-m", "benchmarks.bot_api"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            if process.stdout is None:
                raise RuntimeError("The server has no output")
            yield str(json.loads(process.stdout.readline())["url"])
        finally:
            process.terminate()


async def _serve() -> web.Application:
    api = BotApi()
    app = web.Application()
    app.router.add_get("/webhook", api.webhook)
    app.router.add_route("*", "/bot{token}/{method}", api.answer)
    return app


def main() -> None:
    """Serve until it is ended."""
    listener = socket.create_server(("127.0.0.1", 0))
    print(json.dumps({"url": f"http://127.0.0.1:{listener.getsockname()[1]}"}), flush=True)
    web.run_app(_serve(), sock=listener, print=None)


if __name__ == "__main__":
    main()
