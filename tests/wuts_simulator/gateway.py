"""A plain HTTP caller and one way of comparing: what every test here talks to a simulator with."""

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, ClientTimeout

FIXTURES = Path(__file__).parent.parent / "fixtures"
PHONE = "5511999999999"

# What json.loads returns.
type Json = Any

_PATIENCE = 20

_FORMATS = {
    "uuid": re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"),
    "time": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"),
    "qr": re.compile(r"2@[A-Za-z0-9+/=]+(,[A-Za-z0-9+/]{43}=){3}"),
    "png": re.compile(r"data:image/png;base64,[A-Za-z0-9+/]+=*"),
    "code": re.compile(r"[1-9A-HJ-NP-TV-Z]{4}-[1-9A-HJ-NP-TV-Z]{4}"),
    "jid": re.compile(r"[0-9]{10,15}@s\.whatsapp\.net"),
    "phone": re.compile(r"[0-9]{10,15}"),
    "message id": re.compile(r"3EB0[0-9A-F]+"),
}


@dataclass(frozen=True)
class Reply:
    """One answer, read to its end."""

    status: int
    text: str
    headers: Mapping[str, str]

    @property
    def body(self) -> Json:
        return json.loads(self.text)

    @property
    def data(self) -> Json:
        return self.body["data"]


class Api:
    """Calls a simulator as one token."""

    def __init__(self, url: str, http: ClientSession, token: str | None) -> None:
        self.url = url
        self._http = http
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    async def call(self, method: str, path: str, /, **inputs: Json) -> Reply:
        """Send one request; ``json``, ``data``, ``headers`` and the query's fields are inputs."""
        body = {name: inputs.pop(name) for name in ("json", "data") if name in inputs}
        headers = self._headers | inputs.pop("headers", {})
        async with self._http.request(
            method,
            self.url + path,
            params=inputs,
            headers=headers,
            timeout=ClientTimeout(total=30),
            **body,
        ) as answer:
            return Reply(answer.status, await answer.text(), answer.headers)

    async def get(self, path: str, /, **inputs: Json) -> Reply:
        return await self.call("GET", path, **inputs)

    async def post(self, path: str, /, **inputs: Json) -> Reply:
        return await self.call("POST", path, **inputs)

    async def delete(self, path: str, /, **inputs: Json) -> Reply:
        return await self.call("DELETE", path, **inputs)


def fixture(name: str) -> Json:
    """Return a documented payload."""
    return json.loads((FIXTURES / f"{name}.json").read_text("utf-8"))


def shape(value: Json) -> Json:
    """Return what a JSON value looks like: names stay, values become the names of their formats."""
    match value:
        case dict():
            return {
                name: inner if name in _VERBATIM else shape(inner) for name, inner in value.items()
            }
        case list():
            return [shape(inner) for inner in value]
        case str():
            return next((name for name, form in _FORMATS.items() if form.fullmatch(value)), "text")
        case None | bool():
            return value
        case _:
            return type(value).__name__


# What is documented word for word.
_VERBATIM = frozenset(
    {"error", "error_code", "message", "status", "ttl", "expires_in", "instructions"}
)


async def until(condition: Callable[[], object]) -> None:
    """Wait until something is true; a test that waits too long fails."""
    async with asyncio.timeout(_PATIENCE):
        while not condition():  # noqa: ASYNC110 - what is waited for tells nobody
            await asyncio.sleep(0.001)
