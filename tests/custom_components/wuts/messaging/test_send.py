"""A message to several, with replies and mentions; and the result if some fail."""

from types import MappingProxyType
from typing import Any

import pytest
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant, ServiceResponse
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.wuts.const import DOMAIN, SUBENTRY_RECIPIENT
from custom_components.wuts.messaging.send import MOST_RECIPIENTS
from tests.custom_components.wuts.helpers import AddEntry, Until, registered, state_of
from wuts_simulator import Device, Fault, FaultKind, Simulator

ANA, BRUNO, CARLA = "5511977776661", "5511977776662", "5511977776663"
GROUP = "120363041234567890@g.us"
REFUSED = {"success": False, "error": "not on WhatsApp", "error_code": "NOT_ON_WHATSAPP"}


@pytest.fixture
def shop(sim: Simulator) -> Device:
    return sim.world.add_device(name="Shop", state="connected", phone="5511988886666")


@pytest.fixture
async def entry(
    hass: HomeAssistant, device: Device, shop: Device, add_entry: AddEntry
) -> MockConfigEntry:
    """An account with two devices and a recipient of each."""
    entry = await add_entry(device, shop)
    for title, number, sender in (("Ana", ANA, device), ("Bruno", BRUNO, shop)):
        recipient = ConfigSubentry(
            data=MappingProxyType({"recipient": number, "device_id": sender.id}),
            subentry_type=SUBENTRY_RECIPIENT,
            title=title,
            unique_id=None,
        )
        hass.config_entries.async_add_subentry(entry, recipient)
        await hass.async_block_till_done()
    return entry


@pytest.fixture
def desk(hass: HomeAssistant, entry: MockConfigEntry, device: Device) -> str:
    """Home Assistant's id of the first device."""
    return registered(hass, device).id


async def ask(hass: HomeAssistant, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - an action's
    response = await call(hass, returns=True, **fields)
    assert response is not None
    return dict(response)


async def call(
    hass: HomeAssistant,
    *,
    returns: bool = False,
    **fields: Any,  # noqa: ANN401 - an action's
) -> ServiceResponse:
    fields = {"message": "Hi", **fields}
    return await hass.services.async_call(
        DOMAIN, "send_message", fields, blocking=True, return_response=returns
    )


def numbers(sim: Simulator) -> list[tuple[str, str]]:
    """Return who sent to whom."""
    return [(one.device_id, one.chat_jid.split("@")[0]) for one in sim.world.messages]


def refuse(sim: Simulator, times: int, status: int = 400) -> None:
    fault = Fault(kind=FaultKind.BODY, endpoint="POST /send/text", status=status, body=REFUSED)
    fault.times = times
    sim.world.faults.add(fault)


async def test_a_message_goes_to_several_at_once(
    hass: HomeAssistant, sim: Simulator, device: Device, desk: str
) -> None:
    response = await ask(hass, device_id=desk, to=["+55 11 97777-6661", GROUP, ANA])
    first, second = sim.world.messages
    assert numbers(sim) == [(device.id, ANA), (device.id, GROUP.removesuffix("@g.us"))]
    assert response == {
        "sent": 2,
        "failed": 0,
        "recipients": [
            {"to": "+55 11 97777-6661", "sent": True, "message_id": first.id, "status": "sent"},
            {"to": GROUP, "sent": True, "message_id": second.id, "status": "sent"},
        ],
    }


async def test_each_recipient_is_sent_to_by_its_own_device(
    hass: HomeAssistant, sim: Simulator, device: Device, shop: Device, entry: MockConfigEntry
) -> None:
    await call(hass, recipients=["notify.ana", "notify.bruno"])
    assert numbers(sim) == [(device.id, ANA), (shop.id, BRUNO)]


async def test_a_device_that_is_named_sends_to_all(
    hass: HomeAssistant, sim: Simulator, device: Device, desk: str
) -> None:
    await call(hass, device_id=desk, to=CARLA, recipients=["notify.ana", "notify.bruno"])
    assert numbers(sim) == [(device.id, CARLA), (device.id, ANA), (device.id, BRUNO)]


async def test_one_recipient_is_answered_as_ever(
    hass: HomeAssistant, sim: Simulator, entry: MockConfigEntry
) -> None:
    response = await ask(hass, recipients="notify.ana")
    assert response == {"message_id": sim.world.messages[0].id, "status": "sent"}


async def test_a_message_answers_another_and_names_people(
    hass: HomeAssistant, sim: Simulator, desk: str
) -> None:
    hass.config.country = "BR"
    await call(hass, device_id=desk, to=GROUP, reply_to="3EB0C431", mentions="11 97777-6661")
    (message,) = sim.world.messages
    assert (message.quoted, message.mentioned) == ("3EB0C431", (f"{ANA}@s.whatsapp.net",))


async def test_some_who_do_not_get_it_are_told_in_the_response(
    hass: HomeAssistant, sim: Simulator, desk: str
) -> None:
    refuse(sim, times=1)
    response = await ask(hass, device_id=desk, to=[ANA, BRUNO])
    assert (response["sent"], response["failed"]) == (1, 1)
    failed, sent = response["recipients"]
    assert failed == {"to": ANA, "sent": False, "error": "refused"}
    assert (sent["to"], sent["sent"]) == (BRUNO, True)


async def test_some_who_do_not_get_it_fail_the_action_unless_the_response_is_read(
    hass: HomeAssistant, sim: Simulator, desk: str, caplog: pytest.LogCaptureFixture
) -> None:
    refuse(sim, times=1)
    with pytest.raises(HomeAssistantError) as raised:
        await call(hass, device_id=desk, to=[ANA, BRUNO, CARLA])
    assert raised.value.translation_key == "partly_sent"
    told = raised.value.translation_placeholders
    assert told is not None
    assert told == {"sent": "2", "count": "3", "places": "1"}
    assert len(sim.world.messages) == 2
    for number in (ANA, BRUNO, CARLA):
        assert number not in str(raised.value)
        assert number not in caplog.text


async def test_nobody_who_gets_it_fails_the_action_in_any_case(
    hass: HomeAssistant, sim: Simulator, desk: str
) -> None:
    refuse(sim, times=2)
    with pytest.raises(HomeAssistantError) as raised:
        await ask(hass, device_id=desk, to=[ANA, BRUNO])
    assert raised.value.translation_key == "unexpected_answer"


async def test_a_gateway_that_fails_is_asked_once_and_not_for_everybody(
    hass: HomeAssistant, sim: Simulator, desk: str
) -> None:
    sim.world.faults.add(Fault(kind=FaultKind.STATUS, endpoint="POST /send/text", status=503))
    with pytest.raises(HomeAssistantError) as raised:
        await ask(hass, device_id=desk, to=[ANA, BRUNO, CARLA])
    assert raised.value.translation_key == "gateway_down"
    assert sim.world.requests.by_endpoint["POST /send/text"] == 1


async def test_one_device_that_is_down_keeps_no_other_from_sending(
    hass: HomeAssistant, sim: Simulator, device: Device, shop: Device, entry: MockConfigEntry
) -> None:
    sim.world.unlink(device.id)
    response = await ask(hass, recipients=["notify.ana", "notify.bruno"])
    assert numbers(sim) == [(shop.id, BRUNO)]
    assert response["recipients"][0]["error"] == "device_not_ready"


async def test_a_device_that_is_known_to_be_down_is_not_asked_to_send(
    hass: HomeAssistant,
    sim: Simulator,
    device: Device,
    shop: Device,
    entry: MockConfigEntry,
    until: Until,
) -> None:
    both = ["notify.ana", "notify.bruno"]
    sim.world.unlink(device.id)
    await until(lambda: state_of(hass, "sensor.front_desk_state") == "needs_pairing")
    response = await ask(hass, recipients=both)
    assert response["recipients"][0]["error"] == "device_not_ready"
    assert sim.world.requests.by_endpoint["POST /send/text"] == 1
    sim.world.unlink(shop.id)
    await until(lambda: state_of(hass, "sensor.shop_state") == "needs_pairing")
    with pytest.raises(HomeAssistantError) as raised:
        await ask(hass, recipients=both)
    assert raised.value.translation_key == "device_not_ready"
    assert sim.world.requests.by_endpoint["POST /send/text"] == 1


@pytest.mark.parametrize("by", ["to", "recipients"])
async def test_nothing_is_sent_by_a_device_that_is_known_to_be_down(
    hass: HomeAssistant, sim: Simulator, device: Device, desk: str, until: Until, by: str
) -> None:
    sim.world.unlink(device.id)
    await until(lambda: state_of(hass, "sensor.front_desk_state") == "needs_pairing")
    to: dict[str, Any] = {"device_id": desk, "to": ANA}
    fields: dict[str, Any] = to if by == "to" else {"recipients": "notify.ana"}
    with pytest.raises(HomeAssistantError) as raised:
        await call(hass, **fields, media="/no/such/file")
    assert raised.value.translation_key == "device_not_ready"
    assert "POST /send/text" not in sim.world.requests.by_endpoint


async def test_nothing_is_sent_while_the_gateway_is_known_to_be_down(
    hass: HomeAssistant, sim: Simulator, desk: str, until: Until
) -> None:
    sim.world.break_for(3600)
    await until(lambda: state_of(hass, "sensor.front_desk_state") == "unavailable")
    sim.world.requests.reset()
    with pytest.raises(HomeAssistantError) as raised:
        await call(hass, device_id=desk, to=ANA)
    assert raised.value.translation_key == "gateway_down"
    assert "POST /send/text" not in sim.world.requests.by_endpoint


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({}, "no_recipient"),
        ({"to": []}, "no_recipient"),
        ({"to": ANA}, "no_sender"),
        ({"recipients": "notify.nobody"}, "unknown_recipient"),
        ({"recipients": "sensor.front_desk_state"}, "unknown_recipient"),
        ({"device_id": "nothing", "to": ANA}, "unknown_device"),
        ({"device_id": "nothing", "recipients": "notify.ana"}, "unknown_device"),
        ({"device_id": "DESK", "to": [ANA, "12"]}, "invalid_phone_number"),
        ({"device_id": "DESK", "to": [ANA], "message": ""}, "invalid_input"),
        ({"device_id": "DESK", "to": [ANA, BRUNO], "message": "x" * 4097}, "invalid_input"),
        ({"device_id": "DESK", "to": [ANA], "reply_to": "two words"}, "invalid_input"),
        (
            {"device_id": "DESK", "to": [f"55119777766{n:02}" for n in range(MOST_RECIPIENTS + 1)]},
            "too_many_recipients",
        ),
    ],
)
async def test_what_cannot_be_done_is_refused_before_anything_is_sent(
    hass: HomeAssistant, sim: Simulator, desk: str, fields: dict[str, Any], key: str
) -> None:
    if fields.get("device_id") == "DESK":
        fields = {**fields, "device_id": desk}
    with pytest.raises(ServiceValidationError) as raised:
        await call(hass, **fields)
    assert raised.value.translation_key == key
    assert sim.world.messages == []
    assert "POST /send/text" not in sim.world.requests.by_endpoint
