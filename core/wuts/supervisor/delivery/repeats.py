"""Tells receivers that forget, as an Alertmanager does, again and again of what is open."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol, runtime_checkable

from ..alerts.notifications import Notification
from .receivers import GRACE, problem_of

_LOGGER = logging.getLogger(__name__)

type Told = Callable[[str], Iterable[Notification]]
"""Returns what a receiver was sent last, of what is not over, by its name."""


@runtime_checkable
class ForgetfulReceiver(Protocol):
    """A receiver that forgets what is not sent again.

    Attributes:
        repeat_interval: Seconds after which it is sent again.
    """

    repeat_interval: float

    async def repeat(self, told: Callable[[], Iterable[Notification]], /) -> None:
        """Send it again all that ``told`` returns then."""


class Repeats:
    """Tells them, each in a task of its own.

    Args:
        receivers: All there are, by name.
        told: What each was sent last.
    """

    def __init__(self, receivers: Mapping[str, object], told: Told) -> None:
        self._told = told
        self._receivers = {
            name: one for name, one in receivers.items() if isinstance(one, ForgetfulReceiver)
        }
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to tell them."""
        for name, receiver in self._receivers.items():
            task = asyncio.create_task(self._run(name, receiver), name=f"wuts repeats {name}")
            self._tasks.append(task)

    async def close(self) -> None:
        """End all tasks; a receiver that does not let go is left behind."""
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=GRACE)

    async def _run(self, name: str, receiver: ForgetfulReceiver) -> None:
        is_failing = False
        while True:
            await asyncio.sleep(receiver.repeat_interval)
            problem = await problem_of(lambda: receiver.repeat(lambda: self._told(name)))
            if problem and not is_failing:
                # Its words could hold the receiver's address, and so a secret.
                _LOGGER.warning(
                    "The receiver %s cannot be sent open alerts again (%s)", name, problem
                )
            is_failing = problem is not None
