"""Two processes with different accounts on one store, in any order: neither touches the other's.

Each has a store in memory beside it that only it uses: what it finds must be the same.
"""

import asyncio
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wuts.supervisor import AlertStatus
from wuts.supervisor.store import Changes, MemoryStore, StoreLostError, StoreOwnedError
from wuts.supervisor.store.sql import SqlStore

from .values import about, alert, alerting, snapshot, without

PROCESSES = 2
ACCOUNTS = 2
"""Of each process."""

TOPIC = "messages"

RUNS = count()

VERBS = "keep drop alert deliver meddle learn note erase trespass restart"

STEP = st.tuples(
    st.sampled_from(VERBS.split()),
    st.integers(0, PROCESSES - 1),
    st.integers(0, ACCOUNTS - 1),
    st.sampled_from(["1", "2"]),
    st.sampled_from(AlertStatus),
)
"""What is done, by which process, about which of its accounts, which device, which status."""

type Step = tuple[str, int, int, str, AlertStatus]


class Process:
    """A process with accounts of its own.

    Args:
        address: The store's.
        number: Which process it is.
        run: Makes its accounts' names its own in a database that many use.
    """

    def __init__(self, address: str, number: int, run: int) -> None:
        self.accounts = [f"{run}.{number}.{place}" for place in range(ACCOUNTS)]
        self.alert_ids = [f"{run:020}{number:06}{place:06}" for place in range(ACCOUNTS)]
        self.alone = MemoryStore()
        self._address = address
        self.store = SqlStore(address)

    async def restart(self) -> None:
        await self.store.close()
        self.store = SqlStore(self._address)
        await self.store.claim(self.accounts)

    async def save(self, changes: Changes) -> None:
        await asyncio.gather(self.store.save(changes), self.alone.save(changes))

    async def check(self) -> None:
        """Find what it would find if it were alone."""
        found, own = await self.store.load(self.accounts), await self.alone.load(self.accounts)
        assert set(found.snapshots) == set(own.snapshots)
        assert {one.alert.id: one for one in found.alerts} == {
            one.alert.id: one for one in own.alerts
        }
        assert found.users == own.users
        notes = [await one.entries_of(TOPIC, self.accounts) for one in (self.store, self.alone)]
        assert notes[0] == notes[1]


async def take_step(step: Step, me: Process, other: Process) -> None:
    verb, _, place, name, status = step
    account, alert_id = me.accounts[place], me.alert_ids[place]
    device = snapshot(name, account=account, paused=status is AlertStatus.RAISED)
    changes = {
        "keep": about(device),
        "drop": without(device),
        "alert": alerting(alert(status, alert_id=alert_id, account=account)),
        "deliver": Changes(delivered={alert_id: status}),
        "meddle": Changes(delivered={other.alert_ids[place]: status}),
        "learn": Changes(users={account: name}),
    }
    if verb in changes:
        await me.save(changes[verb])
    elif verb == "restart":
        await me.restart()
    elif verb == "trespass":
        await trespass(me, other.accounts[place], name)
    else:
        for store in (me.store, me.alone):
            if verb == "note":
                await store.put(TOPIC, name, status, account)
            else:
                await store.delete(TOPIC, name, account)


async def trespass(me: Process, account: str, device_id: str) -> None:
    """Try what a confused process might."""
    with pytest.raises(StoreOwnedError):
        await me.store.claim([account])
    for changes in (about(snapshot(device_id, account=account)), Changes(users={account: "me"})):
        with pytest.raises(StoreLostError):
            await me.store.save(changes)
    with pytest.raises(StoreLostError):
        await me.store.put(TOPIC, device_id, "mine", account)
    with pytest.raises(StoreLostError):
        await me.store.delete(TOPIC, device_id, account)


@pytest.mark.slow
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEP, max_size=20))
async def test_neither_touches_what_is_the_others(address: str, steps: list[Step]) -> None:
    run = next(RUNS)
    processes = [Process(address, number, run) for number in range(PROCESSES)]
    try:
        for process in processes:
            await process.store.claim(process.accounts)
        for step in steps:
            await take_step(step, processes[step[1]], processes[1 - step[1]])
        for process in processes:
            await process.check()
            await process.restart()
            await process.check()
    finally:
        for process in processes:
            await process.store.close()
