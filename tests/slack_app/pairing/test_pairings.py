"""Pairings that an earlier run left, and pairings when Slack does not go along."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from slack_app.devices.accounts import Accounts
from slack_app.messages import EN, PT_BR
from slack_app.pairing.pairings import Pairings
from slack_app.people.users import Users
from slack_app.slack.files import Files
from slack_app.slack.live_message import RateLimiter
from slack_app.slack.records import Records
from tests.slack_app.fake_slack import FakeSlack, fake_slack
from wuts import WutsClient
from wuts.pairing import PairingSettings
from wuts.supervisor import Supervisor, SupervisorSettings
from wuts.supervisor.store import MemoryStore
from wuts_simulator import Settings, Simulator

TOKEN = "gateway-token-4444"
LEFT = {
    "account": "home",
    "device_id": "d1",
    "device_name": "Recepção",
    "user_id": "U1",
    "channel": "D1",
    "ts": "1.1",
}


async def test_a_message_that_was_left_says_so_in_the_persons_language() -> None:
    store = MemoryStore()
    await store_left(store, LEFT)
    async with a_slack() as slack, running(slack, store) as (pairings, _):
        await pairings.restore()
        await pairings.finish_left()
        (update,) = slack.calls["chat.update"]
        assert (update["channel"], update["ts"]) == ("D1", "1.1")
        assert PT_BR.pairing_interrupted in str(update["blocks"])
        assert PT_BR.button_start_again in str(update["blocks"])
    assert await store.entries("slack.pairing") == {}


async def test_a_pairing_that_was_left_before_its_message_had_a_name_gets_a_new_message() -> None:
    store = MemoryStore()
    await store_left(store, {**LEFT, "ts": ""})
    async with a_slack() as slack, running(slack, store) as (pairings, _):
        await pairings.restore()
        await pairings.finish_left()
        (posted,) = slack.calls["chat.postMessage"]
        assert posted["channel"] == "D1"


async def test_a_message_that_was_left_and_deleted_is_no_trouble() -> None:
    store = MemoryStore()
    await store_left(store, LEFT)
    async with a_slack() as slack, running(slack, store) as (pairings, _):
        slack.answers["chat.update"] = [{"error": "message_not_found"}]
        await pairings.restore()
        await pairings.finish_left()
    assert await store.entries("slack.pairing") == {}


@pytest.mark.parametrize("method", ["files.completeUploadExternal", "chat.postMessage"])
async def test_a_pairing_that_slack_does_not_go_along_with_ends_and_holds_nothing(
    method: str,
) -> None:
    store = MemoryStore()
    async with a_slack() as slack, running(slack, store) as (pairings, sim):
        slack.answers[method] = [{"error": "fatal_error"}]
        device = sim.world.add_device(name="Front desk")
        await pairings.accounts.refresh("home")
        line = pairings.accounts.find(device.id)
        await pairings.start(line, "U1", EN)
        while await store.entries("slack.pairing"):
            await slack.client.api_call("auth.test")
        await pairings.start(line, "U1", EN)
        await pairings.close()
        uploaded = len(slack.calls["files.getUploadURLExternal"])
        assert len(slack.calls["files.delete"]) == uploaded
    assert await store.entries("slack.picture") == {}


async def test_nothing_of_a_pairing_that_ended_is_kept() -> None:
    store = MemoryStore()
    async with a_slack() as slack, running(slack, store) as (pairings, sim):
        device = sim.world.add_device(name="Front desk")
        await pairings.accounts.refresh("home")
        line = pairings.accounts.find(device.id)
        await pairings.start(line, "U1", EN)
        while "slack_file" not in str(slack.calls["chat.update"]):
            await slack.client.api_call("auth.test")
        assert len(await store.entries("slack.pairing")) == 1
        assert set(await store.entries("slack.picture")) == {"F1"}
        await pairings.close()
    assert await store.entries("slack.pairing") == {}
    assert await store.entries("slack.picture") == {}


async def store_left(store: MemoryStore, left: dict[str, str]) -> None:
    await Records(store, "pairing").save("p1", left)


@asynccontextmanager
async def a_slack() -> AsyncIterator[FakeSlack]:
    person: dict[str, Any] = {"user": {"id": "U1", "locale": "pt-BR"}}
    async with fake_slack(users__info=[person], chat__update=[{}], auth__test=[{}]) as slack:
        slack.answers["chat.postMessage"] = [{"ts": "2.2"}]
        slack.answers["conversations.open"] = [{"channel": {"id": "D1"}}]
        upload = {"upload_url": f"{slack.url}/upload", "file_id": "F1"}
        slack.answers["files.getUploadURLExternal"] = [upload]
        slack.answers["files.completeUploadExternal"] = [{"files": [{"id": "F1"}]}]
        slack.answers["files.info"] = [{"file": {"id": "F1", "mimetype": "image/png"}}]
        slack.answers["files.delete"] = [{}]
        yield slack


@asynccontextmanager
async def running(
    slack: FakeSlack, store: MemoryStore
) -> AsyncIterator[tuple[Pairings, Simulator]]:
    supervision = SupervisorSettings(interval=60.0)
    async with (
        Simulator(Settings(tokens=(("home", TOKEN),))) as sim,
        WutsClient(TOKEN, base_url=sim.url) as client,
        Supervisor(supervision) as supervisor,
    ):
        supervisor.add_account("home", client)
        yield (
            Pairings(
                slack=slack.client,
                users=Users(slack.client),
                files=Files(slack.client, Records(store, "picture")),
                records=Records(store, "pairing"),
                accounts=Accounts({"home": client}, supervisor),
                supervisor=supervisor,
                rate_limiter=RateLimiter(0),
                settings=PairingSettings(poll_interval=0.1),
            ),
            sim,
        )
