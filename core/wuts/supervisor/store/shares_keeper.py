"""Keeps a process's share of the accounts, whoever else comes and goes."""

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from types import TracebackType
from typing import Protocol, Self

from ...clock import steady_time
from .errors import StoreError, StoreOwnedError
from .hints import MEMBERS, HintingStore, sleep_until_hinted, who_left
from .keys import shard_of
from .ownership import OwnableStore
from .shares import Members, Presence, moves

_LOGGER = logging.getLogger(__name__)

EVERY = 1.0
"""Seconds between two looks, at most."""

LOOKS_A_LEASE = 10
"""Looks within the store's lease, at least: whoever takes over should have done so by its end."""

LONGEST_LOOK = 1.0
"""Seconds for a look that is under way at the end."""

LONGEST_GOODBYE = 5.0
"""Seconds for the release of all accounts at the end: calls under way had better end first."""


_FIRST_LOOKS = 2
"""Those that begin together see each other before they take anything."""


class SharedStore(OwnableStore, Protocol):
    """A store whose accounts processes share out among them."""

    async def members(self) -> Members:
        """Be a member; return who is, and who holds what. It may raise a `StoreError`."""


class Caretaker(Protocol):
    """What takes care of the accounts of a share."""

    def adopt(self, account: str) -> None:
        """Look after an account that is this process's own now."""

    async def release(self, account: str) -> None:
        """Stop looking after an account, and let another process have it."""

    def divide(self, members: int) -> None:
        """Use one of so many parts of what all processes may use together."""

    def report(self, error: StoreError | None) -> None:
        """Say what keeps this process from its share, or that nothing does any longer."""


class ShareKeeper:
    """Checks who is there once a second, and moves few shards at a time; an async context manager.

    What it holds is what the store says it owns. A look that fails changes nothing: while the store
    does not work, every process keeps what it has.

    Args:
        store: Says who is there, and lets each shard have one owner.
        accounts: The names of all accounts, the same in every process.
        caretaker: Takes care of those in this process's share.
        lease: The store's.
    """

    def __init__(
        self, store: SharedStore, accounts: Iterable[str], caretaker: Caretaker, *, lease: float
    ) -> None:
        self._store = store
        self._caretaker = caretaker
        self._lease = lease
        self._accounts: dict[int, set[str]] = {}
        for account in accounts:
            self._accounts.setdefault(shard_of(account), set()).add(account)
        self._adopted: set[str] = set()
        self._presence = Presence()
        self._looks = 0
        self._left: set[int] = set()
        self._hinted = asyncio.Event()
        self._members = 0
        self._trouble: str | None = None
        self._broken: set[type[Exception]] = set()
        self._stopping = asyncio.Event()
        self._unhear: Callable[[], None] = lambda: None
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Begin to look."""
        if isinstance(self._store, HintingStore):
            self._unhear = self._store.hints.hear(self._hear)
        self._task = asyncio.create_task(self._run(), name="wuts shares")
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Let the others have all accounts, each handed over properly."""
        self._stopping.set()
        self._hinted.set()
        self._unhear()
        if self._task is not None:
            await asyncio.wait([self._task], timeout=LONGEST_LOOK)
            self._task.cancel()
        with suppress(TimeoutError):
            async with asyncio.timeout(LONGEST_GOODBYE):
                await self._release(self._adopted)

    @property
    def adopted(self) -> frozenset[str]:
        """The accounts of this process's share."""
        return frozenset(self._adopted)

    async def look(self, *, counts: bool = True) -> None:
        """Change what is to be changed now.

        Args:
            counts: Whether this look comes at its time. One that a hint asked for takes what is
                free, but gives nothing back, and proves nobody's absence.

        Raises:
            StoreOwnedError: A process that takes no part holds some of this one's share.
            StoreError: The store does not work.
        """
        seen = await self._store.members()
        await self._release(self._adopted - self._store.owned)
        left, self._left = self._left, set()
        there = self._presence.look(seen.all, left=left, counts=counts)
        if len(there) != self._members:
            self._members = len(there)
            self._caretaker.divide(self._members)
        self._looks += counts
        if self._looks < _FIRST_LOOKS:
            return
        held = {shard_of(account) for account in self._store.owned}
        now = moves(Members(seen.me, there, seen.holders), held)
        if counts:
            await self._release(self._in(now.release))
        await self._claim(self._in(now.claim))
        for account in sorted(self._store.owned - self._adopted):
            self._caretaker.adopt(account)
            self._adopted.add(account)
        blocked = self._in(now.blocked)
        if blocked:
            raise StoreOwnedError(accounts=blocked)

    def _in(self, shards: Collection[int]) -> set[str]:
        return {name for shard in shards for name in self._accounts.get(shard, ())}

    async def _claim(self, accounts: set[str]) -> None:
        """Become the owner of all shards of these accounts that nobody was faster with."""
        while accounts:
            try:
                await self._store.claim(accounts)
            except StoreOwnedError as error:
                accounts -= set(error.accounts) or accounts
            else:
                return

    async def _release(self, accounts: Collection[str]) -> None:
        """Release accounts at the same time: each may have to wait for its calls under way."""
        leaving = self._adopted & set(accounts)
        self._adopted -= leaving
        ends = await asyncio.gather(*map(self._caretaker.release, leaving), return_exceptions=True)
        left = self._store.owned & set(accounts)
        if left:
            await self._store.release(left)
        for end in ends:
            if end is not None:
                raise end

    def _hear(self, hint: str) -> None:
        number = who_left(hint)
        if number is not None:
            self._left.add(number)
        if number is not None or hint == MEMBERS:
            self._hinted.set()

    async def _run(self) -> None:
        due = 0.0
        while not self._stopping.is_set():
            counts = steady_time() >= due
            if counts:
                due = steady_time() + min(EVERY, self._lease / LOOKS_A_LEASE)
            try:
                await self.look(counts=counts)
            except StoreError as error:
                self._report(error)
            except Exception as error:  # noqa: BLE001 - a task that ends would leave accounts unseen
                self._tell_once(error)
            else:
                self._report(None)
            await sleep_until_hinted(self._hinted, due - steady_time())

    def _report(self, error: StoreError | None) -> None:
        problem = error.message if error is not None else None
        if problem != self._trouble:
            self._trouble = problem
            self._caretaker.report(error)

    def _tell_once(self, error: Exception) -> None:
        if type(error) not in self._broken:
            self._broken.add(type(error))
            _LOGGER.error("Keeping this process's share of accounts failed", exc_info=error)
