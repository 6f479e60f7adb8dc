"""Which accounts of a supervisor are this process's own in the store, and which wait.

An account is adopted when this process has become its owner and knows what an earlier one left of
it. While another process is the owner, nothing is asked of the gateway. While the store does not
work, and so cannot tell whose an account is, the account is looked after all the same: sessions
that nobody watches are worse than two processes that look.
"""

import asyncio
import logging
from collections.abc import Collection, Iterable
from itertools import batched
from random import Random

from ...clock import Clock
from ...errors import InvalidInputError
from ..alerts.notifications import Notification
from ..events import Alert, AlertUpdated, OwnerChanged, Ownership, utc
from . import ownership
from .adoption_hooks import Hooks
from .base import Saved, Store
from .errors import (
    StoreError,
    StoreLostError,
    StoreOtherAccountError,
    StoreOwnedError,
)
from .identity import ListedDevice, check_identity
from .ownership import OwnableStore, uninterrupted

_LOGGER = logging.getLogger(__name__)

AT_ONCE = 100
"""Accounts that are read at once; then each is taken in, in a turn of the event loop of its own."""

type Guarded = Alert | AlertUpdated | Notification
"""What only the owner of its account sends."""

NO_SUCH_ACCOUNT = "There is no account with that name."


class Adoption:
    """Claims accounts, reads what is kept of them, and notices when they are lost.

    Args:
        store: Where they are.
        hooks: What to do.
        clock: Returns seconds since 1970.
        rng: The source of jitter.
        offset: Returns the seconds from the clock to the wall's.

    Attributes:
        store: The same.
        guard: The store, if several processes may open it.
    """

    def __init__(
        self, store: Store, hooks: Hooks, clock: Clock, rng: Random, *, offset: Clock = float
    ) -> None:
        self.store = store
        self.guard = store if isinstance(store, OwnableStore) else None
        self._hooks = hooks
        self._clock = clock
        self._rng = rng
        self._offset = offset
        self._is_loaded = False
        self._read: set[str] = set()
        self._roles: dict[str, Ownership | None] = {}
        self._known: dict[str, tuple[str | None, frozenset[str]]] = {}
        self._try_at = 0.0
        self._turn = asyncio.Lock()
        self._decided = asyncio.Event()
        self._watcher: asyncio.Task[None] | None = None

    # What is so

    @property
    def owned(self) -> Collection[str] | None:
        """The accounts that may be saved; None for all of a store that has no owners."""
        if self.guard is None:
            return None
        return self._read & self.guard.owned

    @property
    def owns_nothing(self) -> bool:
        """Whether nothing may be saved."""
        return self.owned is not None and not self.owned

    @property
    def is_loaded(self) -> bool:
        """Whether what an earlier process left is known, of one account at least."""
        return self._is_loaded or bool(self._read)

    @property
    def is_waiting(self) -> bool:
        """Whether this process has accounts, but looks after none of them."""
        not_ours = (Ownership.STANDBY, Ownership.OTHER_ACCOUNT)
        return bool(self._roles) and all(role in not_ours for role in self._roles.values())

    def is_adopted(self, account: str) -> bool:
        """Return whether what an earlier process left of an account is known."""
        return self._is_loaded or account in self._read

    def is_lost(self, alert: Guarded) -> bool:
        """Return whether an alert's account is looked after by another process, or by none."""
        return self._roles.get(alert.account) in (Ownership.STANDBY, Ownership.OTHER_ACCOUNT)

    def role(self, account: str) -> Ownership | None:
        """Return what this process is to an account; None while that is not known."""
        return self._roles.get(account)

    def next_try(self) -> float | None:
        """Return when to call `adopt` again although nothing has happened, or None."""
        return self._try_at if Ownership.STANDBY in self._roles.values() else None

    def may_tell(self, alert: Guarded) -> bool:
        """Return whether nobody else can have told an alert that is saved."""
        if self.guard is None:
            return True
        if alert.account in self.guard.owned:
            return self.guard.may_tell
        return not self.guard.is_leased

    def must_wait(self, alert: Guarded, *, is_saved: bool) -> bool:
        """Return whether an alert must be saved before it is sent, however long that takes."""
        if self.guard is None or not self.guard.is_leased or self.is_lost(alert):
            return False
        return not is_saved or alert.account not in self.guard.owned

    async def until(self, account: str, *roles: Ownership) -> Ownership:
        """Wait until this process is one of these to an account, or anything if none is given.

        Raises:
            InvalidInputError: There is no such account.
        """
        while (role := self._roles.get(account)) is None or (roles and role not in roles):
            if account not in self._roles:
                raise InvalidInputError(NO_SUCH_ACCOUNT)
            self._decided.clear()
            await self._decided.wait()
        return role

    # What is done

    async def start(self) -> None:
        """Read what an earlier process left of the accounts that are known to be ours.

        Raises:
            Exception: Whatever the store raises.
        """
        if self.guard is None:
            await self.adopt()
        elif self.guard.owned:
            await self._load(self.guard, frozenset(self.guard.owned))

    def add(self, account: str) -> None:
        """Adopt an account as soon as possible: at once, or with the next `adopt`."""
        if self.guard is None or account in (self.owned or ()):
            self._begin(account)
        else:
            self._roles[account] = None

    def drop(self, account: str) -> None:
        """Stop adopting an account; `release` must follow."""
        self._roles.pop(account, None)
        self._decided.set()

    async def adopt(self) -> None:
        """Adopt what is not adopted yet.

        Raises:
            StoreLostError: Another process has become the owner of what was ours.
            Exception: Whatever the store raises.
        """
        if self.guard is None:
            if not self._is_loaded:
                saved = await uninterrupted(self.store.load())
                self._is_loaded = True
                self._hooks.restore(saved.moved(-self._offset()))
            return
        async with self._turn:
            if not self._read <= self.guard.owned:
                raise StoreLostError  # while it was read
            wanted = self._wanted()
            if wanted:
                await self._claim(self.guard, wanted)

    def begin_without(self) -> None:
        """Look after the accounts whose owner the store doesn't know."""
        for account in [name for name, role in self._roles.items() if role is None]:
            self._begin(account)

    async def lose(self, error: StoreLostError) -> None:
        """Note that other processes have become the owners of all that was ours; wait again."""
        lost = [name for name, role in self._roles.items() if name in self._read or role is None]
        self._read.clear()
        await self._stand_by(lost, error)

    async def release(self, account: str) -> None:
        """Let another process become the owner of an account that was dropped.

        Raises:
            StoreError: The store does not work; the account is released all the same.
        """
        async with self._turn:
            if account not in self._roles:
                await self._release(account)

    def identify(self, account: str, listing: Iterable[ListedDevice]) -> str | None:
        """Return the user id to save for an account, or None if there is none or no other one.

        Raises:
            StoreOtherAccountError: The store holds another account under this name.
        """
        devices = list(listing)
        if account not in self._known or not devices:
            return None
        user_id, device_ids = self._known[account]
        found = check_identity(account, devices, user_id=user_id, device_ids=device_ids)
        del self._known[account]
        return None if found == user_id else found

    async def refuse(self, error: StoreOtherAccountError) -> None:
        """Note that an account is another than the one in the store, and leave that alone.

        Raises:
            Exception: Whatever the store raises.
        """
        if self._roles.get(error.account) is not Ownership.OWNER:
            return
        await self._become(Ownership.OTHER_ACCOUNT, [error.account], error)
        await self._release(error.account)

    async def close(self) -> None:
        """Stop watching, and let go of the store.

        Raises:
            Exception: Whatever the store raises.
        """
        if self._watcher is not None:
            self._watcher.cancel()
            await asyncio.wait([self._watcher])
        await self.store.close()

    # Inside

    def _wanted(self) -> frozenset[str]:
        is_due = self._clock() >= self._try_at
        return frozenset(
            name
            for name, role in self._roles.items()
            if name not in self._read
            and role is not Ownership.OTHER_ACCOUNT
            and (is_due or role is not Ownership.STANDBY)
        )

    async def _claim(self, guard: OwnableStore, wanted: frozenset[str]) -> None:
        free = wanted
        while free:
            try:
                await uninterrupted(guard.claim(free))
            except StoreOwnedError as error:
                refused = free & set(error.accounts) or free
                free -= refused
                await self._stand_by(refused, error)
            else:
                await self._load(guard, free)
                return

    async def _load(self, guard: OwnableStore, accounts: frozenset[str]) -> None:
        await self._hooks.read_orders()
        for some in batched(accounts, AT_ONCE):
            saved = (await uninterrupted(self.store.load(some))).moved(-self._offset())
            for account, part in saved.split(some).items():
                if account not in guard.owned:
                    raise StoreLostError  # while others were taken in
                self._take_in(account, part)
                await asyncio.sleep(0)

    def _take_in(self, account: str, saved: Saved) -> None:
        self._read.add(account)
        self._watch()
        ids = frozenset(one.device_id for one in saved.snapshots)
        self._known[account] = saved.users.get(account), ids
        self._hooks.restore(saved)
        if account in self._roles:
            self._begin(account)

    async def _release(self, account: str) -> None:
        self._read.discard(account)
        self._known.pop(account, None)
        if self.guard is not None and account in self.guard.owned:
            await uninterrupted(self.guard.release([account]))

    def _begin(self, account: str) -> None:
        was_waiting = self._roles.get(account) is Ownership.STANDBY
        self._roles[account] = Ownership.OWNER
        self._decided.set()
        if was_waiting:
            self._tell(account, Ownership.OWNER, None)
        self._hooks.begin(account)

    async def _stand_by(self, accounts: Collection[str], error: StoreError) -> None:
        self._try_at = self._clock() + self._rng.uniform(ownership.EVERY, 2 * ownership.EVERY)
        await self._become(
            Ownership.STANDBY,
            [name for name in accounts if self._roles.get(name) is not Ownership.STANDBY],
            error,
        )

    async def _become(self, role: Ownership, accounts: Collection[str], error: StoreError) -> None:
        """Stop looking after accounts; then report it, as what was to be sent before is dropped."""
        ours = [name for name in accounts if self._roles.get(name) is Ownership.OWNER]
        self._roles |= dict.fromkeys(accounts, role)
        if ours:
            await self._hooks.end(ours)
        for name in accounts:
            self._tell(name, role, error)

    def _tell(self, account: str, role: Ownership, error: StoreError | None) -> None:
        self._decided.set()
        problem = error.message if error is not None else None
        if problem is None:
            _LOGGER.info("This process has taken over the account %s", account)
        else:
            _LOGGER.warning("The account %s: %s", account, problem)
        at = utc(self._clock() + self._offset())
        self._hooks.tell(OwnerChanged(account=account, role=role, problem=problem, at=at))

    def _watch(self) -> None:
        if self.guard is not None and (self._watcher is None or self._watcher.done()):
            self._watcher = asyncio.create_task(self._until_lost(self.guard), name="wuts owner")

    async def _until_lost(self, guard: OwnableStore) -> None:
        await guard.until_lost()
        await self.lose(StoreLostError())
