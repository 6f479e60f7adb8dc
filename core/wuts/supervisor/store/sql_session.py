"""The one connection of a SQL store: opened late, replaced after a failure, and the owner's."""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from itertools import batched

from sqlalchemy import Connection, Table
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ...clock import steady_time
from . import migrate
from .database import WRITES, Database
from .errors import StoreError, StoreLostError, StoreOwnedError
from .schema import ACCOUNTS

_LOGGER = logging.getLogger(__name__)

CLOSE_TIMEOUT = 1.0
"""Seconds to end a session with the server properly."""

ROWS_AT_ONCE = 500

_BEATS = 3
"""Times a lease that the database hears from an owner."""


class SqlSession:
    """Makes transactions, one after the other, and holds the locks of the accounts it owns.

    After a failure the database is opened again at the next use, and the locks are taken again
    before anything else happens.

    Args:
        database: What to connect to.
        lease: Seconds that a server keeps the locks of a process that it does not hear from.

    Attributes:
        owned: The accounts that this process is the owner of.
        owner: What this process is called in the table of accounts; another one each time.
    """

    def __init__(self, database: Database, lease: float) -> None:
        self.owned: frozenset[str] = frozenset()
        self.owner = secrets.token_hex(16)
        self._database = database
        self._lease = lease
        self._engine: AsyncEngine | None = None
        self._is_prepared = False
        self._was_open = False
        self._lost = asyncio.Event()
        self._heard_at = float("-inf")
        self._turn = asyncio.Lock()
        self._heartbeat: asyncio.Task[None] | None = None

    @property
    def is_lost(self) -> bool:
        """Whether another process has become the owner since the last `claim`."""
        return self._lost.is_set()

    @property
    def may_tell(self) -> bool:
        """Whether nobody else can be the owner at this moment; no I/O."""
        locks = self._database.locks
        if locks.expire and steady_time() >= self._heard_at + self._lease:
            return False
        return bool(self.owned) and locks.is_held

    async def claim(self, accounts: Collection[str]) -> None:
        """Become the owner of these accounts as well, of all or of none.

        Raises:
            StoreOwnedError: Another process is the owner of one of them.
            StoreError: The database does not work.
        """
        async with self._turn, self._explained():
            wanted = frozenset(accounts) - self.owned
            sent = steady_time()
            try:
                async with self._unprepared().connect() as connection:
                    await self._database.locks.take(connection, wanted)
                await self._sign(wanted)
            except StoreOwnedError:
                raise
            except BaseException:
                # What is not written down goes with the connection.
                self._database.locks.forget(wanted)
                await self._close()
                raise
            self.owned |= wanted
            self._heard_at = sent
            self._lost.clear()
        is_beating = self._heartbeat is not None and not self._heartbeat.done()
        if self._database.locks.expire and not is_beating:
            self._heartbeat = asyncio.create_task(self._beat(), name="wuts store heartbeat")

    async def release(self, accounts: Collection[str]) -> None:
        """Stop being the owner of these accounts.

        Raises:
            StoreError: The database does not work; the accounts are released all the same.
        """
        async with self._turn, self._explained():
            given = self.owned & frozenset(accounts)
            self.owned -= given
            try:
                async with self._unprepared().connect() as connection:
                    await self._database.locks.release(connection, given)
            except BaseException:
                self._database.locks.forget(given)
                await self._close()
                raise

    async def look[T](self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """Do some work on the session that holds the locks, in no transaction.

        Raises:
            StoreLostError: Another process has become the owner.
            StoreError: The database does not work.
        """
        async with self._turn, self._explained():
            sent = steady_time()
            async with self._unprepared().connect() as connection:
                found = await work(connection)
            self._heard_at = sent
            return found

    async def until_lost(self) -> None:
        """Wait until another process has become the owner, or somebody took the lock away."""
        await self._lost.wait()

    @asynccontextmanager
    async def transaction(
        self, *, writes: bool, as_owner: bool = False
    ) -> AsyncIterator[AsyncConnection]:
        """Make a transaction.

        Args:
            writes: Whether it writes.
            as_owner: Whether it may not be made once another process has become the owner.

        Raises:
            StoreLostError: Another process has.
            StoreError: The database does not work.
        """
        async with self._turn, self._explained():
            if as_owner and self.is_lost:
                raise StoreLostError
            if as_owner and self.owned:
                self._database.locks.check()
            sent = steady_time()
            async with begin(await self._open(), writes=writes) as connection:
                yield connection
            self._heard_at = sent

    async def put(
        self, connection: AsyncConnection, table: Table, rows: Iterable[Mapping[str, object]]
    ) -> None:
        """Write rows, in place of earlier ones with the same primary key."""
        for batch in batched(rows, ROWS_AT_ONCE):
            put = self._database.insert(table)
            keys = [column.name for column in table.primary_key.columns]
            values = {name: put.excluded[name] for name in batch[0] if name not in keys}
            statement = put.on_conflict_do_update(index_elements=keys, set_=values)
            await connection.execute(statement, list(batch))

    async def close(self) -> None:
        """Stop being the owner, and close the connection."""
        if self._heartbeat is not None:
            self._heartbeat.cancel()
            await asyncio.wait([self._heartbeat])
            self._heartbeat = None
        async with self._turn:
            owned, self.owned = self.owned, frozenset()
            await self._give_back(owned)
            self._database.locks.forget(owned)
            await self._close()

    async def _give_back(self, owned: frozenset[str]) -> None:
        """Give the locks back: a server, or a pooler, ends a session only when it gets to it."""
        locks = self._database.locks
        holds_any = locks.expire and (locks.has_joined or bool(owned))
        if self._engine is None or not (holds_any and locks.is_held):
            return
        try:
            async with (
                asyncio.timeout(CLOSE_TIMEOUT),
                self._explained(),
                self._engine.connect() as connection,
            ):
                await (
                    locks.leave(connection)
                    if locks.has_joined
                    else locks.release(connection, owned)
                )
        except (StoreError, TimeoutError):
            _LOGGER.debug("Could not tell the store's database that this process is ending")

    @asynccontextmanager
    async def _explained(self) -> AsyncIterator[None]:
        try:
            yield
        except StoreLostError:
            owned, self.owned = self.owned, frozenset()
            self._database.locks.forget(owned)
            self._lost.set()
            await self._close()
            raise
        except self._database.failures as error:
            await self._close()
            raise self._database.explain(error) from None

    async def _sign(self, accounts: Collection[str]) -> None:
        """Record whose these accounts are, so a process that lost one can see it."""
        rows: list[dict[str, object]] = [
            {"name": account, "owner": self.owner} for account in accounts
        ]
        async with begin(await self._open(), writes=True) as connection:
            await self.put(connection, ACCOUNTS, rows)
        self._database.locks.confirm(accounts, self.owner)

    async def _beat(self) -> None:
        while self.owned:
            await asyncio.sleep(self._lease / _BEATS)
            try:
                async with self.transaction(writes=False):
                    pass
            except StoreError as error:
                _LOGGER.debug(
                    "The store's database did not answer the heartbeat: %s", error.message
                )
            except Exception:
                _LOGGER.exception("The store's heartbeat failed")

    def _unprepared(self) -> AsyncEngine:
        """Return the engine of a database that may not have our tables yet."""
        if self._engine is None:
            # One that was there and vanished must not be replaced by an empty one unnoticed.
            self._engine = self._database.engine(may_create=not self._was_open)
        return self._engine

    async def _open(self) -> AsyncEngine:
        if self._engine is not None and self._database.has_moved():
            await self._close()
        engine = self._unprepared()
        if not self._is_prepared:
            await self._prepare(engine)
            self._is_prepared = self._was_open = True
        return engine

    async def _prepare(self, engine: AsyncEngine) -> None:
        try:
            async with begin(engine, writes=False) as connection:
                is_ready = await connection.run_sync(self._is_ready)
                is_old = not is_ready and await connection.run_sync(migrate.has_schema)
            if is_old:
                await asyncio.to_thread(migrate.load)
            if not is_ready:
                async with begin(engine, writes=True) as connection:
                    await connection.run_sync(self._migrate)
        except BaseException:
            await self._close()
            raise

    def _is_ready(self, connection: Connection) -> bool:
        self._database.check(connection)
        return migrate.is_current(connection, alone=not self._database.shared)

    def _migrate(self, connection: Connection) -> None:
        self._database.lock_schema(connection)
        # Another process may have been faster.
        if self._is_ready(connection):
            return
        change = migrate.upgrade if migrate.has_schema(connection) else migrate.create
        change(connection)

    async def _close(self) -> None:
        engine, self._engine, self._is_prepared = self._engine, None, False
        if engine is None:
            return
        try:
            async with asyncio.timeout(CLOSE_TIMEOUT):
                await engine.dispose()
        except TimeoutError:
            _LOGGER.debug("The store's database did not close the session in time")


def begin(engine: AsyncEngine, *, writes: bool) -> AbstractAsyncContextManager[AsyncConnection]:
    """Make a transaction."""
    return engine.execution_options(**{WRITES: writes}).begin()
