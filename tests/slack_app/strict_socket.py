"""Socket Mode of a strict Slack: what people do goes out, what the app acknowledges comes back."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from tests.slack_app.strict_files import Sent

PATIENCE = 180.0


@dataclass
class StrictSocket:
    """The connections of one workspace with the app.

    Attributes:
        url: The server's address.
        acks: The envelopes that the app acknowledged.
        answers: What it said with that, by the envelopes.
    """

    url: str = field(default="", init=False)
    acks: list[str] = field(default_factory=list, init=False)
    answers: dict[str, Sent] = field(default_factory=dict, init=False)
    _sent: dict[str, Sent] = field(default_factory=dict, init=False)
    _sockets: list[web.WebSocketResponse] = field(default_factory=list, init=False)
    _changed: asyncio.Event = field(default_factory=asyncio.Event, init=False)

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait until something is so."""
        async with asyncio.timeout(PATIENCE):
            while not is_so():
                self._changed.clear()
                await self._changed.wait()

    async def _tell(self, kind: str, payload: Sent) -> str:
        await self.until(lambda: bool(self._sockets))
        name = secrets.token_hex(4)
        payload = {**payload, "trigger_id": name, "response_url": f"{self.url}/respond"}
        envelope = {"envelope_id": name, "type": kind, "payload": payload}
        self._sent[name] = {**envelope, "accepts_response_payload": True}
        await self._sockets[-1].send_json(self._sent[name])
        return name

    async def again(self, name: str, attempt: int) -> None:
        """Send what Slack takes for lost once more, and wait for its acknowledgement."""
        had = self.acks.count(name)
        retry = {"retry_attempt": attempt, "retry_reason": "timeout"}
        await self._sockets[-1].send_json({**self._sent[name], **retry})
        await self.until(lambda: self.acks.count(name) > had)

    async def open_home(self, user: str) -> str:
        """Look at the app's home; return the envelope that the app must acknowledge."""
        event = {"type": "app_home_opened", "user": user, "channel": f"D{user}", "tab": "home"}
        payload = {"type": "event_callback", "team_id": "T1", "event": event}
        return await self._tell("events_api", payload)

    async def drop_sockets(self) -> None:
        """Lose all of Socket Mode's connections, without a word."""
        sockets, self._sockets = self._sockets, []
        for one in sockets:
            assert one._req is not None
            assert one._req.transport is not None
            one._req.transport.abort()

    async def open_socket(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one connection of Socket Mode."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1})
        self._sockets.append(socket)
        self._changed.set()
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                ack = json.loads(message.data)
                self.answers[ack["envelope_id"]] = ack.get("payload") or {}
                self.acks.append(ack["envelope_id"])
                self._changed.set()
        if socket in self._sockets:
            self._sockets.remove(socket)
        return socket
