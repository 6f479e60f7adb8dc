"""People read the wall clock's time, whoever sets it; supervision is not hurried."""

import time
from datetime import UTC, datetime, timedelta

from tests.core.wuts.supervisor.home import ACCOUNT, PATIENCE, QUICK, Home
from tests.core.wuts.supervisor.store.listener import Listener
from wuts.supervisor import AlertKind, AlertStatus, DeviceState, Supervisor
from wuts.supervisor.store import MemoryStore

DAY = 86_400.0


class Wall:
    """A clock that somebody sets."""

    def __init__(self) -> None:
        self.set_by = 0.0

    def __call__(self) -> float:
        return time.time() + self.set_by

    def is_now(self, moment: datetime) -> bool:
        now = datetime.fromtimestamp(self(), UTC)
        return abs(now - moment) < timedelta(seconds=PATIENCE)


async def test_a_clock_that_was_set_after_the_start_is_told_and_saved(home: Home) -> None:
    [device_id] = home.add_devices(1)
    wall, store = Wall(), MemoryStore()
    supervisor = home.supervisor = Supervisor(QUICK, store=store, wall_clock=wall)
    supervisor.subscribe(home.listener)
    async with supervisor:
        supervisor.add_account(ACCOUNT, home.new_client())
        await home.until_state(device_id, DeviceState.CONNECTED)
        wall.set_by = DAY
        home.world.unlink(device_id)
        await home.until_state(device_id, DeviceState.NEEDS_PAIRING)
        await home.listener.until(lambda: home.told() != [])
        [told] = home.told()
        [open_one] = supervisor.open_alerts()
        since = datetime.fromtimestamp(supervisor.devices(ACCOUNT)[device_id].since, UTC)
        assert all(wall.is_now(at) for at in (told.at, told.since, open_one.at, since))
    [saved] = (await store.load()).alerts
    assert wall.is_now(saved.alert.at)


async def test_a_saved_alert_is_reminded_of_in_time_though_the_clock_was_set(home: Home) -> None:
    [device_id] = home.add_devices(1)
    wall, store = Wall(), MemoryStore()
    wall.set_by = 300 * DAY
    async with Supervisor(QUICK, store=store, wall_clock=wall) as before:
        before.subscribe(home.listener)
        before.add_account(ACCOUNT, home.new_client())
        await home.listener.until(lambda: len(home.listener.events) > 0)
        home.world.unlink(device_id)
        await home.listener.until(lambda: home.told() != [])
    home.listener = Listener()
    async with home.supervised(store=store, sees=1) as supervisor:
        [alert] = supervisor.open_alerts()
        assert alert.kind is AlertKind.NEEDS_PAIRING
        assert wall.is_now(alert.since)
    assert home.told() == []


async def test_a_clock_that_is_set_neither_hurries_nor_delays(home: Home) -> None:
    [device_id] = home.add_devices(1)
    wall = Wall()
    supervisor = home.supervisor = Supervisor(QUICK, wall_clock=wall)
    supervisor.subscribe(home.listener)
    async with supervisor:
        supervisor.add_account(ACCOUNT, home.new_client())
        for set_by in (-DAY, DAY):
            wall.set_by = set_by
            home.world.drop(device_id)
            await home.until_told(device_id, DeviceState.RECONNECTING)
            await home.until_state(device_id, DeviceState.CONNECTED)
    assert AlertStatus.REMINDED not in {alert.status for alert in home.told()}
