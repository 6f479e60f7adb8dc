"""What runs beside people's requests: none of it dies unseen."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

_LOGGER = logging.getLogger(__name__)

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0
"""Seconds until a task that failed runs again; they double from the first to the longest."""

BROKEN_AFTER = 3
"""Failures in a row after which a task counts as broken."""

type Work = Callable[[], Awaitable[None]]


class Background:
    """Runs tasks; what fails is logged once for each kind of error, counted, and run again.

    Args:
        first_pause: Seconds until a task that failed runs again.

    Attributes:
        on_failure: Is called with the task's name at each failure.
    """

    def __init__(self, first_pause: float = FIRST_PAUSE) -> None:
        self.on_failure: Callable[[str], None] = lambda _task: None
        self._first_pause = first_pause
        self._tasks: set[asyncio.Task[object]] = set()
        self._by_name: dict[str, asyncio.Task[object]] = {}
        self._seen: set[tuple[str, type[BaseException]]] = set()
        self._failures: Counter[str] = Counter()

    @property
    def broken(self) -> list[str]:
        """The tasks that keep failing."""
        return sorted(name for name, count in self._failures.items() if count >= BROKEN_AFTER)

    def start(self, name: str, work: Work) -> None:
        """Run ``work`` until it returns: as often as it takes, and ever more slowly.

        While one of that name is running, this does nothing.
        """
        running = self._by_name.get(name)
        if running is None or running.done():
            self._by_name[name] = self._create(name, self._until_done(name, work))

    def once(self, name: str, work: Work) -> asyncio.Task[object]:
        """Run what cannot be run again."""
        return self._create(name, self._try(name, work))

    def report(self, name: str, error: BaseException) -> None:
        """Log and count what broke, and who can carry on does."""
        self.on_failure(name)
        kind = name, type(error)
        if kind in self._seen:
            _LOGGER.debug("The task %s failed again (%s)", name, type(error).__name__)
            return
        self._seen.add(kind)
        _LOGGER.error("The task %s failed", name, exc_info=error)

    async def close(self) -> None:
        """End all tasks."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def _create(self, name: str, work: Coroutine[Any, Any, object]) -> asyncio.Task[object]:
        task: asyncio.Task[object] = asyncio.create_task(work, name=f"wuts {name}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _until_done(self, name: str, work: Work) -> None:
        pause = self._first_pause
        while not await self._try(name, work):
            self._failures[name] += 1
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        del self._failures[name]

    async def _try(self, name: str, work: Work) -> bool:
        try:
            await work()
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            # Something that it awaited was cancelled: a failure as any other.
            self.report(name, error)
        except Exception as error:  # noqa: BLE001 - the boundary: a bug must not go unseen
            self.report(name, error)
        else:
            return True
        return False
