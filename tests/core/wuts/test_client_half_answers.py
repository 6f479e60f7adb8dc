"""Answers that contradict themselves: each proves less than it seems to."""

import pytest

from tests.core.wuts.calls import (
    CALLS_ABOUT_A_DEVICE,
    CHECK_CONTACTS,
    DELETE_DEVICE,
    DELETE_WEBHOOK,
    EVERY_CALL,
    GET_QR,
    GET_QR_STATUS,
    GET_WEBHOOK,
    LIST_DEVICES,
    PAIR_CODE,
    SET_WEBHOOK,
    Call,
)
from tests.core.wuts.outcomes import error_of
from tests.core.wuts.raw_gateway import RawGateway
from tests.core.wuts.test_client_shapes import SHAPES
from tests.core.wuts.values import DEVICE, Json, documented
from wuts import WutsClient
from wuts.errors import (
    DeviceNotFoundError,
    GatewayBusyError,
    RequestRefusedError,
    UnexpectedAnswerError,
    WrongDeviceError,
)

OTHER = "another-device"
FAILED: Json = {"success": False, "error": "the database is locked"}

every_call = pytest.mark.parametrize("call", EVERY_CALL, ids=str)
about_a_device = pytest.mark.parametrize("call", CALLS_ABOUT_A_DEVICE, ids=str)


def good_answer(call: Call) -> Json:
    """Return the first documented answer to a call."""
    return documented(SHAPES[call][0])


@every_call
async def test_an_error_alone_is_no_success_whatever_the_status(
    call: Call, raw: RawGateway, raw_client: WutsClient
) -> None:
    raw.answers({"error": "the database is locked"})
    error = await error_of(call.make(raw_client, DEVICE))
    assert type(error) is RequestRefusedError
    assert not error.from_gateway
    assert "the database is locked" in error.message


@every_call
async def test_a_whole_answer_that_says_it_failed_is_believed_in_that(
    call: Call, raw: RawGateway, raw_client: WutsClient
) -> None:
    raw.answers(good_answer(call) | FAILED)
    error = await error_of(call.make(raw_client, DEVICE))
    assert type(error) is RequestRefusedError
    assert error.from_gateway


@every_call
async def test_a_success_that_is_null_counts_as_one_that_is_not_told(
    call: Call, raw: RawGateway, raw_client: WutsClient
) -> None:
    raw.answers(good_answer(call))
    expected = await call.make(raw_client, DEVICE)
    raw.answers(good_answer(call) | {"success": None, "error": None})
    assert await call.make(raw_client, DEVICE) == expected


@about_a_device
async def test_a_success_that_names_another_device_outside_is_not_believed(
    call: Call, raw: RawGateway, raw_client: WutsClient
) -> None:
    raw.answers(good_answer(call) | {"device_id": OTHER})
    error = await error_of(call.make(raw_client, DEVICE))
    assert isinstance(error, WrongDeviceError)
    assert (error.asked, error.answered) == (DEVICE, OTHER)


@about_a_device
@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 500, 503])
async def test_a_failure_of_another_device_is_not_this_one_s(
    call: Call, status: int, raw: RawGateway, raw_client: WutsClient
) -> None:
    raw.answers(FAILED | {"device_id": OTHER}, status)
    assert isinstance(await error_of(call.make(raw_client, DEVICE)), WrongDeviceError)
    raw.answers(FAILED | {"device_id": DEVICE}, status)
    assert not isinstance(await error_of(call.make(raw_client, DEVICE)), WrongDeviceError)


@pytest.mark.parametrize("call", [GET_QR, GET_QR_STATUS, PAIR_CODE], ids=str)
async def test_a_qr_or_code_of_another_device_is_not_shown(
    call: Call, raw: RawGateway, raw_client: WutsClient
) -> None:
    """Whoever scanned it would link their phone to the other device."""
    body = good_answer(call)
    body["data"]["device_id"] = OTHER
    raw.answers(body)
    assert isinstance(await error_of(call.make(raw_client, DEVICE)), WrongDeviceError)
    body["data"]["device_id"] = DEVICE.upper()
    raw.answers(body)
    await call.make(raw_client, DEVICE)


async def test_an_error_about_a_webhook_does_not_mean_that_there_is_none(
    raw: RawGateway, raw_client: WutsClient
) -> None:
    for call in (GET_WEBHOOK, SET_WEBHOOK, DELETE_WEBHOOK, DELETE_DEVICE):
        raw.answers({"error": "not now"})
        assert isinstance(await error_of(call.make(raw_client, DEVICE)), RequestRefusedError)


@pytest.mark.parametrize("body", ['{"success":false}', '{"success":false,"error":" "}'])
async def test_a_404_without_a_word_does_not_say_that_a_device_is_gone(
    body: str, raw: RawGateway, raw_client: WutsClient
) -> None:
    raw.answers(body, 404)
    error = await error_of(raw_client.get_status(DEVICE))
    assert not isinstance(error, DeviceNotFoundError)


@pytest.mark.parametrize("order", [1, -1])
async def test_a_device_that_is_listed_twice_is_one(
    order: int, raw: RawGateway, raw_client: WutsClient
) -> None:
    rows = [{"id": DEVICE, "connected": False}, {"id": DEVICE, "connected": True}][::order]
    odd = {"id": "odd", "connected": None}
    raw.answers({"success": True, "devices": [*rows, {"id": OTHER, "connected": True}, odd, odd]})
    devices = await raw_client.list_devices()
    assert [device.id for device in devices] == [DEVICE, OTHER]
    assert devices[0].connected is rows[-1]["connected"]
    assert devices.unreadable == ("odd",)


@every_call
@pytest.mark.parametrize("content", [b"\x1f\x8b\x08garbage", b"no gzip at all", b""])
async def test_what_cannot_be_unpacked_says_nothing(
    call: Call, content: bytes, raw: RawGateway, raw_client: WutsClient
) -> None:
    raw.answers(content, content_encoding="gzip")
    assert isinstance(await error_of(call.make(raw_client, DEVICE)), UnexpectedAnswerError)


@every_call
async def test_a_login_page_behind_a_redirect_is_not_looked_at(
    call: Call, raw: RawGateway, raw_client: WutsClient
) -> None:
    raw.answers("<html>Log in</html>", 302, location=f"{raw.url}/login", content_type="text/html")
    error = await error_of(call.make(raw_client, DEVICE))
    assert isinstance(error, UnexpectedAnswerError)
    assert raw.request.path != "/login"


@pytest.mark.parametrize(
    "devices", [{"items": []}, {DEVICE: {"connected": True}}, "[]", 7, True], ids=str
)
async def test_devices_that_are_no_list_prove_nothing(
    devices: Json, raw: RawGateway, raw_client: WutsClient
) -> None:
    raw.answers({"success": True, "devices": devices})
    assert isinstance(await error_of(LIST_DEVICES.make(raw_client, DEVICE)), UnexpectedAnswerError)


async def test_a_page_with_the_status_of_a_busy_gateway_is_still_a_busy_gateway(
    raw: RawGateway, raw_client: WutsClient
) -> None:
    raw.answers("<html>Bad gateway</html>", 502)
    error = await error_of(CHECK_CONTACTS.make(raw_client, DEVICE))
    assert isinstance(error, GatewayBusyError)
    assert not error.from_gateway
