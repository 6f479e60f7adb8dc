"""The links of a process."""

import secrets
from collections.abc import Hashable

from ..clock import Clock
from .state import SECRET_BYTES, LinkState, hash_of

KEPT = 3600.0
"""Seconds for which the browser that owned a link still learns how it ended."""


class LinkStore:
    """The links of a process, found by the hash of their secret; one per device.

    Args:
        clock: Seconds by a steady clock.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._links: dict[bytes, LinkState] = {}
        self._newest: dict[Hashable, LinkState] = {}

    def add(self, link: LinkState) -> str:
        """Keep a link, in place of the device's older one; return its secret."""
        self._forget_the_dead()
        if (older := self._newest.get(link.key)) is not None:
            older.end()
        secret = secrets.token_urlsafe(SECRET_BYTES)
        self._links[hash_of(secret)] = self._newest[link.key] = link
        return secret

    def find(self, secret: str) -> LinkState | None:
        """Return the link of a secret, or None."""
        link = self._links.get(hash_of(secret))
        return None if link is None or self._is_dead(link) else link

    def end_all(self) -> None:
        """End every link."""
        for link in self._links.values():
            link.end()

    def _is_dead(self, link: LinkState) -> bool:
        return self._clock() >= link.expires_at + KEPT

    def _forget_the_dead(self) -> None:
        self._links = {
            hashed: link for hashed, link in self._links.items() if not self._is_dead(link)
        }
        self._newest = {link.key: link for link in self._links.values()}
