"""Counts the requests of the contract, so that a test sees what a client really asked."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from .contract import EndpointName


class RequestLog:
    """Counters per call, and per device for ``POST /connect``.

    Attributes:
        by_endpoint: How many requests there were.
        connects: How many of them were connects of a device.
        max_in_flight: How many connects of a device there were at once, at most.
        most_at_once: How many requests there were at once, at most.
    """

    def __init__(self) -> None:
        self.by_endpoint: Counter[str] = Counter()
        self.connects: Counter[str] = Counter()
        self.max_in_flight: Counter[str] = Counter()
        self.most_at_once = 0
        self._now = 0
        self._in_flight: Counter[str] = Counter()

    def reset(self) -> None:
        """Start again from zero; requests in flight stay known."""
        self.by_endpoint.clear()
        self.connects.clear()
        self.most_at_once = self._now
        self.max_in_flight = Counter(+self._in_flight)

    def total(self) -> int:
        """Return how many requests there were."""
        return self.by_endpoint.total()

    @contextmanager
    def counted(self, endpoint: EndpointName, device_id: str | None) -> Iterator[None]:
        """Count one request while it runs."""
        self.by_endpoint[endpoint] += 1
        self._now += 1
        self.most_at_once = max(self._now, self.most_at_once)
        try:
            with self._connect_counted(endpoint, device_id):
                yield
        finally:
            self._now -= 1

    @contextmanager
    def _connect_counted(self, endpoint: EndpointName, device_id: str | None) -> Iterator[None]:
        if endpoint is not EndpointName.CONNECT or device_id is None:
            yield
            return
        self.connects[device_id] += 1
        self._in_flight[device_id] += 1
        flying = self._in_flight[device_id]
        self.max_in_flight[device_id] = max(flying, self.max_in_flight[device_id])
        try:
            yield
        finally:
            self._in_flight[device_id] -= 1
            if not self._in_flight[device_id]:
                del self._in_flight[device_id]
