"""Webhooks: what to tell the gateway about one, and what to make of its deliveries.

The source is the WUTS reference, Webhooks.
"""

import hmac
from collections.abc import AsyncIterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import (
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from .errors import InvalidInputError
from .models import Model, OptionalTime
from .signatures import Signature, check_signature

LONGEST_DELIVERY = 64 * 1024
"""Bytes of a delivery that are read; an event about a session is far shorter."""

LONGEST_MESSAGE_DELIVERY = 1024 * 1024
"""Bytes of a delivery that are read where messages are delivered too: one may hold a preview."""

LONGEST_WORD = 200
"""Characters of a delivery's id, event or device id at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookConfig:
    """A device's one webhook, checked when it is made.

    Attributes:
        url: Where deliveries go; https only.
        events: The events to deliver, at least one; see `WutsClient.list_webhook_events`.
        enabled: Whether deliveries are sent.
        retry_attempts: How often a failed delivery is tried again.
        timeout: Sent as ``timeout`` when given.
        secret: Sent as ``secret`` when given.
        headers: Sent along with each delivery; put a secret of your own here to know it by.

    Raises:
        InvalidInputError: The address is not https, or no event is named.
    """

    url: str = field(repr=False)
    events: tuple[str, ...]
    enabled: bool = True
    retry_attempts: int = 3
    timeout: int | None = None
    secret: str | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        """Refuse what the gateway would refuse."""
        if not _is_https(self.url):
            raise InvalidInputError("A webhook's address must start with https:// and name a host.")
        if not self.events:
            raise InvalidInputError("A webhook must name at least one event.")

    def body(self) -> dict[str, object]:
        """Return what ``POST /webhook`` takes."""
        body: dict[str, object] = {
            "webhook_url": self.url,
            "enabled_events": list(self.events),
            "enabled": self.enabled,
            "retry_attempts": self.retry_attempts,
            "headers": dict(self.headers),
        }
        if self.timeout is not None:
            body["timeout"] = self.timeout
        if self.secret is not None:
            body["secret"] = self.secret
        return body


def _is_https(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname)


def _or_none(value: object, read: ValidatorFunctionWrapHandler) -> Any:  # noqa: ANN401 - as read
    """Read a field that a stranger may have written; None if it is not as documented."""
    try:
        return read(value)
    except ValidationError:
        return None


def _not_yet_checked(_value: object) -> None:
    """Take nobody's word for what only a check can tell."""


type _Word = Annotated[
    Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_WORD)] | None,
    WrapValidator(_or_none),
]


class Delivery(Model):
    """What one delivery says. Do not believe it: take it as a hint to ask the gateway.

    Attributes:
        id: The event's own; a repeated delivery has the same one.
        event: What happened, such as ``device.disconnected``.
        device_id: The device that it happened to.
        timestamp: When, by the gateway's clock.
        data: Whatever else is said; every text in it is a stranger's.
        signature: The result of checking the signature; None if it was not checked.
    """

    id: _Word = None
    event: _Word = None
    device_id: _Word = None
    timestamp: OptionalTime = None
    data: Annotated[dict[str, Any] | None, WrapValidator(_or_none)] = Field(
        default=None, repr=False
    )
    signature: Annotated[Signature | None, BeforeValidator(_not_yet_checked)] = None

    @classmethod
    def read(cls, body: bytes, signing_secret: str | None = None) -> Self:
        """Return what a body says; what cannot be read, or is not as documented, is None.

        Args:
            body: As it was received.
            signing_secret: The webhook's ``secret``, to check the signature with.
        """
        try:
            delivery = cls.model_validate_json(body)
        except ValidationError:
            delivery = cls()
        if signing_secret is None:
            return delivery
        return delivery.model_copy(update={"signature": check_signature(body, signing_secret)})


class Refusal(StrEnum):
    """Why a delivery is not taken."""

    WRONG_SECRET = "wrong_secret"  # noqa: S105 - a reason, not a secret
    TOO_LONG = "too_long"

    @property
    def status(self) -> HTTPStatus:
        """What to answer: 401 or 413."""
        if self is Refusal.WRONG_SECRET:
            return HTTPStatus.UNAUTHORIZED
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookReceiver:
    """Tells the gateway's deliveries from a stranger's and reads them, in any web framework.

    ::

        receiver = WebhookReceiver(header="X-WUTS-Secret", secret=secret)
        taken = await receiver.receive(request.headers, request.content.iter_any())
        if isinstance(taken, Refusal):
            return Response(status=taken.status)

    Attributes:
        header: Carries the secret; name it in `WebhookConfig.headers`.
        secret: The value the gateway sends in it.
        max_bytes: The longest body that is read.
        signing_secret: The webhook's ``secret``, if signatures are to be checked; see
            `Delivery.signature`. A wrong one refuses nothing.

    Raises:
        InvalidInputError: The secret is empty.
    """

    header: str
    secret: str = field(repr=False)
    max_bytes: int = LONGEST_DELIVERY
    signing_secret: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Refuse to let everybody in."""
        if not self.secret:
            raise InvalidInputError("A receiver of webhooks needs a secret.")

    def check(self, headers: Mapping[str, str]) -> Refusal | None:
        """Return why a request is refused before its body is read, or None.

        The secret is compared in constant time. Header names match in any case.
        """
        sent: dict[str, str] = {}
        for name, value in headers.items():
            sent.setdefault(name.casefold(), value)
        given = sent.get(self.header.casefold(), "").encode(errors="backslashreplace")
        if not hmac.compare_digest(given, self.secret.encode()):
            return Refusal.WRONG_SECRET
        length = sent.get("content-length", "")
        too_long = length.isdecimal() and int(length[:20]) > self.max_bytes
        return Refusal.TOO_LONG if too_long else None

    async def receive(
        self, headers: Mapping[str, str], chunks: AsyncIterable[bytes]
    ) -> Delivery | Refusal:
        """Check a request, and read its body until it is too long.

        A body that is not JSON, or not as documented, gives an empty `Delivery`: its sender knew
        the secret, so something may have happened.

        Args:
            headers: The request's.
            chunks: Its body. What they raise is passed on.
        """
        refusal = self.check(headers)
        if refusal is not None:
            return refusal
        body = bytearray()
        async for chunk in chunks:
            body += chunk
            if len(body) > self.max_bytes:
                return Refusal.TOO_LONG
        return Delivery.read(bytes(body), self.signing_secret)
