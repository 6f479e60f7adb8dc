"""Sees to it that nothing that runs in the background dies unseen."""

import logging
from collections.abc import Callable

from ..events import Event, TaskTrouble, utc

_LOGGER = logging.getLogger(__name__)


class TaskTroubles:
    """Logs and tells what broke, once for each task and kind of error; the task carries on.

    Args:
        publish: Is handed the event.
        clock: Returns seconds since 1970, for people.
    """

    def __init__(self, publish: Callable[[Event], None], clock: Callable[[], float]) -> None:
        self._publish = publish
        self._clock = clock
        self._seen: set[tuple[str, type[BaseException]]] = set()

    def report(self, task: str, error: BaseException) -> None:
        """Take in that a task failed where it should not."""
        if (task, type(error)) in self._seen:
            _LOGGER.debug("The supervisor's %s task failed again (%s)", task, type(error).__name__)
            return
        self._seen.add((task, type(error)))
        _LOGGER.error("The supervisor's %s task failed and was restarted", task, exc_info=error)
        problem = type(error).__name__
        self._publish(TaskTrouble(task=task, problem=problem, at=utc(self._clock())))
