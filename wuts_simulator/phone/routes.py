"""The phone page at ``/phone``: its files, and ``/phone/api/``, which answers this machine only."""

from collections.abc import Iterable
from http import HTTPStatus
from importlib.resources import files

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from wuts_simulator.answers import Answer
from wuts_simulator.device import Device
from wuts_simulator.errors import InvalidError, UnknownError
from wuts_simulator.qr_image import draw_png_in_thread
from wuts_simulator.steering import Verb, is_local, refusal, steer, verb_of
from wuts_simulator.world import World

PAGE_SIZE = 12

# Another site's page cannot send it without asking first, and is never allowed to.
GUARD_HEADER = "X-WUTS-Phone"

_LONGEST_BREAK = 3600
_FILES = {
    "/phone": ("phone.html", "text/html"),
    "/phone/phone.css": ("phone.css", "text/css"),
    "/phone/phone.js": ("phone.js", "text/javascript"),
    "/phone/cards.js": ("cards.js", "text/javascript"),
}
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    hdrs.CACHE_CONTROL: "no-store",
}


def add_routes(app: web.Application, world: World) -> None:
    """Add the phone page to an application."""
    for path, (name, content_type) in _FILES.items():
        app.router.add_get(path, _file(name, content_type))
    for call, verb in _ACTIONS.items():
        method, path = call.split()
        app.router.add_route(method, f"/phone/api{path}", _guarded(steer(world, verb)))


def _file(name: str, content_type: str) -> Handler:
    text = files(__package__).joinpath(name).read_text("utf-8")

    async def handler(_request: web.Request) -> web.StreamResponse:
        return web.Response(text=text, content_type=content_type, headers=_HEADERS)

    return handler


def _guarded(handler: Handler) -> Handler:
    async def guarded(request: web.Request) -> web.StreamResponse:
        if not is_local(request.remote or ""):
            return refusal(HTTPStatus.FORBIDDEN, "open this page on the simulator's own machine")
        if request.method == hdrs.METH_POST and GUARD_HEADER not in request.headers:
            return refusal(HTTPStatus.FORBIDDEN, f"the header {GUARD_HEADER} is missing")
        response = await handler(request)
        response.headers.update(_HEADERS)
        return response

    return guarded


async def _list_devices(world: World, request: web.Request) -> Answer:
    """Return one page of devices, and whether the gateway is down."""
    world.sessions.settle()
    now = world.clock.monotonic()
    devices = world.registry.devices.values()
    found = _find(devices, request.query.get("search", "").casefold().strip(), now)
    pages = max(1, -(-len(found) // PAGE_SIZE))
    asked = request.query.get("page", "1")
    page = min(max(1, int(asked) if asked.isdecimal() else 1), pages)
    shown = found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return Answer.of(
        {
            "devices": [_view(device, now) for device in shown],
            "page": page,
            "pages": pages,
            "found": len(found),
            "total": len(devices),
            "down_for": round(world.down_for(), 1),
        }
    )


def _find(devices: Iterable[Device], wanted: str, now: float) -> list[Device]:
    """Return the devices that match, those that wait for a phone first."""
    found = [device for device in devices if not wanted or _matches(device, wanted)]
    found.sort(key=lambda device: not (device.valid_qr(now) or device.valid_code(now)))
    return found


def _matches(device: Device, wanted: str) -> bool:
    return (
        wanted in device.name.casefold()
        or wanted in device.id
        or wanted in (device.phone or "")
        or wanted in device.user.tenant.name.casefold()
    )


def _view(device: Device, now: float) -> dict[str, object]:
    qr, code = device.valid_qr(now), device.valid_code(now)
    return {
        "id": device.id,
        "name": device.name,
        "tenant": device.user.tenant.name,
        "session": device.session,
        "phone": device.phone,
        "asks_passkey": device.passkey_phone is not None,
        "phone_is_offline": device.phone_is_offline,
        "has_expired_qr": device.old_qr(now) is not None,
        # The page reloads an image only when this changes.
        "qr": qr and {"born": qr.born, "expires_in": qr.remaining(now), "life": qr.life},
        "code": code
        and {
            "text": code.code,
            "phone": code.phone,
            "expires_in": code.remaining(now),
            "life": code.life,
        },
    }


async def _draw_qr(world: World, request: web.Request) -> Answer:
    qr = world.device(request.match_info["device_id"]).valid_qr(world.clock.monotonic())
    if qr is None:
        raise UnknownError("this device shows no QR now")
    return Answer(await draw_png_in_thread(qr.payload), content_type="image/png")


def _break_gateway(world: World, seconds: float) -> None:
    if not 0 <= seconds <= _LONGEST_BREAK:
        raise InvalidError(f"seconds must be from 0 to {_LONGEST_BREAK}")
    world.break_for(seconds)


_ACTIONS: dict[str, Verb] = {
    "GET /devices": _list_devices,
    "GET /devices/{device_id}/qr.png": _draw_qr,
    "POST /devices/{device_id}/scan": verb_of(World.scan_device),
    "POST /devices/{device_id}/enter-code": verb_of(World.enter_code),
    "POST /devices/{device_id}/scan-expired": verb_of(World.scan_expired),
    "POST /devices/{device_id}/create-passkey": verb_of(World.create_passkey),
    "POST /devices/{device_id}/give-up": verb_of(World.give_up),
    "POST /devices/{device_id}/come-online": verb_of(World.come_online),
    "POST /devices/{device_id}/unlink": verb_of(World.unlink),
    "POST /devices/{device_id}/drop": verb_of(World.drop),
    "POST /restart": verb_of(World.restart),
    "POST /break": verb_of(_break_gateway),
}
