"""The one webhook of a device: its configuration, and what makes one invalid."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    Field,
    PlainSerializer,
    ValidationError,
    ValidationInfo,
)

from .answers import rfc3339
from .contract import EVENTS
from .errors import Violation, invalid


def _checked_url(url: str, info: ValidationInfo[Mapping[str, bool]]) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ({"https", "http"} if info.context["allow_http"] else {"https"}):
        raise ValueError("must use https")
    if not parts.hostname:
        raise ValueError("must be a valid URL")
    return url


def _known_event(event: str) -> str:
    if event not in EVENTS:
        raise ValueError(f"unknown event: {event}")
    return event


def _without_repeats(events: list[str]) -> list[str]:
    return list(dict.fromkeys(events))


type _Moment = Annotated[datetime, PlainSerializer(rfc3339)]
type _Event = Annotated[str, AfterValidator(_known_event)]
type _Name = Annotated[str, Field(pattern=r"^[\x01-\x09\x0b\x0c\x0e-\x7f]+$")]
type _Text = Annotated[str, Field(pattern=r"^[^\r\n\x00]*$")]


class WebhookConfig(BaseModel, frozen=True, strict=True):
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
    url: Annotated[str, AfterValidator(_checked_url)] = Field(alias="webhook_url", repr=False)
    events: Annotated[list[_Event], AfterValidator(_without_repeats)] = Field(
        alias="enabled_events", min_length=1
    )
    enabled: bool = True
    retry_attempts: Annotated[int, Field(ge=0, le=10)] = 3
    timeout: Annotated[int, Field(ge=1, le=120)] = 30
    headers: dict[_Name, _Text] = Field(default={}, repr=False)
    secret: str = Field(default="", repr=False)
    created_at: _Moment
    updated_at: _Moment

    def rendered(self) -> dict[str, Any]:
        """Return the ``webhook`` object of the contract; the secret is never repeated."""
        return self.model_dump(by_alias=True, exclude={"secret"})


def parse_config(
    body: Mapping[str, object],
    old: WebhookConfig | None,
    new_id: str,
    at: datetime,
    *,
    allow_http: bool,
) -> WebhookConfig:
    """Return the configuration that a body asks for.

    Args:
        body: The body of ``POST /webhook``.
        old: What it replaces; its id stays.
        new_id: The id of a configuration that replaces none.
        at: The time.
        allow_http: Whether its address may be an ``http://`` one.

    Raises:
        ApiError: Something is wrong with it.
    """
    known = {
        "id": old.id if old else new_id,
        "created_at": old.created_at if old else at,
        "updated_at": at,
    }
    try:
        return WebhookConfig.model_validate({**body, **known}, context={"allow_http": allow_http})
    except ValidationError as error:
        raise invalid(*_violations(error, body)) from error


def _violations(error: ValidationError, body: Mapping[str, object]) -> list[Violation]:
    shown = dict(body) | {"secret": None, "headers": None}
    wrong = {str(one["loc"][0]): one["msg"] for one in error.errors()}
    return [
        Violation(name, f"{name}: {text.removeprefix('Value error, ')}", shown.get(name))
        for name, text in wrong.items()
    ]
