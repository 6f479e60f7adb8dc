"""What every store promises."""

from collections.abc import Callable
from pathlib import Path

import pytest

from wuts.supervisor import AlertStatus
from wuts.supervisor.store import Changes, MemoryStore, Saved, SavedAlert, Store
from wuts.supervisor.store.sql import SqlStore
from wuts.supervisor.store.sql_session import ROWS_AT_ONCE

from .postgresql_server import PostgresqlServer
from .values import about, alert, alerting, delivered, snapshot, without

type Open = Callable[[], Store]


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
async def open_store(
    request: pytest.FixtureRequest, sqlite_file: Path, open_sql: Callable[[str], SqlStore]
) -> Open:
    """Opens the same store again and again, as one process after another does."""
    match request.param:
        case "memory":
            memory = MemoryStore()
            return lambda: memory
        case "sqlite":
            return lambda: open_sql(f"sqlite:///{sqlite_file}")
    server: PostgresqlServer = request.getfixturevalue("postgresql")
    address = await server.new_database()
    return lambda: open_sql(address)


async def test_a_new_store_is_empty(open_store: Open) -> None:
    assert await open_store().load() == Saved()


async def test_what_was_saved_is_there_in_the_next_process(open_store: Open) -> None:
    device = snapshot(paused=True)
    store = open_store()
    await store.save(about(device))
    await store.save(alerting(alert()))
    await store.close()
    assert await open_store().load() == Saved((device,), (SavedAlert(alert(), delivered=False),))


async def test_an_alert_about_a_account_has_no_device(open_store: Open) -> None:
    refused = alert(device_id=None)
    await open_store().save(alerting(refused))
    assert (await open_store().load()).alerts == (SavedAlert(refused, delivered=False),)


async def test_newer_snapshots_replace_older_ones(open_store: Open) -> None:
    store = open_store()
    await store.save(about(snapshot(paused=True)))
    await store.save(about(snapshot(name="Back office", needs_pairing=True)))
    saved = await open_store().load()
    assert saved.snapshots == (snapshot(name="Back office", needs_pairing=True),)


async def test_a_device_that_is_gone_is_dropped(open_store: Open) -> None:
    store = open_store()
    await store.save(about(snapshot("one"), snapshot("two")))
    await store.save(without(snapshot("one"), snapshot("never seen")))
    assert (await open_store().load()).snapshots == (snapshot("two"),)


async def test_the_same_device_id_of_two_accounts_is_two_devices(open_store: Open) -> None:
    store = open_store()
    await store.save(about(snapshot(account="home"), snapshot(account="office", paused=True)))
    await store.save(without(snapshot(account="home")))
    assert (await open_store().load()).snapshots == (snapshot(account="office", paused=True),)


async def test_an_alert_is_delivered_when_all_were_told_of_its_present_status(
    open_store: Open,
) -> None:
    store = open_store()
    await store.save(alerting(alert()))
    await store.save(delivered(alert()))
    assert (await open_store().load()).alerts == (SavedAlert(alert(), delivered=True),)


async def test_a_reminder_that_nobody_heard_is_not_delivered(open_store: Open) -> None:
    store = open_store()
    reminder = alert(AlertStatus.REMINDED)
    await store.save(alerting(alert()))
    await store.save(alerting(reminder))
    await store.save(delivered(alert()))
    assert (await open_store().load()).alerts == (SavedAlert(reminder, delivered=False),)
    await store.save(delivered(reminder))
    assert (await open_store().load()).alerts == (SavedAlert(reminder, delivered=True),)


async def test_a_resolved_alert_is_kept_until_it_is_delivered(open_store: Open) -> None:
    store = open_store()
    over = alert(AlertStatus.RESOLVED)
    await store.save(alerting(alert()))
    await store.save(Changes(alerts={over.id: over}, delivered={over.id: AlertStatus.RAISED}))
    assert (await open_store().load()).alerts == (SavedAlert(over, delivered=False),)
    await store.save(delivered(over))
    assert (await open_store().load()).alerts == ()


async def test_an_alert_that_began_again_while_its_end_was_told_is_kept(open_store: Open) -> None:
    store = open_store()
    over = alert(AlertStatus.RESOLVED)
    await store.save(alerting(over))
    await store.save(Changes(alerts={over.id: alert()}, delivered={over.id: over.status}))
    assert (await open_store().load()).alerts == (SavedAlert(alert(), delivered=False),)


async def test_an_alert_that_was_told_before_it_could_be_saved_leaves_nothing(
    open_store: Open,
) -> None:
    """As after a store that did not work for a while."""
    over = alert(AlertStatus.RESOLVED)
    await open_store().save(
        Changes(alerts={over.id: over}, delivered={over.id: AlertStatus.RESOLVED})
    )
    assert await open_store().load() == Saved()


async def test_a_delivery_of_an_alert_that_is_gone_is_ignored(open_store: Open) -> None:
    await open_store().save(delivered(alert()))
    assert await open_store().load() == Saved()


async def test_a_delivery_of_an_alert_that_comes_later_is_ignored(open_store: Open) -> None:
    store = open_store()
    await store.save(delivered(alert()))
    await store.save(alerting(alert()))
    assert (await open_store().load()).alerts == (SavedAlert(alert(), delivered=False),)


async def test_only_what_is_kept_of_the_accounts_that_are_asked_for_is_returned(
    open_store: Open,
) -> None:
    devices = [snapshot(account=account) for account in ("home", "office", "shop")]
    alerts = [
        alert(alert_id=f"{place:032}", account=device.account)
        for place, device in enumerate(devices)
    ]
    users = {device.account: f"user of {device.account}" for device in devices}
    store = open_store()
    await store.save(about(*devices))
    await store.save(alerting(*alerts))
    await store.save(Changes(users=users))
    found = await open_store().load(["office", "shop", "never seen"])
    assert set(found.snapshots) == set(devices[1:])
    assert {one.alert for one in found.alerts} == set(alerts[1:])
    assert found.users == {name: users[name] for name in ("office", "shop")}
    assert await open_store().load([]) == Saved()
    assert len((await open_store().load()).snapshots) == 3


async def test_the_user_that_was_seen_last_is_kept(open_store: Open) -> None:
    store = open_store()
    await store.save(Changes(users={"home": "ana"}))
    await store.save(Changes(users={"home": "rui"}))
    assert (await open_store().load()).users == {"home": "rui"}


async def test_nothing_can_be_saved_as_well(open_store: Open) -> None:
    await open_store().save(Changes())
    assert await open_store().load() == Saved()


async def test_a_closed_store_can_be_used_again(open_store: Open) -> None:
    store = open_store()
    await store.save(about(snapshot()))
    await store.close()
    await store.close()
    assert (await store.load()).snapshots == (snapshot(),)


async def test_thousands_of_devices_come_and_go_in_one_save(open_store: Open) -> None:
    store = open_store()
    many = [snapshot(f"device-{number}") for number in range(2 * ROWS_AT_ONCE + 1)]
    await store.save(about(*many))
    assert set((await store.load()).snapshots) == set(many)
    await store.save(without(*many[1:]))
    assert (await store.load()).snapshots == (many[0],)


@pytest.mark.parametrize("name", ["", "é 🏠 שלום", "x" * 5000, "'; DROP TABLE wuts_devices; --"])
async def test_a_device_may_have_any_name(open_store: Open, name: str) -> None:
    await open_store().save(about(snapshot(name=name)))
    assert (await open_store().load()).snapshots == (snapshot(name=name),)


@pytest.mark.parametrize("name", ["a\0b", "a\ud800b"])
async def test_a_name_that_is_no_text_keeps_nothing_from_being_saved(
    open_store: Open, name: str
) -> None:
    await open_store().save(about(snapshot(name=name), snapshot("device-2")))
    assert {one.device_id for one in (await open_store().load()).snapshots} == {
        "device-1",
        "device-2",
    }
