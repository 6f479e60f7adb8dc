"""Owns an account as a process of its own: ``owner_user.py ADDRESS ACCOUNT LEASE``.

Waits until it is the owner, then saves a device each tenth of a second. Each line says what
happened, and when by the machine's steady clock: ``waits``, ``owns``, ``saved N``, ``lost``. When
it is sent `FREEZE` it says ``freezes`` and stops itself, between two saves, until it is continued.
"""

import asyncio
import itertools
import os
import signal
import sys
from random import Random

from tests.core.wuts.supervisor.store.values import about, snapshot
from wuts.clock import steady_time
from wuts.supervisor.store import StoreError, StoreLostError, wait_until_owned
from wuts.supervisor.store.sql import SqlStore

PAUSE = 0.1

FREEZE = signal.SIGUSR1


def say(*words: object) -> None:
    print(steady_time(), *words, flush=True)


async def main(address: str, account: str, lease: float) -> None:
    store = SqlStore(address, lease=lease)
    must_freeze = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(FREEZE, must_freeze.set)
    await wait_until_owned(
        store, [account], rng=Random(), on_wait=lambda _: say("waits"), every=0.1
    )
    say("owns")
    for number in itertools.count():
        await asyncio.sleep(PAUSE)
        if must_freeze.is_set():
            must_freeze.clear()
            say("freezes")
            os.kill(os.getpid(), signal.SIGSTOP)
        try:
            await store.save(about(snapshot(str(number), account=account)))
        except StoreLostError:
            say("lost")
            break
        except StoreError as error:
            say("failed", error.code)
        else:
            say("saved", number)
    await store.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], float(sys.argv[3])))
