"""The button that sends a test message to the device's own number, and says what it found."""

import pytest
from homeassistant.components.persistent_notification import _async_get_or_create_notifications
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er

from tests.custom_components.wuts.helpers import AddEntry, Until, state_of
from wuts_simulator import Device, Fault, FaultKind, Simulator

BUTTON = "button.front_desk_send_a_test_message_to_myself"
OWN = "5511988887777"
HIDE_IN_STATUS = Fault(
    kind=FaultKind.MISSING_FIELDS,
    endpoint="GET /status",
    fields=("data.phone_number", "data.jid"),
)
HIDE_IN_LISTING = Fault(
    kind=FaultKind.MISSING_FIELDS, endpoint="GET /devices", fields=("devices.whatsapp_jid",)
)


async def press(hass: HomeAssistant) -> None:
    await hass.services.async_call("button", "press", {"entity_id": BUTTON}, blocking=True)


def told(hass: HomeAssistant) -> list[str]:
    """Return what people read, each as its title and its text."""
    found = _async_get_or_create_notifications(hass).values()
    return [f"{one['title']}: {one['message']}" for one in found]


async def test_the_message_goes_to_the_devices_own_number(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry
) -> None:
    await add_entry(device)
    await press(hass)
    (message,) = sim.world.messages
    assert (message.device_id, message.chat_jid.split("@")[0]) == (device.id, OWN)
    assert "Front desk" in message.text
    (notification,) = told(hass)
    assert notification.startswith("Test message sent: ")
    assert "Front desk" in notification

    await press(hass)
    assert len(told(hass)) == 1, "the newest finding replaces the one before it"


async def test_it_is_a_diagnostic(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry
) -> None:
    await add_entry(device)
    registered = er.async_get(hass).async_get(BUTTON)
    assert registered is not None
    assert registered.entity_category is EntityCategory.DIAGNOSTIC
    assert registered.unique_id.endswith(f"{device.id}_send_test_message")


async def test_it_speaks_the_homes_language(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry
) -> None:
    hass.config.language = "pt-BR"
    entry = await add_entry(device)
    (button,) = (
        one.entity_id
        for one in er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
        if one.unique_id.endswith("send_test_message")
    )
    await hass.services.async_call("button", "press", {"entity_id": button}, blocking=True)
    assert told(hass)[0].startswith("Mensagem de teste enviada: ")
    assert sim.world.messages[0].text.startswith("Teste do Home Assistant")


@pytest.mark.parametrize(
    ("fault", "key"),
    [
        (Fault(kind=FaultKind.STATUS, endpoint="POST /send/text", status=403), "not_allowed"),
        (Fault(kind=FaultKind.STATUS, endpoint="POST /send/text", status=429), "gateway_down"),
        (Fault(kind=FaultKind.STATUS, endpoint="GET /status", status=503), "gateway_down"),
        (Fault(kind=FaultKind.TRUNCATED, endpoint="GET /status"), "unexpected_answer"),
        (Fault(kind=FaultKind.RESET, endpoint="*"), "cannot_connect"),
        (Fault(kind=FaultKind.WRONG_DEVICE, endpoint="GET /status"), "wrong_device"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_what_keeps_it_from_being_sent_is_told(
    hass: HomeAssistant,
    sim: Simulator,
    add_entry: AddEntry,
    fault: Fault,
    key: str,
) -> None:
    other = sim.world.add_device(name="Shop", state="connected")
    device = sim.world.add_device(name="Front desk", state="connected", phone=OWN)
    await add_entry(device, other)
    await press(hass)
    sim.world.messages.clear()
    sim.world.faults.add(fault)
    with pytest.raises(HomeAssistantError) as raised:
        await press(hass)
    assert raised.value.translation_key == key
    assert sim.world.messages == []
    assert told(hass) == [], "the finding of before is not true any more"


async def test_a_device_that_is_down_is_told_from_its_live_state(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry, until: Until
) -> None:
    await add_entry(device)
    sim.world.unlink(device.id)
    with pytest.raises(HomeAssistantError) as raised:
        await press(hass)
    assert raised.value.translation_key == "device_not_ready"
    await until(lambda: state_of(hass, "sensor.front_desk_state") == "needs_pairing")


async def test_a_number_that_nobody_tells_is_said_to_be_unknown(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry
) -> None:
    sim.world.faults.add(HIDE_IN_STATUS)
    sim.world.faults.add(HIDE_IN_LISTING)
    await add_entry(device)
    with pytest.raises(HomeAssistantError) as raised:
        await press(hass)
    assert raised.value.translation_key == "own_number_unknown"
    assert sim.world.messages == []


async def test_a_number_that_only_the_listing_tells_is_used(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry
) -> None:
    sim.world.faults.add(HIDE_IN_STATUS)
    await add_entry(device)
    await press(hass)
    assert sim.world.messages[0].chat_jid.startswith(OWN)


async def test_the_own_number_is_told_to_nobody(
    hass: HomeAssistant,
    sim: Simulator,
    device: Device,
    add_entry: AddEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await add_entry(device)
    await press(hass)
    fault = Fault(kind=FaultKind.STATUS, endpoint="POST /send/text", status=500)
    sim.world.faults.add(fault)
    with pytest.raises(HomeAssistantError) as raised:
        await press(hass)
    logged = [
        record.getMessage()
        for record in caplog.records
        # The tests' own storage logs what is saved.
        if not record.name.startswith("pytest_homeassistant")
    ]
    assert OWN not in f"{told(hass)} {raised.value!r} {raised.value} {logged}"
