from typing import Any

import pytest

from slack_app import pictures
from slack_app.pictures import PictureNotTakenError, Pictures
from tests.slack_app.fake_slack import FakeSlack, fake_slack

NOT_YET: dict[str, Any] = {"file": {"id": "F1"}}
READY: dict[str, Any] = {"file": {"id": "F1", "mimetype": "image/png"}}


async def test_an_upload_is_waited_for_until_it_has_a_type() -> None:
    async with fake_slack(files__info=[NOT_YET, NOT_YET, READY]) as slack:
        prepare(slack)
        assert await Pictures(slack.client).upload(b"png") == "F1"
        assert len(slack.calls["files.info"]) == 3
        assert slack.calls["files.delete"] == []


async def test_an_upload_that_never_gets_a_type_is_deleted_and_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pictures, "LOOKS", 2)
    async with fake_slack(files__info=[NOT_YET]) as slack:
        prepare(slack)
        with pytest.raises(PictureNotTakenError):
            await Pictures(slack.client).upload(b"png")
        assert slack.calls["files.delete"][0]["file"] == "F1"


async def test_a_picture_that_is_gone_already_is_no_trouble(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with fake_slack(files__delete=[{"error": "file_not_found"}]) as slack:
        await Pictures(slack.client).delete("F1")
    assert caplog.text == ""


async def test_a_picture_that_cannot_be_deleted_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async with fake_slack(files__delete=[{"error": "missing_scope"}]) as slack:
        await Pictures(slack.client).delete("F1")
    assert "missing_scope" in caplog.text


def prepare(slack: FakeSlack) -> None:
    upload = {"upload_url": f"{slack.url}/upload", "file_id": "F1"}
    slack.answers["files.getUploadURLExternal"] = [upload]
    slack.answers["files.completeUploadExternal"] = [{"files": [{"id": "F1"}]}]
    slack.answers["files.delete"] = [{}]
