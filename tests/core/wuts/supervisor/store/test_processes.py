"""Stores that other processes use as well, or that a killed one left behind."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from wuts.supervisor.store.sql import SqlStore

from .values import about, snapshot

type OpenSql = Callable[[str], SqlStore]

PROGRAM = Path(__file__).with_name("store_user.py")
ENDLESS = 0


@asynccontextmanager
async def running(
    address: str, account: str, count: int
) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, PROGRAM, address, account, str(count), stdout=asyncio.subprocess.PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def test_processes_that_begin_together_share_a_new_store(
    address: str, open_sql: OpenSql
) -> None:
    async with (
        running(address, "one", 20) as one,
        running(address, "two", 20) as two,
        running(address, "three", 20) as three,
    ):
        assert [await process.wait() for process in (one, two, three)] == [0, 0, 0]
    saved = await open_sql(address).load()
    assert len(saved.snapshots) == 60


@pytest.mark.parametrize("saves", [1, 30])
async def test_a_killed_process_leaves_nothing_locked_and_loses_nothing(
    address: str, open_sql: OpenSql, saves: int
) -> None:
    async with running(address, "killed", ENDLESS) as process:
        assert process.stdout is not None
        told = [int(await process.stdout.readline()) for _ in range(saves)]
        process.kill()
        told += [int(line) for line in (await process.stdout.read()).splitlines()]
        assert await process.wait() == -signal.SIGKILL
    store = open_sql(address)
    found = {int(one.device_id) for one in (await store.load()).snapshots}
    assert set(told) <= found <= {*told, len(told)}
    await store.save(about(snapshot()))
