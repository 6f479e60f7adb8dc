import re
from pathlib import Path

import pytest

from tests.wuts_cli.command import TOKEN, Wuts
from wuts import DEFAULT_BASE_URL
from wuts.errors import WutsConfigError
from wuts_cli.settings import read_settings
from wuts_simulator import Simulator


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    path = tmp_path / "token"
    path.write_text(f"{TOKEN}\n")
    return path


def test_the_token_comes_from_its_variable() -> None:
    settings = read_settings({"WUTS_TOKEN": " one\n"})
    assert (settings.token, settings.base_url) == ("one", DEFAULT_BASE_URL)


def test_the_token_comes_from_a_file_without_its_newline(token_file: Path) -> None:
    settings = read_settings({"WUTS_TOKEN": "", "WUTS_TOKEN_FILE": str(token_file)})
    assert settings.token == TOKEN


def test_the_variable_wins_over_the_file(token_file: Path) -> None:
    both = {"WUTS_TOKEN": "one", "WUTS_TOKEN_FILE": str(token_file)}
    assert read_settings(both).token == "one"


def test_systemd_may_hand_the_token_over(tmp_path: Path) -> None:
    (tmp_path / "wuts-token").write_text(f"{TOKEN}\n")
    handed = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    assert read_settings(handed).token == TOKEN
    assert read_settings(handed | {"WUTS_TOKEN": "one"}).token == "one"
    (tmp_path / "wuts-token").write_text("\n")
    with pytest.raises(WutsConfigError, match="The credential wuts-token is empty"):
        read_settings(handed)


def test_a_credential_of_another_program_is_none_of_ours(tmp_path: Path, token_file: Path) -> None:
    handed = {"CREDENTIALS_DIRECTORY": str(tmp_path), "WUTS_TOKEN_FILE": str(token_file)}
    assert read_settings(handed).token == TOKEN


def test_the_gateway_comes_from_its_variable() -> None:
    settings = read_settings({"WUTS_TOKEN": "one", "WUTS_BASE_URL": " https://wuts.example "})
    assert settings.base_url == "https://wuts.example"


def test_the_token_stays_out_of_the_repr() -> None:
    assert TOKEN not in repr(read_settings({"WUTS_TOKEN": TOKEN}))


def test_no_token_at_all_is_told_with_both_ways_to_give_one() -> None:
    with pytest.raises(WutsConfigError, match=r"WUTS_TOKEN .*WUTS_TOKEN_FILE"):
        read_settings({"WUTS_TOKEN": " ", "WUTS_TOKEN_FILE": ""})


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "No such file"), (b"", "is empty"), (b" \n", "is empty"), (b"\xff\xfe", "is not text")],
)
def test_a_file_that_holds_no_token_is_named(
    content: bytes | None, words: str, tmp_path: Path
) -> None:
    path = tmp_path / "token"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(WutsConfigError, match=f"{words}.*|{re.escape(str(path))}.*{words}"):
        read_settings({"WUTS_TOKEN_FILE": str(path)})


def test_a_folder_is_no_token_file(tmp_path: Path) -> None:
    with pytest.raises(WutsConfigError, match="Is a directory"):
        read_settings({"WUTS_TOKEN_FILE": str(tmp_path)})


async def test_the_command_reads_the_file(wuts: Wuts, token_file: Path) -> None:
    listed = await wuts("devices", WUTS_TOKEN="", WUTS_TOKEN_FILE=str(token_file))
    assert (listed.code, listed.err) == (0, "")


async def test_no_token_is_a_matter_of_configuration(sim: Simulator, wuts: Wuts) -> None:
    refused = await wuts("devices", "--json", WUTS_TOKEN="")
    assert refused.code == 2
    assert [event["reason"] for event in refused.events] == ["configuration"]
    assert "WUTS_TOKEN_FILE" in refused.error
    assert sim.world.requests.total() == 0


@pytest.mark.parametrize("url", ["http://wuts.example", "wuts.example", "https://a:b@wuts.example"])
async def test_an_address_that_would_give_the_token_away_is_refused(url: str, wuts: Wuts) -> None:
    refused = await wuts("devices", WUTS_BASE_URL=url)
    assert (refused.code, refused.out) == (2, "")
    assert "address" in refused.error
    assert TOKEN not in refused.err
