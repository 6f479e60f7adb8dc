"""``/_sim/requests`` and ``/_sim/messages``: what the gateway was asked, and what it sent."""

from aiohttp import web

from wuts_simulator.answers import Answer, rfc3339
from wuts_simulator.world import World


async def show_requests(world: World, _request: web.Request) -> Answer:
    """Return the counters."""
    log = world.requests
    return Answer.of(
        {
            "total": log.total(),
            "endpoints": log.by_endpoint,
            "connects": log.connects,
            "max_in_flight": log.max_in_flight,
        }
    )


async def reset_requests(world: World, _request: web.Request) -> Answer:
    """Start to count anew."""
    world.requests.reset()
    return Answer.of({})


async def show_messages(world: World, _request: web.Request) -> Answer:
    """Return what was sent, oldest first."""
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
