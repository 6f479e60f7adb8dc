"""What Slack refuses while somebody pairs is explained, with what to do."""

import json

import pytest

from slack_app.app import running_app
from slack_app.settings import Settings
from tests.slack_app.pairing.test_slack_troubles import PHONE
from tests.slack_app.strict_slack import ANA, StrictSlack
from tests.slack_app.test_app import TEMPO
from wuts_simulator import Simulator

MANY = 1_000


def refuses(strict: StrictSlack, method: str, code: str, **more: str) -> None:
    body = json.dumps({"ok": False, "error": code, **more})
    strict.page[method] = [(200, "application/json", body)] * MANY


@pytest.mark.parametrize("code", ["file_uploads_disabled", "storage_limit_reached"])
async def test_where_nobody_may_upload_a_pair_code_is_offered_and_links(
    code: str, strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    device = gateway.world.add_device(name="Front desk")
    refuses(strict, "files.getUploadURLExternal", code)
    async with running_app(settings, tempo=TEMPO):
        await strict.command(ANA, "pair Front desk")
        await strict.says(
            f"does not let me upload the picture of the QR code ({code}). Use a pair code"
        )
        button = strict.buttons("upload the picture of the QR code")["pairing_use_code"]
        await strict.submit(ANA, "phone_window", button["value"], phone=f"+{PHONE}")
        await strict.until(lambda: "header" in strict.said())
        gateway.world.scan_device(device.id, PHONE)
        await strict.says("Paired with +55 11 … 4321")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("user_disabled", "your account there is deactivated"),
        ("missing_scope", "This app lacks a permission in Slack (`im:write`)"),
        ("ratelimited", "Slack asks this app to slow down"),
        ("internal_error", "Slack is not responding as it should (internal_error)"),
        ("some_new_code", "Slack could not do that (some_new_code)"),
    ],
)
async def test_where_no_direct_messages_can_be_opened_the_person_is_told_why(
    code: str, words: str, strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    gateway.world.add_device(name="Front desk")
    async with running_app(settings, tempo=TEMPO):
        refuses(strict, "conversations.open", code, needed="im:write")
        await strict.command(ANA, "pair Front desk")
        await strict.says(words)
