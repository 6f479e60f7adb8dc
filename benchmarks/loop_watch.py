"""Watches an event loop: how long did it stall, how much CPU did the process use."""

import asyncio
import time
from typing import Self

HEARTBEAT = 0.002
"""Seconds between two looks at the clock."""


class LoopWatch:
    """Measures the loop for as long as the context lasts.

    Args:
        stalls: Whether to look for stalls, which itself costs some CPU.

    Attributes:
        longest_stall: The longest that work kept the loop from its next turn, in seconds of the
            thread's CPU, so that other processes on the machine do not count.
        cpu: Seconds of CPU of this process.
        wall: Seconds that passed.
    """

    def __init__(self, *, stalls: bool = True) -> None:
        self._stalls = stalls
        self.longest_stall = 0.0
        self.cpu = 0.0
        self.wall = 0.0
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Begin to watch."""
        if self._stalls:
            self._task = asyncio.create_task(self._beat())
            await asyncio.sleep(0)  # so that work that begins at once is watched
        self.cpu, self.wall = time.process_time(), time.perf_counter()
        return self

    async def __aexit__(self, *_exc: object) -> None:
        """Stop watching."""
        self.cpu = time.process_time() - self.cpu
        self.wall = time.perf_counter() - self.wall
        if self._task is not None:
            self._task.cancel()

    async def _beat(self) -> None:
        while True:
            before = time.thread_time()
            await asyncio.sleep(HEARTBEAT)
            self.longest_stall = max(self.longest_stall, time.thread_time() - before)
