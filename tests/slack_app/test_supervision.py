"""Every setting of the supervisor is one of the app; a wrong setting is named in our words."""

import os
from dataclasses import fields
from pathlib import Path

import pytest

from slack_app.app import running_app
from slack_app.settings import Settings, SettingsError, load_settings
from slack_app.tables import Supervision
from tests.slack_app.strict_slack import StrictSlack
from wuts.supervisor import SupervisorSettings
from wuts_simulator import Simulator

NAMES = [one.name for one in fields(SupervisorSettings)]
VALID = {
    "WUTS_SLACK_BOT_TOKEN": "xoxb-1",
    "WUTS_SLACK_APP_TOKEN": "xapp-1",
    "WUTS_SLACK_ACCOUNTS__HOME__TOKEN": "gateway-secret",
}
FOREIGN = ("input should", "value error", "pydantic", "expecting", "validation", "assertion")
"""What pydantic and json say to developers."""
GARBAGE = ['{"a": ["odd"]}', "[1", "nan", "-1", "x y", "\u2603", "[]", "{}", "99999999999999999999"]


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.upper().startswith("WUTS_SLACK_")]:
        monkeypatch.delenv(name)
    for name, value in VALID.items():
        monkeypatch.setenv(name, value)


def test_each_setting_of_the_supervisor_is_one_of_the_app_with_the_same_default() -> None:
    assert list(Supervision.model_fields) == NAMES
    assert load_settings().supervisor_settings() == SupervisorSettings()


@pytest.mark.parametrize("name", NAMES)
def test_each_can_be_set(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"WUTS_SLACK_SUPERVISION__{name.upper()}", "77")
    assert getattr(load_settings().supervisor_settings(), name) == 77


def test_they_are_a_table_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "wuts-slack.toml").write_text("[supervision]\ninterval = 12.5\nconcurrency = 7\n")
    settings = load_settings().supervisor_settings()
    assert (settings.interval, settings.concurrency) == (12.5, 7)


async def test_the_app_watches_as_they_say(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    table = Supervision(interval=0.2, debounce=0.0)
    async with running_app(settings.model_copy(update={"supervision": table})):
        while gateway.world.requests.total() < 5:
            await strict.client.auth_test()


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("INTERVAL", "0", "interval: it must be above 0"),
        ("INTERVAL", "soon", "interval: it must be a number"),
        ("CONCURRENCY", "2.5", "concurrency: it must be a whole number"),
        ("DEBOUNCE", "-1", "debounce: it must be 0"),
        ("CAP", "1", "supervision: The supervisor's base must not be above its cap."),
        ("PACE", "1", "there is no pace in it"),
    ],
)
def test_a_wrong_one_is_named_with_what_is_wrong(
    name: str, value: str, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"WUTS_SLACK_SUPERVISION__{name}", value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert line in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("value", GARBAGE)
@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_no_setting_is_refused_in_pydantics_words(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"WUTS_SLACK_{name.upper()}", value)
    try:
        load_settings()
    except SettingsError as error:
        said = str(error)
        assert not [words for words in FOREIGN if words in said.lower()], said
        assert name in said or f"WUTS_SLACK_{name.upper()}" in said
        for line in said.splitlines():
            assert line.endswith((".", "?")), "what to do about it"


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_each_setting_has_advice(name: str) -> None:
    assert name in {*Settings.advice, "accounts"}
