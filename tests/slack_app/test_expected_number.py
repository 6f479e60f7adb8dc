"""The phone that is expected outlives restarts, crashes and absences, until a person decides."""

import copy
from collections.abc import Mapping
from dataclasses import replace

import pytest

from slack_app.app import RunningApp, Tempo, running_app
from slack_app.devices.device import DeviceRef
from slack_app.settings import Settings
from tests.slack_app.strict_slack import ANA, BOB, StrictSlack
from tests.slack_app.test_evidence import TEMPO, hide_the_number, number_is_known
from wuts.supervisor import Device, DeviceState
from wuts.supervisor.store import MemoryStore
from wuts_simulator import EndpointName, Fault, FaultKind, Simulator

PHONE, OTHER = "5511912344321", "5511987659999"
DIFFERENT_NOW = "+55 11 … 9999 was linked, but +55 11 … 4321 was expected. Keep it?"
DIFFERENT = "+55 11 … 9999 was linked, but +55 11 … 4321 was expected"
ABSENCES = replace(TEMPO, supervision=replace(TEMPO.supervision, interval=0.1, gone_after=0.3))


@pytest.mark.slow
async def test_a_question_can_be_answered_after_a_restart_and_a_status_changes_nothing(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    store = MemoryStore()
    ref = await a_wrong_phone_is_linked(strict, gateway, settings, store)
    question = strict.buttons(DIFFERENT)
    async with running_app(for_all(settings), store=store, tempo=TEMPO) as app:
        await strict.command(BOB, "status")
        await strict.says("number +55 11 … 9999")
        assert expected(app, ref) == PHONE
        await strict.click(ANA, question["unlink_and_pair"])
        await strict.until(lambda: not gateway.world.device(ref.device_id).is_connected)
        await shows_a_code(strict, 2)
        gateway.world.scan_device(ref.device_id, PHONE)
        await strict.says("Paired with +55 11 … 4321")
    async with running_app(settings, store=store, tempo=TEMPO) as app:
        assert expected(app, ref) == PHONE


async def test_a_phone_that_is_kept_after_a_restart_is_expected_after_the_next(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    store = MemoryStore()
    ref = await a_wrong_phone_is_linked(strict, gateway, settings, store)
    async with running_app(settings, store=store, tempo=TEMPO):
        await strict.click(ANA, strict.buttons(DIFFERENT)["keep_phone"])
        await strict.says("9999 stays linked")
    async with running_app(settings, store=store, tempo=TEMPO) as app:
        assert expected(app, ref) == OTHER


@pytest.mark.slow
async def test_a_phone_that_could_not_be_checked_is_still_asked_about_after_a_restart(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    store = MemoryStore()
    device = gateway.world.add_device(name="Front desk", state="connected", phone=PHONE)
    ref = DeviceRef("home", device.id)
    async with running_app(settings, store=store, tempo=TEMPO) as app:
        await number_is_known(strict, app, ref)
        hide_the_number(gateway, device.id)
        await strict.command(ANA, "pair Front desk")
        await strict.says("I couldn't check which one")
    async with running_app(settings, store=store, tempo=TEMPO):
        await strict.command(ANA, "pair Front desk")
        await strict.until(lambda: strict.said().count("I couldn't check which one") > 2)
        await strict.click(ANA, strict.buttons("I couldn't check")["keep_phone"])
        await strict.says("The phone stays linked, by <@U1ANA>.")


async def test_a_phone_that_unlinks_while_the_app_is_down_is_the_one_expected_back(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    store = MemoryStore()
    device = gateway.world.add_device(name="Front desk", state="connected", phone=PHONE)
    async with running_app(settings, store=store, tempo=TEMPO) as app:
        await number_is_known(strict, app, DeviceRef("home", device.id))
    gateway.world.unlink(device.id)
    async with running_app(settings, store=store, tempo=TEMPO):
        await strict.command(ANA, "pair Front desk")
        await shows_a_code(strict)
        gateway.world.scan_device(device.id, OTHER)
        await strict.says(DIFFERENT)


async def test_a_wrong_phone_that_is_linked_while_the_app_crashes_is_not_expected_for_it(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    store = MemoryStore()
    device = gateway.world.add_device(name="Front desk", state="connected", phone=PHONE)
    async with running_app(settings, store=store, tempo=TEMPO) as app:
        await number_is_known(strict, app, DeviceRef("home", device.id))
        gateway.world.unlink(device.id)
        await strict.command(ANA, "pair Front desk")
        await shows_a_code(strict)
        crashed = copy.deepcopy(store)
        gateway.world.scan_device(device.id, OTHER)
        await strict.says(DIFFERENT)
    strict.messages.clear()
    async with running_app(for_all(settings), store=crashed, tempo=TEMPO):
        await strict.command(BOB, "status")
        await strict.says("number +55 11 … 9999")
        await strict.command(ANA, "pair Front desk")
        await strict.says(DIFFERENT)


async def test_a_button_works_although_the_gateway_did_not_list_the_device_since_the_start(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    device = gateway.world.add_device(name="Front desk", state="connected", phone=OTHER)
    gateway.world.faults.add(
        Fault(kind=FaultKind.STATUS, endpoint=EndpointName("GET /devices"), status=503, times=1)
    )
    slow = Tempo(supervision=replace(TEMPO.supervision, interval=3_600), interval=0.0)
    async with running_app(settings, tempo=slow) as app:
        while len(gateway.world.faults):
            await strict.client.auth_test()
        assert app.services.accounts.lines() == []
        value = f"home {device.id}"
        click = {"type": "button", "action_id": "unlink_and_pair", "value": value}
        await strict.click(ANA, click)
        await strict.says("Pair Front desk")
    assert "no longer has this device" not in strict.said()


@pytest.mark.parametrize("is_restarted", [False, True])
async def test_what_a_person_ordered_outlives_a_devices_absence(
    is_restarted: bool, strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    store = MemoryStore()
    device = gateway.world.add_device(name="Front desk", state="connected", phone=PHONE)
    gateway.world.add_device(name="Good", state="connected")
    gateway.world.add_device(name="Better", state="connected")
    ref = DeviceRef("home", device.id)
    async with running_app(settings, store=store, tempo=ABSENCES) as app:
        await number_is_known(strict, app, ref)
        await app.services.supervisor.expect_number("home", ref.device_id, OTHER)
        await strict.command(ANA, "disconnect Front desk")
        await strict.says("It might disconnect another device")
        await strict.click(ANA, strict.buttons("It might disconnect")["disconnect_anyway"])
        await strict.says("is disconnected until you resume it")
        rows = [
            {"id": one.id, "name": one.name, "connected": True}
            for one in gateway.world.registry.devices.values()
            if one.id != device.id
        ]
        listing = {"success": True, "devices": rows}
        absent = Fault(
            kind=FaultKind.BODY, endpoint=EndpointName("GET /devices"), status=200, body=listing
        )
        gateway.world.faults.add(absent)
        while ref.device_id in app.services.supervisor.devices("home"):
            await strict.client.auth_test()
        if not is_restarted:
            await comes_back(strict, gateway, app.services.supervisor.devices("home"), ref)
            assert expected(app, ref) == OTHER
    if is_restarted:
        async with running_app(settings, store=store, tempo=ABSENCES) as app:
            await comes_back(strict, gateway, app.services.supervisor.devices("home"), ref)
            assert expected(app, ref) == OTHER
    assert not gateway.world.device(device.id).is_connected


async def test_a_phone_that_is_linked_elsewhere_is_asked_about_in_status_home_and_alert(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    store = MemoryStore()
    device = gateway.world.add_device(name="Front desk", state="connected", phone=PHONE)
    ref = DeviceRef("home", device.id)
    async with running_app(settings, store=store, tempo=TEMPO) as app:
        await number_is_known(strict, app, ref)
    gateway.world.sessions.store_credentials(gateway.world.device(device.id), OTHER)
    async with running_app(settings, store=store, tempo=TEMPO) as app:
        await strict.says("*Front desk* is linked to an unexpected phone")
        await app.services.app_home.open(ANA)
        await strict.command(ANA, "status")
        await strict.says(DIFFERENT_NOW)
        assert expected(app, ref) == PHONE
        assert "keep_phone" in str(strict.homes[ANA])
        asked = [
            message
            for message in strict.messages.values()
            if "keep_phone" in str(message.get("blocks"))
        ]
        assert len(asked) == 1  # the alert's; only the person who asked sees a status
        await strict.click(ANA, strict.buttons(DIFFERENT_NOW)["keep_phone"])
        await strict.says("9999 stays linked")
        await strict.until(lambda: "Resolved" in strict.said())
        assert expected(app, ref) == OTHER
        await strict.until(lambda: "keep_phone" not in str(strict.homes.get(ANA)))


async def comes_back(
    strict: StrictSlack, gateway: Simulator, devices: Mapping[str, Device], ref: DeviceRef
) -> None:
    """List the device again, and wait until it is seen; it is left alone."""
    gateway.world.faults.clear()
    while (device := devices.get(ref.device_id)) is None or device.phone_number != PHONE:
        await strict.client.auth_test()
    assert device.state is DeviceState.PAUSED


async def a_wrong_phone_is_linked(
    strict: StrictSlack, gateway: Simulator, settings: Settings, store: MemoryStore
) -> DeviceRef:
    """Let one run of the app ask about another phone than the expected one."""
    device = gateway.world.add_device(name="Front desk", state="connected", phone=PHONE)
    ref = DeviceRef("home", device.id)
    async with running_app(settings, store=store, tempo=TEMPO) as app:
        await number_is_known(strict, app, ref)
        gateway.world.unlink(device.id)
        await strict.command(ANA, "pair Front desk")
        await shows_a_code(strict)
        gateway.world.scan_device(device.id, OTHER)
        await strict.says(DIFFERENT)
    return ref


def expected(app: RunningApp, ref: DeviceRef) -> str | None:
    return app.services.supervisor.devices(ref.account)[ref.device_id].expected_number


async def shows_a_code(strict: StrictSlack, count: int = 1) -> None:
    """Wait until a person was shown so many codes."""
    shown = "files.completeUploadExternal"
    await strict.until(lambda: strict.count(shown) >= count and "slack_file" in strict.said())


def for_all(settings: Settings) -> Settings:
    """The same settings, with Bob on the list."""
    return settings.model_copy(update={"allow_users": frozenset({ANA, BOB})})
