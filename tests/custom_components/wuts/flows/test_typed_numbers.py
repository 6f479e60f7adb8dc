from homeassistant.core import HomeAssistant

from tests.custom_components.wuts.dialog import Dialog
from tests.custom_components.wuts.helpers import AddEntry, suggested
from wuts_simulator import Simulator

PHONE = "5511988887777"


async def test_a_number_without_a_country_code_is_of_the_homes_country(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry
) -> None:
    hass.config.country = "BR"
    dialog = await Dialog.add(hass, await add_entry())
    await dialog.answer(device_name="Kitchen")
    asked = await dialog.choose("phone")
    assert asked["description_placeholders"]["example"] == "+55 11 96123-4567"
    assert suggested(asked) == {"phone_number": "+55 "}
    result = await dialog.answer(phone_number="98888-7777")
    assert result["errors"] == {"phone_number": "invalid_phone_number_home"}
    assert result["description_placeholders"].items() >= {"country": "BR", "code": "+55"}.items()
    result = await dialog.answer(phone_number="95 94159-9345")
    assert result["errors"] == {"phone_number": "ambiguous_phone_number"}
    assert result["description_placeholders"].items() >= {"code": "+55", "other": "+95"}.items()

    await dialog.answer(phone_number="11 98888-7777")
    shown = await dialog.shows("code")
    assert shown["phone"] == "+55 11 98888-7777"
    (device,) = sim.world.registry.devices.values()
    assert device.code is not None
    assert device.code.phone == PHONE


async def test_without_a_country_the_dialog_asks_for_the_code(
    hass: HomeAssistant, add_entry: AddEntry
) -> None:
    hass.config.country = None
    dialog = await Dialog.add(hass, await add_entry())
    await dialog.answer(device_name="Kitchen")
    asked = await dialog.choose("phone")
    assert asked["description_placeholders"]["example"] == "+55 11 99999-9999"
    assert suggested(asked) == {"phone_number": ""}
    result = await dialog.answer(phone_number="11 98888-7777")
    assert result["errors"] == {"phone_number": "invalid_phone_number"}
