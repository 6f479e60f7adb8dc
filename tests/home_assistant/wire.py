"""Home Assistant's WebSocket, as its frontend speaks it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse

PATIENCE = 240.0
"""Seconds for an answer."""


class Wire:
    """A connection of a person's.

    Args:
        socket: It, open and let in.
    """

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self._socket = socket
        self._ids = count(1)
        self._asked: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._told: dict[int, list[Any]] = {}

    async def ask(self, command: str, **fields: object) -> Any:  # noqa: ANN401 - it is JSON
        """Return what a command answers.

        Raises:
            AssertionError: It was refused.
        """
        return (await self._answer(next(self._ids), command, fields))["result"]

    async def watch(self, command: str, **fields: object) -> list[Any]:
        """Return a list that grows with all that a subscription tells."""
        number = next(self._ids)
        told = self._told[number] = []
        await self._answer(number, command, fields)
        return told

    async def _answer(self, number: int, command: str, fields: dict[str, object]) -> dict[str, Any]:
        answer = self._asked[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": number, "type": command, **fields})
        async with asyncio.timeout(PATIENCE):
            answered: dict[str, Any] = await answer
        assert answered["success"], answered
        return answered

    async def listen(self) -> None:
        """Hand out what comes, for as long as it is open."""
        async for message in self._socket:
            said = message.json()
            for one in said if isinstance(said, list) else [said]:
                if one["type"] == "event":
                    self._told[one["id"]].append(one["event"])
                else:
                    self._asked.pop(one["id"]).set_result(one)


@asynccontextmanager
async def wire_to(url: str, token: str) -> AsyncIterator[Wire]:
    """Keep a connection open for as long as the context lasts."""
    async with ClientSession() as http, http.ws_connect(f"{url}/api/websocket") as socket:
        await socket.receive_json()
        await socket.send_json({"type": "auth", "access_token": token})
        assert (await socket.receive_json())["type"] == "auth_ok"
        wire = Wire(socket)
        listening = asyncio.create_task(wire.listen())
        try:
            yield wire
        finally:
            await socket.close()
            await listening
