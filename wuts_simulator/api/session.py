"""The session of a device: state, reconnect, disconnect, log out (WUTS reference, Session)."""

from http import HTTPStatus

from wuts_simulator.answers import Answer, optional_rfc3339
from wuts_simulator.device import Device, Session
from wuts_simulator.errors import ApiError

from .call import Call


async def get_status(call: Call) -> Answer:
    """Return the live state; 200 whatever it is."""
    device = await call.device()
    seen = optional_rfc3339(device.last_seen)
    return Answer.of_data(
        {
            "connected": device.is_connected,
            "status": device.shown_session,
            "device_id": device.id,
            "is_logged_in": device.jid is not None,
            **call.dialect.optional(jid=device.jid, phone_number=device.phone, last_seen=seen),
        }
    )


async def connect(call: Call) -> Answer:
    """Bring the session back with the stored credentials, if there are any."""
    device = await call.device()
    if device.jid is not None and not device.is_connected:
        await _bring_back(call, device)
        # It may be gone by now.
        device = await call.device()
    if device.jid is None:
        return _connect_answer(device, "logged_out")
    if not device.is_connected:
        raise ApiError(HTTPStatus.SERVICE_UNAVAILABLE, "reconnect failed", "RECONNECT_FAILED")
    return _connect_answer(device, "connected")


async def disconnect(call: Call) -> Answer:
    """End the session and keep the credentials."""
    otherwise = "device not found or not connected"
    device = await call.device(otherwise)
    if device.session is Session.DISCONNECTED:
        raise ApiError(HTTPStatus.NOT_FOUND, otherwise, "DEVICE_NOT_FOUND")
    call.world.sessions.close(device)
    return Answer.of_data({"message": "device disconnected successfully", "device_id": device.id})


async def logout(call: Call) -> Answer:
    """Forget the credentials, which takes a live connection."""
    device = await call.device()
    if not device.is_connected:
        raise ApiError(HTTPStatus.BAD_REQUEST, "device not connected", "DEVICE_NOT_CONNECTED")
    call.world.sessions.log_out(device)
    return Answer.of_data({"message": "device logged out successfully", "device_id": device.id})


async def _bring_back(call: Call, device: Device) -> None:
    """Connect, even if the client leaves meanwhile."""
    sessions = call.world.sessions
    if device.session is Session.DISCONNECTED:
        sessions.begin_connect(device)
    try:
        await call.take(call.settings.connect_latency)
    finally:
        sessions.finish_connect(device)


def _connect_answer(device: Device, status: str) -> Answer:
    needs_qr = device.jid is None
    return Answer.of_data({"status": status, "device_id": device.id, "needs_qr": needs_qr})
