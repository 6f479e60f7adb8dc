"""``/_sim/``: tenants, tokens, state, and what happens to the gateway as a whole."""

from collections import Counter

from aiohttp import web

from wuts_simulator.answers import Answer
from wuts_simulator.errors import InvalidError
from wuts_simulator.inputs import read_inputs
from wuts_simulator.phone_numbers import parse_phone_number
from wuts_simulator.world import World


async def add_tenant(world: World, request: web.Request) -> Answer:
    """Make a tenant, or add tokens to one."""
    inputs = await read_inputs(request, "name", "tokens")
    world.add_tenant(inputs.text("name"), *inputs.texts("tokens"))
    return Answer.of({})


async def revoke_token(world: World, request: web.Request) -> Answer:
    """Refuse a token from now on."""
    world.revoke_token(request.match_info["token"])
    return Answer.of({})


async def add_numbers(world: World, request: web.Request) -> Answer:
    """Put numbers on WhatsApp."""
    inputs = await read_inputs(request, "numbers")
    world.known_numbers.update(parse_phone_number(text) for text in inputs.texts("numbers"))
    return Answer.of({})


async def show_state(world: World, _request: web.Request) -> Answer:
    """Return who is there, and how many devices are in which state."""
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


async def break_gateway(world: World, request: web.Request) -> Answer:
    """Answer 503 to everything for a while."""
    inputs = await read_inputs(request, "seconds")
    seconds = inputs.number("seconds", -1.0)
    if seconds < 0:
        raise InvalidError("seconds is required, 0 or more")
    world.break_for(seconds)
    return Answer.of({})


async def advance_clock(world: World, request: web.Request) -> Answer:
    """Let time pass at once."""
    inputs = await read_inputs(request, "advance")
    world.advance(inputs.number("advance", 0.0))
    return Answer.of({})
