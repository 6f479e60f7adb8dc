"""``/wuts resume DEVICE``."""

from slack_app.devices.actions import resume
from slack_app.listeners.middleware import Visit
from slack_app.services import Services

from .order import Order, find_one


async def handle(services: Services, visit: Visit, order: Order) -> None:
    """Take care of a device again."""
    line = await find_one(services, visit, order.said.argument)
    if line is not None:
        await resume(services, visit, line)
