"""Whose turn it is: what is due when, which calls wait, and how many there may be at once."""

from __future__ import annotations

import heapq
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import count
from random import Random
from typing import NamedTuple

from ...errors import WutsError
from ...models import ConnectResult, SessionStatus
from ..device.device import Listing
from ..settings import HURRY

NEVER = float("inf")

PROBES = 3
"""Calls at once when nothing is known of a gateway that just came back."""

AT_ONCE = 20
"""Accounts that may wait for their first listing until those added next are spread."""

_GOLDEN = (5**0.5 - 1) / 2
"""Steps of this share fill an interval evenly, however many they are."""

SPREAD = 0.05
"""The share of the interval by which listings vary, so that accounts are not listed in step."""


class Key(NamedTuple):
    """What can be looked at: a device, or with None its account."""

    account: str
    device_id: str | None = None


class DueQueue:
    """Keys, and the moment when each is due; a key is in it once at most."""

    def __init__(self) -> None:
        self._due: dict[Key, float] = {}
        self._heap: list[tuple[float, int, Key]] = []
        self._order = count()

    def __getitem__(self, key: Key) -> float:
        """Return when a key is due, or `NEVER`."""
        return self._due.get(key, NEVER)

    def put(self, key: Key, when: float) -> None:
        """Let a key be due at ``when``, in place of another moment; `NEVER` takes it out."""
        if when == NEVER:
            self._due.pop(key, None)
        elif self._due.get(key) != when:
            self._due[key] = when
            heapq.heappush(self._heap, (when, next(self._order), key))
        if len(self._heap) > 2 * len(self._due) + 100:
            self._heap = [(when, next(self._order), key) for key, when in self._due.items()]
            heapq.heapify(self._heap)

    def next(self) -> float:
        """Return the earliest moment, or `NEVER`."""
        while self._heap and self._due.get(self._heap[0][2]) != self._heap[0][0]:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else NEVER

    def take(self, now: float) -> Iterator[Key]:
        """Take out what is due now, one by one, the earliest first."""
        for _ in range(len(self._due)):
            if self.next() > now:
                return
            key = heapq.heappop(self._heap)[2]
            del self._due[key]
            yield key

    def drop(self, account: str) -> None:
        """Take out an account and its devices."""
        for key in [key for key in self._due if key.account == account]:
            del self._due[key]


class ListingSchedule:
    """When the next ``GET /devices`` is due: at most one is under way.

    Args:
        interval: Seconds from one to the next.
        rng: The source of jitter.

    Attributes:
        is_under_way: Whether one is.
        next: When the next one is due, or `NEVER` while none is planned.
    """

    def __init__(self, interval: float, rng: Random) -> None:
        self.is_under_way = False
        self.next = NEVER
        self._interval = interval
        self._rng = rng
        self._taken_at = -NEVER
        self._hurried_at = -NEVER

    @property
    def was_taken(self) -> bool:
        """Whether there was any."""
        return self._taken_at > -NEVER

    def is_due(self, now: float) -> bool:
        """Return whether one is to be made now."""
        return self.next <= now and not self.is_under_way

    def take(self, now: float) -> None:
        """Begin the one that is due."""
        self.is_under_way = True
        self.next = NEVER
        self._taken_at = now

    def at(self, when: float) -> None:
        """List at ``when``, or before if that is planned already."""
        self.next = min(self.next, when)

    def regularly(self, now: float) -> None:
        """List an interval from now."""
        self.at(now + self._interval * (1 + self._rng.uniform(-SPREAD, SPREAD)))

    def soon(self, now: float) -> None:
        """List at once, but no more often than `HURRY` times an interval."""
        when = max(now, self._hurried_at + self._interval / HURRY)
        if when < self.next:
            self.next = self._hurried_at = when

    def again(self, now: float) -> None:
        """List again soon, to see whether what the last one said has lasted."""
        self.at(now + self._interval / HURRY)


class FirstLooks:
    """When accounts that were just added are listed first: a few at once, many over an interval.

    Args:
        interval: Seconds from one listing of an account to the next.
        rng: Where the spread begins, so that no two processes look in step.
    """

    def __init__(self, interval: float, rng: Random) -> None:
        self._interval = interval
        self._rng = rng
        self._waiting: set[str] = set()
        self._share = 0.0

    def plan(self, account: str, now: float) -> float:
        """Return when to list an account that was just added."""
        self._waiting.add(account)
        if len(self._waiting) <= AT_ONCE:
            return now
        if len(self._waiting) == AT_ONCE + 1:
            self._share = self._rng.random()
        self._share = (self._share + _GOLDEN) % 1.0
        return now + self._share * self._interval

    def done(self, account: str) -> None:
        """Note that an account waits no longer for its first listing."""
        self._waiting.discard(account)


class CallKind(StrEnum):
    """The calls that supervision makes."""

    LIST = "list"
    STATUS = "status"
    CONNECT = "connect"


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """A call to be made now; equal to no other.

    Attributes:
        kind: Which.
        account: The account's name.
        device_id: The device, or empty for ``LIST``.
        made_at: When it was decided, in seconds since 1970.
    """

    kind: CallKind
    account: str
    device_id: str = ""
    made_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """The result of a call: what the gateway answered, an error, or None if it was given up."""

    call: Call
    result: Listing | SessionStatus | ConnectResult | WutsError | None


class Budget:
    """How many calls all accounts may have under way, counted as they begin and end.

    Listings have a budget of their own: calls of one account that hang must not blind us to the
    others.

    Attributes:
        limit: The most calls about devices, and the most listings; it may change at any time.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._listings: set[Call] = set()
        self._calls: set[Call] = set()

    @property
    def room(self) -> int:
        """How many more calls about devices may be made."""
        return max(0, self.limit - len(self._calls))

    @property
    def listing_room(self) -> int:
        """How many more listings may be made."""
        return max(0, self.limit - len(self._listings))

    def begin(self, call: Call) -> None:
        """Count a call that is made now."""
        (self._listings if call.kind is CallKind.LIST else self._calls).add(call)

    def end(self, call: Call) -> None:
        """Count a call no longer; one that is not counted may end as well."""
        self._listings.discard(call)
        self._calls.discard(call)

    def drop(self, account: str) -> None:
        """Count the calls of an account no longer."""
        for call in [one for one in self._listings | self._calls if one.account == account]:
            self.end(call)


@dataclass(frozen=True, slots=True)
class Limiter:
    """A concurrency limiter: additive increase, multiplicative decrease (AIMD).

    Attributes:
        limit: The most calls it ever allows.
        size: How many it allows now.
        failures: Calls that failed since the last that succeeded.
    """

    limit: int
    size: int
    failures: int = 0

    @classmethod
    def full(cls, limit: int) -> Limiter:
        """Return a limiter that allows all it may."""
        return cls(limit=limit, size=limit)

    def probing(self) -> Limiter:
        """Allow the few calls that find out whether a gateway is back."""
        return replace(self, size=min(PROBES, self.limit))

    def answered(self, *, well: bool = True) -> Limiter:
        """Grow by one per answer: the size doubles with each round of calls.

        Args:
            well: Whether the call did what it was for; if not, that is not the gateway's fault.
        """
        if well and self.is_full:
            return self
        failures = 0 if well else self.failures + 1
        return replace(self, size=min(self.size + 1, self.limit), failures=failures)

    def failed(self) -> Limiter:
        """Halve, down to one."""
        return replace(self, size=max(1, self.size // 2), failures=self.failures + 1)

    @property
    def is_full(self) -> bool:
        """Whether it allows all it may, and the last call gave no reason to allow less."""
        return self.size == self.limit and self.failures == 0


class WorkQueue:
    """The devices that wait for a call: first come, first served, except those in a hurry.

    Args:
        limit: The most calls in flight.

    Attributes:
        in_flight: The call under way, by device: at most one each.
        limiter: How many there may be now.
    """

    def __init__(self, limit: int) -> None:
        self.in_flight: dict[str, CallKind] = {}
        self.limiter = Limiter.full(limit)
        self._waiting: OrderedDict[str, None] = OrderedDict()

    def __len__(self) -> int:
        """Return how many wait."""
        return len(self._waiting)

    def __contains__(self, device_id: str) -> bool:
        """Return whether a device waits."""
        return device_id in self._waiting

    @property
    def room(self) -> int:
        """How many more calls the limiter allows; negative while it has shrunk."""
        return self.limiter.size - len(self.in_flight)

    def add(self, device_id: str) -> None:
        """Let a device wait, unless it does."""
        self._waiting.setdefault(device_id)

    def hurry(self, device_id: str) -> None:
        """Put a device that waits before all others."""
        if device_id in self._waiting:
            self._waiting.move_to_end(device_id, last=False)

    def anyone(self, rng: Random) -> str:
        """Return one of those that wait; there must be one."""
        return rng.choice(list(self._waiting))

    def take(self) -> str:
        """Return whose turn it is."""
        device_id, _ = self._waiting.popitem(last=False)
        return device_id
