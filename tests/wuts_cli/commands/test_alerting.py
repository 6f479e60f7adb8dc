"""``wuts alerts``, ``ack``, ``mute``, ``unmute`` and ``history`` beside a ``wuts watch``."""

import csv
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.wuts_cli.command import Json, Wuts, next_event
from wuts_simulator import Device, Simulator

QUICK = ("--interval", "0.2", "--base", "0.05", "--cap", "0.2", "--debounce", "0")


@pytest.fixture
def store(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/store.db"


@pytest.fixture
def desk(sim: Simulator) -> Device:
    """A device that is connected."""
    return sim.world.add_device("home", "Front desk", state="connected")


@asynccontextmanager
async def watching(wuts: Wuts, store: str, *options: str) -> AsyncIterator[Process]:
    async with wuts.started("watch", "--json", *QUICK, *options, "--store", store) as process:
        await next_of(process, event="state", new="connected")
        yield process


async def next_of(process: Process, **wanted: Json) -> Json:
    while True:
        event = await next_event(process)
        if all(event.get(name) == value for name, value in wanted.items()):
            return event


async def raised(sim: Simulator, process: Process, device: Device) -> str:
    """Unlink the device; return the alert's id."""
    sim.world.unlink(device.id)
    alert = await next_of(process, event="alert", status="raised")
    assert isinstance(alert["id"], str)
    return alert["id"]


async def test_an_alert_is_listed_and_taken_from_another_terminal(
    sim: Simulator, wuts: Wuts, desk: Device, store: str
) -> None:
    async with watching(wuts, store, "--remind-after", "3") as process:
        alert_id = await raised(sim, process, desk)
        listed = await wuts("alerts", "--json", WUTS_STORE=store)
        assert (listed.code, listed.err) == (0, "")
        [alert] = listed.events
        assert (alert["event"], alert["id"], alert["account"]) == ("alert", alert_id, "account")
        assert (alert["kind"], alert["name"]) == ("needs_pairing", "Front desk")
        assert (alert["cause"], alert["next_step"]) == ("unlinked", "pair")
        assert (alert["acknowledged_by"], alert["muted"]) == (None, False)
        taken = await wuts(
            "ack", alert_id[:8], "--note", "on my way", "--by", "Ana", "--store", store
        )
        assert (taken.code, taken.err) == (0, "")
        assert taken.out.startswith("Acknowledged by Ana: Front desk must be paired again.")
        update = await next_of(process, event="alert_updated")
        assert (update["update"], update["by"], update["note"]) == (
            "acknowledged",
            "Ana",
            "on my way",
        )
        shown = await wuts("alerts", "--store", store)
        assert "Ana: on my way" in shown.out
        assert alert_id[:8] in shown.out


async def test_a_device_is_muted_and_unmuted_by_its_name(
    sim: Simulator, wuts: Wuts, desk: Device, store: str
) -> None:
    about = {"account": "account", "device_id": desk.id, "kind": None}
    async with watching(wuts, store) as process:
        alert_id = await raised(sim, process, desk)
        before = datetime.now(UTC)
        muted = await wuts(
            *("mute", "front desk", "--for", "2h", "--reason", "moving house"),
            *("--by", "Ana", "--json", "--store", store),
        )
        assert (muted.code, muted.err) == (0, "")
        [event] = muted.events
        until = datetime.fromisoformat(event.pop("until"))
        assert timedelta(hours=2) <= until - before + timedelta(seconds=1) <= timedelta(hours=3)
        more = {"by": "Ana", "reason": "moving house", "done": True}
        assert event == {"event": "muted", **about, **more}
        update = await next_of(process, event="alert_updated", update="muted")
        assert (update["id"], update["by"]) == (alert_id, "Ana")
        shown = await wuts("alerts", "--store", store)
        assert "(muted)" in shown.out
        assert "moving house" in shown.out
        unmuted = await wuts("unmute", desk.id, "--json", "--store", store)
        assert unmuted.events == [{"event": "unmuted", **about, "done": True}]
        await next_of(process, event="alert_updated", update="mute_ended")
        again = await wuts("unmute", desk.id, "--store", store)
        assert (again.code, again.out) == (2, "")
        assert again.error == "There is no mute of exactly that."


@pytest.mark.usefixtures("desk")
async def test_what_is_ordered_while_nobody_watches_is_noted(wuts: Wuts, store: str) -> None:
    async with watching(wuts, store):
        pass
    muted = await wuts("mute", "--kind", "offline", "--until-recovered", "--store", store)
    assert (muted.code, muted.out[:16]) == (0, "Saved for later:")
    async with watching(wuts, store):
        while not (listed := await wuts("alerts", "--json", "--store", store)).events:
            pass  # until the watch has carried out the order
    [mute] = listed.events
    assert (mute["event"], mute["kind"], mute["until"]) == ("mute", "offline", None)


async def test_the_history_tells_uptime_and_what_happened(
    sim: Simulator, wuts: Wuts, desk: Device, store: str
) -> None:
    async with watching(wuts, store) as process:
        sim.world.drop(desk.id)
        await next_of(process, event="state", new="connected")
        listed = await wuts("history", "--json", "--store", store)
        [uptime] = listed.events
        assert (uptime["event"], uptime["device_id"], uptime["drops"]) == ("uptime", desk.id, 1)
        assert 0 < uptime["uptime"] <= 1
        one = await wuts("history", "front desk", "--since", "1h", "--json", "--store", store)
        assert one.events[0]["event"] == "uptime"
        states = [event["detail"] for event in one.events[1:] if event["kind"] == "state"]
        assert states[:3] == ["connected", "reconnecting", "connected"]
        acts = [event["kind"] for event in one.events[1:] if event["kind"] != "state"]
        assert acts[:2] == ["raised", "resolved"]
        table = await wuts("history", "--csv", "--since", "2026-01-01", "--store", store)
        [row] = csv.DictReader(table.out.splitlines())
        assert (row["name"], row["drops"]) == ("Front desk", "1")
        shown = await wuts("history", desk.id, "--store", store)
        assert "Front desk" in shown.out
        assert "%" in shown.out


_REFUSED = (
    (("mute", "--for", "2h"), "Name a DEVICE, an --account or a --kind."),
    (("mute", "desk"), "Say how long: --for SPAN, --until TIME, or --until-recovered."),
    (("mute", "desk", "--for", "2h", "--until", "9:00"), "Say how long"),
    (("mute", "desk", "--for", "soon"), "“soon” is not a time span."),
    (("mute", "desk", "--until", "soon"), "“soon” is not a time."),
    (("unmute",), "Name a DEVICE"),
    (("ack", "0123"), "No open alert begins with “0123”."),
    (("ack", ""), "No open alert begins with “”."),
    (("history", "--since", "2100-01-01"), "--since must be in the past."),
    (("history", "--csv", "--json"), "Choose --csv or --json."),
)


@pytest.mark.usefixtures("desk")
async def test_what_makes_no_sense_is_refused(wuts: Wuts, store: str) -> None:
    async with watching(wuts, store):
        pass
    for arguments, message in _REFUSED:
        done = await wuts(*arguments, "--store", store)
        assert done.code == 2, arguments
        assert message in done.err, arguments


@pytest.mark.parametrize("command", ["alerts", "history", "ack 0123", "unmute desk"])
async def test_a_store_must_be_named_and_be_there(wuts: Wuts, tmp_path: Path, command: str) -> None:
    unnamed = await wuts(*command.split())
    assert unnamed.code == 2
    assert "--store" in unnamed.error
    file = tmp_path / "none.db"
    missing = await wuts(*command.split(), "--store", f"sqlite:///{file}")
    assert missing.code == 1
    assert f"store {file} does not exist. Check its address" in missing.error
    assert not file.exists()


async def test_no_gateway_and_no_token_is_needed(
    sim: Simulator, wuts: Wuts, desk: Device, store: str
) -> None:
    async with watching(wuts, store) as process:
        await raised(sim, process, desk)
    sim.world.break_for(3_600)
    listed = await wuts("alerts", "--store", store, WUTS_TOKEN="", WUTS_BASE_URL="")
    assert (listed.code, listed.err) == (0, "")
    assert "Front desk must be paired again." in listed.out
