"""The supervisor in the demonstration's own terminal: ``wuts watch``, a line an event."""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

INTERVAL = 5
"""Seconds between two looks: somebody is watching."""


@asynccontextmanager
async def watching(gateway_url: str, token: str) -> AsyncIterator[None]:
    """Print what happens to the devices for as long as the context lasts."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "wuts_cli", "watch", "--interval", str(INTERVAL)),
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=DEVNULL,
        env={**os.environ, "WUTS_BASE_URL": gateway_url, "WUTS_TOKEN": token},
        start_new_session=True,
    )
    printing = asyncio.create_task(_print(process))
    try:
        yield
    finally:
        process.terminate()
        await process.wait()
        await printing


async def _print(process: Process) -> None:
    assert process.stdout is not None  # noqa: S101 - it was asked for
    async for line in process.stdout:
        print(f"  {line.decode().rstrip()}", flush=True)
