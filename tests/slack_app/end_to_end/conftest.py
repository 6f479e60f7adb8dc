import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr

from scripts.lib.parts import free_port
from slack_app.app import EVENTS_PATH, Tempo, running_app
from slack_app.operations.logs import JsonFormatter
from slack_app.settings import AccountSettings, Mode, Settings
from tests.slack_app.slack_server import (
    ALLOWED,
    APP_TOKEN,
    BOT_TOKEN,
    OPS,
    SIGNING_SECRET,
    SlackServer,
    find_program,
    running_slack,
)
from tests.slack_app.team import Team
from tests.slack_app.telltales import (
    GATEWAY_TOKEN,
    WEBHOOK_SECRET,
    assert_channels_tell_nothing,
    assert_tells_nothing,
)
from wuts.pairing import PairingSettings
from wuts.supervisor import SupervisorSettings
from wuts_simulator import Settings as GatewaySettings
from wuts_simulator import Simulator

TEMPO = Tempo(
    supervision=SupervisorSettings(interval=0.3, base=0.2, cap=0.5, debounce=0.0, gone_after=0.6),
    pairing=PairingSettings(poll_interval=0.1, qr_status_interval=0.5, settle=0.3),
    interval=0.0,
    group_wait=0.0,
    group_interval=0.1,
)


@pytest.fixture(scope="session")
def slack_program() -> str:
    program = find_program()
    if program is None:
        pytest.skip("the local Slack server cannot be installed here: it needs Linux x64 and npm")
    return program


@pytest.fixture(params=[Mode.SOCKET, Mode.HTTP])
def mode(request: pytest.FixtureRequest) -> Mode:
    return Mode(request.param)


@pytest.fixture
async def sim() -> AsyncIterator[Simulator]:
    settings = GatewaySettings(tokens=(("home", GATEWAY_TOKEN),), connecting_for=0.1)
    async with Simulator(settings) as simulator:
        yield simulator


@pytest.fixture
def tempo() -> Tempo:
    """How fast everything goes; a test may have it otherwise."""
    return TEMPO


@pytest.fixture
async def team(
    slack_program: str, mode: Mode, sim: Simulator, tmp_path: Path, tempo: Tempo
) -> AsyncIterator[Team]:
    """The app, in Slack, at work on the simulator's devices.

    Whatever a test does with it, no secret may be in a channel at its end.
    """
    async with a_team(slack_program, mode, sim, tmp_path, tempo) as running:
        yield running
        await assert_channels_tell_nothing(running.slack)


@asynccontextmanager
async def a_team(
    program: str, mode: Mode, sim: Simulator, folder: Path, tempo: Tempo
) -> AsyncIterator[Team]:
    port = free_port()
    events_url = f"http://127.0.0.1:{port}{EVENTS_PATH}" if mode is Mode.HTTP else None
    async with running_slack(program, folder, events_url=events_url) as slack:
        settings = app_settings(slack, sim, mode, port)
        async with running_app(settings, tempo=tempo) as app:
            yield Team(slack, sim, app)


def app_settings(slack: SlackServer, sim: Simulator, mode: Mode, port: int) -> Settings:
    return Settings(
        bot_token=SecretStr(BOT_TOKEN),
        app_token=SecretStr(APP_TOKEN),
        signing_secret=SecretStr(SIGNING_SECRET),
        mode=mode,
        port=port,
        accounts={"home": AccountSettings(token=SecretStr(GATEWAY_TOKEN), url=sim.url)},
        allow_channels=frozenset({ALLOWED}),
        alert_channel=OPS,
        webhook_secret=SecretStr(WEBHOOK_SECRET),
        monitor_port=0,
        slack_url=slack.api,
    )


@pytest.fixture(autouse=True)
def everything_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """What the app logs, with libraries as the app itself sets them: no secret may be in it."""
    caplog.set_level(logging.WARNING)
    for name in ("slack_app", "wuts"):
        caplog.set_level(logging.DEBUG, name)
    yield
    formatter = JsonFormatter()
    for phase in ("setup", "call", "teardown"):
        for record in caplog.get_records(phase):
            # Also as it is before the formatter cleans it: that is the second line of defence.
            assert_tells_nothing(f"{record.getMessage()}\n{formatter.format(record)}")
