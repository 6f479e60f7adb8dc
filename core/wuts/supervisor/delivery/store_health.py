"""Whether the store works: each trouble is logged and told once, and its end once."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from ...clock import Clock
from ..events import Event, StoreTrouble, utc
from ..store import StoreError
from ..store.adoption import Adoption

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StoreState:
    """How the store does.

    Attributes:
        problem: What is wrong, and what to do; None if it works.
        unsaved: How many records are to be saved.
        behind: How many seconds the oldest record has waited to be saved; 0 if none waits.
    """

    problem: str | None
    unsaved: int
    behind: float


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
        self._behind_since: float | None = None

    def begin(self) -> None:
        """Note that something is to be saved from now on, until `report` says that it works."""
        if self._behind_since is None:
            self._behind_since = self._clock()

    def state(self, unsaved: int) -> StoreState:
        """Return how the store does, of which so many records are not saved."""
        since = self._behind_since
        behind = 0.0 if since is None else self._clock() - since
        return StoreState(self.problem, unsaved, behind)

    def report(self, problem: str | None) -> None:
        """Log and report a trouble, or its end, once."""
        if problem is None:
            self._behind_since = None
        else:
            self.begin()
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
