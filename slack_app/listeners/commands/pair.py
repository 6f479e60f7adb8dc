"""``/wuts pair [device or new name] [code +55…]``."""

from slack_app.blocks.choices import offer_to_create, which_device
from slack_app.blocks.windows import pair_window
from slack_app.listeners.middleware import Visit
from slack_app.listeners.start_pairing import start_pairing
from slack_app.services import Services

from .order import Order


async def handle(services: Services, visit: Visit, order: Order) -> None:
    """Pair a device; ask which, or whether to create it, where that is not clear."""
    name, phone = order.said.argument, order.said.phone
    accounts = services.accounts
    if not name:
        window = pair_window(accounts.names, visit.words)
        await services.slack.views_open(trigger_id=order.trigger_id, view=window)
        return
    lines = await accounts.search(name)
    if not lines:
        key = services.phones.keep(visit.user_id, phone)
        await visit.answer(offer_to_create(name, accounts.names, visit.words, key))
    elif len(lines) > 1:
        key = services.phones.keep(visit.user_id, phone)
        await visit.answer(which_device(name, lines, visit.words, key))
    else:
        await start_pairing(services, visit, lines[0], phone)
