"""The verbs of ``/wuts``: create, rename, list, ack, mute, unmute, history; and which is meant."""

import json
from pathlib import Path

import pytest
from pydantic import SecretStr

from slack_app.app import running_app
from slack_app.listeners.commands import HANDLERS, ON_DEVICE
from slack_app.messages.parser import SCHEMA, Argument, Command
from slack_app.settings import AccountSettings, Settings
from tests.slack_app.alerts.people import an_office, buttons_of
from tests.slack_app.blocks.limits import check
from tests.slack_app.strict_files import Sent
from tests.slack_app.strict_slack import ANA, OPS, StrictSlack
from tests.slack_app.test_app import TEMPO
from wuts.supervisor import AlertKind, DeviceState, MuteScope
from wuts.supervisor.store.sql import SqlStore
from wuts_simulator import Settings as GatewaySettings
from wuts_simulator import Simulator
from wuts_simulator.pytest_plugin import StartGateway

OFFICE_TOKEN = "gateway-token-8888"


def newest(strict: StrictSlack, words: str) -> Sent:
    """The newest private answer with these words; Slack takes it."""
    sent = next(
        one for one in reversed(strict.private) if words in json.dumps(one, ensure_ascii=False)
    )
    check(sent["blocks"])
    return sent


@pytest.fixture
def office(start_wuts_gateway: StartGateway, settings: Settings) -> tuple[Simulator, Settings]:
    """Another gateway's account, and settings with both."""
    other = start_wuts_gateway(GatewaySettings(tokens=(("office", OFFICE_TOKEN),)))
    account = AccountSettings(token=SecretStr(OFFICE_TOKEN), url=other.url)
    both = settings.model_copy(update={"accounts": {**settings.accounts, "office": account}})
    return other, both


def test_every_command_does_something_and_every_device_verb_may_be_chosen() -> None:
    assert set(HANDLERS) == set(Command)
    one_device = {
        command
        for command, grammar in SCHEMA.items()
        if grammar.argument is Argument.DEVICE and command is not Command.RENAME
    }
    assert set(ON_DEVICE) == one_device


async def test_a_device_is_created_once_and_offers_to_be_paired(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    async with running_app(settings, tempo=TEMPO):
        await strict.command(ANA, "create Front   desk")
        await strict.says("I created *Front desk*. Pair it next.")
        await strict.command(ANA, "create front desk")
        await strict.says("There is already a device named *Front desk*")
        assert [one.name for one in gateway.world.registry.devices.values()] == ["Front desk"]
        await strict.click(ANA, buttons_of(newest(strict, "I created"))["pair"])
        await strict.says("slack_file")
        await strict.command(ANA, f"create {'x' * 101}")
        await strict.says("A name must have 1 to 100 printable characters")
    assert len(gateway.world.registry.devices) == 1


async def test_of_several_accounts_one_is_chosen_and_a_second_click_creates_nothing(
    strict: StrictSlack, gateway: Simulator, office: tuple[Simulator, Settings]
) -> None:
    other, both = office
    async with running_app(both, tempo=TEMPO):
        await strict.command(ANA, "create Shop")
        await strict.says("Which account should I create *Shop* in?")
        button = buttons_of(newest(strict, "Which account should I"))["create_only_office"]
        await strict.click(ANA, button)
        await strict.says("I created *Shop*")
        await strict.click(ANA, button)
        await strict.says("There is already a device named *Shop*")
    assert not gateway.world.registry.devices
    assert len(other.world.registry.devices) == 1


@pytest.mark.usefixtures("gateway")
async def test_a_rename_is_refused_with_what_to_do_instead(
    strict: StrictSlack, settings: Settings
) -> None:
    async with running_app(settings, tempo=TEMPO):
        await strict.command(ANA, "rename Shop Front desk")
        await strict.says("The gateway can't rename a device.")
        await strict.says("/wuts create")


async def test_a_list_names_ids_and_is_filtered(
    strict: StrictSlack, gateway: Simulator, office: tuple[Simulator, Settings]
) -> None:
    other, both = office
    first = gateway.world.add_device(name="Shop", state="connected")
    second = other.world.add_device("office", name="Stock")
    async with running_app(both, tempo=TEMPO):
        await strict.command(ANA, "list")
        await strict.says("1 of 2 connected")
        text = json.dumps(newest(strict, "1 of 2 connected"), ensure_ascii=False)
        assert f"*Shop* · connected · `{first.id}` · home" in text
        assert f"`{second.id}` · office" in text
        await strict.command(ANA, "devices office")
        await strict.until(lambda: len(strict.private) == 2)
        assert "Shop" not in str(strict.private[-1])


@pytest.mark.parametrize("verb", ["pause", "history", "mute", "subscribe"])
async def test_of_several_devices_of_a_name_the_chosen_one_is_meant(
    verb: str,
    strict: StrictSlack,
    gateway: Simulator,
    office: tuple[Simulator, Settings],
    tmp_path: Path,
) -> None:
    other, both = office
    gateway.world.add_device(name="Shop", state="connected")
    meant = other.world.add_device("office", name="shop", state="connected")
    store = SqlStore(f"sqlite:///{tmp_path / 'store.db'}")
    done = {
        "pause": "*shop* is paused",
        "history": "*shop* · The last 7 days",
        "mute": "mute_window",
        "subscribe": "subscribed this channel to the alerts of *shop*",
    }[verb]
    async with running_app(both, store=store, tempo=TEMPO) as app:
        accounts = app.services.accounts
        while sum(line.is_connected for line in accounts.lines()) < 2:
            await strict.client.auth_test()
        await strict.command(ANA, f"{verb} SHOP")
        await strict.says("Several devices are named *SHOP*. Which one?")
        rows = [one for one in newest(strict, "Which one?")["blocks"] if "accessory" in one]
        [button] = [one["accessory"] for one in rows if "office" in one["text"]["text"]]
        assert button["value"] == f"office {meant.id}"
        await strict.click(ANA, button)
        await strict.until(lambda: done in strict.said() + json.dumps(strict.modals))
        if verb == "pause":
            states = {line.account: line.device.state for line in accounts.lines()}
            assert states == {"home": DeviceState.CONNECTED, "office": DeviceState.PAUSED}


async def test_a_name_that_is_nearly_right_is_offered(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    gateway.world.add_device(name="Front desk", state="connected")
    async with running_app(settings, tempo=TEMPO):
        await strict.command(ANA, "pause front")
        await strict.says("There is no device named *front*. Did you mean one of these?")
        await strict.click(ANA, buttons_of(newest(strict, "Did you mean"))["choose_pause"])
        await strict.says("*Front desk* is paused")
        await strict.command(ANA, "pause nowhere")
        await strict.says("There is no device named *nowhere*.")


async def test_alerts_are_listed_and_taken(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    async with an_office(strict, gateway, settings) as office:
        await strict.command(ANA, "ack")
        await strict.says("No alert is open.")
        first, second, third = await office.connected(3)
        await office.unlinked(first, second, third)
        await office.until(lambda: len(office.alerts()) == 3)
        await strict.command(ANA, "ack Desk 0")
        await strict.says("You acknowledged it: *Desk 0* was unlinked by its phone.")
        await strict.command(ANA, "take Desk 0")
        await strict.says("already acknowledged this")
        by_id = next(one for one in office.alerts() if one.device_id == second)
        await strict.command(ANA, f"ack {by_id.id[:8]}")
        await strict.says("You acknowledged it: *Desk 1*")
        await strict.command(ANA, "alerts")
        await strict.says("Open alerts")
        await strict.click(ANA, buttons_of(newest(strict, "Open alerts"))["alert_take"])
        await strict.says("You acknowledged it: *Desk 2*")
        assert all(one.acknowledged_by == "Ana Souza (Slack)" for one in office.alerts())
        await strict.command(ANA, "ack nothing")
        await strict.says("No open alert matches “nothing”.")


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("Desk 0", ("device", None)),
        ("Desk 0 kind offline", ("device", AlertKind.OFFLINE)),
        ("account home", (None, None)),
        ("kind needs-pairing", (None, AlertKind.NEEDS_PAIRING)),
    ],
)
async def test_alerts_are_muted_and_heard_again(
    text: str,
    scope: tuple[str | None, AlertKind | None],
    strict: StrictSlack,
    gateway: Simulator,
    settings: Settings,
) -> None:
    async with an_office(strict, gateway, settings) as office:
        [device_id] = await office.connected()
        await strict.command(ANA, f"mute {text}")
        await strict.until(lambda: "mute_window" in json.dumps(strict.modals))
        view = strict.modals[-1]
        what = view["blocks"][0]["element"]["options"][0]["value"]
        await strict.submit(
            ANA,
            "mute_window",
            view["private_metadata"],
            mute_what=what,
            mute_until="1h",
            mute_reason="Moving",
        )
        mutes = office.app.services.supervisor.alerts.mutes
        await office.until(lambda: len(mutes("home")) == 1)
        device, kind = scope
        of_device = MuteScope("home", device_id)
        assert mutes("home")[0].scope == (of_device if device else MuteScope("home", None, kind))
        await strict.command(ANA, f"unmute {'Desk 0' if device else text}")
        await strict.says("No longer muted.")
        assert mutes("home") == ()
        await strict.command(ANA, f"unmute {text}")
        await strict.says("That was no longer muted.")
        await strict.command(ANA, "mute kind party")
        await strict.says("There is no such kind of alert")


async def test_the_history_of_all_and_of_one(
    strict: StrictSlack, gateway: Simulator, settings: Settings, tmp_path: Path
) -> None:
    address = f"sqlite:///{tmp_path / 'store.db'}"
    settings = settings.model_copy(update={"store": SecretStr(address)})
    async with an_office(strict, gateway, settings, store=SqlStore(address)) as office:
        first, _ = await office.connected(2)
        await office.unlinked(first)
        await strict.says("was unlinked by its phone")
        await strict.command(ANA, "history Desk 0 30d")
        await strict.says("*Desk 0* · The last 30 days")
        told = json.dumps(newest(strict, "The last 30 days"), ensure_ascii=False)
        assert "must be paired again" in told
        assert "alert: must be paired again" in told
        assert "of the time · drops: " in told
        await strict.command(ANA, "history")
        await strict.says("The last 7 days")
        shown = newest(strict, "The last 7 days")
        names = [one["text"]["text"] for one in shown["blocks"] if one["type"] == "section"]
        assert [name.split("*")[1] for name in names] == ["Desk 0", "Desk 1"]


@pytest.mark.usefixtures("gateway")
async def test_without_a_database_there_is_no_history(
    strict: StrictSlack, settings: Settings
) -> None:
    async with running_app(settings, tempo=TEMPO):
        await strict.command(ANA, "history")
        await strict.says("I keep no history")


async def test_a_verb_of_the_wuts_command_is_understood(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    gateway.world.add_device(name="Front desk", state="connected")
    async with running_app(settings, tempo=TEMPO):
        await strict.command(ANA, "connect Front desk")
        await strict.says("Checking *Front desk* now.")
    assert OPS not in {channel for channel, _ in strict.messages}
