"""What survives a restart of a supervisor, over real HTTP."""

import asyncio
from collections.abc import Collection
from dataclasses import replace

import pytest

from tests.core.wuts.supervisor.home import ACCOUNT, PATIENT, QUICK, Home, until
from wuts.supervisor import Alert, AlertKind, AlertStatus, DeviceState, Supervisor
from wuts.supervisor.delivery import outbox as relay
from wuts.supervisor.store import MemoryStore, Saved, StoreLockedError
from wuts_simulator import EndpointName

CONNECT, STATUS, LIST = EndpointName.CONNECT, EndpointName.STATUS, EndpointName.LIST_DEVICES


async def test_a_pause_is_saved_when_it_returns(home: Home) -> None:
    [device_id] = home.add_devices(1)
    store = MemoryStore()
    async with home.supervised(sees=1, store=store) as supervisor:
        await supervisor.pause(ACCOUNT, device_id)
        assert [snapshot.paused for snapshot in (await store.load()).snapshots] == [True]
        await supervisor.resume(ACCOUNT, device_id)
        assert [snapshot.paused for snapshot in (await store.load()).snapshots] == [False]


async def test_an_alert_that_nobody_was_told_of_is_told_by_the_next_process(home: Home) -> None:
    [device_id] = home.add_devices(1)
    store = MemoryStore()
    heard: list[object] = []

    async def deaf(_event: object) -> None:
        await asyncio.Event().wait()

    async def hears(event: object) -> None:
        heard.append(event)

    first = Supervisor(replace(QUICK, stop_timeout=0.1), store=store)
    first.subscribe(deaf)
    client = home.new_client()
    async with first:
        first.add_account(ACCOUNT, client)
        await until(lambda: len(first.devices(ACCOUNT)) == 1)
        home.world.unlink(device_id)
        await until(lambda: len(first.open_alerts()) == 1)
    second = Supervisor(PATIENT, store=store)
    second.subscribe(hears)
    async with second:
        await until(lambda: heard != [])
    third = Supervisor(PATIENT, store=store)
    third.subscribe(hears)
    async with third:
        pass
    [alert] = heard
    assert isinstance(alert, Alert)
    assert (alert.kind, alert.status) == (AlertKind.NEEDS_PAIRING, AlertStatus.RAISED)


class LateStore(MemoryStore):
    """A store that cannot be read at first."""

    ready = False

    async def load(self, accounts: Collection[str] | None = None) -> Saved:
        if not self.ready:
            raise StoreLockedError
        return await super().load(accounts)


async def test_a_pause_counts_though_the_store_could_not_be_read_at_the_start(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "RETRY_AFTER", 0.02)
    [device_id] = home.add_devices(1)
    store = LateStore()
    store.ready = True
    async with home.supervised(store=store, sees=1) as supervisor:
        await supervisor.pause(ACCOUNT, device_id)
    store.ready = False
    async with home.supervised(store=store, sees=1):
        assert home.state(device_id) is DeviceState.CONNECTED
        store.ready = True
        await home.until_state(device_id, DeviceState.PAUSED)
        await home.listener.until(lambda: home.listener.troubles[-1] is None)
    assert [snapshot.paused for snapshot in (await store.load()).snapshots] == [True]
