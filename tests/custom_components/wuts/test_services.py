import asyncio
import json
from typing import Any

import pytest
from homeassistant.core import HomeAssistant, ServiceResponse
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.wuts.const import DOMAIN
from custom_components.wuts.core.pairing import PAIRINGS
from custom_components.wuts.messaging.check_budget import async_spend
from tests.custom_components.wuts.helpers import AddEntry, Until, forget_memory, state_of
from wuts_simulator import Device, Fault, FaultKind, Simulator

PHONE = "5511988887777"
GROUP = "120363041234567890@g.us"


class Actions:
    """Calls the integration's actions for one device."""

    def __init__(self, hass: HomeAssistant, entry: MockConfigEntry) -> None:
        self._hass = hass
        (device,) = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
        self.device_id = device.id

    async def ask(self, name: str, **fields: Any) -> ServiceResponse:  # noqa: ANN401 - an action's
        return await self._call(name, fields, returns=True)

    async def do(self, name: str) -> None:
        await self._call(name, {}, returns=False)

    async def _call(self, name: str, fields: dict[str, Any], *, returns: bool) -> ServiceResponse:
        return await self._hass.services.async_call(
            DOMAIN,
            name,
            {"device_id": self.device_id, **fields},
            blocking=True,
            return_response=returns,
        )


@pytest.fixture
def device(sim: Simulator) -> Device:
    return sim.world.add_device(name="Front desk", state="connected", phone=PHONE)


@pytest.fixture
async def actions(hass: HomeAssistant, add_entry: AddEntry, device: Device) -> Actions:
    return Actions(hass, await add_entry(device))


@pytest.mark.parametrize("to", ["+55 11 97777-6666", GROUP])
async def test_a_message_is_sent(actions: Actions, sim: Simulator, device: Device, to: str) -> None:
    response = await actions.ask("send_message", to=to, message="Good morning")
    (sent,) = sim.world.messages
    assert sent.text == "Good morning"
    assert response == {"message_id": sent.id, "status": "sent"}


async def test_numbers_are_checked(actions: Actions, sim: Simulator) -> None:
    sim.world.known_numbers.add("5511977776665")
    response = await actions.ask(
        "check_numbers", numbers=["+55 11 97777-6665", "+55 11 97777-6663"]
    )
    assert response == {"on_whatsapp": {"5511977776665": True, "5511977776663": False}}


async def test_a_pair_code_is_returned_with_its_end(
    actions: Actions, sim: Simulator, device: Device, until: Until
) -> None:
    sim.world.unlink(device.id)
    response = await actions.ask("request_pair_code", phone_number=PHONE)
    assert response is not None
    expires_at = dt_util.parse_datetime(str(response["expires_at"]))
    assert expires_at is not None
    assert expires_at > dt_util.utcnow()
    sim.world.enter_code(device.id, str(response["code"]))
    await until(lambda: device.is_connected)


async def test_a_link_to_pair_a_device_needs_an_address_and_a_device_that_can_be_paired(
    hass: HomeAssistant, actions: Actions, sim: Simulator, device: Device, until: Until
) -> None:
    with pytest.raises(ServiceValidationError) as raised:
        await actions.ask("create_pairing_link")
    assert raised.value.translation_key == "already_connected"
    sim.world.unlink(device.id)
    await until(lambda: state_of(hass, "sensor.front_desk_state") == "needs_pairing")
    with pytest.raises(ServiceValidationError) as raised:
        await actions.ask("create_pairing_link")
    assert raised.value.translation_key == "no_address"
    await hass.config.async_update(external_url="https://home.example.com")
    link = await actions.ask("create_pairing_link")
    assert link is not None
    assert str(link["url"]).startswith("https://home.example.com/api/wuts/pair/")
    expires_at = dt_util.parse_datetime(str(link["expires_at"]))
    assert expires_at is not None
    assert expires_at > dt_util.utcnow()


async def test_no_pair_code_is_asked_for_while_a_dialog_pairs_the_device(
    actions: Actions, sim: Simulator, device: Device
) -> None:
    with (
        PAIRINGS.claim(sim.url, device.id, "Somebody"),
        pytest.raises(ServiceValidationError) as raised,
    ):
        await actions.ask("request_pair_code", phone_number=PHONE)
    assert raised.value.translation_key == "pairing_in_progress"


async def test_a_device_is_disconnected_and_reconnected(
    hass: HomeAssistant, actions: Actions, device: Device, until: Until
) -> None:
    await actions.do("disconnect")
    assert not device.is_connected
    await until(lambda: state_of(hass, "sensor.front_desk_state") == "paused")
    await actions.do("reconnect")
    await until(lambda: state_of(hass, "sensor.front_desk_state") == "connected")


@pytest.mark.parametrize(
    ("status", "code", "key"),
    [
        (401, None, "invalid_auth"),
        (404, None, "device_gone"),
        (400, "DEVICE_NOT_READY", "device_not_ready"),
        (503, None, "gateway_down"),
    ],
)
async def test_what_the_gateway_cannot_do_is_told(
    actions: Actions, sim: Simulator, status: int, code: str | None, key: str
) -> None:
    fault = Fault(kind=FaultKind.STATUS, endpoint="POST /send/text", status=status, error_code=code)
    sim.world.faults.add(fault)
    with pytest.raises(HomeAssistantError) as raised:
        await actions.ask("send_message", to=PHONE, message="Hi")
    assert raised.value.translation_key == key


@pytest.mark.parametrize(
    ("to", "message", "key"), [("12", "Hi", "invalid_phone_number"), (PHONE, "", "invalid_input")]
)
async def test_what_cannot_be_sent_is_refused(
    actions: Actions, sim: Simulator, to: str, message: str, key: str
) -> None:
    with pytest.raises(ServiceValidationError) as raised:
        await actions.ask("send_message", to=to, message=message)
    assert raised.value.translation_key == key
    assert sim.world.messages == []


async def test_numbers_without_a_country_code_are_of_the_homes_country(
    hass: HomeAssistant, actions: Actions, sim: Simulator, device: Device, until: Until
) -> None:
    hass.config.country = "BR"
    sim.world.known_numbers.add("5511977776665")
    await actions.ask("send_message", to="11 97777-6666", message="Bom dia")
    (sent,) = sim.world.messages
    assert sent.chat_jid == "5511977776666@s.whatsapp.net"
    response = await actions.ask("check_numbers", numbers=["(11) 97777-6665", "5511977776663"])
    assert response == {"on_whatsapp": {"5511977776665": True, "5511977776663": False}}
    sim.world.unlink(device.id)
    await until(lambda: state_of(hass, "sensor.front_desk_state") == "needs_pairing")
    await actions.ask("request_pair_code", phone_number="11 98888-7777")
    assert device.code is not None
    assert device.code.phone == PHONE


@pytest.mark.parametrize(
    ("to", "key", "placeholders"),
    [
        ("97777-6666", "invalid_phone_number_home", {"country": "BR", "code": "+55"}),
        (
            "95 94159-9345",
            "ambiguous_phone_number",
            {"code": "+55", "other": "+95"},
        ),
    ],
)
async def test_a_number_that_needs_a_country_code_is_refused_with_it(
    hass: HomeAssistant,
    actions: Actions,
    sim: Simulator,
    to: str,
    key: str,
    placeholders: dict[str, str],
) -> None:
    hass.config.country = "BR"
    for name, fields in (
        ("send_message", {"to": to, "message": "Hi"}),
        ("check_numbers", {"numbers": [PHONE, to]}),
        ("request_pair_code", {"phone_number": to}),
    ):
        with pytest.raises(ServiceValidationError) as raised:
            await actions.ask(name, **fields)
        assert raised.value.translation_key == key
        assert raised.value.translation_placeholders == placeholders
    assert sim.world.messages == []
    assert sim.world.requests.by_endpoint["POST /contact/check"] == 0


async def test_a_pair_code_of_a_connected_device_is_refused(actions: Actions) -> None:
    with pytest.raises(HomeAssistantError) as raised:
        await actions.ask("request_pair_code", phone_number=PHONE)
    assert raised.value.translation_key == "already_connected"


@pytest.mark.parametrize("gone", ["unknown", "unloaded"])
async def test_a_device_that_is_not_there_is_told(
    hass: HomeAssistant, actions: Actions, gone: str
) -> None:
    if gone == "unknown":
        actions.device_id = "no-device"
    else:
        await hass.config_entries.async_unload("account")
    with pytest.raises(ServiceValidationError) as raised:
        await actions.do("reconnect")
    assert raised.value.translation_key == "unknown_device"


async def test_numbers_are_checked_only_as_far_as_the_budget_of_an_hour_goes(
    hass: HomeAssistant, actions: Actions, sim: Simulator
) -> None:
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    hass.config_entries.async_update_entry(entry, options={"check_limit": 2})
    await hass.async_block_till_done()
    await actions.ask("check_numbers", numbers=["5511988887777", "5511977776666"])
    await hass.config_entries.async_reload(entry.entry_id)
    with pytest.raises(ServiceValidationError) as raised:
        await actions.ask("check_numbers", numbers=["5511977776666"])
    assert raised.value.translation_key == "check_budget_used_up"
    assert raised.value.translation_placeholders == {"limit": "2", "left": "0"}
    assert sim.world.requests.by_endpoint["POST /contact/check"] == 1


async def test_what_was_checked_is_known_after_a_restart_and_no_number_is_kept(
    hass: HomeAssistant, hass_storage: dict[str, Any], actions: Actions, sim: Simulator
) -> None:
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    hass.config_entries.async_update_entry(entry, options={"check_limit": 2})
    await hass.async_block_till_done()
    await actions.ask("check_numbers", numbers=["5511988880001", "5511988880002"])
    assert "551198888000" not in json.dumps(hass_storage["wuts.account"], default=str)

    await forget_memory(hass, entry)
    with pytest.raises(ServiceValidationError) as raised:
        await actions.ask("check_numbers", numbers=["5511988880002"])
    assert raised.value.translation_key == "check_budget_used_up"
    assert sim.world.requests.by_endpoint["POST /contact/check"] == 1


async def test_one_accounts_checks_are_not_anothers(
    hass: HomeAssistant, actions: Actions, sim: Simulator
) -> None:
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    await actions.ask("check_numbers", numbers=["5511988880001"])
    other = MockConfigEntry(domain=DOMAIN, options={"check_limit": 1})
    await async_spend(hass, other, 1)
    with pytest.raises(ServiceValidationError):
        await async_spend(hass, other, 1)
    await async_spend(hass, entry, 199)


async def test_calls_at_once_do_not_check_more_than_is_left(
    hass: HomeAssistant, actions: Actions, sim: Simulator
) -> None:
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    hass.config_entries.async_update_entry(entry, options={"check_limit": 3})
    await hass.async_block_till_done()
    await forget_memory(hass, entry)
    asked = [actions.ask("check_numbers", numbers=[f"551198888000{one}"]) for one in range(6)]
    results = await asyncio.gather(*asked, return_exceptions=True)
    assert sum(isinstance(one, ServiceValidationError) for one in results) == 3
    assert sim.world.requests.by_endpoint["POST /contact/check"] == 3


async def test_numbers_are_checked_two_hundred_times_an_hour_unless_told_otherwise(
    hass: HomeAssistant, actions: Actions, sim: Simulator
) -> None:
    numbers = [f"55119888{number:05}" for number in range(201)]
    with pytest.raises(ServiceValidationError) as raised:
        await actions.ask("check_numbers", numbers=numbers)
    assert raised.value.translation_placeholders == {"limit": "200", "left": "200"}
    assert "POST /contact/check" not in sim.world.requests.by_endpoint

    (entry,) = hass.config_entries.async_entries(DOMAIN)
    hass.config_entries.async_update_entry(entry, options={"check_limit": 0})
    await hass.async_block_till_done()
    await actions.ask("check_numbers", numbers=numbers)


@pytest.mark.parametrize("status", [401, 403])
async def test_a_page_that_refuses_an_action_is_no_refusal_of_the_token(
    actions: Actions, sim: Simulator, status: int
) -> None:
    sim.world.faults.add(Fault(kind=FaultKind.HTML, endpoint="POST /send/text", status=status))
    with pytest.raises(HomeAssistantError) as raised:
        await actions.ask("send_message", to=PHONE, message="Good morning")
    assert raised.value.translation_key == "unexpected_answer"


async def test_a_device_of_another_user_is_told_and_not_the_token(
    actions: Actions, sim: Simulator
) -> None:
    sim.world.faults.add(Fault(kind=FaultKind.STATUS, endpoint="POST /send/text", status=403))
    with pytest.raises(HomeAssistantError) as raised:
        await actions.ask("send_message", to=PHONE, message="Good morning")
    assert raised.value.translation_key == "not_allowed"
