"""The app registers its own webhooks, with care for somebody else's."""

import json
from collections.abc import Mapping
from typing import override

import pytest
from pydantic import SecretStr

from slack_app.app import RunningApp, running_app
from slack_app.operations.audit import AUDIT_LOGGER
from slack_app.settings import AccountSettings, Settings
from tests.core.wuts.deaf_gateway import FIRST, SECOND
from tests.core.wuts.raw_gateway import RawRequest, http_answer
from tests.slack_app.alerts.people import buttons_of
from tests.slack_app.blocks.limits import check
from tests.slack_app.conftest import GATEWAY_TOKEN
from tests.slack_app.devices.test_webhooks import SECRET, SELDOM, deliver
from tests.slack_app.many_devices import ListedGateway
from tests.slack_app.strict_files import Sent
from tests.slack_app.strict_slack import ANA, StrictSlack
from wuts.push_address import STATE_EVENTS
from wuts_simulator import Simulator

PUBLIC = "https://wuts.example.com"
URL = f"{PUBLIC}/wuts/webhook/home"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """In Socket Mode, with an address of its own for gateways."""
    update = {"public_url": PUBLIC, "webhook_secret": SecretStr(SECRET), "port": 0}
    return settings.model_copy(update=update)


def on(gateway: ListedGateway, settings: Settings) -> Settings:
    """The settings, with that gateway as the only one."""
    account = AccountSettings(token=SecretStr(GATEWAY_TOKEN), url=gateway.url)
    return settings.model_copy(update={"accounts": {"home": account}})


async def until(strict: StrictSlack, app: RunningApp, **wanted: object) -> None:
    """Wait until an account's registration is so."""
    state = app.services.registration.states["home"]
    while any(getattr(state, name) != value for name, value in wanted.items()):
        await strict.client.auth_test()


async def asked(strict: StrictSlack) -> Sent:
    """Ask ``/wuts webhooks``; return the answer."""
    before = len(strict.private)
    await strict.command(ANA, "webhooks")
    await strict.until(lambda: len(strict.private) > before)
    check(strict.private[-1]["blocks"])
    return strict.private[-1]


def posted(gateway: ListedGateway) -> list[str]:
    return [one.query["device_id"] for one in gateway.requests if one.method == "POST"]


async def test_each_device_reports_here_also_one_that_is_added_later(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    first = gateway.world.add_device(state="connected")
    async with running_app(settings, tempo=SELDOM) as app:
        await until(strict, app, done={first.id})
        webhook = gateway.world.device(first.id).webhook
        assert webhook is not None
        assert (webhook.url, set(webhook.events)) == (URL, set(STATE_EVENTS))
        second = gateway.world.add_device()
        assert await deliver(app) == 204  # the server is there in Socket Mode, too
        await until(strict, app, done={first.id, second.id})
        assert "2 of 2 devices report changes to me at once" in json.dumps(await asked(strict))
    for told in (strict.said(), json.dumps(strict.homes)):
        assert SECRET not in told


async def test_a_gateway_that_may_mix_devices_up_is_told_nothing_before_somebody_agrees(
    strict: StrictSlack, gateway: Simulator, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", AUDIT_LOGGER)
    devices = {gateway.world.add_device().id for _ in range(2)}
    async with running_app(settings, tempo=SELDOM) as app:
        await until(strict, app, needs_consent=True)
        assert all(gateway.world.device(one).webhook is None for one in devices)
        await strict.command(ANA, "status")
        await strict.says("Some webhooks need your answer: `/wuts webhooks`")
        button = buttons_of(await asked(strict))["webhook_agree"]
        assert button["confirm"]["style"] == "danger"
        await strict.click(ANA, button)
        await until(strict, app, done=devices)
        assert "2 of 2 devices" in json.dumps(await asked(strict))
    lines = [vars(one)["audit"] for one in caplog.records if one.name == AUDIT_LOGGER]
    assert [(one["deed"], one["outcome"]) for one in lines] == [("webhook", "done")]


async def test_somebody_elses_webhook_is_left_alone_until_a_person_replaces_it(
    strict: StrictSlack, settings: Settings
) -> None:
    async with ListedGateway() as raw:
        raw.has_webhook(FIRST, "w1")
        raw.has_webhook(SECOND, "w2")
        async with running_app(on(raw, settings), tempo=SELDOM) as app:
            while len(app.services.registration.states["home"].taken) < 2:
                await strict.client.auth_test()
            answer = await asked(strict)
            assert "reports to `example.org`. I did not change that." in json.dumps(answer)
            assert "w1" not in json.dumps(answer)  # the rest of the address may be secret
            assert posted(raw) == []
            rows = [one for one in answer["blocks"] if "Device-2" in str(one)]
            button = rows[0]["accessory"]
            assert button["confirm"]["style"] == "danger"
            raw.has_webhook(SECOND, "w3")  # it is another one by now
            await strict.click(ANA, button)
            await strict.says("Nothing was changed")
            assert posted(raw) == []
            rows = [one for one in (await asked(strict))["blocks"] if "Device-2" in str(one)]
            await strict.click(ANA, rows[0]["accessory"])
            await strict.says("It reports to me now.")
            assert posted(raw) == [SECOND]
            assert raw.webhooks[SECOND]["webhook_url"] == URL
            assert raw.webhooks[FIRST]["webhook_url"] == "https://example.org/w1"


class Forgetful(ListedGateway):
    """Says that it stored a webhook, and stores none: another device's may have been changed."""

    @override
    def answer_to(self, request: RawRequest) -> bytes:
        if (request.method, request.path) == ("POST", "/webhook"):
            return http_answer({"success": True, "webhook": {"id": "w", **request.json}})
        return super().answer_to(request)


@pytest.mark.slow
async def test_a_gateway_that_may_have_changed_another_device_is_told_nothing_more(
    strict: StrictSlack, settings: Settings
) -> None:
    async with (
        Forgetful() as raw,
        running_app(on(raw, settings), tempo=SELDOM) as app,
    ):
        await until(strict, app, needs_consent=True)
        await strict.click(ANA, buttons_of(await asked(strict))["webhook_agree"])
        await until(strict, app, is_stopped=True)
        assert posted(raw) == [FIRST]
        answer = json.dumps(await asked(strict))
        assert "0 of 2 devices" in answer
        assert "check all devices before you continue" in answer
        assert "webhook_agree" in answer  # who has looked may have it tried again
        app.services.supervisor.wake("home")
        await strict.client.auth_test()
        assert posted(raw) == [FIRST]


@pytest.mark.parametrize("missing", [{"public_url": ""}, {"webhook_secret": SecretStr("")}])
async def test_an_app_that_no_gateway_reaches_registers_nothing_and_says_so(
    missing: Mapping[str, object], strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    device = gateway.world.add_device(state="connected")
    async with running_app(settings.model_copy(update=dict(missing)), tempo=SELDOM) as app:
        while app.services.supervisor.listed_at("home") is None:
            await strict.client.auth_test()
        assert "set `public_url` and `webhook_secret`" in json.dumps(await asked(strict))
        assert not app.services.registration.is_possible
    assert gateway.world.device(device.id).webhook is None


@pytest.mark.slow
async def test_a_gateway_that_fails_is_asked_again(
    strict: StrictSlack,
    gateway: Simulator,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("slack_app.devices.registration.RETRY_AFTER", 0.1)
    device = gateway.world.add_device(state="connected")
    gateway.world.break_for(1.0)
    async with running_app(settings, tempo=SELDOM) as app:
        app.services.supervisor.wake("home")
        await until(strict, app, done={device.id}, problem=None)
