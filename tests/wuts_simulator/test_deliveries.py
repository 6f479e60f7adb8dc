import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiohttp import web

from tests.wuts_simulator.conftest import Start
from tests.wuts_simulator.gateway import PHONE, Api, Json, shape
from wuts_simulator import ManualClock, Settings, Simulator

ALL = [
    "device.connected",
    "device.disconnected",
    "device.logged_out",
    "qr.generated",
    "pair.success",
    "connection.manual_reconnect",
]


@dataclass
class Receiver:
    """A real web server that keeps what it gets and answers as it is told."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    bodies: list[Json] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    async def receive(self, request: web.Request) -> web.Response:
        self.bodies.append(await request.json())
        self.headers.append(dict(request.headers))
        status = self.answers.pop(0) if self.answers else 204
        return web.Response(status=status, headers={"Location": "/elsewhere"})

    @property
    def events(self) -> list[str]:
        return [body["event"] for body in self.bodies]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/{any:.*}", receiver.receive)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield receiver
    await runner.cleanup()


@pytest.fixture
async def sim(start: Start) -> Simulator:
    return await start(
        Settings(allow_http_webhooks=True, webhook_backoff=0.01, connecting_for=0, qr_image=False)
    )


@pytest.fixture
def device_id(sim: Simulator) -> str:
    return sim.world.add_device("home").id


async def hook(api: Api, receiver: Receiver, **fields: Json) -> None:
    body = {"webhook_url": receiver.url, "enabled_events": ALL, **fields}
    assert (await api.post("/webhook", json=body)).status == 200


async def test_a_pairing_is_told_with_the_configured_headers(
    api: Api, sim: Simulator, clock: ManualClock, receiver: Receiver, device_id: str
) -> None:
    await hook(api, receiver, headers={"X-Hook": "a secret of ours"})
    await api.get("/qr")
    sim.world.scan_device(device_id, PHONE)
    await sim.webhooks_delivered()
    assert sorted(receiver.events) == ["device.connected", "pair.success", "qr.generated"]
    assert {headers["X-Hook"] for headers in receiver.headers} == {"a secret of ours"}
    stamp = clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert {(b["device_id"], b["timestamp"]) for b in receiver.bodies} == {(device_id, stamp)}
    assert shape(receiver.bodies[0]).keys() == {"event", "device_id", "timestamp"}


async def test_the_end_of_a_session_is_told(
    api: Api, sim: Simulator, receiver: Receiver, device_id: str
) -> None:
    await hook(api, receiver)
    told: list[list[str]] = []
    sim.world.sessions.store_credentials(sim.world.device(device_id), PHONE)
    for verb in (sim.world.restore, sim.world.drop, sim.world.unlink):
        verb(device_id)
        await sim.webhooks_delivered()
        told.append(receiver.events)
        receiver.bodies.clear()
    assert told == [["device.connected"], ["device.disconnected"], ["device.logged_out"]]


async def test_a_reconnect_and_a_disconnect_are_told(
    api: Api, sim: Simulator, receiver: Receiver, device_id: str
) -> None:
    await hook(api, receiver)
    sim.world.sessions.store_credentials(sim.world.device(device_id), PHONE)
    await api.post("/connect")
    await api.post("/disconnect")
    await sim.webhooks_delivered()
    assert sorted(receiver.events) == [
        "connection.manual_reconnect",
        "device.connected",
        "device.disconnected",
    ]


async def test_a_failed_delivery_is_tried_again(
    api: Api, sim: Simulator, receiver: Receiver
) -> None:
    sim.world.add_device("home")
    receiver.answers = [500, 302, 200]
    await hook(api, receiver)
    await api.get("/qr")
    await sim.webhooks_delivered()
    assert receiver.events == ["qr.generated"] * 3
    assert receiver.bodies[0] == receiver.bodies[2]


@pytest.mark.usefixtures("device_id")
async def test_a_delivery_is_given_up_after_its_retries_without_a_word_of_its_secrets(
    api: Api, sim: Simulator, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    receiver.answers = [500] * 9
    await hook(api, receiver, retry_attempts=2, headers={"X-Hook": "hunter2"})
    await api.get("/qr")
    await sim.webhooks_delivered()
    assert len(receiver.bodies) == 3
    (record,) = [r for r in caplog.records if r.name.startswith("wuts_simulator")]
    assert "qr.generated" in record.getMessage()
    assert receiver.url not in caplog.text
    assert "hunter2" not in caplog.text


@pytest.mark.usefixtures("device_id")
async def test_a_receiver_that_is_not_there_is_tried_again(
    api: Api, sim: Simulator, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    receiver.url = "http://127.0.0.1:1/hook"
    await hook(api, receiver, retry_attempts=1)
    await api.get("/qr")
    await sim.webhooks_delivered()
    assert "gave up a webhook" in caplog.text


@pytest.mark.usefixtures("device_id")
@pytest.mark.parametrize("fields", [{"enabled": False}, {"enabled_events": ["device.connected"]}])
async def test_what_is_not_wanted_is_not_sent(
    api: Api, sim: Simulator, receiver: Receiver, fields: dict[str, Json]
) -> None:
    await hook(api, receiver, **fields)
    await api.get("/qr")
    await sim.webhooks_delivered()
    assert receiver.bodies == []


async def test_a_restart_tells_nobody(
    api: Api, sim: Simulator, receiver: Receiver, device_id: str
) -> None:
    await hook(api, receiver)
    sim.world.sessions.store_credentials(sim.world.device(device_id), PHONE)
    sim.world.restore(device_id)
    await sim.webhooks_delivered()
    receiver.bodies.clear()
    sim.world.restart()
    await sim.webhooks_delivered()
    assert receiver.bodies == []


async def test_stopping_gives_up_what_is_under_way(api: Api, receiver: Receiver) -> None:
    receiver.answers = [500] * 9
    settings = Settings(
        tokens=(("home", "token-home"),), allow_http_webhooks=True, webhook_backoff=3600
    )
    async with Simulator(settings) as sim:
        api.url = sim.url
        sim.world.add_device("home")
        await hook(api, receiver)
        await api.get("/qr")
        delivering = asyncio.create_task(sim.webhooks_delivered())
    await asyncio.wait_for(delivering, timeout=10)
    assert len(receiver.bodies) <= 1
