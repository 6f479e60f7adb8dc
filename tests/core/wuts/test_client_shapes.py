"""Every documented answer is read, and its close relatives too."""

from collections.abc import Iterator
from copy import deepcopy

import pytest

from tests.core.wuts.calls import (
    CHECK_CONTACTS,
    CONNECT,
    CREATE_DEVICE,
    DELETE_DEVICE,
    DELETE_WEBHOOK,
    DISCONNECT,
    EVERY_CALL,
    GET_QR,
    GET_QR_STATUS,
    GET_WEBHOOK,
    LIST_CONTACTS,
    LIST_DEVICES,
    LIST_GROUPS,
    LOGOUT,
    PAIR_CODE,
    SEND_AUDIO,
    SEND_DOCUMENT,
    SEND_IMAGE,
    SEND_TEXT,
    SEND_VIDEO,
    SET_WEBHOOK,
    STATUS,
    WEBHOOK_EVENTS,
    Call,
)
from tests.core.wuts.raw_gateway import RawGateway
from tests.core.wuts.values import DEVICE, Json, documented
from wuts import WutsClient
from wuts.errors import WutsError

SHAPES = {
    CHECK_CONTACTS: ["contact_check"],
    CONNECT: ["connect_connected", "connect_logged_out"],
    CREATE_DEVICE: ["created_guide", "created_quickstart", "created_reference"],
    DELETE_DEVICE: ["deleted"],
    DELETE_WEBHOOK: ["webhook_deleted"],
    DISCONNECT: ["disconnect"],
    GET_QR: ["qr_guide", "qr_quickstart", "qr_reference"],
    GET_QR_STATUS: ["qr_status_exists", "qr_status_gone", "qr_status_gone_quickstart"],
    GET_WEBHOOK: ["webhook", "webhook_none"],
    LIST_CONTACTS: ["contacts"],
    LIST_DEVICES: ["devices_none", "devices_quickstart", "devices_reference"],
    LIST_GROUPS: ["groups"],
    LOGOUT: ["logout"],
    PAIR_CODE: ["paircode", "paircode_cached"],
    SEND_AUDIO: ["send_audio", "send_queued"],
    SEND_DOCUMENT: ["send_document"],
    SEND_IMAGE: ["send_image"],
    SEND_TEXT: ["send_text"],
    SEND_VIDEO: ["send_video", "send_queued"],
    SET_WEBHOOK: ["webhook"],
    STATUS: [
        "status_connected",
        "status_connecting",
        "status_connecting_quickstart",
        "status_disconnected",
        "status_never_paired",
        "status_never_paired_quickstart",
    ],
    WEBHOOK_EVENTS: ["webhook_events"],
}

# The texts without which an answer says nothing.
ESSENTIAL = {"id", "message_id", "job_id", "code", "enabled_events", "events"}

# The fields of an answer that may be missing although the documentation does not say so.
OPTIONAL = {
    "cached",
    "chat_jid",
    "created_at",
    "expires_in",
    "generated_at",
    "instructions",
    "jid",
    "last_seen",
    "message",
    "metadata",
    "phone",
    "phone_number",
    "status",
    "timestamp",
    "ttl",
    "updated_at",
    "user_id",
    "webhook_url",
    "whatsapp_jid",
}

every_shape = pytest.mark.parametrize(
    ("call", "fixture"),
    [
        pytest.param(call, fixture, id=f"{call}-{fixture}")
        for call, fixtures in SHAPES.items()
        for fixture in fixtures
    ],
)


def objects_in(value: Json) -> Iterator[dict[str, Json]]:
    """Yield every object of an answer, but no table whose names are values."""
    match value:
        case dict():
            yield value
            for name, inner in value.items():
                if name != "headers":
                    yield from objects_in(inner)
        case list():
            for inner in value:
                yield from objects_in(inner)
        case _:
            return


async def read(call: Call, body: Json, raw: RawGateway, client: WutsClient) -> object:
    raw.answers(body, date="Sat, 14 Mar 2026 12:00:00 GMT")
    return await call.make(client, DEVICE)


def test_every_call_has_a_documented_answer() -> None:
    assert set(SHAPES) == set(EVERY_CALL)


@every_shape
async def test_a_documented_answer_is_read(
    call: Call, fixture: str, raw: RawGateway, raw_client: WutsClient
) -> None:
    await read(call, documented(fixture), raw, raw_client)
    assert f"{raw.request.method} {raw.request.path}" == call.endpoint.replace("{id}", DEVICE)


@pytest.mark.parametrize("call", [call for call in SHAPES if call is not CHECK_CONTACTS], ids=str)
async def test_unknown_fields_change_nothing(
    call: Call, raw: RawGateway, raw_client: WutsClient
) -> None:
    for fixture in SHAPES[call]:
        plain, extended = documented(fixture), documented(fixture)
        for inner in list(objects_in(extended)):
            inner["x_new"] = {"since": 2, "why": [None, "because"]}
        expected = await read(call, plain, raw, raw_client)
        assert await read(call, extended, raw, raw_client) == expected


@every_shape
async def test_null_is_read_where_a_text_is_documented(
    call: Call, fixture: str, raw: RawGateway, raw_client: WutsClient
) -> None:
    body = documented(fixture)
    for inner in objects_in(body):
        texts = [name for name, value in inner.items() if isinstance(value, str)]
        inner.update(dict.fromkeys(set(texts) - ESSENTIAL - {"device_id", "qr_code"}))
    await read(call, body, raw, raw_client)


@every_shape
async def test_optional_fields_may_be_missing(
    call: Call, fixture: str, raw: RawGateway, raw_client: WutsClient
) -> None:
    body = documented(fixture)
    for inner in objects_in(deepcopy(body)):
        for name in OPTIONAL & set(inner):
            shorter = without(body, name)
            await read(call, shorter, raw, raw_client)


@every_shape
async def test_a_success_that_does_not_say_so_counts_as_one(
    call: Call, fixture: str, raw: RawGateway, raw_client: WutsClient
) -> None:
    body = documented(fixture)
    expected = await read(call, body, raw, raw_client)
    assert await read(call, without(body, "success"), raw, raw_client) == expected


@every_shape
async def test_no_answer_that_says_it_failed_is_read(
    call: Call, fixture: str, raw: RawGateway, raw_client: WutsClient
) -> None:
    body = documented(fixture) | {"success": False, "error": "no"}
    with pytest.raises(WutsError, match="no"):
        await read(call, body, raw, raw_client)


async def test_a_qr_may_come_as_an_image_alone(raw: RawGateway, raw_client: WutsClient) -> None:
    body = without(documented("qr_guide"), "qr_code")
    raw.answers(body)
    qr = await raw_client.get_qr(DEVICE)
    assert qr.qr_code is None
    assert qr.image == body["data"]["image"]


def without(body: Json, name: str) -> Json:
    """Return a copy of an answer in which no object has a field of this name."""
    copy = deepcopy(body)
    for inner in objects_in(copy):
        inner.pop(name, None)
    return copy
