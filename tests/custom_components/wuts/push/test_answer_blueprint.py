"""The blueprint that answers messages: Home Assistant loads it, and an automation of it answers."""

import shutil
from pathlib import Path

import pytest
from homeassistant.components.automation.helpers import async_get_blueprints
from homeassistant.components.blueprint.models import Blueprint
from homeassistant.core import Event, HomeAssistant
from homeassistant.setup import async_setup_component

from tests.custom_components.wuts.helpers import AddEntry, Until, registered, state_of
from tests.custom_components.wuts.push.messages import ANA, ready
from wuts_simulator import Device, Simulator

# The gateway tries localhost's other address too, where nobody listens and the tests may not go.
pytestmark = [
    pytest.mark.usefixtures("patient"),
    pytest.mark.filterwarnings("ignore:A test tried to use socket"),
]

ROOT = Path(__file__).parents[4]
BLUEPRINT = ROOT / "custom_components/wuts/blueprints/automation/answer.yaml"


async def test_an_automation_of_the_blueprint_answers_who_may_ask(
    hass: HomeAssistant,
    sim: Simulator,
    home: str,
    device: Device,
    add_entry: AddEntry,
    until: Until,
    tmp_path: Path,
) -> None:
    hass.config.config_dir = str(tmp_path)
    folder = tmp_path / "blueprints/automation/wuts"
    folder.mkdir(parents=True)
    shutil.copy(BLUEPRINT, folder)
    entry = await add_entry(device)
    await ready(hass, entry, until, device)
    opened: list[Event] = []
    hass.bus.async_listen("opened", opened.append)
    inputs = {
        "devices": [registered(hass, device).id],
        "words": ["gate"],
        "senders": [f"+{ANA}"],
        "actions": [{"event": "opened"}],
        "answer": "Opening, {{ trigger.name }}.",
    }
    config = {"alias": "Answer", "use_blueprint": {"path": "wuts/answer.yaml", "input": inputs}}
    assert await async_setup_component(hass, "automation", {"automation": [config]})
    await hass.async_block_till_done()
    assert state_of(hass, "automation.answer") == "on"
    found = (await async_get_blueprints(hass).async_get_blueprints())["wuts/answer.yaml"]
    assert isinstance(found, Blueprint)
    assert found.validate() is None
    assert found.metadata["source_url"].endswith(BLUEPRINT.relative_to(ROOT).as_posix())

    sim.world.receive(device.id, "5531977777777", "Open the gate")
    sim.world.receive(device.id, ANA, "Hello")
    asked = sim.world.receive(device.id, ANA, "Open the GATE", name="Ana")
    await until(lambda: sim.world.messages)
    await hass.async_block_till_done()
    (answer,) = sim.world.messages
    assert (answer.text, answer.quoted) == ("Opening, Ana.", asked)
    assert len(opened) == 1
