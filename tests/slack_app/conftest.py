from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from slack_app.settings import AccountSettings, Settings
from tests.slack_app.strict_slack import (
    APP_TOKEN,
    BOT_TOKEN,
    OPS,
    StrictSlack,
    strict_slack,
)
from wuts_simulator import Settings as GatewaySettings
from wuts_simulator import Simulator
from wuts_simulator.pytest_plugin import StartGateway

GATEWAY_TOKEN = "gateway-token-7777"


@pytest.fixture
async def strict() -> AsyncIterator[StrictSlack]:
    """A Slack that is as strict as the real one."""
    # Most tests' apps post at once: `Tempo.interval` is 0.
    async with strict_slack(posts_each=0.0) as slack:
        yield slack
        assert slack.flaws == []


@pytest.fixture
def gateway(start_wuts_gateway: StartGateway) -> Simulator:
    return start_wuts_gateway(
        GatewaySettings(tokens=(("home", GATEWAY_TOKEN),), connecting_for=0.0)
    )


@pytest.fixture
def settings(strict: StrictSlack, gateway: Simulator) -> Settings:
    """The app's settings for these two."""
    return Settings(
        bot_token=SecretStr(BOT_TOKEN),
        app_token=SecretStr(APP_TOKEN),
        accounts={"home": AccountSettings(token=SecretStr(GATEWAY_TOKEN), url=gateway.url)},
        alert_channel=OPS,
        monitor_port=0,
        slack_url=strict.api,
    )
