import asyncio

import pytest
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, UnknownFlow

from custom_components.wuts.const import CONF_DEVICE_ID, CONF_PHONE_NUMBER
from custom_components.wuts.core.pairing import PAIRINGS
from tests.custom_components.wuts.dialog import Dialog
from tests.custom_components.wuts.helpers import AddEntry, Result, Until, read_qr, state_of
from wuts_simulator import Fault, FaultKind, Simulator

PHONE = "5511988887777"
OTHER = "5511977776666"
ALL, NEW = "all_devices", "new_device"


def options(result: Result) -> dict[str, str]:
    selector = result["data_schema"].schema[CONF_DEVICE_ID]
    return {option["value"]: option["label"] for option in selector.config["options"]}


def subentries(entry: ConfigEntry) -> list[tuple[str, str | None]]:
    return [
        (subentry.title, subentry.data[CONF_PHONE_NUMBER]) for subentry in entry.subentries.values()
    ]


async def test_a_connected_device_is_added_at_once(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry, until: Until
) -> None:
    entry = await add_entry()
    device = sim.world.add_device(name="Front desk", state="connected", phone=PHONE)
    dialog = await Dialog.add(hass, entry)
    result = await dialog.answer(device_id=device.id)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert subentries(entry) == [("Front desk", PHONE)]
    await until(lambda: hass.states.get("sensor.front_desk_state"))
    assert state_of(hass, "sensor.front_desk_state") == "connected"


async def test_devices_are_listed_with_their_state_and_those_added_are_left_out(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry
) -> None:
    entry = await add_entry(sim.world.add_device(name="Here", state="connected"))
    connected = sim.world.add_device(name="A", state="connected", phone=PHONE)
    offline = sim.world.add_device(name="B", state="disconnected", phone=OTHER)
    fresh = sim.world.add_device(name="C")
    dialog = await Dialog.add(hass, entry)
    assert options(dialog.result) == {
        connected.id: "A · +55 11 98888-7777 · ✓",
        offline.id: "B · +55 11 97777-6666",
        fresh.id: "C",
        ALL: ALL,  # Home Assistant names these two, in the language of whoever reads
        NEW: NEW,
    }


def qr_in(result: Result) -> str:
    return str(result["description_placeholders"].get("qr", ""))


@pytest.mark.short_qr
async def test_a_new_device_is_paired_by_a_qr_that_replaces_itself(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry, until: Until
) -> None:
    entry = await add_entry()
    sim.world.add_device(name="Other")
    dialog = await Dialog.add(hass, entry)
    assert (await dialog.answer(device_id=NEW))["step_id"] == "name"
    assert (await dialog.answer(device_name="Kitchen"))["step_id"] == "pair"
    assert (await dialog.choose("qr"))["type"] is FlowResultType.SHOW_PROGRESS

    first = (await dialog.shows("qr"))["qr"]
    # While the next one is on its way there is none.
    await dialog.until(lambda result: qr_in(result) not in {"", first})
    second = qr_in(dialog.result)
    assert read_qr(first) != read_qr(second)

    sim.world.scan(read_qr(second), PHONE)
    await dialog.shows("scanned")
    result = await dialog.ends()
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert subentries(entry) == [("Kitchen", PHONE)]
    await until(lambda: hass.states.get("binary_sensor.kitchen_connectivity"))
    assert state_of(hass, "binary_sensor.kitchen_connectivity") == "on"


async def test_a_code_pairs_the_device_too(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry
) -> None:
    entry = await add_entry()
    dialog = await Dialog.add(hass, entry)
    await dialog.answer(device_name="Kitchen")
    await dialog.choose("phone")
    result = await dialog.answer(phone_number="12")
    assert result["errors"] == {"phone_number": "invalid_phone_number"}

    await dialog.answer(phone_number="+55 11 98888-7777")
    code = (await dialog.shows("code"))["code"]
    (device,) = sim.world.registry.devices.values()
    sim.world.enter_code(device.id, code)
    assert (await dialog.ends())["type"] is FlowResultType.CREATE_ENTRY
    assert subentries(entry) == [("Kitchen", PHONE)]


async def test_a_name_that_is_none_is_told(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry
) -> None:
    dialog = await Dialog.add(hass, await add_entry())
    assert (await dialog.answer(device_name=" "))["errors"] == {"device_name": "invalid_name"}
    sim.world.faults.add(Fault(kind=FaultKind.RESET, endpoint="POST /devices", times=1))
    assert (await dialog.answer(device_name="A"))["errors"] == {"base": "cannot_connect"}
    assert (await dialog.answer(device_name="A"))["step_id"] == "pair"


@pytest.mark.parametrize(
    ("status", "reason"), [(401, "invalid_auth"), (503, "gateway_down"), (418, "unexpected_answer")]
)
async def test_a_gateway_that_does_not_list_ends_the_dialog_in_words(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry, status: int, reason: str
) -> None:
    entry = await add_entry()
    await hass.config_entries.async_unload(entry.entry_id)
    sim.world.faults.add(Fault(kind=FaultKind.STATUS, endpoint="GET /devices", status=status))
    assert (await Dialog.add(hass, entry)).result["reason"] == reason


async def test_closing_the_dialog_stops_everything(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry, until: Until
) -> None:
    entry = await add_entry()
    dialog = await Dialog.add(hass, entry)
    await dialog.answer(device_name="Kitchen")
    await dialog.choose("qr")
    await dialog.shows("qr")
    (device,) = sim.world.registry.devices.values()
    assert PAIRINGS.owner(sim.url, device.id) == "Home Assistant"

    hass.config_entries.subentries.async_abort(dialog.result["flow_id"])
    await until(lambda: PAIRINGS.owner(sim.url, device.id) is None)
    with pytest.raises(UnknownFlow):
        await dialog.read()
    names = {task.get_name() for task in asyncio.all_tasks()}
    assert not [name for name in names if name.startswith("pairing")]


async def test_home_assistant_may_stop_while_a_dialog_is_open(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry
) -> None:
    dialog = await Dialog.add(hass, await add_entry())
    await dialog.answer(device_name="Kitchen")
    await dialog.choose("qr")
    await dialog.shows("qr")
    await hass.async_stop()
    names = {task.get_name() for task in asyncio.all_tasks()}
    assert not [name for name in names if name.startswith("pairing")]


async def test_after_the_deadline_it_offers_to_start_again(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry, short_deadline: None
) -> None:
    entry = await add_entry()
    dialog = await Dialog.add(hass, entry)
    await dialog.answer(device_name="Kitchen")
    await dialog.choose("qr")
    result = await dialog.ends()
    assert result["step_id"] == "failed"
    assert result["errors"] == {"base": "pairing_deadline_passed"}
    assert result["description_placeholders"] == {"name": "Kitchen"}
    # A page that is loaded again reads the step again.
    again = await dialog.read()
    assert again["errors"] == result["errors"]

    await dialog.answer(method="qr")
    sim.world.scan(read_qr((await dialog.shows("qr"))["qr"]), PHONE)
    assert (await dialog.ends())["type"] is FlowResultType.CREATE_ENTRY


async def test_a_qr_that_whatsapp_does_not_give_is_waited_for(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry
) -> None:
    dialog = await Dialog.add(hass, await add_entry())
    await dialog.answer(device_name="Kitchen")
    sim.world.faults.add(Fault(kind=FaultKind.STATUS, endpoint="GET /qr", status=500, times=1))
    await dialog.choose("qr")
    await dialog.shows("waiting")
    await dialog.shows("qr")


@pytest.mark.parametrize(
    ("status", "reason"),
    [(401, "token_refused"), (403, "not_allowed"), (404, "device_gone")],
)
async def test_what_starting_again_does_not_mend_ends_the_dialog(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry, status: int, reason: str
) -> None:
    dialog = await Dialog.add(hass, await add_entry())
    await dialog.answer(device_name="Kitchen")
    sim.world.faults.add(Fault(kind=FaultKind.STATUS, endpoint="GET /status", status=status))
    await dialog.choose("qr")
    assert (await dialog.ends())["reason"] == reason


async def test_a_dialog_that_was_lost_gives_way_to_the_next(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry
) -> None:
    entry = await add_entry(sim.world.add_device(name="Front desk"))
    lost = await Dialog.again(hass, entry)
    await lost.choose("qr")
    await lost.shows("qr")
    dialog = await Dialog.again(hass, entry)
    await dialog.choose("qr")
    texts = await dialog.shows("qr")
    result = await lost.ends()
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "replaced")
    sim.world.scan(read_qr(texts["qr"]), "5511999999999")
    assert (await dialog.ends())["reason"] == "paired"


async def test_a_device_that_somebody_else_is_pairing_is_told(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry
) -> None:
    dialog = await Dialog.add(hass, await add_entry())
    await dialog.answer(device_name="Kitchen")
    (device,) = sim.world.registry.devices.values()
    with PAIRINGS.claim(sim.url, device.id, "Somebody"):
        result = await dialog.choose("qr")
    assert result["reason"] == "pairing_in_progress"
    assert result["description_placeholders"]["owner"] == "Somebody"


async def test_an_unlinked_device_is_paired_again_by_its_reconfiguration(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry, until: Until
) -> None:
    device = sim.world.add_device(name="Front desk", state="connected", phone=PHONE)
    entry = await add_entry(device)
    sim.world.unlink(device.id)
    await until(lambda: state_of(hass, "sensor.front_desk_state") == "needs_pairing")

    dialog = await Dialog.again(hass, entry)
    await dialog.choose("qr")
    sim.world.scan(read_qr((await dialog.shows("qr"))["qr"]), PHONE)
    assert (await dialog.ends())["reason"] == "paired"
    await until(lambda: state_of(hass, "sensor.front_desk_state") == "connected")


async def test_a_device_is_paired_again_while_its_account_is_not_loaded(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry
) -> None:
    device = sim.world.add_device(state="connected", phone=PHONE)
    entry = await add_entry(device)
    await hass.config_entries.async_unload(entry.entry_id)
    dialog = await Dialog.again(hass, entry)
    await dialog.choose("qr")
    assert (await dialog.ends())["reason"] == "paired"


async def scan_with_another_phone(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry
) -> Dialog:
    device = sim.world.add_device(name="Front desk", state="connected", phone=PHONE)
    entry = await add_entry(device)
    sim.world.unlink(device.id)
    dialog = await Dialog.again(hass, entry)
    await dialog.choose("qr")
    sim.world.scan(read_qr((await dialog.shows("qr"))["qr"]), OTHER)
    result = await dialog.ends()
    assert result["step_id"] == "wrong_account"
    assert result["description_placeholders"] == {
        "name": "Front desk",
        "linked": "+55 11 97777-6666",
        "expected": "+55 11 98888-7777",
    }
    return dialog


async def test_a_phone_that_the_gateway_does_not_name_is_asked_about_and_hides_no_known_number(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry
) -> None:
    device = sim.world.add_device(name="Front desk", state="connected", phone=PHONE)
    entry = await add_entry(device)
    sim.world.unlink(device.id)
    dialog = await Dialog.again(hass, entry)
    await dialog.choose("qr")
    nameless = ("data.phone_number", "data.jid")
    sim.world.faults.add(
        Fault(kind=FaultKind.MISSING_FIELDS, endpoint="GET /status", fields=nameless)
    )
    sim.world.scan(read_qr((await dialog.shows("qr"))["qr"]), OTHER)
    result = await dialog.ends()
    assert result["step_id"] == "unchecked"
    assert result["description_placeholders"] == {
        "name": "Front desk",
        "expected": "+55 11 98888-7777",
    }
    assert (await dialog.choose("keep_account"))["reason"] == "paired"
    assert subentries(entry) == [("Front desk", PHONE)]


async def test_another_account_is_kept_if_the_user_says_so(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry
) -> None:
    dialog = await scan_with_another_phone(hass, sim, add_entry)
    assert (await dialog.choose("keep_account"))["reason"] == "paired"
    (entry,) = hass.config_entries.async_entries("wuts")
    assert subentries(entry) == [("Front desk", OTHER)]


async def test_another_account_is_unlinked_if_the_user_says_so(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry
) -> None:
    dialog = await scan_with_another_phone(hass, sim, add_entry)
    assert (await dialog.choose("unlink_account"))["step_id"] == "pair"
    (device,) = sim.world.registry.devices.values()
    assert device.jid is None

    await dialog.choose("qr")
    sim.world.scan(read_qr((await dialog.shows("qr"))["qr"]), PHONE)
    assert (await dialog.ends())["reason"] == "paired"


async def test_an_account_that_cannot_be_unlinked_is_told(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry
) -> None:
    dialog = await scan_with_another_phone(hass, sim, add_entry)
    sim.world.faults.add(Fault(kind=FaultKind.STATUS, endpoint="POST /logout", status=500))
    result = await dialog.choose("unlink_account")
    assert result["step_id"] == "failed"
    assert result["errors"] == {"base": "pairing_logout_failed"}
