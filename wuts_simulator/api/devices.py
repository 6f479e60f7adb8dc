"""``/devices``: the device slots of a tenant (WUTS reference, Devices)."""

from http import HTTPStatus

from wuts_simulator.answers import Answer, dump, optional_rfc3339, rfc3339
from wuts_simulator.device import Device, Session
from wuts_simulator.errors import ApiError, Violation, invalid
from wuts_simulator.settings import Dialect

from .call import Call

_MAX_NAME = 100


async def create_device(call: Call) -> Answer:
    """Create a device, to be paired next."""
    user = call.user()
    name = (await call.json_object()).get("name")
    if not isinstance(name, str) or not name.strip():
        raise invalid(Violation("name", "name is required", name))
    if len(name) > _MAX_NAME:
        raise invalid(Violation("name", f"name must have at most {_MAX_NAME} characters", name))
    device = call.world.registry.add_device(user, name.strip(), call.world.sessions.calendar())
    return _created(device, call.dialect)


async def list_devices(call: Call) -> Answer:
    """List every device of the caller's tenant, in one answer."""
    user = call.user()
    devices = (device for device in user.tenant.devices.values() if user.sees(device))
    fragments = [_fragment(device, call.dialect) for device in devices]
    return Answer(b'{"success":true,"devices":[' + b",".join(fragments) + b"]}")


async def list_own_devices(call: Call) -> Answer:
    """List the devices of the token's own user, in short."""
    user = call.user()
    own = [device for device in user.tenant.devices.values() if device.user is user]
    return Answer.of_data(
        {
            "devices": [
                {
                    "id": device.id,
                    "name": device.name,
                    "connected": device.is_connected,
                    "created_at": rfc3339(device.created_at),
                    **call.dialect.optional(last_seen=optional_rfc3339(device.last_seen)),
                }
                for device in own
            ],
            "count": len(own),
            "user_id": user.id,
        }
    )


async def delete_device(call: Call) -> Answer:
    """Disconnect a device; its record stays listed."""
    user, device = call.user(), await call.device()
    if not user.may_delete(device):
        raise ApiError(HTTPStatus.FORBIDDEN, "not your device", "FORBIDDEN")
    if device.session is not Session.DISCONNECTED:
        call.world.sessions.close(device)
    return Answer.of({"success": True, "message": "Device disconnected"})


def _created(device: Device, dialect: Dialect) -> Answer:
    if dialect.created_as_data:
        data = {"device_id": device.id, "name": device.name}
        body = {"success": True, "message": "Device created", "data": data}
        return Answer.of(body, HTTPStatus.CREATED)
    record: dict[str, object] = {
        "id": device.id,
        "name": device.name,
        "connected": False,
        "created_at": rfc3339(device.created_at),
    }
    if dialect.created_in_full:
        record |= {"user_id": device.user.id, "updated_at": rfc3339(device.updated_at)}
    return Answer.of({"success": True, "device": record})


def _fragment(device: Device, dialect: Dialect) -> bytes:
    """Return the device's rendered record; it is kept until the device changes."""
    if device.fragment is None:
        device.fragment = dump(_record(device, dialect))
    return device.fragment


def _record(device: Device, dialect: Dialect) -> dict[str, object]:
    return {
        "id": device.id,
        "user_id": device.user.id,
        "name": device.name,
        "connected": device.is_connected,
        "created_at": rfc3339(device.created_at),
        "updated_at": rfc3339(device.updated_at),
        **dialect.optional(
            whatsapp_jid=device.jid,
            last_seen=optional_rfc3339(device.last_seen),
            webhook_url=device.webhook.url if device.webhook else None,
        ),
    }
