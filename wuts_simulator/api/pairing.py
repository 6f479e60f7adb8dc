"""``/qr`` and ``/paircode`` (WUTS guide, QR codes; WUTS reference, QR, Pair code)."""

import base64
import math
from datetime import timedelta
from http import HTTPStatus

from wuts_simulator.answers import Answer, optional_rfc3339, rfc3339
from wuts_simulator.codes import INSTRUCTIONS, QrCode
from wuts_simulator.device import Device, Session
from wuts_simulator.errors import ApiError
from wuts_simulator.phone_numbers import is_phone_number, strip_punctuation
from wuts_simulator.qr_image import draw_png_in_thread

from .call import Call

_REUSE = ("reuse_cache", "reuse", "use_cache", "cached")
_RENEW = ("refresh", "force_refresh", "force_new")
_REFRESH_HEADER = "X-WUTS-Refresh-Paircode"


async def get_qr(call: Call) -> Answer:
    """Return the present QR, or a new one on request."""
    device = await _unlinked_device(call, call.settings.qr_latency)
    reuse = not call.flag(*_RENEW) and not call.denied(*_REUSE)
    qr, cached = call.world.sessions.qr(device, reuse=reuse)
    remaining = qr.remaining(call.now) if cached else qr.life
    image = await _data_url(qr.payload) if call.settings.qr_image else ""
    return Answer.of_data(
        {"qr_code": qr.payload, "image": image, **_extra(call, qr, remaining, cached=cached)}
    )


async def get_qr_status(call: Call) -> Answer:
    """Return whether a QR can still be scanned."""
    call.user()
    if call.device_id() is None:
        raise ApiError(HTTPStatus.BAD_REQUEST, "device_id is required", "VALIDATION_ERROR")
    qr = (await call.device()).valid_qr(call.now)
    made = optional_rfc3339(qr.generated_at if qr else None)
    return Answer.of_data({"exists": qr is not None, **call.dialect.optional(generated_at=made)})


async def create_pair_code(call: Call) -> Answer:
    """Return the present pair code, or a new one on request."""
    call.user()
    body = await call.json_object()
    phone = _parse_phone(body.get("phone"))
    device = await _unlinked_device(call, call.settings.pair_code_latency)
    reuse = not _wants_new(call, body.get("reuse_cache"))
    code, cached = call.world.sessions.pair_code(device, phone, reuse=reuse)
    remaining = code.remaining(call.now) if cached else code.life
    return Answer.of_data(
        {
            "code": code.code,
            "phone": code.phone,
            "expires_in": max(0, math.floor(remaining)),
            "cached": cached,
            "instructions": INSTRUCTIONS,
        }
    )


async def _unlinked_device(call: Call, latency: float) -> Device:
    """Return the device after a while; it must have no phone, neither now nor then.

    Raises:
        ApiError: It is connected, or paired.
    """
    _refuse_if_linked(await call.device())
    await call.take(latency)
    device = await call.device()
    _refuse_if_linked(device)
    return device


def _refuse_if_linked(device: Device) -> None:
    if device.session is not Session.DISCONNECTED:
        raise ApiError(HTTPStatus.BAD_REQUEST, "already connected", "ALREADY_CONNECTED")
    if device.jid is not None:
        raise ApiError(HTTPStatus.BAD_REQUEST, "device already paired", "ALREADY_PAIRED")


async def _data_url(payload: str) -> str:
    png = await draw_png_in_thread(payload)
    return "data:image/png;base64," + base64.b64encode(png).decode("ascii")


def _extra(call: Call, qr: QrCode, remaining: float, *, cached: bool) -> dict[str, object]:
    extra: dict[str, object] = {}
    if call.dialect.qr_cached:
        extra["cached"] = cached
    if call.dialect.qr_expires_at:
        extra["expires_at"] = rfc3339(qr.generated_at + timedelta(seconds=qr.life))
    if call.dialect.qr_ttl:
        extra["ttl"] = max(0, math.floor(remaining))
    return extra


def _parse_phone(value: object) -> str:
    if value is None or value == "":
        raise _bad_phone("phone number is required")
    digits = strip_punctuation(value) if isinstance(value, str) else ""
    if not is_phone_number(digits):
        raise _bad_phone("invalid phone number format")
    return digits


def _bad_phone(text: str) -> ApiError:
    return ApiError(HTTPStatus.BAD_REQUEST, text, "VALIDATION_ERROR")


def _wants_new(call: Call, reuse_cache: object) -> bool:
    asked_by_header = call.request.headers.get(_REFRESH_HEADER, "").lower() == "true"
    return asked_by_header or call.flag(*_RENEW) or reuse_cache is False or call.denied(*_REUSE)
