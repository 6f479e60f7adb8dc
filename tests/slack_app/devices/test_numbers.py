"""What is known of phones when the store does not go along."""

import pytest

from slack_app.devices.device import DeviceRef
from slack_app.devices.numbers import PhoneNumbers
from slack_app.operations.records import Records, in_name
from tests.slack_app.late_store import LateStore
from wuts.models import Device
from wuts.supervisor.store import MemoryStore

REF = DeviceRef("home", "d1")
PHONE, OTHER = "5511912344321", "5511987659999"


async def test_a_store_that_works_late_is_read_before_it_is_written() -> None:
    store = LateStore()
    store.is_down = False
    before = numbers_in(store)
    await before.learn("home", [device("d1", PHONE), device("d2", PHONE)])
    await before.expect(REF, PHONE)
    store.is_down = True
    numbers = numbers_in(store)
    await numbers.restore()
    await numbers.learn("home", [device("d1", OTHER), device("d2", None)])
    assert numbers.expected(REF) == OTHER
    store.is_down = False
    await numbers.learn("home", [])
    assert numbers.expected(REF) == PHONE
    after = numbers_in(store)
    await after.restore()
    assert (after.expected(REF), after.linked(REF)) == (PHONE, OTHER)
    assert after.linked(DeviceRef("home", "d2")) == PHONE


async def test_what_the_store_does_not_take_is_written_with_the_next_change() -> None:
    store = LateStore()
    store.is_down = False
    numbers = numbers_in(store)
    await numbers.restore()
    store.is_down = True
    await numbers.expect(REF, PHONE)
    await numbers.learn("home", [device("d2", OTHER)])
    store.is_down = False
    await numbers.learn("home", [])
    after = numbers_in(store)
    await after.restore()
    assert after.expected(REF) == PHONE
    assert after.linked(DeviceRef("home", "d2")) == OTHER


@pytest.mark.parametrize("is_read", [False, True])
async def test_an_answer_counts_more_than_what_an_earlier_run_expected(is_read: bool) -> None:
    store = LateStore()
    store.is_down = False
    await numbers_in(store).expect(REF, PHONE)
    store.is_down = not is_read
    numbers = numbers_in(store)
    await numbers.restore()
    await numbers.accept(REF, OTHER)
    store.is_down = False
    await numbers.learn("home", [])
    after = numbers_in(store)
    await after.restore()
    assert numbers.expected(REF) == after.expected(REF) == OTHER


def numbers_in(store: MemoryStore) -> PhoneNumbers:
    return PhoneNumbers(
        Records(store, "numbers", ["home"], in_name),
        Records(store, "expected_number", ["home"], in_name),
    )


def device(device_id: str, number: str | None) -> Device:
    jid = None if number is None else f"{number}@s.whatsapp.net"
    row = {"id": device_id, "name": "", "connected": number is not None, "whatsapp_jid": jid}
    return Device.model_validate(row)
