"""Supervises many accounts in a process that may open few files, until standard input ends.

usage: python -m tests.core.wuts.http.many_accounts URL FILES ACCOUNTS
What is logged goes to standard error. At its end it prints how many files it had open.
"""

import asyncio
import logging
import os
import resource
import sys
from contextlib import AsyncExitStack

from wuts import WutsClient
from wuts.supervisor import Supervisor, SupervisorSettings

LOOK_EVERY = 3.0


async def supervise(url: str, accounts: int) -> None:
    """Watch that many accounts of one token."""
    settings = SupervisorSettings(interval=LOOK_EVERY)
    async with AsyncExitStack() as stack:
        clients = [
            await stack.enter_async_context(WutsClient("token", base_url=url))
            for _ in range(accounts)
        ]
        supervisor = await stack.enter_async_context(Supervisor(settings))
        for number, client in enumerate(clients):
            supervisor.add_account(f"account-{number}", client)
        await asyncio.to_thread(sys.stdin.read)
        print(len(os.listdir("/proc/self/fd")))  # noqa: PTH208


if __name__ == "__main__":
    address, files, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    logging.basicConfig(level=logging.WARNING)
    asyncio.run(supervise(address, count))
