"""The demonstration's Slack: a local Slack server, and our app in it."""

import asyncio
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from scripts.lib.parts import Part, listens

REAL_SLACK = "https://app.slack.com/client"

PERSON, PERSON_NAME = "U1ANA", "ana"
CHANNEL, CHANNEL_NAME = "C1OPS", "ops"
_BOT_TOKEN = "xoxb-demo"  # noqa: S105 - the local server looks at no token
_APP_TOKEN = "xapp-demo"  # noqa: S105
_AS_APP = {"Authorization": f"Bearer {_BOT_TOKEN}"}

type Message = dict[str, Any]
"""A message as Slack writes it."""

LOOK_AGAIN = 0.1
"""Seconds from one look at a channel to the next."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """A local Slack server with one person, one channel, and the app.

    Attributes:
        program: The server.
        port: Where it listens.
        folder: Where it and the app keep what is theirs.
    """

    program: Path
    port: int
    folder: Path

    @property
    def url(self) -> str:
        """Its page."""
        return f"http://127.0.0.1:{self.port}"

    def server(self, log: Path) -> Part:
        """Return how to run the server."""
        self.folder.mkdir(parents=True, exist_ok=True)
        config = self.folder / "workspace.json"
        config.write_text(json.dumps(_workspace()))
        return Part(
            name="The local Slack server",
            command=(
                *(self.program, "--config", config, "--port", str(self.port)),
                *("--base-host", "127.0.0.1", "--files-dir", self.folder / "files"),
            ),
            log=log,
            is_ready=lambda: listens(self.port),
        )

    def app(self, log: Path, gateway_url: str, token: str, health_port: int) -> Part:
        """Return how to run our app in it."""
        environment = {
            **os.environ,
            **self.settings(gateway_url, token),
            "WUTS_SLACK_STORE": f"sqlite:///{self.folder / 'wuts-slack.db'}",
        }
        return app_part(log, environment, health_port)

    def settings(self, gateway_url: str, token: str) -> dict[str, str]:
        """Return what our app must know to be in this workspace, as variables."""
        return {
            "WUTS_SLACK_BOT_TOKEN": _BOT_TOKEN,
            "WUTS_SLACK_APP_TOKEN": _APP_TOKEN,
            "WUTS_SLACK_SLACK_URL": f"{self.url}/api/",
            "WUTS_SLACK_ALLOW_USERS": json.dumps([PERSON]),
            "WUTS_SLACK_ALERT_CHANNEL": CHANNEL,
            "WUTS_SLACK_ACCOUNTS": json.dumps({"home": {"token": token, "url": gateway_url}}),
        }

    async def order(self, text: str) -> None:
        """Type a slash command in the channel."""
        order = {"channel": CHANNEL, "user": PERSON, "command": "/wuts", "text": text}
        await self._ask("POST", "/_control/command", json=order)

    async def message(
        self, channel: str, wanted: Callable[[Message], object], patience: float
    ) -> Message:
        """Wait for a message, and return the newest that is as wanted.

        Raises:
            TimeoutError: None was, for ``patience`` seconds.
        """
        async with asyncio.timeout(patience):
            while True:
                answer = await self._ask("GET", f"/_control/messages/{channel}")
                messages: list[Message] = answer.json()["messages"]
                for message in reversed(messages):
                    if wanted(message):
                        return message
                await asyncio.sleep(LOOK_AGAIN)

    async def picture(self, file_id: str) -> bytes:
        """Return a picture that the app has uploaded."""
        info = await self._ask("GET", "/api/files.info", params={"file": file_id})
        return (await self._ask("GET", info.json()["file"]["url_private"])).content

    async def direct_channel(self) -> str:
        """Return the channel of the person's direct messages with the app."""
        answer = await self._ask("POST", "/api/conversations.open", data={"users": PERSON})
        return str(answer.json()["channel"]["id"])

    async def _ask(self, method: str, path: str, **what: Any) -> httpx.Response:  # noqa: ANN401
        async with httpx.AsyncClient(base_url=self.url, trust_env=False, headers=_AS_APP) as http:
            answer = await http.request(method, path, **what)
        return answer.raise_for_status()


def app_part(log: Path, environment: dict[str, str], health_port: int) -> Part:
    """Return how to run our app with these settings."""

    async def is_well() -> bool:
        try:
            async with httpx.AsyncClient(trust_env=False) as http:
                answer = await http.get(f"http://127.0.0.1:{health_port}/healthz")
        except httpx.TransportError:
            return False
        return answer.is_success

    return Part(
        name="The Slack app",
        command=(sys.executable, "-m", "slack_app"),
        log=log,
        is_ready=is_well,
        environment={**environment, "WUTS_SLACK_MONITOR_PORT": str(health_port)},
    )


def _workspace() -> dict[str, Any]:
    return {
        "workspace": {"name": "WUTS", "id": "T1WUTS", "domain": "wuts"},
        "app": {
            "appId": "A1WUTS",
            "botUserId": "U0BOT",
            "botName": "wuts",
            "botToken": _BOT_TOKEN,
            "appToken": _APP_TOKEN,
            "signingSecret": "demo",
            "mode": "socket",
        },
        "users": [{"id": PERSON, "name": PERSON_NAME}],
        "channels": [{"id": CHANNEL, "name": CHANNEL_NAME, "members": [PERSON, "U0BOT"]}],
    }
