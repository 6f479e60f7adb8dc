"""A server below HTTP: it sends the bytes it was given, whatever they are, and hangs up."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.core.wuts.values import Json


@dataclass(frozen=True)
class RawRequest:
    """One request as it came over the wire."""

    method: str
    target: str
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)

    @property
    def path(self) -> str:
        return unquote(urlsplit(self.target).path)

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @property
    def json(self) -> Json:
        return json.loads(self.content)


class RawGateway:
    """Answers every request alike, and remembers what it was asked.

    An endless one sends one piece of an answer after the other and never the last.
    """

    def __init__(self, *, endless: bool = False) -> None:
        self.answer = b""
        self._endless = endless
        self.requests: list[RawRequest] = []
        self._writers: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.close()
        for writer in self._writers:
            writer.close()
        await self._server.wait_closed()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    @property
    def request(self) -> RawRequest:
        """The only request there was."""
        (request,) = self.requests
        return request

    def answers(self, body: Json, status: int = 200, **headers: str) -> None:
        """Answer with JSON from now on; bytes and texts are sent as they are."""
        self.answer = http_answer(body, status, **headers)

    def answer_to(self, _request: RawRequest) -> bytes:
        """Return what is sent."""
        return self.answer

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            request = await _read_request(reader)
            self.requests.append(request)
            writer.write(self.answer_to(request))
            await writer.drain()
            if self._endless:
                await _drip(writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client left; that is its right
        finally:
            self._writers.discard(writer)
            writer.close()


def http_answer(body: Json, status: int = 200, **headers: str) -> bytes:
    """Return a whole HTTP answer; ``retry_after="5"`` becomes ``Retry-After: 5``."""
    content = body if isinstance(body, bytes) else _to_text(body).encode()
    usual = {"content_type": "application/json", "content_length": str(len(content))}
    lines = [f"{name.replace('_', '-')}: {text}" for name, text in (usual | headers).items()]
    head = "\r\n".join([f"HTTP/1.1 {status} Said", *lines, "connection: close"])
    return head.encode("latin-1") + b"\r\n\r\n" + content


async def _drip(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"1\r\n \r\n")
        await writer.drain()
        await asyncio.sleep(0.005)


def _to_text(body: Json) -> str:
    return body if isinstance(body, str) else json.dumps(body)


async def _read_request(reader: asyncio.StreamReader) -> RawRequest:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.strip().split("\r\n")
    method, target, _ = first.split(" ")
    pairs = (line.partition(":") for line in lines)
    headers = {name.lower(): text.strip() for name, _, text in pairs}
    content = await reader.readexactly(int(headers.get("content-length", "0")))
    return RawRequest(method, target, headers, content)
