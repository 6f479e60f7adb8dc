import pytest

from slack_app.app import EVENTS_PATH
from slack_app.settings import Mode
from tests.slack_app.slack_server import ANA, BOB, Message, buttons, text_of
from tests.slack_app.team import Team

PHONE = "5511912344321"
HTTP_MODE = pytest.mark.parametrize("mode", [Mode.HTTP])
"""For clicks in a home, which the local server cannot send on its own."""


async def test_the_home_shows_all_devices_and_is_refreshed_when_something_changes(
    team: Team,
) -> None:
    device = team.sim.world.add_device(name="Front desk", state="connected", phone=PHONE)
    await team.seen(1)
    await team.slack.open_home(ANA)
    home = await team.slack.home(ANA, "1 of 1 connected")
    assert "+55 11 … 4321" in text_of(await team.slack.home(ANA, "4321"))
    assert PHONE not in text_of(home)
    team.sim.world.unlink(device.id)
    unlinked = await team.slack.home(ANA, "must be paired again")
    assert set(buttons(unlinked)) == {"open_pair_window", "pair"}


async def test_who_may_not_sees_no_device_at_home(team: Team) -> None:
    team.sim.world.add_device(name="Front desk")
    await team.slack.open_home(BOB)
    home = await team.slack.home(BOB, "You don't have permission to do that")
    assert "Front desk" not in text_of(home)
    assert buttons(home) == {}


@HTTP_MODE
async def test_a_device_is_paired_from_the_home(team: Team) -> None:
    team.sim.world.add_device(name="Front desk")
    home = await opened(team, "Front desk")
    await click(team, ANA, home, "pair")
    shown = await team.qr_message(ANA)
    await team.scan(shown, PHONE)
    await team.slack.says(shown["channel"], "Paired with +55 11 … 4321")
    await team.slack.home(ANA, "1 of 1 connected")


@HTTP_MODE
async def test_a_click_in_the_home_is_refused_to_who_may_not(team: Team) -> None:
    team.sim.world.add_device(name="Front desk")
    home = await opened(team, "Front desk")
    await click(team, BOB, home, "pair")
    await team.slack.says(
        await team.slack.direct_channel(BOB), "You don't have permission to do that"
    )
    assert await team.slack.calls("files.getUploadURLExternal") == []


@HTTP_MODE
async def test_the_home_is_turned_page_by_page(team: Team) -> None:
    team.sim.world.add_devices("home", 45)
    home = await opened(team, "page 1 of 3")
    await click(team, ANA, home, "status_next")
    await team.slack.home(ANA, "page 2 of 3")


@HTTP_MODE
async def test_the_home_opens_the_window_that_asks_what_to_pair(team: Team) -> None:
    home = await opened(team, "0 of 0 connected")
    await click(team, ANA, home, "open_pair_window")
    while not await team.slack.calls("views.open"):
        pass


async def opened(team: Team, words: str) -> Message:
    await team.slack.open_home(ANA)
    return await team.slack.home(ANA, words)


async def click(team: Team, user: str, home: Message, action_id: str) -> None:
    url = f"http://127.0.0.1:{team.app.port}{EVENTS_PATH}"
    await team.slack.click_home(url, user, home, action_id)
