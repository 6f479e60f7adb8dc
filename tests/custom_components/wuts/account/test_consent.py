"""Several devices, and a gateway that may confuse them: asked, read back, told as such."""

from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.custom_components.wuts.dialog import Dialog
from tests.custom_components.wuts.helpers import AddEntry, Until, disconnect, issues_of, read_qr
from tests.custom_components.wuts.pushing import Options, set_stranger, turn_on
from wuts_simulator import Device, Fault, FaultKind, Simulator

pytestmark = pytest.mark.filterwarnings("ignore:A test tried to use socket")

OTHER = "5511977776666"


@pytest.fixture
def devices(sim: Simulator) -> list[Device]:
    names = ("Front desk", "Shop")
    return [sim.world.add_device(name=name, state="connected") for name in names]


def answer_about(sim: Simulator, endpoint: str, device_id: str) -> None:
    """Let the gateway answer a success about a device, and do nothing."""
    body = {"success": True, "data": {"message": "done", "device_id": device_id}}
    sim.world.faults.add(Fault(kind=FaultKind.BODY, endpoint=endpoint, status=200, body=body))


async def set_options(hass: HomeAssistant, entry: MockConfigEntry, **answers: Any) -> Any:  # noqa: ANN401
    flow = await hass.config_entries.options.async_init(entry.entry_id)
    return await hass.config_entries.options.async_configure(flow["flow_id"], answers)


async def agree(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Let the user turn on, in the options, that devices may be confused."""
    result = await set_options(hass, entry, may_confuse_devices=True)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()


async def test_log_out_is_asked_about_when_the_gateway_may_confuse_devices(
    hass: HomeAssistant, devices: list[Device], add_entry: AddEntry
) -> None:
    entry = await add_entry(*devices)
    result = await set_options(hass, entry, log_out_removed=True)
    assert result["step_id"] == "confused"
    assert result["description_placeholders"] == {"account": "WUTS", "count": "2"}
    flow = hass.config_entries.options
    result = await flow.async_configure(result["flow_id"], {"next_step_id": "leave"})
    assert result["reason"] == "nothing_changed"
    assert not entry.options

    result = await set_options(hass, entry, log_out_removed=True)
    result = await flow.async_configure(result["flow_id"], {"next_step_id": "confirm"})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    result = await set_options(hass, entry, log_out_removed=True)
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_a_gateway_that_tells_devices_apart_needs_no_word(
    hass: HomeAssistant, sim: Simulator, devices: list[Device], add_entry: AddEntry
) -> None:
    for device in devices:
        await set_stranger(sim, device)
    entry = await add_entry(*devices)
    result = await set_options(hass, entry, log_out_removed=True)
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_one_device_needs_no_word(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry
) -> None:
    entry = await add_entry(sim.world.add_device(state="connected"))
    result = await set_options(hass, entry, log_out_removed=True)
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_nothing_is_logged_out_without_a_word_about_several_devices(
    hass: HomeAssistant, sim: Simulator, devices: list[Device], add_entry: AddEntry
) -> None:
    entry = await add_entry(*devices)
    hass.config_entries.async_update_entry(entry, options={"log_out_removed": True})
    await hass.async_block_till_done()
    await hass.config_entries.async_remove(entry.entry_id)
    assert "POST /logout" not in sim.world.requests.by_endpoint
    told = issues_of(hass, "still_linked")
    assert len(told) == 2
    assert {one.translation_key for one in told} == {"still_linked_not_confirmed"}


@pytest.mark.parametrize("answered", ["another", None])
async def test_a_logout_that_may_have_hit_another_device_ends_all_others(
    hass: HomeAssistant,
    sim: Simulator,
    devices: list[Device],
    add_entry: AddEntry,
    answered: str | None,
) -> None:
    entry = await add_entry(*devices)
    options = {"log_out_removed": True, "may_confuse_devices": True}
    hass.config_entries.async_update_entry(entry, options=options)
    await hass.async_block_till_done()
    body: dict[str, Any] = {"success": True, "data": {"message": "done"}}
    if answered:
        body["data"]["device_id"] = answered
    sim.world.faults.add(Fault(kind=FaultKind.BODY, endpoint="POST /logout", status=200, body=body))
    await hass.config_entries.async_remove(entry.entry_id)
    assert sim.world.requests.by_endpoint["POST /logout"] == 1
    told = issues_of(hass, "still_linked")
    assert len(told) == 2
    assert {one.translation_key for one in told} == {"still_linked_in_doubt"}


@pytest.mark.parametrize("how", ["button", "action"])
async def test_no_device_is_disconnected_without_a_word_about_several_devices(
    hass: HomeAssistant, sim: Simulator, devices: list[Device], add_entry: AddEntry, how: str
) -> None:
    entry = await add_entry(*devices)

    with pytest.raises(HomeAssistantError) as raised:
        await disconnect(hass, devices[0], how)
    assert raised.value.translation_key == "not_confirmed"
    assert "POST /disconnect" not in sim.world.requests.by_endpoint
    assert devices[0].is_connected

    await agree(hass, entry)
    await disconnect(hass, devices[0], how)
    assert not devices[0].is_connected
    assert devices[1].is_connected


async def test_one_device_shows_no_option_about_several(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry
) -> None:
    entry = await add_entry(sim.world.add_device(state="connected"))
    flow = await hass.config_entries.options.async_init(entry.entry_id)
    assert flow["data_schema"] is not None
    assert "may_confuse_devices" not in {str(key) for key in flow["data_schema"].schema}


async def test_a_disconnect_of_another_device_is_told_and_not_a_success(
    hass: HomeAssistant, sim: Simulator, devices: list[Device], add_entry: AddEntry
) -> None:
    await agree(hass, await add_entry(*devices))
    answer_about(sim, "POST /disconnect", devices[1].id)
    with pytest.raises(HomeAssistantError) as raised:
        await disconnect(hass, devices[0], "action")
    assert raised.value.translation_key == "wrong_device"


async def test_a_disconnect_that_does_not_show_is_told_and_not_a_success(
    hass: HomeAssistant, sim: Simulator, devices: list[Device], add_entry: AddEntry
) -> None:
    await agree(hass, await add_entry(*devices))
    answer_about(sim, "POST /disconnect", devices[0].id)
    with pytest.raises(HomeAssistantError) as raised:
        await disconnect(hass, devices[0], "action")
    assert raised.value.translation_key == "not_verified"


async def test_a_pairing_whose_answers_are_about_another_device_ends_in_words(
    hass: HomeAssistant, sim: Simulator, devices: list[Device], add_entry: AddEntry
) -> None:
    entry = await add_entry()
    dialog = await Dialog.add(hass, entry)
    await dialog.answer(device_id="new_device")
    await dialog.answer(device_name="Kitchen")
    body = {
        "success": True,
        "data": {
            "connected": False,
            "status": "disconnected",
            "is_logged_in": False,
            "device_id": devices[0].id,
        },
    }
    sim.world.faults.add(Fault(kind=FaultKind.BODY, endpoint="GET /status", status=200, body=body))
    await dialog.choose("qr")
    assert (await dialog.ends())["reason"] == "wrong_device"


async def scan_with_another_phone(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry
) -> Dialog:
    sim.world.add_device(name="Shop", state="connected")
    device = sim.world.add_device(name="Front desk", state="connected")
    entry = await add_entry(device)
    sim.world.unlink(device.id)
    dialog = await Dialog.again(hass, entry)
    await dialog.choose("qr")
    sim.world.scan(read_qr((await dialog.shows("qr"))["qr"]), OTHER)
    assert (await dialog.ends())["step_id"] == "wrong_account"
    return dialog


async def test_unlinking_in_the_dialog_is_asked_about_once_more(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry
) -> None:
    dialog = await scan_with_another_phone(hass, sim, add_entry)
    assert (await dialog.choose("unlink_account"))["step_id"] == "confirm_unlink"
    assert (await dialog.read())["step_id"] == "confirm_unlink"
    assert "POST /logout" not in sim.world.requests.by_endpoint
    assert (await dialog.choose("unlink_anyway"))["step_id"] == "pair"
    assert sim.world.requests.by_endpoint["POST /logout"] == 1


async def test_unlinking_another_device_in_the_dialog_is_told(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry
) -> None:
    dialog = await scan_with_another_phone(hass, sim, add_entry)
    answer_about(sim, "POST /logout", "another")
    await dialog.choose("unlink_account")
    result = await dialog.choose("unlink_anyway")
    assert result["step_id"] == "failed"
    assert result["errors"] == {"base": "wrong_device"}


@pytest.mark.usefixtures("patient")
async def test_push_is_asked_about_and_written_only_then(
    hass: HomeAssistant, sim: Simulator, home: str, devices: list[Device], add_entry: AddEntry
) -> None:
    entry = await add_entry(*devices)
    options = Options(hass, entry)
    result = await options.set_push(on=True)
    assert result["step_id"] == "confused"
    assert "POST /webhook" not in sim.world.requests.by_endpoint
    assert (await options.choose("confirm"))["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    assert entry.options["may_confuse_devices"]


@pytest.mark.usefixtures("patient")
async def test_push_without_a_word_about_several_devices_has_an_issue(
    hass: HomeAssistant,
    sim: Simulator,
    home: str,
    devices: list[Device],
    add_entry: AddEntry,
    until: Until,
) -> None:
    entry = await add_entry(devices[0])
    await turn_on(hass, entry)
    options = {key: value for key, value in entry.options.items() if key != "may_confuse_devices"}
    for device in devices:
        device.webhook = None
    sim.world.requests.reset()
    hass.config_entries.async_update_entry(entry, options=options)
    await hass.async_block_till_done()
    (issue,) = await until(lambda: issues_of(hass, "push_stopped"))
    assert issue.translation_key == "push_stopped_not_confirmed"
    assert "POST /webhook" not in sim.world.requests.by_endpoint


@pytest.mark.usefixtures("patient")
async def test_a_webhook_that_is_not_there_afterwards_ends_push_in_words(
    hass: HomeAssistant,
    sim: Simulator,
    home: str,
    devices: list[Device],
    add_entry: AddEntry,
    until: Until,
) -> None:
    entry = await add_entry(*devices)
    body = {"success": True, "webhook": {"id": "w", "webhook_url": "https://example.com"}}
    sim.world.faults.add(
        Fault(kind=FaultKind.BODY, endpoint="POST /webhook", status=200, body=body)
    )
    await turn_on(hass, entry)
    (issue,) = await until(lambda: issues_of(hass, "push_stopped"))
    assert issue.translation_key == "push_stopped_in_doubt"
    assert sim.world.requests.by_endpoint["POST /webhook"] == 1
