"""Supervises an account and tells two receivers, as a process: ``notifying_user.py ADDRESS URL``.

Each line is JSON: what a receiver was told, or an alert's id and status.
"""

import asyncio
import json
import sys

from tests.core.wuts.values import TOKEN
from wuts import WutsClient
from wuts.supervisor import (
    Alert,
    Event,
    Notification,
    Route,
    StoreTrouble,
    Supervisor,
    SupervisorSettings,
    TaskTrouble,
)
from wuts.supervisor.store import order_reader
from wuts.supervisor.store.sql import SqlStore

SETTINGS = SupervisorSettings(interval=0.1, base=0.02, cap=0.1, debounce=0.0, stable_after=0.0)
ROUTE = Route(receivers=("ana", "rui"), group_wait=0.02, group_interval=0.2, escalate_after=0.3)


def say(**words: object) -> None:
    print(json.dumps(words), flush=True)


async def notify(one: Notification) -> None:
    alerts = {alert.id: [alert.status, alert.device_id] for alert in one.alerts}
    say(told=[one.id, one.sequence], receiver=one.receiver, news=one.news, alerts=alerts)


async def tell(event: Event) -> None:
    if isinstance(event, Alert):
        say(alert=event.id, status=event.status, device=event.device_id)
    if isinstance(event, StoreTrouble | TaskTrouble):
        say(trouble=event.problem)


async def main(address: str, url: str) -> None:
    order_reader.EVERY = 0.02
    supervisor = Supervisor(
        SETTINGS,
        store=SqlStore(address),
        routes=[ROUTE],
        receivers={"ana": notify, "rui": notify},
    )
    supervisor.subscribe(tell)
    async with WutsClient(TOKEN, base_url=url) as client, supervisor:
        supervisor.add_account("home", client)
        say(ready=True)
        await asyncio.Event().wait()


asyncio.run(main(sys.argv[1], sys.argv[2]))
