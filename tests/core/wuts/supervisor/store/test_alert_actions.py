"""What people do to alerts, over HTTP to a simulator and in real stores."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.core.wuts.supervisor.home import ACCOUNT, QUICK, Home, until
from wuts.errors import InvalidInputError
from wuts.supervisor import (
    AlertKind,
    AlertUpdate,
    AlertUpdated,
    Cause,
    HistoryKind,
    MuteScope,
    News,
    Notification,
    Receiver,
    Route,
    Supervisor,
    uptimes,
)
from wuts.supervisor.store.sql import SqlStore

type OpenSql = Callable[[str], SqlStore]

ROUTES = (Route(receivers=("ana",), group_wait=0.01, group_interval=0.02),)


class Somebody:
    """Takes notifications."""

    def __init__(self) -> None:
        self.told: list[Notification] = []

    async def __call__(self, one: Notification) -> None:
        self.told.append(one)

    @property
    def news(self) -> list[News]:
        return [one.news for one in self.told]


def unlink(home: Home, device_id: str) -> str:
    """As a person does on the phone; return its number."""
    phone = home.world.device(device_id).phone
    assert phone is not None
    home.world.unlink(device_id)
    return phone


def pair_again(home: Home, device_id: str, phone: str) -> None:
    """As the same person does."""
    device = home.world.device(device_id)
    home.world.sessions.store_credentials(device, phone)
    device.open_session(home.world.sessions.calendar())


async def until_open(home: Home) -> str:
    """Wait for the one alert; return its id."""
    await until(lambda: len(home.supervisor.open_alerts()) == 1)
    return home.supervisor.open_alerts()[0].id


async def test_who_takes_an_alert_is_saved_and_told(
    address: str, open_sql: OpenSql, home: Home
) -> None:
    ana, [device_id] = Somebody(), home.add_devices(1)
    store = SqlStore(address)
    receivers = {"ana": ana}
    async with home.supervised(store=store, sees=1, routes=ROUTES, receivers=receivers) as found:
        phone = unlink(home, device_id)
        alert_id = await until_open(home)
        await until(lambda: ana.news == [News.RAISED])
        await found.alerts.acknowledge(ACCOUNT, alert_id, by="Ana", note="on my way")
        [saved] = (await open_sql(address).load()).alerts
        assert (saved.alert.acknowledged_by, saved.alert.note) == ("Ana", "on my way")
        assert saved.alert.cause is Cause.UNLINKED
        await until(lambda: ana.news == [News.RAISED, News.ACKNOWLEDGED])
        [update] = [one for one in home.listener.events if isinstance(one, AlertUpdated)]
        assert (update.update, update.by) == (AlertUpdate.ACKNOWLEDGED, "Ana")
    again = Somebody()
    receivers = {"ana": again}
    store = SqlStore(address)
    async with home.supervised(store=store, sees=1, routes=ROUTES, receivers=receivers):
        assert home.supervisor.open_alerts()[0].acknowledged_by == "Ana"
        pair_again(home, device_id, phone)
        await until(lambda: News.RESOLVED in again.news)
    assert again.news == [News.RESOLVED], [(one.kind, one.status) for one in home.told()]
    assert again.told[0].id == ana.told[0].id


async def test_a_mute_outlives_the_process(address: str, open_sql: OpenSql, home: Home) -> None:
    ana, [device_id, other] = Somebody(), home.add_devices(2)
    scope = MuteScope(ACCOUNT, device_id)
    until_then = datetime.now(UTC) + timedelta(hours=2)
    store = SqlStore(address)
    async with home.supervised(store=store, sees=2) as found:
        await found.alerts.mute(scope, by="Ana", reason="moving house", until=until_then)
    [mute] = (await open_sql(address).load()).mutes
    assert (mute.scope, mute.until, mute.by, mute.reason) == (
        scope,
        until_then,
        "Ana",
        "moving house",
    )
    receivers = {"ana": ana}
    store = SqlStore(address)
    async with home.supervised(store=store, sees=2, routes=ROUTES, receivers=receivers) as found:
        home.world.unlink(device_id)
        home.world.unlink(other)
        await until(lambda: len(ana.told) == 1)
        assert ana.told[0].alerts[0].device_id == other
        [muted] = [one for one in found.open_alerts() if one.device_id == device_id]
        assert found.alerts.mute_of(muted) == mute
        assert await found.alerts.unmute(scope, by="Rui")
        await until(lambda: len(ana.told) == 2)
        assert ana.told[1].news is News.MUTE_ENDED
    assert (await open_sql(address).load()).mutes == ()


async def test_what_happened_is_kept(address: str, open_sql: OpenSql, home: Home) -> None:
    [device_id] = home.add_devices(1)
    begun = datetime.now(UTC)
    async with home.supervised(store=SqlStore(address), sees=1) as found:
        phone = unlink(home, device_id)
        alert_id = await until_open(home)
        await found.alerts.acknowledge(ACCOUNT, alert_id, by="Ana")
        await found.alerts.mute(MuteScope(ACCOUNT, device_id), by="Rui", reason="lunch")
        pair_again(home, device_id, phone)
        await until(lambda: not found.open_alerts())
    ended = datetime.now(UTC) + timedelta(seconds=1)
    lines = await open_sql(address).history(ACCOUNT, begun - timedelta(seconds=1), ended)
    told = [(one.kind, one.detail, one.by) for one in lines if one.device_id == device_id]
    assert told[0] == (HistoryKind.STATE, "connected", "")
    assert [one for one in told if one[0] is not HistoryKind.STATE] == [
        (HistoryKind.RAISED, "needs_pairing", ""),
        (HistoryKind.ACKNOWLEDGED, "needs_pairing", "Ana"),
        (HistoryKind.MUTED, "", "Rui"),
        (HistoryKind.RESOLVED, "needs_pairing", ""),
        (HistoryKind.UNMUTED, "", ""),
    ]
    [watched] = [one for one in lines if one.kind is HistoryKind.WATCHED]
    assert watched.until is not None
    assert watched.at < watched.until
    [uptime] = uptimes(lines, begun, ended)
    assert (uptime.device_id, uptime.drops) == (device_id, 1)
    assert uptime.share is not None
    assert 0 < uptime.share < 1


async def test_a_webhook_explains_an_alert(home: Home) -> None:
    [device_id] = home.add_devices(1)
    async with home.supervised(sees=1) as found:
        found.alerts.hint(ACCOUNT, device_id, "connection.temporary_ban", {"expires_in": 3_600})
        home.world.unlink(device_id)
        await until_open(home)
        [alert] = found.open_alerts()
        assert alert.cause is Cause.TEMPORARY_BAN
        assert alert.cause_until is not None


async def test_what_is_not_there_cannot_be_acted_on(home: Home) -> None:
    home.add_devices(1)
    async with home.supervised(sees=1) as found:
        with pytest.raises(InvalidInputError, match="No open alert"):
            await found.alerts.acknowledge(ACCOUNT, "0" * 32, by="Ana")
        with pytest.raises(InvalidInputError, match="no account"):
            await found.alerts.mute(MuteScope("nowhere"), by="Ana", reason="")
        assert not await found.alerts.unmute(MuteScope(ACCOUNT), by="Ana")


async def test_a_receiver_that_fails_hears_it_later_and_the_next_one_now(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wuts.supervisor.delivery.receivers.FIRST_WAIT", 0.001)
    monkeypatch.setattr("wuts.supervisor.delivery.receivers.LONGEST_WAIT", 0.01)
    [device_id] = home.add_devices(1)
    ana, is_down = Somebody(), True

    async def first(one: Notification) -> None:
        if is_down:
            raise ConnectionError
        await ana(one)

    rui = Somebody()
    routes = (Route(receivers=("ana", "rui"), group_wait=0.01),)
    receivers: dict[str, Receiver] = {"ana": first, "rui": rui}
    async with home.supervised(QUICK, sees=1, routes=routes, receivers=receivers) as found:
        home.world.unlink(device_id)
        await until(lambda: rui.news == [News.ESCALATED])
        assert found.alerts.receivers()["ana"].problem == "ConnectionError"
        is_down = False
        await until(lambda: ana.news == [News.RAISED])
        assert home.told()[0].kind is AlertKind.NEEDS_PAIRING


def test_a_route_to_nobody_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="ana"):
        Supervisor(routes=ROUTES)
