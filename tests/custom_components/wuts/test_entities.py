from dataclasses import replace
from typing import Any

import pytest
from homeassistant.core import Event, HomeAssistant, State
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import async_capture_events
from syrupy.assertion import SnapshotAssertion
from syrupy.filters import props

from custom_components.wuts import coordinator
from custom_components.wuts.pairing.dashboards import CONF_DASHBOARDS
from tests.custom_components.wuts.helpers import AddEntry, Until, state_of
from wuts_simulator import Fault, FaultKind, Simulator

PHONE = "5511988887777"


@pytest.fixture
def options() -> dict[str, Any]:
    return {CONF_DASHBOARDS: True}


async def press(hass: HomeAssistant, button: str) -> None:
    await hass.services.async_call(
        "button", "press", {"entity_id": f"button.front_desk_{button}"}, blocking=True
    )


async def turn(hass: HomeAssistant, how: str) -> None:
    await hass.services.async_call(
        "switch", f"turn_{how}", {"entity_id": "switch.front_desk_keep_connected"}, blocking=True
    )


async def test_every_entity_and_device_is_as_recorded(
    hass: HomeAssistant,
    sim: Simulator,
    add_entry: AddEntry,
    all_enabled: None,
    snapshot: SnapshotAssertion,
) -> None:
    entry = await add_entry(sim.world.add_device(name="Front desk", state="connected", phone=PHONE))
    entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    recorded = sorted(
        (
            {
                "entity_id": entity.entity_id,
                "category": entity.entity_category,
                "device_class": entity.original_device_class,
                "key": entity.unique_id.split("_", 2)[2],
                "name": entity.original_name,
                "translation_key": entity.translation_key,
                "state": shown(hass.states.get(entity.entity_id)),
            }
            for entity in entities
        ),
        key=lambda line: str(line["entity_id"]),
    )
    assert recorded == snapshot(name="entities")

    (device,) = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    assert {
        "name": device.name,
        "manufacturer": device.manufacturer,
        "model": device.model,
        "entry_type": device.entry_type,
    } == snapshot(name="device", exclude=props("id"))
    ((_, identifier),) = device.identifiers
    assert identifier.removeprefix("account_") in sim.world.registry.devices


def shown(state: State | None) -> str | None:
    """Return a state; a time is another in every run."""
    if state is None:
        return None
    timed = state.attributes.get("device_class") == "timestamp" and state.state != "unknown"
    return "<time>" if timed else state.state


async def test_what_changes_often_is_off_unless_it_is_wanted(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry
) -> None:
    await add_entry(sim.world.add_device(name="Front desk", state="connected"))
    for key in ("attempts", "last_seen", "phone_number"):
        assert hass.states.get(f"sensor.front_desk_{key}") is None


async def test_a_dropped_session_is_reconnected_and_told(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry, until: Until
) -> None:
    device = sim.world.add_device(name="Front desk", state="connected")
    await add_entry(device)
    changes = async_capture_events(hass, "state_changed")
    sim.world.drop(device.id)
    await until(lambda: events_in(changes)[-2:] == ["disconnected", "reconnected"])
    await until(lambda: state_of(hass, "binary_sensor.front_desk_connectivity") == "on")


def events_in(changes: list[Event]) -> list[str]:
    return [
        change.data["new_state"].attributes["event_type"]
        for change in changes
        if change.data["entity_id"] == "event.front_desk_session" and change.data["new_state"]
    ]


async def test_while_it_cannot_be_reconnected_the_next_try_is_shown(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry, until: Until, all_enabled: None
) -> None:
    device = sim.world.add_device(name="Front desk", state="connected")
    await add_entry(device)
    sim.world.faults.add(Fault(kind=FaultKind.STATUS, endpoint="POST /connect", status=503))
    sim.world.drop(device.id)
    await until(lambda: state_of(hass, "sensor.front_desk_state") == "reconnecting")
    await until(lambda: int(state_of(hass, "sensor.front_desk_attempts")) >= 2)
    await until(lambda: state_of(hass, "sensor.front_desk_next_try") != "unknown")
    assert state_of(hass, "binary_sensor.front_desk_connectivity") == "off"


async def test_unlinking_and_pairing_are_events(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry, until: Until
) -> None:
    device = sim.world.add_device(name="Front desk", state="connected", phone=PHONE)
    await add_entry(device)
    changes = async_capture_events(hass, "state_changed")
    sim.world.unlink(device.id)
    await until(lambda: events_in(changes)[-1:] == ["needs_pairing"])
    await until(lambda: state_of(hass, "sensor.front_desk_state") == "needs_pairing")

    sim.world.sessions.store_credentials(device, PHONE)
    sim.world.restore(device.id)
    await until(lambda: events_in(changes)[-1:] == ["paired"])


async def test_a_device_that_is_not_kept_connected_is_left_alone(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry, until: Until
) -> None:
    device = sim.world.add_device(name="Front desk", state="connected")
    await add_entry(device)
    await turn(hass, "off")
    await until(lambda: state_of(hass, "sensor.front_desk_state") == "paused")
    assert state_of(hass, "binary_sensor.front_desk_connectivity") == "on"

    sim.world.drop(device.id)
    await until(lambda: state_of(hass, "binary_sensor.front_desk_connectivity") == "off")
    assert sim.world.requests.connects[device.id] == 0

    changes = async_capture_events(hass, "state_changed")
    await turn(hass, "on")
    await until(lambda: state_of(hass, "binary_sensor.front_desk_connectivity") == "on")
    assert events_in(changes) == ["connected"]


async def test_a_device_is_disconnected_and_reconnected_by_buttons(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry, until: Until
) -> None:
    device = sim.world.add_device(name="Front desk", state="connected")
    await add_entry(device)
    await press(hass, "disconnect")
    assert not device.is_connected
    await until(lambda: state_of(hass, "sensor.front_desk_state") == "paused")
    await until(lambda: state_of(hass, "binary_sensor.front_desk_connectivity") == "off")

    await press(hass, "reconnect")
    await until(lambda: state_of(hass, "binary_sensor.front_desk_connectivity") == "on")
    assert device.is_connected


async def test_reconnect_does_not_wait_for_the_next_try(
    hass: HomeAssistant,
    sim: Simulator,
    add_entry: AddEntry,
    until: Until,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    patient = replace(coordinator.SETTINGS, base=1e6, cap=1e6)
    monkeypatch.setattr(coordinator, "SETTINGS", patient)
    device = sim.world.add_device(name="Front desk", state="connected")
    await add_entry(device)
    sim.world.drop(device.id)
    await until(lambda: state_of(hass, "sensor.front_desk_state") == "reconnecting")
    await press(hass, "reconnect")
    await until(lambda: state_of(hass, "sensor.front_desk_state") == "connected")


async def test_what_changes_while_the_gateway_is_down_makes_nothing_available(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry, until: Until
) -> None:
    device = sim.world.add_device(name="Front desk", state="connected")
    entry = await add_entry(device)
    sim.world.break_for(3600)
    await until(lambda: state_of(hass, "sensor.front_desk_state") == "unavailable")
    await entry.runtime_data.async_keep_connected(device.id, keep=False)
    await until(lambda: entry.runtime_data.data[device.id].state == "paused")
    assert state_of(hass, "sensor.front_desk_state") == "unavailable"


async def test_what_the_gateway_cannot_do_is_told(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry
) -> None:
    await add_entry(sim.world.add_device(name="Front desk", state="connected"))
    sim.world.faults.add(Fault(kind=FaultKind.STATUS, endpoint="POST /disconnect", status=500))
    with pytest.raises(HomeAssistantError) as raised:
        await press(hass, "disconnect")
    assert raised.value.translation_key == "gateway_down"


async def test_an_update_that_is_asked_for_looks_at_once(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry, until: Until
) -> None:
    await add_entry(sim.world.add_device(name="Front desk", state="connected"))
    await async_setup_component(hass, "homeassistant", {})
    sim.world.requests.reset()
    await hass.services.async_call(
        "homeassistant",
        "update_entity",
        {"entity_id": "sensor.front_desk_state"},
        blocking=True,
    )
    await until(lambda: sim.world.requests.by_endpoint["GET /devices"])
