"""``/paircode``: the code to type on the phone (WUTS reference, Pair code)."""

import math
from http import HTTPStatus

from wuts_simulator.answers import Answer
from wuts_simulator.device import Device, Session
from wuts_simulator.errors import ApiError
from wuts_simulator.pair_code import INSTRUCTIONS
from wuts_simulator.phone_numbers import is_phone_number, strip_punctuation

from .call import Call

_REFRESH_HEADER = "X-WUTS-Refresh-Paircode"


async def create_pair_code(call: Call) -> Answer:
    """Return a pair code: the present one unless a new one is asked for."""
    call.user()
    body = await call.json_object()
    phone = _parse_phone(body.get("phone"))
    _refuse_if_linked(await call.device())
    await call.take(call.settings.pair_code_latency)
    device = await call.device()
    _refuse_if_linked(device)
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


def _parse_phone(value: object) -> str:
    if value is None or value == "":
        raise _bad_phone("phone number is required")
    digits = strip_punctuation(value) if isinstance(value, str) else ""
    if not is_phone_number(digits):
        raise _bad_phone("invalid phone number format")
    return digits


def _bad_phone(text: str) -> ApiError:
    return ApiError(HTTPStatus.BAD_REQUEST, text, "VALIDATION_ERROR")


def _refuse_if_linked(device: Device) -> None:
    if device.session is not Session.DISCONNECTED:
        raise ApiError(HTTPStatus.BAD_REQUEST, "already connected", "ALREADY_CONNECTED")
    if device.jid is not None:
        raise ApiError(HTTPStatus.BAD_REQUEST, "device already paired", "ALREADY_PAIRED")


def _wants_new(call: Call, reuse_cache: object) -> bool:
    asked_by_header = call.request.headers.get(_REFRESH_HEADER, "").lower() == "true"
    return asked_by_header or call.flag("refresh") or reuse_cache is False
