from dataclasses import replace
from typing import Any

import pytest

from custom_components.wuts.core.models import Webhook
from custom_components.wuts.core.push_address import STATE_EVENTS, PushAddress, host_of
from custom_components.wuts.push.webhooks import SECRET_HEADER

URL = "https://home.example.com/api/webhook/id"
ADDRESS = PushAddress(url=URL, header=SECRET_HEADER, path="/api/webhook/id", secret="ours")


def webhook(url: str = URL, **parts: Any) -> Webhook:  # noqa: ANN401 - JSON
    return Webhook.model_validate(
        {
            "webhook_url": url,
            "enabled_events": STATE_EVENTS,
            "headers": {SECRET_HEADER: "ours"},
            **parts,
        }
    )


def test_a_webhook_is_ours_wherever_home_assistant_was_then() -> None:
    assert ADDRESS.owns(webhook())
    assert ADDRESS.owns(webhook("https://old.example.com:8123/api/webhook/id"))
    assert not ADDRESS.owns(webhook("https://home.example.com/api/webhook/another"))
    assert not ADDRESS.owns(webhook("https://[no-address"))


def test_a_webhook_is_ours_at_the_cloudhook_of_before() -> None:
    cloudhook = "https://hooks.example.com/abc"
    address = replace(ADDRESS, earlier_url=cloudhook)
    assert address.owns(webhook(cloudhook))
    assert address.owns(webhook())
    assert not address.owns(webhook("https://hooks.example.com/another"))
    assert not ADDRESS.owns(webhook(cloudhook))


def test_a_webhook_serves_if_the_gateway_repeats_no_headers() -> None:
    assert ADDRESS.serves(webhook())
    assert ADDRESS.serves(webhook(headers=None))


@pytest.mark.parametrize(
    "parts",
    [
        {"enabled": False},
        {"enabled_events": ["device.connected"]},
        {"enabled_events": [*STATE_EVENTS, "message.received"]},
        {"headers": {SECRET_HEADER: "another"}},
        {"headers": {}},
    ],
    ids=["disabled", "few events", "messages that nobody wants", "another secret", "no secret"],
)
def test_a_webhook_that_would_not_reach_us_does_not_serve(parts: dict[str, Any]) -> None:
    assert not ADDRESS.serves(webhook(**parts))


def test_a_webhook_is_known_to_people_by_its_host_alone() -> None:
    assert host_of(webhook("https://user:secret@hooks.example.com/secret")) == "hooks.example.com"
    assert host_of(webhook("https://[no-address")) == "?"


def test_neither_secret_nor_address_is_in_a_repr() -> None:
    assert "ours" not in repr(ADDRESS)
    assert "webhook/id" not in repr(ADDRESS)
