"""*Pair*, *Pair now* and *Start again*: a pairing in the direct messages of who clicked."""

from slack_app.blocks.names import Action
from slack_app.listeners.middleware import Visit
from slack_app.listeners.start_pairing import start_pairing
from slack_app.operations.audit import Deed
from slack_app.services import Services

from .click import Button, Click


async def handle(services: Services, visit: Visit, click: Click) -> None:
    """Start the pairing; a phone's key behind the device asks for a pair code."""
    line = services.accounts.line(click.ref)
    key = click.value.split(" ")[2:]
    phone = services.phones.find(visit.user_id, key[0]) if key else None
    if line is None:
        await visit.say(visit.words.problem_device_gone)
    else:
        await start_pairing(services, visit, line, phone)


BUTTON = Button(action=Action.PAIR.value, deed=Deed.PAIR, handle=handle, names_device=True)
