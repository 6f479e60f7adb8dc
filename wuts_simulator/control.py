"""The control API under ``/_sim/``: the verbs of `World` over HTTP, only when asked for."""

from base64 import b64encode
from collections import Counter
from collections.abc import Callable
from typing import Annotated, Any

from aiohttp import web
from pydantic import Field, Strict, TypeAdapter

from .answers import rfc3339
from .device import DeviceState
from .errors import InvalidError, UnknownError
from .faults import Fault
from .messages import Message, SentFile
from .mischief import Mischief
from .phone_numbers import parse_phone_number
from .steering import steer, verb_of
from .world import World

type _Object = dict[str, Any]
type _Text = Annotated[str, Field(min_length=1)]
type _Texts = Annotated[tuple[str, ...], Strict(strict=False)]

_FAULT = TypeAdapter(Fault)
_FAULTS_SHOWN = ("id", "kind", "endpoint", "device_id", "tenant", "times")


def add_routes(app: web.Application, world: World) -> None:
    """Add the control API to an application."""
    for call, act in _ROUTES.items():
        method, path = call.split()
        app.router.add_route(method, f"/_sim{path}", steer(world, verb_of(act)))


def _add_tenant(world: World, name: _Text, tokens: _Texts = ()) -> None:
    world.add_tenant(name, *tokens)


def _add_numbers(world: World, numbers: _Texts = ()) -> None:
    world.known_numbers.update(map(parse_phone_number, numbers))


def _show_state(world: World) -> _Object:
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
    return {
        "dialect": world.settings.dialect,
        "down_for": world.down_for(),
        "tenants": tenants,
        "devices": len(world.registry.devices),
        "sessions": dict(sessions),
    }


def _advance_clock(world: World, advance: float = 0.0) -> None:
    world.advance(advance)


def _add_devices(  # noqa: PLR0913 - one a field
    world: World,
    *,
    tenant: _Text,
    count: Annotated[int, Field(ge=1, le=1_000_000)] = 1,
    name: str | None = None,
    state: str = DeviceState.NEVER_PAIRED,
    phone: str | None = None,
) -> _Object:
    if count == 1:
        devices = [world.add_device(tenant, name, state=state, phone=phone)]
    elif phone is not None:
        raise InvalidError("a phone can be given for one device only")
    else:
        devices = world.add_devices(tenant, count, name or "Device", state=state)
    return {"device_ids": [device.id for device in devices]}


def _show_device(world: World, device_id: str) -> _Object:
    """Return a device with its present QR and code, which are secrets."""
    device = world.device(device_id)
    now = world.clock.monotonic()
    qr, code = device.valid_qr(now), device.valid_code(now)
    return {
        "id": device.id,
        "name": device.name,
        "tenant": device.user.tenant.name,
        "session": device.session,
        "phone": device.phone,
        "asks_passkey": device.passkey_phone is not None,
        "phone_is_offline": device.phone_is_offline,
        "qr": qr and {"payload": qr.payload, "expires_in": round(qr.remaining(now), 3)},
        "code": code and code.code,
        "code_expires_in": code and round(code.remaining(now), 3),
    }


def _receive(  # noqa: PLR0913 - one a field
    world: World,
    device_id: str,
    *,
    phone: _Text,
    text: str = "",
    name: str = "",
    group: str | None = None,
    kind: _Text = "text",
    from_me: bool = False,
) -> _Object:
    message_id = world.receive(
        device_id, phone, text, name=name, group=group, kind=kind, from_me=from_me
    )
    return {"message_id": message_id}


def _add_group(world: World, device_id: str, name: _Text) -> _Object:
    return {"jid": world.add_group(device_id, name)}


def _add_contact(  # noqa: PLR0913 - one a field
    world: World,
    device_id: str,
    *,
    who: _Text,
    full_name: str | None = None,
    first_name: str | None = None,
    push_name: str | None = None,
    business_name: str | None = None,
) -> _Object:
    jid = world.add_contact(
        device_id,
        who,
        full_name=full_name,
        first_name=first_name,
        push_name=push_name,
        business_name=business_name,
    )
    return {"jid": jid}


def _add_fault(world: World, **fields: Any) -> _Object:  # noqa: ANN401 - the fault's own types
    return {"id": world.faults.add(_FAULT.validate_python(fields))}


def _list_faults(world: World) -> _Object:
    faults = world.faults
    return {"faults": [{name: getattr(one, name) for name in _FAULTS_SHOWN} for one in faults]}


def _clear_faults(world: World) -> None:
    world.faults.clear()


def _remove_fault(world: World, fault_id: str) -> None:
    world.faults.remove(fault_id)


def _show_adversary(world: World) -> _Object:
    adversary = world.adversary
    return {
        "seed": adversary.seed if adversary else None,
        "struck": dict(adversary.struck) if adversary else {},
    }


def _misbehave(
    world: World,
    seed: int,
    period: float = 10.0,
    kinds: list[Annotated[Mischief, Strict(strict=False)]] | None = None,
) -> None:
    world.misbehave(seed, period=period, kinds=kinds)


def _behave(world: World) -> _Object:
    shown = _show_adversary(world)
    world.behave()
    return shown


def _show_requests(world: World) -> _Object:
    log = world.requests
    return {
        "total": log.total(),
        "endpoints": log.by_endpoint,
        "connects": log.connects,
        "max_in_flight": log.max_in_flight,
        "most_at_once": log.most_at_once,
    }


def _reset_requests(world: World) -> None:
    world.requests.reset()


def _show_messages(world: World) -> _Object:
    return {"messages": [_shown(message) for message in world.messages]}


def _shown(message: Message) -> _Object:
    """Return a message without its file's bytes."""
    file = message.file
    more = {
        "file": file and _shown_file(file),
        "mentioned": list(message.mentioned),
        "quoted": message.quoted,
    }
    return {
        "message_id": message.id,
        "device_id": message.device_id,
        "chat_jid": message.chat_jid,
        "kind": message.kind,
        "text": message.text,
        "timestamp": rfc3339(message.sent_at),
        **{name: value for name, value in more.items() if value},
    }


def _shown_file(file: SentFile) -> _Object:
    return {
        "size_bytes": None if file.content is None else len(file.content),
        "mime_type": file.mime_type,
        "file_name": file.file_name,
        "url": file.url,
        "view_once": file.view_once,
        "voice_note": file.voice_note,
    }


def _show_file(world: World, message_id: str) -> _Object:
    """Return the file of a message as base64."""
    files = {message.id: message.file for message in world.messages}
    file = files.get(message_id)
    if file is None or file.content is None:
        raise UnknownError("no such file")
    return _shown_file(file) | {"content": b64encode(file.content).decode()}


_ROUTES: dict[str, Callable[..., object]] = {
    "POST /tenants": _add_tenant,
    "DELETE /tokens/{token}": World.revoke_token,
    "POST /numbers": _add_numbers,
    "GET /state": _show_state,
    "POST /restart": World.restart,
    "POST /break": World.break_for,
    "POST /clock": _advance_clock,
    "POST /devices": _add_devices,
    "GET /devices/{device_id}": _show_device,
    "POST /scan": World.scan,
    "POST /devices/{device_id}/scan": World.scan_device,
    "POST /devices/{device_id}/enter-code": World.enter_code,
    "POST /devices/{device_id}/receive": _receive,
    "POST /devices/{device_id}/groups": _add_group,
    "POST /devices/{device_id}/contacts": _add_contact,
    "POST /devices/{device_id}/scan-expired": World.scan_expired,
    "POST /devices/{device_id}/create-passkey": World.create_passkey,
    "POST /devices/{device_id}/give-up": World.give_up,
    "POST /devices/{device_id}/come-online": World.come_online,
    "POST /devices/{device_id}/unlink": World.unlink,
    "POST /devices/{device_id}/drop": World.drop,
    "POST /devices/{device_id}/restore": World.restore,
    "POST /devices/{device_id}/remove": World.remove,
    "POST /faults": _add_fault,
    "GET /faults": _list_faults,
    "DELETE /faults": _clear_faults,
    "DELETE /faults/{fault_id}": _remove_fault,
    "GET /adversary": _show_adversary,
    "POST /adversary": _misbehave,
    "DELETE /adversary": _behave,
    "GET /requests": _show_requests,
    "DELETE /requests": _reset_requests,
    "GET /messages": _show_messages,
    "GET /messages/{message_id}/file": _show_file,
}
