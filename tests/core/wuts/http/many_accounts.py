"""Supervises many accounts in a process that may open few files, until standard input ends.

usage: python -m tests.core.wuts.http.many_accounts httpx|aiohttp URL FILES ACCOUNTS
What is logged goes to standard error. At its end it prints how many files it had open.
"""

import asyncio
import logging
import os
import resource
import sys
from contextlib import AsyncExitStack

from wuts import WutsClient
from wuts.http.aiohttp_transport import aiohttp_transport
from wuts.supervisor import Supervisor, SupervisorSettings

TRANSPORTS = {"httpx": None, "aiohttp": aiohttp_transport}
LOOK_EVERY = 3.0


async def supervise(kind: str, url: str, accounts: int) -> None:
    """Watch that many accounts of one token."""
    settings = SupervisorSettings(interval=LOOK_EVERY)
    async with AsyncExitStack() as stack:
        clients = [
            await stack.enter_async_context(
                WutsClient("token", base_url=url, http_transport=TRANSPORTS[kind])
            )
            for _ in range(accounts)
        ]
        supervisor = await stack.enter_async_context(Supervisor(settings))
        for number, client in enumerate(clients):
            supervisor.add_account(f"account-{number}", client)
        await asyncio.to_thread(sys.stdin.read)
        print(len(os.listdir("/proc/self/fd")))  # noqa: PTH208


if __name__ == "__main__":
    chosen, address, *numbers = sys.argv[1:]
    files, count = map(int, numbers)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    logging.basicConfig(level=logging.WARNING)
    asyncio.run(supervise(chosen, address, count))
