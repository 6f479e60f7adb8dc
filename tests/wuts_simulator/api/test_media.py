import pytest

from tests.wuts_simulator.gateway import PHONE, Api, Json
from wuts_simulator import Simulator

PICTURE = "iVBORw0KGgo="


@pytest.fixture
def device_id(sim: Simulator) -> str:
    return sim.world.add_device("home", state="connected").id


@pytest.mark.parametrize("kind", ["image", "video", "audio", "document", "sticker"])
async def test_a_file_is_sent_with_its_caption(
    api: Api, sim: Simulator, device_id: str, kind: str
) -> None:
    body = {"number": PHONE, kind: PICTURE, "caption": "Oi"}
    reply = await api.post(f"/send/{kind}", json=body, device_id=device_id)
    assert reply.status == 200
    assert reply.body["metadata"] == {
        "device_id": device_id,
        "type": kind,
        f"{kind}_size_bytes": 8,
    }
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
        ("/send/image", {"image_url": "file:///etc/passwd"}, "image"),
        ("/send/image", {"image": PICTURE, "caption": "a" * 1025}, "caption"),
        ("/send/document", {"document_url": "https://example.com/a"}, "file_name"),
        ("/send/audio", {"audio": PICTURE, "number": "12"}, "number"),
        ("/send/audio", {"audio": PICTURE, "delay": -1}, "delay"),
    ],
)
async def test_a_wrong_field_is_named(api: Api, path: str, fields: Json, wrong: str) -> None:
    reply = await api.post(path, json={"number": PHONE, **fields})
    assert reply.status == 400
    assert [one["field"] for one in reply.body["validation"]] == [wrong]


async def test_a_device_that_is_down_sends_no_file(api: Api, sim: Simulator) -> None:
    sim.world.add_device("home", state="disconnected")
    reply = await api.post("/send/image", json={"number": PHONE, "image": PICTURE})
    assert (reply.status, reply.body["error_code"]) == (400, "DEVICE_NOT_READY")
