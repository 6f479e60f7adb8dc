from collections.abc import AsyncIterator

import pytest

from simulator import Settings, Simulator
from tests.slack_app.end_to_end.conftest import GATEWAY_TOKEN
from tests.slack_app.slack_server import ANA, picture_id
from tests.slack_app.team import Team, read_qr


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
