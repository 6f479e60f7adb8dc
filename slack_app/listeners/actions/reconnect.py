"""*Reconnect*: look at a device now."""

from slack_app.blocks.names import Action
from slack_app.devices.actions import reconnect
from slack_app.listeners.middleware import Visit
from slack_app.operations.audit import Deed
from slack_app.services import Services

from .click import Button, Click


async def handle(services: Services, visit: Visit, click: Click) -> None:
    """Look at the device now."""
    line = services.accounts.line(click.ref)
    if line is None:
        await visit.say(visit.words.problem_device_gone)
    else:
        await reconnect(services, visit, line)


BUTTON = Button(
    action=Action.RECONNECT.value, deed=Deed.RECONNECT, handle=handle, names_device=True
)
