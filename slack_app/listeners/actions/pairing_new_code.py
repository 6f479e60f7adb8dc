"""*New code* in a pairing's message."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond

from slack_app.audit import Deed
from slack_app.blocks.names import Action
from slack_app.pairing import NewCode
from slack_app.services import Services
from slack_app.visits import Visit, privately, receive, user_of, value_of


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the button."""

    @app.action(Action.NEW_CODE.value)
    async def on_click(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()

        async def work(visit: Visit) -> None:
            if not services.pairings.click(value_of(body), visit.user_id, NewCode()):
                await visit.say(visit.words.pairing_over)

        await receive(services, user_of(body), privately(respond), work, Deed.PAIR)
