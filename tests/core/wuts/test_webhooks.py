from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.wuts.outcomes import outcome
from wuts import WebhookConfig
from wuts.errors import InvalidInputError
from wuts.webhooks import LONGEST_DELIVERY, Delivery, Refusal, WebhookReceiver

URL = "https://hooks.example.com/wuts"
EVENTS = ("device.connected", "device.logged_out")


def test_a_webhook_is_sent_with_the_documented_defaults() -> None:
    assert WebhookConfig(url=URL, events=EVENTS).body() == {
        "webhook_url": URL,
        "enabled_events": list(EVENTS),
        "enabled": True,
        "retry_attempts": 3,
        "headers": {},
    }


def test_everything_a_webhook_may_say_is_sent() -> None:
    config = WebhookConfig(
        url=URL,
        events=EVENTS,
        enabled=False,
        retry_attempts=0,
        timeout=10,
        secret="shared",
        headers={"X-Hook": "ours"},
    )
    assert config.body() == {
        "webhook_url": URL,
        "enabled_events": list(EVENTS),
        "enabled": False,
        "retry_attempts": 0,
        "timeout": 10,
        "secret": "shared",
        "headers": {"X-Hook": "ours"},
    }


@pytest.mark.parametrize("url", ["", "http://hooks.example.com", "https://", "hooks", "https://["])
def test_only_an_https_address_is_taken(url: str) -> None:
    with pytest.raises(InvalidInputError, match="must start with https://"):
        WebhookConfig(url=url, events=EVENTS)


@given(st.text())
def test_any_address_is_taken_or_refused_in_words(url: str) -> None:
    result = outcome(lambda: WebhookConfig(url=url, events=EVENTS))
    if isinstance(result, WebhookConfig):
        assert result.body()["webhook_url"] == url
    else:
        assert "https://" in str(result)


def test_a_webhook_without_events_is_refused_in_words() -> None:
    with pytest.raises(InvalidInputError, match="at least one event"):
        WebhookConfig(url=URL, events=())


def test_the_repr_keeps_address_secret_and_headers_to_itself() -> None:
    config = WebhookConfig(
        url=f"{URL}?key=s3cr3t", events=EVENTS, secret="s3cr3t", headers={"X-Hook": "s3cr3t"}
    )
    assert "s3cr3t" not in repr(config)
    assert "device.connected" in repr(config)


# What the gateway delivers

RECEIVER = WebhookReceiver(header="X-Hook", secret="s3cr3t")
KNOWN = {"x-hook": "s3cr3t"}


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def test_a_delivery_says_what_happened_to_which_device() -> None:
    body = (
        b'{"id": "e1", "event": "device.connected", "timestamp": 1640995200, "device_id": "d1",'
        b' "user_id": "u1", "data": {"from": "5511999999999"}, "signature": "sha256=00"}'
    )
    taken = await RECEIVER.receive(KNOWN, chunks(body[:20], body[20:]))
    assert taken == Delivery(
        id="e1",
        event="device.connected",
        device_id="d1",
        timestamp=datetime(2022, 1, 1, tzinfo=UTC),
        data={"from": "5511999999999"},
    )
    assert "5511999999999" not in repr(taken)


@pytest.mark.parametrize(
    "headers", [{}, {"x-hook": ""}, {"x-hook": "S3CR3T"}, {"other": "s3cr3t"}, {"x-hook": "\udcff"}]
)
async def test_a_delivery_without_the_secret_is_not_read(headers: dict[str, str]) -> None:
    body = chunks(b"never read")
    assert await RECEIVER.receive(headers, body) is Refusal.WRONG_SECRET
    assert await anext(body) == b"never read"
    assert Refusal.WRONG_SECRET.status == 401


async def test_a_body_is_read_no_further_than_tells_that_it_is_too_long() -> None:
    body = chunks(b" " * LONGEST_DELIVERY, b" ", b"never read")
    assert await RECEIVER.receive(KNOWN, body) is Refusal.TOO_LONG
    assert await anext(body) == b"never read"
    assert Refusal.TOO_LONG.status == 413


@pytest.mark.parametrize("length", [str(LONGEST_DELIVERY + 1), "9" * 5000])
async def test_a_body_that_is_announced_as_too_long_is_not_read(length: str) -> None:
    body = chunks(b"never read")
    taken = await RECEIVER.receive(KNOWN | {"Content-Length": length}, body)
    assert taken is Refusal.TOO_LONG
    assert await anext(body) == b"never read"


@pytest.mark.parametrize("length", ["", "-1", "ten", "²", str(LONGEST_DELIVERY)])
async def test_another_length_is_not_believed(length: str) -> None:
    taken = await RECEIVER.receive(KNOWN | {"Content-Length": length}, chunks(b"{}"))
    assert taken == Delivery()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b'"d1"',
        b"[" * 60_000,
        b'{"a":' * 10_000,
        b"\xff\xfe",
        b"9" * 60_000,
        b'{"id": 1, "event": ["x"], "device_id": {"id": "d1"}, "timestamp": "soon", "data": [1]}',
        b'{"id": "%s", "device_id": ""}' % (b"x" * 201),
    ],
    ids=lambda body: repr(body[:12]),
)
async def test_hostile_bodies_say_nothing(body: bytes) -> None:
    assert await RECEIVER.receive(KNOWN, chunks(body)) == Delivery()


@given(st.binary(max_size=2000))
def test_any_body_is_read_or_says_nothing(body: bytes) -> None:
    assert isinstance(Delivery.read(body), Delivery)


def test_a_receiver_without_a_secret_is_refused_and_none_shows_its_secret() -> None:
    with pytest.raises(InvalidInputError, match="needs a secret"):
        WebhookReceiver(header="X-Hook", secret="")
    assert "s3cr3t" not in repr(RECEIVER)
