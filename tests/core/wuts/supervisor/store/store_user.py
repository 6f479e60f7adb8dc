"""Uses a store as a process of its own: ``store_user.py ADDRESS NAME COUNT``.

Saves COUNT devices one by one, those of the account NAME, and says each when it is saved.
"""

import asyncio
import itertools
import sys
from contextlib import suppress

from wuts.supervisor.device.device import DeviceSnapshot
from wuts.supervisor.store import Changes, StoreLockedError
from wuts.supervisor.store.sql import SqlStore


async def main(address: str, account: str, count: str) -> None:
    store = SqlStore(address)
    while account not in store.owned:
        # As a supervisor does: others make the tables at the same moment.
        with suppress(StoreLockedError):
            await store.claim([account])
    for number in itertools.islice(itertools.count(), int(count) or None):
        snapshot = DeviceSnapshot(
            account=account,
            device_id=str(number),
            name="",
            was_paired=True,
            paused=False,
            needs_pairing=False,
            stale_link=False,
        )
        await store.save(Changes({(account, str(number)): snapshot}))
        print(number, flush=True)
    await store.close()


asyncio.run(main(*sys.argv[1:]))
