"""What runs in the background and must not die unseen."""

import asyncio
from collections.abc import Awaitable, Callable

from .const import LOGGER


async def keep_running(
    name: str,
    work: Callable[[], Awaitable[None]],
    *,
    wait: float,
    tell: Callable[[], Awaitable[None]] | None = None,
) -> None:
    """Do some work to its end; if it breaks, begin again.

    Args:
        name: What the log calls it; each kind of error is logged once.
        work: What to do.
        wait: Seconds until it is begun again.
        tell: Tells people that it broke.
    """
    seen: set[type[Exception]] = set()
    while True:
        try:
            return await work()
        except Exception as error:  # noqa: BLE001 - whatever it is, the work is still wanted
            if type(error) not in seen:
                seen.add(type(error))
                LOGGER.exception("%s failed and will be restarted", name)
        if tell is not None:
            await tell()
        await asyncio.sleep(wait)
