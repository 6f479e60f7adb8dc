"""Supervises an account as a process of its own: ``supervising_user.py ADDRESS LEASE URL``.

Each line says what happened, and when by the machine's steady clock: ``owns``, ``standby``,
``trouble``, ``works``, ``alert STATUS DEVICE ID``, ``state NEW DEVICE``.
"""

import asyncio
import sys

from tests.core.wuts.values import TOKEN
from wuts import WutsClient
from wuts.clock import steady_time
from wuts.supervisor import (
    Alert,
    Event,
    OwnerChanged,
    StateChanged,
    StoreTrouble,
    Supervisor,
    SupervisorSettings,
)
from wuts.supervisor.delivery import outbox
from wuts.supervisor.store import ownership
from wuts.supervisor.store.sql import SqlStore

SETTINGS = SupervisorSettings(interval=0.2, base=0.05, cap=0.2, debounce=0.0)


def say(*words: object) -> None:
    print(steady_time(), *words, flush=True)


async def tell(event: Event) -> None:
    match event:
        case OwnerChanged():
            say("owns" if event.problem is None else event.role)
        case StoreTrouble():
            say("works" if event.problem is None else "trouble")
        case Alert():
            say("alert", event.status, event.device_id or "-", event.id)
        case StateChanged():
            say("state", event.new, event.device_id)


async def main(address: str, lease: float, url: str) -> None:
    ownership.EVERY = outbox.RETRY_AFTER = min(lease, 1.0) / 10
    supervisor = Supervisor(SETTINGS, store=SqlStore(address, lease=lease))
    supervisor.subscribe(tell)
    async with WutsClient(TOKEN, base_url=url) as client, supervisor:
        supervisor.add_account("home", client)
        if await supervisor.until_decided("home") == "owner":
            say("owns")
        await asyncio.Event().wait()


asyncio.run(main(sys.argv[1], float(sys.argv[2]), sys.argv[3]))
