"""What goes wrong below HTTP is reported alike, whichever transport carries the requests."""

import asyncio
import errno
import os
import socket
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.core.wuts.conftest import MakeClient
from tests.core.wuts.outcomes import error_of
from tests.core.wuts.raw_gateway import RawGateway, http_answer
from tests.core.wuts.values import DEVICE, documented
from tests.core.wuts.waiting import until
from wuts import WutsClient
from wuts.errors import (
    NameNotFoundError,
    TooManyOpenFilesError,
    UnexpectedAnswerError,
    WutsConnectionError,
    WutsTimeoutError,
)
from wuts.http import aiohttp_transport, endpoints, transport
from wuts.http.endpoints import Request
from wuts.http.pool import LIMITS

type Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

HEAD = b"HTTP/1.1 200 OK\r\n"
LISTING = http_answer(documented("devices_none"))
KEPT = LISTING.replace(b"\r\nconnection: close", b"")


@asynccontextmanager
async def serving(serve: Serve) -> AsyncIterator[str]:
    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"", id="hangs up without a word"),
        pytest.param(b"HTTP/1.1 2", id="hangs up in the first line"),
        pytest.param(HEAD + b"Content-Type: tex", id="hangs up in a header"),
        pytest.param(HEAD + b"Content-Length: 10\r\n\r\n{", id="cut body"),
        pytest.param(
            HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{", id="hangs up within a chunk"
        ),
        pytest.param(HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{", id="no chunk"),
        pytest.param(b"SSH-2.0-OpenSSH_9.2\r\n", id="another protocol"),
        pytest.param(HEAD + b"no header at all\r\n\r\n", id="no header"),
        pytest.param(HEAD + b"X: " + b"x" * 500_000 + b"\r\n\r\n", id="endless header"),
        pytest.param(HEAD + b"Content-Length: many\r\n\r\n{}", id="no length"),
    ],
)
async def test_an_answer_that_is_no_http_is_a_broken_connection(
    answer: bytes, raw: RawGateway, raw_client: WutsClient
) -> None:
    raw.answer = answer
    error = await error_of(raw_client.list_devices())
    assert type(error) is WutsConnectionError
    assert "broke" in error.message
    assert len(raw.requests) == 1


@pytest.mark.parametrize("size", [8_000, 20_000, 60_000])
async def test_a_long_header_is_read(size: int, raw: RawGateway, raw_client: WutsClient) -> None:
    raw.answers(documented("devices_none"), content_security_policy="x" * size)
    assert await raw_client.list_devices() == ()


async def test_a_reset_is_a_broken_connection(make_client: MakeClient) -> None:
    async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        told: socket.socket = writer.get_extra_info("socket")
        told.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        writer.transport.abort()

    async with serving(reset) as url:
        error = await error_of(make_client(url).list_devices())
    assert type(error) is WutsConnectionError
    assert "broke" in error.message


async def test_a_kept_connection_that_breaks_is_told_and_not_tried_again(
    make_client: MakeClient,
) -> None:
    asked = 0

    async def answer_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        for answer in (KEPT, b""):
            await reader.readuntil(b"\r\n\r\n")
            asked += 1
            writer.write(answer)
            await writer.drain()
        writer.close()

    async with serving(answer_once) as url:
        client = make_client(url)
        assert await client.list_devices() == ()
        error = await error_of(client.list_devices())
        assert type(error) is WutsConnectionError
        assert asked == 2
        assert await client.list_devices() == ()
        await client.aclose()


@pytest.mark.slow
async def test_no_more_connections_are_opened_than_the_limit(make_client: MakeClient) -> None:
    limit = LIMITS.max_connections
    assert limit
    waiting, most, go = 0, 0, asyncio.Event()

    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal waiting, most
        waiting += 1
        most = max(most, waiting)
        await reader.readuntil(b"\r\n\r\n")
        await go.wait()
        waiting -= 1
        writer.write(LISTING)
        await writer.drain()
        writer.close()

    async with serving(hold) as url:
        clients = [make_client(url, token=f"token-{number}") for number in range(limit + 50)]
        calls = [asyncio.create_task(client.list_devices()) for client in clients]
        await until(lambda: waiting == limit)
        go.set()
        assert await asyncio.gather(*calls) == [()] * len(clients)
    assert most == limit


async def test_a_name_that_nobody_looks_up_in_time_is_a_gateway_that_does_not_answer(
    make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even for a call that may take two minutes, once the gateway was reached."""
    released = threading.Event()

    def hang(*_: object, **__: object) -> list[Any]:
        released.wait(60)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    for module in (transport, aiohttp_transport):
        monkeypatch.setattr(module, "CONNECT_TIMEOUT", 0.05)
    try:
        error = await error_of(make_client("https://gateway.example").get_qr(DEVICE))
    finally:
        released.set()
    assert type(error) is WutsTimeoutError


async def test_a_name_that_cannot_be_looked_up_is_told(
    make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> list[Any]:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    error = await error_of(make_client("https://gateway.example").list_devices())
    assert type(error) is NameNotFoundError


async def test_no_file_left_to_open_is_told(
    make_client: MakeClient, raw: RawGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> socket.socket:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    monkeypatch.setattr(socket, "socket", refuse)
    error = await error_of(make_client(raw.url).list_devices())
    assert type(error) is TooManyOpenFilesError


@settings(max_examples=50)
@given(device_id=st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1))
@example(device_id="%41%2e%2E/~()!'*;:@&=+$,?#[]")
async def test_an_id_of_any_characters_arrives_as_it_is(
    device_id: str, raw: RawGateway, raw_client: WutsClient
) -> None:
    if device_id.strip(".") == "":
        return
    raw.answers({"success": False}, 404)
    for endpoint in (endpoints.GET_STATUS, endpoints.DELETE_DEVICE):
        raw.requests.clear()
        await raw_client.transport.send(Request(endpoint, device_id))
        request = raw.request
        assert (request.path, request.query) in [
            ("/status", {"device_id": device_id}),
            (f"/devices/{device_id}", {}),
        ]


async def test_a_closed_pool_ends_what_is_in_flight(make_client: MakeClient) -> None:
    asked = asyncio.Event()

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        asked.set()
        await reader.read()
        writer.close()

    async with serving(hang) as url:
        client = make_client(url)
        call = asyncio.create_task(client.list_devices())
        await asked.wait()
        await client.aclose()
        error = await error_of(call)
    assert type(error) is WutsConnectionError


async def test_a_page_of_a_proxy_is_no_gateway(raw: RawGateway, raw_client: WutsClient) -> None:
    raw.answers("<html>Sign in</html>", 200, content_type="text/html")
    assert isinstance(await error_of(raw_client.list_devices()), UnexpectedAnswerError)
