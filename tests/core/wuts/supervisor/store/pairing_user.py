"""Pairs a device as a process of its own: ``pairing_user.py ADDRESS DEVICE WHO LEASE``.

Each line says what happened, and when by the machine's steady clock: ``holds``, ``refused WHO``
when another process pairs it, ``lost`` once one has taken it over; it ends when its input does.
"""

import asyncio
import sys

from tests.core.wuts.supervisor.store.values import URL
from wuts.clock import steady_time
from wuts.pairing import PairingInProgressError, PairingRegistry
from wuts.supervisor.store.pairing_claims import StoreClaims


def say(*words: object) -> None:
    print(steady_time(), *words, flush=True)


async def main(address: str, device_id: str, who: str, lease: float) -> None:
    registry = PairingRegistry(StoreClaims(address, lease=lease))
    try:
        async with registry.hold(URL, device_id, who) as lost:
            say("holds")
            is_over = asyncio.create_task(asyncio.to_thread(sys.stdin.read))
            loses = asyncio.create_task(lost.wait())
            await asyncio.wait([is_over, loses], return_when=asyncio.FIRST_COMPLETED)
            if lost.is_set():
                say("lost")
                await is_over
            loses.cancel()
    except PairingInProgressError as error:
        say("refused", error.owner, error.since)
    else:
        say("over")


asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4])))
