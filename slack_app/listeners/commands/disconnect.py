"""``/wuts disconnect DEVICE``."""

from slack_app.devices.actions import disconnect
from slack_app.listeners.middleware import Visit
from slack_app.services import Services

from .order import Order, find_one


async def handle(services: Services, visit: Visit, order: Order) -> None:
    """End a device's session, and leave it alone."""
    line = await find_one(services, visit, order.said.argument)
    if line is not None:
        await disconnect(services, visit, line)
