"""Automations with the integration's own triggers and conditions, as a user would write them."""

from typing import Any

import pytest
from homeassistant.core import Event, HomeAssistant
from homeassistant.helpers import area_registry as ar
from homeassistant.helpers import condition, trigger
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.custom_components.wuts.helpers import AddEntry, Until, state_of
from wuts_simulator import Device, Simulator

EVENT = "event.front_desk_session"
SENSOR = "sensor.front_desk_state"
CONNECTION = "binary_sensor.front_desk_connectivity"


class Automation:
    """An automation that notes when it ran, and what the device's sensor said then."""

    def __init__(self, hass: HomeAssistant) -> None:
        self._hass = hass
        self.runs: list[Event] = []
        hass.bus.async_listen("it_ran", self.runs.append)

    async def load(self, **parts: dict[str, Any]) -> None:
        noting = {"event": "it_ran", "event_data": {"state": f"{{{{ states('{SENSOR}') }}}}"}}
        config = {"alias": "Test", "actions": [noting], **parts}
        assert await async_setup_component(self._hass, "automation", {"automation": [config]})
        await self._hass.async_block_till_done()
        assert state_of(self._hass, "automation.test") == "on"

    @property
    def seen(self) -> list[str]:
        """What the sensor said at each run."""
        return [run.data["state"] for run in self.runs]


@pytest.fixture
def automation(hass: HomeAssistant) -> Automation:
    return Automation(hass)


@pytest.fixture
async def entry(add_entry: AddEntry, device: Device) -> MockConfigEntry:
    return await add_entry(device)


def target_of(hass: HomeAssistant, entry: MockConfigEntry, kind: str, entity_id: str) -> Any:  # noqa: ANN401 - a target
    """Return a target that names the entity, its device, or the area it is in."""
    if kind == "entity":
        return {"entity_id": entity_id}
    devices = dr.async_get(hass)
    (device,) = dr.async_entries_for_config_entry(devices, entry.entry_id)
    if kind == "device":
        return {"device_id": device.id}
    area = ar.async_get(hass).async_create("Shop")
    devices.async_update_device(device.id, area_id=area.id)
    return {"area_id": area.id}


@pytest.mark.parametrize("kind", ["entity", "device", "area"])
async def test_an_automation_runs_when_a_device_needs_pairing(
    hass: HomeAssistant,
    sim: Simulator,
    device: Device,
    entry: MockConfigEntry,
    automation: Automation,
    until: Until,
    kind: str,
) -> None:
    await automation.load(
        triggers={
            "trigger": "wuts.needs_pairing",
            "target": target_of(hass, entry, kind, EVENT),
        }
    )
    sim.world.drop(device.id)
    await until(lambda: state_of(hass, SENSOR) == "connected" and device.is_connected)
    assert automation.runs == []
    sim.world.unlink(device.id)
    await until(lambda: automation.runs)
    assert automation.seen == ["needs_pairing"]


async def test_an_automation_runs_when_a_device_is_back_after_a_drop(
    hass: HomeAssistant,
    sim: Simulator,
    device: Device,
    entry: MockConfigEntry,
    automation: Automation,
    until: Until,
) -> None:
    await automation.load(
        triggers={
            "trigger": "wuts.reconnected",
            "target": target_of(hass, entry, "device", EVENT),
        }
    )
    sim.world.drop(device.id)
    await until(lambda: automation.runs)
    assert automation.seen == ["connected"]


async def test_a_trigger_leaves_events_of_other_integrations_alone(
    hass: HomeAssistant, entry: MockConfigEntry, automation: Automation
) -> None:
    await automation.load(
        triggers={
            "trigger": "wuts.needs_pairing",
            "target": {"entity_id": "event.other"},
        }
    )
    hass.states.async_set("event.other", "earlier", {"event_type": "connected"})
    hass.states.async_set("event.other", "later", {"event_type": "needs_pairing"})
    await hass.async_block_till_done()
    assert automation.runs == []


@pytest.mark.parametrize("kind", ["entity", "device", "area"])
async def test_a_condition_holds_an_automation_back_while_a_device_is_not_connected(
    hass: HomeAssistant,
    sim: Simulator,
    device: Device,
    entry: MockConfigEntry,
    automation: Automation,
    until: Until,
    kind: str,
) -> None:
    await automation.load(
        triggers={"trigger": "event", "event_type": "go"},
        conditions={
            "condition": "wuts.is_connected",
            "target": target_of(hass, entry, kind, CONNECTION),
        },
    )
    hass.bus.async_fire("go")
    await until(lambda: len(automation.runs) == 1)

    sim.world.unlink(device.id)
    await until(lambda: state_of(hass, CONNECTION) == "off")
    hass.bus.async_fire("go")
    await hass.async_block_till_done()
    assert len(automation.runs) == 1


async def test_the_editor_is_told_of_our_triggers_and_conditions(
    hass: HomeAssistant, entry: MockConfigEntry, automation: Automation
) -> None:
    await automation.load(
        triggers={"trigger": "wuts.reconnected", "target": {"entity_id": EVENT}},
        conditions={"condition": "wuts.is_connected", "target": {"entity_id": CONNECTION}},
    )
    triggers = await trigger.async_get_all_descriptions(hass)
    conditions = await condition.async_get_all_descriptions(hass)
    ours = {name for name in (*triggers, *conditions) if name.startswith("wuts.")}
    assert ours == {
        *("wuts.needs_pairing", "wuts.reconnected", "wuts.refused", "wuts.message_received"),
        "wuts.is_connected",
    }
    for described in (triggers["wuts.needs_pairing"], conditions["wuts.is_connected"]):
        assert described is not None
        assert described["target"]["entity"][0]["integration"] == "wuts"


@pytest.mark.parametrize("muted", [False, True])
async def test_an_automation_runs_when_an_alert_is_raised_that_is_not_muted(
    hass: HomeAssistant,
    sim: Simulator,
    device: Device,
    entry: MockConfigEntry,
    automation: Automation,
    until: Until,
    muted: bool,
) -> None:
    raised = {
        "trigger": "event.received",
        "target": {"entity_id": "event.front_desk_alert"},
        "options": {"event_type": "raised"},
    }
    conditions: Any = "{{ not trigger.to_state.attributes.muted }}"
    await automation.load(triggers=raised, conditions=conditions)
    if muted:
        chosen = {"config_entry_id": entry.entry_id, "for": "02:00:00"}
        await hass.services.async_call("wuts", "mute_alerts", chosen, blocking=True)
    sim.world.unlink(device.id)
    await until(lambda: state_of(hass, "event.front_desk_alert") != "unknown")
    await hass.async_block_till_done()
    assert automation.seen == ([] if muted else ["needs_pairing"])
