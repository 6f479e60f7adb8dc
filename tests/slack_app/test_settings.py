import re
from pathlib import Path

import pytest

from slack_app.settings import LogFormat, Mode, SettingsError, load_settings
from tests.core.wuts.tls import Certificate
from wuts.supervisor import AlertKind

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
EXAMPLE = Path(__file__).parents[2] / "slack_app" / "wuts-slack.example.toml"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def toml(folder: Path) -> Path:
    file = folder / "wuts-slack.toml"
    file.write_text(TOML)
    return file


@pytest.mark.usefixtures("toml")
def test_a_toml_file_sets_everything_up() -> None:
    settings = load_settings()
    assert settings.mode is Mode.SOCKET
    assert list(settings.accounts) == ["home", "office"]
    assert settings.accounts["office"].url == "https://gateway.example"
    assert settings.allow_users == {"U1", "U2"}
    assert settings.log_format is LogFormat.TEXT


def test_another_file_can_be_named(toml: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = toml.rename(toml.with_name("other.toml"))
    assert load_settings(other).alert_channel == "C1"
    monkeypatch.setenv("WUTS_SLACK_CONFIG", "other.toml")
    assert load_settings().alert_channel == "C1"


def test_a_named_file_that_is_not_there_is_no_empty_one(folder: Path) -> None:
    assert said(folder / "other.toml").endswith(
        "other.toml cannot be read: No such file or directory."
    )


def test_the_environment_goes_before_dotenv_and_that_before_toml(
    toml: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (toml.parent / ".env").write_text(
        "WUTS_SLACK_ALERT_CHANNEL=C2\nWUTS_SLACK_PORT=4000\nOTHER=1\n"
    )
    monkeypatch.setenv("WUTS_SLACK_PORT", "5000")
    settings = load_settings()
    assert (settings.alert_channel, settings.port) == ("C2", 5000)


def test_the_environment_alone_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WUTS_SLACK_BOT_TOKEN", "xoxb-secret-1")
    monkeypatch.setenv("WUTS_SLACK_APP_TOKEN", "xapp-secret-2")
    monkeypatch.setenv("WUTS_SLACK_ACCOUNTS__HOME__TOKEN", "gateway-secret-3")
    assert list(load_settings().accounts) == ["home"]


@pytest.mark.usefixtures("toml")
@pytest.mark.parametrize("written", ["U1,U2", "U1, U2", "U1 U2", '["U1", "U2"]'])
def test_a_variable_may_hold_a_list(written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WUTS_SLACK_ALLOW_USERS", written)
    assert load_settings().allow_users == {"U1", "U2"}


def test_the_example_can_be_used_once_it_is_filled_in(toml: Path) -> None:
    toml.write_text(EXAMPLE.read_text().replace("…", "secret"))
    assert load_settings().secrets() == ["xoxb-secret", "xapp-secret", "secret"]


def test_what_the_example_shows_as_a_default_is_one(toml: Path) -> None:
    filled = EXAMPLE.read_text().replace("…", "secret")
    toml.write_text(filled)
    as_it_is = load_settings()
    toml.write_text(re.sub(r"^# (?=\w+ = )", "", filled, flags=re.MULTILINE))
    assert load_settings().model_dump() == as_it_is.model_dump()


def test_each_setting_that_is_wrong_has_one_line_that_says_what_to_do() -> None:
    bot, accounts = said().splitlines()
    assert bot.startswith("bot_token (WUTS_SLACK_BOT_TOKEN): it is missing. Copy")
    assert accounts.startswith("accounts (WUTS_SLACK_ACCOUNTS): it is missing. Add an account")


@pytest.mark.usefixtures("toml")
@pytest.mark.parametrize(
    ("variable", "value", "line"),
    [
        ("MODE", "http", "signing_secret is needed in HTTP mode: copy it from Slack"),
        ("APP_TOKEN", "", "app_token is needed in Socket Mode: create one in Slack"),
        ("BOT_TOKEN", "", "a bot token starts with xoxb-. Copy"),
        ("APP_TOKEN", "xoxb-secret", "an app-level token starts with xapp-. Create"),
        ("BOT_TOKEN", "xapp-secret", "a bot token starts with xoxb-. Copy"),
        ("ALERT_CHANNEL", "#ops", "Use the id of a channel"),
        ("ALERT_LANGUAGE", "fr", "it is none of the app's languages. Use en or pt-BR."),
        ("ALLOW_USERS", "ana", "Use the ids of users"),
        ("ALLOW_USERS", "[U1", "allow_users (WUTS_SLACK_ALLOW_USERS): "),
        ("LEASE", "0", "Use a number of seconds above zero."),
        ("LEASE", "nan", "Use a number of seconds above zero."),
        ("LEASE", "inf", "Use a number of seconds above zero."),
        ("PORT", "http", "port (WUTS_SLACK_PORT): "),
        ("WEBHOOK_SECRET", "short", "it needs 16 characters or more. Create"),
        ("ACCOUNTS__HOME__TOKENN", "secret", "there is no tokenn in it."),
        ("ACCOUNTS", "{", "Use WUTS_SLACK_ACCOUNTS__NAME__TOKEN instead."),
        ("ACCOUNTS__THIRD__URL", "https://x.example", "third.token is missing. Set"),
        ("CHECK_BUDGET", "-1", "Set how many numbers can be checked per hour"),
        ("ACCOUNTS__HOME__CA_FILE", "/no/ca.pem", "The CA file /no/ca.pem cannot be read"),
        ("ACCOUNTS__HOME__CA_FILE", "wuts-slack.toml", "holds no certificate in PEM form. Export"),
        ("ALERT_CHANEL", "C1", "Did you mean alert_channel (WUTS_SLACK_ALERT_CHANNEL)?"),
    ],
)
def test_a_wrong_variable_is_named_with_what_to_do(
    variable: str, value: str, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"WUTS_SLACK_{variable}", value)
    told = said()
    assert line in told
    assert len(told.splitlines()) == 1
    assert "secret" not in told.replace("signing_secret", "").replace("webhook_secret", "")


def test_an_account_may_trust_an_authority_of_ones_own(toml: Path) -> None:
    ca_file = Certificate().write_authority(toml.with_name("ca.pem"))
    toml.write_text(f'{TOML}ca_file = "ca.pem"\n')
    assert load_settings().accounts["office"].ca_file == Path(ca_file.name)
    assert load_settings().accounts["home"].ca_file is None


def test_a_file_may_begin_with_a_byte_order_mark(toml: Path) -> None:
    toml.write_text(TOML, encoding="utf-8-sig")
    assert toml.read_bytes().startswith(b"\xef\xbb\xbf")
    assert load_settings().accounts.keys() == {"home", "office"}


def test_a_setting_that_there_is_not_is_named_with_the_nearest(toml: Path) -> None:
    toml.write_text(TOML.replace("alert_channel", "alert_chanel"))
    assert said().startswith("alert_chanel: there is no such setting. Did you mean alert_channel")


@pytest.mark.parametrize("content", [b'bot_token = "xoxb-secret-1', b"\xff"])
def test_a_file_that_is_no_toml_is_named_without_its_words(content: bytes, toml: Path) -> None:
    toml.write_bytes(content)
    assert "xoxb" not in said()


@pytest.mark.parametrize("name", ["Home", "a b", "", "x" * 41])
def test_an_account_name_must_fit_into_a_button(name: str, toml: Path) -> None:
    toml.write_text(TOML.replace("accounts.home", f'accounts."{name}"'))
    assert "Names consist of lowercase letters" in said()


def test_no_secret_is_in_a_repr_or_an_error(toml: Path) -> None:
    settings = load_settings()
    assert all(secret not in repr(settings) for secret in settings.secrets())
    toml.write_text(TOML.replace("[accounts.home]", "[accounts.HOME!]"))
    assert "gateway-secret" not in said()


ROUTES = """
[[routes]]
channel = "C2"
mention = "S1"
kinds = ["needs_pairing", "gateway_down"]
accounts = ["office"]
escalate_after = 900
escalate_channel = "C3"
escalate_mention = "here"
"""


def test_routes_are_read_and_their_channels_are_those_of_alerts(toml: Path) -> None:
    toml.write_text(TOML + ROUTES)
    settings = load_settings()
    [route] = settings.routes
    assert route.kinds == {AlertKind.NEEDS_PAIRING, AlertKind.GATEWAY_DOWN}
    assert (route.mention, route.escalate_after) == ("S1", 900.0)
    assert settings.alert_channels == ["C2", "C3", "C1"]


@pytest.mark.parametrize(
    ("right", "wrong", "line"),
    [
        (
            'channel = "C2"',
            "",
            "routes (WUTS_SLACK_ROUTES): 1.channel is missing. Add a [[routes]]",
        ),
        ('"C2"', '"#ops"', "routes (WUTS_SLACK_ROUTES): 1.channel: "),
        ('"S1"', '"@desk"', "routes (WUTS_SLACK_ROUTES): 1.mention: "),
        ("mention", "mentions", "there is no mentions in it."),
        ('"gateway_down"', '"party"', "routes (WUTS_SLACK_ROUTES): 1.kinds"),
        (
            '"office"',
            '"garage"',
            "routes: there is no account garage. Use the name of an account.",
        ),
        ("900", "0", "routes (WUTS_SLACK_ROUTES): 1.escalate_after: "),
        ("escalate_after = 900\n", "", "escalate_after needs escalate_mention or"),
    ],
)
def test_a_wrong_route_is_named_with_what_to_do(
    right: str, wrong: str, line: str, toml: Path
) -> None:
    toml.write_text(TOML + ROUTES.replace(right, wrong, 1))
    told = said()
    assert line in told
    assert len(told.splitlines()) == 1


def said(file: Path | None = None) -> str:
    with pytest.raises(SettingsError) as caught:
        load_settings(file)
    return str(caught.value)
