import pytest
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.wuts.const import DOMAIN
from tests.custom_components.wuts.helpers import AddEntry, Until, issues_of
from wuts_simulator import Device, Fault, FaultKind, Simulator


async def tick(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    shown = await hass.config_entries.options.async_init(entry.entry_id)
    result = await hass.config_entries.options.async_configure(
        shown["flow_id"], {"push": False, "log_out_removed": True}
    )
    if result.get("step_id") == "confused":
        result = await hass.config_entries.options.async_configure(
            shown["flow_id"], {"next_step_id": "confirm"}
        )
    assert result["type"] is FlowResultType.CREATE_ENTRY, result
    await hass.async_block_till_done()


async def remove_device(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    (subentry_id,) = entry.subentries
    hass.config_entries.async_remove_subentry(entry, subentry_id)
    await hass.async_block_till_done()


async def test_removing_asks_nothing_of_the_gateway_unless_ticked(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry
) -> None:
    entry = await add_entry(device)
    await remove_device(hass, entry)
    await hass.config_entries.async_remove(entry.entry_id)
    assert "POST /logout" not in sim.world.requests.by_endpoint
    assert device.phone == "5511988887777"


async def test_a_removed_device_is_logged_out_if_ticked(
    hass: HomeAssistant, device: Device, add_entry: AddEntry, until: Until
) -> None:
    entry = await add_entry(device)
    await tick(hass, entry)
    await remove_device(hass, entry)
    await until(lambda: device.phone is None)
    assert issues_of(hass, "still_linked") == []


async def test_a_removed_account_logs_out_what_is_linked(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry
) -> None:
    new = sim.world.add_device(name="Workshop")
    entry = await add_entry(device, new)
    await tick(hass, entry)
    await hass.config_entries.async_remove(entry.entry_id)
    assert device.phone is None
    assert sim.world.requests.by_endpoint["POST /logout"] == 1
    assert issues_of(hass, "still_linked") == []


@pytest.mark.parametrize("endpoint", ["POST /logout", "GET /devices"])
async def test_a_device_that_cannot_be_logged_out_is_told_until_it_is_added_again(
    hass: HomeAssistant,
    sim: Simulator,
    device: Device,
    add_entry: AddEntry,
    until: Until,
    endpoint: str,
) -> None:
    entry = await add_entry(device)
    await tick(hass, entry)
    sim.world.faults.add(Fault(kind=FaultKind.STATUS, endpoint=endpoint, status=503))
    await hass.config_entries.async_remove(entry.entry_id)
    (issue,) = issues_of(hass, "still_linked")
    assert issue.translation_key == "still_linked_unreachable"
    assert issue.translation_placeholders == {"name": "Front desk"}
    assert issue.is_persistent
    assert device.phone == "5511988887777"

    sim.world.faults.clear()
    await add_entry(device)
    assert issues_of(hass, "still_linked") == []


async def test_what_was_ticked_is_shown_and_can_be_taken_back(
    hass: HomeAssistant, device: Device, add_entry: AddEntry
) -> None:
    entry = await add_entry(device)
    await tick(hass, entry)
    shown = await hass.config_entries.options.async_init(entry.entry_id)
    assert shown["data_schema"]
    suggested = {
        str(key): key.description["suggested_value"]
        for key in shown["data_schema"].schema
        if key.description
    }
    assert suggested == {
        "incoming_messages": False,
        "record_message_text": False,
        "push": False,
        "log_out_removed": True,
        "pairing_on_dashboards": False,
        "check_limit": 200,
    }
    await hass.config_entries.options.async_configure(
        shown["flow_id"], {"push": False, "log_out_removed": False}
    )
    assert entry.options["log_out_removed"] is False
    await hass.async_block_till_done()
    assert hass.config_entries.async_entries(DOMAIN) == [entry]
