"""Who pairs a device is known to all processes that open one store."""

import asyncio
import json
import signal
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import asyncpg
import pytest
from sqlalchemy import update

from wuts.clock import steady_time
from wuts.pairing import PairingInProgressError, PairingRegistry
from wuts.supervisor.store import StoreError, StoreUnavailableError, wait_until_owned
from wuts.supervisor.store.pairing_claims import MOST, StoreClaims
from wuts.supervisor.store.schema import NOTES
from wuts.supervisor.store.sql import SqlStore

from .databases import in_database
from .owners import PATIENCE, pairing
from .postgresql_server import PostgresqlServer
from .sessions import end_sessions, seconds_until_over, the_owners_pid, until_owners
from .values import URL

LEASE = 2.0

LONG = 300.0
"""Seconds of a lease that no test waits for: an end is noticed without it."""

DEVICE = "wuts-device-001"
UUID = "0191e6a4-7d0c-7c5e-8a0f-2b1f6c3d4e5f"
UNHURRIED = 6.0
"""Seconds of a lease with which a process looks again so late that another one is faster."""

BEGAN = datetime(2026, 11, 25, 13, 36, tzinfo=UTC)


def registry(address: str, lease: float = 60.0) -> PairingRegistry:
    """A registry of its own is what another process has."""
    return PairingRegistry(StoreClaims(address, lease=lease, now=lambda: BEGAN))


async def refusal(address: str, device_id: str = DEVICE, url: str = URL) -> PairingInProgressError:
    with pytest.raises(PairingInProgressError) as caught:
        async with registry(address).hold(url, device_id, "The second"):
            pytest.fail("the second claim was granted")
    return caught.value


async def is_free(address: str, device_id: str = DEVICE) -> bool:
    async with registry(address).hold(URL, device_id, "The second") as lost:
        return not lost.is_set()


async def is_free_yet(address: str) -> bool:
    try:
        return await is_free(address)
    except PairingInProgressError:
        return False


async def test_the_second_is_told_who_and_since_when(address: str) -> None:
    async with registry(address).hold(URL, DEVICE, "Ana (Slack)"):
        error = await refusal(address)
    assert (error.owner, error.since) == ("Ana (Slack)", BEGAN)
    assert await is_free(address)


async def test_a_claim_ends_however_the_pairing_does(address: str) -> None:
    with pytest.raises(LookupError):
        async with registry(address).hold(URL, DEVICE, "Ana"):
            raise LookupError
    assert await is_free(address)


async def test_other_devices_are_free_and_stay_so_when_one_ends(address: str) -> None:
    first = registry(address)
    async with first.hold(URL, DEVICE, "Ana"):
        async with first.hold(URL, "another", "Bia"):
            assert (await refusal(address, "another")).owner == "Bia"
            assert await is_free(address, "a third")
        assert await is_free(address, "another")
        assert (await refusal(address)).owner == "Ana"


async def test_a_device_with_a_uuid_is_the_same_by_any_address_of_its_gateway(address: str) -> None:
    async with registry(address).hold(URL, UUID, "Ana"), registry(address).hold(URL, DEVICE, "Bia"):
        assert (await refusal(address, UUID.upper(), "http://10.0.0.5:8080")).owner == "Ana"
        async with registry(address).hold("http://10.0.0.5:8080", DEVICE, "The second"):
            pass  # A malformed id may be another gateway's.


async def test_whoever_owns_the_accounts_does_not_keep_others_from_pairing(address: str) -> None:
    store = SqlStore(address)
    await wait_until_owned(store, ["home"], rng=Random(1))
    try:
        async with registry(address).hold(URL, DEVICE, "Ana"):
            assert (await refusal(address)).owner == "Ana"
            await store.put("slack.home", "U1", "{}", "home")
    finally:
        await store.close()


async def test_an_odd_or_endless_name_is_no_trouble(address: str) -> None:
    async with registry(address).hold(URL, DEVICE, "Ana\0\ud800" + "x" * 1000):
        error = await refusal(address)
    assert error.owner.startswith("Ana")
    assert len(error.owner) <= MOST


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"owner": 1, "since": null}'])
async def test_a_note_that_nobody_can_read_still_keeps_the_second_out(
    address: str, text: str
) -> None:
    change = update(NOTES).values(text=text)
    async with registry(address).hold(URL, DEVICE, "Ana"):
        await in_database(address, lambda connection: connection.execute(change))
        error = await refusal(address)
    assert (error.owner, error.since) == ("", None)
    assert error.message.startswith("Somebody is already pairing this device.")


async def test_nothing_of_a_pairing_stays_in_the_store(address: str) -> None:
    async with registry(address).hold(URL, DEVICE, "Ana"):
        pass
    store = SqlStore(address)
    assert await store.entries("pairing") == {}
    await store.close()


async def test_a_store_that_does_not_work_says_so(tmp_path: Path) -> None:
    there_is_none = registry(f"sqlite:///{tmp_path}/missing/store.db")
    with pytest.raises(StoreUnavailableError, match="does not exist"):
        async with there_is_none.hold(URL, DEVICE, "Ana"):
            pytest.fail("it was granted")
    with pytest.raises(StoreError):
        async with there_is_none.hold(URL, DEVICE, "Ana"):
            pytest.fail("it was granted")


async def test_many_at_once_agree_on_one(address: str) -> None:
    begun, end = asyncio.Event(), asyncio.Event()
    refused: list[str] = []

    async def try_it(name: str) -> None:
        try:
            async with registry(address).hold(URL, DEVICE, name):
                begun.set()
                await end.wait()
        except PairingInProgressError as error:
            refused.append(error.owner)
            if len(refused) == 7:
                end.set()

    async with asyncio.timeout(200), asyncio.TaskGroup() as group:
        for number in range(8):
            group.create_task(try_it(f"P{number}"))
    assert begun.is_set()
    assert len(set(refused)) == 1
    assert refused[0].startswith("P")
    assert await is_free(address)


@pytest.mark.slow
async def test_who_makes_the_tables_holds_up_nobody_who_begins_together(
    database: str, administrator: asyncpg.Connection
) -> None:
    """A server on a busy machine takes longer for that than others wait for a lock."""
    making = administrator.transaction()
    await making.start()
    await administrator.execute("SELECT pg_advisory_xact_lock(1465209939)")
    holding, waited = asyncio.create_task(is_free(database)), set[int]()
    while len(waited) < 2:
        assert not holding.done()
        waiting = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        waited |= {row["pid"] for row in await administrator.fetch(waiting)}
        await asyncio.sleep(0.01)
    await making.rollback()
    assert await holding


@pytest.mark.slow
async def test_who_lost_a_device_does_not_take_it_back(
    database: str, administrator: asyncpg.Connection
) -> None:
    async with registry(database, UNHURRIED).hold(URL, DEVICE, "Ana") as lost:
        await end_sessions(administrator)
        async with registry(database).hold(URL, DEVICE, "Bia") as others, asyncio.timeout(200):
            await lost.wait()
            assert not others.is_set()
        assert await is_free(database)


@pytest.mark.slow
async def test_of_several_devices_those_are_lost_that_somebody_took(
    database: str, administrator: asyncpg.Connection
) -> None:
    first = registry(database, UNHURRIED)
    async with first.hold(URL, DEVICE, "Ana") as lost, first.hold(URL, "another", "Ana") as kept:
        await end_sessions(administrator)
        async with registry(database).hold(URL, DEVICE, "Bia"), asyncio.timeout(200):
            await lost.wait()
            await until_owners(administrator, 2)
            assert (await refusal(database, "another")).owner == "Ana"
        assert not kept.is_set()


@pytest.mark.slow
async def test_a_second_process_is_refused_until_the_first_ends(address: str) -> None:
    async with pairing(address, DEVICE, "Ana", LONG) as first:
        await first.until("holds")
        async with pairing(address, DEVICE, "Bia", LONG) as second:
            assert (await second.until("refused")).words[1] == "Ana"
        assert first.process.stdin is not None
        first.process.stdin.close()
        await first.until("over")
    async with pairing(address, DEVICE, "Bia", LONG) as second:
        await second.until("holds")


@pytest.mark.slow
async def test_a_killed_process_holds_nothing(address: str) -> None:
    async with pairing(address, DEVICE, "Ana", LONG) as first:
        await first.until("holds")
        first.process.kill()
        assert await first.process.wait() == -signal.SIGKILL
        killed_at = steady_time()
        # The server may not have read the end of the connection yet.
        while not await is_free_yet(address):
            assert steady_time() < killed_at + LONG
        assert await is_free(address)


@pytest.mark.slow
async def test_a_frozen_process_loses_its_pairing_and_learns_it(
    postgresql: PostgresqlServer,
) -> None:
    address = await postgresql.new_database()
    async with pairing(address, DEVICE, "Ana", LEASE) as frozen:
        await frozen.until("holds")
        frozen.process.send_signal(signal.SIGSTOP)
        async with asyncio.timeout(PATIENCE):
            while True:
                async with pairing(address, DEVICE, "Bia", LEASE) as second:
                    line = await second.until_any("refused", "holds")
                    if line.words[0] == "holds":
                        frozen.process.send_signal(signal.SIGCONT)
                        await frozen.until("lost")
                        break
                    assert line.words[1] == "Ana"


@pytest.mark.slow
async def test_a_frozen_process_keeps_its_pairing_when_nobody_wanted_it(
    database: str, administrator: asyncpg.Connection
) -> None:
    async with pairing(database, DEVICE, "Ana", LEASE) as frozen:
        await frozen.until("holds")
        pid = await the_owners_pid(administrator)
        frozen.process.send_signal(signal.SIGSTOP)
        await seconds_until_over(administrator, pid)
        frozen.process.send_signal(signal.SIGCONT)
        # It is heard each third of a lease, and takes its claim again then.
        assert await the_owners_pid(administrator) != pid
        assert (await refusal(database)).owner == "Ana"
        assert frozen.process.stdin is not None
        frozen.process.stdin.close()
        await frozen.until("over")


@pytest.mark.slow
async def test_a_frozen_process_keeps_a_file_for_as_long_as_it_lives(sqlite_file: Path) -> None:
    address = f"sqlite:///{sqlite_file}"
    async with pairing(address, DEVICE, "Ana", LEASE) as frozen:
        await frozen.until("holds")
        frozen.process.send_signal(signal.SIGSTOP)
        await asyncio.sleep(2 * LEASE)
        assert (await refusal(address)).owner == "Ana"
        frozen.process.send_signal(signal.SIGCONT)


@pytest.mark.slow
async def test_claims_outlive_a_restart_of_their_server(postgresql: PostgresqlServer) -> None:
    address = await postgresql.new_database()
    async with pairing(address, DEVICE, "Ana", LEASE) as first:
        await first.until("holds")
        postgresql.stop()
        postgresql.start()
        administrator = await asyncpg.connect(address)
        await the_owners_pid(administrator)
        await administrator.close()
        assert (await refusal(address)).owner == "Ana"


def test_a_note_holds_no_address_and_no_device() -> None:
    claims = StoreClaims("sqlite:///unused.db", now=lambda: BEGAN)
    written = json.loads(claims._written("Ana"))
    assert set(written) == {"process", "owner", "since"}
