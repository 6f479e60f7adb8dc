"""``/wuts check NUMBER …``."""

from slack_app.blocks.numbers import split_numbers
from slack_app.listeners.middleware import Visit
from slack_app.services import Services
from wuts.inputs import check_numbers

from .order import Order


async def handle(services: Services, visit: Visit, order: Order) -> None:
    """Tell the asker alone which of their numbers are on WhatsApp; a connected device looks."""
    digits = check_numbers(split_numbers(order.said.argument))
    lines = [line for line in services.accounts.lines() if line.is_connected]
    if not lines:
        await visit.say(visit.words.check_needs_device)
        return
    client = services.accounts.client(lines[0].account)
    if client is None:
        await visit.say(visit.words.problem_other)
        return
    found = (await client.check_contacts(digits, lines[0].device.id)).results
    await visit.say("\n".join(_line(number, visit, here=found.get(number)) for number in digits))


def _line(number: str, visit: Visit, *, here: bool | None) -> str:
    if here is None:
        return f":grey_question: +{number}"
    template = visit.words.on_whatsapp if here else visit.words.not_on_whatsapp
    mark = ":white_check_mark:" if here else ":x:"
    return f"{mark} {template.format(number=f'+{number}')}"
