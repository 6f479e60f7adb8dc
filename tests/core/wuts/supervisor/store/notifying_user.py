"""Tells receivers of alerts, in processes to be killed: ``notifying_user.py FD ADDRESS URL``.

It imports everything once. Each byte that comes through the socket FD with a pipe starts a process
that writes there; the next byte kills it, and one goes back when it is dead.

Each line is JSON: what a receiver was told, an alert's id and status, or what the supervisor met.
"""

import asyncio
import json
import os
import signal
import socket
import sys
from importlib import import_module
from random import Random

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
from wuts.supervisor.delivery import receivers
from wuts.supervisor.store import order_reader, ownership, sql_alerts
from wuts.supervisor.store.sql import SqlStore

SETTINGS = SupervisorSettings(interval=0.1, base=0.02, cap=0.1, debounce=0.0, stable_after=0.0)
ROUTES = (
    Route(
        receivers=("ana", "rui"),
        group_wait=0.02,
        group_interval=0.2,
        escalate_after=0.3,
        continues=True,
    ),
    Route(receivers=("log",), group_wait=0.02, group_interval=0.2),
)
RECEIVERS = ("ana", "rui", "log")
FAILS = 0.05
"""How often a receiver can't be reached, of all tries."""

_LAZY = ("asyncpg", "sqlalchemy.dialects.sqlite.aiosqlite", "wuts.supervisor.store.migrate")


def serve(control: socket.socket, address: str, url: str) -> None:
    """Start and kill processes until whoever asks for them is gone."""
    for module in _LAZY:
        import_module(module)
    sql_alerts._adapter()
    while True:
        _, pipes, _, _ = socket.recv_fds(control, 1, 1)
        if not pipes:
            return
        pid = os.fork()
        if pid == 0:
            control.close()
            os.dup2(pipes[0], 1)
            try:
                asyncio.run(main(address, url))
            finally:
                os._exit(1)
        os.close(pipes[0])
        control.recv(1)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        control.send(b"!")


def say(**words: object) -> None:
    print(json.dumps(words), flush=True)


async def notify(one: Notification) -> None:
    await asyncio.sleep(0)
    if Random().random() < FAILS:
        raise ConnectionError
    alerts = {alert.id: [alert.status, alert.device_id] for alert in one.alerts}
    say(told=[one.id, one.sequence], receiver=one.receiver, news=one.news, alerts=alerts)


async def tell(event: Event) -> None:
    if isinstance(event, Alert):
        say(alert=event.id, status=event.status, device=event.device_id)
    if isinstance(event, StoreTrouble | TaskTrouble):
        say(trouble=event.problem)


async def main(address: str, url: str) -> None:
    """Supervise until the process is killed, and hurry."""
    order_reader.EVERY, ownership.EVERY, receivers.FIRST_WAIT = 0.02, 0.05, 0.05
    supervisor = Supervisor(
        SETTINGS,
        store=SqlStore(address),
        routes=ROUTES,
        receivers=dict.fromkeys(RECEIVERS, notify),
    )
    supervisor.subscribe(tell)
    async with WutsClient(TOKEN, base_url=url) as client, supervisor:
        supervisor.add_account("home", client)
        await supervisor.until_owner("home")
        say(ready=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])), sys.argv[2], sys.argv[3])
