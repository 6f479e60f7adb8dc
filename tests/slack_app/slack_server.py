"""A real local Slack server, and the hands of the people who use it."""

import asyncio
import json
import os
import secrets
import subprocess
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from aiohttp import ClientSession
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from scripts.lib.parts import free_port

ROOT = Path(__file__).parents[2]
BOT_TOKEN = "xoxb-1111-bot-secret"
APP_TOKEN = "xapp-1-2222-app-secret"
SIGNING_SECRET = "signing-secret-3333"
ANA, BOB, CARLA = "U1ANA", "U2BOB", "U3CARLA"
"""Bob is the one who may not."""
OPS = "C1OPS"
ALLOWED = "C2ALLOWED"
"""A channel that Ana and Carla are in and Bob is not."""

PATIENCE = 180.0
"""Seconds until a wait is given up; nothing is asserted about how long it took."""

_INSTALL = "cd scripts/lib && source common.sh && source npm.sh && source local_slack.sh"

type Message = dict[str, Any]


def find_program() -> str | None:
    """Return the server's path, installed if need be; None where it cannot be."""
    if path := os.environ.get("WUTS_LOCAL_SLACK"):
        return path
    command = f"{_INSTALL} && provide_local_slack && echo $WUTS_LOCAL_SLACK"
    done = subprocess.run(
        ["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False, timeout=300
    )
    return done.stdout.strip() or None


class SlackServer:
    """One workspace: Ana, Bob and Carla, the channel #ops, and the app."""

    def __init__(self, url: str, http: ClientSession) -> None:
        self.url = url
        self.api = f"{url}/api/"
        self._http = http
        self.client = AsyncWebClient(token=BOT_TOKEN, base_url=self.api)

    async def command(self, user: str, text: str, *, channel: str = OPS) -> None:
        """Type a slash command."""
        order = {"channel": channel, "user": user, "command": "/wuts", "text": text}
        await self._control("command", order)

    async def click(self, user: str, message: Message, action_id: str) -> None:
        """Click a button of a message."""
        button = buttons(message)[action_id]
        action = {**button, "block_id": "b", "action_ts": "1.0"}
        click = {"channel": message["channel"], "messageTs": message["ts"], "user": user}
        await self._control("interact", {**click, "action": action})

    async def click_value(self, user: str, channel: str, ts: str, button: dict[str, Any]) -> None:
        """Click a button that is no longer on the screen."""
        click = {"channel": channel, "messageTs": ts, "user": user}
        await self._control("interact", {**click, "action": {**button, "block_id": "b"}})

    async def open_home(self, user: str) -> None:
        """Look at the app's home."""
        await self._control("open-home", {"user": user})

    async def home(self, user: str, words: str) -> dict[str, Any]:
        """Wait for a person's home to say these words, and return it as it is now."""
        async with asyncio.timeout(PATIENCE):
            while True:
                published = [
                    call["view"]
                    for call in await self.calls("views.publish")
                    if call["user_id"] == user
                ]
                if published:
                    view = published[-1]
                    view = json.loads(view) if isinstance(view, str) else view
                    if words in text_of(view):
                        return dict(view)
                await asyncio.sleep(0.05)

    async def click_home(self, app_url: str, user: str, view: Message, action_id: str) -> None:
        """Click a button of a home, as Slack tells it in HTTP mode; the server cannot."""
        click = {
            "type": "block_actions",
            "container": {"type": "view", "view_id": "V1"},
            "view": {**view, "id": "V1"},
            "actions": [{**buttons(view)[action_id], "block_id": "b", "action_ts": "1.0"}],
        }
        status, said = await self.interact(app_url, user, click)
        assert status == 200, said

    async def interact(
        self, app_url: str, user: str, what: dict[str, Any], secret: str = SIGNING_SECRET
    ) -> tuple[int, str]:
        """Send the app an interaction as Slack does in HTTP mode; return its answer."""
        common = {
            "user": {"id": user, "team_id": "T1TEST"},
            "team": {"id": "T1TEST"},
            "api_app_id": "A1WUTS",
            "trigger_id": secrets.token_hex(8),
        }
        body = urlencode({"payload": json.dumps({**common, **what})})
        headers = {"Content-Type": "application/x-www-form-urlencoded", **signed(body, secret)}
        async with self._http.post(app_url, data=body, headers=headers) as answer:
            return answer.status, await answer.text()

    async def submit(self, user: str, values: dict[str, Any]) -> None:
        """Send the window that is open."""
        async with self._http.ws_connect(f"{self.url}/ui") as page:
            await page.send_json({"t": "view_submit", "user": user, "values": values})
            # The page hears of it when the server has handled it.
            async for frame in page:
                heard = json.loads(frame.data)
                if heard["t"] in {"view", "view_errors"}:
                    return

    async def window(self) -> dict[str, Any] | None:
        """Return the window that is open, or None."""
        async with self._http.ws_connect(f"{self.url}/ui") as page:
            stack = (await page.receive_json())["state"]["modalStack"]
            return stack[-1] if stack else None

    async def messages(self, channel: str) -> list[Message]:
        """Return a channel's messages as they are now, those for one person included."""
        async with self._http.get(f"{self.url}/_control/messages/{channel}") as answer:
            messages: list[Message] = (await answer.json())["messages"]
            return messages

    async def log(self) -> list[dict[str, Any]]:
        """Return all that went between the app and Slack."""
        async with self._http.get(f"{self.url}/_control/log") as answer:
            entries: list[dict[str, Any]] = (await answer.json())["log"]
            return entries

    async def calls(self, method: str) -> list[dict[str, Any]]:
        """Return the arguments of all calls of one method by the app."""
        return [one["detail"] for one in await self.log() if one["summary"] == method]

    async def direct_channel(self, user: str) -> str:
        """Return the channel of a person's direct messages with the app."""
        return str((await self.client.conversations_open(users=user))["channel"]["id"])

    async def message(self, channel: str, wanted: Callable[[Message], bool]) -> Message:
        """Wait for the newest message that is as wanted, and return it."""
        seen: list[Message] = []
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    seen = await self.messages(channel)
                    for message in reversed(seen):
                        if wanted(message):
                            return message
                    await asyncio.sleep(0.05)
        except TimeoutError:
            shown = "\n".join(text_of(message) for message in seen)
            raise AssertionError(f"No message was as wanted. There are:\n{shown}") from None

    async def says(self, channel: str, words: str) -> Message:
        """Wait for a message with these words in it."""
        return await self.message(channel, lambda message: words in text_of(message))

    async def picture(self, file_id: str) -> bytes:
        """Fetch an uploaded picture, as Slack's own page would."""
        info = await self.client.files_info(file=file_id)
        headers = {"Authorization": f"Bearer {BOT_TOKEN}"}
        async with self._http.get(info["file"]["url_private"], headers=headers) as answer:
            answer.raise_for_status()
            return await answer.read()

    async def files(self) -> set[str]:
        """Return the ids of all files that are not deleted."""
        return {file["id"] for file in (await self.client.files_list())["files"]}

    async def _control(self, verb: str, order: dict[str, Any]) -> None:
        async with self._http.post(f"{self.url}/_control/{verb}", json=order) as answer:
            assert answer.status == 200, await answer.text()


def text_of(message: Message) -> str:
    """Return all that a message says, its buttons included."""
    return json.dumps([message.get("text"), message.get("blocks")], ensure_ascii=False)


def signed(body: str, secret: str) -> dict[str, str]:
    """Return the headers that Slack signs a request with."""
    now = str(int(time.time()))
    signature = SignatureVerifier(secret).generate_signature(timestamp=now, body=body)
    return {"X-Slack-Request-Timestamp": now, "X-Slack-Signature": signature or ""}


def buttons(message: Message) -> dict[str, dict[str, Any]]:
    """Return a message's buttons by their action."""
    found = {}
    for block in message.get("blocks") or []:
        for element in [*block.get("elements", []), block.get("accessory", {})]:
            if element.get("type") == "button":
                found[element["action_id"]] = element
    return found


def picture_id(message: Message) -> str | None:
    """Return the id of the file that a message shows."""
    for block in message.get("blocks") or []:
        if block["type"] == "image":
            return str(block["slack_file"]["id"])
    return None


@asynccontextmanager
async def running_slack(
    program: str, folder: Path, *, events_url: str | None = None
) -> AsyncIterator[SlackServer]:
    """Run the server for as long as the context lasts; with ``events_url`` it calls the app."""
    port = free_port()
    config = folder / "slack.json"
    config.write_text(json.dumps(_config(events_url)))
    process = await asyncio.create_subprocess_exec(
        program,
        *("--config", config, "--port", str(port), "--base-host", "127.0.0.1"),
        *("--files-dir", folder / "files"),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with ClientSession() as http:
            server = SlackServer(f"http://127.0.0.1:{port}", http)
            await _until_it_answers(port)
            yield server
    finally:
        process.terminate()
        await process.wait()


async def _until_it_answers(port: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except ConnectionRefusedError:
                await asyncio.sleep(0.05)
                continue
            writer.close()
            await writer.wait_closed()
            return


def _config(events_url: str | None) -> dict[str, Any]:
    app: dict[str, Any] = {
        "appId": "A1WUTS",
        "botUserId": "U0BOT",
        "botName": "wuts",
        "botToken": BOT_TOKEN,
        "appToken": APP_TOKEN,
        "signingSecret": SIGNING_SECRET,
        "mode": "socket",
    }
    if events_url is not None:
        app |= {"mode": "events", "requestUrl": events_url}
    return {
        "workspace": {"name": "Test", "id": "T1TEST", "domain": "test"},
        "app": app,
        "users": [{"id": one, "name": one[2:].lower()} for one in (ANA, BOB, CARLA)],
        "channels": [
            {"id": OPS, "name": "ops", "members": [ANA, BOB, CARLA, "U0BOT"]},
            {"id": ALLOWED, "name": "allowed", "members": [ANA, CARLA, "U0BOT"]},
        ],
    }
