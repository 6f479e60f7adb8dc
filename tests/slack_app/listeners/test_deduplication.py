import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.context.ack.async_ack import AsyncAck

from slack_app.app import running_app
from slack_app.listeners import middleware
from slack_app.listeners.middleware import Deduplication
from slack_app.messages import EN
from slack_app.settings import Settings
from tests.slack_app.fake_slack import FakeSlack, fake_slack
from tests.slack_app.strict_slack import ANA, StrictSlack
from tests.slack_app.test_app import TEMPO
from wuts_simulator import Simulator


async def test_a_repeated_interaction_is_acknowledged_and_done_once() -> None:
    async with fake_slack(auth__test=[{"user_id": "U0", "bot_id": "B0"}]) as slack:
        app, done = listening(slack)
        for _ in range(3):
            assert (await app.async_dispatch(command("t1"))).status == 200
        assert (await app.async_dispatch(command("t2"))).status == 200
        assert done == ["t1", "t2"]


async def test_no_more_is_remembered_than_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "REMEMBERED", 2)
    async with fake_slack(auth__test=[{"user_id": "U0", "bot_id": "B0"}]) as slack:
        app, done = listening(slack)
        for trigger in ("t1", "t2", "t3", "t3", "t1"):
            await app.async_dispatch(command(trigger))
        assert done == ["t1", "t2", "t3", "t1"]


async def test_an_event_that_slack_repeats_is_acknowledged_and_heard_once() -> None:
    async with fake_slack(auth__test=[{"user_id": "U0", "bot_id": "B0"}]) as slack:
        app, done = listening(slack)
        last = asyncio.Event()

        @app.event("app_home_opened")
        async def on_event(body: dict[str, Any]) -> None:
            done.append(body["event_id"])
            if body["event_id"] == "Ev2":
                last.set()

        for attempt in ("", "1", "2"):
            assert (await app.async_dispatch(event("Ev1", attempt))).status == 200
        assert (await app.async_dispatch(event("Ev2"))).status == 200
        await last.wait()
        assert done == ["Ev1", "Ev2"]


@pytest.mark.parametrize("text", ["pair", "disconnect Front desk"])
async def test_what_slack_sends_again_over_a_socket_is_done_once(
    text: str, strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    gateway.world.add_device(name="Front desk", state="connected", phone="5511912344321")
    async with running_app(settings, tempo=TEMPO):
        name = await strict.command(ANA, text)
        await strict.until(lambda: name in strict.acks and bool(strict.modals or strict.private))
        for attempt in (1, 2):
            await strict.again(name, attempt)
        await strict.command(ANA, "help")
        await strict.says(EN.help_title)
    assert strict.acks.count(name) == 3
    questions = [one for one in strict.private if "Disconnect *Front desk*" in str(one)]
    assert (len(strict.modals), len(questions)) == ((1, 0) if text == "pair" else (0, 1))


def listening(slack: FakeSlack) -> tuple[AsyncApp, list[str]]:
    app = AsyncApp(client=slack.client, request_verification_enabled=False)
    app.use(Deduplication().let_through)
    done: list[str] = []

    @app.command("/wuts")
    async def on_command(ack: AsyncAck, body: dict[str, Any]) -> None:
        done.append(body["trigger_id"])
        await ack()

    return app, done


def event(event_id: str, attempt: str = "") -> AsyncBoltRequest:
    body = {"type": "event_callback", "event_id": event_id, "team_id": "T1"}
    opened = {"type": "app_home_opened", "user": "U1", "tab": "home"}
    retry: dict[str, str | Sequence[str]] = {
        "x-slack-retry-num": attempt,
        "x-slack-retry-reason": "http_timeout",
    }
    headers = retry if attempt else None
    return AsyncBoltRequest(mode="socket_mode", body={**body, "event": opened}, headers=headers)


def command(trigger_id: str) -> AsyncBoltRequest:
    body = {"command": "/wuts", "text": "", "trigger_id": trigger_id, "team_id": "T1"}
    return AsyncBoltRequest(mode="socket_mode", body={**body, "user_id": "U1"})
