"""Tells receivers of notifications: each in a task of its own, until it has taken them.

A receiver that fails is tried again with growing waits, and hears only of the newest update then.
One that hangs or fails holds up nobody else.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from random import Random

from ..alerts.notifications import Notification

_LOGGER = logging.getLogger(__name__)

DELIVERY_TIMEOUT = 30.0
"""Seconds that a receiver may take for one notification."""

FIRST_WAIT, LONGEST_WAIT = 2.0, 300.0
"""Seconds from a failure to the next try, at most, at first and after many."""

GRACE = 1.0
"""Seconds that a receiver may take to end when it is cancelled."""

FAILURES = 3
"""Failures in a row after which the next receiver of a route gets the alert."""

type Receiver = Callable[[Notification], Awaitable[None]]
"""Notifies somebody. What it raises is logged, and it is called again with the newest state."""


@dataclass(frozen=True, slots=True)
class ReceiverState:
    """How a receiver does.

    Attributes:
        waiting: Notifications that it has not taken.
        failures: Failures in a row.
        problem: The class of the last one's error, or None.
    """

    waiting: int
    failures: int
    problem: str | None


class _Line:
    """One receiver, what waits for it, and the task that tells it."""

    def __init__(self, name: str, receiver: Receiver, receivers: "Receivers") -> None:
        self.name = name
        self.failures = 0
        self.problem: str | None = None
        self.waiting: dict[str, tuple[Notification, Notification]] = {}
        self.filled = asyncio.Event()
        self.idle = asyncio.Event()
        self.idle.set()
        self.receiver = receiver
        self._receivers = receivers
        self.task = asyncio.create_task(self._run(), name=f"wuts receiver {name}")

    def put(self, original: Notification, told: Notification) -> None:
        """Queue a notification, in place of an older update that waits."""
        self.waiting[told.id] = original, told
        self.filled.set()
        self.idle.clear()

    async def _run(self) -> None:
        while True:
            await self.filled.wait()
            self.filled.clear()
            for id_ in list(self.waiting):
                await self._feed(id_)
            if not self.waiting:
                self.idle.set()

    async def _feed(self, id_: str) -> None:
        """Tell one; if it fails others have their turn before it is tried again."""
        pair = self.waiting.get(id_)
        if pair is None or not self._receivers.may_tell(pair[0]):
            return
        problem = await problem_of(lambda: self.receiver(pair[1]))
        if problem is not None:
            self._turned(problem)
            await asyncio.sleep(self._receivers.wait(self.failures))
            self.filled.set()
            return
        if self.waiting.get(id_) is pair:
            del self.waiting[id_]
        self._turned(None)
        self._receivers.on_delivered(pair[0])
        # This way, at most one is sent again after a kill.
        await self._receivers.settle()

    def _turned(self, problem: str | None) -> None:
        """Take in a success or a failure; log the first failure and the first success after it."""
        failures = 0 if problem is None else self.failures + 1
        if problem is not None and not self.failures:
            # Its words could hold the receiver's address, and so a secret.
            _LOGGER.warning("The receiver %s cannot be notified (%s)", self.name, problem)
        elif problem is None and self.failures:
            _LOGGER.info("The receiver %s can be notified again", self.name)
        was_failing = self.failures >= FAILURES
        self.failures, self.problem = failures, problem
        if was_failing is not (failures >= FAILURES):
            self._receivers.on_failing(self.name, not was_failing)


def must_end() -> bool:
    """Return whether this task is cancelled, and not only something that a receiver awaits."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def problem_of(tell: Callable[[], Awaitable[None]]) -> str | None:
    """Send to a receiver, within `DELIVERY_TIMEOUT`; return the class of its error, or None."""
    try:
        async with asyncio.timeout(DELIVERY_TIMEOUT):
            await tell()
    except asyncio.CancelledError as error:
        if must_end():
            raise
        return type(error).__name__
    except Exception as error:  # noqa: BLE001 - whatever a receiver raises must stop nothing
        return type(error).__name__
    return None


async def _nothing_to_save() -> None:
    """Return at once."""


class Receivers:
    """All receivers of one supervisor.

    Args:
        receivers: By name.
        rng: The source of jitter.

    Attributes:
        on_delivered: Called with a notification that its receiver has taken.
        on_failing: Called with a receiver's name when it fails again and again, and when it works.
        settle: Awaited before a receiver that has taken one gets another.
        may_tell: Asked just before each notification; one that may not be sent waits for `retry`.
    """

    def __init__(self, receivers: Mapping[str, Receiver], rng: Random | None = None) -> None:
        self.on_delivered: Callable[[Notification], None] = lambda _: None
        self.on_failing: Callable[[str, bool], None] = lambda _, __: None
        self.settle: Callable[[], Awaitable[None]] = _nothing_to_save
        self.may_tell: Callable[[Notification], bool] = lambda _: True
        self._receivers = dict(receivers)
        self._rng = rng or Random()  # noqa: S311 - jitter is no secret
        self._lines: dict[str, _Line] = {}

    def replace(self, receivers: Mapping[str, Receiver]) -> None:
        """Know these from now on; what waits for one that is gone is dropped."""
        for name in self._lines.keys() - receivers.keys():
            self._lines.pop(name).task.cancel()
        for name, line in self._lines.items():
            line.receiver = receivers[name]
        self._receivers = dict(receivers)

    def put(self, original: Notification, told: Notification) -> None:
        """Queue a notification for its receiver.

        Args:
            original: As the supervisor knows it.
            told: The same, its times by the wall clock.
        """
        receiver = self._receivers.get(told.receiver)
        if receiver is None:
            return
        if told.receiver not in self._lines:
            self._lines[told.receiver] = _Line(told.receiver, receiver, self)
        self._lines[told.receiver].put(original, told)

    def states(self) -> dict[str, ReceiverState]:
        """Return how each receiver does."""
        lines = {name: self._lines.get(name) for name in self._receivers}
        return {
            name: ReceiverState(len(line.waiting), line.failures, line.problem)
            if line
            else ReceiverState(0, 0, None)
            for name, line in lines.items()
        }

    def wait(self, failures: int) -> float:
        """Return the seconds until a receiver that failed so often is tried again."""
        longest = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(failures - 1, 30))
        return self._rng.uniform(longest / 2, longest)

    def retry(self) -> None:
        """Send what might not be sent before."""
        for line in self._lines.values():
            if line.waiting:
                line.filled.set()

    def drop(self, accounts: Collection[str]) -> None:
        """Drop what waits and is about these accounts."""
        for line in self._lines.values():
            kept = {id_: one for id_, one in line.waiting.items() if one[0].account not in accounts}
            line.waiting = kept

    async def finish(self) -> None:
        """Wait until every receiver has taken what waits for it."""
        await asyncio.gather(*(line.idle.wait() for line in self._lines.values()))

    def end(self) -> None:
        """Begin to end all tasks; what was not taken is sent after the next start."""
        for line in self._lines.values():
            line.task.cancel()

    async def ended(self) -> None:
        """Wait for the end of what `end` began; a receiver that does not let go is left behind."""
        tasks = [line.task for line in self._lines.values()]
        self._lines.clear()
        if tasks:
            await asyncio.wait(tasks, timeout=GRACE)
