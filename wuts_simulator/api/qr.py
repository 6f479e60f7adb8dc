"""``/qr`` and ``/qr/status``: the QR to scan (WUTS guide, QR codes; WUTS reference, QR)."""

import math
from datetime import timedelta
from http import HTTPStatus

from wuts_simulator.answers import Answer, rfc3339
from wuts_simulator.device import Device, Session
from wuts_simulator.errors import ApiError
from wuts_simulator.qr_image import draw_data_url
from wuts_simulator.qr_payload import QrCode

from .call import Call

_REUSE = ("cached", "reuse", "use_cache")
_RENEW = ("refresh", "force_refresh", "force_new")


async def get_qr(call: Call) -> Answer:
    """Return a QR: the present one if that is asked for, else a new one."""
    _refuse_if_linked(await call.device())
    await call.take(call.settings.qr_latency)
    device = await call.device()
    _refuse_if_linked(device)
    reuse = call.flag(*_REUSE) and not call.flag(*_RENEW)
    qr, cached = call.world.sessions.qr(device, reuse=reuse)
    remaining = qr.remaining(call.now) if cached else qr.life
    image = await draw_data_url(qr.payload) if call.settings.qr_image else ""
    return Answer.of_data(
        {"qr_code": qr.payload, "image": image, **_extra(call, qr, remaining, cached=cached)}
    )


async def get_qr_status(call: Call) -> Answer:
    """Tell whether a QR can still be scanned."""
    call.user()
    if call.device_id() is None:
        raise ApiError(HTTPStatus.BAD_REQUEST, "device_id is required", "VALIDATION_ERROR")
    qr = (await call.device()).valid_qr(call.now)
    made = rfc3339(qr.generated_at) if qr else None
    return Answer.of_data({"exists": qr is not None, **call.dialect.optional(generated_at=made)})


def _refuse_if_linked(device: Device) -> None:
    if device.session is not Session.DISCONNECTED:
        raise ApiError(HTTPStatus.BAD_REQUEST, "already connected", "ALREADY_CONNECTED")
    if device.jid is not None:
        # Nobody documents a QR for a device whose credentials are stored, and WhatsApp gives none.
        raise ApiError(
            HTTPStatus.INTERNAL_SERVER_ERROR, "failed to initialize device", "INTERNAL_ERROR"
        )


def _extra(call: Call, qr: QrCode, remaining: float, *, cached: bool) -> dict[str, object]:
    extra: dict[str, object] = {}
    if call.dialect.qr_cached:
        extra["cached"] = cached
    if call.dialect.qr_expires_at:
        extra["expires_at"] = rfc3339(qr.generated_at + timedelta(seconds=qr.life))
    if call.dialect.qr_ttl:
        extra["ttl"] = max(0, math.floor(remaining))
    return extra
