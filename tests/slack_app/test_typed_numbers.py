"""Numbers that people type without a country code, in commands and modals."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from slack_app.app import Tempo, running_app
from slack_app.blocks.errors import error_text
from slack_app.blocks.names import METHOD_CODE, Input, Modal
from slack_app.messages import EN, PT_BR, Strings
from slack_app.settings import Settings, SettingsError, load_settings
from tests.slack_app.strict_slack import ANA, StrictSlack
from wuts.errors import AmbiguousPhoneNumberError, InvalidPhoneNumberError
from wuts.supervisor import SupervisorSettings
from wuts_simulator import Simulator

TEMPO = Tempo(supervision=SupervisorSettings(interval=3_600, debounce=0.0), interval=0.0)
TYPED = ["11 98888-0002", "(11) 98888 0002", "011988880002", "+55 11 98888-0002"]


@pytest.mark.parametrize("typed", TYPED)
async def test_a_number_is_one_of_the_users_country(
    typed: str, strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    strict.locale = "pt-BR"
    async with at_work(strict, gateway, settings):
        await strict.command(ANA, f"check {typed}")
        await strict.says("+55 11 98888-0002 está no WhatsApp")


async def test_the_settings_country_goes_before_the_users(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    async with at_work(strict, gateway, settings.model_copy(update={"country": "BR"})):
        await strict.command(ANA, "check 11 98888-0002, (202) 555-0123")
        await strict.says("Number 2: That is not a valid phone number. For a number in BR, start")
        await strict.command(ANA, "check 11 98888-0002, +1 (202) 555-0123")
        await strict.says("+55 11 98888-0002 is on WhatsApp")
        await strict.says("+1 202-555-0123 is")


async def test_a_number_that_exists_twice_is_asked_about(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    strict.locale = "pt-BR"
    async with at_work(strict, gateway, settings):
        await strict.command(ANA, "check 95 94159-9345")
        await strict.says("com + e o código do país: +55 … ou +95 ….")
    assert gateway.world.requests.by_endpoint["POST /contact/check"] == 0


async def test_a_pair_code_is_for_a_number_of_the_users_country(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    strict.locale = "pt-BR"
    desk = gateway.world.add_device(name="Desk")
    async with at_work(strict, gateway, settings):
        await strict.command(ANA, "pair Desk code 98888-0002")
        await strict.says("Para um número do país BR, comece com +55.")
        assert desk.code is None
        await strict.command(ANA, "pair Desk code 11 98888-0002")
        await strict.until(lambda: desk.code is not None)
    assert desk.code is not None
    assert desk.code.phone == "5511988880002"


async def test_a_number_in_a_modal_is_one_of_the_users_country(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    strict.locale = "pt-BR"

    async def submit(typed: str) -> object:
        texts = {
            Input.NEW_NAME.value: "Desk",
            Input.METHOD.value: METHOD_CODE,
            Input.PHONE.value: typed,
        }
        answer = await strict.submit(ANA, Modal.PAIR.value, **texts)
        return answer.get("errors", {}).get(Input.PHONE.value)

    async with at_work(strict, gateway, settings):
        assert await submit("98888-0002") == PT_BR.problem_phone_home.format(
            country="BR", code="+55"
        )
        assert "+55 … ou +95 …" in str(await submit("95 94159-9345"))
        assert await submit("11 98888-0002") is None
        await strict.until(lambda: code_of(gateway, "Desk") == "5511988880002")
        wrong = await strict.submit(
            ANA, Modal.PHONE.value, "p", **{Input.PHONE.value: "98888-0002"}
        )
        assert list(wrong["errors"]) == [Input.PHONE.value]


def code_of(gateway: Simulator, name: str) -> str | None:
    """Return the number that a device's pair code is for."""
    devices = (device for device in gateway.world.registry.devices.values() if device.name == name)
    return next((device.code.phone for device in devices if device.code is not None), None)


@pytest.mark.parametrize("strings", [EN, PT_BR], ids=["en", "pt_br"])
def test_an_error_about_a_number_names_the_codes_in_every_language(strings: Strings) -> None:
    home = error_text(InvalidPhoneNumberError(country="BR", codes=(55,)), strings)
    both = error_text(AmbiguousPhoneNumberError(country="BR", codes=(55, 95), place=3), strings)
    assert "BR" in home
    assert "+55" in home
    assert f"+55 …{strings.either}+95 …" in both
    assert "3" in both
    assert "{" not in home + both


@pytest.mark.parametrize(("value", "country"), [("br", "BR"), ("", None)])
def test_the_country_is_a_setting(
    value: str, country: str | None, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    account = settings.accounts["home"]
    monkeypatch.setenv("WUTS_SLACK_BOT_TOKEN", settings.bot_token.get_secret_value())
    monkeypatch.setenv("WUTS_SLACK_APP_TOKEN", settings.app_token.get_secret_value())
    monkeypatch.setenv("WUTS_SLACK_ACCOUNTS__HOME__TOKEN", account.token.get_secret_value())
    monkeypatch.setenv("WUTS_SLACK_COUNTRY", value)
    assert load_settings().country == country
    monkeypatch.setenv("WUTS_SLACK_COUNTRY", "Brazil")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert str(caught.value) == (
        "country (WUTS_SLACK_COUNTRY): there is no such country. "
        "Use its two letters (ISO 3166), such as BR."
    )


@asynccontextmanager
async def at_work(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> AsyncIterator[None]:
    """The app, with a device that can look numbers up."""
    gateway.world.add_device(name="Good", state="connected")
    gateway.world.known_numbers.add("5511988880002")
    async with running_app(settings, tempo=TEMPO) as app:
        while not any(line.is_connected for line in app.services.accounts.lines()):
            await strict.client.auth_test()
        yield
