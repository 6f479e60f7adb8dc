"""The one webhook of a device: its configuration, and what makes one invalid."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast
from urllib.parse import urlsplit

from .answers import rfc3339
from .contract import EVENTS
from .errors import Violation

DEFAULT_RETRIES = 3
DEFAULT_TIMEOUT = 30
_MAX_RETRIES = 10
_MAX_TIMEOUT = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookConfig:
    """Where a device's events go.

    Attributes:
        id: The configuration's id.
        url: The address that is called.
        events: The events it is called for.
        enabled: Whether it is called at all.
        retry_attempts: How often a failed delivery is tried again.
        timeout: Seconds one try may take.
        headers: Sent with each delivery as they are; they hold secrets.
        secret: What deliveries are signed with; none are without.
        created_at: When the device first had a webhook.
        updated_at: When this configuration was set.
    """

    id: str
    url: str = field(repr=False)
    events: tuple[str, ...]
    enabled: bool
    retry_attempts: int
    timeout: int
    headers: Mapping[str, str] = field(repr=False)
    secret: str | None = field(default=None, repr=False)
    created_at: datetime
    updated_at: datetime

    def rendered(self) -> dict[str, object]:
        """Return the ``webhook`` object of the contract; the secret is never repeated."""
        return {
            "id": self.id,
            "webhook_url": self.url,
            "enabled_events": list(self.events),
            "enabled": self.enabled,
            "retry_attempts": self.retry_attempts,
            "timeout": self.timeout,
            "headers": dict(self.headers),
            "created_at": rfc3339(self.created_at),
            "updated_at": rfc3339(self.updated_at),
        }


def violations_of(body: Mapping[str, object], *, allow_http: bool) -> list[Violation]:
    """Return what is wrong with the body of ``POST /webhook``; nothing when it is fine."""
    checks = (
        ("webhook_url", _url_problem(body.get("webhook_url"), allow_http=allow_http)),
        ("enabled_events", _events_problem(body.get("enabled_events"))),
        ("enabled", _bool_problem(body.get("enabled", True))),
        ("retry_attempts", _int_problem(body.get("retry_attempts", 0), 0, _MAX_RETRIES)),
        ("timeout", _int_problem(body.get("timeout", 1), 1, _MAX_TIMEOUT)),
        ("secret", _secret_problem(body.get("secret", ""))),
        ("headers", _headers_problem(body.get("headers", {}))),
    )
    return [
        Violation(name, problem, None if name in {"secret", "headers"} else body.get(name))
        for name, problem in checks
        if problem
    ]


def parse_config(
    body: Mapping[str, object], old: WebhookConfig | None, new_id: str, at: datetime
) -> WebhookConfig:
    """Return the configuration of a body in which `violations_of` found nothing.

    Args:
        body: The body of ``POST /webhook``.
        old: What it replaces; its id stays.
        new_id: The id of a configuration that replaces none.
        at: The time.
    """
    return WebhookConfig(
        id=old.id if old else new_id,
        created_at=old.created_at if old else at,
        updated_at=at,
        url=cast("str", body["webhook_url"]),
        events=tuple(dict.fromkeys(cast("list[str]", body["enabled_events"]))),
        enabled=cast("bool", body.get("enabled", True)),
        retry_attempts=cast("int", body.get("retry_attempts", DEFAULT_RETRIES)),
        timeout=cast("int", body.get("timeout", DEFAULT_TIMEOUT)),
        headers=cast("dict[str, str]", body.get("headers", {})),
        secret=cast("str", body.get("secret")) or None,
    )


def url_violations(body: Mapping[str, object], *, allow_http: bool) -> list[Violation]:
    """Return what is wrong with the body of ``POST /user/webhook``."""
    url = body.get("webhook_url")
    problem = _url_problem(url, allow_http=allow_http)
    return [Violation("webhook_url", problem, url)] if problem else []


def _url_problem(value: object, *, allow_http: bool) -> str | None:
    if not isinstance(value, str) or not value:
        return "webhook_url is required"
    try:
        parts = urlsplit(value)
    except ValueError:
        return "webhook_url must be a valid URL"
    if parts.scheme not in ({"https", "http"} if allow_http else {"https"}):
        return "webhook_url must use https"
    return None if parts.hostname else "webhook_url must be a valid URL"


def _events_problem(value: object) -> str | None:
    if not isinstance(value, list) or not value:
        return "at least one event is required"
    unknown = [event for event in value if not isinstance(event, str) or event not in EVENTS]
    return f"unknown event: {unknown[0]}" if unknown else None


def _bool_problem(value: object) -> str | None:
    return None if isinstance(value, bool) else "must be true or false"


def _int_problem(value: object, low: int, high: int) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
        return None
    return f"must be a whole number from {low} to {high}"


def _secret_problem(value: object) -> str | None:
    return None if isinstance(value, str) else "must be a text"


def _headers_problem(value: object) -> str | None:
    if isinstance(value, dict) and all(_is_header(*item) for item in value.items()):
        return None
    return "must be an object of header names and texts"


def _is_header(name: object, text: object) -> bool:
    if not isinstance(name, str) or not isinstance(text, str):
        return False
    return bool(name) and name.isascii() and not any(sign in name + text for sign in "\r\n\0")
