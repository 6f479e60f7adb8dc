"""Slow and hostile clients hold up nobody."""

import asyncio
import socket
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from aiohttp import ClientSession, web

from tests.wuts_cli.command import until
from wuts_cli.errors import UsageError
from wuts_cli.service import server
from wuts_cli.service.server import MOST_CONNECTIONS, listening

GET = b"GET /held HTTP/1.1\r\nHost: a\r\n\r\n"


class Held:
    """A route that answers when it may."""

    def __init__(self) -> None:
        self.asked = 0
        self.may_answer = asyncio.Event()

    async def answer(self, _request: web.Request) -> web.Response:
        self.asked += 1
        await self.may_answer.wait()
        return web.Response(text="held")

    async def ok(self, _request: web.Request) -> web.Response:
        return web.Response(text="ok")

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/held", self.answer), web.get("/", self.ok)]


@asynccontextmanager
async def connections(
    port: int, count: int
) -> AsyncIterator[list[tuple[StreamReader, StreamWriter]]]:
    opened = [await asyncio.open_connection("127.0.0.1", port) for _ in range(count)]
    try:
        yield opened
    finally:
        for _, writer in opened:
            writer.close()


async def end_of(reader: StreamReader) -> bytes:
    """Return what came until the connection was closed, or cut off."""
    try:
        return await reader.read()
    except ConnectionError:
        return b""


async def answers(port: int) -> str:
    async with ClientSession() as http, http.get(f"http://127.0.0.1:{port}/") as answer:
        return await answer.text()


async def test_a_thousand_idle_connections_keep_nobody_out() -> None:
    async with listening("127.0.0.1", 0, Held().routes()) as port, AsyncExitStack() as stack:
        idle = await stack.enter_async_context(connections(port, 1000 - MOST_CONNECTIONS))
        idle += await stack.enter_async_context(connections(port, MOST_CONNECTIONS))
        assert await answers(port) == "ok"
        assert await end_of(idle[0][0]) == b"", "the idlest were closed"


async def test_who_never_asked_anything_is_closed_before_who_did() -> None:
    async with listening("127.0.0.1", 0, Held().routes()) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert (await reader.readuntil(b"ok")).startswith(b"HTTP/1.1 200")
        async with connections(port, MOST_CONNECTIONS + 50):
            assert await answers(port) == "ok"
            writer.write(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            assert (await reader.readuntil(b"ok")).startswith(b"HTTP/1.1 200")
        writer.close()


async def test_a_request_under_way_is_not_closed_for_a_newcomer() -> None:
    held = Held()
    async with listening("127.0.0.1", 0, held.routes()) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(GET)
        await until(lambda: held.asked)
        async with connections(port, MOST_CONNECTIONS + 10):
            assert await answers(port) == "ok"
            held.may_answer.set()
            assert (await reader.readline()).startswith(b"HTTP/1.1 200")
        writer.close()


async def test_where_all_are_busy_a_newcomer_is_turned_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(server, "MOST_CONNECTIONS", 2)
    held = Held()
    async with listening("127.0.0.1", 0, held.routes()) as port, connections(port, 2) as busy:
        for _, writer in busy:
            writer.write(GET)
        await until(lambda: held.asked == 2)
        async with connections(port, 1) as [(reader, _)]:
            assert await end_of(reader) == b""
        held.may_answer.set()


async def test_a_head_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "LONGEST_IDLE", 0.5)
    async with listening("127.0.0.1", 0, Held().routes()) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        closed = asyncio.create_task(reader.read())
        writer.write(b"GET / HTTP/1.1\r\nHost: a\r\n")
        while not closed.done():
            writer.write(b"X-Slow: 1\r\n")
            await asyncio.wait([closed], timeout=0.05)
        writer.close()


async def test_ten_megabytes_of_headers_are_refused_and_fill_no_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with listening("127.0.0.1", 0, Held().routes()) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        answer = asyncio.create_task(reader.readline())
        sent = 0
        writer.write(b"GET / HTTP/1.1\r\nHost: a\r\n")
        try:
            while not answer.done() and sent < 10_000_000:
                writer.write(b"X-Long: " + b"x" * 4000 + b"\r\n")
                await writer.drain()
                sent += 4000
                await asyncio.sleep(0)
        except ConnectionError:
            pass
        assert sent < 10_000_000
        assert (await answer)[8:12] in {b" 400", b""}
        writer.close()
        assert await answers(port) == "ok"
    assert caplog.text == ""


async def test_an_address_that_is_taken_is_refused_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError) as refused:
            async with listening("127.0.0.1", port, []):
                pass
    expected = f"The service cannot listen at 127.0.0.1, port {port}: Address already in use."
    assert refused.value.message == expected


async def test_a_host_that_there_is_not_is_refused() -> None:
    with pytest.raises(UsageError, match=r"cannot listen at nowhere\.invalid, port 1: "):
        async with listening("nowhere.invalid", 1, []):
            pass
