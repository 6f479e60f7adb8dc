from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from slack_app.settings import Mode
from tests.slack_app.end_to_end.conftest import TEMPO
from tests.slack_app.slack_server import ANA, buttons, picture_id
from tests.slack_app.team import Team, read_qr
from tests.slack_app.telltales import GATEWAY_TOKEN
from wuts_simulator import Fault, FaultKind, Settings, Simulator


@pytest.fixture
async def sim() -> AsyncIterator[Simulator]:
    """A gateway whose first QR is short-lived."""
    tokens = (("home", GATEWAY_TOKEN),)
    settings = Settings(tokens=tokens, qr_first_life=4.0, qr_life=60.0, connecting_for=0.1)
    async with Simulator(settings) as simulator:
        yield simulator


async def test_a_qr_that_expires_is_replaced_by_itself_and_its_picture_deleted(team: Team) -> None:
    team.sim.world.add_device(name="Front desk")
    await team.slack.command(ANA, "pair Front desk")
    first = await team.qr_message(ANA)
    first_id = picture_id(first)
    assert first_id is not None
    payload = read_qr(await team.slack.picture(first_id))
    second = await team.qr_message(ANA, other_than=first_id)
    second_id = picture_id(second)
    assert second_id is not None
    assert second["ts"] == first["ts"]
    assert read_qr(await team.slack.picture(second_id)) != payload
    while await team.slack.files() != {second_id}:
        pass
    await team.scan(second, "5511912344321")
    await team.slack.says(second["channel"], "Paired with")


HASTE = replace(TEMPO, pairing=replace(TEMPO.pairing, deadline=2.0))


@pytest.mark.parametrize("mode", [Mode.SOCKET])
async def test_a_qr_that_expires_without_another_is_taken_away(team: Team) -> None:
    team.sim.world.add_device(name="Front desk")
    await team.slack.command(ANA, "pair Front desk")
    first = await team.qr_message(ANA)
    fault = Fault(kind=FaultKind.STATUS, endpoint="GET /qr", status=504)
    team.sim.world.faults.add(fault)
    gone = await team.slack.message(
        first["channel"], lambda one: one["ts"] == first["ts"] and picture_id(one) is None
    )
    assert set(buttons(gone)) == {"pairing_cancel"}
    while await team.slack.files():
        pass
    team.sim.world.faults.clear()
    second = await team.qr_message(ANA)
    assert second["ts"] == first["ts"]


@pytest.mark.parametrize("tempo", [HASTE], ids=["haste"])
async def test_a_pairing_whose_time_ran_out_can_be_started_again(team: Team) -> None:
    team.sim.world.add_device(name="Front desk")
    await team.slack.command(ANA, "pair Front desk")
    shown = await team.qr_message(ANA)
    over = await team.slack.says(shown["channel"], "Time ran out before a phone was linked.")
    assert over["ts"] == shown["ts"]
    assert set(buttons(over)) == {"pair"}
    while await team.slack.files():
        pass
