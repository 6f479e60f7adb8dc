"""``/wuts reconnect DEVICE``."""

from slack_app.devices.actions import reconnect
from slack_app.listeners.middleware import Visit
from slack_app.services import Services

from .order import Order, find_one


async def handle(services: Services, visit: Visit, order: Order) -> None:
    """Look at a device now, so that it is reconnected."""
    line = await find_one(services, visit, order.said.argument)
    if line is not None:
        await reconnect(services, visit, line)
