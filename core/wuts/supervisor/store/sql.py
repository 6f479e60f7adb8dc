"""Keeps snapshots, alerts and key-value pairs in SQLite or PostgreSQL, through SQLAlchemy."""

from collections.abc import Collection, Mapping
from datetime import datetime
from itertools import batched, starmap

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    Table,
    delete,
    select,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from ...errors import InvalidInputError
from ..alerts.history import HistoryLine
from . import hints, sql_alerts, sql_orders
from .address import database_at
from .base import NO_ACCOUNT, Changes, Saved
from .errors import StoreAddressError, StoreCorruptError, StoreLostError
from .hints import Hints
from .orders import Order, Verb
from .ownership import DEFAULT_LEASE, LONGEST_LEASE
from .pairing_claims import StoreClaims
from .rows import (
    alert_row,
    device_row,
    entry_row,
    saved_alert_from,
    snapshot_from,
    user_row,
)
from .schema import ACCOUNTS, ALERTS, DEVICES, MUTES, NOTES, NOTIFICATIONS
from .shares import Members
from .shares_locks import ShareLocks
from .sql_session import ROWS_AT_ONCE, SqlSession


class SqlStore:
    """A store in a database; it is opened, and its schema brought up to date, at the first use.

    After a failure the database is opened again at the next use. It saves the accounts that were
    claimed, and no others; whatever is about no account, and orders, everybody may write.

    Args:
        address: ``sqlite:///FILE`` or ``postgresql://USER:PASSWORD@HOST/DATABASE``.
        lease: Seconds after which a PostgreSQL server takes the claims away from a process that it
            does not hear from.
        shares_out: Whether this process shares accounts out with others: it claims whole shards.

    Raises:
        StoreAddressError: The address is neither, or accounts cannot be shared out there.
        InvalidInputError: The lease is not above zero, or longer than a server can keep.
    """

    def __init__(
        self, address: str, *, lease: float = DEFAULT_LEASE, shares_out: bool = False
    ) -> None:
        if not 0 < lease <= LONGEST_LEASE:
            raise InvalidInputError(
                f"The store's lease must be above zero, and {LONGEST_LEASE:.0f} seconds at most."
            )
        self._address, self._lease = address, lease
        self._database = database_at(address, lease, shares_out=shares_out)
        self._session = SqlSession(self._database, lease)

    def __repr__(self) -> str:
        """Name the database without any secret."""
        return f"{type(self).__name__}({self._database!r})"

    @property
    def owned(self) -> frozenset[str]:
        """The accounts that this process is the owner of."""
        return self._session.owned

    @property
    def is_leased(self) -> bool:
        """Whether another process can become the owner of accounts while their owner lives."""
        return self._database.locks.expire

    @property
    def may_tell(self) -> bool:
        """Whether what is saved may be sent: nobody else can be the owner now. No I/O."""
        return self._session.may_tell

    @property
    def hints(self) -> Hints:
        """What others tell this process, while it owns accounts; nothing with SQLite."""
        return self._database.locks.hints

    async def claim(self, accounts: Collection[str]) -> None:
        """Become the owner of these accounts as well, of all or of none.

        Nothing is written, not even a newer schema, before that is certain.

        Raises:
            StoreOwnedError: Another process is the owner of one of them.
            StoreError: The database does not work.
        """
        await self._session.claim(accounts)

    async def release(self, accounts: Collection[str]) -> None:
        """Stop being the owner of these accounts.

        Raises:
            StoreError: The database does not work; the accounts are released all the same.
        """
        await self._session.release(accounts)

    async def until_lost(self) -> None:
        """Wait until another process has become the owner of what this one had claimed."""
        await self._session.until_lost()

    def pairing_claims(self) -> StoreClaims:
        """Return claims in this store, with a connection of their own, for a `PairingRegistry`."""
        return StoreClaims(self._address, lease=self._lease)

    async def members(self) -> Members:
        """Be a member of those who share accounts out; return who is, and who holds what.

        Raises:
            StoreAddressError: The store was not opened for that.
            StoreLostError: Another process has taken over an account of this one.
            StoreError: The database does not work.
        """
        locks = self._database.locks
        if not isinstance(locks, ShareLocks):
            raise StoreAddressError("Open the store with shares_out to share accounts out.")
        return await self._session.look(locks.members)

    async def load(self, accounts: Collection[str] | None = None) -> Saved:
        """Return what is kept of these accounts, or of all.

        Raises:
            StoreError: It cannot be read.
        """
        async with self._session.transaction(writes=False) as connection:
            try:
                devices = await _rows(connection, DEVICES, "account", accounts)
                alerts = await _rows(connection, ALERTS, "account", accounts)
                known = await _rows(connection, ACCOUNTS, "name", accounts)
                mutes = await _rows(connection, MUTES, "account", accounts)
                sent = await _rows(connection, NOTIFICATIONS, "account", accounts)
                return Saved(
                    tuple(snapshot_from(row) for row in devices),
                    tuple(saved_alert_from(row) for row in alerts),
                    {row["name"]: row["user_id"] for row in known if row["user_id"] is not None},
                    tuple(sql_alerts.mute_from(row) for row in mutes),
                    tuple(sql_alerts.notification_from(row) for row in sent),
                )
            except (TypeError, ValueError):
                raise StoreCorruptError from None

    async def save(self, changes: Changes) -> None:
        """Write all of ``changes`` or none.

        Raises:
            StoreLostError: This process no longer owns all that it claimed, or was
                never the owner of an account in ``changes``.
            StoreError: It cannot be written.
        """
        self._refuse_others(changes.accounts)
        kept = (device_row(one) for one in changes.snapshots.values() if one is not None)
        gone = (key for key, one in changes.snapshots.items() if one is None)
        async with self._session.transaction(writes=True, as_owner=True) as connection:
            await self._session.put(connection, DEVICES, kept)
            await self._session.put(connection, ALERTS, map(alert_row, changes.alerts.values()))
            await self._session.put(connection, ACCOUNTS, starmap(user_row, changes.users.items()))
            for keys in batched(gone, ROWS_AT_ONCE):
                key = tuple_(DEVICES.c.account, DEVICES.c.device_id)
                await connection.execute(delete(DEVICES).where(key.in_(keys)))
            await sql_alerts.note_delivered(connection, changes.delivered, self._is_ours())
            await sql_alerts.save(self._session, connection, changes.records)
            await sql_orders.drop(connection, changes.orders)
            await sql_orders.refuse(connection, changes.refusals)

    async def add_order(
        self,
        account: str,
        device_id: str,
        verb: Verb,
        at: datetime,
        argument: Mapping[str, object] | None = None,
    ) -> int:
        """Keep an order until it is carried out; return its id. Whoever likes may give orders.

        Raises:
            InvalidInputError: The argument is too long, or not JSON.
            StoreError: It cannot be written.
        """
        row = sql_orders.row(account, device_id, verb, at, argument)
        async with self._session.transaction(writes=True) as connection:
            order_id = await sql_orders.add(connection, row)
            await self._database.hint(connection, hints.ORDERS)
        return order_id

    async def orders(self) -> tuple[Order, ...]:
        """Return all orders that are not carried out yet, the oldest first.

        Raises:
            StoreError: They cannot be read.
        """
        async with self._session.transaction(writes=False) as connection:
            return await sql_orders.read(connection)

    async def take_order(self, order_id: int) -> bool:
        """Take an order in hand; return whether it was still there for that.

        Raises:
            StoreLostError: This process is the owner of nothing (any more).
            StoreError: It cannot be written.
        """
        if not self.owned:
            raise StoreLostError
        async with self._session.transaction(writes=True, as_owner=True) as connection:
            return await sql_orders.take(connection, order_id, self._session.owner)

    async def replace_order(self, order_id: int, verb: Verb) -> bool:
        """Ask for something else unless a supervisor has the order in hand; return whether.

        Raises:
            StoreError: It cannot be written.
        """
        async with self._session.transaction(writes=True) as connection:
            is_replaced = await sql_orders.replace(connection, order_id, verb)
            await self._database.hint(connection, hints.ORDERS)
        return is_replaced

    async def drop_order(self, order_id: int) -> None:
        """Delete an order; one that is gone is no error.

        Raises:
            StoreError: It cannot be written.
        """
        async with self._session.transaction(writes=True) as connection:
            await sql_orders.drop(connection, [order_id])

    async def history(
        self, account: str, start: datetime, end: datetime, device_id: str | None = None
    ) -> list[HistoryLine]:
        """Return what happened to an account's devices, or to one, in the order of devices.

        The last state of each device before ``start`` comes first.

        Raises:
            StoreError: It cannot be read.
        """
        async with self._session.transaction(writes=False) as connection:
            try:
                return await sql_alerts.read_history(connection, account, start, end, device_id)
            except (TypeError, ValueError):
                raise StoreCorruptError from None

    async def entries(self, topic: str, account: str = NO_ACCOUNT) -> dict[str, str]:
        """Return an account's values of a topic by their keys.

        Raises:
            StoreError: They cannot be read.
        """
        return (await self.entries_of(topic, [account])).get(account, {})

    async def entries_of(self, topic: str, accounts: Collection[str]) -> dict[str, dict[str, str]]:
        """Return the values of a topic by account and key; none of an account that has none.

        Raises:
            StoreError: They cannot be read.
        """
        found: dict[str, dict[str, str]] = {}
        about = NOTES.c.topic == topic
        async with self._session.transaction(writes=False) as connection:
            for row in await _rows(connection, NOTES, "account", accounts, about):
                found.setdefault(row["account"], {})[row["name"]] = row["text"]
        return found

    async def put(self, topic: str, key: str, value: str, account: str = NO_ACCOUNT) -> None:
        """Keep a value, in place of the key's earlier one.

        Raises:
            StoreLostError: This process is not the owner.
            StoreError: It cannot be written.
        """
        self._refuse_others([account])
        async with self._session.transaction(writes=True, as_owner=True) as connection:
            await self._session.put(connection, NOTES, [entry_row(account, topic, key, value)])

    async def delete(self, topic: str, key: str, account: str = NO_ACCOUNT) -> None:
        """Drop a key.

        Raises:
            StoreLostError: This process is not the owner.
            StoreError: It cannot be written.
        """
        self._refuse_others([account])
        is_it = (NOTES.c.account == account, NOTES.c.topic == topic, NOTES.c.name == key)
        async with self._session.transaction(writes=True, as_owner=True) as connection:
            await connection.execute(delete(NOTES).where(*is_it))

    async def close(self) -> None:
        """Close the connection, and stop being the owner."""
        await self._session.close()

    def _refuse_others(self, accounts: Collection[str]) -> None:
        others = set(accounts) - self.owned - {NO_ACCOUNT}
        if others and self._session.is_lost:
            raise StoreLostError
        if others:
            raise StoreLostError(accounts=others)

    def _is_ours(self) -> ColumnElement[bool]:
        ours = select(ACCOUNTS.c.name).where(ACCOUNTS.c.owner == self._session.owner)
        return ALERTS.c.account.in_(ours)


async def _rows(
    connection: AsyncConnection,
    table: Table,
    column: str,
    accounts: Collection[str] | None,
    *conditions: ColumnElement[bool],
) -> list[RowMapping]:
    wanted = select(table).where(*conditions)
    if accounts is None:
        return list((await connection.execute(wanted)).mappings())
    rows: list[RowMapping] = []
    for some in batched(set(accounts), ROWS_AT_ONCE):
        chosen = wanted.where(table.c[column].in_(some))
        rows += (await connection.execute(chosen)).mappings()
    return rows
