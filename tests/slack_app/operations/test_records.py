"""Records are kept by account: those of another app are neither read nor changed."""

import json

import pytest

from slack_app.operations.records import AccountOf, Record, Records, in_name, in_record
from tests.slack_app.late_store import LateStore
from wuts.supervisor.store import MemoryStore

PAIRING = {"account": "home", "device_id": "d1"}
ALERT_OF_0_1 = {"tenant": "home", "device_id": "d1"}


async def test_a_record_is_kept_under_its_account() -> None:
    store = MemoryStore()
    records = Records(store, "pairing", ["home", "office"])
    await records.save("p1", PAIRING)
    await records.save("p2", {**PAIRING, "account": "office"})
    assert set(await store.entries("slack.pairing", "home")) == {"p1"}
    assert set(await store.entries("slack.pairing", "office")) == {"p2"}
    await records.delete("p1")
    assert set(await Records(store, "pairing", ["office", "home"]).all()) == {"p2"}


async def test_a_record_about_no_account_is_kept_under_the_first_and_stays_there() -> None:
    store = MemoryStore()
    await Records(store, "home", ["office", "home"]).save("U1", {})
    assert set(await store.entries("slack.home", "home")) == {"U1"}
    more = Records(store, "home", ["abroad", "home", "office"])
    assert await more.all() == {"U1": {}}
    await more.save("U1", {})
    assert await store.entries("slack.home", "abroad") == {}
    await more.delete("U1")
    assert await store.entries("slack.home", "home") == {}


async def test_records_of_another_app_are_neither_read_nor_deleted() -> None:
    store = MemoryStore()
    await Records(store, "pairing", ["office"]).save("p1", {**PAIRING, "account": "office"})
    ours = Records(store, "pairing", ["home"])
    assert await ours.all() == {}
    await ours.delete("p1")
    assert set(await store.entries("slack.pairing", "office")) == {"p1"}


@pytest.mark.parametrize(
    ("name", "record", "account_of"),
    [
        ("p1", PAIRING, in_record),
        ("a1", ALERT_OF_0_1, in_record),
        ("F1", {}, in_record),
        ("home", {"d1": "5511912344321"}, in_name),
        ("home d1", {"number": "5511912344321"}, in_name),
    ],
)
async def test_what_an_earlier_version_kept_under_no_account_is_adopted_once(
    name: str, record: Record, account_of: AccountOf
) -> None:
    store = MemoryStore()
    await store.put("slack.x", name, json.dumps(record))
    assert await Records(store, "x", ["home", "office"], account_of).all() == {name: record}
    assert await store.entries("slack.x") == {}
    assert set(await store.entries("slack.x", "home")) == {name}
    assert await Records(store, "x", ["home"], account_of).all() == {name: record}


@pytest.mark.parametrize(
    ("name", "text", "account_of"),
    [
        ("p1", '{"account": "office"}', in_record),
        ("office", '{"d1": "5511912344321"}', in_name),
        ("p1", "no JSON", in_record),
    ],
)
async def test_what_is_not_ours_is_not_adopted(name: str, text: str, account_of: AccountOf) -> None:
    store = MemoryStore()
    await store.put("slack.x", name, text)
    assert await Records(store, "x", ["home"], account_of).all() == {}
    assert await store.entries("slack.x") == {name: text}


async def test_an_adoption_that_was_cut_off_takes_no_newer_record_away() -> None:
    store = MemoryStore()
    await store.put("slack.pairing", "p1", json.dumps({**PAIRING, "ts": ""}))
    newer = {**PAIRING, "ts": "1.1"}
    await store.put("slack.pairing", "p1", json.dumps(newer), "home")
    assert await Records(store, "pairing", ["home"]).all() == {"p1": newer}
    assert await store.entries("slack.pairing") == {}


async def test_an_adoption_that_fails_is_made_later() -> None:
    store = LateStore()
    store.is_down = False
    await store.put("slack.pairing", "p1", json.dumps(PAIRING))
    store.is_down = True
    records = Records(store, "pairing", ["home"])
    assert await records.read() is None
    store.is_down = False
    assert await records.read() == {"p1": PAIRING}


async def test_a_shared_record_outlives_every_account_but_the_last() -> None:
    store = MemoryStore()
    await Records(store, "s", ["home", "office"], is_shared=True).save("all", {"account": ""})
    assert set(await store.entries("slack.s", "home")) == {"all"}
    assert set(await store.entries("slack.s", "office")) == {"all"}
    left = Records(store, "s", ["abroad", "office"], is_shared=True)
    assert await left.all() == {"all": {"account": ""}}
    later = Records(store, "s", ["abroad"], is_shared=True)
    assert await later.all() == {"all": {"account": ""}}
    await later.delete("all")
    assert await Records(store, "s", ["abroad"], is_shared=True).all() == {}


async def test_a_shared_record_about_an_account_is_kept_there_alone() -> None:
    store = MemoryStore()
    records = Records(store, "s", ["home", "office"], is_shared=True)
    await records.save("one", {"account": "office"})
    assert await store.entries("slack.s", "home") == {}
    await records.delete("one")
    assert await store.entries("slack.s", "office") == {}
