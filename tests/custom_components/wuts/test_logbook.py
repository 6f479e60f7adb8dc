"""What the logbook says about a device, out of Home Assistant's real recorder."""

from typing import Any

import pytest
from homeassistant.components.logbook.const import DOMAIN as LOGBOOK_DOMAIN
from homeassistant.components.recorder.core import Recorder
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import get_instance
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import mock_component
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from tests.custom_components.wuts.helpers import AddEntry, Until, state_of
from wuts_simulator import Simulator


@pytest.fixture(autouse=True)
def integration(recorder_mock: Recorder, enable_custom_integrations: None) -> None:
    """Let Home Assistant find the integration, once the recorder is there."""


async def test_the_logbook_tells_what_happened_to_a_device(
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    sim: Simulator,
    add_entry: AddEntry,
    until: Until,
) -> None:
    mock_component(hass, "frontend")  # its pages are not installed for tests
    assert await async_setup_component(hass, LOGBOOK_DOMAIN, {})
    begin = dt_util.utcnow()
    device = sim.world.add_device(name="Front desk", state="connected")
    await add_entry(device)
    sim.world.unlink(device.id)
    await until(lambda: state_of(hass, "sensor.front_desk_state") == "needs_pairing")
    await hass.async_block_till_done()
    await get_instance(hass).async_block_till_done()

    socket = await hass_ws_client(hass)
    await socket.send_json_auto_id({"type": "logbook/get_events", "start_time": begin.isoformat()})
    answer = await socket.receive_json()
    told: dict[str, list[dict[str, Any]]] = {}
    for line in answer["result"]:
        told.setdefault(line.get("entity_id", ""), []).append(line)
    assert told["event.front_desk_session"][-1]["attributes"] == {"event_type": "needs_pairing"}
    assert told["sensor.front_desk_state"][-1]["state"] == "needs_pairing"
    assert told["binary_sensor.front_desk_connectivity"][-1]["state"] == "off"
