import json
from types import MappingProxyType

import pytest
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.wuts.const import (
    CONF_DEVICE_ID,
    CONF_PHONE_NUMBER,
    DOMAIN,
    SUBENTRY_DEVICE,
    SUBENTRY_RECIPIENT,
)
from custom_components.wuts.coordinator import recipients_of
from custom_components.wuts.diagnostics import async_get_config_entry_diagnostics
from tests.custom_components.wuts.helpers import AddEntry, Until, registered, state_of
from wuts_simulator import Device, Simulator

ANA = "notify.ana"
NUMBER = "5511977776665"


@pytest.fixture
async def entry(hass: HomeAssistant, device: Device, add_entry: AddEntry) -> MockConfigEntry:
    """An account with a device and a recipient, which was added while it was loaded."""
    entry = await add_entry(device)
    recipient = ConfigSubentry(
        data=MappingProxyType({"recipient": NUMBER, "device_id": device.id}),
        subentry_type=SUBENTRY_RECIPIENT,
        title="Ana",
        unique_id=None,
    )
    hass.config_entries.async_add_subentry(entry, recipient)
    await hass.async_block_till_done()
    return entry


def device_subentry(device: Device) -> ConfigSubentry:
    return ConfigSubentry(
        data=MappingProxyType({CONF_DEVICE_ID: device.id, CONF_PHONE_NUMBER: None}),
        subentry_type=SUBENTRY_DEVICE,
        title=device.name,
        unique_id=device.id,
    )


def via_of(hass: HomeAssistant, recipient: ConfigSubentry) -> str | None:
    """Return the device by which a recipient is reached, as Home Assistant's registry has it."""
    found = dr.async_get(hass).async_get_device({(DOMAIN, recipient.subentry_id)})
    assert found is not None
    return found.via_device_id


async def send(hass: HomeAssistant, message: str, **more: str) -> None:
    await hass.services.async_call(
        "notify", "send_message", {"entity_id": ANA, "message": message, **more}, blocking=True
    )


async def test_a_message_is_sent_to_the_recipient(
    hass: HomeAssistant, sim: Simulator, device: Device, entry: MockConfigEntry
) -> None:
    await send(hass, "The parcel is here.")
    await send(hass, "It is at the desk.", title="Parcel")
    first, second = sim.world.messages
    assert (first.device_id, first.text) == (device.id, "The parcel is here.")
    assert first.chat_jid.startswith(NUMBER)
    assert second.text == "*Parcel*\nIt is at the desk."


@pytest.mark.parametrize(
    ("message", "key"), [("x" * 4097, "invalid_input"), ("Hi", "device_not_ready")]
)
async def test_what_is_not_sent_is_told(
    hass: HomeAssistant,
    sim: Simulator,
    device: Device,
    entry: MockConfigEntry,
    message: str,
    key: str,
) -> None:
    if key == "device_not_ready":
        sim.world.unlink(device.id)
    with pytest.raises(HomeAssistantError) as raised:
        await send(hass, message)
    assert raised.value.translation_key == key
    assert sim.world.messages == []


async def test_a_recipient_is_unavailable_without_its_sender(
    hass: HomeAssistant, device: Device, entry: MockConfigEntry, until: Until
) -> None:
    assert state_of(hass, ANA) == "unknown"
    sender = next(one for one in entry.subentries.values() if one.title == "Front desk")
    hass.config_entries.async_remove_subentry(entry, sender.subentry_id)
    await hass.async_block_till_done()
    await until(lambda: state_of(hass, ANA) == "unavailable")


async def test_a_recipient_is_shown_below_the_device_that_sends(
    hass: HomeAssistant, sim: Simulator, device: Device, entry: MockConfigEntry, until: Until
) -> None:
    (recipient,) = recipients_of(entry)

    assert via_of(hass, recipient) == registered(hass, device).id
    shop = sim.world.add_device(name="Shop", state="connected")
    hass.config_entries.async_add_subentry(entry, device_subentry(shop))
    await hass.async_block_till_done()
    hass.config_entries.async_update_subentry(
        entry, recipient, data={**recipient.data, "device_id": shop.id}
    )
    await until(lambda: via_of(hass, recipient) == registered(hass, shop).id)


async def test_a_recipient_finds_its_sender_when_that_is_added_later(
    hass: HomeAssistant, device: Device, entry: MockConfigEntry, until: Until
) -> None:
    (recipient,) = recipients_of(entry)
    sender = next(one for one in entry.subentries.values() if one.title == "Front desk")
    hass.config_entries.async_remove_subentry(entry, sender.subentry_id)
    await hass.async_block_till_done()
    assert via_of(hass, recipient) is None

    hass.config_entries.async_add_subentry(entry, device_subentry(device))
    await hass.async_block_till_done()

    await until(lambda: via_of(hass, recipient) == registered(hass, device).id)


async def test_a_recipient_goes_with_its_subentry(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    (recipient,) = recipients_of(entry)
    registry = dr.async_get(hass)
    assert registry.async_get_device({(DOMAIN, recipient.subentry_id)})
    hass.config_entries.async_remove_subentry(entry, recipient.subentry_id)
    await hass.async_block_till_done()
    assert hass.states.get(ANA) is None
    assert er.async_get(hass).async_get(ANA) is None
    assert registry.async_get_device({(DOMAIN, recipient.subentry_id)}) is None


async def test_a_recipients_number_is_told_to_nobody(
    hass: HomeAssistant, entry: MockConfigEntry, caplog: pytest.LogCaptureFixture
) -> None:
    await send(hass, "A message that is nobody's business.")
    found = await async_get_config_entry_diagnostics(hass, entry)
    assert found["recipients"] == 1
    seen = json.dumps(found, default=str) + str(hass.states.get(ANA)) + caplog.text
    assert NUMBER not in seen
    assert "nobody's business" not in caplog.text
