"""*Use a pair code* in a pairing's message: a window asks for the phone's number."""

from slack_app.blocks.names import Action
from slack_app.blocks.windows import phone_window
from slack_app.listeners.middleware import Visit
from slack_app.operations.audit import Deed
from slack_app.services import Services

from .click import Button, Click


async def handle(services: Services, visit: Visit, click: Click) -> None:
    """Open the window."""
    window = phone_window(click.value, visit.words)
    await services.slack.views_open(trigger_id=click.trigger_id, view=window)


BUTTON = Button(action=Action.USE_CODE.value, deed=Deed.PAIR, handle=handle)
