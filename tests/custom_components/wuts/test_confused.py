"""While a gateway answers about other devices, nothing is sent that changes one."""

import re
from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.wuts.account.changes import logout
from custom_components.wuts.core.errors import WrongDeviceError
from custom_components.wuts.core.supervisor import AlertKind
from custom_components.wuts.core.webhooks import WebhookConfig
from tests.custom_components.wuts.dialog import Dialog
from tests.custom_components.wuts.files import INTEGRATION, read_json
from tests.custom_components.wuts.helpers import (
    AddEntry,
    Until,
    disconnect,
    forget_memory,
    issues_of,
    read_qr,
    state_of,
)
from tests.custom_components.wuts.pushing import STRANGER, Options, delivers, turn_on
from wuts_simulator import Device, Fault, FaultKind, Simulator

pytestmark = pytest.mark.filterwarnings("ignore:A test tried to use socket")

CHANGES = {"POST /disconnect", "POST /logout", "POST /webhook", "DELETE /webhook"}
OTHER = "5511977776666"


@pytest.fixture
def desk(sim: Simulator) -> Device:
    return sim.world.add_device(name="Front desk", state="connected", phone="5511988887777")


@pytest.fixture
def shop(sim: Simulator) -> Device:
    return sim.world.add_device(name="Shop", state="connected")


def changes(sim: Simulator) -> set[str]:
    """Return which calls were made that change a device."""
    return CHANGES & sim.world.requests.by_endpoint.keys()


async def confuse(hass: HomeAssistant, sim: Simulator, device: Device, until: Until) -> None:
    """Let the gateway answer about another device until `sim.world.faults` are cleared."""
    for endpoint in ("POST /connect", "GET /status"):
        sim.world.faults.add(
            Fault(
                kind=FaultKind.WRONG_DEVICE, endpoint=endpoint, device_id=device.id, body="another"
            )
        )
    sim.world.drop(device.id)
    await until(lambda: issues_of(hass, "wrong_device"))
    sim.world.requests.reset()


async def set_options(hass: HomeAssistant, entry: MockConfigEntry, **options: Any) -> None:  # noqa: ANN401
    hass.config_entries.async_update_entry(entry, options={**entry.options, **options})
    await hass.async_block_till_done()


@pytest.mark.parametrize("how", ["button", "action"])
async def test_no_device_is_disconnected_until_the_answers_are_right(
    hass: HomeAssistant,
    sim: Simulator,
    desk: Device,
    shop: Device,
    add_entry: AddEntry,
    until: Until,
    how: str,
) -> None:
    entry = await add_entry(desk, shop)
    await set_options(hass, entry, may_confuse_devices=True)
    await confuse(hass, sim, shop, until)
    with pytest.raises(HomeAssistantError) as raised:
        await disconnect(hass, desk, how)
    assert raised.value.translation_key == "confuses_devices"
    assert changes(sim) == set()
    assert state_of(hass, "sensor.front_desk_state") == "connected"

    sim.world.faults.clear()
    await until(lambda: not issues_of(hass, "wrong_device"))
    await disconnect(hass, desk, how)
    assert not desk.is_connected


async def test_what_is_known_of_the_answers_outlives_a_restart_and_a_right_one_ends_it(
    hass: HomeAssistant,
    sim: Simulator,
    desk: Device,
    shop: Device,
    add_entry: AddEntry,
    until: Until,
) -> None:
    entry = await add_entry(desk, shop)
    await set_options(hass, entry, may_confuse_devices=True)
    await confuse(hass, sim, shop, until)
    await hass.config_entries.async_unload(entry.entry_id)
    sim.world.faults.clear()
    sim.world.restore(shop.id)
    await until(lambda: shop.is_connected)
    await forget_memory(hass, entry)
    await until(lambda: issues_of(hass, "wrong_device"))
    with pytest.raises(HomeAssistantError) as raised:
        await disconnect(hass, desk, "action")
    assert raised.value.translation_key == "confuses_devices"
    assert changes(sim) == set()

    await until(lambda: not issues_of(hass, "wrong_device"))
    await disconnect(hass, desk, "action")
    assert not desk.is_connected


async def test_an_unlinking_that_is_answered_wrongly_raises_the_alert_at_once(
    hass: HomeAssistant, sim: Simulator, desk: Device, shop: Device, add_entry: AddEntry
) -> None:
    entry = await add_entry(desk, shop)
    sim.world.faults.add(
        Fault(
            kind=FaultKind.WRONG_DEVICE, endpoint="POST /logout", device_id=desk.id, body="another"
        )
    )
    coordinator = entry.runtime_data
    with pytest.raises(WrongDeviceError):
        await logout(hass, entry, coordinator.client, desk.id)
    kinds = {alert.kind for alert in coordinator.supervisor.open_alerts()}
    assert AlertKind.WRONG_DEVICE in kinds


@pytest.mark.parametrize("how", ["account", "device"])
async def test_no_removed_device_is_logged_out(
    hass: HomeAssistant,
    sim: Simulator,
    desk: Device,
    shop: Device,
    add_entry: AddEntry,
    until: Until,
    how: str,
) -> None:
    entry = await add_entry(desk, shop)
    await set_options(hass, entry, log_out_removed=True, may_confuse_devices=True)
    await confuse(hass, sim, shop, until)
    if how == "account":
        await hass.config_entries.async_remove(entry.entry_id)
    else:
        removed = next(one for one in entry.subentries.values() if one.unique_id == desk.id)
        hass.config_entries.async_remove_subentry(entry, removed.subentry_id)
    told = await until(lambda: issues_of(hass, "still_linked"))
    assert len(told) == (2 if how == "account" else 1)
    assert {one.translation_key for one in told} == {"still_linked_in_doubt"}
    assert changes(sim) == set()
    await hass.async_block_till_done()


async def test_no_phone_is_unlinked_in_a_dialog(
    hass: HomeAssistant,
    sim: Simulator,
    desk: Device,
    shop: Device,
    add_entry: AddEntry,
    until: Until,
) -> None:
    entry = await add_entry(desk, shop)
    sim.world.unlink(desk.id)
    (subentry_id,) = [
        one.subentry_id for one in entry.subentries.values() if one.unique_id == desk.id
    ]
    dialog = Dialog(hass, await entry.start_subentry_reconfigure_flow(hass, subentry_id))
    await dialog.choose("qr")
    sim.world.scan(read_qr((await dialog.shows("qr"))["qr"]), OTHER)
    assert (await dialog.ends())["step_id"] == "wrong_account"
    await confuse(hass, sim, shop, until)
    result = await dialog.choose("unlink_account")
    assert result["step_id"] == "failed"
    assert result["errors"] == {"base": "confuses_devices"}
    assert changes(sim) == set()
    assert desk.phone == OTHER


async def test_no_phone_is_unlinked_once_the_answers_turn_wrong_while_a_person_is_asked(
    hass: HomeAssistant,
    sim: Simulator,
    desk: Device,
    shop: Device,
    add_entry: AddEntry,
    until: Until,
) -> None:
    entry = await add_entry(desk, shop)
    sim.world.unlink(desk.id)
    (subentry_id,) = [
        one.subentry_id for one in entry.subentries.values() if one.unique_id == desk.id
    ]
    dialog = Dialog(hass, await entry.start_subentry_reconfigure_flow(hass, subentry_id))
    await dialog.choose("qr")
    sim.world.scan(read_qr((await dialog.shows("qr"))["qr"]), OTHER)
    await dialog.ends()
    assert (await dialog.choose("unlink_account"))["step_id"] == "confirm_unlink"
    await confuse(hass, sim, shop, until)
    assert (await dialog.choose("unlink_anyway"))["step_id"] == "failed"
    assert changes(sim) == set()


async def push_account(
    hass: HomeAssistant, home: str, add_entry: AddEntry, until: Until, *devices: Device
) -> MockConfigEntry:
    entry = await add_entry(*devices)
    await turn_on(hass, entry)
    await until(lambda: all(delivers(device, home) for device in devices))
    return entry


async def test_no_webhook_is_put_up_until_the_answers_are_right(
    hass: HomeAssistant,
    sim: Simulator,
    home: str,
    desk: Device,
    shop: Device,
    add_entry: AddEntry,
    until: Until,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("custom_components.wuts.push.push.RETRY_AFTER", 0.1)
    entry = await push_account(hass, home, add_entry, until, desk, shop)
    desk.webhook = None
    await confuse(hass, sim, shop, until)
    await hass.config_entries.async_reload(entry.entry_id)
    (issue,) = await until(lambda: issues_of(hass, "push_stopped"))
    assert issue.translation_key == "push_stopped_in_doubt"
    assert changes(sim) == set()

    sim.world.faults.clear()
    await until(lambda: delivers(desk, home))
    await until(lambda: not issues_of(hass, "push_stopped"))


async def test_push_cannot_be_turned_on_and_is_turned_off_here_alone(
    hass: HomeAssistant,
    sim: Simulator,
    home: str,
    desk: Device,
    shop: Device,
    add_entry: AddEntry,
    until: Until,
) -> None:
    entry = await push_account(hass, home, add_entry, until, desk, shop)
    await confuse(hass, sim, shop, until)
    options = Options(hass, entry)
    result = await options.set_push(on=True)
    assert result["errors"] == {"base": "confuses_devices"}

    result = await options.again(on=False)
    assert result["step_id"] == "left_behind"
    assert result["errors"] == {"base": "confuses_devices"}
    result = await options.answer(left_behind="turn_off_anyway")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert changes(sim) == set()
    assert delivers(desk, home)
    await hass.async_block_till_done()


async def test_no_webhook_of_a_stranger_is_replaced_once_the_answers_turn_wrong(
    hass: HomeAssistant,
    sim: Simulator,
    home: str,
    desk: Device,
    shop: Device,
    add_entry: AddEntry,
    until: Until,
) -> None:
    entry = await add_entry(desk, shop)
    config = WebhookConfig(url=STRANGER, events=("device.connected",))
    for device in (desk, shop):
        await entry.runtime_data.client.set_webhook(config, device.id)
    options = Options(hass, entry)
    assert (await options.set_push(on=True))["step_id"] == "strangers"
    await confuse(hass, sim, shop, until)
    result = await options.choose("replace")
    assert result["errors"] == {"base": "confuses_devices"}
    assert changes(sim) == set()


async def test_no_webhook_of_a_removed_account_is_taken_down(
    hass: HomeAssistant,
    sim: Simulator,
    home: str,
    desk: Device,
    shop: Device,
    add_entry: AddEntry,
    until: Until,
    caplog: pytest.LogCaptureFixture,
) -> None:
    entry = await push_account(hass, home, add_entry, until, desk, shop)
    await confuse(hass, sim, shop, until)
    await hass.config_entries.async_remove(entry.entry_id)
    assert changes(sim) == set()
    assert "still delivers to a webhook that no longer exists" in caplog.text


def test_a_device_is_changed_by_one_module_alone() -> None:
    """Whoever calls the client, or `verified`, himself does not look whether he may."""
    calls = "logout|set_webhook|delete_webhook|disconnect|delete_device"
    direct = rf"(?:client|verified)\.(?:{calls})\("
    files = [one for one in INTEGRATION.rglob("*.py") if INTEGRATION / "core" not in one.parents]
    assert len(files) > 30
    found = {one.name for one in files if re.search(direct, one.read_text("utf-8"))}
    assert found == {"changes.py"}


@pytest.mark.parametrize("language", ["en", "pt-BR"])
def test_why_nothing_was_sent_is_told_in_the_users_language(language: str) -> None:
    texts = read_json(f"translations/{language}.json")
    message = texts["exceptions"]["confuses_devices"]["message"]
    assert message == texts["options"]["error"]["confuses_devices"]
    assert ("nothing was sent" if language == "en" else "nada foi enviado") in message
