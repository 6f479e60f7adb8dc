"""Who is the owner of an account in a store: the one process that may save it, and tell.

Two processes with different accounts share a store. Of two with the same account one is the owner,
and the other waits.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from random import Random
from typing import Protocol, runtime_checkable

from ...pairing.registry import SharedClaims
from .errors import (
    StoreError,
    StoreInterruptedError,
    StoreLockedError,
    StoreOwnedError,
    StoreUnavailableError,
)

EVERY = 1.0
"""Seconds between two tries to become the owner, at least; at most twice as long."""

DEFAULT_LEASE = 10.0
"""Seconds that a server keeps the locks of a process that it does not hear from."""

LONGEST_LEASE = 2_000_000.0
"""Seconds: PostgreSQL counts milliseconds in 32 bits (documentation, 20.11.1)."""

_PASSING = (StoreInterruptedError, StoreLockedError, StoreOwnedError, StoreUnavailableError)


@runtime_checkable
class OwnableStore(Protocol):
    """A store that several processes may open."""

    @property
    def owned(self) -> frozenset[str]:
        """The accounts that this process is the owner of."""

    @property
    def is_leased(self) -> bool:
        """Whether another process can become the owner of accounts while their owner lives."""

    @property
    def may_tell(self) -> bool:
        """Whether what is saved may be sent: nobody else can be the owner now. No I/O."""

    async def claim(self, accounts: Collection[str]) -> None:
        """Become the owner of these accounts as well, of all or of none.

        Raises:
            StoreOwnedError: Another process is the owner of one of them.
            StoreError: The store does not work.
        """

    async def release(self, accounts: Collection[str]) -> None:
        """Stop being the owner of these accounts; see `claim` for what it raises."""

    async def until_lost(self) -> None:
        """Wait until another process has become the owner of what this one had claimed."""


@runtime_checkable
class ClaimingStore(Protocol):
    """A store that several processes may open, and that says who of them pairs a device."""

    def pairing_claims(self) -> SharedClaims:
        """Return claims in this store, for a `PairingRegistry`; nothing is opened."""


async def wait_until_owned(
    store: object,
    accounts: Collection[str],
    *,
    rng: Random,
    on_wait: Callable[[StoreError], None] | None = None,
    every: float = EVERY,
) -> None:
    """Become the owner of these accounts, however long another process owns them.

    A store that only one process can open needs no owner. Whoever waits outlives a restart of the
    store's database as well.

    Args:
        store: Any store.
        accounts: Their names.
        rng: The source of jitter.
        on_wait: Called with the reason when it begins to wait, and when the reason changes.
        every: Seconds between two tries, at least; at most twice as long.

    Raises:
        StoreError: The store does not work, and nobody was seen to be the owner before.
    """
    if not isinstance(store, OwnableStore):
        return
    waits_for: type[StoreError] | None = None
    while True:
        try:
            await store.claim(accounts)
        except _PASSING as error:
            if waits_for is None and not isinstance(error, StoreOwnedError):
                raise
            if waits_for is not type(error) and on_wait is not None:
                on_wait(error)
            waits_for = type(error)
        else:
            return
        await asyncio.sleep(rng.uniform(every, 2 * every))


async def uninterrupted[T](answer: Awaitable[T]) -> T:
    """Await a store; what is cancelled under it is its failure, not the end of this task.

    Raises:
        StoreInterruptedError: It was cancelled, but not by whoever cancels this task.
    """
    try:
        return await answer
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        raise StoreInterruptedError from error
