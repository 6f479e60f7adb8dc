from pathlib import Path

import pytest

from slack_app.settings import Mode, SettingsError, load_settings

TOML = """
bot_token = "xoxb-secret-1"
app_token = "xapp-secret-2"
alert_channel = "C1"
allow_users = ["U1", "U2"]

[accounts.home]
token = "gateway-secret-3"

[accounts.office]
token = "gateway-secret-4"
url = "https://gateway.example"
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_toml_file_sets_everything_up(folder: Path) -> None:
    (folder / "wuts-slack.toml").write_text(TOML)
    settings = load_settings()
    assert settings.mode is Mode.SOCKET
    assert list(settings.accounts) == ["home", "office"]
    assert settings.accounts["office"].url == "https://gateway.example"
    assert settings.allow_users == {"U1", "U2"}


def test_the_environment_goes_before_dotenv_and_that_before_toml(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "wuts-slack.toml").write_text(TOML)
    (folder / ".env").write_text("WUTS_SLACK_ALERT_CHANNEL=C2\nWUTS_SLACK_PORT=4000\n")
    monkeypatch.setenv("WUTS_SLACK_PORT", "5000")
    settings = load_settings()
    assert (settings.alert_channel, settings.port) == ("C2", 5000)


def test_the_environment_alone_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WUTS_SLACK_BOT_TOKEN", "xoxb-secret-1")
    monkeypatch.setenv("WUTS_SLACK_APP_TOKEN", "xapp-secret-2")
    monkeypatch.setenv("WUTS_SLACK_ACCOUNTS__HOME__TOKEN", "gateway-secret-3")
    assert list(load_settings().accounts) == ["home"]


def test_what_is_missing_is_named_as_the_variable_to_set() -> None:
    with pytest.raises(SettingsError, match="WUTS_SLACK_BOT_TOKEN: Field required"):
        load_settings()


def test_http_mode_needs_the_signing_secret(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "wuts-slack.toml").write_text(TOML)
    monkeypatch.setenv("WUTS_SLACK_MODE", "http")
    with pytest.raises(SettingsError, match="signing_secret is needed in HTTP mode"):
        load_settings()


def test_a_file_that_is_no_toml_is_named_without_its_words(folder: Path) -> None:
    (folder / "wuts-slack.toml").write_text('bot_token = "xoxb-secret-1')
    with pytest.raises(SettingsError, match=r"Check wuts-slack\.toml") as caught:
        load_settings()
    assert "xoxb" not in str(caught.value)


@pytest.mark.parametrize("name", ["Home", "a b", "", "x" * 41])
def test_an_account_name_must_fit_into_a_button(name: str, folder: Path) -> None:
    (folder / "wuts-slack.toml").write_text(TOML.replace("accounts.home", f'accounts."{name}"'))
    with pytest.raises(SettingsError):
        load_settings()


def test_no_secret_is_in_a_repr_or_an_error(folder: Path) -> None:
    (folder / "wuts-slack.toml").write_text(TOML)
    assert "secret" not in repr(load_settings()).replace("signing_secret", "").replace(
        "webhook_secret", ""
    )
    (folder / "wuts-slack.toml").write_text(TOML.replace("[accounts.home]", "[accounts.HOME!]"))
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert "gateway-secret" not in str(caught.value)
