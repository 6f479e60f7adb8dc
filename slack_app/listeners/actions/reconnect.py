"""*Reconnect*: look at a device now."""

from slack_app.audit import Deed
from slack_app.blocks.names import Action
from slack_app.care import reconnect
from slack_app.services import Services
from slack_app.visits import Visit

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
