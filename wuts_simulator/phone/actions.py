"""``/phone/api/``: what the page shows, and what its buttons do."""

from aiohttp import web

from wuts_simulator.answers import Answer
from wuts_simulator.device import Device
from wuts_simulator.errors import InvalidError, UnknownError
from wuts_simulator.inputs import read_inputs
from wuts_simulator.qr_image import draw_png_in_thread
from wuts_simulator.world import World

from .search import find_page

_LONGEST_BREAK = 3600


async def list_devices(world: World, request: web.Request) -> Answer:
    """Return one page of devices, and how the gateway is."""
    world.sessions.settle()
    number = request.query.get("page", "1")
    now = world.clock.monotonic()
    page = find_page(
        world.registry.devices.values(),
        request.query.get("search", ""),
        int(number) if number.isdecimal() else 1,
        now,
    )
    return Answer.of(
        {
            "devices": [_view(device, now) for device in page.devices],
            "page": page.number,
            "pages": page.pages,
            "found": page.total,
            "total": len(world.registry.devices),
            "down_for": round(world.down_for(), 1),
        }
    )


async def draw_qr(world: World, request: web.Request) -> Answer:
    """Return the device's present QR as a PNG."""
    qr = world.device(request.match_info["id"]).valid_qr(world.clock.monotonic())
    if qr is None:
        raise UnknownError("this device shows no QR now")
    return Answer(await draw_png_in_thread(qr.payload), content_type="image/png")


async def scan(world: World, request: web.Request) -> Answer:
    """Scan the device's present QR."""
    inputs = await read_inputs(request, "phone")
    world.scan_device(request.match_info["id"], inputs.text("phone"))
    return Answer.of({})


async def enter_code(world: World, request: web.Request) -> Answer:
    """Type the device's code."""
    inputs = await read_inputs(request, "code")
    world.enter_code(request.match_info["id"], inputs.text("code"))
    return Answer.of({})


async def unlink(world: World, request: web.Request) -> Answer:
    """Unlink the device, as on the phone."""
    world.unlink(request.match_info["id"])
    return Answer.of({})


async def drop(world: World, request: web.Request) -> Answer:
    """Let the session drop."""
    world.drop(request.match_info["id"])
    return Answer.of({})


async def restart(world: World, _request: web.Request) -> Answer:
    """Restart the gateway."""
    world.restart()
    return Answer.of({})


async def break_gateway(world: World, request: web.Request) -> Answer:
    """Answer 503 to everything for a while; 0 mends it."""
    seconds = (await read_inputs(request, "seconds")).number("seconds", -1.0)
    if not 0 <= seconds <= _LONGEST_BREAK:
        raise InvalidError(f"seconds must be from 0 to {_LONGEST_BREAK}")
    world.break_for(seconds)
    return Answer.of({})


def _view(device: Device, now: float) -> dict[str, object]:
    qr, code = device.valid_qr(now), device.valid_code(now)
    return {
        "id": device.id,
        "name": device.name,
        "tenant": device.user.tenant.name,
        "session": device.session,
        "phone": device.phone,
        # The page loads an image anew only when this changes.
        "qr": qr and {"born": qr.born, "expires_in": qr.remaining(now), "life": qr.life},
        "code": code
        and {
            "text": code.code,
            "phone": code.phone,
            "expires_in": code.remaining(now),
            "life": code.life,
        },
    }
