"""Where the service listens: the option, the file and the variables."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from wuts.settings_file import SettingsError
from wuts_cli.errors import UsageError
from wuts_cli.service.listen import Listen, ListenSettings, read_listen

TOKEN = "service-token-0123456789"


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("127.0.0.1:8080", "127.0.0.1", 8080),
        ("[::1]:0", "::1", 0),
        ("localhost:65535", "localhost", 65535),
        ("0.0.0.0:80", "0.0.0.0", 80),
    ],
)
def test_an_address_has_a_host_and_a_port(text: str, host: str, port: int) -> None:
    assert read_listen(text, None, {}) == Listen(host=host, port=port)


@pytest.mark.parametrize(
    "text",
    ["8080", ":8080", "localhost", "localhost:", "a:b", "h:65536", "h:-1", "u:p@h:1", "h:1/x",
     "http://h:1", "::1:80", "[::1", " h:1", ""],
)  # fmt: skip
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="HOST:PORT"):
        read_listen(text, ListenSettings() if not text else None, {})


def test_nobody_listens_unless_somebody_says_so() -> None:
    assert read_listen(None, None, {"WUTS_TOKEN": "x"}) is None


def test_the_option_goes_before_the_file_which_says_the_rest() -> None:
    settings = ListenSettings(address="127.0.0.1:1", token=SecretStr(TOKEN))
    listen = read_listen("127.0.0.1:2", settings, {})
    assert listen == Listen(host="127.0.0.1", port=2, token=TOKEN)
    assert TOKEN not in repr(listen)
    assert listen.secrets[0] == TOKEN


def test_without_a_file_the_variables_say_it(monkeypatch: pytest.MonkeyPatch) -> None:
    variables = {"WUTS_LISTEN__ADDRESS": "127.0.0.1:1", "WUTS_LISTEN__TOKEN": TOKEN}
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert read_listen(None, None, variables) == Listen(host="127.0.0.1", port=1, token=TOKEN)


def test_a_variable_that_is_wrong_is_told_without_its_value(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("WUTS_LISTEN__TOKEN", "s3cret")
    with pytest.raises(SettingsError) as refused:
        read_listen("127.0.0.1:1", None, {"WUTS_LISTEN__TOKEN": "s3cret"})
    assert refused.value.message.startswith("listen (WUTS_LISTEN): token: it needs 16 characters")
    assert "s3cret" not in refused.value.message


def test_systemd_may_hand_the_token_over(tmp_path: Path) -> None:
    (tmp_path / "wuts-listen-token").write_text(f"{TOKEN}\n")
    listen = read_listen("127.0.0.1:1", None, {"CREDENTIALS_DIRECTORY": str(tmp_path)})
    assert listen is not None
    assert listen.token == TOKEN


@pytest.mark.parametrize(
    ("host", "public_url", "base"),
    [
        ("127.0.0.1", "", "http://127.0.0.1:80"),
        ("::1", "", "http://[::1]:80"),
        ("0.0.0.0", "", None),
        ("0.0.0.0", "https://watch.example/wuts", "https://watch.example/wuts"),
    ],
)
def test_a_browser_is_told_where_to_go_if_that_is_known(
    host: str, public_url: str, base: str | None
) -> None:
    assert Listen(host=host, port=0, public_url=public_url).base_url(80) == base
