"""``/wuts status [device] [--share]``."""

from slack_app.blocks.parts import Content
from slack_app.blocks.status import detail_message, status_message
from slack_app.devices.overview import gather
from slack_app.listeners.middleware import Visit
from slack_app.services import Services

from .order import Order, find_one


async def handle(services: Services, visit: Visit, order: Order) -> None:
    """Show all devices, or one in detail; to the asker, or with ``--share`` to the channel."""
    overview = await gather(services.accounts, visit.words)
    if order.said.argument:
        line = await find_one(services, visit, order.said.argument)
        if line is None:
            return
        content = detail_message(line, overview, visit.words)
    else:
        content = status_message(overview, 0, visit.words)
    if order.said.share:
        await _share(order, content)
    else:
        await visit.answer(content)


async def _share(order: Order, content: Content) -> None:
    await order.respond(
        text=content.text,
        blocks=content.blocks,
        response_type="in_channel",
        replace_original=False,
    )
