"""*Create and pair*, when a name was not known."""

import re

from slack_app.blocks.names import Action
from slack_app.listeners.middleware import Visit
from slack_app.listeners.start_pairing import create_and_pair, start_pairing
from slack_app.operations.audit import Deed
from slack_app.services import Services

from .click import Button, Click


async def handle(services: Services, visit: Visit, click: Click) -> None:
    """Create the device, unless an earlier click did, and pair it."""
    account, key, name = click.value.split(" ", 2)
    phone = services.phones.find(visit.user_id, key)
    made = [line for line in services.accounts.find(name) if line.account == account]
    if made:
        await start_pairing(services, visit, made[0], phone)
    else:
        await create_and_pair(services, visit, account, name, phone)


BUTTON = Button(action=re.compile(f"^{Action.CREATE}_"), deed=Deed.CREATE, handle=handle)
