"""PostgreSQL's advisory locks, held by the one session that writes.

Who loses the session loses the locks, and so the right to write, in one event that the server
decides: when the connection ends, or when it hears nothing for the lease (``idle_session_timeout``,
PostgreSQL 14 documentation, 20.11.1; advisory locks: 13.3.5). Every new session takes the locks
again before anything else, and then looks whether somebody else was the owner in between.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, override

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection

from .errors import StoreLostError, StoreOwnedError, StoreUnavailableError
from .hints import MEMBERS
from .keys import account_key, shard_key, shard_of
from .locks import Locks

OLDEST_SERVER = 14
"""The first version that ends an idle session."""

_IDENTIFY = """
SELECT pg_backend_pid(), backend_start, coalesce(current_schema(), ''),
    coalesce(current_setting('wuts.session', true), '')
FROM pg_stat_activity WHERE pid = pg_backend_pid()
"""

POOLED = (
    "A pooler between the supervisor and its store's database shares sessions, so locks do "
    "not hold. Set the pooler to session mode, or connect to the server directly."
)

_SET = (
    "SELECT set_config(name, value, false) FROM unnest($1::text[], $2::text[]) AS set(name, value)"
)

CHANNEL = "wuts"
"""Where sessions of a database tell each other to look (PostgreSQL documentation, NOTIFY)."""

NOTIFY = "SELECT pg_notify($1, $2)"

STAMP = "wuts.session"
"""A setting of our own (PostgreSQL documentation, 20.16): what a session is stamped with."""

READ_STAMP = f"SELECT coalesce(current_setting('{STAMP}', true), '')"

_KEYS = "unnest($1::int[], $2::int[]) WITH ORDINALITY AS key(one, two, place)"

TRY = f"SELECT place - 1 FROM {_KEYS} WHERE NOT pg_try_advisory_lock%s(one, two)"  # noqa: S608
UNLOCK = f"SELECT pg_advisory_unlock%s(one, two) FROM {_KEYS}"  # noqa: S608
EXCLUSIVE, SHARED = "", "_shared"

_END_SESSION = """
SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity WHERE pid = $1 AND backend_start = $2
"""

NOT_ENDED = "The database server has not ended this process's last session yet. Wait a moment."

_COUNT_OURS = "SELECT count(*) FROM wuts_accounts WHERE name = ANY($1::text[]) AND owner = $2"


@dataclass(frozen=True, slots=True)
class _Session:
    """What the server calls a session; a process id alone may come again."""

    pid: int
    began: object


class SessionLocks(Locks):
    """Advisory locks: one per account, and a shared one for each account's shard.

    A process that shares accounts out takes the shards themselves, exclusively: it and one that
    names its accounts keep each other out.

    Args:
        lease: Seconds that the server keeps the locks of a session that says nothing.
    """

    expire = True

    def __init__(self, lease: float) -> None:
        super().__init__()
        self._lease = lease
        self._accounts: set[str] = set()
        self._confirmed: set[str] = set()
        self._owner = ""
        self._session: _Session | None = None
        self._stamp = ""
        self._schema = ""
        self._connection: asyncpg.Connection | None = None

    @property
    @override
    def is_held(self) -> bool:
        return self._connection is not None and not self._connection.is_closed()

    async def begin(self, raw: Any) -> None:  # noqa: ANN401 - asyncpg has no types
        """Take the locks of a new session, before it does anything else.

        A session is ours alone while it bears our stamp. One that is new bears none: a pooler that
        hands sessions around gives us one that others use as well, and their locks would be ours.

        Raises:
            StoreLostError: Somebody else is, or was meanwhile, the owner of one of the accounts.
            StoreUnavailableError: The server has not ended our last session yet, or the session is
                not ours alone.
        """
        pid, began, self._schema, stamp = await raw.fetchrow(_IDENTIFY)
        if stamp:
            raise StoreUnavailableError(POOLED)
        session = _Session(pid, began)
        self._stamp = secrets.token_hex(8)
        await raw.fetch(_SET, [STAMP], [self._stamp])
        if self._holds_any:
            await self._lease_to(raw)
            await self._retake(raw)
        self._session, self._connection = session, raw

    def is_same_session(self, stamp: str) -> bool:
        """Return whether a statement ran in the session that holds the locks, if there are any."""
        return not self._holds_any or self._stamp == stamp

    @property
    def _holds_any(self) -> bool:
        return bool(self._accounts)

    @override
    async def take(self, connection: AsyncConnection, accounts: Collection[str]) -> None:
        raw = await driver_connection(connection)
        await self._lease_to(raw)
        held = {shard_of(account) for account in self._accounts}
        refused = await self._try(raw, accounts, held)
        if await raw.fetchval(READ_STAMP) != self._stamp:
            raise StoreUnavailableError(POOLED)
        if refused:
            raise StoreOwnedError(accounts=refused)
        self._accounts |= set(accounts)

    @override
    async def release(self, connection: AsyncConnection, accounts: Collection[str]) -> None:
        raw = await driver_connection(connection)
        given = self._accounts & set(accounts)
        self._accounts -= given
        self._confirmed -= given
        shards = {shard_of(one) for one in given} - {shard_of(one) for one in self._accounts}
        await self._unlock(raw, given, shards)
        if shards:
            await raw.fetch(NOTIFY, CHANNEL, MEMBERS)

    @override
    def confirm(self, accounts: Collection[str], owner: str) -> None:
        self._confirmed |= set(accounts)
        self._owner = owner

    @override
    def forget(self, accounts: Collection[str]) -> None:
        self._accounts -= set(accounts)
        self._confirmed -= set(accounts)

    @override
    def check(self) -> None:
        """Do nothing: what a session without the locks writes is refused when it begins."""

    async def _lease_to(self, raw: Any) -> None:  # noqa: ANN401 - asyncpg has no types
        if raw.get_server_version().major < OLDEST_SERVER:
            raise StoreUnavailableError(
                f"The supervisor's store needs PostgreSQL {OLDEST_SERVER} or later."
            )
        settings = _settings(self._lease)
        await raw.fetch(_SET, list(settings), list(settings.values()))
        await raw.add_listener(CHANNEL, self._hear)

    def _hear(self, _connection: object, _pid: int, _channel: str, hint: str) -> None:
        self.hints.tell(hint)

    async def _retake(self, raw: Any) -> None:  # noqa: ANN401 - see above
        refused = await self._try(raw, self._accounts, set())
        if refused and await self._end_last_session(raw):
            refused = await self._try(raw, self._accounts, set())
        if await self._was_replaced(raw):
            raise StoreLostError
        if refused:
            raise StoreUnavailableError(NOT_ENDED)

    async def _end_last_session(self, raw: Any) -> bool:  # noqa: ANN401 - see above
        """End our last session, if any: the server may not have noticed that it is over."""
        if self._session is None:
            return False
        await raw.fetch(_END_SESSION, self._session.pid, self._session.began)
        return True

    async def _try(
        self,
        raw: Any,  # noqa: ANN401 - see above
        accounts: Collection[str],
        held: set[int],
    ) -> list[str]:
        """Take all locks or none, except the shards that are held; return who was refused."""
        names = sorted(accounts)
        shards = sorted({shard_of(name) for name in names} - held)
        shard_keys = [shard_key(self._schema, shard) for shard in shards]
        account_keys = [account_key(self._schema, name) for name in names]
        refused_shards = await run(raw, TRY, SHARED, shard_keys)
        refused_accounts = await run(raw, TRY, EXCLUSIVE, account_keys)
        if not refused_shards and not refused_accounts:
            return []
        await run(raw, UNLOCK, SHARED, without(shard_keys, refused_shards))
        await run(raw, UNLOCK, EXCLUSIVE, without(account_keys, refused_accounts))
        of_others = {shards[place] for place in refused_shards}
        refused = {names[place] for place in refused_accounts}
        return sorted(refused | {name for name in names if shard_of(name) in of_others})

    async def _unlock(
        self,
        raw: Any,  # noqa: ANN401 - see above
        accounts: Collection[str],
        shards: Collection[int],
    ) -> None:
        """Give back the locks of accounts, and of shards that hold none of ours now."""
        await run(raw, UNLOCK, EXCLUSIVE, [account_key(self._schema, one) for one in accounts])
        await run(raw, UNLOCK, SHARED, [shard_key(self._schema, one) for one in shards])

    async def _was_replaced(self, raw: Any) -> bool:  # noqa: ANN401 - see above
        names = list(self._confirmed)
        return bool(names) and await raw.fetchval(_COUNT_OURS, names, self._owner) < len(names)


def _settings(lease: float) -> dict[str, str]:
    """Let the server end a session that it does not hear from, busy or idle."""
    milliseconds = str(max(1, round(lease * 1000)))
    seconds = str(max(1, round(lease / 3)))
    return {
        "idle_session_timeout": milliseconds,
        "idle_in_transaction_session_timeout": milliseconds,
        "tcp_user_timeout": milliseconds,
        "tcp_keepalives_idle": seconds,
        "tcp_keepalives_interval": seconds,
        "tcp_keepalives_count": "2",
    }


async def driver_connection(connection: AsyncConnection) -> Any:  # noqa: ANN401 - asyncpg has no types
    """Return the driver's connection, which knows of no transaction of SQLAlchemy's."""
    return (await connection.get_raw_connection()).driver_connection


async def run(
    raw: Any,  # noqa: ANN401 - asyncpg has no types
    statement: str,
    kind: str,
    keys: Collection[tuple[int, int]],
) -> list[int]:
    """Try or unlock locks of a kind; return the first column of each row."""
    ones, twos = [one for one, _ in keys], [two for _, two in keys]
    return [row[0] for row in await raw.fetch(statement % kind, ones, twos)]


def without(keys: list[tuple[int, int]], places: Collection[int]) -> list[tuple[int, int]]:
    """Return the keys except those at these places."""
    return [key for place, key in enumerate(keys) if place not in set(places)]
