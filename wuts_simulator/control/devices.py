"""``/_sim/devices`` and ``/_sim/scan``: making devices, and being the phone."""

from aiohttp import web

from wuts_simulator.answers import Answer
from wuts_simulator.device import DeviceState
from wuts_simulator.errors import InvalidError
from wuts_simulator.inputs import read_inputs
from wuts_simulator.views import device_view
from wuts_simulator.world import World

_MAX_COUNT = 1_000_000


async def add_devices(world: World, request: web.Request) -> Answer:
    """Make devices."""
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


async def show_device(world: World, request: web.Request) -> Answer:
    """Return a device with its present QR and code."""
    device = world.device(request.match_info["id"])
    return Answer.of(device_view(device, world.clock.monotonic()))


async def scan(world: World, request: web.Request) -> Answer:
    """Scan a QR by its payload."""
    inputs = await read_inputs(request, "payload", "phone")
    device = world.scan(inputs.text("payload"), inputs.text("phone"))
    return Answer.of({"device_id": device.id})


async def scan_device(world: World, request: web.Request) -> Answer:
    """Scan the QR that a device shows now."""
    inputs = await read_inputs(request, "phone")
    device = world.scan_device(request.match_info["id"], inputs.text("phone"))
    return Answer.of({"device_id": device.id})


async def enter_code(world: World, request: web.Request) -> Answer:
    """Type a pair code."""
    inputs = await read_inputs(request, "code", "phone")
    phone = inputs.optional_text("phone")
    device = world.enter_code(request.match_info["id"], inputs.text("code"), phone)
    return Answer.of({"device_id": device.id})


async def unlink(world: World, request: web.Request) -> Answer:
    """Unlink the device on its phone."""
    world.unlink(request.match_info["id"])
    return Answer.of({})


async def drop(world: World, request: web.Request) -> Answer:
    """Let the session drop."""
    world.drop(request.match_info["id"])
    return Answer.of({})


async def restore(world: World, request: web.Request) -> Answer:
    """Let the session come back by itself."""
    world.restore(request.match_info["id"])
    return Answer.of({})


async def remove(world: World, request: web.Request) -> Answer:
    """Let the record vanish."""
    world.remove(request.match_info["id"])
    return Answer.of({})
