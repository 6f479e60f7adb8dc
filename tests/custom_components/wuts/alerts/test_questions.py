"""What a pairing has to ask about a phone stays asked until a person answers."""

from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.wuts.alerts.issues import Text, async_raise_issue
from custom_components.wuts.const import CONF_PHONE_NUMBER, DOMAIN
from tests.custom_components.wuts.dialog import Dialog
from tests.custom_components.wuts.helpers import (
    AddEntry,
    Until,
    forget_memory,
    read_qr,
    restart_issues,
    state_of,
)
from tests.custom_components.wuts.test_repairs import RepairDialog
from tests.custom_components.wuts.test_unchecked import hide_numbers, number_of
from wuts_simulator import Device, Simulator

PHONE = "5511988887777"
OTHER = "5511977776666"


pytestmark = pytest.mark.usefixtures("hass_storage")


@pytest.fixture
def device(sim: Simulator) -> Device:
    return sim.world.add_device(name="Front desk", state="connected", phone=PHONE)


def questions(hass: HomeAssistant) -> set[str | None]:
    """Return the questions that are shown."""
    keys = {"wrong_account", "unchecked_account"}
    found = ir.async_get(hass).issues.values()
    return {one.translation_key for one in found if one.active} & keys


async def scan(hass: HomeAssistant, sim: Simulator, entry: MockConfigEntry, outcome: str) -> Dialog:
    """Let another phone, or one without a number, scan the QR of the device's dialog."""
    (device,) = sim.world.registry.devices.values()
    sim.world.unlink(device.id)
    if outcome == "unchecked":
        hide_numbers(sim)
    dialog = await Dialog.again(hass, entry)
    await dialog.choose("qr")
    phone = OTHER if outcome == "wrong_account" else PHONE
    sim.world.scan(read_qr((await dialog.shows("qr"))["qr"]), phone)
    assert (await dialog.ends())["step_id"] == outcome
    return dialog


@pytest.mark.parametrize("outcome", ["wrong_account", "unchecked"])
async def test_a_question_whose_dialog_is_closed_stays_asked_over_a_restart(
    hass: HomeAssistant,
    sim: Simulator,
    device: Device,
    add_entry: AddEntry,
    outcome: str,
) -> None:
    entry = await add_entry(device)
    dialog = await scan(hass, sim, entry, outcome)
    key = {"wrong_account": "wrong_account", "unchecked": "unchecked_account"}[outcome]
    hass.config_entries.subentries.async_abort(dialog.result["flow_id"])
    assert questions(hass) == {key}

    await restart_issues(hass)
    await forget_memory(hass, entry)
    assert questions(hass) == {key}
    assert number_of(entry) == PHONE

    again = await Dialog.again(hass, entry)
    await again.choose("qr")
    assert (await again.ends())["step_id"] == outcome
    assert (await again.choose("keep_account"))["reason"] == "paired"
    assert questions(hass) == set()
    assert number_of(entry) == (OTHER if outcome == "wrong_account" else PHONE)


async def test_a_question_of_a_repair_that_is_closed_stays_asked(
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
    await until(lambda: state_of(hass, "sensor.front_desk_state") == "needs_pairing")
    hide_numbers(sim)
    dialog = RepairDialog(http, f"needs_pairing_{entry.entry_id}_{device.id}")
    await dialog.open()
    await dialog.choose("qr")
    await dialog.until(lambda result: result.get("step_id") == "qr")
    device_qr = dialog.result["description_placeholders"]["qr"]
    sim.world.scan(read_qr(device_qr), PHONE)
    await dialog.until(lambda result: result.get("step_id") == "unchecked")
    assert questions(hass) == {"unchecked_account"}
    await http.delete(f"/api/repairs/issues/fix/{dialog.result['flow_id']}")
    await restart_issues(hass)
    assert questions(hass) == {"unchecked_account"}


@pytest.mark.parametrize("outcome", ["wrong_account", "unchecked"])
async def test_a_phone_that_is_unlinked_answers_the_question(
    hass: HomeAssistant,
    sim: Simulator,
    device: Device,
    add_entry: AddEntry,
    outcome: str,
) -> None:
    entry = await add_entry(device)
    dialog = await scan(hass, sim, entry, outcome)
    assert (await dialog.choose("unlink_account"))["step_id"] == "pair"
    assert questions(hass) == set()
    assert number_of(entry) == PHONE


async def test_a_phone_that_is_linked_while_nobody_looks_is_asked_about(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry, until: Until
) -> None:
    entry = await add_entry(device)
    await hass.config_entries.async_unload(entry.entry_id)
    sim.world.unlink(device.id)
    sim.world.sessions.store_credentials(device, OTHER)
    sim.world.restore(device.id)
    await hass.config_entries.async_setup(entry.entry_id)
    await until(lambda: questions(hass) == {"wrong_account"})
    assert number_of(entry) == PHONE

    sim.world.sessions.store_credentials(device, PHONE)
    await until(lambda: questions(hass) == set())


async def test_a_question_that_is_ignored_stays_ignored(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry, until: Until
) -> None:
    entry = await add_entry(device)
    sim.world.sessions.store_credentials(device, OTHER)
    await until(lambda: questions(hass) == {"wrong_account"})
    issue_id = f"wrong_account_{device.id}"
    ir.async_ignore_issue(hass, DOMAIN, issue_id, True)
    asked = sim.world.requests.by_endpoint
    before = asked["GET /devices"]
    await until(lambda: asked["GET /devices"] >= before + 2)
    await restart_issues(hass)
    await forget_memory(hass, entry)
    await until(lambda: asked["GET /devices"] >= before + 5)
    issue = ir.async_get(hass).async_get_issue(DOMAIN, issue_id)
    assert issue is not None
    assert issue.dismissed_version is not None


async def test_a_number_in_another_spelling_is_no_other_phone(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry, until: Until
) -> None:
    entry = await add_entry(device)
    device.jid = "551188887777:4@s.whatsapp.net"
    asked = sim.world.requests.by_endpoint
    before = asked["GET /devices"]
    await until(lambda: asked["GET /devices"] >= before + 3)
    assert questions(hass) == set()
    (subentry,) = entry.subentries.values()
    assert subentry.data[CONF_PHONE_NUMBER] == PHONE


async def ask_about_another_phone(
    hass: HomeAssistant, http: TestClient[Any, Any], sim: Simulator, device: Device, until: Until
) -> RepairDialog:
    """Link another phone elsewhere, and open the repair that asks about it."""
    sim.world.sessions.store_credentials(device, OTHER)
    await until(lambda: questions(hass) == {"wrong_account"})
    dialog = RepairDialog(http, f"wrong_account_{device.id}")
    result = await dialog.open()
    assert (result["step_id"], result["menu_options"]) == ("question", ["keep", "unlink"])
    assert result["description_placeholders"] == {
        "name": "Front desk",
        "linked": "+55 11 97777-6666",
        "expected": "+55 11 98888-7777",
    }
    return dialog


async def test_a_phone_is_kept_in_the_repair_and_expected_after_a_restart(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    sim: Simulator,
    device: Device,
    add_entry: AddEntry,
    until: Until,
) -> None:
    entry = await add_entry(device)
    dialog = await ask_about_another_phone(hass, await hass_client(), sim, device, until)
    assert (await dialog.choose("keep"))["type"] == "create_entry"
    assert (questions(hass), number_of(entry)) == (set(), OTHER)

    await restart_issues(hass)
    await forget_memory(hass, entry)
    sim.world.sessions.store_credentials(device, PHONE)
    await until(lambda: questions(hass) == {"wrong_account"})


async def test_only_the_phone_that_the_repair_asked_about_can_be_kept(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    sim: Simulator,
    device: Device,
    add_entry: AddEntry,
    until: Until,
) -> None:
    entry = await add_entry(device)
    dialog = await ask_about_another_phone(hass, await hass_client(), sim, device, until)
    devices = entry.runtime_data.supervisor.devices(entry.entry_id)
    sim.world.sessions.store_credentials(device, "447911123456")
    await until(lambda: devices[device.id].linked_number == "447911123456")
    assert (await dialog.choose("keep"))["reason"] == "question_changed"
    assert (questions(hass), number_of(entry)) == ({"wrong_account"}, PHONE)
    result = await dialog.open()
    assert result["description_placeholders"]["linked"] == "+44 7911 123456"
    assert (await dialog.choose("keep"))["type"] == "create_entry"
    assert number_of(entry) == "447911123456"


async def test_a_phone_is_unlinked_in_the_repair_and_the_old_one_still_expected(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    sim: Simulator,
    device: Device,
    add_entry: AddEntry,
    until: Until,
) -> None:
    entry = await add_entry(device)
    dialog = await ask_about_another_phone(hass, await hass_client(), sim, device, until)
    assert (await dialog.choose("unlink"))["type"] == "create_entry"
    assert device.jid is None
    assert (questions(hass), number_of(entry)) == (set(), PHONE)
    await until(lambda: state_of(hass, "sensor.front_desk_state") == "needs_pairing")
    devices = entry.runtime_data.supervisor.devices(entry.entry_id)
    assert devices[device.id].expected_number == PHONE


async def test_a_question_of_an_earlier_version_is_still_asked(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    sim: Simulator,
    device: Device,
    add_entry: AddEntry,
) -> None:
    hide_numbers(sim)
    async_raise_issue(hass, "unchecked_account", device.id, Text({"name": "Front desk"}))
    entry = await add_entry(device)
    dialog = RepairDialog(await hass_client(), f"unchecked_account_{device.id}")
    result = await dialog.open()
    assert result["description_placeholders"]["expected"] == "+55 11 98888-7777"
    assert (await dialog.choose("keep"))["type"] == "create_entry"
    await restart_issues(hass)
    await forget_memory(hass, entry)
    assert questions(hass) == set()
