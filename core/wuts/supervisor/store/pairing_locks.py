"""PostgreSQL's advisory locks of devices that are being paired; see `session_locks`."""

from collections.abc import Collection
from typing import Any, override

from .keys import pairing_key
from .session_locks import EXCLUSIVE, TRY, UNLOCK, SessionLocks, run, without

TOPIC = "pairing"
"""The topic of the notes that say who pairs; they are about no account."""

_COUNT_OURS = f"""
SELECT count(*) FROM wuts_notes
WHERE account = '' AND topic = '{TOPIC}' AND name = ANY($1::text[]) AND position($2 IN text) > 0
"""  # noqa: S608 - a name of ours


class PairingLocks(SessionLocks):
    """Advisory locks: one per device. The owner of accounts, or of a shard, takes none of them."""

    @override
    async def _try(self, raw: Any, accounts: Collection[str], held: set[int]) -> list[str]:
        names = sorted(accounts)
        keys = [pairing_key(self._schema, name) for name in names]
        refused = await run(raw, TRY, EXCLUSIVE, keys)
        if refused:
            await run(raw, UNLOCK, EXCLUSIVE, without(keys, refused))
        return [names[place] for place in refused]

    @override
    async def _unlock(self, raw: Any, accounts: Collection[str], shards: Collection[int]) -> None:
        keys = [pairing_key(self._schema, name) for name in accounts]
        await run(raw, UNLOCK, EXCLUSIVE, keys)

    @override
    async def _was_replaced(self, raw: Any) -> bool:
        names = list(self._confirmed)
        return bool(names) and await raw.fetchval(_COUNT_OURS, names, self._owner) < len(names)
