from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.context.ack.async_ack import AsyncAck

from slack_app.listeners import middleware
from slack_app.listeners.middleware import Deduplication
from tests.slack_app.fake_slack import FakeSlack, fake_slack


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


def listening(slack: FakeSlack) -> tuple[AsyncApp, list[str]]:
    app = AsyncApp(client=slack.client, request_verification_enabled=False)
    app.use(Deduplication().let_through)
    done: list[str] = []

    @app.command("/wuts")
    async def on_command(ack: AsyncAck, body: dict[str, Any]) -> None:
        done.append(body["trigger_id"])
        await ack()

    return app, done


def command(trigger_id: str) -> AsyncBoltRequest:
    body = {"command": "/wuts", "text": "", "trigger_id": trigger_id, "team_id": "T1"}
    return AsyncBoltRequest(mode="socket_mode", body={**body, "user_id": "U1"})
