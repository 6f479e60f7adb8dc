"""The window of a pairing: its buttons, what it hears, and what is on it when nothing answers."""

import asyncio
import base64
import io

import pytest
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.data_entry_flow import (
    EVENT_DATA_ENTRY_FLOW_PROGRESSED,
    FlowResultType,
)
from PIL import Image
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.wuts.core.pairing import PAIRINGS
from custom_components.wuts.pairing import window
from tests.custom_components.wuts.dialog import Dialog, stages_of
from tests.custom_components.wuts.helpers import (
    AddEntry,
    Until,
    on_dashboards,
    our_tasks,
    read_qr,
    state_of,
)
from tests.custom_components.wuts.test_repairs import RepairDialog
from wuts_simulator import Device, Simulator

PHONE = "5511988887777"
IMAGE = "image.front_desk_pairing_qr"


@pytest.fixture
def device(sim: Simulator) -> Device:
    return sim.world.add_device(name="Front desk")


@pytest.fixture
def told(hass: HomeAssistant) -> list[str]:
    """Return the flows that the frontend was told to read again."""
    flows: list[str] = []

    @callback
    def hear(event: Event) -> None:
        flows.append(event.data["flow_id"])

    hass.bus.async_listen(EVENT_DATA_ENTRY_FLOW_PROGRESSED, hear)
    return flows


async def asks_for_code(dialog: Dialog) -> str:
    assert (await dialog.choose("phone"))["step_id"] == "phone"
    await dialog.answer(phone_number=f"+{PHONE}")
    return (await dialog.shows("code"))["code"]


async def test_its_title_names_the_device_and_its_qr_fits_a_phones_screen(
    hass: HomeAssistant, device: Device, add_entry: AddEntry
) -> None:
    dialog = await Dialog.again(hass, await add_entry(device))
    await dialog.choose("qr")
    texts = await dialog.shows("qr")
    assert dialog.result["type"] is FlowResultType.MENU
    assert dialog.result["menu_options"] == ["phone", "again", "large", "page"]
    assert texts["name"] == "Front desk"
    png = base64.b64decode(texts["qr"].removeprefix("data:image/png;base64,"))
    assert Image.open(io.BytesIO(png)).size == (304, 304)
    assert read_qr(texts["qr"])


async def test_a_code_instead_and_back_to_the_qr(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry
) -> None:
    dialog = await Dialog.again(hass, await add_entry(device))
    await dialog.choose("qr")
    await dialog.shows("qr")
    await asks_for_code(dialog)
    assert dialog.result["menu_options"] == ["qr", "again", "large", "page"]
    assert dialog.result["description_placeholders"]["phone"] == "+55 11 98888-7777"
    await dialog.choose("qr")
    sim.world.scan(read_qr((await dialog.shows("qr"))["qr"]), PHONE)
    assert (await dialog.ends())["reason"] == "paired"


async def test_a_number_is_asked_for_while_no_qr_links(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry, until: Until
) -> None:
    dialog = await Dialog.again(hass, await add_entry(device))
    await dialog.choose("qr")
    await dialog.shows("qr")
    await dialog.choose("phone")
    await until(lambda: PAIRINGS.owner(sim.url, device.id) is None)
    assert (await dialog.read())["step_id"] == "phone"


@pytest.mark.parametrize("method", ["qr", "code"])
async def test_a_new_one_is_shown_if_the_user_asks_for_it(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry, method: str
) -> None:
    dialog = await Dialog.again(hass, await add_entry(device))
    await (dialog.choose("qr") if method == "qr" else asks_for_code(dialog))
    first = (await dialog.shows(method))[method]
    asked = sim.world.requests.by_endpoint
    endpoint = "GET /qr" if method == "qr" else "POST /paircode"
    before = asked[endpoint]
    await dialog.choose("again")
    await dialog.until(lambda result: result["type"] is FlowResultType.MENU)
    assert dialog.result["description_placeholders"][method] != first
    assert asked[endpoint] == before + 1


async def test_reading_it_many_times_at_once_begins_no_other_pairing(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry
) -> None:
    dialog = await Dialog.again(hass, await add_entry(device))
    await dialog.choose("qr")
    await asyncio.gather(*(dialog.read() for _ in range(20)))
    texts = await dialog.shows("qr")
    await asyncio.gather(*(dialog.read() for _ in range(20)))
    assert dialog.result["description_placeholders"] == texts
    assert sim.world.requests.by_endpoint["GET /qr"] == 1


@pytest.mark.short_qr(later=2.0)
async def test_an_open_window_is_told_once_that_there_is_something_else_to_show(
    hass: HomeAssistant,
    sim: Simulator,
    device: Device,
    add_entry: AddEntry,
    until: Until,
    told: list[str],
) -> None:
    dialog = await Dialog.again(hass, await add_entry(device))
    await dialog.choose("qr")
    await dialog.shows("qr")
    told.clear()
    # Two QRs come and go, and nobody reads it.
    asked = sim.world.requests.by_endpoint
    await until(lambda: asked["GET /qr"] == 3)
    assert told == [dialog.result["flow_id"]]

    sim.world.scan_device(device.id, PHONE)
    result = await dialog.ends()
    assert result["reason"] == "paired"


async def test_a_window_that_was_asleep_is_told_again(
    hass: HomeAssistant,
    sim: Simulator,
    device: Device,
    add_entry: AddEntry,
    until: Until,
    told: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(window, "REMIND", 0.2)
    dialog = await Dialog.again(hass, await add_entry(device))
    await dialog.choose("phone")
    await dialog.answer(phone_number=f"+{PHONE}")
    code = (await dialog.shows("code"))["code"]
    sim.world.enter_code(device.id, code)
    await until(lambda: PAIRINGS.owner(sim.url, device.id) is None)
    told.clear()
    await until(lambda: len(told) >= 3)
    assert (await dialog.read())["reason"] == "paired"
    await until(lambda: "wuts pairing window" not in our_tasks())
    told.clear()
    await asyncio.sleep(0.5)
    assert told == []


async def test_a_form_is_left_alone(
    hass: HomeAssistant,
    device: Device,
    add_entry: AddEntry,
    until: Until,
    told: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(window, "REMIND", 0.05)
    dialog = await Dialog.again(hass, await add_entry(device))
    await dialog.choose("qr")
    await dialog.shows("qr")
    await dialog.choose("phone")
    await until(lambda: "wuts pairing window" not in our_tasks())
    told.clear()
    await asyncio.sleep(0.3)
    assert told == []


@pytest.mark.short_qr
async def test_a_dead_qr_is_taken_down_in_the_dialog(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry, until: Until
) -> None:
    dialog = await Dialog.again(hass, await add_entry(device))
    await dialog.choose("qr")
    await dialog.shows("qr")
    sim.world.break_for(3600)
    result = await dialog.until(lambda result: result["type"] is FlowResultType.SHOW_PROGRESS)
    assert "data:image" not in str(result)
    await dialog.shows("waiting")

    sim.world.break_for(0)
    sim.world.scan(read_qr((await dialog.shows("qr"))["qr"]), PHONE)
    assert (await dialog.ends())["reason"] == "paired"


@pytest.mark.short_qr
async def test_a_dead_qr_is_taken_down_in_the_repair(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    sim: Simulator,
    add_entry: AddEntry,
    until: Until,
) -> None:
    device = sim.world.add_device(name="Front desk", state="connected", phone=PHONE)
    entry = await add_entry(device)
    sim.world.unlink(device.id)
    await until(lambda: state_of(hass, "sensor.front_desk_state") == "needs_pairing")
    dialog = RepairDialog(await hass_client(), f"needs_pairing_{entry.entry_id}_{device.id}")
    await dialog.open()
    await dialog.choose("qr")
    await dialog.until(lambda result: result.get("step_id") == "qr")
    sim.world.break_for(3600)
    await dialog.until(lambda result: result["type"] == "progress")
    assert "data:image" not in str(dialog.result)
    await dialog.until(lambda result: "waiting" in stages_of(result))


@pytest.mark.short_qr
async def test_a_dead_qr_is_taken_down_on_a_dashboard(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry, until: Until
) -> None:
    await on_dashboards(hass, await add_entry(device))
    button = {"entity_id": "button.front_desk_show_pairing_qr"}
    await hass.services.async_call("button", "press", button, blocking=True)
    await until(lambda: state_of(hass, IMAGE) != "unavailable")
    sim.world.break_for(3600)
    await until(lambda: state_of(hass, IMAGE) == "unavailable")
    sim.world.break_for(0)
    await until(lambda: state_of(hass, IMAGE) not in {"unavailable", "unknown"})
