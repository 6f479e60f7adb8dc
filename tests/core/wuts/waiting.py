"""Waits for what cannot tell that it has happened."""

import asyncio
from collections.abc import Callable

_PATIENCE = 100


async def until(condition: Callable[[], object], *, within: float = _PATIENCE) -> None:
    """Wait until something is true; a test that waits too long fails."""
    async with asyncio.timeout(within):
        while not condition():  # noqa: ASYNC110 - what is waited for tells nobody
            await asyncio.sleep(0.001)
