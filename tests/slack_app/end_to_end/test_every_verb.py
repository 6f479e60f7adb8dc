"""A person's way through every verb of ``/wuts``, in a local Slack, on a simulated gateway."""

import pytest

from slack_app.messages.parser import Command
from slack_app.settings import Mode
from tests.slack_app.slack_server import ANA, OPS, Message, buttons, text_of
from tests.slack_app.team import Team

PHONE = "5511912344321"

pytestmark = pytest.mark.slow


class Way:
    """Ana, who types one command after the other."""

    def __init__(self, team: Team) -> None:
        self.team = team
        self.used: set[str] = set()

    async def says(self, text: str, answer: str, *, to_all: bool = False) -> Message:
        """Type a command; wait for its answer, which others see only where they should."""
        self.used.add(text.split(maxsplit=1)[0])
        await self.team.slack.command(ANA, text)
        found = await self.team.slack.says(OPS, answer)
        assert to_all is ("ephemeral_to" not in found)
        return found

    async def clicks(self, message: Message, action: str, answer: str) -> Message:
        await self.team.slack.click(ANA, message, action)
        return await self.team.slack.says(OPS, answer)


async def test_a_person_goes_through_every_verb(team: Team) -> None:
    way, world = Way(team), team.sim.world
    await way.says("help", "/wuts history")
    await way.says("create Shop", "I created *Shop*. Pair it next.")
    await way.says("pair Shop", "I sent you a direct message to pair *Shop*")
    shown = await team.qr_message(ANA)
    await team.scan(shown, PHONE)
    await team.slack.says(shown["channel"], "Paired with +55 11 … 4321")
    answer = await way.says("status", "1 of 1 connected")
    assert ":large_green_circle: *Shop*" in text_of(answer)
    assert "never paired" not in text_of(answer)
    [device] = world.registry.devices.values()
    await way.says("list", f"`{device.id}`")
    await way.says("check +55 11 98888-0002", "+55 11 98888-0002 is on WhatsApp")
    await way.says("pause Shop", "*Shop* is paused until you resume it.")
    down = await way.says("status down", "1 match “down”")
    assert set(buttons(down)) == {"resume", "status_all"}
    await way.says("resume Shop", "*Shop* is no longer paused.")
    await way.says("reconnect Shop", "Checking *Shop* now.")
    await way.says("history Shop", "I keep no history")
    await way.says("rename Shop", "The gateway can't rename a device.")
    await way.says("subscribe Shop", "subscribed this channel to the alerts of *Shop*", to_all=True)
    await way.says("subscriptions", "Who gets alerts")
    await way.says("webhooks", "Gateways can't report changes to me")
    world.unlink(device.id)
    await team.slack.says(OPS, "was unlinked by its phone")
    opened = await way.says("ack", "Open alerts")
    await way.clicks(opened, "alert_take", "You acknowledged it: *Shop* was unlinked by its phone.")
    await muted(way)
    await way.says("unmute Shop", "No longer muted.")
    await way.says(
        "unsubscribe", "unsubscribed this channel from the alerts of *Shop*", to_all=True
    )
    await team.slack.command(ANA, "pair Shop")
    await team.scan(await team.qr_message(ANA), PHONE)
    await team.slack.says(OPS, "Resolved <")
    await team.seen(1)
    asked = await way.says("disconnect Shop", "Disconnect *Shop*")
    await way.clicks(asked, "disconnect_anyway", "*Shop* is disconnected until you resume it.")
    assert not world.device(device.id).is_connected
    await way.says("resume Shop", "*Shop* is no longer paused.")
    await team.seen(1)
    asked = await way.says("unlink Shop", "Unlink the phone")
    await way.clicks(asked, "unlink_only", "The phone of *Shop* is unlinked.")
    assert world.device(device.id).phone is None
    asked = await way.says("delete Shop", "Delete *Shop*")
    await way.clicks(asked, "delete_anyway", "*Shop* is deleted")
    assert way.used == set(Command)


async def muted(way: Way) -> None:
    """Mute the device for an hour, in the modal."""
    way.used.add("mute")
    slack = way.team.slack
    await slack.command(ANA, "mute Shop")
    while "mute_what" not in str(await slack.window()):
        pass
    values = {
        name: {name: {"type": "radio_buttons", "selected_option": {"value": value}}}
        for name, value in (("mute_what", "device"), ("mute_until", "1h"))
    }
    reason = {"type": "plain_text_input", "value": "Moving"}
    await slack.submit(ANA, {**values, "mute_reason": {"mute_reason": reason}})
    await slack.says(OPS, "Muted until")


@pytest.mark.parametrize("mode", [Mode.HTTP])
async def test_the_home_is_filtered(team: Team) -> None:
    team.sim.world.add_device(name="Good", state="connected", phone=PHONE)
    team.sim.world.add_device(name="Shop")
    await team.slack.open_home(ANA)
    home = await team.slack.home(ANA, "1 of 2 connected")
    url = f"http://127.0.0.1:{team.app.port}/slack/events"
    chosen = {
        "type": "static_select",
        "action_id": "home_filter",
        "selected_option": {"value": "down *"},
        "block_id": "b",
        "action_ts": "1.0",
    }
    click = {"type": "block_actions", "view": {**home, "id": "V1"}, "actions": [chosen]}
    assert (await team.slack.interact(url, ANA, click))[0] == 200
    filtered = await team.slack.home(ANA, "1 match “down”")
    assert "*Good*" not in text_of(filtered)
    assert "*Shop*" in text_of(filtered)
