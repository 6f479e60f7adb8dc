"""One pairing per device at a time: the second learns who is first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    contextmanager,
)
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from ..errors import ErrorCode, WutsError

if TYPE_CHECKING:
    from .session import PairingSession


class PairingInProgressError(WutsError):
    """Somebody is pairing this device already.

    Attributes:
        owner: Who, as they named themselves; for people. Empty if nobody knows.
        since: When they began, in UTC, or None if nobody knows.
    """

    code = ErrorCode.PAIRING_IN_PROGRESS

    def __init__(self, owner: str, since: datetime | None = None) -> None:
        """Name who is first."""
        who = owner or "Somebody"
        super().__init__(f"{who} is already pairing this device. Wait until that is done.")
        self.owner = owner
        self.since = since

    def __reduce__(self) -> tuple[type[PairingInProgressError], tuple[str, datetime | None]]:
        """Pickle by owner and time, since that is all there is."""
        return type(self), (self.owner, self.since)


class SharedClaims(Protocol):
    """Who is pairing what, in all processes that share something, such as a store."""

    def hold(
        self, base_url: str, device_id: str, owner: str
    ) -> AbstractAsyncContextManager[asyncio.Event]:
        """Hold a device of a gateway for as long as the context lasts.

        Returns:
            What the context yields is set once somebody else has taken the device over.

        Raises:
            PairingInProgressError: Another process holds it.
            WutsError: Nobody knows whether one does.
        """


@dataclass(frozen=True, slots=True)
class _Claim:
    owner: str
    since: datetime
    session: PairingSession | None


class PairingRegistry:
    """Who is pairing what, in this process and in those that share claims with it.

    Args:
        shared: Knows about the other processes; none are known unless given.
        on_trouble: Gets the reason why ``shared`` cannot say whether another process pairs a
            device; the device is paired all the same then. Unless given, it is not.
        now: Returns the time of day, in UTC.
    """

    def __init__(
        self,
        shared: SharedClaims | None = None,
        *,
        on_trouble: Callable[[WutsError], None] | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._shared = shared
        self._on_trouble = on_trouble
        self._now = now
        self._claims: dict[tuple[str, str], _Claim] = {}

    @asynccontextmanager
    async def hold(
        self, base_url: str, device_id: str, owner: str, *, session: PairingSession | None = None
    ) -> AsyncIterator[asyncio.Event]:
        """Hold a device for as long as the context lasts, against other processes too.

        Yields:
            What is set once another process has taken the device over.

        Args:
            base_url: The gateway's address, as `WutsClient.base_url` has it.
            device_id: The device's id.
            owner: Who pairs, for people.
            session: What pairs, for `running`.

        Raises:
            PairingInProgressError: Somebody else holds it.
            WutsError: Nobody knows whether another process does.
        """
        async with AsyncExitStack() as stack:
            stack.enter_context(self.claim(base_url, device_id, owner, session=session))
            lost = asyncio.Event()
            if self._shared is not None:
                shared = self._shared.hold(base_url, device_id, owner)
                lost = await self._enter(stack, shared) or lost
            yield lost

    async def _enter(
        self, stack: AsyncExitStack, claim: AbstractAsyncContextManager[asyncio.Event]
    ) -> asyncio.Event | None:
        try:
            return await stack.enter_async_context(claim)
        except PairingInProgressError:
            raise
        except WutsError as error:
            if self._on_trouble is None:
                raise
            self._on_trouble(error)
            return None

    @contextmanager
    def claim(
        self, base_url: str, device_id: str, owner: str, *, session: PairingSession | None = None
    ) -> Iterator[None]:
        """Hold a device of a gateway in this process alone, for as long as the context lasts.

        Args:
            base_url: The gateway's address, as `WutsClient.base_url` has it.
            device_id: The device's id.
            owner: Who pairs, for people.
            session: What pairs, for `running`.

        Raises:
            PairingInProgressError: Somebody else in this process holds it.
        """
        key = (base_url, device_id)
        if key in self._claims:
            raise PairingInProgressError(self._claims[key].owner, self._claims[key].since)
        self._claims[key] = _Claim(owner, self._now(), session)
        try:
            yield
        finally:
            del self._claims[key]

    def owner(self, base_url: str, device_id: str) -> str | None:
        """Return who in this process is pairing a device of a gateway, or None."""
        claim = self._claims.get((base_url, device_id))
        return None if claim is None else claim.owner

    def running(self, base_url: str, device_id: str) -> PairingSession | None:
        """Return the session that is pairing a device of a gateway in this process, or None.

        Hand it what a webhook says about the device (`PairingSession.hint`), and end it when the
        account is removed (`PairingSession.end`).
        """
        claim = self._claims.get((base_url, device_id))
        return None if claim is None else claim.session


PAIRINGS = PairingRegistry()
"""The registry that all frontends of a process share."""
