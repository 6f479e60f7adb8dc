"""*Previous* and *Next* in a status message or a home: another page in its place."""

from slack_app.blocks.names import Action
from slack_app.blocks.status import status_message
from slack_app.devices.overview import gather
from slack_app.listeners.middleware import Visit
from slack_app.operations.audit import Deed
from slack_app.services import Services

from .click import Button, Click


async def handle(services: Services, visit: Visit, click: Click) -> None:
    """Show the page that the button names."""
    page = int(click.value)
    if click.is_at_home:
        await services.homes.open(visit.user_id, page)
        return
    overview = await gather(services.accounts, visit.words)
    await click.replace(status_message(overview, page, visit.words))


BUTTONS = tuple(
    Button(action=action.value, deed=Deed.USE, handle=handle)
    for action in (Action.STATUS_PREVIOUS, Action.STATUS_NEXT)
)
