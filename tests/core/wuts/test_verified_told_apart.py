"""Whether a gateway tells devices apart is read before anything is changed."""

from collections.abc import AsyncIterator

import pytest

from tests.core.wuts.conftest import MakeClient
from tests.core.wuts.deaf_gateway import FIRST, SECOND, DeafGateway
from wuts import WutsClient, verified
from wuts.models import Webhook


@pytest.fixture
async def gateway() -> AsyncIterator[DeafGateway]:
    async with DeafGateway() as gateway:
        gateway.has_webhook(SECOND, "second")
        yield gateway


@pytest.fixture
def gateway_client(gateway: DeafGateway, make_client: MakeClient) -> WutsClient:
    return make_client(gateway.url)


@pytest.mark.parametrize(
    ("devices", "heeds", "asks"),
    [
        (0, None, False),
        (1, None, False),
        (1, False, False),
        (2, None, True),
        (2, False, True),
        (2, True, False),
        (40, None, True),
    ],
)
def test_a_person_is_asked_where_another_device_could_be_meant(
    devices: int, heeds: bool | None, asks: bool
) -> None:
    assert verified.needs_confirmation(devices, heeds=heeds) is asks


@pytest.mark.parametrize(
    ("ids", "told_apart"),
    [
        ((), None),
        (("a",), None),
        ((None, None), None),
        (("a", None), True),
        (("a", "b"), True),
        (("a", "a"), False),
        (("a", None, "a"), False),
        (("", ""), None),
        (("", "a"), None),
    ],
)
def test_devices_are_told_apart_by_the_ids_of_their_webhooks(
    ids: tuple[str | None, ...], told_apart: bool | None
) -> None:
    webhooks = [
        None if one is None else Webhook(id=one, webhook_url="https://x.org") for one in ids
    ]
    assert verified.are_told_apart(webhooks) is told_apart


@pytest.mark.parametrize(
    ("deaf_at", "webhooks", "heeds"),
    [
        ((), {}, None),
        ((), {SECOND: "two"}, True),
        ((), {FIRST: "one", SECOND: "two"}, True),
        (("/webhook",), {}, None),
        (("/webhook",), {FIRST: "one"}, False),
        (("/webhook",), {FIRST: "one", SECOND: "two"}, False),
    ],
)
async def test_whether_the_gateway_heeds_the_device_is_read_without_a_change(
    gateway: DeafGateway,
    gateway_client: WutsClient,
    deaf_at: tuple[str, ...],
    webhooks: dict[str, str],
    heeds: bool | None,
) -> None:
    gateway.deaf_at = deaf_at
    gateway.webhooks.clear()
    for device_id, webhook_id in webhooks.items():
        gateway.has_webhook(device_id, webhook_id)
    assert await verified.heeds_device_id(gateway_client, [FIRST, SECOND]) is heeds
    assert {request.method for request in gateway.requests} == {"GET"}


async def test_a_webhook_that_names_another_device_says_that_the_gateway_heeds_none(
    gateway: DeafGateway, gateway_client: WutsClient
) -> None:
    gateway.webhooks[SECOND]["device_id"] = FIRST
    assert await verified.heeds_device_id(gateway_client, [SECOND, FIRST]) is False


async def test_what_cannot_be_read_does_not_tell(
    gateway: DeafGateway, gateway_client: WutsClient
) -> None:
    gateway.broken = 503
    assert await verified.heeds_device_id(gateway_client, [FIRST, SECOND]) is None
    assert len(gateway.requests) == 2


async def test_a_large_account_costs_a_handful_of_calls(
    gateway: DeafGateway, gateway_client: WutsClient
) -> None:
    gateway.webhooks.clear()
    devices = [f"device-{number}" for number in range(100)]
    assert await verified.heeds_device_id(gateway_client, devices) is None
    assert len(gateway.requests) == verified.MOST_DEVICES


async def test_one_device_alone_does_not_tell(gateway_client: WutsClient) -> None:
    assert await verified.heeds_device_id(gateway_client, [SECOND, SECOND]) is None
