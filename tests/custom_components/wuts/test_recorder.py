"""What a real recorder writes of ours, into a real SQLite file, while nothing happens."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from functools import partial
from sqlite3 import connect
from typing import Any

import pytest
from homeassistant.components import image
from homeassistant.components.recorder.core import Recorder
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from custom_components.wuts import coordinator
from custom_components.wuts.core.supervisor import SupervisorSettings
from custom_components.wuts.pairing.dashboards import CONF_DASHBOARDS
from tests.custom_components.wuts.helpers import AddEntry, Until, state_of
from wuts_simulator import Device, Simulator

INTERVAL = timedelta(seconds=SupervisorSettings().interval)
AN_HOUR_OF_LOOKS = timedelta(hours=1) // INTERVAL


@pytest.fixture
def persistent_database() -> bool:
    """Have the recorder write into a file."""
    return True


@pytest.fixture
def mock_recorder_before_hass(async_test_recorder: None) -> None:
    """Prepare the recorder's file before Home Assistant, as Home Assistant's own tests do."""


@pytest.fixture
def options() -> dict[str, Any]:
    return {CONF_DASHBOARDS: True}


@pytest.fixture
def hurried(quick: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let an hour pass in seconds: as many looks, and as many of Home Assistant's own ticks."""
    hurry = replace(coordinator.SETTINGS, interval=0.03)
    monkeypatch.setattr(coordinator, "SETTINGS", hurry)
    monkeypatch.setattr(image, "TOKEN_CHANGE_INTERVAL", timedelta(seconds=0.3))


def rows_of(recorder: Recorder, entity_ids: set[str]) -> dict[str, int]:
    """Return how many states the file has of each entity."""
    path = recorder.db_url.removeprefix("sqlite:///")
    with closing(connect(f"file:{path}?mode=ro", uri=True)) as database:
        found = database.execute(
            "select meta.entity_id, count(*) from states join states_meta as meta"
            " using (metadata_id) group by meta.entity_id"
        ).fetchall()
    return {entity_id: count for entity_id, count in found if entity_id in entity_ids}


async def pass_an_hour(sim: Simulator, devices: list[Device], until: Until) -> None:
    """Have the account looked at as often as in an hour; each look finds a later ``last_seen``."""
    sim.world.requests.reset()
    looks = sim.world.requests.by_endpoint
    for _ in range(AN_HOUR_OF_LOOKS):
        before = looks["GET /devices"]
        for device in devices:
            assert device.last_seen is not None
            device.last_seen += INTERVAL
            device.changed(device.last_seen)
        await until(partial(looked_again, looks, before))


def looked_again(looks: Mapping[str, int], before: int) -> bool:
    return looks["GET /devices"] > before


async def test_a_stable_account_writes_nothing_in_an_hour(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    sim: Simulator,
    hurried: None,
    all_enabled: None,
    add_entry: AddEntry,
    until: Until,
) -> None:
    assert await async_setup_component(hass, "image", {})
    devices = [
        sim.world.add_device(name=name, state="connected") for name in ("Front desk", "Shop")
    ]
    entry = await add_entry(*devices)
    ours = {
        one.entity_id
        for one in er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    }
    await async_wait_recording_done(hass)
    first = rows_of(recorder_mock, ours)
    assert first.keys() == ours
    await pass_an_hour(sim, devices, until)
    await async_wait_recording_done(hass)
    assert rows_of(recorder_mock, ours) == first


async def test_last_seen_rests_while_a_session_is_up_and_is_true_once_it_is_not(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    sim: Simulator,
    device: Device,
    hurried: None,
    all_enabled: None,
    add_entry: AddEntry,
    until: Until,
) -> None:
    """What does happen is recorded."""
    await add_entry(device)
    sensor = "sensor.front_desk_last_seen"
    await async_wait_recording_done(hass)
    first = rows_of(recorder_mock, {sensor})
    shown = state_of(hass, sensor)
    await pass_an_hour(sim, [device], until)
    assert state_of(hass, sensor) == shown

    sim.world.unlink(device.id)
    await until(lambda: state_of(hass, "sensor.front_desk_state") == "needs_pairing")
    assert device.last_seen is not None
    seen = dt_util.parse_datetime(state_of(hass, sensor))
    assert seen == device.last_seen.replace(microsecond=0)
    await async_wait_recording_done(hass)
    assert rows_of(recorder_mock, {sensor})[sensor] > first[sensor]
