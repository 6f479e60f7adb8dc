"""``wuts-slack manifest``: a manifest for one's own settings, before there is any token."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import SecretStr

from slack_app.manifest import ManifestSettings, manifest_of
from slack_app.settings import Mode, RouteSettings, SettingsError
from slack_app.slack.methods import SCOPES
from tests.slack_app.manifest import MANIFEST
from tests.slack_app.test_main import run

type Manifest = dict[str, Any]

BASE = {"chat:write", "commands", "files:read", "files:write", "im:write", "users:read"}
OF_CHANNELS = {"channels:read", "groups:read"}
URL = "https://wuts.example.com"
ALL = ManifestSettings(
    allow_channels=frozenset({"C1"}), allow_user_groups=frozenset({"S1"}), alert_channel="C2"
)


def scopes(**settings: Any) -> set[str]:  # noqa: ANN401 - any setting's
    manifest = manifest_of(ManifestSettings(**settings))
    return set(manifest["oauth_config"]["scopes"]["bot"])


def test_no_scope_is_asked_for_that_the_settings_do_not_need() -> None:
    assert scopes() == BASE
    assert scopes(allow_users=frozenset({"U1"})) == BASE
    assert scopes(alert_channel="C1") == BASE | OF_CHANNELS
    assert scopes(allow_channels=frozenset({"C1"})) == BASE | OF_CHANNELS
    assert scopes(allow_user_groups=frozenset({"S1"})) == BASE | {"usergroups:read"}
    mentions = (RouteSettings(channel="C1", mention="S1"),)
    assert scopes(routes=mentions) == BASE | OF_CHANNELS | {"usergroups:read"}
    assert scopes(routes=(RouteSettings(channel="C1", mention="U1"),)) == BASE | OF_CHANNELS


def test_the_file_is_what_socket_mode_and_all_lists_need() -> None:
    assert set(manifest_of(ALL)["oauth_config"]["scopes"]["bot"]) == SCOPES
    assert manifest_of(ALL) == yaml.safe_load(MANIFEST.read_text())


def test_socket_mode_needs_no_address() -> None:
    manifest = manifest_of(ManifestSettings(public_url=URL))
    assert manifest["settings"]["socket_mode_enabled"] is True
    assert URL not in json.dumps(manifest)


def test_in_http_mode_slack_is_told_where_the_app_is() -> None:
    manifest = manifest_of(ManifestSettings(mode=Mode.HTTP, public_url=URL))
    own = f"{URL}/slack/events"
    assert manifest["settings"]["socket_mode_enabled"] is False
    assert manifest["settings"]["event_subscriptions"]["request_url"] == own
    assert manifest["settings"]["interactivity"]["request_url"] == own
    assert manifest["settings"]["interactivity"]["message_menu_options_url"] == own
    assert [one["url"] for one in manifest["features"]["slash_commands"]] == [own]


def test_http_mode_without_an_address_says_which_setting_is_missing() -> None:
    with pytest.raises(SettingsError, match="public_url"):
        manifest_of(ManifestSettings(mode=Mode.HTTP))


@pytest.mark.parametrize("mode", Mode)
def test_it_is_within_the_limits_of_slacks_schema(mode: Mode) -> None:
    """The limits are from Slack's reference of app manifests."""
    manifest = manifest_of(ALL.model_copy(update={"mode": mode, "public_url": URL}))
    shown, features = manifest["display_information"], manifest["features"]
    assert set(manifest) == {"display_information", "features", "oauth_config", "settings"}
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert len(shown["background_color"]) == 7
    assert len(features["bot_user"]["display_name"]) <= 80
    assert len(features["shortcuts"]) <= 10
    for shortcut in features["shortcuts"]:
        assert set(shortcut) == {"name", "type", "callback_id", "description"}
        assert shortcut["type"] in {"global", "message"}
        assert len(shortcut["name"]) <= 24
        assert len(shortcut["callback_id"]) <= 255
        assert len(shortcut["description"]) <= 150
    for command in features["slash_commands"]:
        assert len(command["command"]) <= 32
        assert len(command["description"]) <= 2000
        assert len(command["usage_hint"]) <= 1000
    assert len(manifest["oauth_config"]["scopes"]["bot"]) <= 255
    assert len(manifest["settings"]["event_subscriptions"]["bot_events"]) <= 100


@pytest.mark.slow
async def test_it_is_printed_before_there_is_a_token(tmp_path: Path) -> None:
    ended = await run({"WUTS_SLACK_ALLOW_USER_GROUPS": "S1"}, tmp_path, "manifest")
    assert (ended.code, ended.err) == (0, "")
    manifest: Manifest = json.loads(ended.out)
    assert "usergroups:read" in manifest["oauth_config"]["scopes"]["bot"]
    ended = await run({"WUTS_SLACK_MODE": "http"}, tmp_path, "manifest")
    assert (ended.code, ended.out) == (2, "")
    assert "public_url (WUTS_SLACK_PUBLIC_URL): it is missing" in ended.err


def test_tokens_are_not_in_it() -> None:
    settings = ManifestSettings(
        bot_token=SecretStr("xoxb-1-secret"), app_token=SecretStr("xapp-1-secret")
    )
    assert "secret" not in json.dumps(manifest_of(settings))


@pytest.mark.slow
async def test_whoever_reads_only_its_beginning_gets_no_traceback(tmp_path: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    try:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "slack_app", "manifest"),
            cwd=tmp_path,
            stdout=write,
            stderr=asyncio.subprocess.PIPE,
        )
    finally:
        os.close(write)
    _, told = await process.communicate()
    assert (process.returncode, told) == (0, b"")
