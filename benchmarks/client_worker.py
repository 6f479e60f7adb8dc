"""One HTTP client in a process of its own; makes the requests that its standard input asks for.

Each line in is ``WORK COUNT IN_FLIGHT``; each line out is ``WALL CPU``, in seconds.
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING

import httpx2

from .gateway import Gateway

if TYPE_CHECKING:
    from wuts.http.pool import MakeTransport

WARM_UP = 50

type Work = Callable[[], Awaitable[object]]
type Client = Callable[[Gateway, str], AbstractAsyncContextManager[dict[str, Work]]]


@asynccontextmanager
async def our_client(
    gateway: Gateway, device_id: str, make_transport: "MakeTransport | None" = None
) -> AsyncIterator[dict[str, Work]]:
    """Yield what our client does, on httpx2 as our applications run it."""
    from wuts import WutsClient  # noqa: PLC0415 - after the alias

    async with WutsClient(
        gateway.token, base_url=gateway.url, http_transport=make_transport
    ) as client:
        yield {"status": lambda: client.get_status(device_id), "devices": client.list_devices}


@asynccontextmanager
async def our_client_on_aiohttp(gateway: Gateway, device_id: str) -> AsyncIterator[dict[str, Work]]:
    """Yield the same, with the transport that `wuts watch` and the Slack app hand over."""
    from wuts.http.aiohttp_transport import aiohttp_transport  # noqa: PLC0415 - after the alias

    async with our_client(gateway, device_id, aiohttp_transport) as works:
        yield works


@asynccontextmanager
async def bare_httpx(gateway: Gateway, device_id: str) -> AsyncIterator[dict[str, Work]]:
    """Yield the same requests by whatever ``import httpx`` is, with the answer read as JSON."""
    import httpx  # noqa: PLC0415 - after the alias

    headers = {"Authorization": f"Bearer {gateway.token}"}
    async with httpx.AsyncClient(base_url=gateway.url, headers=headers) as client:

        async def get(path: str, **params: str) -> object:
            answer = await client.get(path, params=params)
            return answer.raise_for_status().json()

        yield {
            "status": lambda: get("/status", device_id=device_id),
            "devices": lambda: get("/devices"),
        }


@asynccontextmanager
async def bare_aiohttp(gateway: Gateway, device_id: str) -> AsyncIterator[dict[str, Work]]:
    """Yield the same requests by aiohttp, with the answer read as JSON."""
    import aiohttp  # noqa: PLC0415 - after the alias

    headers = {"Authorization": f"Bearer {gateway.token}"}
    async with aiohttp.ClientSession(gateway.url, headers=headers) as session:

        async def get(path: str, **params: str) -> object:
            async with session.get(path, params=params) as answer:
                answer.raise_for_status()
                return await answer.json()

        yield {
            "status": lambda: get("/status", device_id=device_id),
            "devices": lambda: get("/devices"),
        }


KINDS: dict[str, tuple[Client, bool]] = {
    "ours with aiohttp": (our_client_on_aiohttp, True),
    "ours": (our_client, True),
    "httpx2": (bare_httpx, True),
    "httpx": (bare_httpx, False),
    "aiohttp": (bare_aiohttp, False),
}
"""Each client, and whether ``import httpx`` is httpx2 for it."""


async def measure(work: Work, count: int, in_flight: int) -> tuple[float, float]:
    """Do ``work`` ``count`` times, ``in_flight`` at once; return wall and CPU seconds."""

    async def one_of_many(times: int) -> None:
        for _ in range(times):
            await work()

    await asyncio.gather(*(one_of_many(1) for _ in range(max(in_flight, 1))))
    wall, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(one_of_many(count // in_flight) for _ in range(in_flight)))
    return time.perf_counter() - wall, time.process_time() - cpu


async def serve(kind: str, gateway: Gateway, device_id: str) -> None:
    """Answer lines until there are no more."""
    client, _ = KINDS[kind]
    async with client(gateway, device_id) as works:
        for _ in range(WARM_UP):
            await works["status"]()
        while line := await asyncio.to_thread(sys.stdin.readline):
            name, count, in_flight = line.split()
            wall, cpu = await measure(works[name], int(count), int(in_flight))
            print(wall, cpu, flush=True)


if __name__ == "__main__":
    chosen, url, device = sys.argv[1:]
    if KINDS[chosen][1]:
        httpx2.alias_httpx()
    asyncio.run(serve(chosen, Gateway(url), device))
