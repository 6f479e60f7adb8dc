"""How many numbers an account may look up on WhatsApp in an hour.

WhatsApp has restricted numbers that looked many others up in bulk, so `WutsClient.check_contacts`
should be called with care. The budget is a value: whoever spends from it keeps what
`CheckBudget.spend` returns, as text in a key-value store if there is one.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Self

from .errors import CheckBudgetUsedUpError

DEFAULT_LIMIT = 200
"""Numbers per hour and account: a person's work, not a list of customers."""

WINDOW = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckBudget:
    """A limit for each sliding hour, and what was spent of it.

    Attributes:
        limit: Numbers an hour; 0 for no limit.
        spent: When and how many, the oldest first.
    """

    limit: int = DEFAULT_LIMIT
    spent: tuple[tuple[datetime, int], ...] = ()

    @classmethod
    def from_text(cls, text: str | None, *, limit: int = DEFAULT_LIMIT) -> Self:
        """Read what `as_text` wrote; a text that is not readable counts as nothing spent."""
        try:
            rows = json.loads(text or "[]")
            spent = tuple((datetime.fromtimestamp(int(at), UTC), int(count)) for at, count in rows)
        except (ValueError, TypeError, OverflowError, OSError):
            spent = ()
        return cls(limit=limit, spent=tuple(sorted(one for one in spent if one[1] > 0)))

    def as_text(self) -> str:
        """Return what was spent, to be kept; no number is in it."""
        return json.dumps([[int(at.timestamp()), count] for at, count in self.spent])

    def left(self, now: datetime) -> int | None:
        """Return how many numbers may be looked up now, or None if there is no limit."""
        if not self.limit:
            return None
        return max(0, self.limit - sum(count for _, count in self._recent(now)))

    def free_at(self, count: int, now: datetime) -> datetime | None:
        """Return when ``count`` numbers may be looked up, or None if never at once."""
        if not self.limit:
            return now
        if count > self.limit:
            return None
        missing = count - (self.left(now) or 0)
        for at, spent in self._recent(now):
            if missing <= 0:
                break
            missing -= spent
            now = at + WINDOW
        return now

    def spend(self, count: int, now: datetime) -> Self:
        """Return the budget after ``count`` numbers were looked up.

        Raises:
            CheckBudgetUsedUpError: So many are not left.
        """
        left = self.left(now)
        if left is None or count <= 0:
            return self
        if count > left:
            free_at = self.free_at(count, now)
            raise CheckBudgetUsedUpError(limit=self.limit, left=left, free_at=free_at)
        return replace(self, spent=(*self._recent(now), (now, count)))

    def _recent(self, now: datetime) -> Iterator[tuple[datetime, int]]:
        """What counts now. What lies ahead was written before the clock was set back."""
        for at, count in self.spent:
            if now - WINDOW < at < now + WINDOW:
                yield min(at, now), count
