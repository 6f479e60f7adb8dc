import pytest
from homeassistant.config_entries import SOURCE_RECONFIGURE, SOURCE_USER
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.wuts.const import SUBENTRY_RECIPIENT
from custom_components.wuts.coordinator import recipients_of
from tests.custom_components.wuts.helpers import AddEntry, Result, suggested
from wuts_simulator import Device, Fault, FaultKind, Simulator

NUMBER = "5511977776665"
GROUP = "120363012345678901@g.us"


@pytest.fixture
def device(sim: Simulator) -> Device:
    sim.world.known_numbers.add(NUMBER)
    return sim.world.add_device(name="Front desk", state="connected", phone="5511988887777")


async def begin(hass: HomeAssistant, entry: MockConfigEntry) -> Result:
    return await hass.config_entries.subentries.async_init(
        (entry.entry_id, SUBENTRY_RECIPIENT), context={"source": SOURCE_USER}
    )


async def change(hass: HomeAssistant, entry: MockConfigEntry) -> Result:
    (recipient,) = recipients_of(entry)
    return await hass.config_entries.subentries.async_init(
        (entry.entry_id, SUBENTRY_RECIPIENT),
        context={"source": SOURCE_RECONFIGURE, "subentry_id": recipient.subentry_id},
    )


async def answer(
    hass: HomeAssistant,
    begun: Result,
    device: Device,
    recipient: str = NUMBER,
    name: str = "Ana",
) -> Result:
    return await hass.config_entries.subentries.async_configure(
        begun["flow_id"], {"name": name, "recipient": recipient, "device_id": device.id}
    )


@pytest.mark.parametrize(("typed", "kept"), [("+55 11 97777-6665", NUMBER), (f" {GROUP} ", GROUP)])
async def test_a_person_or_a_group_is_added(
    hass: HomeAssistant, device: Device, add_entry: AddEntry, typed: str, kept: str
) -> None:
    entry = await add_entry(device)
    begun = await begin(hass, entry)
    assert suggested(begun) == {"device_id": device.id}
    result = await answer(hass, begun, device, typed, " Ana ")
    assert result["type"] is FlowResultType.CREATE_ENTRY, result
    (recipient,) = recipients_of(entry)
    assert recipient.title == "Ana"
    assert dict(recipient.data) == {"recipient": kept, "device_id": device.id}
    await hass.async_block_till_done()


async def test_a_number_without_a_country_code_is_of_the_homes_country(
    hass: HomeAssistant, device: Device, add_entry: AddEntry
) -> None:
    hass.config.country = "BR"
    entry = await add_entry(device)
    begun = await begin(hass, entry)
    assert begun["description_placeholders"]["example"] == "+55 11 96123-4567"
    refused = await answer(hass, begun, device, "97777-6665")
    assert refused["errors"] == {"recipient": "invalid_phone_number_home"}
    assert refused["description_placeholders"].items() >= {"country": "BR", "code": "+55"}.items()
    refused = await answer(hass, begun, device, "95 94159-9345")
    assert refused["errors"] == {"recipient": "ambiguous_phone_number"}
    result = await answer(hass, begun, device, "11 97777-6665")
    assert result["type"] is FlowResultType.CREATE_ENTRY, result
    (recipient,) = recipients_of(entry)
    assert recipient.data["recipient"] == NUMBER
    await hass.async_block_till_done()
    unchanged = await change(hass, entry)
    result = await answer(hass, unchanged, device, suggested(unchanged)["recipient"])
    assert result["reason"] == "reconfigure_successful"
    assert recipients_of(entry)[0].data["recipient"] == NUMBER
    await hass.async_block_till_done()


async def test_with_several_devices_none_is_chosen_beforehand(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry
) -> None:
    entry = await add_entry(device, sim.world.add_device(name="Shop"))
    assert suggested(await begin(hass, entry)) == {}


async def test_without_a_device_there_is_nothing_to_send_by(
    hass: HomeAssistant, add_entry: AddEntry
) -> None:
    result = await begin(hass, await add_entry())
    assert result["reason"] == "no_device"


@pytest.mark.parametrize(
    ("recipient", "name", "errors"),
    [
        ("12", "Ana", {"recipient": "invalid_recipient"}),
        (NUMBER, " ", {"name": "invalid_name"}),
        ("5511977776663", "Ana", {"recipient": "not_on_whatsapp"}),
    ],
)
async def test_what_is_wrong_is_told_and_can_be_mended(
    hass: HomeAssistant,
    device: Device,
    add_entry: AddEntry,
    recipient: str,
    name: str,
    errors: dict[str, str],
) -> None:
    entry = await add_entry(device)
    begun = await begin(hass, entry)
    refused = await answer(hass, begun, device, recipient, name)
    assert refused["errors"] == errors
    assert suggested(refused)["recipient"] == recipient
    result = await answer(hass, begun, device)
    assert result["type"] is FlowResultType.CREATE_ENTRY, result
    await hass.async_block_till_done()


async def test_a_gateway_that_fails_is_told_and_tried_again(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry
) -> None:
    begun = await begin(hass, await add_entry(device))
    fault = Fault(kind=FaultKind.STATUS, endpoint="POST /contact/check", status=503, times=1)
    sim.world.faults.add(fault)
    refused = await answer(hass, begun, device)
    assert refused["errors"] == {"base": "gateway_down"}
    result = await answer(hass, begun, device)
    assert result["type"] is FlowResultType.CREATE_ENTRY, result
    await hass.async_block_till_done()


async def test_a_number_is_taken_unchecked_while_the_device_cannot_check_it(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry
) -> None:
    sim.world.faults.add(
        Fault(
            kind=FaultKind.STATUS,
            endpoint="POST /contact/check",
            status=400,
            error="device not ready",
        )
    )
    begun = await begin(hass, await add_entry(device))
    result = await answer(hass, begun, device, "5511977776663")
    assert result["type"] is FlowResultType.CREATE_ENTRY, result
    await hass.async_block_till_done()


async def test_a_number_of_which_the_gateway_says_nothing_is_taken(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry
) -> None:
    sim.world.faults.add(
        Fault(
            kind=FaultKind.BODY,
            endpoint="POST /contact/check",
            status=200,
            body={"success": True, "data": {"5511977776663": None}},
        )
    )
    begun = await begin(hass, await add_entry(device))
    result = await answer(hass, begun, device, "5511977776663")
    assert result["type"] is FlowResultType.CREATE_ENTRY, result
    await hass.async_block_till_done()


async def test_a_number_is_taken_unchecked_once_the_budget_is_used_up(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry
) -> None:
    entry = await add_entry(device)
    hass.config_entries.async_update_entry(entry, options={"check_limit": 1})
    await hass.async_block_till_done()
    refused = await answer(hass, await begin(hass, entry), device, "5511977776663")
    assert refused["errors"] == {"recipient": "not_on_whatsapp"}
    result = await answer(hass, refused, device, "5511977776663")
    assert result["type"] is FlowResultType.CREATE_ENTRY, result
    assert sim.world.requests.by_endpoint["POST /contact/check"] == 1
    await hass.async_block_till_done()


async def test_the_same_recipient_is_not_added_twice(
    hass: HomeAssistant, device: Device, add_entry: AddEntry
) -> None:
    entry = await add_entry(device)
    await answer(hass, await begin(hass, entry), device)
    await hass.async_block_till_done()
    refused = await answer(hass, await begin(hass, entry), device, "+55 (11) 97777-6665", "Ann")
    assert refused["errors"] == {"recipient": "already_there"}


async def test_a_recipient_is_changed(
    hass: HomeAssistant, device: Device, add_entry: AddEntry
) -> None:
    entry = await add_entry(device)
    await answer(hass, await begin(hass, entry), device)
    await hass.async_block_till_done()
    begun = await change(hass, entry)
    shown = {"name": "Ana", "recipient": "+55 11 97777-6665", "device_id": device.id}
    assert suggested(begun) == shown
    assert (await answer(hass, begun, device, "12"))["errors"] == {"recipient": "invalid_recipient"}
    result = await answer(hass, begun, device, GROUP, "Team")
    assert result["reason"] == "reconfigure_successful"
    (recipient,) = recipients_of(entry)
    assert (recipient.title, recipient.data["recipient"]) == ("Team", GROUP)
    await hass.async_block_till_done()
