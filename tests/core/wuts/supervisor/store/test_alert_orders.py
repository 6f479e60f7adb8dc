"""Orders about alerts, which another process gives and a running supervisor carries out."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.core.wuts.supervisor.home import ACCOUNT, Home, until
from wuts.supervisor import AlertKind, MuteScope
from wuts.supervisor.store import OrderRefusedError, Verb, give_order, order_reader
from wuts.supervisor.store.alert_orders import (
    acknowledge_argument,
    mute_argument,
    unmute_argument,
)
from wuts.supervisor.store.sql import SqlStore

type OpenSql = Callable[[str], SqlStore]


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order_reader, "EVERY", 0.02)


def now() -> datetime:
    return datetime.now(UTC)


async def order(
    book: SqlStore,
    verb: Verb,
    argument: dict[str, object],
    device_id: str = "",
    patience: float = 5.0,
) -> bool:
    return await give_order(
        book, ACCOUNT, device_id, verb, at=now(), argument=argument, patience=patience
    )


async def test_who_takes_an_alert_from_elsewhere_has_it(
    address: str, open_sql: OpenSql, home: Home
) -> None:
    [device_id] = home.add_devices(1)
    book = open_sql(address)
    async with home.supervised(store=SqlStore(address), sees=1) as found:
        home.world.unlink(device_id)
        await until(lambda: len(found.open_alerts()) == 1)
        alert_id = found.open_alerts()[0].id
        argument = acknowledge_argument(alert_id, "Ana", "on my way")
        assert await order(book, Verb.ACKNOWLEDGE, argument)
        [saved] = (await book.load()).alerts
        assert (saved.alert.acknowledged_by, saved.alert.note) == ("Ana", "on my way")
        assert found.open_alerts()[0].acknowledged_by == "Ana"


async def test_who_mutes_and_unmutes_from_elsewhere_is_heard(
    address: str, open_sql: OpenSql, home: Home
) -> None:
    [device_id] = home.add_devices(1)
    book, end = open_sql(address), now() + timedelta(hours=2)
    kind = AlertKind.OFFLINE
    async with home.supervised(store=SqlStore(address), sees=1) as found:
        assert await order(book, Verb.MUTE, mute_argument(kind, end, "Ana", "lunch"), device_id)
        [mute] = found.alerts.mutes(ACCOUNT)
        assert mute.scope == MuteScope(ACCOUNT, device_id, kind)
        assert (mute.until, mute.by, mute.reason) == (end, "Ana", "lunch")
        assert (await book.load()).mutes == (mute,)
        assert await order(book, Verb.MUTE, mute_argument(None, None, "Ana", ""))
        assert await order(book, Verb.UNMUTE, unmute_argument(kind, "Rui"), device_id)
        assert [one.scope for one in found.alerts.mutes(ACCOUNT)] == [MuteScope(ACCOUNT)]


async def test_what_was_muted_while_nobody_watched_is_muted_from_the_start(
    address: str, open_sql: OpenSql, home: Home
) -> None:
    home.add_devices(1)
    async with home.supervised(store=SqlStore(address), sees=1):
        pass
    argument = mute_argument(None, None, "Ana", "")
    assert not await order(open_sql(address), Verb.MUTE, argument, patience=0.05)
    async with home.supervised(store=SqlStore(address), sees=1) as found:
        assert len(found.alerts.mutes(ACCOUNT)) == 1


_FUTURE = (datetime.now(UTC) + timedelta(days=400)).isoformat()


@pytest.mark.parametrize(
    "wrong",
    [
        (Verb.ACKNOWLEDGE, acknowledge_argument("0" * 32, "Ana", ""), "No open alert"),
        (Verb.ACKNOWLEDGE, {"alert": 7, "by": "Ana", "note": ""}, "same version"),
        (Verb.ACKNOWLEDGE, {}, "same version"),
        (Verb.MUTE, {"until": "tomorrow", "by": "Ana", "reason": ""}, "same version"),
        (Verb.MUTE, {"until": "2100-01-01T00:00:00", "by": "Ana", "reason": ""}, "same version"),
        (Verb.MUTE, {"until": "2001-01-01T00:00:00Z", "by": "Ana", "reason": ""}, "future"),
        (Verb.MUTE, {"kind": "noise", "by": "Ana", "reason": ""}, "same version"),
        (Verb.MUTE, {"until": _FUTURE, "by": None, "reason": ""}, "same version"),
        (Verb.UNMUTE, unmute_argument(None, "Ana"), "There is no mute of exactly that"),
        (Verb.UNMUTE, {"by": []}, "same version"),
    ],
)
async def test_what_cannot_be_carried_out_is_refused_with_the_reason(
    sqlite_file: Path,
    open_sql: OpenSql,
    home: Home,
    wrong: tuple[Verb, dict[str, object], str],
) -> None:
    verb, argument, message = wrong
    home.add_devices(1)
    address = f"sqlite:///{sqlite_file}"
    async with home.supervised(store=SqlStore(address), sees=1) as found:
        with pytest.raises(OrderRefusedError, match=message):
            await order(open_sql(address), verb, argument)
        assert found.alerts.mutes(ACCOUNT) == ()
