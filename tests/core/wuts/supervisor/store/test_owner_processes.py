"""Real processes that own an account, and what kills, freezes or ends them."""

import asyncio
import signal

import pytest

from wuts.clock import steady_time

from .owner_user import FREEZE
from .owners import Owner, owning
from .postgresql_server import PostgresqlServer

LEASE = 2.0

LONG = 300.0
"""Seconds of a lease that no test waits for: an end is noticed without it."""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


async def test_who_waits_takes_over_from_a_killed_process(address: str) -> None:
    async with owning(address, "home", LONG) as owner:
        await owner.until("owns")
        async with owning(address, "home", LONG) as other:
            await other.until("waits")
            await owner.until("saved")
            killed_at = steady_time()
            owner.process.kill()
            taken = await other.until("owns")
            assert killed_at <= taken.at < killed_at + LONG
            assert await owner.process.wait() == -signal.SIGKILL
            await other.until("saved")


async def test_of_many_that_begin_together_one_is_the_owner_at_a_time(address: str) -> None:
    async with (
        owning(address, "home", LONG) as one,
        owning(address, "home", LONG) as two,
        owning(address, "home", LONG) as three,
    ):
        waiting = {one, two, three}
        killed_at = 0.0
        while waiting:
            owner, at = await _first_to_own(waiting)
            assert at > killed_at
            waiting.remove(owner)
            await owner.until("saved")
            killed_at = steady_time()
            owner.process.kill()


async def _first_to_own(owners: set[Owner]) -> tuple[Owner, float]:
    tasks = {asyncio.create_task(owner.until("owns")): owner for owner in owners}
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    [first] = done
    return tasks[first], first.result().at


async def test_a_frozen_process_loses_its_accounts_and_never_saves_again(
    postgresql: PostgresqlServer,
) -> None:
    address = await postgresql.new_database()
    async with owning(address, "home", LEASE) as frozen:
        await frozen.until("owns")
        async with owning(address, "home", LEASE) as other:
            await other.until("waits")
            begun = await frozen.until("saved")
            await frozen.until("saved")
            frozen.process.send_signal(FREEZE)
            await frozen.until("freezes")
            taken = await other.until("owns")
            # Whatever it has saved since then, the server has heard later.
            assert taken.at > begun.at + LEASE
            await asyncio.sleep(taken.at + LEASE - steady_time())
            resumed_at = steady_time()
            frozen.process.send_signal(signal.SIGCONT)
            said = await frozen.rest()
            assert [line.words[0] for line in said] == ["lost"]
            assert said[0].at > resumed_at
            await other.until("saved")


async def test_a_frozen_process_keeps_a_file_for_as_long_as_it_lives(sqlite_file: str) -> None:
    address = f"sqlite:///{sqlite_file}"
    async with owning(address, "home", LEASE) as frozen:
        await frozen.until("owns")
        await frozen.until("saved")
        async with owning(address, "home", LEASE) as other:
            await other.until("waits")
            frozen.process.send_signal(FREEZE)
            await frozen.until("freezes")
            await asyncio.sleep(3 * LEASE)
            frozen.process.send_signal(signal.SIGCONT)
            await frozen.until("saved")
            killed_at = steady_time()
            frozen.process.kill()
            assert (await other.until("owns")).at >= killed_at
