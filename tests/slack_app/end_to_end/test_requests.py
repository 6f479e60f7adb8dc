"""What Slack, or somebody who is not Slack, sends to the app's address in HTTP mode."""

import json
from typing import Any

import pytest

from slack_app.app import EVENTS_PATH
from slack_app.settings import Mode
from tests.slack_app.slack_server import ANA, BOB, OPS
from tests.slack_app.team import Team
from wuts_simulator import Fault, FaultKind

pytestmark = pytest.mark.parametrize("mode", [Mode.HTTP])


async def test_an_interaction_that_is_repeated_does_nothing_twice(team: Team) -> None:
    team.sim.world.add_device(name="Front desk")
    await known(team)
    click = pair_click(team, trigger_id="7.7")
    for _ in range(3):
        assert (await team.slack.interact(url(team), ANA, click))[0] == 200
    await team.qr_message(ANA)
    direct = await team.slack.direct_channel(ANA)
    posted = await team.slack.calls("chat.postMessage")
    assert [call["channel"] for call in posted].count(direct) == 1


async def test_who_does_not_know_the_secret_is_not_heard(team: Team) -> None:
    team.sim.world.add_device(name="Front desk")
    await known(team)
    status, _ = await team.slack.interact(url(team), ANA, pair_click(team), secret="wrong")
    assert status == 401
    assert await team.slack.calls("conversations.open") == []


async def test_the_menu_shows_the_devices_whose_name_has_in_it_what_was_typed(team: Team) -> None:
    for name in ("Front desk", "Back office", "Frontier"):
        team.sim.world.add_device(name=name)
    await known(team, 3)
    assert await offered(team, ANA, "FRONT") == ["Front desk", "Frontier"]
    assert await offered(team, ANA, "") == ["Back office", "Front desk", "Frontier"]
    assert await offered(team, BOB, "") == []


async def test_a_click_is_acknowledged_while_the_gateway_does_not_answer(team: Team) -> None:
    team.sim.world.add_device(name="Front desk")
    await known(team)
    fault = team.sim.world.faults.add(Fault(kind=FaultKind.HANG))
    status, _ = await team.slack.interact(url(team), ANA, pair_click(team))
    assert status == 200
    team.sim.world.faults.remove(fault)


def url(team: Team) -> str:
    return f"http://127.0.0.1:{team.app.port}{EVENTS_PATH}"


def pair_click(team: Team, **more: str) -> dict[str, Any]:
    """A click on *Pair* in a message."""
    line = team.app.services.accounts.find("Front desk")
    button = {"type": "button", "action_id": "pair", "block_id": "b", "value": str(line.ref)}
    return {"type": "block_actions", "channel": {"id": OPS}, "actions": [button], **more}


async def known(team: Team, count: int = 1) -> None:
    while len(team.app.services.accounts.lines()) < count:
        await team.slack.messages(OPS)


async def offered(team: Team, user: str, typed: str) -> list[str]:
    ask = {"type": "block_suggestion", "action_id": "choose_device", "block_id": "choose_device"}
    view = {"type": "modal", "id": "V1", "callback_id": "pair_window"}
    status, said = await team.slack.interact(url(team), user, {**ask, "value": typed, "view": view})
    assert status == 200
    return [option["text"]["text"] for option in json.loads(said)["options"]]
