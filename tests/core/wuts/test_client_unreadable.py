import gzip
import json
import zlib

import pytest

from tests.core.wuts.calls import (
    CHECK_CONTACTS,
    DELETE_DEVICE,
    DELETE_WEBHOOK,
    EVERY_CALL,
    GET_WEBHOOK,
    LIST_DEVICES,
    SET_WEBHOOK,
    STATUS,
    WEBHOOK,
    Call,
)
from tests.core.wuts.outcomes import error_of
from tests.core.wuts.raw_gateway import RawGateway
from tests.core.wuts.values import DEVICE, PHONE, Json, documented
from wuts import WutsClient
from wuts.errors import UnexpectedAnswerError
from wuts.http import endpoints
from wuts_simulator import Fault, FaultKind, Simulator

TELL_LITTLE = (DELETE_DEVICE, GET_WEBHOOK, SET_WEBHOOK, DELETE_WEBHOOK)
"""The calls whose answers only have to say that they are a success."""

every_call = pytest.mark.parametrize("call", EVERY_CALL, ids=str)


async def refusal_of(
    call: Call, client: WutsClient, sim: Simulator, fault: Fault
) -> UnexpectedAnswerError:
    device = call.device(sim)
    sim.world.faults.add(fault)
    error = await error_of(call.make(client, device.id))
    assert isinstance(error, UnexpectedAnswerError)
    return error


@every_call
@pytest.mark.parametrize("status", [200, 400, 404])
async def test_a_page_of_a_proxy(
    call: Call, status: int, client: WutsClient, sim: Simulator
) -> None:
    error = await refusal_of(call, client, sim, Fault(kind=FaultKind.HTML, status=status))
    assert error.status == status
    assert "no proxy or login page is in the way" in error.message
    assert "<" not in error.message


@every_call
async def test_cut_json(call: Call, client: WutsClient, sim: Simulator) -> None:
    error = await refusal_of(call, client, sim, Fault(kind=FaultKind.TRUNCATED))
    assert "Invalid JSON" in error.message


@pytest.mark.parametrize(
    "call",
    [c for c in EVERY_CALL if c not in (CHECK_CONTACTS, DELETE_DEVICE, DELETE_WEBHOOK)],
    ids=str,
)
async def test_wrong_types(call: Call, client: WutsClient, sim: Simulator) -> None:
    device = call.device(sim)
    await client.set_webhook(WEBHOOK, device.id)
    sim.world.faults.add(Fault(kind=FaultKind.WRONG_TYPES))
    error = await error_of(call.make(client, device.id))
    assert isinstance(error, UnexpectedAnswerError)
    assert "Input should be" in error.message


async def test_a_wrong_type_beside_a_number_leaves_that_number_unknown(
    client: WutsClient, sim: Simulator
) -> None:
    device = CHECK_CONTACTS.device(sim)
    sim.world.faults.add(Fault(kind=FaultKind.WRONG_TYPES))
    assert (await client.check_contacts([PHONE], device.id)).results == {PHONE: None}


@pytest.mark.parametrize("call", [c for c in EVERY_CALL if c not in TELL_LITTLE], ids=str)
async def test_missing_fields(call: Call, client: WutsClient, sim: Simulator) -> None:
    await refusal_of(call, client, sim, Fault(kind=FaultKind.MISSING_FIELDS))


@pytest.mark.parametrize("call", TELL_LITTLE, ids=str)
async def test_a_bare_success_is_enough_where_there_is_little_to_tell(
    call: Call, client: WutsClient, sim: Simulator
) -> None:
    device = call.device(sim)
    sim.world.faults.add(Fault(kind=FaultKind.MISSING_FIELDS))
    await call.make(client, device.id)


async def test_a_wrong_field_is_named(client: WutsClient, sim: Simulator) -> None:
    fault = Fault(kind=FaultKind.MISSING_FIELDS, fields=("data.connected",))
    error = await refusal_of(STATUS, client, sim, fault)
    assert "data.connected: Field required" in error.message


async def test_a_created_device_without_an_id(raw: RawGateway, raw_client: WutsClient) -> None:
    raw.answers({"success": True, "message": "Device created"})
    assert isinstance(await error_of(raw_client.create_device("A")), UnexpectedAnswerError)


@pytest.mark.parametrize(
    "data", [{}, {"qr_code": ""}, {"image": "data:image/png;base64,%%%"}, {"qr_code": "x" * 1001}]
)
async def test_a_qr_that_cannot_be_shown(
    data: Json, raw: RawGateway, raw_client: WutsClient
) -> None:
    raw.answers({"success": True, "data": data})
    assert isinstance(await error_of(raw_client.get_qr(DEVICE)), UnexpectedAnswerError)


@pytest.mark.parametrize("size", [endpoints.MIB + 1, 5 * endpoints.MIB])
async def test_a_too_long_answer_is_not_read(
    size: int, raw: RawGateway, raw_client: WutsClient
) -> None:
    raw.answers(b" " * size)
    error = await error_of(raw_client.get_status(DEVICE))
    assert isinstance(error, UnexpectedAnswerError)
    assert error.status == 200
    assert "longer than 1024 KiB" in error.message


async def test_an_answer_without_end_is_not_read(raw: RawGateway, raw_client: WutsClient) -> None:
    piece = b"8000\r\n" + b" " * 0x8000 + b"\r\n"
    raw.answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + piece * 100
    error = await error_of(raw_client.get_status(DEVICE))
    assert "longer than 1024 KiB" in error.message


async def test_the_devices_of_a_large_account_may_take_more(
    raw: RawGateway, raw_client: WutsClient
) -> None:
    raw.answers(b'{"devices":[]}' + b" " * (5 * endpoints.MIB))
    assert await raw_client.list_devices() == ()


@pytest.mark.parametrize("call", [STATUS, LIST_DEVICES], ids=str)
async def test_a_packed_bomb_is_not_unpacked(
    call: Call, raw: RawGateway, raw_client: WutsClient
) -> None:
    limit = getattr(endpoints, call.constant).max_bytes
    raw.answers(gzip.compress(bytes(limit + endpoints.MIB)), content_encoding="gzip")
    error = await error_of(call.make(raw_client, DEVICE))
    assert isinstance(error, UnexpectedAnswerError)
    assert "KiB" in error.message


@pytest.mark.parametrize("coding", ["gzip, gzip", "br", "zstd", "deflate", "x-unknown"])
async def test_a_packing_that_was_not_asked_for_is_not_opened(
    coding: str, raw: RawGateway, raw_client: WutsClient
) -> None:
    raw.answers(gzip.compress(gzip.compress(b"{}")), content_encoding=coding)
    error = await error_of(raw_client.get_status(DEVICE))
    assert isinstance(error, UnexpectedAnswerError)
    assert error.status == 200


# Without a time: it would be in the names of the cases, which two workers must call alike.
CUT = gzip.compress(b"{}", mtime=0)[:-9]


@pytest.mark.parametrize("packed", [b"not packed", CUT, zlib.compress(b"{}")])
async def test_a_damaged_packing(packed: bytes, raw: RawGateway, raw_client: WutsClient) -> None:
    raw.answers(packed, content_encoding="gzip")
    assert isinstance(await error_of(raw_client.get_status(DEVICE)), UnexpectedAnswerError)


@pytest.mark.parametrize("coding", ["gzip", "GZip", " gzip "])
async def test_a_packed_answer_is_unpacked(
    coding: str, raw: RawGateway, raw_client: WutsClient
) -> None:
    raw.answers(gzip.compress(b'{"success":true,"devices":[]}'), content_encoding=coding)
    assert await raw_client.list_devices() == ()
    assert raw.request.headers["accept-encoding"] == "gzip"


async def test_a_long_packed_answer_is_unpacked_whole(
    raw: RawGateway, raw_client: WutsClient
) -> None:
    body = documented("devices_reference")
    body["devices"] = [
        row | {"id": f"{row['id']}-{number}"} for number in range(10_000) for row in body["devices"]
    ]
    raw.answers(gzip.compress(json.dumps(body).encode()), content_encoding="gzip")
    devices = await raw_client.list_devices()
    assert len(devices) == 20_000
    assert devices[-1].id.endswith("-9999")
    assert {device.name for device in devices} == {row["name"] for row in body["devices"]}
