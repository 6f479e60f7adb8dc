"""What several tests of incoming messages begin with."""

import pytest
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.custom_components.wuts.helpers import AddEntry, Until
from tests.custom_components.wuts.push.messages import Automation, ready
from wuts_simulator import Device


@pytest.fixture
async def entry(
    hass: HomeAssistant, home: str, device: Device, add_entry: AddEntry, until: Until
) -> MockConfigEntry:
    """An account that takes messages; a module may have another one."""
    entry = await add_entry(device)
    await ready(hass, entry, until, device)
    return entry


@pytest.fixture
def automation(hass: HomeAssistant) -> Automation:
    """An automation that notes the messages that run it."""
    return Automation(hass)
