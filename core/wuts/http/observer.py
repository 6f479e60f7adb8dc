"""Reports each call's result and duration to an observer, which can't harm a call."""

import logging
import time
from collections.abc import Awaitable, Callable

from ..errors import ErrorCode, WutsError
from .endpoints import Endpoint

_LOGGER = logging.getLogger(__name__)

type OnCall = Callable[[Endpoint, ErrorCode | None, float], None]
"""Gets the call, the error it ended with or None, and its seconds to the end of the answer."""


class CallObserver:
    """Measures calls; one that is cancelled has no result, and is not told.

    Args:
        on_call: The observer. What it raises is logged, the first time with its traceback.
    """

    def __init__(self, on_call: OnCall) -> None:
        self._on_call = on_call
        self._has_failed = False

    async def watch[T](self, endpoint: Endpoint, call: Awaitable[T]) -> T:
        """Await a call of an endpoint, and return or raise what it does."""
        begun = time.perf_counter()
        try:
            result = await call
        except WutsError as error:
            self._tell(endpoint, error.code, begun)
            raise
        self._tell(endpoint, None, begun)
        return result

    def _tell(self, endpoint: Endpoint, code: ErrorCode | None, begun: float) -> None:
        try:
            self._on_call(endpoint, code, time.perf_counter() - begun)
        except Exception as error:
            level = logging.DEBUG if self._has_failed else logging.ERROR
            self._has_failed = True
            _LOGGER.log(level, "An observer of calls failed", exc_info=error)
