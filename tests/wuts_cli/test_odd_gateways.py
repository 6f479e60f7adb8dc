"""Answers that a gateway should not give, and what the command makes of them."""

from collections.abc import AsyncIterator

import pytest

from tests.core.wuts.raw_gateway import RawGateway, http_answer
from tests.core.wuts.values import DEVICE, documented
from tests.wuts_cli.command import TOKEN, Wuts

OTHER = "9b7d5e02-1f3a-4e86-8c2d-7a6f4b0e9d35"
ABOUT_OTHER = {
    "/connect": {"status": "connected", "device_id": OTHER, "needs_qr": False},
    "/disconnect": {"message": "Device disconnected", "device_id": OTHER},
    "/logout": {"message": "Device logged out", "device_id": OTHER},
    "/status": documented("status_connected")["data"] | {"device_id": OTHER},
}


@pytest.fixture
async def raw() -> AsyncIterator[RawGateway]:
    async with RawGateway() as gateway:
        gateway.by_path["/devices"] = http_answer(documented("devices_reference"))
        yield gateway


@pytest.mark.parametrize("command", ["connect", "disconnect", "logout", "status"])
async def test_an_answer_about_another_device_is_never_a_success(
    raw: RawGateway, command: str
) -> None:
    data = ABOUT_OTHER[f"/{command}"]
    raw.by_path[f"/{command}"] = http_answer({"success": True, "data": data})
    yes = ["--yes"] if command in {"logout", "disconnect"} else []
    refused = await Wuts(raw.url)(command, DEVICE, "--json", *yes)
    assert refused.code == 1
    assert [event["reason"] for event in refused.events] == ["wrong_device"]


@pytest.mark.parametrize("status", [401, 403])
async def test_a_page_of_a_firewall_is_not_the_gateways_word(raw: RawGateway, status: int) -> None:
    raw.by_path["/devices"] = http_answer("<html>Blocked</html>", status)
    refused = await Wuts(raw.url)("devices", "--json")
    assert refused.code == 1
    assert [event["reason"] for event in refused.events] == ["unexpected_answer"]


async def test_a_row_that_cannot_be_read_is_left_out_and_named(raw: RawGateway) -> None:
    listing = documented("devices_reference")
    listing["devices"][1]["connected"] = "perhaps"
    raw.by_path["/devices"] = http_answer(listing)
    listed = await Wuts(raw.url)("devices", "--json")
    assert listed.code == 0
    assert [event["device_id"] for event in listed.events] == [DEVICE]
    assert OTHER in listed.error


@pytest.mark.parametrize("written", [f"\ufeff{TOKEN}\r\n", f"Bearer {TOKEN}", f" {TOKEN}\u00a0"])
async def test_what_comes_along_with_a_copied_token_is_cut_off(
    raw: RawGateway, written: str
) -> None:
    assert (await Wuts(raw.url, token=written)("devices")).code == 0
    assert raw.request.headers["authorization"] == f"Bearer {TOKEN}"
