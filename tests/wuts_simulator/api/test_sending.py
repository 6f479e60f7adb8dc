from base64 import b64encode
from io import BytesIO
from json import dumps

import pytest
from aiohttp import ClientSession

from tests.wuts_simulator.conftest import Start
from tests.wuts_simulator.gateway import PHONE, Api, Json
from wuts_simulator import Settings, Simulator

PICTURE = "iVBORw0KGgo="


@pytest.fixture
def device_id(sim: Simulator) -> str:
    return sim.world.add_device("home", state="connected").id


@pytest.mark.parametrize("kind", ["image", "video", "audio", "document"])
async def test_a_file_is_sent_with_its_caption(
    api: Api, sim: Simulator, device_id: str, kind: str
) -> None:
    body = {"number": PHONE, kind: PICTURE, "caption": "Oi"}
    reply = await api.post(f"/send/{kind}", json=body, device_id=device_id)
    assert reply.status == 200
    metadata = reply.body["metadata"]
    assert (metadata["device_id"], metadata["type"]) == (device_id, kind)
    assert metadata[f"{kind}_size_bytes"] == 8
    (message,) = sim.world.messages
    assert (message.kind, message.text, message.chat_jid) == (kind, "Oi", f"{PHONE}@s.whatsapp.net")


@pytest.mark.usefixtures("device_id")
@pytest.mark.parametrize(
    "fields",
    [
        {"image": f"data:image/png;base64,{PICTURE}"},
        {"image_url": "https://example.com/a.png"},
    ],
)
async def test_a_picture_can_be_a_data_url_or_an_address(api: Api, fields: Json) -> None:
    assert (await api.post("/send/image", json={"number": PHONE, **fields})).status == 200


@pytest.mark.usefixtures("device_id")
@pytest.mark.parametrize(
    ("path", "fields", "wrong"),
    [
        ("/send/image", {}, "image"),
        ("/send/image", {"image": PICTURE, "image_url": "https://example.com"}, "image"),
        ("/send/image", {"image": "not base64!"}, "image"),
        ("/send/image", {"image": [PICTURE]}, "image"),
        ("/send/image", {"image_url": "file:///etc/passwd"}, "image_url"),
        ("/send/image", {"image": PICTURE, "caption": "a" * 1025}, "caption"),
        ("/send/document", {"document_url": "https://example.com/a"}, "file_name"),
        ("/send/audio", {"audio": PICTURE, "number": "12"}, "number"),
        ("/send/audio", {"audio": f"data:image/png;base64,{PICTURE}"}, "audio"),
        ("/send/image", {"image": f"data:text/html;base64,{PICTURE}"}, "image"),
        ("/send/image", {"image": PICTURE, "viewOnce": "yes"}, "viewOnce"),
        ("/send/image", {"image": PICTURE, "mentioned": PHONE}, "mentioned"),
        ("/send/image", {"image": PICTURE, "quoted": "3EB0"}, "quoted"),
        ("/send/audio", {"audio": PICTURE, "delay": -1}, "delay"),
    ],
)
async def test_a_wrong_field_is_named(api: Api, path: str, fields: Json, wrong: str) -> None:
    reply = await api.post(path, json={"number": PHONE, **fields})
    assert reply.status == 400
    assert [one["field"] for one in reply.body["validation"]] == [wrong]


@pytest.mark.parametrize(("kind", "status"), [("video", 202), ("audio", 202), ("image", 200)])
async def test_a_large_video_or_sound_is_queued(
    start: Start, http: ClientSession, kind: str, status: int
) -> None:
    sim = await start(Settings(queue_media_over=7))
    sim.world.add_device("home", state="connected")
    api = Api(sim.url, http, "token-home")
    reply = await api.post(f"/send/{kind}", json={"number": PHONE, kind: PICTURE})
    assert reply.status == status
    assert ("job_id" in reply.body) is (status == 202)
    (message,) = sim.world.messages
    assert message.file
    assert message.file.content == b"\x89PNG\r\n\x1a\n"


async def test_a_file_of_sixteen_mebibytes_is_taken(api: Api, sim: Simulator) -> None:
    sim.world.add_device("home", state="connected")
    content = bytes(16 * 1024 * 1024)
    body = {"number": PHONE, "document": b64encode(content).decode(), "file_name": "zeros"}
    sent = await api.post("/send/document", data=BytesIO(dumps(body).encode()))
    assert sent.status == 200
    (message,) = sim.world.messages
    assert message.file
    assert message.file.content == content


async def test_a_device_that_is_down_sends_no_file(api: Api, sim: Simulator) -> None:
    sim.world.add_device("home", state="disconnected")
    reply = await api.post("/send/image", json={"number": PHONE, "image": PICTURE})
    assert (reply.status, reply.body["error_code"]) == (400, "DEVICE_NOT_READY")


OPTIONS = [{"option_name": "In the morning"}, {"option_name": "In the evening"}]
ROWS = [{"rows": [{"id": "front", "title": "Front"}]}]
RICH: list[tuple[str, Json, str]] = [
    ("sticker", {"sticker": PICTURE}, ""),
    ("location", {"latitude": -23.5, "longitude": -46.6, "name": "Praça da Sé"}, "Praça da Sé"),
    ("poll", {"question": "When?", "options": OPTIONS}, "When?"),
    ("buttons", {"message": "Open?", "buttons": [{"id": "a", "display_text": "Yes"}]}, "Open?"),
    ("interactive", {"body": "Which?", "button_text": "Show", "sections": ROWS}, "Which?"),
]


@pytest.mark.usefixtures("device_id")
@pytest.mark.parametrize(("kind", "fields", "text"), RICH)
async def test_what_is_sent_to_a_jid_answers_shortly(
    api: Api, sim: Simulator, kind: str, fields: Json, text: str
) -> None:
    body = {"to": f"{PHONE}@s.whatsapp.net", **fields}
    reply = await api.post(f"/send/{kind}", json=body)
    assert reply.status == 200
    assert reply.body["message"].endswith("sent successfully")
    (message,) = sim.world.messages
    assert (message.id, message.kind, message.text) == (reply.body["message_id"], kind, text)


@pytest.mark.usefixtures("device_id")
@pytest.mark.parametrize(
    ("kind", "fields", "error"),
    [
        ("location", {"latitude": 91}, "latitude must be a number from -90 to 90"),
        ("poll", {"options": OPTIONS[:1]}, "options must have between 2 and 12 entries"),
        ("poll", {"options": [{}, {}]}, "options is wrong: option_name is required"),
        ("poll", {"options": ["a", "b"]}, "options must be an object"),
        ("buttons", {"to": "12"}, "to must be a phone number or a group JID"),
    ],
)
async def test_their_errors_come_without_the_envelope(
    api: Api, kind: str, fields: Json, error: str
) -> None:
    good = next(fields for name, fields, _ in RICH if name == kind)
    reply = await api.post(f"/send/{kind}", json={"to": PHONE, **good, **fields})
    assert (reply.status, reply.body) == (400, {"error": error})


async def test_contacts_and_groups_need_a_session(api: Api, sim: Simulator, device_id: str) -> None:
    sim.world.known_numbers.add(PHONE)
    jid = sim.world.add_group(device_id, "Reception")
    (contact,) = (await api.get("/contacts")).body["contacts"]
    assert contact["jid"] == f"{PHONE}@s.whatsapp.net"
    (group,) = (await api.get("/groups")).body["groups"]
    assert (group["jid"], group["name"]) == (jid, "Reception")
    sim.world.drop(device_id)
    for path in ("/contacts", "/groups"):
        assert (await api.get(path)).body["error_code"] == "DEVICE_NOT_READY"
