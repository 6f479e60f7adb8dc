"""``/wuts pause DEVICE``."""

from slack_app.devices.actions import pause
from slack_app.listeners.middleware import Visit
from slack_app.services import Services

from .order import Order, find_one


async def handle(services: Services, visit: Visit, order: Order) -> None:
    """Leave a device alone."""
    line = await find_one(services, visit, order.said.argument)
    if line is not None:
        await pause(services, visit, line)
