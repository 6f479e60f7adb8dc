"""The error envelope, and the words that the contract documents for an error."""

from datetime import datetime
from http import HTTPStatus

from .answers import Answer, rfc3339
from .endpoint_names import EndpointName
from .errors import ApiError

_TIMEOUT = HTTPStatus.GATEWAY_TIMEOUT
_BROKEN = HTTPStatus.INTERNAL_SERVER_ERROR
_PAIR_CODE_TIMEOUT = "failed to generate pair code: timeout waiting for WhatsApp QR event"

_DOCUMENTED: dict[tuple[EndpointName | None, int], str] = {
    (EndpointName.QR, HTTPStatus.BAD_REQUEST): "already connected",
    (EndpointName.QR, _TIMEOUT): "timeout waiting for QR code",
    (EndpointName.QR, _BROKEN): "failed to initialize device",
    (EndpointName.QR_STATUS, HTTPStatus.BAD_REQUEST): "device_id is required",
    (EndpointName.PAIR_CODE, HTTPStatus.BAD_REQUEST): "invalid phone number format",
    (EndpointName.PAIR_CODE, _TIMEOUT): _PAIR_CODE_TIMEOUT,
    (EndpointName.PAIR_CODE, _BROKEN): _PAIR_CODE_TIMEOUT,
    (EndpointName.CONNECT, HTTPStatus.SERVICE_UNAVAILABLE): "reconnect failed",
    (EndpointName.DISCONNECT, HTTPStatus.NOT_FOUND): "device not found or not connected",
    (None, HTTPStatus.UNAUTHORIZED): "Invalid token",
    (None, HTTPStatus.NOT_FOUND): "device not found",
}


def documented_error(endpoint: EndpointName, status: int) -> str:
    """Return the ``error`` that a call is documented to answer with that status."""
    words = _DOCUMENTED.get((endpoint, status)) or _DOCUMENTED.get((None, status))
    return words or phrase(status).lower()


def phrase(status: int) -> str:
    """Return the name of an HTTP status, whatever its number."""
    return HTTPStatus(status).phrase if status in set(HTTPStatus) else "Unknown status"


def error_answer(error: ApiError, *, with_code: bool, at: datetime) -> Answer:
    """Return the error envelope; the session endpoints are documented without its code."""
    envelope: dict[str, object] = {"success": False, "error": error.text}
    if with_code:
        envelope |= {"error_code": error.code, "timestamp": rfc3339(at)}
    if error.validation:
        envelope["validation"] = [
            {"field": wrong.field, "message": wrong.message, "value": wrong.value}
            for wrong in error.validation
        ]
    return Answer.of(envelope, error.status)
