import asyncio
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import CoreState, Event, HomeAssistant

from custom_components.wuts.account.storage import Document, SupervisorStore, async_file_of
from custom_components.wuts.core.supervisor import (
    Alert,
    AlertKind,
    AlertStatus,
    Cause,
    Mute,
    MuteScope,
)
from custom_components.wuts.core.supervisor.alerts.records import AlertRecords
from custom_components.wuts.core.supervisor.store import Changes, DeviceSnapshot

AT = datetime(2026, 5, 4, tzinfo=UTC)
ALERT = Alert(
    id="a1",
    kind=AlertKind.NEEDS_PAIRING,
    status=AlertStatus.RAISED,
    account="home",
    device_id="d0",
    device_name="One",
    since=AT,
    at=AT,
)

SNAPSHOT = DeviceSnapshot(
    account="home",
    device_id="d0",
    name="One",
    was_paired=True,
    paused=False,
    needs_pairing=True,
    stale_link=False,
)


@pytest.fixture
def integration() -> None:
    """Ask for no ``hass``: the storage of that one is only pretended."""


async def test_what_is_being_saved_when_home_assistant_stops_is_saved(tmp_path: Path) -> None:
    home = HomeAssistant(str(tmp_path))
    home.set_state(CoreState.running)
    store = SupervisorStore(home, "account", {"d0"})
    # One thread, which is busy, and none of Home Assistant's, which interrupts what takes long and
    # lets nobody set another executor.
    usual = home.loop._default_executor  # type: ignore[attr-defined]
    executor = ThreadPoolExecutor(max_workers=1)
    home.loop._default_executor = executor  # type: ignore[attr-defined]
    let = threading.Event()
    busy = home.loop.run_in_executor(None, let.wait)

    async def finish(_event: Event) -> None:
        let.set()
        await saving

    saving = asyncio.create_task(store.save(Changes(alerts={ALERT.id: ALERT})))
    home.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, finish)
    for _ in range(10):
        await asyncio.sleep(0)
    await home.async_stop(force=True)
    await asyncio.gather(busy, saving)
    executor.shutdown()
    home.loop._default_executor = usual  # type: ignore[attr-defined]

    kept = json.loads((tmp_path / ".storage" / "wuts.account").read_text())
    assert [alert["id"] for alert in kept["data"]["alerts"]] == ["a1"]


VERSION_1 = """{
  "version": 1,
  "minor_version": 1,
  "key": "wuts.account",
  "data": {
    "facts": [
      {
        "tenant": "home",
        "device_id": "d0",
        "name": "One",
        "was_paired": true,
        "paused": false,
        "needs_pairing": true,
        "stale_link": false
      },
      {
        "tenant": "home",
        "device_id": "d1",
        "name": "Two",
        "was_paired": false,
        "paused": true,
        "needs_pairing": false,
        "stale_link": true
      }
    ],
    "alerts": [
      {
        "id": "a1",
        "kind": "needs_pairing",
        "status": "raised",
        "tenant": "home",
        "device_id": "d0",
        "device_name": "One",
        "since": "2026-05-04T00:00:00+00:00",
        "at": "2026-05-04T00:00:00+00:00"
      },
      {
        "id": "a2",
        "kind": "gateway_down",
        "status": "reminded",
        "tenant": "home",
        "device_id": null,
        "device_name": null,
        "since": "2026-05-04T00:00:00+00:00",
        "at": "2026-05-04T00:00:00+00:00"
      }
    ]
  }
}"""
"""What version 0.1.0 wrote, which called an account a tenant."""


async def test_a_file_of_the_first_version_is_read_and_nothing_is_lost(tmp_path: Path) -> None:
    file = tmp_path / ".storage" / "wuts.account"
    file.parent.mkdir()
    file.write_text(VERSION_1)
    home = HomeAssistant(str(tmp_path))

    saved = await SupervisorStore(home, "account", {"d0", "d1"}).load()
    two = DeviceSnapshot(
        account="home",
        device_id="d1",
        name="Two",
        was_paired=False,
        paused=True,
        needs_pairing=False,
        stale_link=True,
    )
    assert sorted(saved.snapshots, key=lambda one: one.device_id) == [SNAPSHOT, two]
    down = replace(
        ALERT,
        id="a2",
        kind=AlertKind.GATEWAY_DOWN,
        status=AlertStatus.REMINDED,
        device_id=None,
        device_name=None,
    )
    assert sorted((one.alert for one in saved.alerts), key=lambda one: one.id) == [ALERT, down]

    written = json.loads(file.read_text())
    assert (written["version"], written["minor_version"]) == (2, 2)
    assert written["data"]["mutes"] == []
    assert "tenant" not in file.read_text()
    again = await SupervisorStore(home, "account", {"d0", "d1"}).load()
    assert again == saved
    await home.async_stop(force=True)


async def test_a_file_from_before_there_were_mutes_keeps_what_was_spent(tmp_path: Path) -> None:
    file = tmp_path / ".storage" / "wuts.account"
    file.parent.mkdir()
    data = {"facts": [], "alerts": [], "checks": "spent"}
    file.write_text(json.dumps({"version": 2, "minor_version": 1, "key": "", "data": data}))
    home = HomeAssistant(str(tmp_path))
    document = await async_file_of(home, "account").read()
    assert document == Document(facts=[], alerts=[], mutes=[], checks="spent")
    await home.async_stop(force=True)


TAKEN = replace(
    ALERT,
    cause=Cause.TEMPORARY_BAN,
    cause_until=AT,
    acknowledged_by="Ana",
    acknowledged_at=AT,
    note="on my way",
)


async def test_what_people_made_of_alerts_is_read_as_it_was_written(tmp_path: Path) -> None:
    home = HomeAssistant(str(tmp_path))
    (tmp_path / ".storage").mkdir()
    scopes = [
        MuteScope("home", "d0", AlertKind.OFFLINE),
        MuteScope("home", "removed"),
        MuteScope("home"),
    ]
    mutes = {one: Mute(scope=one, until=AT, by="Ana", reason="moving", at=AT) for one in scopes}
    changes = Changes(alerts={TAKEN.id: TAKEN}, records=AlertRecords(mutes=mutes))
    await SupervisorStore(home, "account", {"d0"}).save(changes)

    later = HomeAssistant(str(tmp_path))
    saved = await SupervisorStore(later, "account", {"d0"}).load()
    assert [one.alert for one in saved.alerts] == [TAKEN]
    assert set(saved.mutes) == {mutes[scopes[0]], mutes[scopes[2]]}
    for one in (home, later):
        await one.async_stop(force=True)
