"""*New code* in a pairing's message."""

from slack_app.blocks.names import Action
from slack_app.listeners.middleware import Visit
from slack_app.operations.audit import Deed
from slack_app.pairing.actions import NewCode
from slack_app.services import Services

from .click import Button, Click


async def handle(services: Services, visit: Visit, click: Click) -> None:
    """Let the pairing show a fresh code."""
    if not services.pairings.click(click.value, visit.user_id, NewCode()):
        await visit.say(visit.words.pairing_over)


BUTTON = Button(action=Action.NEW_CODE.value, deed=Deed.PAIR, handle=handle)
