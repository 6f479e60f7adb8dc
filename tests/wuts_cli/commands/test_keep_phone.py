"""A wrong phone in a terminal: told by the watch, shown by a status, kept by an order."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.wuts_cli.command import Json, Wuts, next_event, until
from wuts.supervisor.store.inspection import snapshots_in
from wuts_simulator import Device, Simulator

QUICK = ("--interval", "0.2", "--base", "0.05", "--cap", "0.2", "--debounce", "0")
PHONE, OTHER = "5511999999999", "5511987654321"
SHOWN, OTHER_SHOWN = "+55 11 99999-9999", "+55 11 98765-4321"


@pytest.fixture
def store(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/store.db"


@pytest.fixture
def desk(sim: Simulator) -> Device:
    return sim.world.add_device("home", "Front desk", state="connected", phone=PHONE)


@asynccontextmanager
async def watching(wuts: Wuts, store: str) -> AsyncIterator[asyncio.subprocess.Process]:
    async with wuts.started("watch", "--json", *QUICK, "--store", store) as process:
        await next_event(process)
        yield process


async def alert(process: asyncio.subprocess.Process, **wanted: Json) -> Json:
    while True:
        event = await next_event(process)
        if event["event"] == "alert" and all(event[name] == wanted[name] for name in wanted):
            return event


async def is_expected(store: str, number: str | None) -> bool:
    known = await snapshots_in(store, "account")
    return [one.expected_number for one in known] == [number]


async def a_wrong_phone(
    sim: Simulator, process: asyncio.subprocess.Process, desk: Device, store: str
) -> None:
    """Link another phone elsewhere, once two looks have made the first one certain."""
    await until_expected(store, PHONE)
    seen = sim.world.requests.by_endpoint["GET /devices"]
    await until(lambda: sim.world.requests.by_endpoint["GET /devices"] >= seen + 3)
    sim.world.sessions.store_credentials(desk, OTHER)
    told = await alert(process, kind="wrong_phone", status="raised")
    assert told["device_id"] == desk.id
    assert not any(number in str(told) for number in (PHONE, OTHER))


async def test_a_wrong_phone_is_told_shown_and_kept(
    sim: Simulator, wuts: Wuts, desk: Device, store: str
) -> None:
    async with watching(wuts, store) as process:
        await a_wrong_phone(sim, process, desk, store)
        shown = await wuts("status", "--store", store)
        said = " ".join(shown.out.split())
        assert f"“Front desk” is linked to {OTHER_SHOWN}, but {SHOWN} was expected." in said
        assert f"wuts keep-phone {desk.id}" in said
        [live] = (await wuts("status", desk.id, "--json", "--store", store)).events
        assert (live["phone_question"], live["expected_number"]) == ("wrong_phone", PHONE)

        other = await wuts("keep-phone", "front desk", "--number", f"+{PHONE}", "--store", store)
        assert (other.code, other.out) == (1, "")
        assert "was expected" in other.error
        kept = await wuts("keep-phone", desk.id, "--json", "--store", store)
        about = {"device_id": desk.id, "name": "Front desk", "phone_number": OTHER}
        assert kept.events == [{"event": "phone_kept", **about, "done": True}]
        await alert(process, kind="wrong_phone", status="resolved")
        again = await wuts("keep-phone", desk.id, "--json", WUTS_STORE=store)
        [failed] = again.events
        assert (again.code, failed["reason"]) == (1, "phone_question")
    assert await is_expected(store, OTHER)


async def test_an_answer_is_kept_for_the_next_watch(
    sim: Simulator, wuts: Wuts, desk: Device, store: str
) -> None:
    async with watching(wuts, store) as process:
        await a_wrong_phone(sim, process, desk, store)
    kept = await wuts("keep-phone", desk.id, "--store", store)
    assert kept.code == 0
    assert f"The next one with this store keeps {OTHER_SHOWN}." in " ".join(kept.out.split())
    # Not `watching`: the first event that it reads may be this one.
    async with wuts.started("watch", "--json", *QUICK, "--store", store) as process:
        await alert(process, kind="wrong_phone", status="resolved")
    assert await is_expected(store, OTHER)


async def test_a_pairing_tells_the_store_which_phone_is_expected_and_which_was_linked(
    sim: Simulator, wuts: Wuts, desk: Device, store: str
) -> None:
    sim.world.unlink(desk.id)
    async with watching(wuts, store) as process:
        options = ("--expect", f"+{PHONE}", "--settle", "0", "--store", store)
        async with wuts.started("pair", desk.id, "--json", *options) as pairing:
            assert (await next_event(pairing))["event"] == "qr"
            await until_expected(store, PHONE)
            sim.world.scan_device(desk.id, OTHER)
            while (event := await next_event(pairing))["event"] != "wrong_account":
                assert event["event"] != "failed"
        await alert(process, kind="wrong_phone", status="raised")
    assert await is_expected(store, PHONE)


async def until_expected(store: str, number: str) -> None:
    async with asyncio.timeout(200):
        while not await is_expected(store, number):  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.02)


async def test_a_store_that_is_not_there_is_neither_made_nor_in_the_way_of_a_status(
    wuts: Wuts, desk: Device, tmp_path: Path
) -> None:
    missing = tmp_path / "none.db"
    shown = await wuts("status", desk.id, "--json", WUTS_STORE=f"sqlite:///{missing}")
    assert (shown.code, [one["connected"] for one in shown.events]) == (0, [True])
    assert "Can't show the open questions about phones" in shown.err
    assert not missing.exists()


async def test_a_phone_is_kept_in_a_store_alone(wuts: Wuts, desk: Device, store: str) -> None:
    without = await wuts("keep-phone", desk.id)
    assert (without.code, "--store URL" in without.error) == (2, True)
    missing = await wuts("keep-phone", desk.id, "--store", store)
    assert missing.code == 1
