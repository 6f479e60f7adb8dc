"""What Slack's pages do not mention costs nobody an answer, an alert or a home."""

from functools import partial

import pytest

from slack_app.app import running_app
from slack_app.devices.accounts import Accounts
from slack_app.operations.records import Records
from slack_app.people.users import Users
from slack_app.settings import Settings
from tests.slack_app.strict_slack import ANA, BOB, OPS, StrictSlack
from tests.slack_app.test_app import figures_of
from tests.slack_app.test_evidence import TEMPO
from wuts.supervisor.store import MemoryStore
from wuts_simulator import Simulator

HTML = "<html>Bad gateway</html>"


@pytest.mark.usefixtures("gateway")
@pytest.mark.slow
async def test_a_request_that_meets_a_bug_is_answered_logged_once_and_counted(
    strict: StrictSlack,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fails_first(monkeypatch, Accounts, "fresh_overview", 2)
    async with running_app(settings, tempo=TEMPO) as app:
        for count in (1, 2):
            await strict.command(ANA, "status")
            await strict.until(partial(has_told, strict, count))
            assert "Something in this app failed" in strict.private[-1]["text"]
        await strict.command(ANA, "status")
        await strict.says("WhatsApp devices")
        assert 'wuts_task_failures_total{task="requests"} 2.0' in await figures_of(app)
    assert caplog.text.count("The task requests failed\n") == 1


@pytest.mark.slow
async def test_a_home_that_cannot_be_made_keeps_no_other_from_being_refreshed(
    strict: StrictSlack,
    gateway: Simulator,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = MemoryStore()
    for user in (BOB, ANA):
        await Records(store, "home", ["home"]).save(user, {})
    fails_first(monkeypatch, Users, "strings", 1)
    gateway.world.add_device(name="Front desk", state="connected")
    async with running_app(settings, store=store, tempo=TEMPO) as app:
        await strict.until(lambda: strict.homes.keys() == {ANA, BOB})
        assert 'wuts_task_failures_total{task="homes"} 1.0' in await figures_of(app)


@pytest.mark.parametrize(
    ("status", "kind"), [(503, "text/plain"), (503, "text/html"), (200, "text/plain")]
)
async def test_a_page_instead_of_slacks_json_costs_no_alert(
    status: int, kind: str, strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    gateway.world.add_device(name="Front desk", state="connected")
    async with running_app(settings, tempo=TEMPO) as app:
        while not app.services.accounts.lines():
            await strict.client.auth_test()
        strict.page["chat.postMessage"] = [(status, kind, HTML)]
        gateway.world.break_for(3_600)
        await strict.until(lambda: any(channel == OPS for channel, _ in strict.messages))
    assert HTML not in strict.said()


@pytest.mark.parametrize("status", [404, 429, 500])
@pytest.mark.slow
async def test_an_answer_that_slack_does_not_take_comes_as_a_direct_message(
    status: int, strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    gateway.world.add_device(name="Front desk")
    strict.deaf_status = status
    async with running_app(settings, tempo=TEMPO):
        await strict.command(ANA, "status")
        await strict.says("WhatsApp devices")
    assert {channel for channel, _ in strict.messages} == {f"D{ANA}"}


async def test_an_answer_without_what_was_asked_for_is_no_bug(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    gateway.world.add_device(name="Front desk")
    strict.odd |= dict.fromkeys(["users.info", "conversations.open", "chat.postMessage"], 1)
    async with running_app(settings, tempo=TEMPO) as app:
        await strict.command(ANA, "pair Front desk")
        await strict.says("Slack is not responding as it should (unreadable_answer)")
        await strict.command(ANA, "pair Front desk")
        await strict.command(ANA, "pair Front desk")
        await strict.says("slack_file")
        assert 'wuts_task_failures_total{task="requests"}' not in await figures_of(app)


def fails_first(monkeypatch: pytest.MonkeyPatch, kind: type, name: str, times: int) -> None:
    """Have a method raise what only a bug would, so many times."""
    works, left = getattr(kind, name), [ValueError("a bug")] * times

    async def broken(self: object, *given: object, **named: object) -> object:
        if left:
            raise left.pop()
        return await works(self, *given, **named)

    monkeypatch.setattr(kind, name, broken)


def has_told(strict: StrictSlack, count: int) -> bool:
    return len(strict.private) == count
