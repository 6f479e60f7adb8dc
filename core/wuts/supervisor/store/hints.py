"""Hints that another process has written what somebody here looks for: look now, not in a second.

A hint may be late, lost, or about nothing. Whoever hears them looks from time to time all the same,
and finds then what no hint told.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol, runtime_checkable

ORDERS = "orders"
"""There is an order."""

MEMBERS = "members"
"""A process that shares accounts out has joined, or has given accounts back."""

LEFT = "left"
"""A process that shared accounts out has left; its number follows, after a blank."""

LEAST = 0.05
"""Seconds between two looks that hints ask for, at least."""

type Hear = Callable[[str], None]


class Hints:
    """Hands hints on to those who hear them."""

    def __init__(self) -> None:
        self._ears: list[Hear] = []

    def hear(self, ear: Hear) -> Callable[[], None]:
        """Hand every hint to ``ear`` from now on; call what is returned to end that."""
        self._ears.append(ear)

        def end() -> None:
            if ear in self._ears:
                self._ears.remove(ear)

        return end

    def tell(self, hint: str) -> None:
        """Hand a hint on."""
        for ear in tuple(self._ears):
            ear(hint)


@runtime_checkable
class HintingStore(Protocol):
    """A store whose database lets processes tell each other to look."""

    @property
    def hints(self) -> Hints:
        """What others tell this process; nothing if the database cannot."""


async def sleep_until_hinted(hinted: asyncio.Event, seconds: float) -> None:
    """Sleep for so long, or until there is a hint; hints that come in a crowd count as one."""
    with suppress(TimeoutError):
        async with asyncio.timeout(max(0.0, seconds)):
            await hinted.wait()
            await asyncio.sleep(LEAST)
    hinted.clear()


def who_left(hint: str) -> int | None:
    """Return the number of the process that has left, if that is what a hint says."""
    word, _, number = hint.partition(" ")
    return int(number) if word == LEFT and number.isdecimal() else None
