import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.wuts.outcomes import outcome
from wuts import WebhookConfig
from wuts.errors import InvalidInputError

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
