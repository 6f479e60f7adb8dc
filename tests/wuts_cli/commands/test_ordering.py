"""``wuts pause``, ``wuts resume`` and ``wuts disconnect`` beside a running ``wuts watch``."""

import signal
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.wuts_cli.command import Json, Wuts, ended, next_event, until
from wuts_simulator import Device, EndpointName, Fault, FaultKind, Session, Simulator

QUICK = ("--interval", "0.2", "--base", "0.05", "--cap", "0.2", "--debounce", "0")


@pytest.fixture
def store(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/store.db"


@pytest.fixture
def desk(sim: Simulator) -> Device:
    """A device that is connected."""
    return sim.world.add_device("home", "Front desk", state="connected")


@asynccontextmanager
async def watching(wuts: Wuts, store: str) -> AsyncIterator[Process]:
    async with wuts.started("watch", "--json", *QUICK, "--store", store) as process:
        await next_event(process)
        yield process


async def next_of(process: Process, **wanted: Json) -> Json:
    while True:
        event = await next_event(process)
        if all(event.get(name) == value for name, value in wanted.items()):
            return event


async def looks(sim: Simulator, times: int) -> None:
    """Wait until the watch has looked at the gateway so often."""
    seen = sim.world.requests.by_endpoint["GET /devices"]
    await until(lambda: sim.world.requests.by_endpoint["GET /devices"] >= seen + times)


def connects(sim: Simulator) -> int:
    return sim.world.requests.by_endpoint["POST /connect"]


async def test_a_device_that_is_paused_beside_a_watch_is_left_alone_until_it_is_resumed(
    sim: Simulator, wuts: Wuts, desk: Device, store: str
) -> None:
    async with watching(wuts, store) as process:
        paused = await wuts("pause", "front desk", "--store", store)
        assert (paused.code, paused.err) == (0, "")
        assert f"Undo this with: wuts resume {desk.id}" in paused.out
        told = await next_of(process, event="state", new="paused")
        assert (told["device_id"], told["reason"]) == (desk.id, "paused")
        sim.world.drop(desk.id)
        await looks(sim, 3)
        assert connects(sim) == 0
        resumed = await wuts("resume", desk.id, "--json", "--store", store)
        about = {"device_id": desk.id, "name": "Front desk"}
        assert resumed.events == [{"event": "resumed", **about, "done": True}]
        await next_of(process, event="state", new="connected")
    assert connects(sim) == 1


async def test_a_device_that_is_disconnected_beside_a_watch_stays_so(
    sim: Simulator, wuts: Wuts, desk: Device, store: str
) -> None:
    async with watching(wuts, store) as process:
        done = await wuts("disconnect", desk.id, "--json", WUTS_STORE=store)
        about = {"device_id": desk.id, "name": "Front desk"}
        assert done.events == [
            {"event": "paused", **about, "done": True},
            {"event": "disconnected", **about},
        ]
        await looks(sim, 4)
        assert sim.world.device(desk.id).session is Session.DISCONNECTED
        process.send_signal(signal.SIGINT)
        await ended(process)
    async with wuts.started("watch", "--json", *QUICK, "--store", store):
        await looks(sim, 4)
    assert connects(sim) == 0


def disconnects(sim: Simulator) -> int:
    return sim.world.requests.by_endpoint[EndpointName.DISCONNECT]


async def test_the_watch_makes_the_call_and_nobody_else(
    sim: Simulator, wuts: Wuts, desk: Device, store: str
) -> None:
    async with watching(wuts, store) as process:
        assert (await wuts("disconnect", desk.id, "--store", store)).code == 0
        assert disconnects(sim) == 1
        # What the watch finds wrong about the gateway counts for its alerts too.
        await wuts("resume", desk.id, "--store", store)
        await next_of(process, event="state", new="connected")
        sim.world.faults.add(
            Fault(kind=FaultKind.WRONG_DEVICE, endpoint=EndpointName.DISCONNECT, times=1)
        )
        failed = await wuts("disconnect", desk.id, "--json", "--store", store)
        assert failed.code == 1
        assert [event["event"] for event in failed.events] == ["paused", "failed"]
        assert failed.events[1]["reason"] == "wrong_device"
        await next_of(process, event="alert", kind="wrong_device")
    assert disconnects(sim) == 2


async def test_a_device_that_is_not_connected_is_reported_as_without_a_watch(
    sim: Simulator, wuts: Wuts, desk: Device, store: str
) -> None:
    sim.world.drop(desk.id)
    alone = await wuts("disconnect", desk.id, "--json")
    async with watching(wuts, store):
        await wuts("disconnect", desk.id, "--store", store)
        beside = await wuts("disconnect", desk.id, "--json", "--store", store)
    assert alone.code == beside.code == 1
    assert alone.events == beside.events[1:]


async def test_without_a_watch_the_command_makes_the_call_and_the_next_watch_none(
    sim: Simulator, wuts: Wuts, desk: Device, store: str
) -> None:
    done = await wuts("disconnect", desk.id, "--json", "--store", store)
    assert done.code == 0
    assert [(event["event"], event.get("done")) for event in done.events] == [
        ("paused", False),
        ("disconnected", None),
    ]
    async with wuts.started("watch", "--json", *QUICK, "--store", store):
        await looks(sim, 4)
    assert disconnects(sim) == 1
    assert connects(sim) == 0


async def test_an_order_that_nobody_takes_waits_for_the_next_watch(
    sim: Simulator, wuts: Wuts, desk: Device, store: str
) -> None:
    noted = await wuts("pause", desk.id, "--store", store)
    assert noted.code == 0
    assert noted.out.startswith("Saved for “Front desk”")
    sim.world.drop(desk.id)
    async with wuts.started("watch", "--json", *QUICK, "--store", store):
        await looks(sim, 4)
    assert connects(sim) == 0


@pytest.mark.parametrize("command", ["pause", "resume"])
async def test_without_a_store_there_is_nobody_to_tell(
    sim: Simulator, wuts: Wuts, desk: Device, command: str
) -> None:
    refused = await wuts(command, desk.id, "--json")
    assert refused.code == 2
    assert [event["reason"] for event in refused.events] == ["usage"]
    assert "WUTS_STORE" in refused.error
    assert sim.world.requests.total() == 0


async def test_a_store_that_does_not_work_is_told(wuts: Wuts, desk: Device, tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear Sir or Madam. " * 500)
    failed = await wuts("pause", desk.id, "--json", "--store", f"sqlite:///{file}")
    assert failed.code == 1
    assert [event["reason"] for event in failed.events] == ["store_failed"]
