"""Tells a person of errors that were logged, in one line each and without a traceback."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import override


class _Handler(logging.Handler):
    def __init__(self, tell: Callable[[str], None]) -> None:
        super().__init__(logging.ERROR)
        self._tell = tell

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self._tell(f"This should not have happened: {record.getMessage()}. Please report it.")


@contextmanager
def telling_errors(tell: Callable[[str], None]) -> Iterator[None]:
    """Tell errors; warnings are left out, for events say the same."""
    handler = _Handler(tell)
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
