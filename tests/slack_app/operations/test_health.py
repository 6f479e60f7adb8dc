"""What a person must fix in Slack makes the app unhealthy, with a reason, and somebody hears."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import ClientSession

from slack_app.settings import Settings
from tests.slack_app.alerts.people import Office, an_office
from tests.slack_app.strict_slack import ANA, BOT_TOKEN, OPS, PATIENCE, StrictSlack
from tests.slack_app.test_app import TEMPO
from wuts_simulator import Simulator

OFTEN = replace(TEMPO, look_every=0.05)

type Told = tuple[int, dict[str, Any]]


async def ask(office: Office, path: str = "healthz") -> Told:
    url = f"http://127.0.0.1:{office.app.monitor_port}/{path}"
    async with ClientSession() as http, http.get(url) as answer:
        return answer.status, await answer.json()


async def until_it_says(office: Office, code: int, /, **wanted: object) -> None:
    """Wait until ``/healthz`` says all of that."""
    async with asyncio.timeout(PATIENCE):
        while True:
            seen, told = await ask(office)
            if seen == code and wanted.items() <= told.items():
                return


@pytest.mark.parametrize("code", ["token_revoked", "invalid_auth", "account_inactive"])
async def test_a_token_that_is_revoked(
    code: str,
    strict: StrictSlack,
    gateway: Simulator,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with an_office(strict, gateway, settings, tempo=OFTEN) as office:
        await until_it_says(office, 200, status="ok")
        refusal = (200, "application/json", json.dumps({"ok": False, "error": code}))
        strict.page |= {one: [refusal] * 10_000 for one in ("conversations.info", "auth.test")}
        await until_it_says(
            office, 503, status="Slack refuses a token", refused_tokens={"bot": code}
        )
        assert (await ask(office, "livez"))[0] == 200
        strict.page.clear()
        await until_it_says(office, 200, status="ok")
    assert caplog.text.count(f"Slack refuses the bot token ({code})") == 1
    assert BOT_TOKEN not in caplog.text


async def test_a_scope_that_is_lost_is_named_and_told_to_who_is_in_charge(
    strict: StrictSlack,
    gateway: Simulator,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with an_office(strict, gateway, settings, tempo=OFTEN) as office:
        await until_it_says(office, 200, status="ok")
        strict.scopes.remove("files:write")
        missing = "the app lacks scopes in Slack"
        await until_it_says(office, 503, status=missing, missing_scopes=["files:write"])
        complaint = await office.shows("This app lacks a permission in Slack", f"D{ANA}")
        assert "`files:write`" in json.dumps(complaint)
        strict.scopes.add("files:write")
        await until_it_says(office, 200, status="ok")
        assert len(office.messages(f"D{ANA}")) == 1
    assert "The app lacks scopes in Slack: files:write" in caplog.text


async def test_a_scope_that_is_missing_at_start_is_logged_and_in_health(
    strict: StrictSlack,
    gateway: Simulator,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    strict.scopes.remove("im:write")
    async with an_office(strict, gateway, settings, tempo=OFTEN) as office:
        assert "The app lacks scopes in Slack: im:write" in caplog.text
        status, told = await ask(office)
        assert (status, told["missing_scopes"]) == (503, ["im:write"])
        assert office.messages(f"D{ANA}") == []


async def test_a_scope_that_the_settings_do_not_need_is_not_missed(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    strict.scopes -= {"usergroups:read"}
    async with an_office(strict, gateway, settings, tempo=OFTEN) as office:
        assert (await ask(office))[0] == 200


@pytest.mark.parametrize("code", ["is_archived", "not_in_channel"])
async def test_a_channel_that_would_take_no_alert_is_told_before_one_comes(
    code: str, strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    async with an_office(strict, gateway, settings, tempo=OFTEN) as office:
        await until_it_says(office, 200, status="ok")
        if code == "is_archived":
            strict.archived = True
        else:
            strict.members.remove("U0BOT")
        reason = "a channel takes no alerts"
        await until_it_says(office, 503, status=reason, unwritable_channels={OPS: code})
        await office.shows(f"I can't post alerts in <#{OPS}>", f"D{ANA}")
        assert (await ask(office, "readyz"))[0] == 200
        strict.archived = False
        strict.members.add("U0BOT")
        await until_it_says(office, 200, status="ok")
        assert len(office.messages(f"D{ANA}")) == 1
