"""Shortcuts: *Pair a number* from anywhere, *Check this number* on a message."""

import json

import pytest

from slack_app.app import running_app
from slack_app.settings import Settings
from tests.slack_app.blocks.limits import check
from tests.slack_app.strict_slack import ANA, BOB, StrictSlack
from tests.slack_app.test_app import TEMPO
from wuts_simulator import EndpointName, Simulator

PHONE = "5511912344321"
ON, OFF = "+55 11 98888-0002", "+55 11 98888-0003"


async def test_a_number_is_paired_from_anywhere(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    device = gateway.world.add_device(name="Front desk")
    async with running_app(settings, tempo=TEMPO):
        await strict.shortcut(ANA, "pair_a_number")
        await strict.until(lambda: "pair_window" in json.dumps(strict.modals))
        values = {"choose_device": f"home {device.id}", "method": "qr"}
        await strict.submit(ANA, "pair_window", **values)
        await strict.says("slack_file")


async def test_the_number_of_a_message_is_checked(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    gateway.world.add_device(name="Front desk", state="connected", phone=PHONE)
    async with running_app(settings, tempo=TEMPO) as app:
        while not any(line.is_connected for line in app.services.accounts.lines()):
            await strict.client.auth_test()
        await strict.shortcut(ANA, "check_this_number", {"text": f"Please call {ON}!"})
        await strict.says(f"{ON} is on WhatsApp")
        assert strict.private[-1]["response_type"] == "ephemeral"


async def test_of_several_numbers_one_is_chosen_or_all(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    gateway.world.add_device(name="Front desk", state="connected", phone=PHONE)
    async with running_app(settings, tempo=TEMPO) as app:
        while not any(line.is_connected for line in app.services.accounts.lines()):
            await strict.client.auth_test()
        await strict.shortcut(ANA, "check_this_number", {"text": f"{ON} or {OFF}"})
        await strict.says("Which number should I check?")
        asked = strict.private[-1]
        check(asked["blocks"])
        one, other = [block["accessory"] for block in asked["blocks"] if "accessory" in block]
        [both] = asked["blocks"][-1]["elements"]
        assert not any(digits in str([one, other, both]) for digits in ("988880002", "988880003"))
        await strict.click(BOB, other)  # who may not, and whose number it is not
        await strict.says("You don't have permission to do that")
        await strict.click(ANA, other)
        await strict.says(f"{OFF} is not on WhatsApp")
        assert f"{ON} is" not in strict.said()
        await strict.click(ANA, both)
        await strict.says(f"{ON} is on WhatsApp")
        assert gateway.world.requests.by_endpoint[EndpointName.CHECK_CONTACTS] == 2


@pytest.mark.usefixtures("gateway")
async def test_a_message_without_a_number_is_said_so_and_who_may_not_is_refused(
    strict: StrictSlack, settings: Settings
) -> None:
    async with running_app(settings, tempo=TEMPO):
        await strict.shortcut(ANA, "check_this_number", {"text": "Good morning"})
        await strict.says("I can't find a phone number in that message")
        for message in ({"text": ON}, None):
            strict.private.clear()
            name = "check_this_number" if message else "pair_a_number"
            await strict.shortcut(BOB, name, message)
            await strict.says("You don't have permission to do that")


@pytest.mark.usefixtures("gateway")
async def test_a_number_that_is_not_remembered_is_said_so(
    strict: StrictSlack, settings: Settings
) -> None:
    async with running_app(settings, tempo=TEMPO):
        await strict.click(ANA, {"type": "button", "action_id": "check_number", "value": "gone"})
        await strict.says("I no longer remember that number")
