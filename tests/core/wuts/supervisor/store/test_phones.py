"""Expected phones, wrong ones and the questions about them, in real stores and over real HTTP."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.core.wuts.supervisor.home import ACCOUNT, PATIENT, QUICK, Home, until
from wuts.errors import InvalidPhoneNumberError
from wuts.supervisor import AlertKind, AlertStatus, PhoneQuestion
from wuts.supervisor.device.device import DeviceSnapshot
from wuts.supervisor.store import OrderRefusedError, Verb, give_order, order_reader
from wuts.supervisor.store.sql import SqlStore

from .values import about, snapshot

type OpenSql = Callable[[str], SqlStore]

ANA, BOB, EVE = "5511987654321", "5511912345678", "447911123456"
WRONG, UNCHECKED = AlertKind.WRONG_PHONE, AlertKind.PHONE_UNCHECKED
RAISED, RESOLVED = AlertStatus.RAISED, AlertStatus.RESOLVED


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order_reader, "EVERY", 0.02)


def link(home: Home, device_id: str, number: str) -> None:
    """Link another phone, without anybody's pairing."""
    home.world.sessions.store_credentials(home.world.device(device_id), number)


async def kept(book: SqlStore) -> DeviceSnapshot:
    [one] = (await book.load()).snapshots
    return one


def told(home: Home, kind: AlertKind = WRONG) -> list[AlertStatus]:
    return [status for _, status in home.listener.alerts(kind)]


async def test_all_of_a_phone_is_kept(address: str, open_sql: OpenSql) -> None:
    one = DeviceSnapshot(
        account="home",
        device_id="d",
        name="D",
        was_paired=True,
        paused=False,
        needs_pairing=False,
        stale_link=False,
        expected_number=ANA,
        linked_number=BOB,
        phone_question=PhoneQuestion.WRONG_PHONE,
        question_id="0123abcd",
        gone=True,
    )
    await open_sql(address).save(about(one, snapshot()))
    assert set((await open_sql(address).load()).snapshots) == {one, snapshot()}
    assert ANA not in repr(one)
    assert BOB not in repr(one)


async def test_a_phone_that_is_linked_while_nobody_looks_is_a_question_until_it_is_kept(
    address: str, open_sql: OpenSql, home: Home
) -> None:
    device_id = home.world.add_device(state="connected", phone=ANA).id
    book = open_sql(address)
    async with home.supervised(QUICK, store=SqlStore(address)) as supervisor:
        await until(lambda: linked_number(home, device_id) == ANA)
    link(home, device_id, BOB)
    async with home.supervised(QUICK, store=SqlStore(address)):
        await until(lambda: told(home) == [RAISED])
    question = await kept(book)
    assert (question.expected_number, question.linked_number) == (ANA, BOB)
    async with home.supervised(QUICK, store=SqlStore(address), sees=1) as supervisor:
        assert [alert.kind for alert in supervisor.open_alerts()] == [WRONG]
        assert not await supervisor.keep_phone(ACCOUNT, device_id, "another")
        assert not await supervisor.keep_phone(ACCOUNT, device_id, "")
        assert await supervisor.keep_phone(ACCOUNT, device_id, question.question_id)
        assert (await kept(book)).expected_number == BOB
        assert not await supervisor.keep_phone(ACCOUNT, device_id, question.question_id)
        await until(lambda: told(home) == [RAISED, RESOLVED])


async def test_only_the_phone_that_was_asked_about_can_be_kept(
    address: str, open_sql: OpenSql, home: Home
) -> None:
    device_id = home.world.add_device(state="connected", phone=ANA).id
    async with home.supervised(QUICK, store=SqlStore(address)) as supervisor:
        await until(lambda: linked_number(home, device_id) == ANA)
        await supervisor.report_phone(ACCOUNT, device_id, BOB)
        shown = supervisor.devices(ACCOUNT)[device_id].phone.question_id
        link(home, device_id, EVE)
        await until(lambda: linked_number(home, device_id) == EVE)
        assert not await supervisor.keep_phone(ACCOUNT, device_id, shown)
        device = supervisor.devices(ACCOUNT)[device_id]
        assert device.phone_question is PhoneQuestion.WRONG_PHONE
        assert await supervisor.keep_phone(ACCOUNT, device_id, device.phone.question_id)
    assert (await kept(open_sql(address))).expected_number == EVE


async def test_what_a_pairing_reports_is_saved_when_that_returns(
    address: str, open_sql: OpenSql, home: Home
) -> None:
    device_id = home.world.add_device(state="connected", phone=BOB).id
    book = open_sql(address)
    async with home.supervised(PATIENT, store=SqlStore(address), sees=1) as supervisor:
        await supervisor.report_phone(ACCOUNT, device_id, BOB, expected="+55 11 98765-4321")
        assert (await kept(book)).phone_question is PhoneQuestion.WRONG_PHONE
        await supervisor.report_phone(ACCOUNT, device_id, None)
        assert (await kept(book)).phone_question is PhoneQuestion.UNCHECKED
        await supervisor.report_unlinked(ACCOUNT, device_id)
        assert (await kept(book)).phone_question is None
        assert (await kept(book)).expected_number == ANA
        await supervisor.expect_number(ACCOUNT, device_id, EVE, unless_decided=True)
        assert (await kept(book)).expected_number == ANA
        await supervisor.expect_number(ACCOUNT, device_id, None)
        assert (await kept(book)).expected_number is None
        with pytest.raises(InvalidPhoneNumberError):
            await supervisor.expect_number(ACCOUNT, device_id, "none")


async def test_what_an_older_version_knew_counts_more_than_the_first_look(
    address: str, home: Home
) -> None:
    device_id = home.world.add_device(state="connected", phone=BOB).id
    async with home.supervised(QUICK, store=SqlStore(address)) as supervisor:
        await until(lambda: linked_number(home, device_id) == BOB)
        await supervisor.expect_number(ACCOUNT, device_id, ANA, unless_decided=True)
        assert supervisor.devices(ACCOUNT)[device_id].phone_question is PhoneQuestion.WRONG_PHONE


async def test_a_phone_is_expected_of_a_device_that_is_not_listed_yet(
    address: str, home: Home
) -> None:
    for _ in range(2):
        async with home.supervised(PATIENT, store=SqlStore(address)) as supervisor:
            await supervisor.expect_number(ACCOUNT, "later", ANA, unless_decided=True)
            assert supervisor.expected_number(ACCOUNT, "later") == ANA
            assert supervisor.expected_number(ACCOUNT, "another") is None
            assert "later" not in supervisor.devices(ACCOUNT)


async def test_another_process_orders_what_is_expected_and_keeps_a_phone(
    address: str, open_sql: OpenSql, home: Home
) -> None:
    device_id = home.world.add_device(state="connected", phone=BOB).id
    book = open_sql(address)

    async def order(verb: Verb, **argument: object) -> None:
        at = datetime.now(UTC)
        assert await give_order(book, ACCOUNT, device_id, verb, at=at, argument=argument)

    async with home.supervised(QUICK, store=SqlStore(address), sees=1):
        await order(Verb.EXPECT_NUMBER, number=ANA)
        await until(lambda: told(home) == [RAISED])
        await order(Verb.KEEP_PHONE, question_id="another")
        assert (await kept(book)).phone_question is PhoneQuestion.WRONG_PHONE
        await order(Verb.KEEP_PHONE, question_id=(await kept(book)).question_id)
        assert (await kept(book)).expected_number == BOB
        await order(Verb.REPORT_PHONE, linked=None, expected=None)
        await until(lambda: told(home, UNCHECKED)[:1] == [RAISED])


@pytest.mark.parametrize("number", ["none", ["1"], {}, 5, "9" * 40])
async def test_an_order_about_a_number_that_is_none_is_refused(
    address: str, open_sql: OpenSql, home: Home, number: object
) -> None:
    device_id = home.world.add_device(state="connected", phone=BOB).id
    book, at = open_sql(address), datetime.now(UTC)
    async with home.supervised(QUICK, store=SqlStore(address), sees=1):
        for argument in ({"number": number}, {"expected": number}):
            verb = Verb.EXPECT_NUMBER if "number" in argument else Verb.REPORT_PHONE
            with pytest.raises(OrderRefusedError):
                await give_order(book, ACCOUNT, device_id, verb, at=at, argument=argument)
    assert (await kept(book)).expected_number == BOB


def linked_number(home: Home, device_id: str) -> str | None:
    device = home.supervisor.devices(ACCOUNT).get(device_id)
    return None if device is None else device.linked_number
