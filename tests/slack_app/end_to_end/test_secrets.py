import json
import logging

import pytest

from slack_app.operations.logs import JsonFormatter
from tests.slack_app.slack_server import (
    ALLOWED,
    ANA,
    APP_TOKEN,
    BOB,
    BOT_TOKEN,
    CARLA,
    OPS,
    SIGNING_SECRET,
    picture_id,
    text_of,
)
from tests.slack_app.team import Team
from tests.slack_app.telltales import GATEWAY_TOKEN, WEBHOOK_SECRET

PHONE = "5511912344321"


async def test_no_secret_is_in_a_log_line_or_a_channel(
    team: Team, caplog: pytest.LogCaptureFixture
) -> None:
    device = team.sim.world.add_device(name="Front desk", state="connected", phone=PHONE)
    await team.slack.command(BOB, "pair Front desk")
    await team.slack.command(ANA, "status --share")
    await team.slack.says(OPS, "+55 11 … 4321")
    while not team.app.services.supervisor.devices("home"):
        await team.slack.messages(OPS)
    team.sim.world.unlink(device.id)
    alert = await team.slack.says(OPS, "was unlinked by its phone")
    await team.slack.click(ANA, alert, "pair")
    first = await team.qr_message(ANA)
    await team.slack.command(ANA, "pair Front desk")
    await team.slack.says(OPS, "is already pairing this device")
    await team.slack.click(ANA, first, "pairing_cancel")
    await team.slack.says(first["channel"], "Cancelled.")
    await team.slack.command(ANA, f"pair Front desk code +{PHONE}")
    await team.slack.says(first["channel"], '"header"')
    code = team.sim.world.device(device.id).code
    assert code is not None
    team.sim.world.enter_code(device.id, code.code)
    await team.slack.says(first["channel"], "Paired with")
    await team.slack.says(OPS, "Resolved <")
    team.sim.world.unlink(device.id)
    await team.slack.command(ANA, "pair Front desk")
    second = await team.qr_message(ANA, other_than=picture_id(first))
    payload = await team.scan(second, PHONE)
    await team.slack.message(first["channel"], lambda one: one["ts"] == second["ts"])

    secrets = [payload, code.code, PHONE, GATEWAY_TOKEN, WEBHOOK_SECRET]
    secrets += [BOT_TOKEN, APP_TOKEN, SIGNING_SECRET]
    formatter = JsonFormatter()
    logged = "\n".join(map(formatter.format, caplog.records)) + caplog.text
    assert "pair: refused" in logged
    assert "pair: cancelled" in logged
    said = [
        text_of(one) for channel in (OPS, ALLOWED) for one in await team.slack.messages(channel)
    ]
    for secret in secrets:
        assert secret not in logged
        assert all(secret not in text for text in said)


async def test_each_pairing_is_audited_with_its_outcome(
    team: Team, caplog: pytest.LogCaptureFixture
) -> None:
    device = team.sim.world.add_device(name="Front desk")
    await team.slack.command(ANA, "pair Front desk")
    shown = await team.qr_message(ANA)
    await team.scan(shown, PHONE)
    await team.slack.says(shown["channel"], "Paired with")
    await team.app.services.pairings.close()
    lines = audited(caplog.records)
    common = {"user": ANA, "deed": "pair", "account": "home", "device": device.id}
    assert [{key: line[key] for key in common} for line in lines] == [common, common]
    assert [line["outcome"] for line in lines] == ["started", "paired"]


async def test_refusals_and_disconnects_are_audited_with_the_device(
    team: Team, caplog: pytest.LogCaptureFixture
) -> None:
    desk = team.sim.world.add_device(name="Front desk")
    office = team.sim.world.add_device(name="Office", state="connected", phone=PHONE)
    await team.seen(1)
    await team.slack.command(BOB, "pair Front desk")
    await team.slack.says(OPS, "You don't have permission to do that")
    await team.slack.command(ANA, "disconnect Office")
    asked = await team.slack.says(OPS, "It might disconnect another device")
    await team.slack.click(ANA, asked, "disconnect_anyway")
    await team.slack.says(OPS, "is disconnected until you resume it")
    await team.slack.command(ANA, "pair Front desk")
    await team.qr_message(ANA)
    await team.slack.command(CARLA, "pair Front desk")
    await team.slack.says(OPS, "is already pairing this device")
    lines = audited(caplog.records)
    said = [(line["user"], line["deed"], line["device"], line["outcome"]) for line in lines]
    assert said == [
        (BOB, "pair", desk.id, "refused"),
        (ANA, "disconnect", office.id, "done"),
        (ANA, "pair", desk.id, "started"),
        (CARLA, "pair", desk.id, "in_progress"),
    ]


def audited(records: list[logging.LogRecord]) -> list[dict[str, str]]:
    formatter = JsonFormatter()
    lines = [json.loads(formatter.format(record)) for record in records]
    return [line for line in lines if "deed" in line]
