"""Whether the store works: each trouble is logged and told once, and its end once."""

import logging
from collections.abc import Callable

from ...clock import Clock
from ..events import Event, StoreTrouble, utc
from ..store import StoreError
from ..store.adoption import Adoption

_LOGGER = logging.getLogger(__name__)


class StoreHealth:
    """What is wrong with the store.

    Args:
        adoption: Knows whether anything is looked after meanwhile.
        publish: Tells subscribers.
        clock: Returns seconds since 1970.
        offset: Returns the seconds from the clock to the wall's.

    Attributes:
        problem: What is wrong, and what to do; None if it works.
    """

    def __init__(
        self, adoption: Adoption, publish: Callable[[Event], None], clock: Clock, offset: Clock
    ) -> None:
        self.problem: str | None = None
        self._adoption = adoption
        self._publish = publish
        self._clock = clock
        self._offset = offset

    def report(self, problem: str | None) -> None:
        """Log and tell a trouble, or that there is none any more, unless that is known."""
        if problem == self.problem:
            return
        self.problem = problem
        is_waiting = self._adoption.is_waiting
        if problem is None:
            _LOGGER.info("The supervisor's store works again")
        elif is_waiting:
            _LOGGER.warning("%s This process keeps waiting.", problem)
        else:
            _LOGGER.warning("%s Supervision continues without it.", problem)
        at = utc(self._clock() + self._offset())
        self._publish(StoreTrouble(problem=problem, at=at, is_waiting=is_waiting))


def problem_of(error: Exception) -> str:
    """Say what is wrong with a store; one that breaks its protocol is logged in full."""
    if isinstance(error, StoreError):
        return error.message
    _LOGGER.error("The supervisor's store broke", exc_info=error)
    return StoreError.advice
