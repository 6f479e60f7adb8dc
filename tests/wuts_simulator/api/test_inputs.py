"""What the calls that carry an `error_code` refuse, and how they say so."""

from io import BytesIO

import pytest

from tests.wuts_simulator.conftest import Start
from tests.wuts_simulator.gateway import PHONE, Api, Json, Reply, fixture, shape
from wuts_simulator import Settings, Simulator

HOOK = {"webhook_url": "https://hooks.example.com", "enabled_events": ["device.connected"]}


def refused_fields(reply: Reply) -> list[str]:
    assert reply.status == 400
    assert reply.body["success"] is False
    assert reply.body["error_code"] == "VALIDATION_ERROR"
    assert reply.body["error"] == reply.body["validation"][0]["message"]
    return [wrong["field"] for wrong in reply.body["validation"]]


@pytest.mark.parametrize("name", [None, "", "  ", 7, "x" * 101])
async def test_a_device_needs_a_sensible_name(api: Api, name: object) -> None:
    assert refused_fields(await api.post("/devices", json={"name": name})) == ["name"]


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'"text"', b"\xff"])
async def test_a_body_must_be_a_json_object(api: Api, data: bytes) -> None:
    reply = await api.post("/devices", data=data)
    assert (reply.status, reply.body["error_code"]) == (400, "INVALID_REQUEST")


@pytest.mark.parametrize("numbers", [None, [], "5511999999999", [""], [5511999999999], ["+"]])
async def test_numbers_to_check_must_be_texts(api: Api, numbers: object) -> None:
    assert refused_fields(await api.post("/contact/check", json={"numbers": numbers})) == [
        "numbers"
    ]


async def test_numbers_on_whatsapp_are_linked_registered_or_even(api: Api, sim: Simulator) -> None:
    sim.world.add_device("office", state="disconnected", phone="5511999999991")
    sim.world.known_numbers.add("5511999999993")
    numbers = ["5511999999991", "5511999999993", "5511999999995", "5511999999996", "12"]
    found = (await api.post("/contact/check", json={"numbers": numbers})).data
    assert list(found.values()) == [True, True, False, True, False]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"number": None}, "number"),
        ({"number": "12"}, "number"),
        ({"number": "x@g.us"}, "number"),
        ({"text": ""}, "text"),
        ({"text": "x" * 4097}, "text"),
        ({"text": 7}, "text"),
        ({"delay": -1}, "delay"),
        ({"typingDuration": "long"}, "typingDuration"),
    ],
)
async def test_a_text_that_cannot_be_sent(
    api: Api, sim: Simulator, change: dict[str, Json], field: str
) -> None:
    sim.world.add_device("home", state="connected")
    reply = await api.post("/send/text", json={"number": PHONE, "text": "Oi", **change})
    assert refused_fields(reply) == [field]
    assert sim.world.messages == []


@pytest.mark.parametrize(
    ("number", "chat_jid"),
    [
        ("+55 11 99999-9999", "5511999999999@s.whatsapp.net"),
        ("5511999999999@s.whatsapp.net", "5511999999999@s.whatsapp.net"),
        ("120363000000000000@g.us", "120363000000000000@g.us"),
    ],
)
async def test_a_sent_text_is_kept(api: Api, sim: Simulator, number: str, chat_jid: str) -> None:
    device = sim.world.add_device("home", state="connected")
    body = {"number": number, "text": "x" * 4096, "delay": 0, "typingDuration": 5}
    reply = await api.post("/send/text", json=body)
    (message,) = sim.world.messages
    assert reply.body["message_id"] == message.id
    assert (message.device_id, message.chat_jid) == (device.id, chat_jid)
    assert message.text == "x" * 4096


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"webhook_url": None}, "webhook_url"),
        ({"webhook_url": "ftp://hooks.example.com"}, "webhook_url"),
        ({"webhook_url": "https://"}, "webhook_url"),
        ({"webhook_url": "https://[bad"}, "webhook_url"),
        ({"enabled_events": []}, "enabled_events"),
        ({"enabled_events": ["device.exploded"]}, "enabled_events"),
        ({"enabled_events": [1]}, "enabled_events"),
        ({"enabled": "yes"}, "enabled"),
        ({"retry_attempts": -1}, "retry_attempts"),
        ({"timeout": 0}, "timeout"),
        ({"secret": 1}, "secret"),
        ({"headers": {"X-Hook": 1}}, "headers"),
        ({"headers": {"X-Hook": "a\r\nb"}}, "headers"),
        ({"headers": []}, "headers"),
    ],
)
async def test_a_webhook_that_cannot_be(
    api: Api, sim: Simulator, change: dict[str, Json], field: str
) -> None:
    device = sim.world.add_device("home")
    assert refused_fields(await api.post("/webhook", json=HOOK | change)) == [field]
    assert device.webhook is None


async def test_a_webhook_must_use_https_unless_told_otherwise(start: Start, api: Api) -> None:
    strict = await start(Settings())
    strict.world.add_device("home")
    hook = HOOK | {"webhook_url": "http://hooks.example.com"}
    lenient_url, api.url = api.url, strict.url
    assert refused_fields(await api.post("/webhook", json=hook)) == ["webhook_url"]
    api.url = lenient_url
    assert (await api.post("/webhook", json=hook)).status == 404


async def test_a_new_webhook_replaces_the_old_one(api: Api, sim: Simulator) -> None:
    sim.world.add_device("home")
    other = sim.world.add_device("home").id
    first = (await api.post("/webhook", json=HOOK | {"retry_attempts": 7})).body["webhook"]
    second = (await api.post("/webhook", json=HOOK | {"timeout": 9})).body["webhook"]
    assert second["id"] == first["id"]
    assert (second["retry_attempts"], second["timeout"]) == (3, 9)
    assert (await api.get("/webhook", device_id=other)).body["webhook"] is None


async def test_the_secret_of_a_webhook_is_never_repeated(api: Api, sim: Simulator) -> None:
    sim.world.add_device("home")
    assert "hunter2" not in (await api.post("/webhook", json=HOOK | {"secret": "hunter2"})).text
    assert "hunter2" not in (await api.get("/webhook")).text


async def test_what_the_contract_does_not_know_is_refused_in_its_own_envelope(api: Api) -> None:
    unknown = await api.get("/nothing")
    assert (unknown.status, unknown.body["error_code"]) == (404, "NOT_FOUND")
    wrong = await api.call("PUT", "/devices")
    assert (wrong.status, wrong.body["error_code"]) == (405, "METHOD_NOT_ALLOWED")
    large = await api.post("/devices", data=BytesIO(bytes(4 * 1024 * 1024 + 1)))
    assert (large.status, large.body["success"]) == (413, False)


async def test_a_refused_token_has_a_code_outside_of_the_session_calls(nobody: Api) -> None:
    reply = await nobody.get("/devices")
    assert (reply.status, shape(reply.body)) == (401, shape(fixture("error_401_with_code")))
