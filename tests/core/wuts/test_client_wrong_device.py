"""An answer about another device is a fault of its own, never a success."""

from collections.abc import Awaitable, Callable

import pytest

from tests.core.wuts.outcomes import error_of
from tests.core.wuts.raw_gateway import RawGateway
from tests.core.wuts.values import DEVICE, Json
from wuts import WutsClient
from wuts.errors import ErrorCode, WrongDeviceError

OTHER = "another-device"

type Ask = Callable[[WutsClient], Awaitable[object]]

SESSION: Json = {"connected": True, "is_logged_in": True, "status": "connected"}
ASKED: dict[str, tuple[Ask, Json]] = {
    "status": (lambda client: client.get_status(DEVICE), SESSION),
    "connect": (lambda client: client.connect(DEVICE), {"status": "x", "needs_qr": True}),
    "disconnect": (lambda client: client.disconnect(DEVICE), {"message": "done"}),
    "logout": (lambda client: client.logout(DEVICE), {"message": "done"}),
}


@pytest.mark.parametrize("call", ASKED)
async def test_an_answer_about_another_device_is_not_believed(
    raw: RawGateway, raw_client: WutsClient, call: str
) -> None:
    ask, data = ASKED[call]
    raw.answers({"success": True, "data": {**data, "device_id": OTHER}})
    error = await error_of(ask(raw_client))
    assert isinstance(error, WrongDeviceError)
    assert (error.asked, error.answered, error.status) == (DEVICE, OTHER, 200)
    assert error.code is ErrorCode.WRONG_DEVICE


@pytest.mark.parametrize("call", ASKED)
@pytest.mark.parametrize("named", [DEVICE, DEVICE.upper(), "", None])
async def test_an_answer_about_the_device_or_about_none_is_believed(
    raw: RawGateway, raw_client: WutsClient, call: str, named: str | None
) -> None:
    ask, data = ASKED[call]
    raw.answers({"success": True, "data": {**data, "device_id": named}})
    await ask(raw_client)


async def test_a_message_that_another_device_sent_is_told(
    raw: RawGateway, raw_client: WutsClient
) -> None:
    raw.answers({"success": True, "message_id": "1", "metadata": {"device_id": OTHER}})
    error = await error_of(raw_client.send_text("5511999999999", "Hello", DEVICE))
    assert isinstance(error, WrongDeviceError)


async def test_whatever_device_the_gateway_picks_is_right_where_none_was_asked_for(
    raw: RawGateway, raw_client: WutsClient
) -> None:
    raw.answers({"success": True, "data": {**SESSION, "device_id": OTHER}})
    assert (await raw_client.get_status()).device_id == OTHER


async def test_a_webhook_of_another_device_is_told(raw: RawGateway, raw_client: WutsClient) -> None:
    raw.answers({"success": True, "webhook": {"id": "w", "device_id": OTHER}})
    assert isinstance(await error_of(raw_client.get_webhook(DEVICE)), WrongDeviceError)
    raw.answers({"success": True, "message": "deleted", "device_id": OTHER})
    assert isinstance(await error_of(raw_client.delete_webhook(DEVICE)), WrongDeviceError)


async def test_a_webhook_is_deleted(raw: RawGateway, raw_client: WutsClient) -> None:
    raw.answers({"success": True, "message": "Webhook configuration deleted successfully"})
    answer = await raw_client.delete_webhook(DEVICE)
    assert answer.message == "Webhook configuration deleted successfully"
    assert (raw.request.method, raw.request.target) == ("DELETE", f"/webhook?device_id={DEVICE}")
