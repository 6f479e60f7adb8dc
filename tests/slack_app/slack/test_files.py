import asyncio
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from slack_app.operations.records import Records
from slack_app.slack import files as pictures
from slack_app.slack.files import Files, UploadError
from tests.slack_app.fake_slack import FakeSlack, fake_slack
from wuts.operations.background import Background
from wuts.supervisor.store import MemoryStore

NOT_YET: dict[str, Any] = {"file": {"id": "F1"}}
READY: dict[str, Any] = {"file": {"id": "F1", "mimetype": "image/png"}}


async def test_an_upload_is_waited_for_until_it_has_a_type() -> None:
    async with fake_slack(files__info=[NOT_YET, NOT_YET, READY]) as slack:
        prepare(slack)
        assert await pictures_of(slack).upload(b"png", "home") == "F1"
        assert len(slack.calls["files.info"]) == 3
        assert slack.calls["files.delete"] == []


async def test_an_upload_that_never_gets_a_type_is_deleted_and_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pictures, "LOOKS", 2)
    async with fake_slack(files__info=[NOT_YET]) as slack:
        prepare(slack)
        with pytest.raises(UploadError):
            await pictures_of(slack).upload(b"png", "home")
        while not slack.calls["files.delete"]:
            await slack.client.api_call("auth.test")
        assert slack.calls["files.delete"][0]["file"] == "F1"


async def test_a_picture_that_is_gone_already_is_no_trouble(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with fake_slack(files__delete=[{"error": "file_not_found"}]) as slack:
        ours = pictures_of(slack)
        ours.discard("F1")
        await ours.settle(60.0)
    assert caplog.text == ""


async def test_a_picture_that_cannot_be_deleted_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async with fake_slack(files__delete=[{"error": "missing_scope"}], auth__test=[{}]) as slack:
        pictures_of(slack).discard("F1")
        while "missing_scope" not in caplog.text:
            await slack.client.api_call("auth.test")


async def test_a_picture_is_noted_until_it_is_deleted_and_the_next_run_deletes_what_was_left() -> (
    None
):
    store = MemoryStore()
    async with fake_slack(files__info=[READY]) as slack:
        prepare(slack)
        await pictures_of(slack, store).upload(b"png", "home")
        assert set(await store.entries("slack.picture", "home")) == {"F1"}
        later = pictures_of(slack, store)
        await later.restore()
        await later.clear()
        assert [call["file"] for call in slack.calls["files.delete"]] == ["F1"]
    assert await store.entries("slack.picture", "home") == {}


async def test_a_picture_is_noted_before_slack_has_it() -> None:
    store = MemoryStore()
    async with fake_slack() as slack:
        prepare(slack)
        slack.answers["files.completeUploadExternal"] = [{"error": "internal_error"}]
        slack.answers["files.delete"] = [{"error": "internal_error"}]
        with pytest.raises(SlackApiError):
            await pictures_of(slack, store).upload(b"png", "home")
    assert set(await store.entries("slack.picture", "home")) == {"F1"}


async def test_a_picture_that_could_not_be_deleted_is_tried_again() -> None:
    async with fake_slack(files__delete=[{"error": "internal_error"}, {}]) as slack:
        ours = pictures_of(slack)
        ours.discard("F1")
        ours.discard("F2")
        await ours.settle(60.0)
        assert [call["file"] for call in slack.calls["files.delete"]] == ["F1", "F2", "F1"]


async def test_nobody_waits_for_a_deletion() -> None:
    store = MemoryStore()
    async with fake_slack(files__info=[READY]) as slack:
        prepare(slack)
        slack.hold, slack.held = asyncio.Event(), "files.delete"
        ours = pictures_of(slack, store)
        ours.discard(await ours.upload(b"png", "home"))
        await ours.settle(0.01)
        assert set(await store.entries("slack.picture", "home")) == {"F1"}
        slack.hold.set()
        await ours.settle(60.0)
    assert await store.entries("slack.picture", "home") == {}


async def test_a_fresh_file_that_slack_does_not_know_everywhere_yet_is_waited_for() -> None:
    async with fake_slack(files__info=[{"error": "file_not_found"}, READY]) as slack:
        prepare(slack)
        assert await pictures_of(slack).upload(b"png", "home") == "F1"


def pictures_of(slack: FakeSlack, store: MemoryStore | None = None) -> Files:
    records = Records(store or MemoryStore(), "picture", ["home"])
    return Files(slack.client, records, Background(), first_retry=0.01)


def prepare(slack: FakeSlack) -> None:
    upload = {"upload_url": f"{slack.url}/upload", "file_id": "F1"}
    slack.answers["files.getUploadURLExternal"] = [upload]
    slack.answers["files.completeUploadExternal"] = [{"files": [{"id": "F1"}]}]
    slack.answers["files.delete"] = [{}]
    slack.answers["auth.test"] = [{}]
