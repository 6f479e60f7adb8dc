"""One pairing per device at a time: the second learns who is first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import ErrorCode, WutsError

if TYPE_CHECKING:
    from .session import PairingSession


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


@dataclass(frozen=True, slots=True)
class _Claim:
    owner: str
    session: PairingSession | None


class PairingRegistry:
    """Who is pairing what, in this process."""

    def __init__(self) -> None:
        self._claims: dict[tuple[str, str], _Claim] = {}

    @contextmanager
    def claim(
        self, base_url: str, device_id: str, owner: str, *, session: PairingSession | None = None
    ) -> Iterator[None]:
        """Hold a device of a gateway for as long as the context lasts.

        Args:
            base_url: The gateway's address, as `WutsClient.base_url` has it.
            device_id: The device's id.
            owner: Who pairs, for people.
            session: What pairs, for `running`.

        Raises:
            PairingInProgressError: Somebody else holds it.
        """
        key = (base_url, device_id)
        if key in self._claims:
            raise PairingInProgressError(self._claims[key].owner)
        self._claims[key] = _Claim(owner, session)
        try:
            yield
        finally:
            del self._claims[key]

    def owner(self, base_url: str, device_id: str) -> str | None:
        """Return who is pairing a device of a gateway, or None."""
        claim = self._claims.get((base_url, device_id))
        return None if claim is None else claim.owner

    def running(self, base_url: str, device_id: str) -> PairingSession | None:
        """Return the session that is pairing a device of a gateway, or None.

        Hand it what a webhook tells of the device (`PairingSession.hint`), and end it when the
        account is removed (`PairingSession.end`).
        """
        claim = self._claims.get((base_url, device_id))
        return None if claim is None else claim.session


PAIRINGS = PairingRegistry()
"""The registry that all frontends of a process share."""
