"""The file of ``wuts watch --config``: what it says, and what you read if it is wrong."""

import re
from pathlib import Path

import pytest

from tests.wuts_cli.command import Wuts
from wuts.settings_file import SettingsError
from wuts.supervisor import Route
from wuts_cli.config import read_config

EXAMPLE = Path(__file__).parents[2] / "wuts_cli" / "wuts.example.toml"
TOML = """
store = "postgresql://wuts:s3cret-password@db/wuts"

[accounts.home]
token = "s3cret-1"

[accounts.office]
token = "s3cret-2"
url = "https://gateway.example"
"""


def written(path: Path, text: str) -> str:
    path.write_text(text)
    return str(path)


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "wuts.toml"
    path.write_text(TOML)
    return path


def test_a_file_names_the_accounts_and_the_store(file: Path) -> None:
    config = read_config(file)
    assert list(config.accounts) == ["home", "office"]
    assert config.accounts["office"].url == "https://gateway.example"
    assert config.address == "postgresql://wuts:s3cret-password@db/wuts"
    assert config.lease == 10.0
    assert "s3cret" not in repr(config)


def test_a_variable_goes_before_the_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WUTS_STORE", "sqlite:///other.db")
    monkeypatch.setenv("WUTS_ACCOUNTS__HOME__TOKEN", "another")
    monkeypatch.setenv("WUTS_ACCOUNTS__THIRD__TOKEN", "third")
    config = read_config(file)
    assert config.address == "sqlite:///other.db"
    assert config.accounts["home"].token.get_secret_value() == "another"
    assert list(config.accounts) == ["home", "office", "third"]


def test_the_example_can_be_used_once_it_is_filled_in(file: Path) -> None:
    filled = EXAMPLE.read_text().replace("…", "s3cret")
    file.write_text(filled)
    as_it_is = read_config(file)
    assert list(as_it_is.accounts) == ["home"]
    # What it shows as a default is one.
    file.write_text(re.sub(r"^# (?=\w+ = )", "", filled, flags=re.MULTILINE))
    shown = read_config(file)
    assert (shown.address, shown.lease) == (as_it_is.address, as_it_is.lease)
    assert shown.accounts == as_it_is.accounts
    assert (shown.notify, shown.language) == (as_it_is.notify, as_it_is.language)


def test_the_example_s_receivers_and_routes_can_be_used(file: Path) -> None:
    filled = EXAMPLE.read_text().replace("…", "s3cret-s3cret-s3cret")
    file.write_text(re.sub(r"^#   (?=\[|\w+ = )", "", filled, flags=re.MULTILINE))
    alerting = read_config(file).alerting()
    assert list(alerting.receivers) == ["mail", "program"]
    first, second = alerting.routes
    assert first.escalate_after == 900
    assert second == Route(receivers=("program",)), "what it shows as a default is one"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("[accounts.home]\ntoken = x\n", ["wuts.toml is not TOML (line 2, column 9). Correct"]),
        ("", ["accounts (WUTS_ACCOUNTS): it is missing. Add an account: ["]),
        ("store = 1\nleaze = 2\n[accounts.a]\ntoken = 's3cret'\nurl = 5\nport = 6", [
            "store (WUTS_STORE): ",
            "accounts (WUTS_ACCOUNTS): a.url: it must be text.",
            "accounts (WUTS_ACCOUNTS): a: there is no port in it.",
            "leaze: there is no such setting. Did you mean lease (WUTS_LEASE)?",
        ]),
        ("[accounts.a]\n[accounts.b]\ntoken = ''", [
            "accounts (WUTS_ACCOUNTS): a.token is missing. Set the account's token",
            "accounts (WUTS_ACCOUNTS): b.token: ",
        ]),
        ("lease = 0\n[accounts.A]\ntoken = 's3cret'", [
            "lease (WUTS_LEASE): ",
            "accounts (WUTS_ACCOUNTS): A: ",
        ]),
        ("[accounts.a]\ntoken='s3cret'\nurl='ftp://x'\n[accounts.b]\ntoken='s3 cret'", [
            "accounts (WUTS_ACCOUNTS): a: ",
            "accounts (WUTS_ACCOUNTS): b: ",
        ]),
    ],
)  # fmt: skip
def test_each_line_that_is_wrong_is_told_with_its_place(
    file: Path, text: str, lines: list[str]
) -> None:
    written(file, text)
    with pytest.raises(SettingsError) as refused:
        read_config(file)
    told = refused.value.message
    for line, part in zip(told.splitlines(), lines, strict=True):
        assert part in line
    assert "s3" not in told


async def test_a_command_with_a_wrong_file_does_nothing_and_says_all_that_is_wrong(
    file: Path,
) -> None:
    path = written(file, "lease = 0\n[accounts.a]\n")
    done = await Wuts("http://127.0.0.1:1")("watch", "--json", "--config", path)
    lease, account = done.err.splitlines()
    assert lease.startswith("wuts: lease (WUTS_LEASE): ")
    assert account.startswith("wuts: accounts (WUTS_ACCOUNTS): a.token is missing. ")
    assert done.code == 2
    [failed] = done.events
    assert (failed["event"], failed["reason"]) == ("failed", "configuration")


async def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    done = await Wuts("http://127.0.0.1:1")("watch", "--config", str(tmp_path / "none.toml"))
    assert done.code == 2
    assert done.error.endswith("none.toml cannot be read: No such file or directory.")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ((), "--share needs --config FILE: the file names the accounts."),
        (("--config", "wuts.toml"), "--share needs a store that all processes use."),
        (
            ("--config", "wuts.toml", "--store", "sqlite:///store.db"),
            "A SQLite file is on one machine",
        ),
        (("--config", "wuts.toml", "--store", "mysql://db/wuts"), "The store's address must be"),
    ],
)
async def test_what_cannot_be_shared_out_is_refused_in_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    line: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    written(Path("wuts.toml"), "[accounts.home]\ntoken = 's3cret'\n")
    done = await Wuts("http://127.0.0.1:1")("watch", "--share", *arguments)
    assert done.code == 2
    assert done.error.startswith(line)
    assert names_in(tmp_path) == ["wuts.toml"], "nothing is made"
