"""What the tests of a pairing session share: short times, and one event after the other."""

import asyncio

from wuts.pairing import PairingSession, PairingSettings
from wuts_simulator import Simulator

FAST = PairingSettings(
    deadline=30,
    poll_interval=0.02,
    qr_status_interval=0.02,
    shortest_showing=0.1,
    settle=0.05,
    link_patience=5,
)
OWNER = "a test"

_PATIENCE = 200


async def next_event[E](session: PairingSession, kind: type[E]) -> E:
    """Return the next event, which must be of this kind."""
    async with asyncio.timeout(_PATIENCE):
        event = await anext(session)
    assert isinstance(event, kind), f"{event} came instead of {kind.__name__}"
    return event


async def is_over(session: PairingSession) -> bool:
    """Tell whether nothing more comes."""
    async with asyncio.timeout(_PATIENCE):
        return await anext(session, None) is None


def open_connects(sim: Simulator) -> int:
    """Return how many ``/connect`` are under way on the gateway's side."""
    sim.world.requests.reset()
    return sim.world.requests.max_in_flight.total()
