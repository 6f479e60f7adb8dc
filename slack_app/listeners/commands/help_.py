"""``/wuts help``."""

from slack_app.blocks.help import help_message
from slack_app.listeners.middleware import Visit
from slack_app.services import Services

from .order import Order


async def handle(_services: Services, visit: Visit, _order: Order) -> None:
    """Show what all commands do."""
    await visit.answer(help_message(visit.words))
