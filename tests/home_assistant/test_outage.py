"""An account's gateway is away for two minutes, and nothing is lost in silence.

The two minutes are real ones: Home Assistant looks every 30 seconds. Meanwhile people live in the
home, with another account whose gateway is there. Each test continues where the last one ended.
"""

import asyncio
from collections.abc import AsyncIterator
from itertools import groupby
from typing import Any

import pytest
import pytest_asyncio

from scripts.lib.home_page import SMALL_PHONE, HomePage, Look, home_page
from tests.home_assistant.bell import BY_NUMBER, BY_RECIPIENT, Bell, Outage, answer_bell
from tests.home_assistant.house import (
    CHAIN_TOKEN,
    NUMBER_OF_ANA,
    OTHER_NUMBER,
    PATIENCE,
    SHOP_TOKEN,
    House,
    keep,
)
from tests.home_assistant.road import Road
from tests.home_assistant.seen import Reader
from wuts_simulator import Settings, Simulator

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.chromium,
    pytest.mark.timeout(1_200),
]

STATE, CONNECTIVITY = "sensor.till_state", "binary_sensor.till_connectivity"
ACCOUNT = "Rede de lojas"
LYING_SMALL_PHONE = (640, 360)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def outage(house: House) -> AsyncIterator[Outage]:
    """An account with a connected device, a recipient and a bell, and the road to its gateway."""
    house.secrets |= {SHOP_TOKEN, CHAIN_TOKEN, NUMBER_OF_ANA}
    gateway = Simulator(Settings(tokens=(("home", SHOP_TOKEN),)))
    till = gateway.world.add_device("home", "Till", state="connected").id
    async with gateway, Road(int(gateway.url.rpartition(":")[2])) as road:
        address = {"url": f"http://127.0.0.1:{road.port}"}
        made = await house.fill_flow("wuts", {"token": SHOP_TOKEN, "advanced": address})
        entry_id = made["result"]["entry_id"]
        await house.fill_flow([entry_id, "device"], {"device_id": till})
        ana = {"name": "Ana", "recipient": f"+{NUMBER_OF_ANA}", "device_id": till}
        await house.fill_flow([entry_id, "recipient"], ana)
        await house.until(STATE, "connected")
        await house.until_there("notify.ana")
        await answer_bell(house, STATE)
        yield Outage(gateway, road, Bell(house, gateway))


async def test_a_message_fails_in_the_moment_in_which_the_gateway_goes(outage: Outage) -> None:
    ring = await outage.bell.ring()
    assert await outage.bell.failed() == {}
    assert outage.bell.arrived() == {f"{BY_RECIPIENT} {ring}": 1, f"{BY_NUMBER} {ring}": 1}
    outage.begin()
    ring = await outage.bell.ring()
    failed = await outage.bell.failed()
    assert {f"{BY_RECIPIENT} {ring}", f"{BY_NUMBER} {ring}"} <= set(failed)


@pytest.mark.usefixtures("outage")
async def test_a_recipient_stays_available_while_its_device_is_not(house: House) -> None:
    await house.until(STATE, "unavailable")
    assert (await house.states())["notify.ana"] != "unavailable"


@pytest.mark.usefixtures("outage")
async def test_twenty_devices_of_another_account_are_added_at_once(
    house: House, window: HomePage
) -> None:
    house.sim.world.add_devices("chain", 17, "Loja", state="connected")
    for _ in range(3):
        house.sim.world.add_device("chain", "Quiosque", state="connected")
    async with house.wire() as wire:
        known = {one["entry_id"] for one in await wire.ask("config_entries/get", domain="wuts")}
        told = await wire.watch("config_entries/subscribe")
        await window.begin_account()
        await window.fill_account(CHAIN_TOKEN, house.sim.url)
        await window.click("Submit")
        await window.says("All of them")
        await keep(window, "twenty")
        await window.choose_device("All of them")
        await window.says("Devices added: 20")
        kiosks = [one.id[-4:] for one in house.devices("chain") if one.name == "Quiosque"]
        names = [*(f"loja_{n}" for n in range(1, 18)), *(f"quiosque_{end}" for end in kiosks)]
        for name in names:
            await house.until(f"sensor.{name}_state", "connected")
        changes = [change["entry"] for changes in told for change in changes]
        ours = {one["entry_id"] for one in changes if one["domain"] == "wuts"}
        (account,) = ours - known  # the first message has every entry
        await wire.ask("config_entries/update", entry_id=account, title=ACCOUNT)
    states = [one["state"] for one in changes if one["entry_id"] == account]
    assert [state for state, _ in groupby(states)] == ["not_loaded", "setup_in_progress", "loaded"]
    await window.show("/config/integrations/integration/wuts")
    await window.says(f"Quiosque · {kiosks[0]}")
    await keep(window, "twenty-added")


@pytest.mark.usefixtures("outage")
async def test_nothing_blinks_when_one_more_is_added(house: House) -> None:
    new = house.sim.world.add_device("chain", "Copa", state="connected")
    async with house.wire() as wire:
        told = await wire.watch("subscribe_events", event_type="state_changed")
        entries = await wire.ask("config_entries/get", domain="wuts")
        account = next(one["entry_id"] for one in entries if one["title"] == ACCOUNT)
        await house.fill_flow([account, "device"], {"device_id": new.id})
        async with asyncio.timeout(PATIENCE):
            while "sensor.copa_state" not in entities_of(told):  # noqa: ASYNC110 - a list tells not
                await asyncio.sleep(0.1)
    assert [one for one in entities_of(told) if "loja" in one or "quiosque" in one] == []


def entities_of(told: list[Any]) -> set[str]:
    """Return the entities of which some changes of states told."""
    return {one["data"]["entity_id"] for one in told}


@pytest.mark.usefixtures("outage")
async def test_every_dialog_speaks_portuguese_and_fits_on_a_phone(house: House) -> None:
    house.sim.world.add_device("chain", "Sala")
    house.sim.world.add_device("chain", "Varanda", state="connected")
    house.secrets.add(OTHER_NUMBER)
    look = Look(theme="dark", size=SMALL_PHONE, locale="pt-BR")
    async with home_page(house.browser, house.home.url, look) as window:
        reader = Reader(window)
        await window.begin_account()
        await window.fill_account("errado", house.sim.url)
        await window.click("Enviar")
        await reader.read("account", "O gateway recusou o token")
        await window.fill_account(CHAIN_TOKEN, house.sim.url)
        await window.click("Enviar")
        await reader.read("account-again", "já está configurada")
        await window.close("Fechar")
        await window.begin("Adicionar dispositivo")
        await reader.read("accounts", ACCOUNT)
        await window.choose_account(ACCOUNT)
        await reader.read("devices", "Sala")
        await window.choose_device("Sala", "Enviar")
        await reader.read("method", "Vincular um celular a Sala")
        await window.choose_qr()
        house.secrets.add(await window.qr())
        await reader.read("qr", "Vincular um celular a Sala")
        assert await window.qr_width() >= 300
        await window.resize(LYING_SMALL_PHONE)
        house.secrets.add(await window.qr())
        await reader.read("qr-lying", "Vincular um celular a Sala")
        await window.resize(SMALL_PHONE)
        await window.click_text("Usar um código")
        await window.fill("12")
        await window.click("Enviar")
        await reader.read("number", "Sala")
        await window.fill(f"+{OTHER_NUMBER}")
        await window.click("Enviar")
        await reader.read("code", "e digite")
        await window.close("Fechar")
        await window.begin("Adicionar destinatário")
        await window.choose_account(ACCOUNT)
        await reader.read("recipient", "Enviado por")
        await window.close("Fechar")
        await window.show("/config/repairs")
        await reader.read("repairs", "O gateway de")
        assert reader.english == {}
        assert reader.beyond == {}


async def test_after_two_minutes_the_first_listing_brings_all_of_it_back(
    house: House, outage: Outage
) -> None:
    await outage.end()
    await house.until(STATE, "connected")
    assert outage.listings() == 1
    await house.until(CONNECTIVITY, "on")
    ring = await outage.bell.ring()
    failed = await outage.bell.failed()
    assert not {f"{BY_RECIPIENT} {ring}", f"{BY_NUMBER} {ring}"} & set(failed)


async def test_each_message_arrived_once_or_failed_in_trace_and_log(
    house: House, outage: Outage
) -> None:
    failed, arrived = await outage.bell.failed(), outage.bell.arrived()
    rings = range(1, outage.bell.rings + 1)
    assert set(arrived.values()) == {1}
    assert not set(failed) & set(arrived)
    assert set(failed) | set(arrived) == {
        f"{name} {ring}" for name in (BY_RECIPIENT, BY_NUMBER) for ring in rings
    }
    logged = (house.home.folder / "home-assistant.log").read_text()
    for name in (BY_RECIPIENT, BY_NUMBER):
        failures = sum(one.startswith(f"{name} ") for one in failed)
        assert failures == logged.count(f"Error while executing automation automation.{name}: ")


async def test_no_secret_of_the_outage_is_in_any_log(house: House) -> None:
    logged = house.logged()
    assert [secret for secret in house.secrets if secret in logged] == []
    assert "custom_components/wuts/" not in logged, "a traceback leads through our code"
