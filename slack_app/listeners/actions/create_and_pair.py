"""*Create and pair*, when a name was not known."""

import re
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond

from slack_app.audit import Deed
from slack_app.blocks.names import Action
from slack_app.pair_start import create_and_pair
from slack_app.services import Services
from slack_app.visits import Visit, privately, receive, user_of, value_of


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the button."""

    @app.action(re.compile(f"^{Action.CREATE}_"))
    async def on_click(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()

        async def work(visit: Visit) -> None:
            account, _, name = value_of(body).partition(" ")
            await create_and_pair(services, visit, account, name)

        await receive(services, user_of(body), privately(respond), work, Deed.CREATE)
