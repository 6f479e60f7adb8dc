"""``python -m slack_app`` as a process."""

import asyncio
import json
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from slack_app.settings import Settings
from tests.slack_app.conftest import GATEWAY_TOKEN
from tests.slack_app.manifest import ROOT
from tests.slack_app.strict_slack import ANA, APP_TOKEN, BOT_TOKEN, StrictSlack

pytestmark = pytest.mark.slow


@dataclass(frozen=True, slots=True)
class Ended:
    """What a process said, and how it ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def environment(settings: Settings, tmp_path: Path) -> dict[str, str]:
    """What a person would set."""
    return {
        "WUTS_SLACK_BOT_TOKEN": BOT_TOKEN,
        "WUTS_SLACK_APP_TOKEN": APP_TOKEN,
        "WUTS_SLACK_ACCOUNTS__HOME__TOKEN": GATEWAY_TOKEN,
        "WUTS_SLACK_ACCOUNTS__HOME__URL": settings.accounts["home"].url,
        "WUTS_SLACK_SLACK_URL": settings.slack_url,
        "WUTS_SLACK_MONITOR_PORT": "0",
        "WUTS_SLACK_STORE": f"sqlite:///{tmp_path / 'store.db'}",
    }


async def test_without_settings_it_says_what_to_set_and_ends_with_2(tmp_path: Path) -> None:
    ended = await run({}, tmp_path)
    assert ended.code == 2
    first, second = ended.err.splitlines()
    assert first.startswith("wuts-slack: bot_token (WUTS_SLACK_BOT_TOKEN): it is missing.")
    assert second.startswith("wuts-slack: accounts (WUTS_SLACK_ACCOUNTS): it is missing.")


async def test_a_token_that_slack_refuses_ends_it_with_2(
    environment: dict[str, str], tmp_path: Path
) -> None:
    ended = await run({**environment, "WUTS_SLACK_BOT_TOKEN": "xoxb-other"}, tmp_path)
    assert (ended.code, ended.err) == (
        2,
        "wuts-slack: Slack refuses the app (invalid_auth). Find out why: wuts-slack check\n",
    )


async def test_an_address_of_a_gateway_that_is_none_ends_it_with_2(
    environment: dict[str, str], tmp_path: Path
) -> None:
    ended = await run({**environment, "WUTS_SLACK_ACCOUNTS__HOME__URL": "gateway"}, tmp_path)
    assert ended.code == 2
    assert ended.err.startswith("wuts-slack: ")
    assert len(ended.err.splitlines()) == 1


async def test_a_port_that_is_taken_ends_it_with_1(
    environment: dict[str, str], tmp_path: Path, strict: StrictSlack
) -> None:
    taken = strict.url.rpartition(":")[2]
    ended = await run({**environment, "WUTS_SLACK_MONITOR_PORT": taken}, tmp_path)
    assert ended.code == 1
    assert ended.err.startswith("wuts-slack: The app cannot start: ")


@pytest.mark.parametrize(
    "store",
    ["mysql://u:secret-word@nobody", "sqlite:////no/such/folder/store.db", "sqlite:///odd.db"],
)
async def test_a_store_that_cannot_be_used_ends_it_with_2_before_slack_is_called(
    store: str, environment: dict[str, str], tmp_path: Path, strict: StrictSlack
) -> None:
    """It would forget what people ordered; a server that is down is waited for instead."""
    (tmp_path / "odd.db").write_text("secret-word: no database at all, but a text of some length")
    ended = await run({**environment, "WUTS_SLACK_STORE": store}, tmp_path)
    assert (ended.code, len(ended.err.splitlines())) == (2, 1)
    assert ended.err.startswith("wuts-slack: The ")
    assert "secret-word" not in ended.err
    assert strict.calls == []


async def test_the_check_says_what_it_saw_and_ends_with_0(
    environment: dict[str, str], tmp_path: Path
) -> None:
    ended = await run(environment, tmp_path, "check")
    assert ended.code == 0, ended
    lines = ended.out.splitlines()
    assert all(line.startswith(("ok ", "note ")) for line in lines)
    assert [line for line in lines if "plain http://" not in line and line.startswith("note")] == []


async def test_the_check_ends_with_1_where_something_is_to_be_fixed(
    environment: dict[str, str], tmp_path: Path, strict: StrictSlack
) -> None:
    strict.scopes.remove("im:write")
    ended = await run(environment, tmp_path, "check")
    assert ended.code == 1
    assert "FIX   Slack's scopes: missing im:write" in ended.out


async def test_it_runs_until_it_is_told_to_stop(
    environment: dict[str, str], tmp_path: Path, strict: StrictSlack
) -> None:
    strict.scopes.remove("users:read")
    process = await start({**environment, "WUTS_SLACK_LOG_FORMAT": "json"}, tmp_path)
    assert process.stderr is not None
    said = b""
    while b"WUTS is running in Slack" not in said:
        line = await process.stderr.readline()
        assert line, said
        said += line
    await strict.command(ANA, "help")
    await strict.until(lambda: bool(strict.private))
    process.send_signal(signal.SIGTERM)
    _, rest = await process.communicate()
    assert process.returncode == 0
    logged = [json.loads(line) for line in rest.decode().splitlines()]
    assert "missing_scope" in logged[0]["message"]


async def start(
    environment: dict[str, str], folder: Path, *arguments: str
) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "slack_app", *arguments),
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def run(environment: dict[str, str], folder: Path, *arguments: str) -> Ended:
    process = await start(environment, folder, *arguments)
    out, err = await process.communicate()
    assert process.returncode is not None
    return Ended(process.returncode, out.decode(), err.decode())
