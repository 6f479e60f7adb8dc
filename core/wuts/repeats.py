"""Which deliveries came before: a gateway repeats one that it believes to be lost."""

import hashlib
from collections.abc import Iterable
from typing import Final

from .webhooks import Delivery

MOST_REMEMBERED: Final = 5_000
"""Deliveries that are remembered at most, 12 bytes each."""

_DIGEST_SIZE: Final = 12


class Repeats:
    """Remembers the latest deliveries, to tell which one is a repeat (WUTS reference, Webhooks).

    A repeat has the same ``id``. What else names a delivery must be the same too, so that a gateway
    which counts its ids again from the start after a restart loses nothing.

    Args:
        known: What `latest` returned before, to remember it over a restart.
        most: How many are remembered.
    """

    def __init__(self, known: Iterable[str] = (), *, most: int = MOST_REMEMBERED) -> None:
        self._most = most
        self._seen: dict[str, None] = {}
        for one in known:
            self._remember(one)

    def is_repeat(self, delivery: Delivery) -> bool:
        """Return whether a delivery came before, and remember it; one without an id never did."""
        if delivery.id is None:
            return False
        digest = _digest_of(delivery)
        came_before = digest in self._seen
        self._remember(digest)
        return came_before

    def latest(self, most: int) -> list[str]:
        """Return what is to be kept of the latest deliveries; it reveals nothing about them."""
        return [*self._seen][-most:]

    def _remember(self, digest: str) -> None:
        self._seen.pop(digest, None)
        self._seen[digest] = None
        if len(self._seen) > self._most:
            del self._seen[next(iter(self._seen))]


def _digest_of(delivery: Delivery) -> str:
    message_id = (delivery.data or {}).get("message_id")
    named = (delivery.id, delivery.event, delivery.device_id, message_id)
    return hashlib.blake2b(repr(named).encode(), digest_size=_DIGEST_SIZE).hexdigest()
