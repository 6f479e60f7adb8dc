"""*Resume*: take care of a device again."""

from slack_app.blocks.names import Action
from slack_app.devices.actions import resume
from slack_app.listeners.middleware import Visit
from slack_app.operations.audit import Deed
from slack_app.services import Services

from .click import Button, Click


async def handle(services: Services, visit: Visit, click: Click) -> None:
    """Take care of the device again."""
    line = services.accounts.line(click.ref)
    if line is None:
        await visit.say(visit.words.problem_device_gone)
    else:
        await resume(services, visit, line)


BUTTON = Button(action=Action.RESUME.value, deed=Deed.RESUME, handle=handle, names_device=True)
