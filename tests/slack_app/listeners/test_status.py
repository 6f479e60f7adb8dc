"""``/wuts status`` says what its own look saw, or as of when it is."""

import json
from dataclasses import replace
from typing import override

import pytest
from pydantic import SecretStr

from slack_app.app import RunningApp, running_app
from slack_app.devices import accounts
from slack_app.messages import EN
from slack_app.settings import AccountSettings, Settings
from tests.slack_app.blocks.limits import check, check_home
from tests.slack_app.conftest import GATEWAY_TOKEN
from tests.slack_app.strict_files import Sent
from tests.slack_app.strict_slack import ANA, StrictSlack
from tests.slack_app.test_app import TEMPO
from wuts.supervisor import DeviceState, SupervisorSettings
from wuts.supervisor.store import MemoryStore, StoreError
from wuts.supervisor.store.base import Changes
from wuts_simulator import EndpointName, Fault, FaultKind, Simulator

ONCE = replace(TEMPO, supervision=SupervisorSettings(interval=600.0, base=60.0, debounce=0.0))
"""The supervisor looks once, and then only where somebody asks."""

PHONE = "5511912344321"


async def known(strict: StrictSlack, app: RunningApp, count: int) -> None:
    """Wait until the supervisor has seen so many devices, and done with its first look."""
    supervisor = app.services.supervisor
    devices = supervisor.devices("home")
    while supervisor.listed_at("home") is None or len(devices) < count:
        await strict.client.auth_test()


async def status(strict: StrictSlack, text: str = "") -> Sent:
    """Ask for the status; return the answer."""
    before = len(strict.private)
    await strict.command(ANA, f"status {text}")
    await strict.until(lambda: len(strict.private) > before)
    answer = strict.private[-1]
    check(answer["blocks"])
    return answer


def texts(answer: Sent) -> str:
    return json.dumps(answer, ensure_ascii=False)


def names(answer: Sent) -> list[str]:
    """The devices that an answer shows, in their order."""
    shown = [one["text"]["text"] for one in answer["blocks"] if one["type"] == "section"]
    return [text.split("*")[1] for text in shown if "*" in text and "\n" in text]


def buttons(answer: Sent) -> dict[str, Sent]:
    rows = [one.get("elements", []) for one in answer["blocks"] if one["type"] == "actions"]
    beside = [one["accessory"] for one in answer["blocks"] if "accessory" in one]
    return {one["action_id"]: one for one in [*beside, *(one for row in rows for one in row)]}


async def test_right_after_a_drop_nothing_is_green(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    dropped = gateway.world.add_device(name="Dropped", state="connected", phone=PHONE)
    unlinked = gateway.world.add_device(name="Unlinked", state="connected", phone=PHONE)
    async with running_app(settings, tempo=ONCE) as app:
        await known(strict, app, 2)
        gateway.world.drop(dropped.id)
        gateway.world.unlink(unlinked.id)
        answer = await status(strict)
        assert "0 of 2 connected" in texts(answer)
        assert ":large_green_circle:" not in texts(answer)
        assert {"reconnect", "pair"} == set(buttons(answer))
        devices = app.services.supervisor.devices("home")  # the look has fed the supervisor
        assert devices[dropped.id].state is DeviceState.RECONNECTING
        assert devices[unlinked.id].state is DeviceState.NEEDS_PAIRING


@pytest.mark.slow
async def test_a_device_that_nobody_can_ask_about_is_being_checked(
    strict: StrictSlack, gateway: Simulator, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "PATIENCE", 1.0)
    device = gateway.world.add_device(name="Front desk", state="connected", phone=PHONE)
    gateway.world.add_device(name="Shop", state="connected", phone=PHONE)
    async with running_app(settings, tempo=ONCE) as app:
        await known(strict, app, 2)
        gateway.world.faults.add(Fault(kind=FaultKind.HANG, endpoint=EndpointName.STATUS))
        gateway.world.drop(device.id)
        answer = await status(strict)
        assert ":grey_question: *Front desk*" in texts(answer)
        assert "being checked" in texts(answer)
        assert "1 of 2 connected" in texts(answer)


@pytest.mark.parametrize("kind", [FaultKind.HANG, FaultKind.STATUS])
@pytest.mark.slow
async def test_without_an_answer_of_the_gateway_the_status_is_as_of_the_last(
    kind: FaultKind,
    strict: StrictSlack,
    gateway: Simulator,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(accounts, "PATIENCE", 1.0)
    gateway.world.add_device(name="Front desk", state="connected", phone=PHONE)
    async with running_app(settings, tempo=ONCE) as app:
        await known(strict, app, 1)
        seen = app.services.supervisor.listed_at("home")
        assert seen is not None
        gateway.world.faults.add(Fault(kind=kind, endpoint=EndpointName.LIST_DEVICES, status=503))
        answer = await status(strict)
        date = f"<!date^{int(seen.timestamp())}^"
        assert f"as of {date}" in answer["text"]
        assert "This is as of <!date^" in texts(answer)
        assert "was connected" in texts(answer)
        assert ":large_green_circle:" not in texts(answer)
        assert "as of" in texts(await status(strict, "Front desk"))
        gateway.world.faults.clear()
        while "as of" in texts(answer := await status(strict)):
            pass  # the call that hangs has its own time-out
        assert ":large_green_circle: *Front desk*" in texts(answer)


async def test_a_gateway_that_never_answered_is_said_so(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    gateway.world.break_for(3_600)
    async with running_app(settings, tempo=ONCE):
        answer = await status(strict)
        assert "I have not reached it since I started" in texts(answer)


@pytest.mark.slow
async def test_after_paired_nothing_says_never_paired(
    strict: StrictSlack, gateway: Simulator, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "PATIENCE", 1.0)
    device = gateway.world.add_device(name="Front desk")
    async with running_app(settings, tempo=ONCE) as app:
        await known(strict, app, 1)
        assert "never paired" in texts(await status(strict))
        await strict.command(ANA, "pair Front desk")
        await strict.says("slack_file")
        # From now on the supervisor's own looks fail: only the pairing knows.
        gateway.world.faults.add(Fault(kind=FaultKind.HANG, endpoint=EndpointName.LIST_DEVICES))
        gateway.world.scan_device(device.id, PHONE)
        await strict.says("Paired with +55 11 … 4321")
        answer = await status(strict)
        assert "never paired" not in texts(answer)
        assert "must be paired" not in texts(answer)
        gateway.world.faults.clear()
        while "as of" in texts(answer := await status(strict)):
            pass
        assert ":large_green_circle: *Front desk*" in texts(answer)


@pytest.mark.slow
async def test_after_paired_a_device_that_was_just_created_is_not_never_paired(
    strict: StrictSlack, gateway: Simulator, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "PATIENCE", 1.0)
    async with running_app(settings, tempo=ONCE) as app:
        while app.services.supervisor.listed_at("home") is None:
            await strict.client.auth_test()
        gateway.world.faults.add(Fault(kind=FaultKind.HANG, endpoint=EndpointName.LIST_DEVICES))
        await strict.command(ANA, "create Shop")
        await strict.says("I created *Shop*")
        [device] = gateway.world.registry.devices.values()
        await strict.command(ANA, f"pair {device.id}")
        await strict.says("slack_file")
        gateway.world.scan_device(device.id, PHONE)
        await strict.says("Paired with +55 11 … 4321")
        assert "never paired" not in texts(await status(strict))


async def test_only_what_is_down_an_account_or_a_text_and_pages_that_keep_it(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    gateway.world.add_device(name="Good", state="connected", phone=PHONE)
    for number in range(45):
        gateway.world.add_device(name=f"Shop {number:02}")
    async with running_app(settings, tempo=ONCE) as app:
        await known(strict, app, 46)
        answer = await status(strict, "down")
        assert "45 match “down” · page 1 of 3" in texts(answer)
        await strict.click(ANA, buttons(answer)["status_next"])
        await strict.says("page 2 of 3")
        second = strict.private[-1]
        check(second["blocks"])
        assert "45 match “down” · page 2 of 3" in texts(second)
        assert "Good" not in names(second)
        assert len(names(second)) == 20
        await strict.click(ANA, buttons(second)["status_all"])
        await strict.says("page 1 of 3")
        assert names(await status(strict, "good")) == ["Good"]
        assert names(await status(strict, "shop 07")) == ["Shop 07"]
        assert names(await status(strict, "down shop 0")) == [f"Shop {n:02}" for n in range(10)]
        assert "No device matches “nobody”" in texts(await status(strict, "nobody"))
        assert len(names(await status(strict, "account home"))) == 20


async def test_one_gateway_of_two_does_not_answer(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    gateway.world.add_device(name="Front desk", state="connected", phone=PHONE)
    away = AccountSettings(token=SecretStr(GATEWAY_TOKEN), url="http://127.0.0.1:1")
    both = settings.model_copy(update={"accounts": {**settings.accounts, "office": away}})
    async with running_app(both, tempo=ONCE) as app:
        await known(strict, app, 1)
        answer = await status(strict)
        assert ":large_green_circle: *Front desk*" in texts(answer)
        assert "*office*" in texts(answer)
        assert "I have not reached it since I started" in texts(answer)


@pytest.mark.parametrize("kind", ["status", "list"])
async def test_three_hundred_devices_are_pages_that_slack_takes(
    kind: str, strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    gateway.world.add_devices("home", 300, state="connected")
    async with running_app(settings, tempo=ONCE) as app:
        await known(strict, app, 300)
        await strict.command(ANA, kind)
        await strict.says("300 of 300 connected")
        seen = 1
        while (turn := buttons(strict.private[-1]).get(f"{kind}_next")) is not None:
            check(strict.private[-1]["blocks"])
            seen += 1
            await strict.click(ANA, turn)
            await strict.says(f"page {seen} of")
        assert seen == {"status": 15, "list": 3}[kind]


async def test_the_home_is_filtered_by_a_menu_and_a_text(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    gateway.world.add_device(name="Good", state="connected", phone=PHONE)
    gateway.world.add_device(name="Shop")
    async with running_app(settings, tempo=ONCE) as app:
        await known(strict, app, 2)
        await app.services.app_home.open(ANA)
        check_home(strict.homes[ANA])
        home = {"type": "home"}
        chosen = {"selected_option": {"value": "down *"}}
        await strict.click(
            ANA, {"type": "static_select", "action_id": "home_filter", **chosen}, home
        )
        await strict.until(lambda: "1 match “down”" in texts(strict.homes[ANA]))
        assert "*Good*" not in texts(strict.homes[ANA])
        check_home(strict.homes[ANA])
        typed = {"type": "plain_text_input", "action_id": "home_search", "value": "good"}
        await strict.click(ANA, typed, home)
        await strict.until(lambda: "No device matches “down good”" in texts(strict.homes[ANA]))
        all_of_them = buttons(strict.homes[ANA])["status_all"]
        await strict.click(ANA, all_of_them, home)
        await strict.until(lambda: "*Good*" in texts(strict.homes[ANA]))
        assert "*Shop*" in texts(strict.homes[ANA])


class Forgetful(MemoryStore):
    """Saves nothing while it is down."""

    is_down = False

    @override
    async def save(self, changes: Changes) -> None:
        if self.is_down:
            raise StoreError("down")
        await super().save(changes)


async def test_a_store_that_saves_nothing_is_said_in_status_and_home(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    gateway.world.add_device(name="Front desk", state="connected", phone=PHONE)
    store = Forgetful()
    async with running_app(settings, store=store, tempo=ONCE) as app:
        await known(strict, app, 1)
        assert EN.store_down not in texts(await status(strict))
        store.is_down = True
        gateway.world.add_device(name="Shop")
        app.services.supervisor.wake("home")
        while app.services.supervisor.store_state().problem is None:
            await strict.client.auth_test()
        assert EN.store_down in texts(await status(strict))
        await app.services.app_home.open(ANA)
        assert EN.store_down in texts(strict.homes[ANA])
        store.is_down = False
