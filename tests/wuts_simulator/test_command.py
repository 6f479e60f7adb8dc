"""The command as a real process."""

import json
import os
import signal
import socket
import sys
from asyncio import create_subprocess_exec
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientSession

from tests.wuts_simulator.gateway import Api, Json

COMMAND = (sys.executable, "-m", "wuts_simulator")


@asynccontextmanager
async def command(*flags: str, token: str | None = None) -> AsyncIterator[Process]:
    environment = {k: v for k, v in os.environ.items() if k != "WUTS_SIMULATOR_TOKEN"}
    if token is not None:
        environment["WUTS_SIMULATOR_TOKEN"] = token
    process = await create_subprocess_exec(
        *COMMAND, *flags, stdout=PIPE, stderr=PIPE, env=environment
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def told(process: Process) -> Json:
    assert process.stdout is not None
    return json.loads(await process.stdout.readline())


async def said_in_vain(process: Process) -> str:
    """Return what the command says on stderr when it gives up: one line."""
    out, error = await process.communicate()
    assert out == b""
    (line,) = error.decode().splitlines()
    return line


async def test_it_serves_and_says_where_until_it_is_told_to_stop(http: ClientSession) -> None:
    async with command("--port", "0", "--json", "--token", "home=one", "--seed", "1") as process:
        where = await told(process)
        assert where.keys() == {"url", "phone_page"}
        assert where["url"].startswith("http://127.0.0.1:")
        assert (await Api(where["url"], http, "one").get("/devices")).status == 200
        assert (await Api(where["phone_page"], http, None).get("")).status == 200
        process.send_signal(signal.SIGTERM)
        out, error = await process.communicate()
        assert (process.returncode, out, error) == (0, b"", b"")


async def test_it_makes_a_token_if_none_is_given(http: ClientSession) -> None:
    async with command("--port", "0", "--json") as process:
        where = await told(process)
        assert (await Api(where["url"], http, where["token"]).get("/devices")).status == 200
    async with command("--port", "0", "--json") as process:
        assert (await told(process))["token"] != where["token"]


async def test_it_speaks_to_people_too() -> None:
    async with command("--port", "0") as process:
        assert process.stdout is not None
        lines = [(await process.stdout.readline()).decode() for _ in range(3)]
        process.send_signal(signal.SIGINT)
        assert await process.wait() == 0
    assert lines[0].startswith("WUTS simulator (reference) at http://127.0.0.1:")
    assert lines[1].rstrip().endswith("/phone")
    assert lines[2].startswith("Token: ")


async def test_its_flags_reach_the_gateway(http: ClientSession) -> None:
    flags = ("--port", "0", "--json", "--control", "--dialect", "quickstart", "--qr-life", "20")
    more = ("--qr-first-life", "40", "--no-qr-image", "--clock-skew", "-3600")
    tokens = ("--token", "home=one", "--token", "home=two", "--token", "office=three")
    async with command(*flags, *more, *tokens, token="four") as process:
        where = await told(process)
        for token in ("one", "two", "three", "four"):
            reply = await Api(where["url"], http, token).post(
                "/devices", json={"name": "Reception"}
            )
            assert reply.status == 201
        api = Api(where["url"], http, "one")
        lives = [(await api.get("/qr", refresh="true")).data["ttl"] for _ in range(2)]
        assert lives == [40, 20]
        assert (await api.get("/qr")).data["image"] == ""
        tenants = (await api.get("/_sim/state")).body["tenants"]
        assert [(one["name"], one["devices"]) for one in tenants] == [("home", 3), ("office", 1)]


async def test_it_can_misbehave_from_the_start(http: ClientSession) -> None:
    flags = ("--port", "0", "--json", "--control", "--adversary", "23", "--adversary-period", "2")
    async with command(*flags) as process:
        where = await told(process)
        reply = await Api(where["url"], http, None).get("/_sim/adversary")
        assert reply.body["seed"] == 23


async def test_a_busy_port_is_told_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = str(busy.getsockname()[1])
        async with command("--port", port) as process:
            line = await said_in_vain(process)
            assert line.startswith(f"wuts-simulator: port {port} is in use")
            assert process.returncode == 1


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
async def test_an_address_that_cannot_be_bound_is_told_in_one_line(host: str) -> None:
    async with command("--host", host) as process:
        assert host in await said_in_vain(process)
        assert process.returncode == 1


@pytest.mark.parametrize(
    "flags",
    [
        ("--port", "70000"),
        ("--port", "http"),
        ("--dialect", "klingon"),
        ("--qr-life", "-1"),
        ("--qr-life", "nan"),
        ("--clock-skew", "soon"),
        ("--token", "s3cret"),
        ("--token", "=s3cret"),
        ("--token", "home=s3cret", "--token", "office=s3cret"),
        ("--nonsense",),
    ],
)
async def test_a_wrong_flag_is_told_in_one_line_without_its_secret(flags: tuple[str, ...]) -> None:
    async with command(*flags) as process:
        line = await said_in_vain(process)
        assert line.startswith("wuts-simulator: ")
        assert "s3cret" not in line
        assert process.returncode == 2


async def test_help_names_every_flag() -> None:
    async with command("--help") as process:
        out, _ = await process.communicate()
        assert process.returncode == 0
    for flag in ("--dialect", "--control", "--token", "--clock-skew", "--connecting-for"):
        assert flag in out.decode()
