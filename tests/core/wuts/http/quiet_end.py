"""Makes calls, breaks one off, and ends with one in flight: whatever complains of that is printed.

usage: python -W error -m tests.core.wuts.http.quiet_end httpx|aiohttp CA_FILE URL HANGING_URL
A line of standard input tells that the hanging gateway was reached, for each of two calls.
"""

import asyncio
import sys
from contextlib import suppress
from pathlib import Path

from wuts import WutsClient
from wuts.errors import WutsError
from wuts.http.aiohttp_transport import aiohttp_transport

TRANSPORTS = {"httpx": None, "aiohttp": aiohttp_transport}


async def main(kind: str, ca_file: Path, url: str, hanging: str) -> None:
    """Let a call be answered, one be broken off, and one be in flight at the end."""

    def client(address: str) -> WutsClient:
        return WutsClient(
            "token", base_url=address, ca_file=ca_file, http_transport=TRANSPORTS[kind]
        )

    async with client(url) as answered, client(hanging) as waiting:
        await answered.list_devices()
        first = asyncio.create_task(waiting.list_devices())
        await asyncio.to_thread(sys.stdin.readline)
        first.cancel()
        with suppress(asyncio.CancelledError):
            await first
        last = asyncio.create_task(waiting.list_devices())
        await asyncio.to_thread(sys.stdin.readline)
    with suppress(WutsError):
        await last


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:]))
    print("done")
