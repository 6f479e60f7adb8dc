"""One thread for one receiver: whoever hangs in it takes no thread from others, and ends no later.

The loop's own threads would not do. They are few, the gateway's name is looked up in them, and a
process waits for them when it ends.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import override

_SPEAKERS = (
    "apprise",
    "httpcore.connection",
    "httpcore.http11",
    "httpcore.proxy",
    "httpcore.socks",
    "httpcore2.connection",
    "httpcore2.http11",
    "httpcore2.proxy",
    "httpcore2.socks",
    "httpx",
    "httpx2",
    "requests_oauthlib.oauth1_auth",
    "requests_oauthlib.oauth1_session",
    "requests_oauthlib.oauth2_session",
    "urllib3.connection",
    "urllib3.connectionpool",
    "urllib3.poolmanager",
    "urllib3.util.retry",
)
"""Loggers that write down the address of what they send, and so the secret in it."""


class OwnThread:
    """Runs one thing after the other in a thread that nobody waits for at the end."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._left: tuple[object, asyncio.Future[BaseException | None]] | None = None

    async def run(
        self, key: object, prepare: Callable[[], Callable[[], None]]
    ) -> BaseException | None:
        """Do something in the thread, once what was left in it has ended.

        Args:
            key: Says what it is. If that is what was left in the thread, and it did not fail, then
                it is done.
            prepare: Called in the loop when its turn has come; returns what to do.

        Returns:
            What it raised, or None.
        """
        async with self._lock:
            if self._left is not None:
                left, outcome = self._left
                await asyncio.wait([outcome])
                self._left = None
                if left == key and outcome.result() is None:
                    return None
            outcome = asyncio.get_running_loop().create_future()
            self._left = key, outcome
            _start(prepare(), outcome)
            # Whoever is cancelled here leaves the thread behind, and the next one finds it.
            await asyncio.wait([outcome])
            self._left = None
            return outcome.result()


def _start(work: Callable[[], None], outcome: asyncio.Future[BaseException | None]) -> None:
    loop = asyncio.get_running_loop()

    def run() -> None:
        error: BaseException | None = None
        try:
            with silenced():
                work()
        except BaseException as raised:  # noqa: BLE001 - it is handed on; it must not be printed
            error = raised
        # The loop is closed if this took until after the end.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_settle, outcome, error)

    threading.Thread(target=run, name="wuts receiver", daemon=True).start()


def _settle(outcome: asyncio.Future[BaseException | None], error: BaseException | None) -> None:
    if not outcome.done():
        outcome.set_result(error)


_IS_SILENT: ContextVar[bool] = ContextVar("wuts receiver", default=False)


class _UnlessSilent(logging.Filter):
    @override
    def filter(self, record: logging.LogRecord) -> bool:
        return not _IS_SILENT.get()


_UNLESS_SILENT = _UnlessSilent()


@contextmanager
def silenced() -> Iterator[None]:
    """Let others' libraries log nothing in this context, whatever the level."""
    for name in _SPEAKERS:
        logging.getLogger(name).addFilter(_UNLESS_SILENT)
    token = _IS_SILENT.set(True)
    try:
        yield
    finally:
        _IS_SILENT.reset(token)
