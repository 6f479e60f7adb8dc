"""Devices and recipients are added, renamed and removed without a reload: nothing else notices."""

from types import MappingProxyType
from typing import Any

import pytest
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import Event, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events

from custom_components.wuts.const import (
    CONF_DEVICE_ID,
    CONF_PHONE_NUMBER,
    SUBENTRY_DEVICE,
    SUBENTRY_RECIPIENT,
)
from tests.custom_components.wuts.alerts.test_alerts import act, alerts_of, mutes_of
from tests.custom_components.wuts.helpers import AddEntry, Until, on_dashboards, state_of
from tests.custom_components.wuts.pushing import delivers
from tests.custom_components.wuts.test_absence import issue_of
from wuts_simulator import Device, Simulator

pytestmark = pytest.mark.filterwarnings("ignore:A test tried to use socket")

SHOP, DESK = "sensor.shop_state", "sensor.front_desk_state"


@pytest.fixture
def shop(sim: Simulator) -> Device:
    return sim.world.add_device(name="Shop", state="connected", phone="5511966665555")


async def add(hass: HomeAssistant, entry: MockConfigEntry, device: Device) -> None:
    """Add a device as its dialog does."""
    subentry = ConfigSubentry(
        data=MappingProxyType({CONF_DEVICE_ID: device.id, CONF_PHONE_NUMBER: device.phone}),
        subentry_type=SUBENTRY_DEVICE,
        title=device.name,
        unique_id=device.id,
    )
    hass.config_entries.async_add_subentry(entry, subentry)
    await hass.async_block_till_done()


async def add_recipient(hass: HomeAssistant, entry: MockConfigEntry, device: Device) -> None:
    subentry = ConfigSubentry(
        data=MappingProxyType({"recipient": "5511977776665", CONF_DEVICE_ID: device.id}),
        subentry_type=SUBENTRY_RECIPIENT,
        title="Ana",
        unique_id=None,
    )
    hass.config_entries.async_add_subentry(entry, subentry)
    await hass.async_block_till_done()


def member(entry: MockConfigEntry, title: str) -> ConfigSubentry:
    found: ConfigSubentry = next(one for one in entry.subentries.values() if one.title == title)
    return found


async def remove(hass: HomeAssistant, entry: MockConfigEntry, title: str) -> None:
    hass.config_entries.async_remove_subentry(entry, member(entry, title).subentry_id)
    await hass.async_block_till_done()


async def looks(sim: Simulator, until: Until, times: int = 4) -> None:
    """Wait until the account was listed some times more."""
    asked = sim.world.requests.by_endpoint
    before = asked["GET /devices"]
    await until(lambda: asked["GET /devices"] >= before + times)


def blinks(changes: list[Event]) -> list[str]:
    """Return the entities of the front desk that were unavailable meanwhile."""
    return [
        change.data["entity_id"]
        for change in changes
        if "front_desk" in change.data["entity_id"]
        and (change.data["new_state"] is None or change.data["new_state"].state == "unavailable")
    ]


async def test_a_device_is_added_and_removed_and_the_others_do_not_blink(
    hass: HomeAssistant,
    sim: Simulator,
    device: Device,
    shop: Device,
    add_entry: AddEntry,
    until: Until,
) -> None:
    entry = await add_entry(device)
    coordinator = entry.runtime_data
    changes = async_capture_events(hass, "state_changed")
    await add(hass, entry, shop)
    assert state_of(hass, SHOP) == "connected"
    sim.world.drop(shop.id)
    await until(lambda: shop.id in sim.world.requests.connects)
    await until(lambda: state_of(hass, SHOP) == "connected")

    await remove(hass, entry, "Shop")
    assert hass.states.get(SHOP) is None
    assert len(dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)) == 1
    assert entry.runtime_data is coordinator
    assert blinks(changes) == []


async def test_a_new_device_that_is_not_listed_yet_comes_with_the_next_look(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry, until: Until
) -> None:
    entry = await add_entry(device)
    new = sim.world.add_device(name="Shop")
    await add(hass, entry, new)
    await until(lambda: state_of(hass, SHOP) == "never_paired")
    assert issue_of(hass, "device_gone") is None


async def test_a_removed_device_is_left_alone_and_opens_no_alert(
    hass: HomeAssistant,
    sim: Simulator,
    device: Device,
    shop: Device,
    add_entry: AddEntry,
    until: Until,
) -> None:
    others = [sim.world.add_device(name=f"Till {n}", state="connected") for n in range(4)]
    entry = await add_entry(device, shop, *others)
    await act(hass, "mute_alerts", config_entry_id=entry.entry_id, kind="offline")
    shop_in_home_assistant = next(
        one.id
        for one in dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
        if one.name == "Shop"
    )
    await act(hass, "mute_alerts", device_id=shop_in_home_assistant)
    for one in (shop, *others):
        await remove(hass, entry, one.name)
    assert [mute.scope.device_id for mute in mutes_of(entry)] == [None]
    sim.world.drop(shop.id)
    sim.world.requests.reset()
    await looks(sim, until, 8)
    assert alerts_of(entry) == ()
    assert shop.id not in sim.world.requests.connects
    assert issue_of(hass, "devices_missing") is None

    await add(hass, entry, shop)
    await until(lambda: shop.id in sim.world.requests.connects)
    await until(lambda: state_of(hass, SHOP) == "connected")
    assert state_of(hass, "switch.shop_keep_connected") == "on"


async def test_a_renamed_device_has_its_new_name_everywhere(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry, until: Until
) -> None:
    entry = await add_entry(device)
    coordinator = entry.runtime_data
    hass.config_entries.async_update_subentry(entry, member(entry, "Front desk"), title="Reception")
    await hass.async_block_till_done()
    (found,) = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    assert found.name == "Reception"
    state = hass.states.get(DESK)
    assert state is not None
    assert state.name == "Reception State"
    assert entry.runtime_data is coordinator
    sim.world.remove(device.id)
    issue = await until(lambda: issue_of(hass, "device_gone"))
    assert issue.translation_placeholders["name"] == "Reception"


async def test_a_recipient_is_added_changed_and_removed_without_a_reload(
    hass: HomeAssistant, sim: Simulator, device: Device, shop: Device, add_entry: AddEntry
) -> None:
    entry = await add_entry(device, shop)
    coordinator = entry.runtime_data
    changes = async_capture_events(hass, "state_changed")
    await add_recipient(hass, entry, device)
    await send(hass)
    data = {"recipient": "5511944443333", CONF_DEVICE_ID: shop.id}
    recipient = member(entry, "Ana")
    hass.config_entries.async_update_subentry(entry, recipient, title="Bia", data=data)
    await hass.async_block_till_done()
    await send(hass)
    first, second = sim.world.messages
    assert (first.device_id, second.device_id) == (device.id, shop.id)
    assert second.chat_jid.startswith("5511944443333")
    state = hass.states.get("notify.ana")
    assert state is not None
    assert state.name == "Bia"

    await remove(hass, entry, "Bia")
    assert hass.states.get("notify.ana") is None
    assert entry.runtime_data is coordinator
    assert blinks(changes) == []


async def send(hass: HomeAssistant) -> None:
    chosen = {"entity_id": "notify.ana", "message": "Hello"}
    await hass.services.async_call("notify", "send_message", chosen, blocking=True)


@pytest.mark.parametrize("what", ["gateway_down", "device_not_ready"])
async def test_a_message_that_cannot_be_sent_fails_aloud_and_at_once(
    hass: HomeAssistant,
    sim: Simulator,
    device: Device,
    add_entry: AddEntry,
    until: Until,
    what: str,
) -> None:
    entry = await add_entry(device)
    await add_recipient(hass, entry, device)
    if what == "gateway_down":
        sim.world.break_for(3600)
        await until(lambda: state_of(hass, DESK) == "unavailable")
    else:
        sim.world.unlink(device.id)
        await until(lambda: state_of(hass, DESK) == "needs_pairing")
    assert state_of(hass, "notify.ana") != "unavailable"
    sim.world.requests.reset()
    with pytest.raises(HomeAssistantError) as caught:
        await send(hass)
    assert caught.value.translation_key == what
    assert not [one for one in sim.world.requests.by_endpoint if one.startswith("POST /send")]


async def test_a_qr_on_a_dashboard_stays_while_something_is_added(
    hass: HomeAssistant,
    sim: Simulator,
    shop: Device,
    add_entry: AddEntry,
    until: Until,
) -> None:
    device = sim.world.add_device(name="Front desk")
    entry = await add_entry(device)
    await on_dashboards(hass, entry)
    chosen = {"entity_id": "button.front_desk_show_pairing_qr"}
    await hass.services.async_call("button", "press", chosen, blocking=True)
    image = "image.front_desk_pairing_qr"
    await until(lambda: state_of(hass, image) != "unavailable")
    changes = async_capture_events(hass, "state_changed")
    await add(hass, entry, shop)
    await add_recipient(hass, entry, shop)
    assert state_of(hass, image) != "unavailable"
    assert blinks(changes) == []
    assert state_of(hass, "button.shop_show_pairing_qr") != "unavailable"


@pytest.mark.usefixtures("patient")
async def test_push_covers_what_is_added_and_ends_for_what_is_removed(
    hass: HomeAssistant,
    home: str,
    device: Device,
    shop: Device,
    options: dict[str, Any],
    add_pushed: AddEntry,
    until: Until,
) -> None:
    entry = await add_pushed(device)
    await add(hass, entry, shop)
    await until(lambda: delivers(shop, home))
    assert delivers(device, home)
    await remove(hass, entry, "Shop")
    await until(lambda: not delivers(shop, home))
    assert delivers(device, home)
    await add(hass, entry, shop)
    await until(lambda: delivers(shop, home))
