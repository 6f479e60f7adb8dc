"""What a person ordered of a device outlives its absence, a reload and a restart."""

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.wuts.const import DOMAIN
from tests.custom_components.wuts.helpers import (
    AddEntry,
    Until,
    forget_memory,
    restart_issues,
    state_of,
)
from tests.custom_components.wuts.pushing import set_stranger, turn_on
from tests.custom_components.wuts.test_unchecked import number_of
from wuts_simulator import Device, Fault, FaultKind, Simulator

pytestmark = [
    pytest.mark.usefixtures("hass_storage"),
    pytest.mark.filterwarnings("ignore:A test tried to use socket"),
]

PHONE = "5511988887777"
STATE = "sensor.front_desk_state"


@pytest.fixture
def device(sim: Simulator) -> Device:
    return sim.world.add_device(name="Front desk", state="connected", phone=PHONE)


def issue_of(hass: HomeAssistant, key: str) -> ir.IssueEntry | None:
    """Return an issue that is shown, ignored or not."""
    found = ir.async_get(hass).issues.values()
    return next((one for one in found if one.active and one.translation_key == key), None)


def is_ignored(hass: HomeAssistant, key: str) -> bool:
    issue = issue_of(hass, key)
    return issue is not None and issue.dismissed_version is not None


def ignore(hass: HomeAssistant, key: str, *, is_ignored: bool = True) -> None:
    issue = issue_of(hass, key)
    assert issue is not None
    ir.async_ignore_issue(hass, DOMAIN, issue.issue_id, is_ignored)


async def restart(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    await restart_issues(hass)
    await forget_memory(hass, entry)


async def go(hass: HomeAssistant, sim: Simulator, device: Device, until: Until) -> None:
    """Let a device be gone from so many listings for so long that it counts as gone."""
    for fault in (
        Fault(kind=FaultKind.LEFT_OUT, endpoint="GET /devices", fields=(device.id,)),
        Fault(kind=FaultKind.STATUS, endpoint="GET /status", status=404, device_id=device.id),
    ):
        sim.world.faults.add(fault)
    asked = sim.world.requests.by_endpoint
    before = asked["GET /devices"]
    await until(lambda: state_of(hass, STATE) == "unavailable")
    await until(lambda: asked["GET /devices"] >= before + 4)


async def come_back(hass: HomeAssistant, sim: Simulator, until: Until) -> None:
    sim.world.faults.clear()
    await until(lambda: state_of(hass, STATE) != "unavailable")


@pytest.mark.parametrize("restarts", [False, True], ids=["stays", "restarts"])
async def test_a_device_that_comes_back_is_still_paused(
    hass: HomeAssistant,
    sim: Simulator,
    device: Device,
    add_entry: AddEntry,
    until: Until,
    restarts: bool,
) -> None:
    entry = await add_entry(device)
    keep = {"entity_id": "switch.front_desk_keep_connected"}
    await hass.services.async_call("switch", "turn_off", keep, blocking=True)
    await go(hass, sim, device, until)
    sim.world.drop(device.id)
    if restarts:
        await restart(hass, entry)
    sim.world.requests.reset()
    await come_back(hass, sim, until)
    asked = sim.world.requests.by_endpoint
    before = asked["GET /devices"]
    await until(lambda: asked["GET /devices"] >= before + 3)
    assert state_of(hass, STATE) == "paused"
    assert state_of(hass, keep["entity_id"]) == "off"
    assert device.id not in sim.world.requests.connects


@pytest.mark.parametrize("restarts", [False, True], ids=["stays", "restarts"])
async def test_a_device_that_comes_back_with_another_phone_is_asked_about(
    hass: HomeAssistant,
    sim: Simulator,
    device: Device,
    add_entry: AddEntry,
    until: Until,
    restarts: bool,
) -> None:
    entry = await add_entry(device)
    await go(hass, sim, device, until)
    await until(lambda: issue_of(hass, "device_gone"))
    if restarts:
        await restart(hass, entry)
    sim.world.sessions.store_credentials(device, "5511977776666")
    await come_back(hass, sim, until)
    await until(lambda: issue_of(hass, "wrong_account"))
    assert number_of(entry) == PHONE


@pytest.mark.parametrize("restarts", [False, True], ids=["stays", "restarts"])
async def test_a_device_that_comes_back_has_its_ignored_issue_still(
    hass: HomeAssistant,
    sim: Simulator,
    device: Device,
    add_entry: AddEntry,
    until: Until,
    restarts: bool,
) -> None:
    entry = await add_entry(device)
    refused = Fault(
        kind=FaultKind.STATUS, endpoint="POST /connect", status=403, device_id=device.id
    )
    sim.world.faults.add(refused)
    sim.world.drop(device.id)
    await until(lambda: issue_of(hass, "device_refused"))
    ignore(hass, "device_refused")
    await go(hass, sim, device, until)
    await until(lambda: issue_of(hass, "device_gone"))
    if restarts:
        await restart(hass, entry)
    sim.world.faults.clear()
    sim.world.faults.add(refused)
    await until(lambda: state_of(hass, STATE) == "refused")
    await until(lambda: issue_of(hass, "device_refused"))
    assert is_ignored(hass, "device_refused")
    assert issue_of(hass, "device_gone") is None


@pytest.mark.parametrize("restarts", [False, True], ids=["reload", "restart"])
async def test_an_issue_that_is_ignored_stays_so(
    hass: HomeAssistant,
    sim: Simulator,
    device: Device,
    add_entry: AddEntry,
    until: Until,
    restarts: bool,
) -> None:
    entry = await add_entry(device)
    sim.world.unlink(device.id)
    await until(lambda: issue_of(hass, "needs_pairing"))
    ignore(hass, "needs_pairing")
    if restarts:
        await restart(hass, entry)
    else:
        await hass.config_entries.async_reload(entry.entry_id)
    await until(lambda: state_of(hass, STATE) == "needs_pairing")
    await until(lambda: issue_of(hass, "needs_pairing"))
    assert is_ignored(hass, "needs_pairing")


async def test_what_begins_again_after_its_end_is_shown_again(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry, until: Until
) -> None:
    entry = await add_entry(device)
    sim.world.unlink(device.id)
    await until(lambda: issue_of(hass, "needs_pairing"))
    ignore(hass, "needs_pairing")
    await restart(hass, entry)
    sim.world.sessions.store_credentials(device, PHONE)
    sim.world.restore(device.id)
    await until(lambda: state_of(hass, STATE) == "connected")
    await until(lambda: issue_of(hass, "needs_pairing") is None)

    sim.world.unlink(device.id)
    await until(lambda: issue_of(hass, "needs_pairing"))
    assert not is_ignored(hass, "needs_pairing")


async def test_an_account_whose_outage_is_ignored_is_shown_when_it_is_down_again(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry, until: Until
) -> None:
    await add_entry(device)
    for _ in range(2):
        sim.world.break_for(3600)
        await until(lambda: issue_of(hass, "gateway_down"))
        assert not is_ignored(hass, "gateway_down")
        ignore(hass, "gateway_down")
        sim.world.break_for(0)
        await until(lambda: issue_of(hass, "gateway_down") is None)


@pytest.mark.parametrize("removed", ["account", "device"])
async def test_nothing_is_left_of_a_removed_device_that_was_ignored(
    hass: HomeAssistant,
    sim: Simulator,
    device: Device,
    add_entry: AddEntry,
    until: Until,
    removed: str,
) -> None:
    entry = await add_entry(device)
    sim.world.unlink(device.id)
    await until(lambda: issue_of(hass, "needs_pairing"))
    ignore(hass, "needs_pairing")
    if removed == "account":
        await hass.config_entries.async_remove(entry.entry_id)
    else:
        hass.config_entries.async_remove_subentry(entry, next(iter(entry.subentries)))
        await hass.async_block_till_done()
    ours = {issue_id for domain, issue_id in ir.async_get(hass).issues if domain == DOMAIN}
    assert ours == set()


@pytest.mark.usefixtures("patient")
async def test_a_strangers_webhook_that_is_ignored_stays_so_until_push_is_turned_off(
    hass: HomeAssistant,
    sim: Simulator,
    home: str,
    device: Device,
    add_entry: AddEntry,
    until: Until,
) -> None:
    entry = await add_entry(device)
    await turn_on(hass, entry)
    await set_stranger(sim, device)
    await hass.config_entries.async_reload(entry.entry_id)
    await until(lambda: issue_of(hass, "push_taken"))
    ignore(hass, "push_taken")
    await restart(hass, entry)
    await until(lambda: issue_of(hass, "push_taken"))
    assert is_ignored(hass, "push_taken")

    hass.config_entries.async_update_entry(entry, options={**entry.options, "push": False})
    await hass.async_block_till_done()
    assert issue_of(hass, "push_taken") is None
