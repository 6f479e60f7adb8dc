import asyncio
import hashlib
import hmac
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiohttp import web

from tests.wuts_simulator.conftest import Start
from tests.wuts_simulator.gateway import PHONE, Api, Json, shape
from wuts_simulator import ConflictError, ManualClock, Settings, Signed, Simulator

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
    """A real web server that keeps what it gets and answers as it should."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    bodies: list[Json] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    async def receive(self, request: web.Request) -> web.Response:
        self.raw.append(await request.read())
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
    stamp = int(clock.now().timestamp())
    assert {(b["device_id"], b["timestamp"]) for b in receiver.bodies} == {(device_id, stamp)}
    assert len({body["id"] for body in receiver.bodies}) == 3
    assert shape(receiver.bodies[0]) == {
        "id": "uuid",
        "event": "text",
        "timestamp": "int",
        "device_id": "uuid",
        "user_id": "uuid",
        "data": {"status": receiver.bodies[0]["data"]["status"], "timestamp": "time"},
    }


async def signature_of(api: Api, sim: Simulator, receiver: Receiver) -> tuple[bytes, Json]:
    sim.world.add_device("home")
    await hook(api, receiver, secret="between us")
    await api.get("/qr")
    await sim.webhooks_delivered()
    body = receiver.bodies[0]
    assert [*body][-1] == "signature"
    return receiver.raw[0], body


def sealed(text: bytes) -> str:
    return "sha256=" + hmac.new(b"between us", text, hashlib.sha256).hexdigest()


async def test_a_webhook_with_a_secret_signs_the_body_that_it_sends(
    api: Api, sim: Simulator, receiver: Receiver
) -> None:
    raw, body = await signature_of(api, sim, receiver)
    without = raw.partition(b',"signature"')[0] + b"}"
    assert body["signature"] == sealed(without)


async def test_a_webhook_can_sign_the_data_alone(
    api: Api, start: Start, receiver: Receiver
) -> None:
    settings = Settings(allow_http_webhooks=True, qr_image=False, webhook_signs=Signed.DATA)
    sim = await start(settings)
    api.url = sim.url
    _, body = await signature_of(api, sim, receiver)
    assert body["signature"] == sealed(json.dumps(body["data"], separators=(",", ":")).encode())


async def test_without_a_secret_nothing_is_signed(
    api: Api, sim: Simulator, receiver: Receiver
) -> None:
    sim.world.add_device("home")
    await hook(api, receiver)
    await api.get("/qr")
    await sim.webhooks_delivered()
    assert "signature" not in receiver.bodies[0]


async def test_a_deleted_webhook_hears_nothing_more(
    api: Api, sim: Simulator, receiver: Receiver, device_id: str
) -> None:
    await hook(api, receiver)
    assert (await api.delete("/webhook", device_id=device_id)).status == 200
    await api.get("/qr")
    await sim.webhooks_delivered()
    assert receiver.bodies == []
    assert (await api.delete("/webhook", device_id=device_id)).status == 200


async def test_the_webhook_of_a_user_is_given_to_each_new_device(
    api: Api, sim: Simulator, receiver: Receiver
) -> None:
    older = sim.world.add_device("home")
    assert (await api.post("/user/webhook", json={"webhook_url": receiver.url})).status == 200
    new = [(await api.post("/devices", json={"name": "Shop"})).body["device"]["id"] for _ in "ab"]
    hooks = [(await api.get("/webhook", device_id=one)).body["webhook"] for one in new]
    assert len({hook["id"] for hook in hooks}) == 2
    assert (await api.get("/webhook", device_id=older.id)).body["webhook"] is None
    await api.get("/qr", device_id=new[0])
    await sim.webhooks_delivered()
    assert receiver.events == ["qr.generated"]
    assert (await api.post("/user/webhook", json={"webhook_url": "ftp://x"})).status == 400


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


async def test_a_received_message_is_told_with_what_it_says(
    api: Api, sim: Simulator, receiver: Receiver
) -> None:
    device = sim.world.add_device("home", state="connected", phone=PHONE)
    await hook(api, receiver, enabled_events=["message.received"])
    sim.world.receive(device.id, "+55 21 98888-8888", "Oi")
    await sim.webhooks_delivered()
    data = receiver.bodies[0]["data"]
    assert (data["from"], data["content"]) == ("5521988888888@s.whatsapp.net", "Oi")
    assert (data["to"], data["is_from_me"]) == (f"{PHONE}@s.whatsapp.net", False)
    sim.world.drop(device.id)
    with pytest.raises(ConflictError):
        sim.world.receive(device.id, PHONE, "Oi")


async def test_a_message_may_be_of_any_kind_and_written_in_a_group_by_somebody_hidden(
    api: Api, sim: Simulator, receiver: Receiver
) -> None:
    device = sim.world.add_device("home", state="connected", phone=PHONE)
    await hook(api, receiver, enabled_events=["message.received"])
    group, hidden = sim.world.add_group(device.id, "Family"), "123456789012345@lid"
    sim.world.receive(device.id, hidden, "Look", group=group, kind="image", name="Ana")
    sim.world.receive(device.id, PHONE, "Mine", from_me=True)
    await sim.webhooks_delivered()
    told = sorted((body["data"] for body in receiver.bodies), key=lambda data: data["is_from_me"])
    assert (told[0]["from"], told[0]["to"]) == (hidden, group)
    assert (told[0]["message_type"], told[0]["push_name"]) == ("image", "Ana")
    assert told[1]["is_from_me"] is True


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
