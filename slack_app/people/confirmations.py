"""Questions that wait for one person's answer before something is taken away."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

KEPT_FOR = 300.0
"""Seconds that a question may be answered."""

MOST = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """What somebody was asked.

    Attributes:
        user_id: Who: nobody else may answer.
        action: The id of the button that does it.
        device: The device, as a button names it.
        number: The digits of its phone as the question named it, or None.
    """

    user_id: str
    action: str
    device: str
    number: str | None = field(default=None, repr=False)


class Confirmations:
    """The questions that are open; each is answered once, and a restart ends all.

    Args:
        clock: Seconds by a steady clock.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._open: dict[str, tuple[float, Confirmation]] = {}

    def ask(self, asked: Confirmation) -> str:
        """Open a question; return its key."""
        key = secrets.token_hex(8)
        self._open[key] = (self._clock() + KEPT_FOR, asked)
        if len(self._open) > MOST:
            del self._open[next(iter(self._open))]
        return key

    def take(self, key: str, user_id: str, action: str, device: str) -> Confirmation | None:
        """Return a question that this person was asked about this, and close it.

        It is None if it is over, or was somebody else's or about something else; theirs stays.
        """
        until, asked = self._open.get(key, (0.0, None))
        about = asked and (asked.user_id, asked.action, asked.device)
        if asked is None or about != (user_id, action, device):
            return None
        del self._open[key]
        return asked if self._clock() < until else None

    def forget(self, key: str, user_id: str) -> None:
        """Close a person's question without an answer."""
        if key in self._open and self._open[key][1].user_id == user_id:
            del self._open[key]
