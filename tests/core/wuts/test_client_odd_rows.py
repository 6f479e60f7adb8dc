"""A listing is read row by row: one odd row hides no other device."""

import pytest

from tests.core.wuts.outcomes import error_of
from tests.core.wuts.raw_gateway import RawGateway
from tests.core.wuts.values import DEVICE, Json
from wuts import WutsClient
from wuts.errors import UnexpectedAnswerError

GOOD = {"id": "good", "name": "Kitchen", "connected": True}


def listing(*rows: Json) -> Json:
    return {"success": True, "devices": list(rows)}


@pytest.mark.parametrize(
    ("row", "label"),
    [
        pytest.param({"id": DEVICE, "connected": None}, DEVICE, id="connected is null"),
        pytest.param({"id": DEVICE, "name": "Hall"}, DEVICE, id="connected is missing"),
        pytest.param({"id": DEVICE, "connected": "perhaps"}, DEVICE, id="connected is a text"),
        pytest.param({"id": 7, "connected": True}, "7", id="the id is a number"),
        pytest.param({"id": "", "connected": True}, "row 2", id="the id is empty"),
        pytest.param({"connected": True}, "row 2", id="there is no id"),
        pytest.param({"id": {"a": 1}, "connected": True}, "row 2", id="the id is an object"),
        pytest.param({"id": "a\n" * 9, "connected": 7}, "row 2", id="the id cannot be printed"),
        pytest.param({"id": "x" * 999, "connected": 7}, "row 2", id="the id is far too long"),
        pytest.param(["id", DEVICE], "row 2", id="a list"),
        pytest.param(None, "row 2", id="null"),
        pytest.param("a device", "row 2", id="a text"),
    ],
)
async def test_a_row_that_cannot_be_read_is_left_out_and_named(
    raw: RawGateway, raw_client: WutsClient, row: Json, label: str
) -> None:
    raw.answers(listing(GOOD, row, GOOD | {"id": "other"}))
    devices = await raw_client.list_devices()
    assert [device.id for device in devices] == ["good", "other"]
    assert devices.unreadable == (label,)


@pytest.mark.parametrize(
    "shown",
    [
        {"name": None},
        {"name": 12},
        {"name": ["Hall"]},
        {"last_seen": "2026-03-14 12:00:00.123456789 +0000 UTC"},
        {"last_seen": 1640995200},
        {"last_seen": {"at": "noon"}},
        {"created_at": "yesterday", "webhook_url": 9, "user_id": []},
        {"a field of tomorrow": {"x": 1}},
    ],
)
async def test_what_is_only_shown_to_people_fails_no_row(
    raw: RawGateway, raw_client: WutsClient, shown: Json
) -> None:
    raw.answers(listing(GOOD | shown))
    devices = await raw_client.list_devices()
    assert [device.id for device in devices] == ["good"]
    assert devices.unreadable == ()


async def test_null_is_an_empty_listing(raw: RawGateway, raw_client: WutsClient) -> None:
    raw.answers({"success": True, "devices": None})
    assert await raw_client.list_devices() == ()


async def test_a_listing_of_odd_rows_alone_is_empty_and_says_so(
    raw: RawGateway, raw_client: WutsClient
) -> None:
    raw.answers(listing(None, 7))
    devices = await raw_client.list_devices()
    assert (devices, devices.unreadable) == ((), ("row 1", "row 2"))


@pytest.mark.parametrize(
    "answer",
    [
        {"success": True},
        {"success": True, "devices": {"id": DEVICE}},
        {"success": True, "devices": "none"},
        {"success": "perhaps", "devices": [None]},
        [GOOD],
        f'{{"success":true,"devices":[null,{{"id":"x","connected":true,"n":{"9" * 5_000}}}]}}',
        f'{{"success":true,"devices":[null,{"[" * 5_000}{"]" * 5_000}]}}',
    ],
    ids=lambda answer: str(answer)[:40],
)
async def test_what_is_no_listing_at_all_is_unexpected(
    raw: RawGateway, raw_client: WutsClient, answer: Json
) -> None:
    raw.answers(answer)
    assert isinstance(await error_of(raw_client.list_devices()), UnexpectedAnswerError)
