"""*Unlink and start again*, when another phone was linked than the expected one."""

from slack_app.blocks.names import Action
from slack_app.listeners.middleware import Visit
from slack_app.listeners.start_pairing import unlink_and_pair
from slack_app.operations.audit import Deed
from slack_app.services import Services

from .click import Button, Click


async def handle(services: Services, visit: Visit, click: Click) -> None:
    """Unlink the phone, and pair anew."""
    line = services.accounts.line(click.ref)
    if line is None:
        await visit.say(visit.words.problem_device_gone)
    else:
        await unlink_and_pair(services, visit, line)


BUTTON = Button(action=Action.UNLINK.value, deed=Deed.UNLINK, handle=handle, names_device=True)
