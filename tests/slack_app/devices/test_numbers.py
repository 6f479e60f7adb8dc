"""What an earlier version knew of phones is the supervisor's from the first start on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from slack_app.devices.numbers import move_numbers
from slack_app.operations.records import Records, in_name
from tests.slack_app.late_store import LateStore
from wuts import WutsClient
from wuts.supervisor import Supervisor, SupervisorSettings
from wuts.supervisor.store import MemoryStore
from wuts_simulator import Settings, Simulator

PHONE, OTHER = "5511912344321", "5511987659999"
TOKEN = "token"


@asynccontextmanager
async def supervising(store: MemoryStore) -> AsyncIterator[Supervisor]:
    async with (
        Simulator(Settings(tokens=(("home", TOKEN),))) as sim,
        WutsClient(TOKEN, base_url=sim.url) as client,
        Supervisor(SupervisorSettings(interval=3_600), store=store) as supervisor,
    ):
        supervisor.add_account("home", client)
        yield supervisor


def records(store: MemoryStore) -> tuple[Records, Records]:
    linked, expected = (
        Records(store, topic, ["home"], in_name) for topic in ("numbers", "expected_number")
    )
    return linked, expected


async def left_by_an_earlier_version(store: MemoryStore) -> None:
    linked, expected = records(store)
    await linked.save("home", {"d1": OTHER, "d2": OTHER, "d3": "none"})
    await expected.save("home d1", {"number": PHONE})


async def known(store: MemoryStore) -> dict[str, str | None]:
    return {one.device_id: one.expected_number for one in (await store.load()).snapshots}


async def test_what_was_expected_is_and_else_what_was_linked(
    caplog: pytest.LogCaptureFixture,
) -> None:
    store = MemoryStore()
    await left_by_an_earlier_version(store)
    async with supervising(store) as supervisor:
        await move_numbers(*records(store), supervisor)
    assert await known(store) == {"d1": PHONE, "d2": OTHER}
    assert await store.entries("slack.numbers", "home") == {}
    assert await store.entries("slack.expected_number", "home") == {}
    async with supervising(store):
        pass
    assert await known(store) == {"d1": PHONE, "d2": OTHER}
    assert PHONE not in caplog.text
    assert OTHER not in caplog.text


async def test_what_a_person_decided_since_counts_more() -> None:
    store = MemoryStore()
    await left_by_an_earlier_version(store)
    async with supervising(store) as supervisor:
        await supervisor.report_phone("home", "d1", OTHER, expected=OTHER)
        await move_numbers(*records(store), supervisor)
    assert (await known(store))["d1"] == OTHER


async def test_a_store_that_works_late_is_read_then(monkeypatch: pytest.MonkeyPatch) -> None:
    store = LateStore()
    store.is_down = False
    await left_by_an_earlier_version(store)
    store.is_down = True

    async def comes_back(_seconds: float) -> None:
        store.is_down = False

    supervised = MemoryStore()
    async with supervising(supervised) as supervisor:
        monkeypatch.setattr(asyncio, "sleep", comes_back)
        await move_numbers(*records(store), supervisor)
        monkeypatch.undo()
    assert (await known(supervised))["d1"] == PHONE
