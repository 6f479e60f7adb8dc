"""However odd the ``Retry-After``, a call waits for a minute at most, and is made again."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from aiohttp import ClientSession

from slack_app.app import Tempo, running_app
from slack_app.settings import Settings
from slack_app.slack.rate_limiter import RateLimiter
from slack_app.slack.retries import LONGEST_WAIT, SHORTEST_WAIT, wait_for
from tests.slack_app.slack.clients import limited_client
from tests.slack_app.strict_slack import ANA, StrictSlack
from wuts_simulator import Simulator

NOW = datetime(2026, 11, 25, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("30", 30.0),
        (" 7 ", 7.0),
        ("0", 0.0),
        ("86400", LONGEST_WAIT),
        ("9" * 400, SHORTEST_WAIT),
        (format_datetime(NOW + timedelta(seconds=20), usegmt=True), 20.0),
        (format_datetime(NOW + timedelta(days=20), usegmt=True), LONGEST_WAIT),
        (format_datetime(NOW - timedelta(days=20), usegmt=True), 0.0),
        ("-5", SHORTEST_WAIT),
        ("1.5", SHORTEST_WAIT),
        ("nan", SHORTEST_WAIT),
        ("soon", SHORTEST_WAIT),
        ("", SHORTEST_WAIT),
        (None, SHORTEST_WAIT),
    ],
)
def test_a_wait_is_within_reason(header: str | None, seconds: float) -> None:
    assert wait_for(header, NOW) == seconds


@pytest.mark.parametrize("header", ["Wed, 21 Oct 2015 07:28:00 GMT", "soon", "-5", "\u0661"])
async def test_a_call_is_made_again_whatever_slack_says(
    header: str, strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    gateway.world.add_device(name="Front desk")
    async with running_app(settings, tempo=Tempo(interval=0.0)):
        strict.retry_after = header
        strict.limited["conversations.open"] = 1
        await strict.command(ANA, "pair Front desk")
        await strict.says("Pair Front desk")
    assert strict.count("conversations.open") == 2


async def test_a_day_is_not_waited_for(strict: StrictSlack) -> None:
    strict.retry_after = "86400"
    strict.limited["auth.test"] = 2
    async with limited_client(strict, RateLimiter(longest_wait=0.01)) as slack:
        await slack.auth_test()
    assert strict.count("auth.test") == 3


@pytest.mark.usefixtures("gateway")
async def test_a_socket_is_asked_for_again_however_long_slack_says(
    strict: StrictSlack,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("CRITICAL", "slack_bolt")
    async with running_app(settings, tempo=Tempo(interval=0.0, ping=0.1, longest_wait=0.0)) as app:
        strict.retry_after = "86400"
        strict.limited["apps.connections.open"] = 7
        await strict.drop_sockets()
        await strict.until(lambda: strict.count("apps.connections.open") > 9)
        while await health(app.monitor_port) != 200:
            pass


async def health(port: int) -> int:
    async with ClientSession() as http, http.get(f"http://127.0.0.1:{port}/healthz") as answer:
        return answer.status
