from dataclasses import replace
from http import HTTPStatus

import pytest
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType

from custom_components.wuts.push.webhooks import SECRET_HEADER
from tests.custom_components.wuts.helpers import AddEntry, Until, state_of
from tests.custom_components.wuts.pushing import (
    STRANGER,
    Options,
    answer_to,
    delivers,
    set_stranger,
    turn_on,
)
from wuts_simulator import Device, Fault, FaultKind, Simulator

# The gateway tries localhost's other address too, where nobody listens and the tests may not go.
pytestmark = [
    pytest.mark.usefixtures("patient"),
    pytest.mark.filterwarnings("ignore:A test tried to use socket"),
]


async def test_a_drop_that_the_gateway_delivers_is_seen_before_the_next_look(
    hass: HomeAssistant,
    sim: Simulator,
    device: Device,
    add_pushed: AddEntry,
    until: Until,
) -> None:
    await add_pushed(device)
    await until(lambda: state_of(hass, "sensor.front_desk_state") == "connected")

    sim.world.unlink(device.id)
    await until(lambda: state_of(hass, "sensor.front_desk_state") == "needs_pairing")


async def test_push_is_off_unless_it_is_turned_on(
    hass: HomeAssistant, sim: Simulator, home: str, device: Device, add_entry: AddEntry
) -> None:
    entry = await add_entry(device)
    assert not entry.options
    assert device.webhook is None
    assert "GET /webhook" not in sim.world.requests.by_endpoint


async def test_push_that_is_turned_off_is_taken_down(
    hass: HomeAssistant, home: str, device: Device, add_pushed: AddEntry, until: Until
) -> None:
    entry = await add_pushed(device)
    result = await Options(hass, entry).set_push(on=False)
    assert result["type"] is FlowResultType.CREATE_ENTRY, result
    await hass.async_block_till_done()
    assert device.webhook is None
    assert await answer_to(home, entry) == HTTPStatus.OK  # as to any address that is none of ours

    await turn_on(hass, entry)
    await until(lambda: delivers(device, home))


UNKNOWN = [
    Fault(kind=FaultKind.STATUS, status=404, error="route not found"),
    Fault(kind=FaultKind.HTML, status=404),
    Fault(kind=FaultKind.STATUS, status=405, error="method not allowed"),
    Fault(kind=FaultKind.HTML, status=405),
    Fault(kind=FaultKind.STATUS, status=501, error="not implemented"),
]
"""How a gateway may say that it cannot delete a webhook."""


@pytest.mark.parametrize("unknown", UNKNOWN, ids=lambda one: f"{one.kind}-{one.status}")
async def test_push_is_disabled_where_the_gateway_cannot_delete_it(
    hass: HomeAssistant,
    sim: Simulator,
    home: str,
    device: Device,
    add_entry: AddEntry,
    until: Until,
    unknown: Fault,
) -> None:
    entry = await add_entry(device)
    await turn_on(hass, entry)
    await until(lambda: delivers(device, home))
    sim.world.faults.add(replace(unknown, endpoint="DELETE /webhook"))
    result = await Options(hass, entry).set_push(on=False)
    assert result["type"] is FlowResultType.CREATE_ENTRY, result
    await hass.async_block_till_done()
    assert not delivers(device, home)
    assert device.webhook is not None
    assert not device.webhook.enabled
    assert SECRET_HEADER not in device.webhook.headers

    await turn_on(hass, entry)
    await until(lambda: delivers(device, home))


@pytest.mark.parametrize("status", [401, 403, 500, 503])
async def test_push_that_the_gateway_fails_to_delete_is_told_and_not_disabled(
    hass: HomeAssistant,
    sim: Simulator,
    home: str,
    device: Device,
    add_entry: AddEntry,
    until: Until,
    status: int,
) -> None:
    entry = await add_entry(device)
    await turn_on(hass, entry)
    await until(lambda: delivers(device, home))
    sim.world.requests.reset()
    fault = Fault(kind=FaultKind.STATUS, endpoint="DELETE /webhook", status=status)
    sim.world.faults.add(fault)
    options = Options(hass, entry)
    assert (await options.set_push(on=False))["step_id"] == "left_behind"
    assert "POST /webhook" not in sim.world.requests.by_endpoint

    sim.world.faults.clear()
    assert (await options.answer(left_behind="turn_off"))["type"] is FlowResultType.CREATE_ENTRY
    assert device.webhook is None
    await hass.async_block_till_done()


async def test_a_deletion_that_does_not_show_is_told(
    hass: HomeAssistant,
    sim: Simulator,
    home: str,
    device: Device,
    add_entry: AddEntry,
    until: Until,
) -> None:
    entry = await add_entry(device)
    await turn_on(hass, entry)
    await until(lambda: delivers(device, home))
    body = {"success": True, "message": "Webhook configuration deleted successfully"}
    sim.world.faults.add(
        Fault(kind=FaultKind.BODY, endpoint="DELETE /webhook", status=200, body=body)
    )
    result = await Options(hass, entry).set_push(on=False)
    assert result["step_id"] == "left_behind"
    assert result["errors"] == {"base": "not_verified"}


async def test_a_webhook_that_an_earlier_version_disabled_is_deleted_with_the_account(
    hass: HomeAssistant,
    home: str,
    device: Device,
    add_entry: AddEntry,
    until: Until,
) -> None:
    entry = await add_entry(device)
    await turn_on(hass, entry)
    await until(lambda: delivers(device, home))
    assert device.webhook is not None
    device.webhook = device.webhook.model_copy(update={"enabled": False})
    await hass.config_entries.async_remove(entry.entry_id)
    assert device.webhook is None


async def test_push_of_several_devices_is_taken_down_only_after_a_word(
    hass: HomeAssistant,
    sim: Simulator,
    home: str,
    device: Device,
    add_entry: AddEntry,
    until: Until,
) -> None:
    entry = await add_entry(device)
    await turn_on(hass, entry)
    await until(lambda: delivers(device, home))
    sim.world.requests.reset()
    sim.world.add_device(name="Shop")
    assert device.webhook is not None
    answer = {"success": True, "webhook": device.webhook.rendered()}
    sim.world.faults.add(
        Fault(kind=FaultKind.BODY, endpoint="GET /webhook", status=200, body=answer)
    )
    await hass.config_entries.async_reload(entry.entry_id)
    options = Options(hass, entry)
    assert (await options.set_push(on=False))["step_id"] == "confused"
    assert "DELETE /webhook" not in sim.world.requests.by_endpoint

    sim.world.faults.clear()
    assert (await options.choose("confirm"))["type"] is FlowResultType.CREATE_ENTRY
    assert device.webhook is None
    await hass.async_block_till_done()


async def test_a_removed_account_takes_no_webhook_down_that_may_be_another_devices(
    hass: HomeAssistant,
    sim: Simulator,
    home: str,
    device: Device,
    add_entry: AddEntry,
    until: Until,
    caplog: pytest.LogCaptureFixture,
) -> None:
    entry = await add_entry(device)
    await turn_on(hass, entry)
    await until(lambda: delivers(device, home))
    sim.world.requests.reset()
    sim.world.add_device(name="Shop")
    assert device.webhook is not None
    body = {"success": True, "webhook": device.webhook.rendered()}
    sim.world.faults.add(Fault(kind=FaultKind.BODY, endpoint="GET /webhook", status=200, body=body))
    await hass.config_entries.async_remove(entry.entry_id)
    assert not {"DELETE /webhook", "POST /webhook"} & sim.world.requests.by_endpoint.keys()
    assert "still delivers to a webhook that no longer exists" in caplog.text


async def test_a_removed_account_takes_its_webhooks_down(
    hass: HomeAssistant, home: str, device: Device, add_pushed: AddEntry
) -> None:
    entry = await add_pushed(device)
    await hass.config_entries.async_remove(entry.entry_id)
    assert not delivers(device, home)


async def test_an_account_is_removed_though_the_gateway_is_down(
    hass: HomeAssistant,
    sim: Simulator,
    device: Device,
    add_pushed: AddEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    entry = await add_pushed(device)
    sim.world.break_for(3600)
    await hass.config_entries.async_remove(entry.entry_id)
    assert "still delivers to a webhook that no longer exists" in caplog.text


async def test_a_removed_device_takes_its_webhook_down_and_the_others_keep_theirs(
    hass: HomeAssistant,
    sim: Simulator,
    home: str,
    device: Device,
    add_pushed: AddEntry,
    until: Until,
) -> None:
    other = sim.world.add_device(name="Shop", state="connected")
    entry = await add_pushed(device, other)
    removed = next(one for one in entry.subentries.values() if one.unique_id == device.id)
    hass.config_entries.async_remove_subentry(entry, removed.subentry_id)
    await until(lambda: not delivers(device, home))
    assert delivers(other, home)


async def test_a_webhook_of_someone_else_outlives_the_account(
    hass: HomeAssistant,
    sim: Simulator,
    device: Device,
    add_pushed: AddEntry,
) -> None:
    entry = await add_pushed(device)
    await set_stranger(sim, device)
    await hass.config_entries.async_remove(entry.entry_id)
    assert device.webhook is not None
    assert device.webhook.url == STRANGER
    assert device.webhook.enabled


async def test_an_address_that_is_lost_turns_push_into_polling(
    hass: HomeAssistant,
    device: Device,
    add_pushed: AddEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    entry = await add_pushed(device)
    await hass.config.async_update(external_url=None)
    await hass.config_entries.async_reload(entry.entry_id)
    assert entry.state is ConfigEntryState.LOADED
    assert "push needs an external https:// URL" in caplog.text


async def test_an_address_that_moves_is_told_to_the_gateway(
    hass: HomeAssistant, home: str, device: Device, add_pushed: AddEntry, until: Until
) -> None:
    entry = await add_pushed(device)
    await hass.config.async_update(external_url="https://home.example.com")
    await hass.config_entries.async_reload(entry.entry_id)
    await until(lambda: delivers(device, "https://home.example.com/"))


async def test_a_gateway_that_takes_no_webhook_is_asked_again(
    hass: HomeAssistant,
    sim: Simulator,
    home: str,
    device: Device,
    add_entry: AddEntry,
    until: Until,
) -> None:
    entry = await add_entry(device)
    fault = Fault(kind=FaultKind.STATUS, endpoint="POST /webhook", status=503, times=2)
    sim.world.faults.add(fault)
    await turn_on(hass, entry)
    await until(lambda: delivers(device, home))


async def test_a_device_that_is_gone_keeps_nobody_from_push(
    hass: HomeAssistant,
    sim: Simulator,
    home: str,
    device: Device,
    add_entry: AddEntry,
    until: Until,
) -> None:
    gone = sim.world.add_device(name="Shop", state="connected")
    entry = await add_entry(gone, device)
    sim.world.remove(gone.id)
    await turn_on(hass, entry)
    await until(lambda: delivers(device, home))
    result = await Options(hass, entry).set_push(on=False)
    assert result["type"] is FlowResultType.CREATE_ENTRY, result
    await hass.async_block_till_done()
    assert not delivers(device, home)
