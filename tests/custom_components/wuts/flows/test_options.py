import pytest
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType

from tests.custom_components.wuts.helpers import AddEntry, Until, issues_of
from tests.custom_components.wuts.pushing import STRANGER, Options, delivers, set_stranger
from wuts_simulator import Device, Fault, FaultKind, Simulator

# The gateway tries localhost's other address too, where nobody listens and the tests may not go.
pytestmark = [
    pytest.mark.usefixtures("patient"),
    pytest.mark.filterwarnings("ignore:A test tried to use socket"),
]


async def test_an_account_without_push_can_leave_it_off(
    hass: HomeAssistant, home: str, device: Device, add_entry: AddEntry
) -> None:
    entry = await add_entry(device)
    result = await Options(hass, entry).set_push(on=False)
    assert result["type"] is FlowResultType.CREATE_ENTRY, result
    await hass.async_block_till_done()
    assert device.webhook is None


async def test_a_webhook_of_someone_else_is_replaced_only_when_the_user_agrees(
    hass: HomeAssistant,
    sim: Simulator,
    home: str,
    device: Device,
    add_entry: AddEntry,
    until: Until,
) -> None:
    await set_stranger(sim, device)
    entry = await add_entry(device)
    options = Options(hass, entry)
    result = await options.set_push(on=True)
    assert result["step_id"] == "strangers"
    assert result["description_placeholders"] == {
        "account": "WUTS",
        "webhooks": "- Front desk: hooks.example.com",
    }
    result = await options.choose("leave")
    assert result["reason"] == "nothing_changed"
    assert device.webhook is not None
    assert device.webhook.url == STRANGER
    assert not entry.options

    await options.set_push(on=True)
    result = await options.choose("replace")
    assert result["type"] is FlowResultType.CREATE_ENTRY, result
    assert delivers(device, home)


async def test_a_webhook_that_comes_while_the_user_is_asked_is_asked_about_too(
    hass: HomeAssistant, sim: Simulator, home: str, device: Device, add_entry: AddEntry
) -> None:
    other = sim.world.add_device(name="Shop", state="connected")
    await set_stranger(sim, device)
    options = Options(hass, await add_entry(device, other))
    await options.set_push(on=True)
    await set_stranger(sim, other)
    result = await options.choose("replace")
    assert result["step_id"] == "strangers"
    assert "Shop" in result["description_placeholders"]["webhooks"]
    assert not delivers(device, home)


async def test_without_an_address_from_outside_push_is_refused_in_words(
    hass: HomeAssistant, device: Device, add_entry: AddEntry
) -> None:
    await hass.config.async_update(external_url="http://home.example.com")
    entry = await add_entry(device)
    options = Options(hass, entry)
    result = await options.set_push(on=True)
    assert result["errors"] == {"base": "no_address"}
    assert not entry.options
    result = await options.again(on=False)
    assert result["type"] is FlowResultType.CREATE_ENTRY, result


@pytest.mark.parametrize("endpoint", ["GET /webhook", "POST /webhook"])
async def test_a_gateway_that_cannot_be_asked_about_webhooks_is_told_in_words(
    hass: HomeAssistant,
    sim: Simulator,
    home: str,
    device: Device,
    add_entry: AddEntry,
    endpoint: str,
) -> None:
    await set_stranger(sim, device)
    entry = await add_entry(device)
    options = Options(hass, entry)
    await options.set_push(on=True)
    sim.world.faults.add(Fault(kind=FaultKind.STATUS, endpoint=endpoint, status=503, times=1))
    result = await options.choose("replace")
    assert result["errors"] == {"base": "gateway_down"}
    await options.again(on=True)
    await hass.async_block_till_done()
    assert entry.options["push"]


async def test_push_can_be_turned_off_though_the_gateway_is_down(
    hass: HomeAssistant,
    sim: Simulator,
    device: Device,
    add_pushed: AddEntry,
) -> None:
    entry = await add_pushed(device)
    sim.world.break_for(3600)
    options = Options(hass, entry)
    result = await options.set_push(on=False)
    assert result["step_id"] == "left_behind"
    assert result["errors"] == {"base": "gateway_down"}
    result = await options.answer(left_behind="turn_off")
    assert result["step_id"] == "left_behind"
    result = await options.answer(left_behind="turn_off_anyway")
    assert result["type"] is FlowResultType.CREATE_ENTRY, result
    assert not entry.options["push"]
    sim.world.break_for(0)
    await hass.async_block_till_done()


async def test_a_webhook_that_comes_later_is_left_and_told_until_the_user_decides(
    hass: HomeAssistant,
    sim: Simulator,
    home: str,
    device: Device,
    add_pushed: AddEntry,
    until: Until,
) -> None:
    entry = await add_pushed(device)
    await set_stranger(sim, device)
    await hass.config_entries.async_reload(entry.entry_id)
    (issue,) = await until(lambda: issues_of(hass, "push_taken"))
    assert issue.translation_placeholders == {
        "account": "WUTS",
        "name": "Front desk",
        "host": "hooks.example.com",
    }
    assert device.webhook is not None
    assert device.webhook.url == STRANGER

    options = Options(hass, entry)
    await options.set_push(on=True)
    await options.choose("replace")
    await hass.async_block_till_done()
    assert delivers(device, home)
    assert issues_of(hass, "push_taken") == []
    await hass.config_entries.async_remove(entry.entry_id)
    assert not delivers(device, home)
