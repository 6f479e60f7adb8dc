"""Two ``wuts watch`` with one store: one watches, the other waits."""

import asyncio
from pathlib import Path

import pytest

from tests.wuts_cli.command import Wuts, next_event
from tests.wuts_cli.commands.test_watch import QUICK, next_of, stopped, watching
from wuts_simulator import Device, Simulator


@pytest.fixture
def store(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/store.db"


@pytest.fixture
def desk(sim: Simulator) -> Device:
    return sim.world.add_device("home", "Front desk", state="connected")


@pytest.mark.usefixtures("desk")
async def test_a_second_watch_waits_and_takes_over(wuts: Wuts, store: str) -> None:
    async with watching(wuts, "--store", store) as first:
        await next_of(first, event="state", new="connected")
        async with watching(wuts, "--store", store) as second:
            standby = await next_event(second)
            assert standby.pop("at").endswith("Z")
            assert standby == {"event": "standby"}
            assert (await stopped(first)).code == 130
            owner = await next_event(second)
            assert owner.pop("at").endswith("Z")
            assert owner == {"event": "owner"}
            await next_of(second, event="state", name="Front desk", new="connected")
            assert (await stopped(second)).code == 130


@pytest.mark.usefixtures("desk")
async def test_a_second_watch_says_in_words_that_it_waits(wuts: Wuts, store: str) -> None:
    async with watching(wuts, "--store", store) as first:
        await next_of(first, event="state", new="connected")
        async with wuts.started("watch", *QUICK, "--store", store) as second:
            assert second.stdout is not None
            async with asyncio.timeout(200):
                line = (await second.stdout.readline()).decode()
            assert line[9:] == (
                "Another process is watching this account with the same store. "
                "Waiting to take over.\n"
            )
            done = await stopped(second)
            assert (done.code, done.out) == (130, "")


@pytest.mark.usefixtures("desk")
async def test_a_second_watch_that_does_not_wait_exits_with_a_code_of_its_own(
    wuts: Wuts, store: str
) -> None:
    async with watching(wuts, "--store", store) as first:
        await next_of(first, event="state", new="connected")
        done = await wuts("watch", "--no-wait", "--store", store)
        assert done.code == 4
        assert done.out == ""
        assert done.error == (
            "Another process is watching this account with the same store. "
            "Stop it, or leave out --no-wait to wait until it ends."
        )
    async with watching(wuts, "--no-wait", "--store", store) as alone:
        await next_of(alone, event="state", new="connected")


@pytest.mark.usefixtures("desk")
async def test_a_store_that_holds_another_account_is_refused_in_one_line(
    sim: Simulator, wuts: Wuts, store: str
) -> None:
    async with watching(wuts, "--store", store) as process:
        await next_of(process, event="state", new="connected")
        await stopped(process)
    sim.world.add_tenant("office", "other-token")
    sim.world.add_device("office", "Reception", state="connected")
    plain = await wuts("watch", "--store", store, WUTS_TOKEN="other-token")
    in_json = await wuts("watch", "--store", store, "--json", WUTS_TOKEN="other-token")
    for done in (plain, in_json):
        assert done.code == 1
        assert done.error.startswith("The store holds another account than the token's.")
    assert [event["reason"] for event in in_json.events] == ["store_other_account"]
