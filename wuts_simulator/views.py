"""How a device looks from outside the contract: for tests and for the phone page."""

from .device import Device


def device_view(device: Device, now: float) -> dict[str, object]:
    """Return a device with its present QR and code, which are secrets."""
    qr, code = device.valid_qr(now), device.valid_code(now)
    return {
        "id": device.id,
        "name": device.name,
        "tenant": device.user.tenant.name,
        "session": device.session,
        "phone": device.phone,
        "qr": qr and {"payload": qr.payload, "expires_in": round(qr.remaining(now), 3)},
        "code": code and code.code,
        "code_expires_in": code and round(code.remaining(now), 3),
    }
