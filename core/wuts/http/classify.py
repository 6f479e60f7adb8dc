"""Turns an answer that is not a success into the error it stands for.

By HTTP status first, then ``error_code``, then the documented ``error`` text, case-folded
(WUTS guide, Conventions). A status without the gateway's JSON envelope is not the gateway's word:
a proxy, a firewall or a login page may have answered.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from pydantic import ValidationError

from ..errors import (
    AlreadyConnectedError,
    AlreadyPairedError,
    DeviceNotConnectedError,
    DeviceNotFoundError,
    DeviceNotReadyError,
    ForbiddenError,
    GatewayBusyError,
    GatewayError,
    InvalidPhoneNumberError,
    InvalidTokenError,
    MediaTooLargeError,
    QrNotReadyError,
    RateLimitedError,
    RequestRefusedError,
    RetryLaterError,
    UnexpectedAnswerError,
    WrongDeviceError,
    WutsError,
)
from ..redaction import redact
from .endpoints import DISCONNECT, Request
from .envelopes import ErrorEnvelope

_BY_STATUS: dict[int, type[WutsError]] = {
    HTTPStatus.UNAUTHORIZED: InvalidTokenError,
    HTTPStatus.FORBIDDEN: ForbiddenError,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: MediaTooLargeError,
    HTTPStatus.TOO_MANY_REQUESTS: RateLimitedError,
    HTTPStatus.BAD_GATEWAY: GatewayBusyError,
    HTTPStatus.SERVICE_UNAVAILABLE: GatewayBusyError,
}

_REFUSALS = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
"""What would stop every device of an account, so that only the gateway itself may say it."""

_BY_WORDS: tuple[tuple[str, type[WutsError]], ...] = (
    ("already connected", AlreadyConnectedError),
    ("already paired", AlreadyPairedError),
    ("phone number is required", InvalidPhoneNumberError),
    ("invalid phone", InvalidPhoneNumberError),
    ("device not ready", DeviceNotReadyError),
    ("timeout waiting for", QrNotReadyError),
)

_SECONDS = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Answer:
    """An HTTP answer, read to its end; it has no repr of its own, since a body may hold a QR.

    Attributes:
        status: The HTTP status.
        body: The decoded body.
        date: The ``Date`` header as sent.
        retry_after: The ``Retry-After`` header as sent.
    """

    status: int
    body: bytes
    date: str | None
    retry_after: str | None

    @property
    def answered_at(self) -> datetime | None:
        """The answer's own ``Date``, in the gateway's clock."""
        return parse_http_date(self.date)


def error_from(answer: Answer, request: Request, *, token: str, problems: str) -> WutsError:
    """Return the error that ``answer`` stands for.

    Args:
        answer: An answer that is not a success.
        request: What was asked.
        token: Removed from the gateway's words before they are repeated.
        problems: What is wrong with the answer's shape, if that is what is wrong.

    Raises:
        WrongDeviceError: It names another device, so it says nothing about the one that was meant.
    """
    envelope = _read_envelope(answer.body)
    if envelope is not None:
        check_device(request, [envelope.device_id], answer.status)
    error = _error_from(answer, envelope, request, token=token, problems=problems)
    error.from_gateway = _is_gateways_word(envelope)
    return error


def check_device(request: Request, named: Iterable[str], status: int) -> None:
    """Refuse an answer that names another device: a gateway may ignore which one was meant.

    Raises:
        WrongDeviceError: One of the ids is another than that of the request.
    """
    asked = request.device_id
    for answered in named:
        if asked and answered and asked.casefold() != answered.casefold():
            raise WrongDeviceError(asked=asked, answered=answered, status=status)


def _error_from(
    answer: Answer, envelope: ErrorEnvelope | None, request: Request, *, token: str, problems: str
) -> WutsError:
    status = answer.status
    code = redact(envelope.error_code, secret=token) if envelope and envelope.error_code else None
    kind = _kind(status, envelope, request)
    if issubclass(kind, RetryLaterError):
        now = answer.answered_at or datetime.now(UTC)
        wait = parse_retry_after(answer.retry_after, now=now)
        return kind(status=status, error_code=code, retry_after=wait)
    message = _message(kind, status, envelope, problems)
    return kind(_with_advice(kind, message, token), status=status, error_code=code)


def _with_advice(kind: type[WutsError], words: str, token: str) -> str:
    """Put the class's advice first, and ``words`` behind it if there are any."""
    shown = redact(words, secret=token)
    return f"{kind.advice} {shown}" if shown else kind.advice


def _read_envelope(body: bytes) -> ErrorEnvelope | None:
    try:
        return ErrorEnvelope.model_validate_json(body)
    except ValidationError:
        return None


def _is_gateways_word(envelope: ErrorEnvelope | None) -> bool:
    """``{"success": false, "error": text, …}``, as every page of the reference shows it."""
    if envelope is None or envelope.success is not False:
        return False
    return bool(envelope.error.strip() or envelope.error_code)


def _kind(status: int, envelope: ErrorEnvelope | None, request: Request) -> type[WutsError]:
    if status in _BY_STATUS:
        counts = status not in _REFUSALS or _is_gateways_word(envelope)
        return _BY_STATUS[status] if counts else UnexpectedAnswerError
    if status == HTTPStatus.NOT_FOUND:
        return _not_found(envelope, request)
    if status == HTTPStatus.GATEWAY_TIMEOUT:
        return QrNotReadyError if request.endpoint.makes_code else GatewayBusyError
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _kind_by_words(envelope) or GatewayError
    if envelope is None or not _says_failure(status, envelope):
        return UnexpectedAnswerError
    return _kind_by_words(envelope) or RequestRefusedError


def _says_failure(status: int, envelope: ErrorEnvelope) -> bool:
    """A 4xx with an error text, or any success or refusal that says ``success: false``.

    A success that says nothing but an error is none either.
    """
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return False
    if envelope.success is False:
        return True
    says_nothing_else = status >= HTTPStatus.BAD_REQUEST or envelope.success is None
    return says_nothing_else and bool(envelope.error)


def _not_found(envelope: ErrorEnvelope | None, request: Request) -> type[WutsError]:
    """A proxy's own 404, a page or JSON, must not make anyone believe that a device is gone."""
    if envelope is None or not _is_gateways_word(envelope):
        return UnexpectedAnswerError
    if request.device_id is None and "device" not in envelope.error.casefold():
        return UnexpectedAnswerError
    return DeviceNotConnectedError if request.endpoint is DISCONNECT else DeviceNotFoundError


def _kind_by_words(envelope: ErrorEnvelope | None) -> type[WutsError] | None:
    if envelope is None:
        return None
    code = (envelope.error_code or "").casefold().replace("_", " ").replace("-", " ")
    for said in (code, envelope.error.casefold()):
        for words, kind in _BY_WORDS:
            if words in said:
                return kind
    return None


def _message(
    kind: type[WutsError], status: int, envelope: ErrorEnvelope | None, problems: str
) -> str:
    """Say more than the advice only if the advice cannot say what is wrong."""
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return f"It answered with a redirect ({status}), which is never followed."
    if kind is UnexpectedAnswerError:
        return f"It answered {status}. {problems}"
    if envelope is None or kind not in (GatewayError, RequestRefusedError):
        return ""
    said = [envelope.error, *(f"{c.field}: {c.message}" for c in envelope.validation or ())]
    words = "; ".join(filter(None, said))
    return f"It said: {words}" if words else ""


def parse_http_date(text: str | None) -> datetime | None:
    """Return the moment an HTTP date (RFC 9110) names, in UTC, or None when it names none."""
    if not text:
        return None
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def parse_retry_after(text: str | None, *, now: datetime) -> float | None:
    """Return the seconds to wait, never negative, from either form of ``Retry-After``.

    Args:
        text: The header: whole seconds, or an HTTP date.
        now: The answer's own ``Date``, so that a gateway whose clock is off does no harm.
    """
    if text is None:
        return None
    text = text.strip()
    if _SECONDS.fullmatch(text):
        return float(text)
    moment = parse_http_date(text)
    return None if moment is None else max(0.0, (moment - now).total_seconds())
