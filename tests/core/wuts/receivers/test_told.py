"""A real supervisor, a real gateway, real receivers: who gets what, and none holds up another."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.core.wuts.receivers.alertmanager_server import Server, alertmanager, running
from tests.core.wuts.receivers.listening import Json, Listening
from tests.core.wuts.supervisor.home import QUICK, Home, until
from wuts.receivers import receiver_of
from wuts.receivers.alertmanager import AlertmanagerReceiver
from wuts.supervisor import Route
from wuts.supervisor.store.sql import SqlStore
from wuts_simulator import Simulator

pytestmark = pytest.mark.slow

PROGRAM = alertmanager()
SECRET = "s3cret-s3cret-s3cret"
MANY = 1000


@pytest.fixture
async def home(sim: Simulator) -> AsyncIterator[Home]:
    home = Home(sim)
    yield home
    for client in home.clients:
        await client.aclose()


async def eventually(condition: object, patience: float = 300.0) -> None:
    """Wait for what takes long on a busy machine."""
    assert callable(condition)
    async with asyncio.timeout(patience):
        while not condition():  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.05)


def pair_again(home: Home, device_id: str, phone: str) -> None:
    device = home.world.device(device_id)
    home.world.sessions.store_credentials(device, phone)
    device.open_session(home.world.sessions.calendar())


def unlink(home: Home, device_id: str) -> str:
    """As a person does on the phone; return its number."""
    phone = home.world.device(device_id).phone
    assert phone is not None
    home.world.unlink(device_id)
    return phone


def webhook(listening: Listening) -> str:
    return f"wuts+http://{listening.place}/hook"


@pytest.mark.timeout(1_500)
async def test_1000_devices_lost_at_once_are_one_notification_and_then_updates(
    home: Home, listening: Listening
) -> None:
    ids = home.add_devices(MANY)
    with Listening() as second:
        posts = {"webhook": listening, "json": second}
        receivers = {
            "webhook": receiver_of(webhook(listening), secret=SECRET),
            "json": receiver_of(f"json://{second.place}/x"),
        }
        routes = [
            Route(receivers=(name,), continues=True, group_wait=2.0, group_interval=2.0)
            for name in receivers
        ]
        async with home.supervised(QUICK, sees=MANY, routes=routes, receivers=receivers):
            phones = {device_id: unlink(home, device_id) for device_id in ids}
            await eventually(lambda: len(open_in(listening)) == MANY)
            await eventually(lambda: any(f"{MANY} devices" in title for title in titles(second)))
            for device_id, phone in phones.items():
                pair_again(home, device_id, phone)
            await eventually(lambda: len(over_in(listening)) == MANY)
            await eventually(lambda: "linked again" in titles(second)[-1])
        told = [one for one in listening.documents if one["kind"] == "needs_pairing"]
        assert len({one["id"] for one in told}) == 1
        assert [one["sequence"] for one in told] == list(range(1, len(told) + 1))
        assert len(told) < MANY / 5, "many at once, not one by one"
        for name, server in posts.items():
            assert len([one for one in titles(server) if "1 device " in one]) == 0, name


def titles(listening: Listening) -> list[str]:
    found = (one["title"] for one in listening.documents)
    return [title for title in found if "paired again" in title or "linked again" in title]


def needing(listening: Listening) -> list[Json]:
    told = (one for one in listening.documents if one["kind"] == "needs_pairing")
    return [alert for one in told for alert in one["alerts"]]


def open_in(listening: Listening) -> set[str]:
    return {one["id"] for one in needing(listening) if one["status"] != "resolved"}


def over_in(listening: Listening) -> set[str]:
    return {one["id"] for one in needing(listening) if one["status"] == "resolved"}


async def test_one_that_fails_is_told_when_it_works_and_the_next_meanwhile(
    home: Home, listening: Listening
) -> None:
    [device_id] = home.add_devices(1)
    listening.status = 503
    with Listening() as next_one:
        receivers = {
            "first": receiver_of(webhook(listening), secret=SECRET),
            "next": receiver_of(webhook(next_one), secret=SECRET),
        }
        routes = [Route(receivers=("first", "next"), group_wait=0.0, group_interval=0.0)]
        async with home.supervised(QUICK, sees=1, routes=routes, receivers=receivers):
            unlink(home, device_id)
            await eventually(lambda: bool(next_one.requests))
            assert len(listening.requests) >= 3
            state = home.supervisor.alerts.receivers()["first"]
            assert (state.waiting, state.problem) == (1, "NotTakenError")
            listening.status = 200
            await eventually(lambda: home.supervisor.alerts.receivers()["first"].waiting == 0)
        tries = {(one["id"], one["sequence"]) for one in listening.documents}
        assert len(tries) == 1, "each try is known to be the same"
        assert next_one.documents[0]["news"] == "escalated"


async def test_one_that_hangs_holds_up_neither_others_nor_the_end(
    home: Home, listening: Listening
) -> None:
    [device_id] = home.add_devices(1)
    with Listening() as hanging:
        hanging.hangs = True
        receivers = {
            "webhook": receiver_of(webhook(hanging), secret=SECRET),
            "json": receiver_of(f"json://{hanging.place}/?rto=3600"),
            "alertmanager": receiver_of(f"alertmanager+http://{hanging.place}"),
            "good": receiver_of(webhook(listening), secret=SECRET),
        }
        routes = [Route(receivers=(name,), continues=True, group_wait=0.0) for name in receivers]
        async with home.supervised(QUICK, sees=1, routes=routes, receivers=receivers):
            unlink(home, device_id)
            await until(lambda: len(hanging.requests) == 3 and len(listening.requests) == 1)
            # Nothing is released before the end: it could not come.


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    assert PROGRAM is not None
    with running(PROGRAM, tmp_path) as found:
        await found.until_ready()
        yield found


def eager(server: Server) -> AlertmanagerReceiver:
    """Return a receiver that gets everything again all the time."""
    found = receiver_of(f"alertmanager+http://{server.place}")
    assert isinstance(found, AlertmanagerReceiver)
    found.repeat_interval = 0.05
    return found


@pytest.mark.skipif(PROGRAM is None, reason="there is no Alertmanager")
async def test_an_alertmanager_knows_what_is_open_whoever_restarts(
    home: Home, server: Server, tmp_path: Path
) -> None:
    [device_id] = home.add_devices(1)
    address = f"sqlite:///{tmp_path}/store.db"
    routes = [Route(receivers=("am",), group_wait=0.0)]

    async def shows(count: int) -> None:
        async with asyncio.timeout(300):
            while len(await server.alerts()) != count:  # noqa: ASYNC110 - nothing tells
                await asyncio.sleep(0.05)

    first = SqlStore(address)
    async with home.supervised(
        QUICK, store=first, sees=1, routes=routes, receivers={"am": eager(server)}
    ):
        phone = unlink(home, device_id)
        await shows(1)
        server.stop()
        server.start()
        await server.until_ready()
        await shows(1)
    await first.close()
    server.stop()
    server.start()
    await server.until_ready()
    second = SqlStore(address)
    async with home.supervised(
        QUICK, store=second, sees=1, routes=routes, receivers={"am": eager(server)}
    ):
        await shows(1)
        [shown] = await server.alerts()
        assert shown["labels"]["device_id"] == device_id
        pair_again(home, device_id, phone)
        await shows(0)
    await second.close()
