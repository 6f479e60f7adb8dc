import pytest

from tests.wuts_simulator.conftest import Start
from tests.wuts_simulator.gateway import PHONE, Api, Json
from wuts_simulator import Settings, Simulator

PATHS = ["/_sim/state", "/_sim/faults", "/_sim/requests", "/_sim/messages", "/_sim/devices/x"]


async def made(nobody: Api, **fields: Json) -> str:
    reply = await nobody.post("/_sim/devices", json={"tenant": "home", **fields})
    (device_id,) = reply.body["device_ids"]
    assert isinstance(device_id, str)
    return device_id


@pytest.mark.parametrize("path", PATHS)
async def test_it_is_not_there_unless_it_was_asked_for(
    start: Start, nobody: Api, path: str
) -> None:
    sim = await start(Settings())
    nobody.url = sim.url
    assert (await nobody.get(path)).status == 404
    assert (await nobody.post(path, json={})).status == 404


async def test_tenants_and_tokens_come_and_go(nobody: Api, api: Api) -> None:
    body = {"name": "shop", "tokens": ["one", "two"]}
    assert (await nobody.post("/_sim/tenants", json=body)).status == 200
    known = {"Authorization": "Bearer two"}
    assert (await api.get("/devices", headers=known)).status == 200
    assert (await nobody.delete("/_sim/tokens/two")).status == 200
    assert (await api.get("/devices", headers=known)).status == 401
    assert (await nobody.delete("/_sim/tokens/two")).status == 404
    state = (await nobody.get("/_sim/state")).body
    assert state["tenants"][-1] == {"name": "shop", "users": ["owner"], "tokens": 1, "devices": 0}


async def test_devices_are_made_one_or_many(nobody: Api, sim: Simulator) -> None:
    device_id = await made(nobody, name="Reception", state="connected", phone=PHONE)
    assert (await nobody.get(f"/_sim/devices/{device_id}")).body == {
        "id": device_id,
        "name": "Reception",
        "tenant": "home",
        "session": "connected",
        "phone": PHONE,
        "asks_passkey": False,
        "phone_is_offline": False,
        "qr": None,
        "code": None,
        "code_expires_in": None,
    }
    body = {"tenant": "office", "count": 3, "state": "logged_out"}
    ids = (await nobody.post("/_sim/devices", json=body)).body["device_ids"]
    assert [sim.world.device(one).name for one in ids] == ["Device 1", "Device 2", "Device 3"]
    state = (await nobody.get("/_sim/state")).body
    assert (state["devices"], state["dialect"]) == (4, "reference")
    assert state["sessions"] == {"connected": 1, "disconnected": 3}


async def test_a_qr_is_scanned_by_its_payload(nobody: Api, api: Api, sim: Simulator) -> None:
    device_id = await made(nobody)
    payload = (await api.get("/qr")).data["qr_code"]
    shown = (await nobody.get(f"/_sim/devices/{device_id}")).body
    assert shown["qr"] == {"payload": payload, "expires_in": 60}
    body = {"payload": payload, "phone": PHONE}
    assert (await nobody.post("/_sim/scan", json=body)).body == {"device_id": device_id}
    gone = await nobody.post("/_sim/scan", json=body)
    assert (gone.status, gone.body) == (410, {"error": "expired"})
    await nobody.post("/_sim/clock", json={"advance": 2})
    assert (await api.get("/status")).data["status"] == "connected"
    assert sim.world.device(device_id).phone == PHONE


async def test_whatever_a_device_shows_is_scanned(nobody: Api, api: Api) -> None:
    path = f"/_sim/devices/{await made(nobody)}/scan"
    assert (await nobody.post(path, json={"phone": PHONE})).status == 409
    await api.get("/qr")
    assert (await nobody.post(path, json={"phone": "12"})).status == 400
    assert (await nobody.post(path, json={"phone": PHONE})).status == 200


async def test_a_code_is_typed(nobody: Api, api: Api) -> None:
    device_id = await made(nobody)
    path = f"/_sim/devices/{device_id}/enter-code"
    assert (await nobody.post(path, json={"code": "ABCD-1234"})).status == 410
    code = (await api.post("/paircode", json={"phone": PHONE})).data["code"]
    shown = (await nobody.get(f"/_sim/devices/{device_id}")).body
    assert (shown["code"], shown["code_expires_in"]) == (code, 300)
    assert (await nobody.post(path, json={"code": code, "phone": "5511888888888"})).status == 200
    assert (await api.get("/status")).data["phone_number"] == "5511888888888"


async def test_a_session_is_dropped_restored_unlinked_and_removed(nobody: Api, api: Api) -> None:
    path = f"/_sim/devices/{await made(nobody, state='connected')}"
    assert (await nobody.post(f"{path}/drop")).status == 200
    assert (await nobody.post(f"{path}/drop")).status == 409
    assert (await nobody.post(f"{path}/restore")).status == 200
    assert (await api.get("/status")).data["connected"] is True
    assert (await nobody.post(f"{path}/unlink")).status == 200
    assert (await api.post("/connect")).data["needs_qr"] is True
    assert (await nobody.post(f"{path}/remove")).status == 200
    assert (await nobody.get(path)).status == 404


async def test_the_gateway_is_restarted_and_broken(nobody: Api, api: Api) -> None:
    await made(nobody, state="connected")
    body = {"down_for": 5, "drop_share": 0}
    assert (await nobody.post("/_sim/restart", json=body)).status == 200
    assert (await api.get("/status")).status == 503
    assert (await nobody.get("/_sim/state")).body["down_for"] == 5
    await nobody.post("/_sim/clock", json={"advance": 5})
    assert (await api.get("/status")).data["connected"] is True
    assert (await nobody.post("/_sim/restart")).status == 200
    assert (await api.get("/status")).data["connected"] is False
    assert (await nobody.post("/_sim/break", json={"seconds": 5})).status == 200
    assert (await api.get("/status")).status == 503


async def test_faults_are_set_listed_and_lifted(nobody: Api, api: Api) -> None:
    device_id = await made(nobody)
    body = {
        "kind": "status",
        "endpoint": "GET /status",
        "device_id": device_id,
        "tenant": "home",
        "times": 3,
        "status": 429,
        "error": "slow down",
        "error_code": "RATE_LIMITED",
        "retry_after": "7",
        "headers": {"X-Why": "because"},
    }
    first = (await nobody.post("/_sim/faults", json=body)).body["id"]
    second = (await nobody.post("/_sim/faults", json={"kind": "hang"})).body["id"]
    reply = await api.get("/status")
    assert (reply.status, reply.headers["Retry-After"]) == (429, "7")
    listed = (await nobody.get("/_sim/faults")).body["faults"]
    assert [(one["id"], one["times"]) for one in listed] == [(first, 2), (second, None)]
    assert (await nobody.delete(f"/_sim/faults/{first}")).status == 200
    assert (await nobody.delete(f"/_sim/faults/{first}")).status == 404
    assert (await nobody.delete("/_sim/faults")).status == 200
    assert (await api.get("/status")).status == 200


@pytest.mark.parametrize(
    ("fault", "status", "text"),
    [
        ({"kind": "html", "status": 504}, 504, "Gateway Time"),
        ({"kind": "body", "body": [1]}, 200, "[1]"),
        ({"kind": "missing_fields", "fields": ["devices"]}, 200, '{"success":true}'),
        ({"kind": "latency", "seconds": 0}, 200, '{"success":true,"devices":[]}'),
    ],
)
async def test_every_kind_of_fault_can_be_set(
    nobody: Api, api: Api, fault: dict[str, Json], status: int, text: str
) -> None:
    assert (await nobody.post("/_sim/faults", json=fault)).status == 200
    reply = await api.get("/devices")
    assert reply.status == status
    assert text in reply.text


async def test_requests_are_counted(nobody: Api, api: Api) -> None:
    device_id = await made(nobody, state="disconnected")
    await api.get("/status")
    await api.get("/status")
    await api.post("/connect")
    assert (await nobody.get("/_sim/requests")).body == {
        "total": 3,
        "endpoints": {"GET /status": 2, "POST /connect": 1},
        "connects": {device_id: 1},
        "max_in_flight": {device_id: 1},
        "most_at_once": 1,
    }
    await nobody.delete("/_sim/requests")
    assert (await nobody.get("/_sim/requests")).body["total"] == 0


async def test_sent_messages_can_be_read(nobody: Api, api: Api) -> None:
    device_id = await made(nobody, state="connected")
    sent = (await api.post("/send/text", json={"number": PHONE, "text": "Oi"})).body
    assert (await nobody.get("/_sim/messages")).body["messages"] == [
        {
            "message_id": sent["message_id"],
            "device_id": device_id,
            "chat_jid": f"{PHONE}@s.whatsapp.net",
            "kind": "text",
            "text": "Oi",
            "timestamp": sent["timestamp"],
        }
    ]


async def test_a_file_that_was_sent_can_be_read_as_it_arrived(nobody: Api, api: Api) -> None:
    await made(nobody, state="connected")
    body = {"number": PHONE, "document": "data:text/plain;base64,T2k=", "file_name": "a.txt"}
    more = {"mentioned": [f"{PHONE}@s.whatsapp.net"], "quoted": {"key": {"id": "3EB0"}}}
    sent = (await api.post("/send/document", json=body | more)).body
    (message,) = (await nobody.get("/_sim/messages")).body["messages"]
    shown = {
        "size_bytes": 2,
        "mime_type": "text/plain",
        "file_name": "a.txt",
        "url": None,
        "view_once": False,
        "voice_note": False,
    }
    assert (message["file"], message["quoted"]) == (shown, "3EB0")
    assert message["mentioned"] == more["mentioned"]
    found = await nobody.get(f"/_sim/messages/{sent['message_id']}/file")
    assert found.body == shown | {"content": "T2k="}
    assert (await nobody.get("/_sim/messages/none/file")).status == 404


async def test_a_phone_can_know_people(nobody: Api, api: Api) -> None:
    device_id = await made(nobody, state="connected")
    path = f"/_sim/devices/{device_id}/contacts"
    jid = (await nobody.post(path, json={"who": "+55 11 99999-9999", "full_name": "Ana"})).body
    assert jid == {"jid": f"{PHONE}@s.whatsapp.net"}
    await nobody.post(path, json={"who": "123456789@lid"})
    listed = (await api.get("/contacts")).body
    assert (listed["count"], listed["contacts"]) == (
        2,
        [{**jid, "full_name": "Ana"}, {"jid": "123456789@lid"}],
    )
    assert (await nobody.post(path, json={"who": "nobody"})).status == 400
    assert (await nobody.post(path, json={"who": PHONE, "nick_name": "x"})).status == 400


async def test_numbers_can_be_put_on_whatsapp(nobody: Api, api: Api) -> None:
    await nobody.post("/_sim/numbers", json={"numbers": ["+55 11 99999-9999"]})
    assert (await api.post("/contact/check", json={"numbers": [PHONE]})).data == {PHONE: True}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("tenants", {}),
        ("tenants", {"name": "shop", "tokens": "one"}),
        ("tenants", {"name": 7}),
        ("devices", {"tenant": "home", "count": 0}),
        ("devices", {"tenant": "home", "count": "many"}),
        ("devices", {"tenant": "home", "count": 2, "phone": PHONE}),
        ("devices", {"tenant": "home", "state": "flying"}),
        ("devices", {"tenant": "home", "stat": "connected"}),
        ("restart", {"drop_share": 2}),
        ("restart", {"down_for": "long"}),
        ("break", {}),
        ("faults", {"kind": "explosion"}),
        ("faults", {"kind": "status", "status": 99}),
        ("faults", {"kind": "status", "endpoint": "GET /nothing"}),
        ("faults", {"kind": "status", "times": 1.5}),
        ("faults", {"kind": "status", "headers": {"a": 1}}),
        ("clock", {"advance": True}),
    ],
)
async def test_what_makes_no_sense_is_refused_in_one_line(
    nobody: Api, path: str, body: dict[str, Json]
) -> None:
    reply = await nobody.post(f"/_sim/{path}", json=body)
    assert reply.status == 400
    assert "\n" not in reply.body["error"]


@pytest.mark.parametrize("data", [b"{", b"[]", b"\xff"])
async def test_a_body_must_be_a_json_object(nobody: Api, data: bytes) -> None:
    assert (await nobody.post("/_sim/restart", data=data)).status == 400


async def test_a_tenant_that_is_not_there_has_no_devices(nobody: Api) -> None:
    assert (await nobody.post("/_sim/devices", json={"tenant": "none"})).status == 404


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Host": "evil.example"}, {"Origin": "null"}]
)
async def test_another_site_cannot_steer_it(nobody: Api, headers: dict[str, str]) -> None:
    assert (await nobody.post("/_sim/restart", headers=headers)).status == 403
    assert (await nobody.get("/_sim/state", headers=headers)).status == 403
