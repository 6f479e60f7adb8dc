"""*Pair a device* in the app's home: the window that asks which and how."""

from slack_app.blocks.names import Action
from slack_app.blocks.windows import pair_window
from slack_app.listeners.middleware import Visit
from slack_app.operations.audit import Deed
from slack_app.services import Services

from .click import Button, Click


async def handle(services: Services, visit: Visit, click: Click) -> None:
    """Open the window."""
    window = pair_window(services.accounts.names, visit.words)
    await services.slack.views_open(trigger_id=click.trigger_id, view=window)


BUTTON = Button(action=Action.OPEN_PAIR_WINDOW.value, deed=Deed.PAIR, handle=handle)
