"""A simulator for tests without an event loop: it serves from a thread of its own."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from functools import partial
from typing import Any


class LoopThread:
    """An event loop in a thread of its own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="wuts simulator")
        self._thread.start()

    def run[T](self, work: Coroutine[Any, Any, T]) -> T:
        """Return what a coroutine returns."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def wait_for[T](self, work: Coroutine[Any, Any, T]) -> T:
        """Return what a coroutine returns, without blocking the caller's loop."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    def stop(self) -> None:
        """End the thread, and those that the loop started."""
        self.run(self._loop.shutdown_default_executor())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class InThread:
    """Stands for a part of the world: its methods, and those of its own parts, run in the thread.

    Args:
        part: The part.
        thread: Where its methods run.
    """

    def __init__(self, part: Any, thread: LoopThread) -> None:  # noqa: ANN401 - any part
        self._part = part
        self._thread = thread

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the part has
        """Return the part's attribute, ready to be used from any thread."""
        value = getattr(self._part, name)
        if callable(value):
            return partial(self._call, value)
        is_ours = type(value).__module__.startswith(f"{__package__}.")
        return InThread(value, self._thread) if is_ours else value

    def __len__(self) -> int:
        return len(self._part)

    def __iter__(self) -> Iterator[Any]:
        """Walk through the part."""
        return iter(self._part)

    def _call[T](self, act: Callable[..., T], *args: object, **inputs: object) -> T:
        async def work() -> T:
            return act(*args, **inputs)

        return self._thread.run(work())
