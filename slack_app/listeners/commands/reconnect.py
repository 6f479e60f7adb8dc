"""``/wuts reconnect DEVICE``."""

from slack_app.care import reconnect
from slack_app.services import Services
from slack_app.visits import Visit

from .order import Order, find_one


async def handle(services: Services, visit: Visit, order: Order) -> None:
    """Look at a device now, so that it is reconnected."""
    line = await find_one(services, visit, order.said.argument)
    if line is not None:
        await reconnect(services, visit, line)
