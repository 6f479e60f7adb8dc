import asyncio
import json

import pytest
from aiohttp import ClientError

from tests.wuts_simulator.conftest import Start
from tests.wuts_simulator.gateway import Api, Json, fixture, shape, until
from wuts_simulator import Fault, FaultKind, InvalidError, Settings, Simulator, UnknownError


@pytest.fixture
def device_id(sim: Simulator) -> str:
    return sim.world.add_device("home", "Reception", state="connected").id


async def test_a_status_is_answered_n_times(api: Api, sim: Simulator) -> None:
    sim.world.faults.add(Fault(kind=FaultKind.STATUS, endpoint="GET /devices", times=2))
    assert [(await api.get("/devices")).status for _ in range(3)] == [503, 503, 200]
    assert len(sim.world.faults) == 0


async def test_a_status_comes_with_any_words_and_headers(api: Api, sim: Simulator) -> None:
    fault = Fault(
        kind=FaultKind.STATUS,
        status=429,
        error="slow down",
        error_code="RATE_LIMITED",
        retry_after="Wed, 21 Oct 2026 07:28:00 GMT",
        headers={"X-Why": "because", "Date": "not a date"},
    )
    sim.world.faults.add(fault)
    reply = await api.get("/devices")
    assert reply.status == 429
    assert reply.body == {"success": False, "error": "slow down", "error_code": "RATE_LIMITED"}
    assert reply.headers["Retry-After"] == "Wed, 21 Oct 2026 07:28:00 GMT"
    assert (reply.headers["X-Why"], reply.headers["Date"]) == ("because", "not a date")


@pytest.mark.parametrize(
    ("endpoint", "status", "name"),
    [
        ("GET /qr", 504, "error_504_qr"),
        ("GET /qr", 500, "error_500_qr"),
        ("POST /paircode", 504, "error_504_paircode"),
        ("POST /paircode", 500, "error_504_paircode"),
        ("POST /connect", 503, "error_503_connect"),
        ("POST /disconnect", 404, "error_404_disconnect"),
        ("GET /status", 401, "error_401"),
        ("GET /status", 404, "error_404"),
    ],
)
async def test_a_status_says_what_is_documented_for_it(
    api: Api, sim: Simulator, endpoint: str, status: int, name: str
) -> None:
    sim.world.faults.add(Fault(kind=FaultKind.STATUS, endpoint=endpoint, status=status))
    method, path = endpoint.split()
    reply = await api.call(method, path)
    assert (reply.status, reply.body) == (status, fixture(name))


@pytest.mark.slow
async def test_latency_answers_late_but_right(start: Start, api: Api) -> None:
    sim = await start(Settings(latency=0.01))
    api.url = sim.url
    sim.world.faults.add(Fault(kind=FaultKind.LATENCY, seconds=1, times=1))
    late = asyncio.create_task(api.get("/devices"))
    await until(sim.world.requests.total)
    await api.get("/devices")
    assert not late.done()
    assert (await late).body == fixture("devices_none")


async def test_hanging_ends_when_the_client_leaves(
    api: Api, sim: Simulator, device_id: str
) -> None:
    sim.world.faults.add(Fault(kind=FaultKind.HANG, endpoint="POST /connect", times=1))
    hanging = asyncio.create_task(api.post("/connect"))
    await until(lambda: sim.world.requests.connects[device_id])
    await api.get("/status")
    assert not hanging.done()
    hanging.cancel()
    assert (await api.post("/connect")).status == 200
    sim.world.requests.reset()
    await api.post("/connect")
    assert sim.world.requests.max_in_flight[device_id] == 1


async def test_hanging_ends_when_the_server_stops(api: Api) -> None:
    async with Simulator(Settings(tokens=(("home", "token-home"),))) as sim:
        api.url = sim.url
        sim.world.faults.add(Fault(kind=FaultKind.HANG, endpoint="POST /devices"))
        hanging = asyncio.create_task(api.post("/devices", json={"name": "Reception"}))
        await until(sim.world.requests.total)
    with pytest.raises(ClientError):
        await hanging


async def test_a_reset_breaks_the_connection_amid_the_answer(
    api: Api, sim: Simulator, device_id: str
) -> None:
    sim.world.faults.add(Fault(kind=FaultKind.RESET, endpoint="POST /disconnect", times=1))
    with pytest.raises(ClientError):
        await api.post("/disconnect")
    assert (await api.get("/status", device_id=device_id)).data["status"] == "disconnected"


async def test_a_reset_is_seen_by_the_client_as_a_tcp_reset(sim: Simulator) -> None:
    sim.world.faults.add(Fault(kind=FaultKind.RESET))
    host, port = sim.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"GET /devices HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    with pytest.raises(ConnectionResetError):
        await reader.read(-1)
    writer.close()


async def test_an_html_page_comes_as_from_a_proxy(api: Api, sim: Simulator) -> None:
    sim.world.faults.add(Fault(kind=FaultKind.HTML))
    reply = await api.get("/devices")
    assert reply.status == 502
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "<h1>502 Bad Gateway</h1>" in reply.text


async def test_truncated_json_is_half_of_the_right_answer(api: Api, sim: Simulator) -> None:
    whole = (await api.get("/devices")).text
    sim.world.faults.add(Fault(kind=FaultKind.TRUNCATED))
    assert (await api.get("/devices")).text == whole[: len(whole) // 2]


@pytest.mark.parametrize("path", ["/status", "/qr"])
async def test_wrong_types_keep_the_names(
    api: Api, sim: Simulator, device_id: str, path: str
) -> None:
    asked = {"/status": device_id, "/qr": sim.world.add_device("home").id}[path]
    right = (await api.get(path, device_id=asked)).data
    sim.world.faults.add(Fault(kind=FaultKind.WRONG_TYPES))
    reply = await api.get(path, device_id=asked)
    assert reply.body["success"] is True
    assert reply.data.keys() == right.keys()
    assert all(type(reply.data[name]) is not type(right[name]) for name in right)
    assert (await api.get("/devices")).body["devices"] == {"unexpected": 2}


@pytest.mark.usefixtures("device_id")
async def test_fields_can_be_missing(api: Api, sim: Simulator) -> None:
    fault = Fault(kind=FaultKind.MISSING_FIELDS, fields=("data.jid", "data.none", "devices.id"))
    sim.world.faults.add(fault)
    assert "jid" not in (await api.get("/status")).data
    assert "id" not in (await api.get("/devices")).body["devices"][0]
    sim.world.faults.clear()
    sim.world.faults.add(Fault(kind=FaultKind.MISSING_FIELDS))
    assert (await api.get("/status")).body == {"success": True}


@pytest.mark.parametrize(
    ("body", "text"), [({"a": 1}, '{"a":1}'), ("not json", "not json"), (None, "null")]
)
async def test_any_body_can_be_sent(api: Api, sim: Simulator, body: object, text: str) -> None:
    sim.world.faults.add(Fault(kind=FaultKind.BODY, body=body))
    reply = await api.get("/devices")
    assert (reply.status, reply.text) == (200, text)


async def test_a_fault_strikes_where_it_is_told_to(
    api: Api, office: Api, sim: Simulator, device_id: str
) -> None:
    other = sim.world.add_device("home").id
    faults = sim.world.faults
    faults.add(Fault(kind=FaultKind.STATUS, endpoint="GET /status", device_id=device_id))
    assert (await api.get("/status", device_id=device_id)).status == 503
    assert (await api.get("/status")).status == 503
    assert (await api.get("/status", device_id=other)).status == 200
    assert (await api.get("/qr/status", device_id=device_id)).status == 200
    faults.clear()
    faults.add(Fault(kind=FaultKind.STATUS, tenant="office"))
    assert (await api.get("/devices")).status == 200
    assert (await office.get("/devices")).status == 503


async def test_a_fault_keeps_a_request_from_the_gateway(
    api: Api, sim: Simulator, device_id: str
) -> None:
    sim.world.faults.add(Fault(kind=FaultKind.STATUS, endpoint="POST /logout"))
    await api.post("/logout")
    assert sim.world.device(device_id).is_connected


async def test_a_spoiled_error_is_still_an_error(api: Api, sim: Simulator) -> None:
    sim.world.faults.add(Fault(kind=FaultKind.WRONG_TYPES))
    reply = await api.get("/status", device_id="none")
    assert (reply.status, shape(reply.body)) == (404, {"success": False, "error": ["unexpected"]})


@pytest.mark.parametrize(
    "fault",
    [
        Fault(kind=FaultKind.HANG, endpoint="GET /statuses"),
        Fault(kind=FaultKind.HANG, times=0),
        Fault(kind=FaultKind.LATENCY, seconds=-1),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(fault: Fault) -> None:
    with pytest.raises(InvalidError):
        Simulator().world.faults.add(fault)


async def test_a_fault_can_be_lifted_once(api: Api, sim: Simulator) -> None:
    fault_id = sim.world.faults.add(Fault(kind=FaultKind.STATUS))
    sim.world.faults.remove(fault_id)
    assert (await api.get("/devices")).status == 200
    with pytest.raises(UnknownError):
        sim.world.faults.remove(fault_id)


async def rows(api: Api) -> Json:
    return (await api.get("/devices")).body["devices"]


@pytest.fixture
def three(sim: Simulator) -> list[str]:
    return [device.id for device in sim.world.add_devices("home", 3, state="connected")]


@pytest.mark.parametrize(("variant", "devices"), [(0, []), (1, None)])
async def test_a_list_can_come_without_a_row(
    api: Api, sim: Simulator, variant: int, devices: object
) -> None:
    sim.world.add_device("home")
    sim.world.faults.add(Fault(kind=FaultKind.EMPTY_LIST, variant=variant))
    assert await rows(api) == devices


async def test_one_row_of_a_list_can_be_odd_in_many_ways(
    api: Api, sim: Simulator, three: list[str]
) -> None:
    right = await rows(api)
    seen = set()
    for variant in range(27):
        sim.world.faults.add(Fault(kind=FaultKind.ODD_ROW, variant=variant, times=1))
        listed = await rows(api)
        odd = [row for row in listed if row not in right]
        assert (len(odd), len(listed)) == (1, len(three))
        seen.add(json.dumps(odd))
    assert len(seen) > 9
    assert any("+0000 UTC" in one for one in seen)


async def test_a_row_can_be_left_out(api: Api, sim: Simulator, three: list[str]) -> None:
    sim.world.faults.add(Fault(kind=FaultKind.LEFT_OUT, fields=(three[1],), times=1))
    sim.world.faults.add(Fault(kind=FaultKind.LEFT_OUT, variant=2, times=1))
    assert [row["id"] for row in await rows(api)] == [three[0], three[2]]
    assert [row["id"] for row in await rows(api)] == three[:2]


async def test_rows_can_come_in_another_order(api: Api, sim: Simulator, three: list[str]) -> None:
    sim.world.faults.add(Fault(kind=FaultKind.REORDERED, variant=1))
    listed = [row["id"] for row in await rows(api)]
    assert listed != three
    assert sorted(listed) == sorted(three)


@pytest.mark.parametrize(("variant", "second"), [(0, False), (1, True)])
async def test_a_row_can_come_twice_and_contradict_itself(
    api: Api, sim: Simulator, three: list[str], variant: int, second: bool
) -> None:
    sim.world.faults.add(Fault(kind=FaultKind.DUPLICATED, variant=variant))
    listed = await rows(api)
    assert [row["id"] for row in listed] == [*three, three[0]]
    assert (listed[0]["connected"], listed[3]["connected"]) == (True, second)


async def test_an_answer_can_be_about_another_device(
    api: Api, sim: Simulator, three: list[str]
) -> None:
    sim.world.faults.add(Fault(kind=FaultKind.WRONG_DEVICE, body=three[1]))
    status = (await api.get("/status", device_id=three[0])).data
    assert (status["device_id"], status["is_logged_in"]) == (three[1], False)
    connect = (await api.post("/connect", device_id=three[0])).data
    assert connect == {"status": "logged_out", "device_id": three[1], "needs_qr": True}
    assert len(await rows(api)) == 3
