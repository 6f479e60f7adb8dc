"""Reads from the history how devices did, beside a supervisor that writes to the same store."""

import asyncio
from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import batched, groupby
from operator import itemgetter

from sqlalchemy import and_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ..alerts.history import (
    Frame,
    HistoryKind,
    Span,
    StateChange,
    Strip,
    microseconds,
    strip,
    within,
)
from .address import database_at
from .database import WRITES, Database
from .errors import StoreCorruptError
from .migrate import is_current
from .schema import DEVICES, HISTORY, WATCHED
from .sql_session import begin

DEVICES_AT_ONCE = 50
"""Devices whose history is read in one transaction: while one lasts, SQLite lets nobody write."""

LINES_AT_ONCE = 10_000
"""Lines of the history that are read in one transaction, at most."""

PATIENCE = 30.0
"""Seconds that a database may take."""

_MILLISECOND = 1000
"""In microseconds."""

type _Place = tuple[str, int, int]
"""Where a line is: its device, time and id."""


class HistoryReader:
    """Reads how devices did, on a thread and by a connection of its own.

    So it holds up neither the event loop nor the store of a supervisor: it reads in many short
    transactions, and keeps the lines of some devices at a time.

    Args:
        address: The store's, see `SqlStore`.

    Raises:
        StoreAddressError: It is none.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        database_at(address)

    async def strips(
        self, accounts: Collection[str], start: datetime, end: datetime, *, parts: int = 1
    ) -> dict[str, list[Strip]]:
        """Return how each device of some accounts did, within each of so many parts of a time.

        Nothing where the store has no tables yet, or those of another version.

        Args:
            accounts: The accounts' names.
            start: In UTC.
            end: In UTC.
            parts: How many.

        Raises:
            StoreError: The store does not work.
        """
        frame = Frame(microseconds(start), microseconds(end), parts)
        errand = _Errand(self._address, accounts, frame)
        try:
            return await asyncio.to_thread(errand.run)
        except asyncio.CancelledError:
            errand.cancel()
            raise


class _Errand:
    """One reading, in an event loop of its own."""

    def __init__(self, address: str, accounts: Collection[str], frame: Frame) -> None:
        self._database = database_at(address)
        self._accounts = accounts
        self._frame = frame
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[dict[str, list[Strip]]] | None = None
        self._is_cancelled = False

    def run(self) -> dict[str, list[Strip]]:
        """Read; returns nothing when it was cancelled."""
        with asyncio.Runner() as runner:
            self._loop = runner.get_loop()
            self._task = self._loop.create_task(self._read())
            if self._is_cancelled:
                self._task.cancel()
            try:
                return self._loop.run_until_complete(self._task)
            except asyncio.CancelledError:
                return {}

    def cancel(self) -> None:
        """Stop reading; from another thread."""
        self._is_cancelled = True
        if self._loop is not None and self._task is not None:
            with suppress(RuntimeError):  # it has just ended
                self._loop.call_soon_threadsafe(self._task.cancel)

    async def _read(self) -> dict[str, list[Strip]]:
        database = self._database
        try:
            engine = database.engine(may_create=False)
            try:
                async with asyncio.timeout(PATIENCE):
                    return await self._read_all(engine, database)
            finally:
                await engine.dispose()
        except database.failures as error:
            raise database.explain(error) from None
        except (TypeError, ValueError):
            raise StoreCorruptError from None

    async def _read_all(self, engine: AsyncEngine, database: Database) -> dict[str, list[Strip]]:
        async with engine.execution_options(**{WRITES: False}).connect() as connection:
            if not await connection.run_sync(is_current, alone=not database.shared):
                return {account: [] for account in self._accounts}
        return {
            account: await _Reading(engine, account, self._frame).strips()
            for account in self._accounts
        }


class _Reading:
    """What is read of one account."""

    def __init__(self, engine: AsyncEngine, account: str, frame: Frame) -> None:
        self._engine = engine
        self._account = account
        self._frame = frame

    async def strips(self) -> list[Strip]:
        async with begin(self._engine, writes=False) as connection:
            watched = await self._watched(connection)
            devices = select(DEVICES.c.device_id).where(DEVICES.c.account == self._account)
            ids = sorted((await connection.scalars(devices)).all())
        found: list[Strip] = []
        for some in batched(ids, DEVICES_AT_ONCE):
            changes = await self._changes(some)
            found += (
                strip(id_, changes[id_], watched, self._frame) for id_ in some if id_ in changes
            )
        return found

    async def _watched(self, connection: AsyncConnection) -> list[Span]:
        first, last = self._milliseconds
        spans = select(WATCHED.c.since, WATCHED.c.until).where(
            WATCHED.c.account == self._account, WATCHED.c.until >= first, WATCHED.c.since < last
        )
        rows = (await connection.execute(spans)).all()
        return within(((since * 1000, until * 1000) for since, until in rows), self._frame)

    async def _changes(self, ids: Sequence[str]) -> dict[str, list[StateChange]]:
        """Return how the states of some devices changed; the last change before comes first."""
        changes: dict[str, list[StateChange]] = {}
        async with begin(self._engine, writes=False) as connection:
            for device_id, at, state in await self._before(connection, ids):
                changes[device_id] = [(at * _MILLISECOND, state)]
        place: _Place | None = None
        while True:
            async with begin(self._engine, writes=False) as connection:
                rows = await self._lines(connection, ids, place)
            for device_id, lines in groupby(rows, key=itemgetter(0)):
                known = changes.setdefault(device_id, [])
                known += [(at * _MILLISECOND, state) for _, at, state, _ in lines]
            if len(rows) < LINES_AT_ONCE:
                return changes
            device_id, at, _, line_id = rows[-1]
            place = device_id, at, line_id

    async def _before(
        self, connection: AsyncConnection, ids: Sequence[str]
    ) -> list[tuple[str, int, str]]:
        """Return the last change of each device before the time in question."""
        first, _ = self._milliseconds
        is_it = and_(
            HISTORY.c.account == self._account,
            HISTORY.c.device_id == DEVICES.c.device_id,
            HISTORY.c.kind == HistoryKind.STATE,
        )
        last = (
            select(HISTORY.c.id)
            .where(is_it, HISTORY.c.at < first)
            .order_by(HISTORY.c.at.desc(), HISTORY.c.id.desc())
            .limit(1)
            .correlate(DEVICES)
            .scalar_subquery()
        )
        devices = and_(DEVICES.c.account == self._account, DEVICES.c.device_id.in_(ids))
        wanted = select(last).select_from(DEVICES).where(devices)
        columns = (HISTORY.c.device_id, HISTORY.c.at, HISTORY.c.detail)
        rows = await connection.execute(select(*columns).where(HISTORY.c.id.in_(wanted)))
        return [(id_, at, state) for id_, at, state in rows]

    async def _lines(
        self, connection: AsyncConnection, ids: Sequence[str], place: _Place | None
    ) -> list[tuple[str, int, str, int]]:
        """Return the changes within the time in question, those behind a place at most."""
        first, last = self._milliseconds
        order = (HISTORY.c.device_id, HISTORY.c.at, HISTORY.c.id)
        wanted = select(HISTORY.c.device_id, HISTORY.c.at, HISTORY.c.detail, HISTORY.c.id).where(
            HISTORY.c.account == self._account,
            HISTORY.c.device_id.in_(ids),
            HISTORY.c.kind == HistoryKind.STATE,
            HISTORY.c.at >= first,
            HISTORY.c.at < last,
        )
        if place is not None:
            wanted = wanted.where(tuple_(*order) > tuple_(*place))
        rows = await connection.execute(wanted.order_by(*order).limit(LINES_AT_ONCE))
        return [(id_, at, state, line_id) for id_, at, state, line_id in rows]

    @property
    def _milliseconds(self) -> tuple[int, int]:
        """The time in question, as the store keeps times."""
        return self._frame.start // _MILLISECOND, self._frame.end // _MILLISECOND
