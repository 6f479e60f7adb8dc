"""A dialog that is closed answers nothing: what it asked stays asked, in the repairs."""

import pytest
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from tests.custom_components.wuts.alerts.test_questions import (
    OTHER,
    PHONE,
    ask_about_another_phone,
    questions,
    scan,
)
from tests.custom_components.wuts.dialog import Dialog
from tests.custom_components.wuts.helpers import (
    AddEntry,
    Until,
    forget_memory,
    issues_of,
    read_qr,
    restart_issues,
    state_of,
)
from tests.custom_components.wuts.pushing import STRANGER, Options, set_stranger
from tests.custom_components.wuts.test_repairs import RepairDialog
from tests.custom_components.wuts.test_unchecked import number_of
from wuts_simulator import Device, Simulator

pytestmark = pytest.mark.usefixtures("hass_storage")


@pytest.fixture
def device(sim: Simulator) -> Device:
    return sim.world.add_device(name="Front desk", state="connected", phone=PHONE)


def close(dialog: Dialog) -> None:
    dialog.hass.config_entries.subentries.async_abort(dialog.result["flow_id"])


@pytest.mark.parametrize("outcome", ["wrong_account", "unchecked"])
async def test_a_device_s_dialog_that_is_closed_before_it_unlinks_leaves_the_question(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry, outcome: str
) -> None:
    entry = await add_entry(device)
    dialog = await scan(hass, sim, entry, outcome)
    sim.world.add_device(name="Shop", state="connected")
    assert (await dialog.choose("unlink_account"))["step_id"] == "confirm_unlink"
    close(dialog)
    await restart_issues(hass)
    await forget_memory(hass, entry)
    asked = {"wrong_account": "wrong_account", "unchecked": "unchecked_account"}[outcome]
    assert (questions(hass), number_of(entry)) == ({asked}, PHONE)
    assert device.jid is not None


async def test_a_dialog_that_is_closed_right_after_the_scan_leaves_the_question(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry, until: Until
) -> None:
    entry = await add_entry(device)
    sim.world.unlink(device.id)
    await until(lambda: state_of(hass, "sensor.front_desk_state") == "needs_pairing")
    dialog = await Dialog.again(hass, entry)
    await dialog.choose("qr")
    sim.world.scan(read_qr((await dialog.shows("qr"))["qr"]), OTHER)
    close(dialog)
    await until(lambda: questions(hass) == {"wrong_account"})
    assert number_of(entry) == PHONE


async def test_a_repair_that_pairs_again_and_is_closed_leaves_the_question(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    sim: Simulator,
    device: Device,
    add_entry: AddEntry,
    until: Until,
) -> None:
    entry = await add_entry(device)
    http = await hass_client()
    sim.world.unlink(device.id)
    await until(lambda: issues_of(hass, "needs_pairing"))
    dialog = RepairDialog(http, f"needs_pairing_{entry.entry_id}_{device.id}")
    await dialog.open()
    await dialog.choose("qr")
    await dialog.until(lambda result: result.get("step_id") == "qr")
    sim.world.scan(read_qr(dialog.result["description_placeholders"]["qr"]), OTHER)
    await dialog.until(lambda result: result.get("step_id") == "wrong_account")
    await http.delete(f"/api/repairs/issues/fix/{dialog.result['flow_id']}")
    await restart_issues(hass)
    await forget_memory(hass, entry)
    assert (questions(hass), number_of(entry)) == ({"wrong_account"}, PHONE)


@pytest.mark.parametrize("step", ["question", "confirm_unlink"])
async def test_a_repair_that_asks_about_a_phone_and_is_closed_leaves_the_question(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    sim: Simulator,
    device: Device,
    add_entry: AddEntry,
    until: Until,
    step: str,
) -> None:
    entry = await add_entry(device)
    http = await hass_client()
    dialog = await ask_about_another_phone(hass, http, sim, device, until)
    if step == "confirm_unlink":
        sim.world.add_device(name="Shop", state="connected")
        await dialog.choose("unlink")
    assert dialog.result["step_id"] == step
    await http.delete(f"/api/repairs/issues/fix/{dialog.result['flow_id']}")
    await restart_issues(hass)
    await forget_memory(hass, entry)
    assert (questions(hass), number_of(entry)) == ({"wrong_account"}, PHONE)
    assert device.jid is not None


async def test_options_that_are_closed_at_their_question_leave_the_repair_and_the_webhook(
    hass: HomeAssistant,
    home: str,
    device: Device,
    add_pushed: AddEntry,
    sim: Simulator,
    until: Until,
) -> None:
    entry = await add_pushed(device)
    await set_stranger(sim, device)
    await hass.config_entries.async_reload(entry.entry_id)
    await until(lambda: issues_of(hass, "push_taken"))
    options = Options(hass, entry)
    assert (await options.set_push(on=True))["step_id"] == "strangers"
    hass.config_entries.options.async_abort(options.result["flow_id"])
    await hass.async_block_till_done()
    assert issues_of(hass, "push_taken")
    assert device.webhook is not None
    assert device.webhook.url == STRANGER
