"""The control API under ``/_sim/``: the verbs of `World` over HTTP, only when asked for."""

from collections import Counter

from aiohttp import web

from .answers import Answer, rfc3339
from .device import DeviceState
from .errors import InvalidError
from .faults import EVERYWHERE, Fault, FaultKind
from .phone_numbers import parse_phone_number
from .steering import Inputs, Verb, device_verb, read_inputs, steer
from .world import World

_MAX_COUNT = 1_000_000


def add_routes(app: web.Application, world: World) -> None:
    """Add the control API to an application."""
    for call, verb in _ROUTES.items():
        method, path = call.split()
        app.router.add_route(method, f"/_sim{path}", steer(world, verb))


async def _add_tenant(world: World, request: web.Request) -> Answer:
    inputs = await read_inputs(request, "name", "tokens")
    world.add_tenant(inputs.text("name"), *inputs.texts("tokens"))
    return Answer.of({})


async def _revoke_token(world: World, request: web.Request) -> Answer:
    world.revoke_token(request.match_info["token"])
    return Answer.of({})


async def _add_numbers(world: World, request: web.Request) -> Answer:
    inputs = await read_inputs(request, "numbers")
    world.known_numbers.update(parse_phone_number(text) for text in inputs.texts("numbers"))
    return Answer.of({})


async def _show_state(world: World, _request: web.Request) -> Answer:
    world.sessions.settle()
    sessions = Counter(device.session for device in world.registry.devices.values())
    tenants = [
        {
            "name": tenant.name,
            "users": sorted(tenant.users),
            "tokens": sum(len(user.tokens) for user in tenant.users.values()),
            "devices": len(tenant.devices),
        }
        for tenant in world.registry.tenants.values()
    ]
    return Answer.of(
        {
            "dialect": world.settings.dialect,
            "down_for": world.down_for(),
            "tenants": tenants,
            "devices": len(world.registry.devices),
            "sessions": dict(sessions),
        }
    )


async def restart(world: World, request: web.Request) -> Answer:
    """Restart the gateway."""
    inputs = await read_inputs(request, "down_for", "drop_share")
    down_for, share = inputs.number("down_for", 0.0), inputs.number("drop_share", 1.0)
    world.restart(down_for=down_for, drop_share=share)
    return Answer.of({})


async def _break_gateway(world: World, request: web.Request) -> Answer:
    seconds = (await read_inputs(request, "seconds")).number("seconds", -1.0)
    if seconds < 0:
        raise InvalidError("seconds is required, 0 or more")
    world.break_for(seconds)
    return Answer.of({})


async def _advance_clock(world: World, request: web.Request) -> Answer:
    world.advance((await read_inputs(request, "advance")).number("advance", 0.0))
    return Answer.of({})


async def _add_devices(world: World, request: web.Request) -> Answer:
    inputs = await read_inputs(request, "tenant", "count", "name", "state", "phone")
    tenant, name = inputs.text("tenant"), inputs.optional_text("name")
    state = inputs.optional_text("state") or DeviceState.NEVER_PAIRED
    phone = inputs.optional_text("phone")
    count = inputs.optional_integer("count")
    if count is None or count == 1:
        devices = [world.add_device(tenant, name, state=state, phone=phone)]
    elif not 1 <= count <= _MAX_COUNT:
        raise InvalidError(f"count must be from 1 to {_MAX_COUNT}")
    elif phone is not None:
        raise InvalidError("a phone can be given for one device only")
    else:
        devices = world.add_devices(tenant, count, name or "Device", state=state)
    return Answer.of({"device_ids": [device.id for device in devices]})


async def _show_device(world: World, request: web.Request) -> Answer:
    """Return a device with its present QR and code, which are secrets."""
    device = world.device(request.match_info["id"])
    now = world.clock.monotonic()
    qr, code = device.valid_qr(now), device.valid_code(now)
    return Answer.of(
        {
            "id": device.id,
            "name": device.name,
            "tenant": device.user.tenant.name,
            "session": device.session,
            "phone": device.phone,
            "qr": qr and {"payload": qr.payload, "expires_in": round(qr.remaining(now), 3)},
            "code": code and code.code,
            "code_expires_in": code and round(code.remaining(now), 3),
        }
    )


async def _scan(world: World, request: web.Request) -> Answer:
    inputs = await read_inputs(request, "payload", "phone")
    device = world.scan(inputs.text("payload"), inputs.text("phone"))
    return Answer.of({"device_id": device.id})


async def scan_device(world: World, request: web.Request) -> Answer:
    """Scan whatever QR a device shows."""
    inputs = await read_inputs(request, "phone")
    device = world.scan_device(request.match_info["id"], inputs.text("phone"))
    return Answer.of({"device_id": device.id})


async def enter_code(world: World, request: web.Request) -> Answer:
    """Type a device's code."""
    inputs = await read_inputs(request, "code", "phone")
    phone = inputs.optional_text("phone")
    device = world.enter_code(request.match_info["id"], inputs.text("code"), phone)
    return Answer.of({"device_id": device.id})


async def _add_fault(world: World, request: web.Request) -> Answer:
    names = (name for name in Fault.__dataclass_fields__ if name != "id")
    return Answer.of({"id": world.faults.add(_parse_fault(await read_inputs(request, *names)))})


def _parse_fault(inputs: Inputs) -> Fault:
    kind = inputs.text("kind")
    if kind not in set(FaultKind):
        raise InvalidError(f"kind must be one of {', '.join(FaultKind)}")
    status = inputs.optional_integer("status")
    if status is not None and status not in range(200, 600):
        raise InvalidError("status must be from 200 to 599")
    return Fault(
        kind=FaultKind(kind),
        endpoint=inputs.optional_text("endpoint") or EVERYWHERE,
        device_id=inputs.optional_text("device_id"),
        tenant=inputs.optional_text("tenant"),
        times=inputs.optional_integer("times"),
        status=status,
        error=inputs.optional_text("error"),
        error_code=inputs.optional_text("error_code"),
        seconds=inputs.number("seconds", 1.0),
        retry_after=inputs.optional_text("retry_after"),
        body=inputs.anything("body"),
        fields=inputs.texts("fields"),
        headers=inputs.text_map("headers"),
    )


async def _list_faults(world: World, _request: web.Request) -> Answer:
    shown = ("id", "kind", "endpoint", "device_id", "tenant", "times")
    faults = [{name: getattr(fault, name) for name in shown} for fault in world.faults]
    return Answer.of({"faults": faults})


async def _clear_faults(world: World, _request: web.Request) -> Answer:
    world.faults.clear()
    return Answer.of({})


async def _remove_fault(world: World, request: web.Request) -> Answer:
    world.faults.remove(request.match_info["id"])
    return Answer.of({})


async def _show_requests(world: World, _request: web.Request) -> Answer:
    log = world.requests
    return Answer.of(
        {
            "total": log.total(),
            "endpoints": log.by_endpoint,
            "connects": log.connects,
            "max_in_flight": log.max_in_flight,
        }
    )


async def _reset_requests(world: World, _request: web.Request) -> Answer:
    world.requests.reset()
    return Answer.of({})


async def _show_messages(world: World, _request: web.Request) -> Answer:
    messages = [
        {
            "message_id": message.id,
            "device_id": message.device_id,
            "chat_jid": message.chat_jid,
            "text": message.text,
            "timestamp": rfc3339(message.sent_at),
        }
        for message in world.messages
    ]
    return Answer.of({"messages": messages})


_ROUTES: dict[str, Verb] = {
    "POST /tenants": _add_tenant,
    "DELETE /tokens/{token}": _revoke_token,
    "POST /numbers": _add_numbers,
    "GET /state": _show_state,
    "POST /restart": restart,
    "POST /break": _break_gateway,
    "POST /clock": _advance_clock,
    "POST /devices": _add_devices,
    "GET /devices/{id}": _show_device,
    "POST /scan": _scan,
    "POST /devices/{id}/scan": scan_device,
    "POST /devices/{id}/enter-code": enter_code,
    "POST /devices/{id}/unlink": device_verb(World.unlink),
    "POST /devices/{id}/drop": device_verb(World.drop),
    "POST /devices/{id}/restore": device_verb(World.restore),
    "POST /devices/{id}/remove": device_verb(World.remove),
    "POST /faults": _add_fault,
    "GET /faults": _list_faults,
    "DELETE /faults": _clear_faults,
    "DELETE /faults/{id}": _remove_fault,
    "GET /requests": _show_requests,
    "DELETE /requests": _reset_requests,
    "GET /messages": _show_messages,
}
