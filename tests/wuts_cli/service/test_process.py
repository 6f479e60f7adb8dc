"""``wuts watch --listen`` as a process."""

import asyncio
import json
import os
import signal
import socket
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.wuts_cli.command import TOKEN, WUTS, Json, Wuts, ended, next_event
from wuts_simulator import Simulator

from .conftest import SERVICE_TOKEN, WEBHOOK_SECRET

pytestmark = pytest.mark.slow

LISTEN = ("watch", "--json", "--interval", "0.2", "--listen", "127.0.0.1:0")
SECRETS = {"WUTS_LISTEN__TOKEN": SERVICE_TOKEN, "WUTS_LISTEN__WEBHOOK_SECRET": WEBHOOK_SECRET}


@asynccontextmanager
async def listening(
    wuts: Wuts, *arguments: str, **variables: str
) -> AsyncIterator[tuple[Process, str]]:
    async with wuts.started(*LISTEN, *arguments, stdout=PIPE, **variables) as process:
        told = await next_event(process)
        assert told["event"] == "listening"
        yield process, f"http://{told['host']}:{told['port']}"


async def fetch(url: str) -> tuple[int, Json]:
    async with ClientSession() as http, http.get(url) as answer:
        return answer.status, await answer.json()


async def until_ok(url: str) -> None:
    while (answer := await fetch(f"{url}/readyz"))[0] != 200:
        assert answer == (503, {"status": "starting"})


async def test_it_answers_and_ends_with_all_saved(
    wuts: Wuts, sim: Simulator, tmp_path: Path
) -> None:
    desk = sim.world.add_device("home", "Front desk", state="connected")
    store = ("--store", f"sqlite:///{tmp_path}/store.db")
    async with listening(wuts, *store, **SECRETS) as (process, url):
        await until_ok(url)
        assert await fetch(f"{url}/healthz") == (200, {"status": "ok"})
        assert (await next_event(process))["new"] == "connected"
        sim.world.unlink(desk.id)
        while (event := await next_event(process))["event"] != "alert":
            pass
        process.send_signal(signal.SIGTERM)
        done = await ended(process)
    assert done.code == 143
    for secret in (TOKEN, SERVICE_TOKEN, WEBHOOK_SECRET):
        assert secret not in done.err
    async with listening(wuts, *store) as (process, url):
        await until_ok(url)
        sim.world.sessions.store_credentials(desk, "5511999999999")
        desk.open_session(sim.world.sessions.calendar())
        while (resolved := await next_event(process))["event"] != "alert":
            pass
    assert (resolved["id"], resolved["status"]) == (event["id"], "resolved")


async def test_an_address_that_is_taken_ends_it_in_one_line(wuts: Wuts, sim: Simulator) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = await wuts("watch", "--listen", f"127.0.0.1:{port}", WUTS_LOG_FORMAT="")
    assert done.code == 2
    assert done.err.splitlines()[-1] == (
        f"wuts: The service cannot listen at 127.0.0.1, port {port}: Address already in use."
    )
    assert sim.world.requests.total() == 0


async def test_what_is_no_address_ends_it_in_one_line(wuts: Wuts) -> None:
    done = await wuts("watch", "--listen", "8080")
    assert done.code == 2
    assert done.error.startswith("--listen is not an address to listen at. Write it as HOST:PORT")


async def test_whoever_lets_others_connect_without_a_token_is_told(wuts: Wuts) -> None:
    async with wuts.started("watch", "--json", "--listen", "0.0.0.0:0") as process:
        told = await next_event(process)
        await until_ok(f"http://127.0.0.1:{told['port']}")
        process.send_signal(signal.SIGTERM)
        done = await ended(process)
    lines = [line for line in done.err.splitlines() if "there is no token" in line]
    assert len(lines) == 1


async def test_a_file_says_it_all(wuts: Wuts, sim: Simulator, tmp_path: Path) -> None:
    file = tmp_path / "wuts.toml"
    file.write_text(
        f'log_format = "json"\n[listen]\naddress = "127.0.0.1:0"\ntoken = "{SERVICE_TOKEN}"\n'
        f'[accounts.home]\ntoken = "{TOKEN}"\nurl = "{sim.url}"\n'
    )
    async with wuts.started("watch", "--json", "--config", str(file)) as process:
        told = await next_event(process)
        await until_ok(f"http://127.0.0.1:{told['port']}")
        sim.world.break_for(3600)
        process.send_signal(signal.SIGTERM)
        done = await ended(process)
    assert done.code == 143
    logged = [json.loads(line) for line in done.err.splitlines() if line.startswith("{")]
    assert all({"at", "level", "logger", "message"} <= line.keys() for line in logged)


async def test_a_log_is_written_where_somebody_wants_one(wuts: Wuts, tmp_path: Path) -> None:
    broken = f"sqlite:///{tmp_path}/missing/store.db"
    arguments = ("watch", "--json", "--store", broken, "--log-format", "json")
    async with wuts.started(*arguments) as process:
        assert (await next_event(process))["event"] == "store"
        process.send_signal(signal.SIGTERM)
        done = await ended(process)
    logged = [json.loads(line) for line in done.err.splitlines()]
    assert [line["level"] for line in logged] == ["warning"]
    assert "Supervision continues without it." in logged[0]["message"]


async def test_the_journal_gets_priorities_and_no_times(wuts: Wuts, tmp_path: Path) -> None:
    broken = f"sqlite:///{tmp_path}/missing/store.db"
    arguments = ("watch", "--json", "--store", broken, "--listen", "127.0.0.1:0")
    journal = tmp_path / "journal"
    with journal.open("wb") as stderr:
        status = os.fstat(stderr.fileno())
        variables = {"JOURNAL_STREAM": f"{status.st_dev}:{status.st_ino}"}
        process = await asyncio.create_subprocess_exec(
            WUTS, *arguments, stdout=PIPE, stderr=stderr, env=wuts.environment(variables)
        )
    try:
        assert (await next_event(process))["event"] == "listening"
        assert (await next_event(process))["event"] == "store"
    finally:
        process.terminate()
        await process.communicate()
    [line] = journal.read_text().splitlines()
    assert line.startswith("<4>warning wuts.supervisor.delivery.store_health: ")


async def test_a_service_that_nobody_named_a_store_for_keeps_one_in_its_folder(
    wuts: Wuts, tmp_path: Path
) -> None:
    async with listening(wuts, WUTS_STATE_DIRECTORY=str(tmp_path)) as (process, url):
        await until_ok(url)
        process.send_signal(signal.SIGTERM)
        done = await ended(process)
    assert (tmp_path / "wuts.db").is_file()
    assert "nothing is remembered" not in done.err
