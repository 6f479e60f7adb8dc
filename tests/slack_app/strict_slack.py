"""A small Slack that is as strict as the real one where the local server is not.

It checks tokens and scopes, limits rates by Slack's tiers, refuses blocks that name a file which is
not ready, and drops connections on demand. What each method needs is from Slack's
reference.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count

from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack_app.block_rules import flaws
from tests.slack_app.manifest import listed
from tests.slack_app.slack_arguments import a_page, arguments_of
from tests.slack_app.slack_scopes import NEEDS
from tests.slack_app.slack_tiers import SlackTiers, too_many
from tests.slack_app.strict_files import RefusedError, Sent, StrictFiles
from tests.slack_app.strict_socket import PATIENCE, StrictSocket

__all__ = ["ANA", "APP_TOKEN", "BOB", "BOT_TOKEN", "OPS", "PATIENCE", "StrictSlack", "strict_slack"]

BOT_TOKEN = "xoxb-5555-strict-secret"
APP_TOKEN = "xapp-1-6666-strict-secret"
ANA, BOB = "U1ANA", "U2BOB"
"""Ana is an admin."""
OPS = "C1OPS"
WHO = {"user": "wuts", "user_id": "U0BOT", "bot_id": "B0", "team": "Test", "team_id": "T1"}


@dataclass
class StrictSlack(StrictSocket):
    """One workspace. Change what it holds to make it behave otherwise.

    Attributes:
        scopes: What the bot token may; all that the manifest asks for unless changed.
        files: The files that are not deleted.
        tiers: How often it takes each method.
        latency: Seconds that each call takes.
        limited: How many of the next calls of a method are answered with 429.
        retry_after: When these may come again.
        cut: How many of the next calls of a method lose their connection.
        odd: How many of the next calls of a method are answered without what they asked for.
        page: Status, type and text that answer the next calls of a method instead of JSON.
        flaws: What is wrong with what was shown; a test with any fails.
        held: What the calls of a method wait for before they are answered.
        deaf_status: What every ``response_url`` is answered with, unless it works.
        archived: Whether #ops is archived.
        refusing: What channels answer to each message, by their ids.
        members: Who is in #ops.
        user_groups: Members by the group's id.
        locale: What everybody's Slack speaks.
        admins: Who is an admin, by the users' ids.
        facts: What else is known of users, by their ids.
        called: Who called which method, for those that `api_of` was handed to.
    """

    scopes: set[str] = field(default_factory=lambda: set(listed("bot")))
    files: StrictFiles = field(default_factory=StrictFiles)
    tiers: SlackTiers = field(default_factory=SlackTiers)
    latency: float = 0.0
    limited: Counter[str] = field(default_factory=Counter)
    retry_after: str = "0"
    cut: Counter[str] = field(default_factory=Counter)
    odd: Counter[str] = field(default_factory=Counter)
    page: dict[str, list[tuple[int, str, str]]] = field(default_factory=dict)
    held: dict[str, asyncio.Event] = field(default_factory=dict)
    deaf_status: int | None = None
    archived: bool = False
    refusing: dict[str, str] = field(default_factory=dict)
    members: set[str] = field(default_factory=lambda: {ANA, BOB, "U0BOT"})
    user_groups: dict[str, list[str]] = field(default_factory=dict)
    locale: str = "en-US"
    admins: dict[str, bool] = field(default_factory=lambda: {ANA: True, BOB: False})
    facts: dict[str, Sent] = field(default_factory=dict)
    calls: list[tuple[str, Sent]] = field(default_factory=list, init=False)
    called: list[tuple[str, str]] = field(default_factory=list, init=False)
    flaws: list[str] = field(default_factory=list, init=False)
    refusals: list[tuple[str, str]] = field(default_factory=list, init=False)
    messages: dict[tuple[str, str], Sent] = field(default_factory=dict, init=False)
    private: list[Sent] = field(default_factory=list, init=False)
    modals: list[Sent] = field(default_factory=list, init=False)
    homes: dict[str, Sent] = field(default_factory=dict, init=False)
    pictured: set[str] = field(default_factory=set, init=False)
    _numbers: count[int] = field(default_factory=lambda: count(1), init=False)

    @property
    def api(self) -> str:
        """The address of its methods."""
        return f"{self.url}/api/"

    def api_of(self, caller: str) -> str:
        """Return the address of its methods for one of several apps."""
        return f"{self.url}/of/{caller}/api/"

    def called_by(self, caller: str) -> list[str]:
        """Return the methods that one of several apps called."""
        return [method for one, method in self.called if one == caller]

    @property
    def client(self) -> AsyncWebClient:
        """A plain client of the app's bot."""
        return AsyncWebClient(token=BOT_TOKEN, base_url=self.api)

    async def command(self, user: str, text: str, channel: str = OPS) -> str:
        """Type ``/wuts`` in a channel; return the envelope that the app must acknowledge."""
        payload = {
            "command": "/wuts",
            "text": text,
            "user_id": user,
            "channel_id": channel,
            "team_id": "T1",
        }
        return await self._tell("slash_commands", payload)

    async def click(self, user: str, button: Sent, view: Sent | None = None) -> str:
        """Click a button, in a view or else in #ops; return the envelope to acknowledge."""
        payload = {
            "type": "block_actions",
            "user": {"id": user},
            "team": {"id": "T1"},
            **({"channel": {"id": OPS}} if view is None else {"view": view}),
            "actions": [{**button, "block_id": "b", "action_ts": "1.0"}],
        }
        return await self._tell("interactive", payload)

    async def shortcut(self, user: str, callback_id: str, message: Sent | None = None) -> str:
        """Use a shortcut, of a message or from anywhere; return the envelope to acknowledge."""
        payload: Sent = {"callback_id": callback_id, "user": {"id": user}, "team": {"id": "T1"}}
        if message is None:
            return await self._tell("interactive", {**payload, "type": "shortcut"})
        where = {"channel": {"id": OPS}, "message": message}
        return await self._tell("interactive", {**payload, **where, "type": "message_action"})

    async def submit(self, user: str, modal: str, metadata: str = "", **values: str) -> Sent:
        """Send a modal that was filled in; return what the app answers at once."""
        state = {
            name: {name: {"value": value, "selected_option": {"value": value}}}
            for name, value in values.items()
        }
        view = {
            "type": "modal",
            "callback_id": modal,
            "private_metadata": metadata,
            "state": {"values": state},
        }
        payload = {"type": "view_submission", "user": {"id": user}, "team": {"id": "T1"}}
        name = await self._tell("interactive", {**payload, "view": view})
        await self.until(lambda: name in self.answers)
        return self.answers[name]

    def buttons(self, about: str) -> dict[str, Sent]:
        """Return the buttons of the newest message with these words, by their ids."""
        for sent in [*reversed(self.private), *reversed(self.messages.values())]:
            if about in json.dumps(sent, ensure_ascii=False):
                rows = [block["elements"] for block in sent["blocks"] if block["type"] == "actions"]
                return {button["action_id"]: button for row in rows for button in row}
        return {}

    def said(self) -> str:
        """Return all that can be read now, in channels and by one person alone."""
        seen = [*self.messages.values(), *self.private, *self.modals]
        return json.dumps(seen, ensure_ascii=False)

    async def says(self, text: str) -> None:
        """Wait until something can be read."""
        await self.until(lambda: text in self.said())

    def count(self, method: str) -> int:
        """Return how often a method was called."""
        return sum(name == method for name, _ in self.calls)

    async def answer(self, request: web.Request) -> web.Response:
        """Answer a call of a method."""
        method = request.match_info["method"]
        sent = await arguments_of(request)
        self.calls.append((method, sent))
        self.called.append((request.match_info.get("caller", ""), method))
        self.flaws += flaws(sent)
        self._changed.set()
        if method in self.held:
            await self.held[method].wait()
        if self.cut[method]:
            self.cut[method] -= 1
            assert request.transport is not None
            request.transport.abort()
        if self.latency:
            await asyncio.sleep(self.latency)
        wait = self.tiers.retry_after(method, str(sent.get("channel", "")))
        if self.limited[method]:
            self.limited[method] -= 1
            return too_many(self.retry_after)
        if wait is not None:
            return too_many(str(wait))
        if self.page.get(method):
            status, kind, text = self.page[method].pop(0)
            return web.Response(status=status, content_type=kind, text=text)
        if self.odd[method]:
            self.odd[method] -= 1
            return web.json_response({"ok": True})
        headers = {"X-OAuth-Scopes": ",".join(sorted(self.scopes))}
        try:
            self._check_access(method, request.headers.get("Authorization", ""))
            answer = {"ok": True, **self._do(method, sent)}
        except RefusedError as error:
            self.refusals.append((method, str(error)))
            answer = {"ok": False, "error": str(error)}
        self._changed.set()
        return web.json_response(answer, headers=headers)

    def _check_access(self, method: str, authorization: str) -> None:
        wanted = APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN
        if authorization != f"Bearer {wanted}":
            raise RefusedError("invalid_auth")
        if not NEEDS.get(method, set()) <= self.scopes:
            raise RefusedError("missing_scope")

    def _do(self, method: str, sent: Sent) -> Sent:  # noqa: C901, PLR0911, PLR0912 - one a method
        match method:
            case "auth.test":
                return WHO
            case "apps.connections.open":
                return {"url": f"{self.url.replace('http', 'ws', 1)}/socket"}
            case "users.info":
                return {"user": self._user(sent["user"])}
            case "users.list":
                return {"members": [self._user(name) for name in sorted(self.admins)]}
            case "views.open" | "views.update":
                return {"view": {"id": self._show(sent)}}
            case "views.publish":
                self.homes[sent["user_id"]] = sent["view"]
                return {}
            case "conversations.open":
                return {"channel": {"id": f"D{sent['users']}"}}
            case "conversations.info":
                return {"channel": self._channel(sent["channel"])}
            case "conversations.members":
                self._channel(sent["channel"])
                return a_page(self.members, sent)
            case "usergroups.users.list":
                if sent["usergroup"] not in self.user_groups:
                    raise RefusedError("no_such_subteam")
                return {"users": self.user_groups[sent["usergroup"]]}
            case "chat.postMessage" | "chat.update":
                return self._write(method, sent)
            case "chat.delete":
                return self._delete(sent)
        return self.files.do(method, sent, self.url)

    def _user(self, name: str) -> Sent:
        if name not in self.admins:
            raise RefusedError("user_not_found")
        role = {"is_admin": self.admins[name], "locale": self.locale}
        known = {"id": name, "team_id": WHO["team_id"], **role}
        return known | self.facts.get(name, {})

    def _show(self, sent: Sent) -> str:
        """Open a modal, or show another in its place; return its id."""
        name = str(sent.get("view_id") or f"V{len(self.modals) + 1}")
        at = int(name.removeprefix("V")) - 1
        self.modals[at : at + 1] = [sent["view"]]
        return name

    def _channel(self, name: str) -> Sent:
        if name != OPS:
            raise RefusedError("channel_not_found")
        is_member = "U0BOT" in self.members
        return {"id": OPS, "name": "ops", "is_archived": self.archived, "is_member": is_member}

    def _write(self, method: str, sent: Sent) -> Sent:
        channel = sent["channel"]
        if channel in self.refusing:
            raise RefusedError(self.refusing[channel])
        if channel == OPS and "U0BOT" not in self.members:
            raise RefusedError("not_in_channel")
        for block in sent.get("blocks") or []:
            name = block["slack_file"]["id"] if block["type"] == "image" else None
            if name is not None and not self.files.is_ready(name):
                raise RefusedError("invalid_blocks")
            if name is not None:
                self.pictured.add(channel)
        if method == "chat.update" and (channel, sent["ts"]) not in self.messages:
            raise RefusedError("message_not_found")
        ts = sent.get("ts") or f"{next(self._numbers)}.0"
        self.messages[channel, ts] = sent
        return {"channel": channel, "ts": ts}

    def _delete(self, sent: Sent) -> Sent:
        if self.messages.pop((sent["channel"], sent["ts"]), None) is None:
            raise RefusedError("message_not_found")
        return {}

    async def take_file(self, request: web.Request) -> web.Response:
        """Take a picture's bytes."""
        self.files.contents[request.match_info["file"]] = await request.read()
        return web.Response(text="OK")

    async def take_answer(self, request: web.Request) -> web.Response:
        """Take what the app says to a ``response_url``."""
        if self.deaf_status is not None:
            return web.Response(status=self.deaf_status, text="no_text")
        self.private.append(await request.json())
        self.flaws += flaws(self.private[-1])
        self._changed.set()
        return web.json_response({"ok": True})


@asynccontextmanager
async def strict_slack(posts_each: float = 1.0) -> AsyncIterator[StrictSlack]:
    """Run one for as long as the context lasts; a channel takes a post in so many seconds."""
    slack = StrictSlack(tiers=SlackTiers(posts_each))
    app = web.Application()
    app.router.add_route("*", "/api/{method}", slack.answer)
    app.router.add_route("*", "/of/{caller}/api/{method}", slack.answer)
    app.router.add_post("/upload/{file}", slack.take_file)
    app.router.add_post("/respond", slack.take_answer)
    app.router.add_get("/socket", slack.open_socket)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        slack.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield slack
    finally:
        await runner.cleanup()
