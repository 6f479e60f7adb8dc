"""Lets each call to Slack wait for its turn: by method and workspace, urgent ones first.

It is a middleware of aiohttp's client, so that every request is counted, also those that Slack's
library repeats. `SlackClient` waits before a request begins, since a request's time is limited.
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus

from aiohttp import ClientHandlerType, ClientRequest, ClientResponse

from wuts.clock import Clock

from .errors import NotSentError
from .limits import LIMITS, Limits
from .retries import LONGEST_WAIT, wait_for
from .turns import Lane, Priority, Turn, Turns

__all__ = ["Priority", "RateLimiter", "prioritized"]

_priority: ContextVar[Priority] = ContextVar("priority", default=Priority.ANSWER)


@contextmanager
def prioritized(priority: Priority) -> Iterator[None]:
    """Give the calls in this context a priority; `Priority.ANSWER` is that of all others."""
    token = _priority.set(priority)
    try:
        yield
    finally:
        _priority.reset(token)


@dataclass(slots=True)
class _Held:
    """A turn that is held for the next request of its method."""

    turn: Turn
    is_used: bool = False


_held: ContextVar[_Held | None] = ContextVar("held", default=None)


class RateLimiter:
    """One for all calls of the app.

    Args:
        limits: How often each method may be called.
        longest_wait: Seconds of a ``Retry-After`` that are honoured.
        clock: Seconds by a steady clock.
    """

    def __init__(
        self,
        limits: Limits = LIMITS,
        *,
        longest_wait: float = LONGEST_WAIT,
        clock: Clock = time.monotonic,
    ) -> None:
        self._turns = Turns(limits)
        self._longest_wait = longest_wait
        self._clock = clock
        self._wanted: dict[Turn, asyncio.Future[None]] = {}
        self._timers: dict[Lane, asyncio.TimerHandle] = {}

    @property
    def waiting(self) -> Counter[str]:
        """How many calls of each method wait."""
        return self._turns.waiting

    def wait(
        self,
        method: str,
        priority: Priority | None = None,
        *,
        channel: str = "",
        workspace: str = "",
    ) -> float | None:
        """Return the seconds that a call would wait; None if that depends on others' answers."""
        now = self._clock()
        urgency = _priority.get() if priority is None else priority
        return self._turns.wait(Turn(Lane(method, workspace), channel, urgency, now), now)

    @asynccontextmanager
    async def turn(
        self,
        method: str,
        priority: Priority | None = None,
        *,
        channel: str = "",
        workspace: str = "",
    ) -> AsyncIterator[None]:
        """Wait for a turn, and hold it for the next call of ``method`` within.

        Args:
            method: Which method of Slack's.
            priority: How urgent it is; what `prioritized` says unless given.
            channel: Which channel it writes to, or empty.
            workspace: The id of its workspace; empty for the token's own.

        Raises:
            NotSentError: Too many calls wait that are more urgent.
        """
        held = _held.get()
        if held is not None and not held.is_used and held.turn.lane.method == method:
            yield
            return
        with prioritized(_priority.get() if priority is None else priority):
            held = _Held(await self._acquire(Lane(method, workspace), channel))
            token = _held.set(held)
            try:
                yield
            finally:
                _held.reset(token)
                if not held.is_used:
                    self._end(held.turn)

    async def again(self, method: str) -> None:
        """Wait for another turn, since Slack refused what came before."""
        held = _held.get()
        if held is not None and held.turn.lane.method == method:
            held.turn = await self._acquire(held.turn.lane, held.turn.channel)
            held.is_used = False
        else:
            self._end(await self._acquire(Lane(method), ""))

    async def __call__(self, request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        """Make a request when it is its turn, as a middleware of aiohttp's client.

        Raises:
            NotSentError: Too many calls wait that are more urgent.
        """
        method = request.url.path.rpartition("/")[2]
        held = _held.get()
        if held is not None and not held.is_used and held.turn.lane.method == method:
            held.is_used = True
            turn = held.turn
        else:
            turn = await self._acquire(Lane(method), "")
        response: ClientResponse | None = None
        try:
            response = await handler(request)
        finally:
            is_refused = response is not None and response.status == HTTPStatus.TOO_MANY_REQUESTS
            if response is not None and is_refused:
                self._stop(turn.lane, response.headers.get("Retry-After"))
            self._end(turn, is_refused=is_refused)
        return response

    async def _acquire(self, lane: Lane, channel: str) -> Turn:
        turn = Turn(lane, channel, _priority.get(), self._clock())
        wanted = self._wanted[turn] = asyncio.get_running_loop().create_future()
        refused = self._turns.add(turn)
        if refused is not None:
            self._wanted.pop(refused).set_exception(NotSentError())
        self._hand_out(lane)
        try:
            await wanted
        except BaseException:
            self._give_up(turn, wanted)
            raise
        return turn

    def _give_up(self, turn: Turn, wanted: asyncio.Future[None]) -> None:
        """Leave a turn to others: whoever wanted it waits no longer."""
        self._wanted.pop(turn, None)
        self._turns.drop(turn)
        if wanted.done() and not wanted.cancelled() and wanted.exception() is None:
            self._end(turn)

    def _end(self, turn: Turn, *, is_refused: bool = False) -> None:
        self._turns.end(turn, self._clock(), is_refused=is_refused)
        self._hand_out(turn.lane)

    def _stop(self, lane: Lane, retry_after: str | None) -> None:
        wait = wait_for(retry_after, datetime.now(UTC), longest=self._longest_wait)
        self._turns.stop(lane, self._clock() + wait)

    def _hand_out(self, lane: Lane) -> None:
        """Let those go whose turn it is, and come back when it is the next one's."""
        now = self._clock()
        for turn in self._turns.take(lane, now):
            wanted = self._wanted.pop(turn)
            if wanted.done():
                self._turns.end(turn, now)  # cancelled meanwhile
            else:
                wanted.set_result(None)
        timer = self._timers.pop(lane, None)
        if timer is not None:
            timer.cancel()
        moment = self._turns.next_at(lane, now)
        if moment is not None:
            loop = asyncio.get_running_loop()
            self._timers[lane] = loop.call_later(moment - now, self._hand_out, lane)
