from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import get_system_health_info

from custom_components.wuts.const import DOMAIN
from tests.custom_components.wuts.helpers import AddEntry
from wuts_simulator import Simulator


async def test_system_health_counts_what_works(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry
) -> None:
    await add_entry(sim.world.add_device(state="connected"), sim.world.add_device())
    assert await async_setup_component(hass, "system_health", {})
    await hass.async_block_till_done()
    assert await get_system_health_info(hass, DOMAIN) == {
        "accounts": 1,
        "accounts_answering": 1,
        "devices": 2,
        "devices_connected": 1,
    }
