"""Pairings that an earlier run left, and pairings when Slack does not go along."""

import copy
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from slack_app.devices.accounts import Accounts
from slack_app.devices.device import DeviceRef
from slack_app.messages import EN, PT_BR
from slack_app.operations.records import Records
from slack_app.pairing.claims import Claims
from slack_app.pairing.links import Links
from slack_app.pairing.pairings import Pairings
from slack_app.people.direct_messages import DirectMessages
from slack_app.people.users import Users
from slack_app.slack.files import Files
from slack_app.slack.limits import limits_with
from slack_app.slack.rate_limiter import RateLimiter
from tests.slack_app.fake_slack import FakeSlack, fake_slack
from wuts import WutsClient
from wuts.operations.background import Background
from wuts.pairing import PairingSettings
from wuts.supervisor import Supervisor, SupervisorSettings
from wuts.supervisor.store import MemoryStore
from wuts_simulator import Settings, Simulator

REFUSALS: list[dict[str, Any] | int] = [{"error": "internal_error"}] * 3
WRONG = "5511987659999"
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
        await pairings.left.restore()
        await pairings.left.finish_left()
        (update,) = slack.calls["chat.update"]
        assert (update["channel"], update["ts"]) == ("D1", "1.1")
        assert PT_BR.pairing_interrupted in str(update["blocks"])
        assert PT_BR.button_start_again in str(update["blocks"])
    assert await store.entries("slack.pairing", "home") == {}


async def test_a_pairing_that_was_left_before_its_message_had_a_name_gets_a_new_message() -> None:
    store = MemoryStore()
    await store_left(store, {**LEFT, "ts": ""})
    async with a_slack() as slack, running(slack, store) as (pairings, _):
        await pairings.left.restore()
        await pairings.left.finish_left()
        (posted,) = slack.calls["chat.postMessage"]
        assert posted["channel"] == "D1"


async def test_a_message_that_was_left_and_deleted_is_no_trouble() -> None:
    store = MemoryStore()
    await store_left(store, LEFT)
    async with a_slack() as slack, running(slack, store) as (pairings, _):
        slack.answers["chat.update"] = [{"error": "message_not_found"}]
        await pairings.left.restore()
        await pairings.left.finish_left()
    assert await store.entries("slack.pairing", "home") == {}


@pytest.mark.parametrize("method", ["files.completeUploadExternal", "chat.postMessage"])
async def test_a_pairing_that_slack_does_not_go_along_with_ends_and_holds_nothing(
    method: str,
) -> None:
    store = MemoryStore()
    async with a_slack() as slack, running(slack, store) as (pairings, sim):
        slack.answers[method] = [{"error": "restricted_action"}]
        device = sim.world.add_device(name="Front desk")
        await pairings.accounts.refresh("home")
        line = pairings.accounts.find(device.id)
        await pairings.start(line, "U1", EN)
        while await store.entries("slack.pairing", "home"):
            await slack.client.api_call("auth.test")
        await pairings.start(line, "U1", EN)
        await pairings.close()
        uploaded = len(slack.calls["files.getUploadURLExternal"])
        assert len(slack.calls["files.delete"]) == uploaded
    assert await store.entries("slack.picture", "home") == {}


async def test_nothing_of_a_pairing_that_ended_is_kept() -> None:
    store = MemoryStore()
    async with a_slack() as slack, running(slack, store) as (pairings, sim):
        device = sim.world.add_device(name="Front desk")
        await pairings.accounts.refresh("home")
        line = pairings.accounts.find(device.id)
        await pairings.start(line, "U1", EN)
        while "slack_file" not in str(slack.calls["chat.update"]):
            await slack.client.api_call("auth.test")
        assert len(await store.entries("slack.pairing", "home")) == 1
        assert set(await store.entries("slack.picture", "home")) == {"F1"}
        await pairings.close()
    assert await store.entries("slack.pairing", "home") == {}
    assert await store.entries("slack.picture", "home") == {}


async def test_a_question_that_slack_does_not_take_is_asked_until_it_does() -> None:
    store = MemoryStore()
    async with a_slack() as slack, running(slack, store) as (pairings, sim):
        slack.answers["chat.update"] = [*REFUSALS, {}]
        await pair_a_wrong_phone(pairings, sim)
        while await store.entries("slack.pairing", "home"):
            await slack.client.api_call("auth.test")
        assert "keep_phone" in str(slack.calls["chat.update"][-1])
        assert len(slack.calls["chat.update"]) == 4


async def test_a_question_that_a_crash_kept_from_slack_is_asked_by_the_next_run() -> None:
    store = MemoryStore()
    async with a_slack() as slack, running(slack, store) as (pairings, sim):
        slack.answers["chat.update"] = [{"error": "internal_error"}]
        await pair_a_wrong_phone(pairings, sim)
        while not slack.calls["chat.update"]:
            await slack.client.api_call("auth.test")
        left = copy.deepcopy(store)
    assert WRONG not in str(await left.entries("slack.pairing", "home"))
    async with a_slack() as slack, running(slack, left) as (pairings, _):
        await pairings.left.restore()
        await pairings.left.finish_left()
        (asked,) = slack.calls["chat.update"]
    assert "+55 11 … 9999 was linked, but +55 11 … 4321 was expected" in str(asked)
    assert "unlink_and_pair" in str(asked)
    assert await left.entries("slack.pairing", "home") == {}


async def test_a_question_whose_message_was_deleted_is_posted_again() -> None:
    store = MemoryStore()
    question = {"outcome": "unchecked", "text": "Which one?", "offers": "keep_or_unlink"}
    await store_left(store, LEFT | question)
    async with a_slack() as slack, running(slack, store) as (pairings, _):
        slack.answers["chat.update"] = [{"error": "message_not_found"}]
        await pairings.left.restore()
        await pairings.left.finish_left()
        (asked,) = slack.calls["chat.postMessage"]
    assert "keep_phone" in str(asked)


async def test_a_pairing_of_a_version_to_come_is_told_as_interrupted() -> None:
    store = MemoryStore()
    await store_left(store, LEFT | {"outcome": "abducted", "offers": "tea"})
    async with a_slack() as slack, running(slack, store) as (pairings, _):
        await pairings.left.restore()
        await pairings.left.finish_left()
        (update,) = slack.calls["chat.update"]
    assert PT_BR.pairing_interrupted in str(update)


async def test_a_pairing_that_breaks_says_so_and_leaves_no_code(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def break_down(*_: object) -> str:
        raise TypeError("a bug of ours")

    store = MemoryStore()
    async with a_slack() as slack, running(slack, store) as (pairings, sim):
        failures: list[str] = []
        pairings.background.on_failure = failures.append
        monkeypatch.setattr(Files, "upload", break_down)
        device = sim.world.add_device(name="Front desk")
        await pairings.accounts.refresh("home")
        await pairings.start(pairings.accounts.find(device.id), "U1", EN)
        while await store.entries("slack.pairing", "home"):
            await slack.client.api_call("auth.test")
        assert EN.problem_app in str(slack.calls["chat.update"][-1])
        while pairings.owner(DeviceRef("home", device.id)):  # until its claim is given back
            await slack.client.api_call("auth.test")
    assert failures == ["pairing"]
    assert caplog.text.count("Traceback") == 1


async def pair_a_wrong_phone(pairings: Pairings, sim: Simulator) -> None:
    """Pair a device that is connected with another phone than the expected one."""
    device = sim.world.add_device(name="Front desk", state="connected", phone=WRONG)
    await pairings.accounts.refresh("home")
    line = pairings.accounts.find(device.id)
    await pairings.supervisor.expect_number("home", device.id, "5511912344321")
    await pairings.start(line, "U1", EN)


async def store_left(store: MemoryStore, left: dict[str, str]) -> None:
    await Records(store, "pairing", ["home"]).save("p1", left)


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
        background = Background()
        users = Users(slack.client)
        yield (
            Pairings(
                slack=slack.client,
                direct=DirectMessages(slack.client),
                users=users,
                files=Files(slack.client, Records(store, "picture", ["home"]), background),
                records=Records(store, "pairing", ["home"]),
                accounts=Accounts({"home": client}, supervisor),
                supervisor=supervisor,
                rate_limiter=RateLimiter(limits_with(posts_each=0.0)),
                first_retry=0.01,
                background=background,
                claims=Claims(users, store),
                links=Links("", lifetime=900.0, proxies=0),
                settings=PairingSettings(poll_interval=0.1),
            ),
            sim,
        )
        await background.close()
