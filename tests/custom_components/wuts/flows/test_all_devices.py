"""All devices of an account in one step; devices of one name."""

from functools import partial

from homeassistant.config_entries import ConfigSubentryData
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.wuts.const import CONF_DEVICE_ID, DOMAIN, SUBENTRY_DEVICE
from tests.custom_components.wuts.dialog import Dialog
from tests.custom_components.wuts.flows.test_device import ALL, options, subentries
from tests.custom_components.wuts.helpers import AddEntry, Until, state_of
from wuts_simulator import Simulator


def is_connected(hass: HomeAssistant, entity_id: str) -> bool:
    return state_of(hass, entity_id) == "connected"


async def test_devices_of_one_name_are_told_apart(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry
) -> None:
    entry = await add_entry()
    first, second = (sim.world.add_device(name="Till", state="connected") for _ in range(2))
    dialog = await Dialog.add(hass, entry)
    labels = options(dialog.result)
    assert labels[first.id].startswith(f"Till · {first.id[-4:]} · +55 ")
    assert labels[second.id].startswith(f"Till · {second.id[-4:]} · +55 ")


async def test_all_of_them_is_offered_first_and_the_first_device_is_chosen(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry
) -> None:
    entry = await add_entry()
    first, *_ = (sim.world.add_device(name=f"Till {n}", state="connected") for n in range(20))
    dialog = await Dialog.add(hass, entry)
    assert next(iter(options(dialog.result))) == ALL
    (field,) = dialog.result["data_schema"].schema
    assert field.default() == first.id


async def test_devices_of_one_name_are_added_under_names_that_tell_them_apart(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry
) -> None:
    entry = await add_entry(sim.world.add_device(name="Till", state="connected"))
    second, third = (sim.world.add_device(name="Till", state="connected") for _ in range(2))
    dialog = await Dialog.add(hass, entry)
    await dialog.answer(device_id=ALL)
    ends = (f"Till · {one.id[-4:]}" for one in (second, third))
    assert [one.title for one in entry.subentries.values()] == ["Till", *ends]
    await hass.async_block_till_done()
    added = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    names = {device.name for device in added}
    assert names == {one.title for one in entry.subentries.values()}


async def test_a_device_is_not_called_as_one_of_another_account_is(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry
) -> None:
    till = ConfigSubentryData(
        data={CONF_DEVICE_ID: "another"}, subentry_type=SUBENTRY_DEVICE, title="Till", unique_id="x"
    )
    MockConfigEntry(domain=DOMAIN, title="Shop", subentries_data=[till]).add_to_hass(hass)
    entry = await add_entry()
    device = sim.world.add_device(name="Till", state="connected")
    await (await Dialog.add(hass, entry)).answer(device_id=device.id)
    assert [one.title for one in entry.subentries.values()] == ["Till · WUTS"]


async def test_all_devices_are_added_in_one_step(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry, until: Until
) -> None:
    entry = await add_entry(sim.world.add_device(name="Front desk", state="connected"))
    coordinator = entry.runtime_data
    tills = [
        sim.world.add_device(name=f"Till {n}", state="connected", phone=f"551198888{n:04}")
        for n in range(19)
    ]
    new = sim.world.add_device(name="Kitchen")
    dialog = await Dialog.add(hass, entry)
    result = await dialog.answer(device_id=ALL)
    assert (result["reason"], result["description_placeholders"]["count"]) == ("all_added", "20")
    expected = [("Front desk", None), *((one.name, one.phone) for one in tills), ("Kitchen", None)]
    assert sorted(subentries(entry)[1:]) == sorted(expected[1:])
    await hass.async_block_till_done()
    for till in tills:
        entity = f"sensor.{till.name.lower().replace(' ', '_')}_state"
        await until(partial(is_connected, hass, entity))
    await until(lambda: state_of(hass, "sensor.kitchen_state") == "never_paired")
    assert entry.runtime_data is coordinator
    watched = coordinator.supervisor.devices(entry.entry_id)
    await until(lambda: {one.id for one in (*tills, new)} <= watched.keys())


async def test_a_device_that_another_dialog_has_added_meanwhile_is_left_out(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry
) -> None:
    entry = await add_entry()
    first, second = (sim.world.add_device(name=name, state="connected") for name in "AB")
    dialog, other = await Dialog.add(hass, entry), await Dialog.add(hass, entry)
    await other.answer(device_id=first.id)
    result = await dialog.answer(device_id=ALL)
    assert result["description_placeholders"]["count"] == "1"
    assert [one.unique_id for one in entry.subentries.values()] == [first.id, second.id]
