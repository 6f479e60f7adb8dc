"""``wuts watch`` as a process: what it tells, how it ends, what it survives."""

import asyncio
import json
import os
import signal
import sqlite3
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path

import pytest

from tests.wuts_cli.command import PHONE, TOKEN, Ended, Json, Wuts, ended, next_event, until
from wuts_simulator import Device, Fault, FaultKind, Simulator

QUICK = ("--interval", "0.2", "--base", "0.05", "--cap", "0.2", "--debounce", "0")
FORGETFUL = "Without --store, nothing is remembered: the next start repeats the alerts."
STOPS_WITHIN = 20
"""Seconds that Ctrl-C may take: ten times what is promised, as a machine may be slow."""


@pytest.fixture
def store(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/store.db"


@pytest.fixture
def desk(sim: Simulator) -> Device:
    """A device that is connected."""
    return sim.world.add_device("home", "Front desk", state="connected")


@asynccontextmanager
async def watching(wuts: Wuts, *arguments: str) -> AsyncIterator[Process]:
    async with wuts.started("watch", "--json", *QUICK, *arguments) as process:
        yield process


async def next_of(process: Process, **wanted: Json) -> Json:
    """Return the next event that has these fields; others may come before."""
    while True:
        event = await next_event(process)
        if all(event.get(name) == value for name, value in wanted.items()):
            return event


async def stopped(process: Process) -> Ended:
    process.send_signal(signal.SIGINT)
    async with asyncio.timeout(STOPS_WITHIN):
        return await ended(process)


def pair_again(sim: Simulator, device: Device) -> None:
    sim.world.sessions.store_credentials(device, PHONE)
    device.open_session(sim.world.sessions.calendar())


@contextmanager
def locked(store: str) -> Iterator[None]:
    path = store.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield


async def test_a_device_that_drops_is_reconnected_and_each_step_is_told(
    sim: Simulator, wuts: Wuts, desk: Device
) -> None:
    async with watching(wuts) as process:
        first = await next_event(process)
        sim.world.drop(desk.id)
        dropped = await next_event(process)
        raised, connected = await next_event(process), None
        connected = await next_of(process, event="state", new="connected")
        resolved = await next_of(process, event="alert")
        done = await stopped(process)
    at = first.pop("at")
    assert at.endswith("Z")
    about = {"event": "state", "device_id": desk.id, "name": "Front desk"}
    settled = {"attempt": 0, "next_try": None}
    assert first == {**about, "old": None, "new": "connected", "reason": "first_seen", **settled}
    assert dropped.pop("next_try") >= dropped.pop("at")
    assert dropped == {
        **about,
        "old": "connected",
        "new": "reconnecting",
        "reason": "dropped",
        "attempt": 1,
    }
    assert (raised["kind"], raised["status"]) == ("offline", "raised")
    connected.pop("at")
    assert connected == {
        **about,
        "old": "reconnecting",
        "new": "connected",
        "reason": "reconnected",
        **settled,
    }
    assert (resolved["id"], resolved["status"]) == (raised["id"], "resolved")
    assert done == Ended(130, "", f"wuts: {FORGETFUL}\n")


async def test_an_unlinked_device_is_one_alert_that_pairing_resolves(
    sim: Simulator, wuts: Wuts, desk: Device
) -> None:
    async with watching(wuts) as process:
        await next_event(process)
        sim.world.unlink(desk.id)
        raised = await next_of(process, event="alert")
        pair_again(sim, desk)
        resolved = await next_of(process, event="alert")
        await stopped(process)
    assert len(raised.pop("id")) == 32
    assert raised.pop("since") == raised.pop("at")
    assert raised == {
        "event": "alert",
        "kind": "needs_pairing",
        "device_id": desk.id,
        "name": "Front desk",
        "status": "raised",
        "cause": "unlinked",
        "next_step": "pair",
    }
    assert (resolved["kind"], resolved["status"]) == ("needs_pairing", "resolved")


async def test_an_alert_that_lasts_is_reminded_of(sim: Simulator, wuts: Wuts, desk: Device) -> None:
    async with watching(wuts, "--remind-after", "0.5") as process:
        await next_event(process)
        sim.world.unlink(desk.id)
        raised = await next_of(process, event="alert", status="raised")
        reminded = await next_of(process, event="alert")
    assert (reminded["id"], reminded["status"]) == (raised["id"], "reminded")


@pytest.mark.usefixtures("desk")
async def test_a_gateway_that_is_down_is_one_alert(sim: Simulator, wuts: Wuts) -> None:
    async with watching(wuts) as process:
        await next_event(process)
        sim.world.break_for(3600)
        down = await next_of(process, event="tenant")
        raised = await next_of(process, event="alert")
        sim.world.break_for(0)
        healthy = await next_of(process, event="tenant")
        resolved = await next_of(process, event="alert")
    assert (down["old"], down["new"], down["reason"]) == ("healthy", "gateway_down", "unreachable")
    assert "busy or restarting" in down["problem"]
    assert (healthy["new"], healthy["reason"]) == ("healthy", "recovered")
    assert (raised["kind"], raised["device_id"]) == ("gateway_down", None)
    assert (resolved["id"], resolved["status"]) == (raised["id"], "resolved")


async def test_a_token_that_is_refused_ends_nothing(sim: Simulator) -> None:
    wuts = Wuts(sim.url, token="wrong")
    async with watching(wuts) as process:
        refused = await next_of(process, event="tenant")
        raised = await next_of(process, event="alert")
        done = await stopped(process)
    assert (refused["new"], refused["reason"]) == ("token_refused", "token_refused")
    assert (raised["kind"], raised["status"]) == ("token_refused", "raised")
    assert done.code == 130


async def test_the_next_run_on_the_same_store_goes_on(
    sim: Simulator, wuts: Wuts, desk: Device, store: str
) -> None:
    async with watching(wuts, "--store", store) as process:
        await next_event(process)
        sim.world.unlink(desk.id)
        raised = await next_of(process, event="alert")
        first = await stopped(process)
    calls = sim.world.requests.total()
    async with watching(wuts, "--store", store) as process:
        await until(lambda: sim.world.requests.total() > calls + 2)
        pair_again(sim, desk)
        resolved = await next_of(process, event="alert")
        second = await stopped(process)
    assert (resolved["id"], resolved["status"]) == (raised["id"], "resolved")
    assert (first.err, second.err) == ("", "")


async def test_a_pipe_that_is_closed_ends_it_and_what_was_not_read_is_told_next_time(
    sim: Simulator, wuts: Wuts, desk: Device, store: str
) -> None:
    reader, writer = os.pipe()
    arguments = ("watch", "--json", *QUICK, "--store", store)
    async with wuts.started(*arguments, stdout=writer) as process:
        os.close(writer)
        with os.fdopen(reader) as lines:
            assert json.loads(await asyncio.to_thread(lines.readline))["new"] == "connected"
        sim.world.unlink(desk.id)
        done = await ended(process)
    assert (done.code, done.err) == (141, "")
    async with watching(wuts, "--store", store) as process:
        told = await next_of(process, event="alert")
    assert (told["device_id"], told["status"]) == (desk.id, "raised")


async def test_a_reader_that_does_not_read_holds_neither_supervision_nor_ctrl_c_up(
    sim: Simulator, wuts: Wuts
) -> None:
    """More comes than a pipe holds."""
    devices = sim.world.add_devices("home", 2000, state="connected")
    reader, writer = os.pipe()
    try:
        async with wuts.started("watch", "--json", *QUICK, stdout=writer) as process:
            os.close(writer)
            await until(lambda: sim.world.requests.total() > 2)
            sim.world.drop(devices[0].id)
            await until(lambda: devices[0].is_connected)
            done = await stopped(process)
    finally:
        os.close(reader)
    assert done.code == 130


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("flags", [(), ("--json",)])
async def test_ctrl_c_ends_it_while_the_gateway_hangs(
    sim: Simulator, wuts: Wuts, flags: tuple[str, ...]
) -> None:
    sim.world.faults.add(Fault(kind=FaultKind.HANG))
    async with wuts.started("watch", *flags, *QUICK) as process:
        await until(sim.world.requests.total)
        done = await stopped(process)
    assert done == Ended(130, "", f"wuts: {FORGETFUL}\n")


async def test_ctrl_c_ends_it_while_the_store_is_locked(
    sim: Simulator, wuts: Wuts, desk: Device, store: str
) -> None:
    async with watching(wuts, "--store", store) as process:
        await next_event(process)
        with locked(store):
            sim.world.unlink(desk.id)
            trouble = await next_of(process, event="store")
            await next_of(process, event="alert")
            done = await stopped(process)
    assert "locked by another process" in trouble["problem"]
    assert (done.code, done.err) == (130, "")


@pytest.mark.usefixtures("desk")
async def test_a_signal_to_end_ends_it(wuts: Wuts, store: str) -> None:
    async with watching(wuts, "--store", store) as process:
        await next_event(process)
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(STOPS_WITHIN):
            done = await ended(process)
    assert (done.code, done.err) == (143, "")


async def test_a_store_that_does_not_work_is_told_and_watched_without(
    sim: Simulator, wuts: Wuts, desk: Device, tmp_path: Path
) -> None:
    folder = tmp_path / "missing"
    async with watching(wuts, "--store", f"sqlite:///{folder}/store.db") as process:
        trouble = await next_of(process, event="store")
        await next_of(process, event="state", new="connected")
        sim.world.unlink(desk.id)
        await next_of(process, event="alert", kind="needs_pairing")
        folder.mkdir()
        mended = await next_of(process, event="store")
    assert f"does not exist: {folder}. Create it" in trouble["problem"]
    assert mended["problem"] is None


async def test_without_json_it_is_one_plain_line_an_event(
    sim: Simulator, wuts: Wuts, desk: Device, store: str
) -> None:
    async with wuts.started("watch", *QUICK, "--store", store, TZ="UTC") as process:
        assert process.stdout is not None
        lines = [await process.stdout.readline()]
        sim.world.unlink(desk.id)
        lines += [await process.stdout.readline() for _ in range(2)]
        done = await stopped(process)
    texts = [line.decode().rstrip("\n") for line in lines]
    assert all(text.isprintable() for text in texts)
    assert [text[9:] for text in texts] == [
        "Front desk: connected, first seen.",
        "Front desk: needs pairing, its phone unlinked it.",
        f"ALERT: Front desk must be paired again. Pair it with: wuts pair {desk.id}",
    ]
    assert (done.code, done.out, done.err) == (130, "", "")
    async with wuts.started("watch", *QUICK, "--store", store) as process:
        assert process.stdout is not None
        first = (await process.stdout.readline()).decode()
    assert first == f"OPEN: Front desk must be paired again. Pair it with: wuts pair {desk.id}\n"


@pytest.mark.parametrize(
    ("flags", "advice"),
    [
        (("--interval", "0"), "interval must be above zero"),
        (("--interval", "nan"), "--interval"),
        (("--interval", "soon"), "--interval"),
        (("--base", "20", "--cap", "10"), "base must not be above its cap"),
        (("--debounce", "-1"), "debounce must not be negative"),
        (("--concurrency", "1000"), "--concurrency above 100 needs --share"),
        (("--concurrency", "10000"), "--concurrency"),
        (("--store", "store.db"), "sqlite:///FILE"),
        (("--store", "sqlite://store.db"), "three slashes"),
        (("--store", f"mysql://wuts:{TOKEN}@db.example/wuts"), "postgresql://"),
        (("Front desk",), "Front desk"),
    ],
)
async def test_a_wrong_flag_is_one_line_and_nothing_is_asked(
    sim: Simulator, wuts: Wuts, flags: tuple[str, ...], advice: str
) -> None:
    refused = await wuts("watch", *flags)
    assert (refused.code, refused.out) == (2, "")
    assert advice in refused.error
    assert TOKEN not in refused.error
    assert sim.world.requests.total() == 0


async def test_without_a_token_nothing_is_watched(wuts: Wuts) -> None:
    refused = await wuts("watch", WUTS_TOKEN="")
    assert (refused.code, refused.out) == (2, "")
    assert "WUTS_TOKEN" in refused.error
