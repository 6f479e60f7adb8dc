from pathlib import Path

import pytest

from scripts.lib.parts import free_port
from slack_app.app import EVENTS_PATH, running_app
from slack_app.settings import Mode
from tests.slack_app.end_to_end.conftest import TEMPO, app_settings
from tests.slack_app.slack_server import ANA, running_slack
from tests.slack_app.team import Team
from wuts_simulator import Simulator


async def test_an_app_that_stops_ends_its_pairings_and_deletes_their_pictures(
    slack_program: str, mode: Mode, sim: Simulator, tmp_path: Path
) -> None:
    sim.world.add_device(name="Front desk")
    port = free_port()
    events_url = f"http://127.0.0.1:{port}{EVENTS_PATH}" if mode is Mode.HTTP else None
    async with running_slack(slack_program, tmp_path, events_url=events_url) as slack:
        settings = app_settings(slack, sim, mode, port)
        async with running_app(settings, tempo=TEMPO) as app:
            await slack.command(ANA, "pair Front desk")
            shown = await Team(slack, sim, app).qr_message(ANA)
        over = await slack.says(shown["channel"], "Interrupted. Start again.")
        assert over["ts"] == shown["ts"]
        assert await slack.files() == set()
        async with running_app(settings, tempo=TEMPO) as app:
            await slack.click(ANA, over, "pair")
            again = await Team(slack, sim, app).qr_message(ANA)
            assert again["ts"] != shown["ts"]


async def test_a_button_of_a_pairing_that_is_over_says_so(team: Team) -> None:
    team.sim.world.add_device(name="Front desk")
    await team.slack.command(ANA, "pair Front desk")
    shown = await team.qr_message(ANA)
    await team.slack.click(ANA, shown, "pairing_cancel")
    await team.slack.says(shown["channel"], "Cancelled.")
    while await team.slack.files():
        pass
    await team.app.services.pairings.close()
    await team.slack.click(ANA, shown, "pairing_new_code")
    await team.slack.says(shown["channel"], "This pairing is over.")


async def test_a_gateway_that_cannot_be_reached_is_explained(
    team: Team, caplog: pytest.LogCaptureFixture
) -> None:
    team.sim.world.add_device(name="Front desk")
    team.sim.world.break_for(3600)
    await team.slack.command(ANA, "pair Front desk")
    await team.slack.says("C1OPS", "The gateway is busy.")
    assert "Traceback" not in caplog.text
