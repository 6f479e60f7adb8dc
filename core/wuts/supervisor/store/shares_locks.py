"""The locks of processes that share accounts out: whole shards, and one that says who is there.

A member is there as long as the session that writes is: its lock ends with those of its shards, in
one event that the server decides. A row with the time of a heartbeat would need a clock that all
members trust, and could say that somebody is there who can no longer save. ``pg_locks`` shows all
of it in one statement (PostgreSQL 14 documentation, 52.74), and anybody may read it.
"""

import secrets
from collections.abc import Collection
from typing import Any, override

from sqlalchemy.ext.asyncio import AsyncConnection

from .errors import StoreUnavailableError
from .hints import LEFT, MEMBERS
from .keys import SHARDS, member_key, shard_key, shard_of, unsigned
from .session_locks import (
    CHANNEL,
    EXCLUSIVE,
    NOT_ENDED,
    NOTIFY,
    TRY,
    UNLOCK,
    SessionLocks,
    driver_connection,
    run,
    without,
)
from .shares import Members

_LOOK = """
WITH held AS MATERIALIZED (
    SELECT classid::bigint AS one, objid::bigint AS two, pid FROM pg_locks
    WHERE locktype = 'advisory' AND objsubid = 2 AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
)
SELECT pid, two AS number, NULL AS shard FROM held WHERE one = $1
UNION ALL
SELECT pid, NULL, place - 1 FROM held
JOIN unnest($2::bigint[], $3::bigint[]) WITH ORDINALITY AS key (one, two, place) USING (one, two)
"""

_LEAVE = "SELECT pg_advisory_unlock_all(), pg_notify($1, $2)"


class ShareLocks(SessionLocks):
    """Advisory locks: an exclusive one per shard, and one that says that this process is there.

    An account needs none of its own: whoever names its accounts holds their shards as well.

    Args:
        lease: Seconds that the server keeps the locks of a session that says nothing.
    """

    def __init__(self, lease: float) -> None:
        super().__init__(lease)
        self._number: int | None = None

    @property
    @override
    def _holds_any(self) -> bool:
        return self._number is not None or super()._holds_any

    async def members(self, connection: AsyncConnection) -> Members:
        """Be a member from now on; return who is, and who holds which shard."""
        raw = await driver_connection(connection)
        while self._number is None:
            await self._lease_to(raw)
            number = secrets.randbits(32)
            if await self._enter(raw, number):
                self._number = number
                await raw.fetch(NOTIFY, CHANNEL, MEMBERS)
        one, _ = member_key(self._schema, 0)
        shards = [unsigned(shard_key(self._schema, shard)) for shard in range(SHARDS)]
        ones, twos = [key[0] for key in shards], [key[1] for key in shards]
        rows = await raw.fetch(_LOOK, one, ones, twos)
        numbers = {row["pid"]: row["number"] for row in rows if row["number"] is not None}
        holders = {
            row["shard"]: numbers.get(row["pid"]) for row in rows if row["shard"] is not None
        }
        return Members(self._number, frozenset(numbers.values()), holders)

    @property
    @override
    def has_joined(self) -> bool:
        return self._number is not None

    @override
    async def leave(self, connection: AsyncConnection) -> None:
        number, self._number = self._number, None
        if number is not None:
            raw = await driver_connection(connection)
            # In one transaction, so that whoever hears it finds the lock gone.
            await raw.fetch(_LEAVE, CHANNEL, f"{LEFT} {number}")

    @override
    async def _retake(self, raw: Any) -> None:
        await self._return(raw)
        await super()._retake(raw)

    async def _return(self, raw: Any) -> None:  # noqa: ANN401 - asyncpg has no types
        """Be there under the same number, so that the others notice nothing."""
        if self._number is None or await self._enter(raw, self._number):
            return
        await self._end_last_session(raw)
        if not await self._enter(raw, self._number):
            raise StoreUnavailableError(NOT_ENDED)

    async def _enter(self, raw: Any, number: int) -> bool:  # noqa: ANN401 - see above
        return not await run(raw, TRY, EXCLUSIVE, [member_key(self._schema, number)])

    @override
    async def _try(self, raw: Any, accounts: Collection[str], held: set[int]) -> list[str]:
        shards = sorted({shard_of(account) for account in accounts} - held)
        keys = [shard_key(self._schema, shard) for shard in shards]
        refused = await run(raw, TRY, EXCLUSIVE, keys)
        if not refused:
            return []
        await run(raw, UNLOCK, EXCLUSIVE, without(keys, refused))
        of_others = {shards[place] for place in refused}
        return sorted(account for account in accounts if shard_of(account) in of_others)

    @override
    async def _unlock(self, raw: Any, accounts: Collection[str], shards: Collection[int]) -> None:
        await run(raw, UNLOCK, EXCLUSIVE, [shard_key(self._schema, one) for one in shards])
