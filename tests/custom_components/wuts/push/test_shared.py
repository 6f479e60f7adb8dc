"""A gateway that keeps one webhook for several devices."""

from collections.abc import AsyncIterator

import pytest
from homeassistant.core import HomeAssistant

from tests.custom_components.wuts.helpers import AddEntry, Until, issues_of
from tests.custom_components.wuts.pushing import delivers, turn_on
from wuts_simulator import Device, Settings, Simulator

# The gateway tries localhost's other address too, where nobody listens and the tests may not go.
pytestmark = [
    pytest.mark.usefixtures("patient"),
    pytest.mark.filterwarnings("ignore:A test tried to use socket"),
]


@pytest.fixture
async def sim(socket_enabled: None) -> AsyncIterator[Simulator]:
    async with Simulator(Settings(qr_image=False, webhook_heeds_device_id=False)) as simulator:
        yield simulator


@pytest.fixture
def shop(sim: Simulator, device: Device) -> Device:
    return sim.world.add_device(name="Shop", state="connected", phone="5511988886666")


async def test_one_webhook_for_several_devices_is_said(
    hass: HomeAssistant,
    home: str,
    device: Device,
    shop: Device,
    add_entry: AddEntry,
    until: Until,
) -> None:
    entry = await add_entry(device, shop)
    await turn_on(hass, entry)  # the dialog asks first, and the user agrees
    await until(lambda: issues_of(hass, "push_shared"))
    (issue,) = issues_of(hass, "push_shared")
    assert issue.translation_placeholders == {"account": "WUTS", "count": "2"}
    assert delivers(device, home)


async def test_a_webhook_that_other_devices_share_stays_with_them(
    hass: HomeAssistant,
    home: str,
    device: Device,
    shop: Device,
    add_entry: AddEntry,
    until: Until,
) -> None:
    entry = await add_entry(device, shop)
    await turn_on(hass, entry)
    await until(lambda: issues_of(hass, "push_shared"))
    removed = next(one for one in entry.subentries.values() if one.unique_id == shop.id)
    hass.config_entries.async_remove_subentry(entry, removed.subentry_id)
    await hass.async_block_till_done()
    assert delivers(device, home)
    await hass.config_entries.async_remove(entry.entry_id)
    assert device.webhook is None
    assert not issues_of(hass, "push_shared")
