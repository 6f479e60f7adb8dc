"""One pairing per device at a time: the second learns who is first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ..errors import ErrorCode, WutsError


class PairingInProgressError(WutsError):
    """Somebody is pairing this device already.

    Attributes:
        owner: Who, as they named themselves; for people.
    """

    code = ErrorCode.PAIRING_IN_PROGRESS

    def __init__(self, owner: str) -> None:
        """Name who is first."""
        super().__init__(f"{owner} is pairing this device already. Wait until that has ended.")
        self.owner = owner

    def __reduce__(self) -> tuple[type[PairingInProgressError], tuple[str]]:
        """Pickle by owner, since that is all there is."""
        return type(self), (self.owner,)


class PairingRegistry:
    """Who is pairing what, in this process."""

    def __init__(self) -> None:
        self._owners: dict[tuple[str, str], str] = {}

    @contextmanager
    def claim(self, base_url: str, device_id: str, owner: str) -> Iterator[None]:
        """Hold a device of a gateway for as long as the context lasts.

        Raises:
            PairingInProgressError: Somebody else holds it.
        """
        key = (base_url, device_id)
        if key in self._owners:
            raise PairingInProgressError(self._owners[key])
        self._owners[key] = owner
        try:
            yield
        finally:
            del self._owners[key]

    def owner(self, base_url: str, device_id: str) -> str | None:
        """Return who is pairing a device of a gateway, or None."""
        return self._owners.get((base_url, device_id))


PAIRINGS = PairingRegistry()
"""The registry that all frontends of a process share."""
