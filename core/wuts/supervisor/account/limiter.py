"""How many calls about an account's devices may be in flight: few, then more as they succeed."""

from __future__ import annotations

from dataclasses import dataclass, replace

PROBES = 3
"""Calls at once when nothing is known of a gateway that just came back."""


@dataclass(frozen=True, slots=True)
class Window:
    """A congestion window over calls.

    Attributes:
        limit: The most it ever allows.
        size: What it allows now.
        failures: Calls that failed since the last that succeeded.
    """

    limit: int
    size: int
    failures: int = 0

    @classmethod
    def open(cls, limit: int) -> Window:
        """Return a window that allows all it may."""
        return cls(limit=limit, size=limit)

    def probing(self) -> Window:
        """Return the window that a gateway gets which just came back."""
        return replace(self, size=min(PROBES, self.limit))

    def reopened(self) -> Window:
        """Return the window of a gateway that is well again."""
        return replace(self, size=self.limit, failures=0)

    def succeeded(self) -> Window:
        """Grow by one per success: the size doubles with each round of calls."""
        if self.is_open:
            return self
        return replace(self, size=min(self.size + 1, self.limit), failures=0)

    def failed(self) -> Window:
        """Halve, down to one."""
        return replace(self, size=max(1, self.size // 2), failures=self.failures + 1)

    @property
    def is_open(self) -> bool:
        """Whether it allows all it may, and the last call gave no reason to allow less."""
        return self.size == self.limit and self.failures == 0
