"""Orders that take more than a word: a disconnect, a wake, and what cannot be carried out."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.core.wuts.supervisor.home import ACCOUNT, PATIENT, QUICK, Home, until
from tests.core.wuts.values import TOKEN
from wuts import WutsClient
from wuts.errors import ErrorCode, InvalidInputError, NotVerifiedError
from wuts.models import Acknowledgement
from wuts.supervisor import AlertKind, DeviceState, TaskTrouble
from wuts.supervisor.controller import Controller
from wuts.supervisor.store import (
    Order,
    OrderRefusedError,
    Verb,
    give_disconnect,
    give_order,
    order_reader,
    order_verbs,
    orders,
)
from wuts.supervisor.store.sql import SqlStore
from wuts_simulator import EndpointName, FaultKind

from .databases import executing, in_database

type OpenSql = Callable[[str], SqlStore]

DISCONNECT = EndpointName.DISCONNECT


def now() -> datetime:
    return datetime.now(UTC)


async def until_kept(
    book: SqlStore, is_met: Callable[[tuple[Order, ...]], bool]
) -> tuple[Order, ...]:
    """Wait until the orders of a store are such; return them."""
    async with asyncio.timeout(200):
        while not is_met(kept := await book.orders()):  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.01)
    return kept


def _is_refused(kept: tuple[Order, ...]) -> bool:
    return any(order.refusal for order in kept)


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order_reader, "EVERY", 0.02)


# What an order holds


async def test_an_order_has_an_argument_and_need_not_name_a_device(
    address: str, open_sql: OpenSql
) -> None:
    book = open_sql(address)
    await book.add_order("home", "", Verb.WAKE, now(), {"why": "pair.success", "times": [1, None]})
    [order] = await book.orders()
    assert order.argument == {"why": "pair.success", "times": [1, None]}
    assert order.device_id == ""


@pytest.mark.parametrize(
    "argument", [{"x": "é" * 1_000}, {"x": float("nan")}, {"x": object()}, {"x": {1, 2}}]
)
async def test_an_argument_is_short_and_json(
    address: str, open_sql: OpenSql, argument: dict[str, object]
) -> None:
    book = open_sql(address)
    with pytest.raises(InvalidInputError):
        await book.add_order("home", "d", Verb.PAUSE, now(), argument)
    assert await book.orders() == ()


async def test_what_somebody_wrote_into_an_order_s_fields_stops_nobody(
    address: str, open_sql: OpenSql
) -> None:
    book = open_sql(address)
    await book.add_order("home", "d", Verb.PAUSE, now())
    odd = "UPDATE wuts_orders SET argument = '[1]', refusal = '{\"code\": [\"odd\"]}'"
    await in_database(address, executing(odd))
    [order] = await book.orders()
    assert order.argument == {}
    assert order.refusal is not None
    assert order.refusal.code is ErrorCode.REFUSED


# Wakes


async def test_a_wake_looks_at_an_account_that_nothing_else_is_due_of(
    address: str, open_sql: OpenSql, home: Home
) -> None:
    home.add_devices(1)
    async with home.supervised(PATIENT, store=SqlStore(address), sees=1):
        before = home.requests(EndpointName.LIST_DEVICES)
        assert await give_order(open_sql(address), ACCOUNT, "", Verb.WAKE, at=now())
        await until(lambda: home.requests(EndpointName.LIST_DEVICES) > before)


async def test_a_wake_finds_a_device_that_dropped(
    address: str, open_sql: OpenSql, home: Home
) -> None:
    device_id, _ = home.add_devices(2)
    async with home.supervised(PATIENT, store=SqlStore(address), sees=2):
        home.world.drop(device_id)
        assert await give_order(open_sql(address), ACCOUNT, device_id, Verb.WAKE, at=now())
        await home.until_told(device_id, DeviceState.RECONNECTING)
        await home.until_state(device_id, DeviceState.CONNECTED)


async def test_wakes_that_nobody_takes_do_not_pile_up(address: str, open_sql: OpenSql) -> None:
    book = open_sql(address)
    ids = [await book.add_order("home", "d", Verb.WAKE, now()) for _ in range(5)]
    await book.add_order("home", "other", Verb.WAKE, now())
    await book.add_order("office", "d", Verb.WAKE, now())
    kept = await book.orders()
    assert [(one.account, one.device_id) for one in kept] == [
        ("home", "d"),
        ("home", "other"),
        ("office", "d"),
    ]
    assert len(set(ids)) == len(ids), "one that was read already must not stand for a later one"


# Disconnects


async def test_the_supervisor_makes_the_call_and_whoever_asked_learns_of_it(
    address: str, open_sql: OpenSql, home: Home
) -> None:
    [device_id] = home.add_devices(1)
    async with home.supervised(store=SqlStore(address), sees=1):
        book = open_sql(address)
        assert await give_disconnect(book, ACCOUNT, device_id, at=now())
        assert not home.world.device(device_id).is_connected
        assert home.state(device_id) is DeviceState.PAUSED
        assert await book.orders() == ()
        assert [one.paused for one in (await book.load()).snapshots] == [True]
    assert home.requests(DISCONNECT) == 1
    assert home.requests(EndpointName.CONNECT) == 0


async def test_where_nobody_watches_the_asker_makes_the_call_and_the_pause_stays(
    address: str, open_sql: OpenSql, home: Home
) -> None:
    [device_id] = home.add_devices(1)
    book = open_sql(address)
    assert not await give_disconnect(book, ACCOUNT, device_id, at=now(), patience=0.05)
    assert [one.verb for one in await book.orders()] == [Verb.PAUSE]
    async with home.supervised(store=SqlStore(address), sees=1):
        await home.until_state(device_id, DeviceState.PAUSED)
    assert home.requests(DISCONNECT) == 0
    assert await book.orders() == ()


async def test_what_went_wrong_reaches_whoever_asked(
    address: str, open_sql: OpenSql, home: Home
) -> None:
    device_ids = home.add_devices(2)
    home.fault(DISCONNECT, FaultKind.STATUS, status=500)
    async with home.supervised(store=SqlStore(address), sees=2):
        book = open_sql(address)
        with pytest.raises(OrderRefusedError) as refused:
            await give_disconnect(book, ACCOUNT, device_ids[0], at=now())
        assert refused.value.code is ErrorCode.GATEWAY_FAILED
        assert home.state(device_ids[0]) is DeviceState.PAUSED
        assert await book.orders() == (), "whoever has read why deletes the order"


async def test_an_answer_about_another_device_stops_the_next_disconnect_too(
    address: str, open_sql: OpenSql, home: Home
) -> None:
    first, second = home.add_devices(2)
    home.fault(DISCONNECT, FaultKind.WRONG_DEVICE, times=1)
    async with home.supervised(PATIENT, store=SqlStore(address), sees=2):
        book = open_sql(address)
        for device_id in (first, second):
            with pytest.raises(OrderRefusedError) as refused:
                await give_disconnect(book, ACCOUNT, device_id, at=now())
            assert refused.value.code is ErrorCode.WRONG_DEVICE
        await home.listener.until(lambda: home.told() != [])
        assert [alert.kind for alert in home.told()] == [AlertKind.WRONG_DEVICE]
    assert home.requests(DISCONNECT) == 1


async def test_a_refusal_that_nobody_reads_is_dropped(
    address: str, open_sql: OpenSql, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    [device_id] = home.add_devices(1)
    home.fault(DISCONNECT, FaultKind.STATUS, status=500)
    book = open_sql(address)
    async with home.supervised(store=SqlStore(address), sees=1):
        await book.add_order(ACCOUNT, device_id, Verb.DISCONNECT, now())
        await until_kept(book, _is_refused)
        monkeypatch.setattr(order_reader, "KEPT", 0.0)
        await until_kept(book, lambda kept: not kept)
    assert home.requests(DISCONNECT) == 1


async def test_nobody_repeats_the_call_of_a_process_that_has_ended(
    address: str, open_sql: OpenSql, home: Home
) -> None:
    """It may have been made: nobody knows, and the answer says just that."""
    [device_id] = home.add_devices(1)
    dead = SqlStore(address)
    await dead.claim([ACCOUNT])
    asked = asyncio.create_task(give_disconnect(open_sql(address), ACCOUNT, device_id, at=now()))
    kept = await until_kept(dead, bool)
    assert await dead.take_order(kept[0].id)
    assert not await dead.take_order(kept[0].id), "one has it in hand, and no other"
    assert not await open_sql(address).replace_order(kept[0].id, Verb.PAUSE)
    await dead.close()
    async with home.supervised(store=SqlStore(address), sees=1):
        with pytest.raises(OrderRefusedError) as refused:
            await asked
        assert refused.value.code is ErrorCode.NOT_VERIFIED
        assert home.state(device_id) is DeviceState.PAUSED
    assert home.requests(DISCONNECT) == 0


async def test_whoever_asks_does_not_wait_for_ever_for_a_process_that_has_it_in_hand(
    address: str, open_sql: OpenSql, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orders, "LONGEST_WORK", 0.05)
    owner = SqlStore(address)
    await owner.claim([ACCOUNT])
    asking = give_disconnect(open_sql(address), ACCOUNT, "d", at=now(), patience=0.2)
    asked = asyncio.create_task(asking)
    kept = await until_kept(owner, bool)
    assert await owner.take_order(kept[0].id)
    with pytest.raises(NotVerifiedError):
        await asked
    await owner.close()


async def test_a_disconnect_of_long_ago_only_pauses(
    address: str, open_sql: OpenSql, home: Home
) -> None:
    [device_id] = home.add_devices(1)
    book = open_sql(address)
    await book.add_order(ACCOUNT, device_id, Verb.DISCONNECT, now() - timedelta(hours=1))
    async with home.supervised(store=SqlStore(address), sees=1):
        await home.until_state(device_id, DeviceState.PAUSED)
        await until_kept(book, _is_refused)
    assert home.requests(DISCONNECT) == 0


class SlowClient(WutsClient):
    """Makes a disconnect when it may."""

    def __init__(self, url: str) -> None:
        super().__init__(TOKEN, base_url=url)
        self.may = asyncio.Event()

    async def disconnect(self, device_id: str | None = None) -> Acknowledgement:
        await self.may.wait()
        return await super().disconnect(device_id)


async def test_a_later_order_about_the_device_waits_for_the_disconnect(
    address: str, open_sql: OpenSql, home: Home
) -> None:
    """Or the device would be paused after it was resumed."""
    device_id, other_id = home.add_devices(2)
    book, client = open_sql(address), SlowClient(home.sim.url)
    home.clients.append(client)
    async with home.supervised(store=SqlStore(address), client=client, sees=2):
        first = await book.add_order(ACCOUNT, device_id, Verb.DISCONNECT, now())
        second = await book.add_order(ACCOUNT, device_id, Verb.RESUME, now())
        pausing = give_order(book, ACCOUNT, other_id, Verb.PAUSE, at=now(), patience=30)
        assert await pausing, "the other device does not wait"
        assert [order.id for order in await book.orders()] == [first, second]
        assert home.state(device_id) is DeviceState.PAUSED
        client.may.set()
        await until_kept(book, lambda kept: not kept)
        await home.until_state(device_id, DeviceState.CONNECTED)
        assert home.requests(DISCONNECT) == 1


async def test_a_disconnect_under_way_is_finished_before_the_supervisor_stops(
    address: str, open_sql: OpenSql, home: Home
) -> None:
    [device_id] = home.add_devices(1)
    home.fault(DISCONNECT, FaultKind.LATENCY, seconds=0.2)
    book = open_sql(address)
    async with home.supervised(store=SqlStore(address), sees=1):
        asked = asyncio.create_task(give_disconnect(book, ACCOUNT, device_id, at=now()))
        await until(lambda: home.requests(DISCONNECT) == 1)
    assert await asked


async def test_a_disconnect_is_given_up_with_its_account(
    address: str, open_sql: OpenSql, home: Home
) -> None:
    [device_id] = home.add_devices(1)
    home.fault(DISCONNECT)
    book = open_sql(address)
    async with home.supervised(store=SqlStore(address), sees=1) as supervisor:
        await book.add_order(ACCOUNT, device_id, Verb.DISCONNECT, now())
        await until(lambda: home.requests(DISCONNECT) == 1)
        await supervisor.release_account(ACCOUNT)
        [order] = await book.orders()
        assert order.is_taken
        assert order.refusal is None


# What breaks


async def test_a_bug_in_one_verb_is_told_and_keeps_no_other_order_waiting(
    address: str, open_sql: OpenSql, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_(_controller: Controller, _order: Order, _now: float) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(
        order_verbs.EFFECTS,
        Verb.RESUME,
        order_verbs.Effect(begin=break_),
    )
    [device_id] = home.add_devices(1)
    async with home.supervised(QUICK, store=SqlStore(address), sees=1):
        book = open_sql(address)
        with pytest.raises(OrderRefusedError):
            await give_order(book, ACCOUNT, device_id, Verb.RESUME, at=now())
        assert await give_order(book, ACCOUNT, device_id, Verb.PAUSE, at=now())
        assert any(isinstance(event, TaskTrouble) for event in home.listener.events)
