"""A recipient is chosen by name from the groups and contacts of the devices."""

from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.selector import SelectSelector, TextSelector

from custom_components.wuts.coordinator import recipients_of
from custom_components.wuts.messaging import chats
from tests.custom_components.wuts.flows.test_recipient import answer, begin, change
from tests.custom_components.wuts.helpers import AddEntry, Result, suggested
from wuts_simulator import Device, Fault, FaultKind, Simulator

ANA, BRUNO = "5511977776661", "5511977776662"


def field_of(result: Result) -> Any:  # noqa: ANN401 - a selector
    schema = result["data_schema"].schema
    return next(field for key, field in schema.items() if key == "recipient")


def choices(result: Result) -> dict[str, str]:
    """Return what can be chosen: the values and what they are called, in order."""
    field = field_of(result)
    assert isinstance(field, SelectSelector)
    assert field.config["custom_value"], "any number can be typed as well"
    return {one["value"]: one["label"] for one in field.config["options"]}  # type: ignore[index]


@pytest.fixture
def device(sim: Simulator) -> Device:
    return sim.world.add_device(name="Front desk", state="connected", phone="5511988887777")


async def test_groups_and_contacts_are_listed_by_name(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry
) -> None:
    sim.world.add_contact(device.id, BRUNO, push_name="bruno")
    sim.world.add_contact(device.id, ANA, full_name="Ana\n Souza")
    sim.world.add_contact(device.id, "123456789@lid", push_name="Hidden")
    sim.world.add_contact(device.id, "5511977776669")  # nobody could choose it by its name
    team = sim.world.add_group(device.id, "Team")
    door = sim.world.add_group(device.id, "door")
    begun = await begin(hass, await add_entry(device))
    assert list(choices(begun).items()) == [
        (door, "door · 👥"),
        (team, "Team · 👥"),
        (ANA, "Ana Souza · +55 11 97777-6661"),
        (BRUNO, "bruno · +55 11 97777-6662"),
    ]
    assert begun["description_placeholders"].items() >= {"listed": "4", "found": "4"}.items()


async def test_one_that_is_chosen_becomes_a_recipient(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry
) -> None:
    sim.world.add_contact(device.id, BRUNO, full_name="Bruno")
    team = sim.world.add_group(device.id, "Team")
    entry = await add_entry(device)
    for chosen in (BRUNO, team):
        result = await answer(hass, await begin(hass, entry), device, chosen, "It")
        assert result["type"] is FlowResultType.CREATE_ENTRY, result
        await hass.async_block_till_done()
    assert [one.data["recipient"] for one in recipients_of(entry)] == [BRUNO, team]


async def test_a_recipient_can_be_changed_to_one_of_the_list(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry
) -> None:
    team = sim.world.add_group(device.id, "Team")
    entry = await add_entry(device)
    await answer(hass, await begin(hass, entry), device, BRUNO)
    await hass.async_block_till_done()
    begun = await change(hass, entry)
    assert team in choices(begun)
    assert (await answer(hass, begun, device, team))["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()


async def test_with_several_devices_a_group_says_whose_it_is_and_needs_one_of_them(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry
) -> None:
    shop = sim.world.add_device(name="Shop", state="connected")
    team = sim.world.add_group(device.id, "Team")
    shop.groups[team] = "Team"
    door = sim.world.add_group(shop.id, "Door")
    for one in (device, shop):
        sim.world.add_contact(one.id, ANA, full_name="Ana")
    begun = await begin(hass, await add_entry(device, shop))
    assert choices(begun) == {
        door: "Door · 👥 · Shop",
        team: "Team · 👥 · Front desk, Shop",
        ANA: "Ana · +55 11 97777-6661",
    }
    refused = await answer(hass, begun, device, door, "Door")
    assert refused["errors"] == {"device_id": "group_elsewhere"}
    result = await answer(hass, begun, shop, door, "Door")
    assert result["type"] is FlowResultType.CREATE_ENTRY, result
    await hass.async_block_till_done()


@pytest.mark.parametrize(
    "kind", [FaultKind.STATUS, FaultKind.HTML, FaultKind.RESET, FaultKind.HANG]
)
async def test_a_gateway_that_lists_nothing_leaves_a_field_to_type_into(
    hass: HomeAssistant,
    sim: Simulator,
    device: Device,
    add_entry: AddEntry,
    monkeypatch: pytest.MonkeyPatch,
    kind: FaultKind,
) -> None:
    monkeypatch.setattr(chats, "PATIENCE", 0.2)
    sim.world.add_group(device.id, "Team")
    sim.world.faults.add(Fault(kind=kind, endpoint="GET /contacts"))
    hass.config.country = "BR"
    begun = await begin(hass, await add_entry(device))
    assert isinstance(field_of(begun), TextSelector)
    assert suggested(begun)["recipient"] == "+55 "
    result = await answer(hass, begun, device, BRUNO)
    assert result["type"] is FlowResultType.CREATE_ENTRY, result
    await hass.async_block_till_done()


async def test_a_device_that_is_down_hides_no_other_ones(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry
) -> None:
    shop = sim.world.add_device(name="Shop", state="logged_out")
    team = sim.world.add_group(device.id, "Team")
    begun = await begin(hass, await add_entry(device, shop))
    assert choices(begun) == {team: "Team · 👥"}


async def test_a_list_is_never_endless(
    hass: HomeAssistant,
    sim: Simulator,
    device: Device,
    add_entry: AddEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(chats, "MOST_CHATS", 3)
    for number in range(10):
        sim.world.add_contact(device.id, f"551197777000{number}", full_name=f"Person {number}")
    team = sim.world.add_group(device.id, "Team")
    begun = await begin(hass, await add_entry(device))
    assert list(choices(begun)) == [team, "5511977770000", "5511977770001"]
    assert begun["description_placeholders"].items() >= {"listed": "3", "found": "11"}.items()


async def test_a_dialog_asks_for_the_lists_once(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry
) -> None:
    sim.world.add_group(device.id, "Team")
    begun = await begin(hass, await add_entry(device))
    await answer(hass, begun, device, "12")
    assert (await answer(hass, begun, device, "13"))["errors"] == {"recipient": "invalid_recipient"}
    asked = sim.world.requests.by_endpoint
    assert (asked["GET /groups"], asked["GET /contacts"]) == (1, 1)
