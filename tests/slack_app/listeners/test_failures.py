"""A listener that breaks leaves nobody without an answer, and no secret in the log."""

import pytest

from slack_app.app import running_app
from slack_app.settings import Settings
from tests.slack_app.strict_slack import ANA, APP_TOKEN, BOT_TOKEN, StrictSlack
from tests.slack_app.test_app import TEMPO, figures_of
from wuts_simulator import Simulator

BROKEN = {"type": "button", "action_id": "pair", "value": "5511912344321"}
"""A button whose value names no device: no message of ours has it."""


@pytest.mark.usefixtures("gateway")
async def test_who_asked_is_told_and_the_log_has_the_error_once(
    strict: StrictSlack, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    async with running_app(settings, tempo=TEMPO) as app:
        for count in (1, 2):
            envelope = await strict.click(ANA, BROKEN)
            await strict.until(lambda count=count: len(strict.private) == count)  # type: ignore[misc]
            assert "Something in this app failed" in str(strict.private[-1])
            await strict.until(lambda envelope=envelope: envelope in strict.acks)  # type: ignore[misc]
        assert 'wuts_task_failures_total{task="requests"} 2.0' in await figures_of(app)
    assert caplog.text.count("The task requests failed\n") == 1
    assert "Failed to run listener function" not in caplog.text, "Bolt's own handler"
    for secret in (BOT_TOKEN, APP_TOKEN, "5511912344321", "/respond"):
        assert secret not in caplog.text


async def test_where_slack_takes_no_answer_either_the_app_carries_on(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    gateway.world.add_device(name="Front desk")
    strict.deaf_status = 404
    strict.refusing[f"D{ANA}"] = "user_disabled"
    async with running_app(settings, tempo=TEMPO):
        envelope = await strict.click(ANA, BROKEN)
        await strict.until(lambda: envelope in strict.acks)
        await strict.until(lambda: ("chat.postMessage", "user_disabled") in strict.refusals)
        strict.deaf_status = None
        del strict.refusing[f"D{ANA}"]
        await strict.command(ANA, "status")
        await strict.says("WhatsApp devices")
