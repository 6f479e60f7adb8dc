"""Which devices of an account wait for a call, which have one in flight, and how many may have."""

from collections import OrderedDict

from ..device.calls import CallKind
from .limiter import Window


class CallQueue:
    """First come, first served, but for those in a hurry; at most one call for each device.

    Args:
        limit: The most calls in flight.

    Attributes:
        in_flight: The call under way, by device.
        window: How many there may be now.
    """

    def __init__(self, limit: int) -> None:
        self.in_flight: dict[str, CallKind] = {}
        self.window = Window.open(limit)
        self._waiting: OrderedDict[str, None] = OrderedDict()

    def __len__(self) -> int:
        """Return how many wait."""
        return len(self._waiting)

    def __contains__(self, device_id: str) -> bool:
        """Tell whether a device waits."""
        return device_id in self._waiting

    @property
    def room(self) -> int:
        """How many more calls the window allows; negative while it has shrunk."""
        return self.window.size - len(self.in_flight)

    def add(self, device_id: str) -> None:
        """Let a device wait, unless it does."""
        self._waiting.setdefault(device_id)

    def hurry(self, device_id: str) -> None:
        """Put a device that waits before all others."""
        if device_id in self._waiting:
            self._waiting.move_to_end(device_id, last=False)

    def take(self) -> str:
        """Return whose turn it is."""
        device_id, _ = self._waiting.popitem(last=False)
        return device_id

    def answered(self, device_id: str) -> None:
        """Note that a device's call has ended."""
        self.in_flight.pop(device_id, None)

    def succeeded(self) -> None:
        """Allow one more."""
        self.window = self.window.succeeded()

    def failed(self) -> int:
        """Allow half as many; return how many calls failed in a row."""
        self.window = self.window.failed()
        return self.window.failures

    def probe(self) -> None:
        """Allow the few that find out whether the gateway is back."""
        self.window = self.window.probing()

    def reopen(self) -> None:
        """Allow all again."""
        self.window = self.window.reopened()
