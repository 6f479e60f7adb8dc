"""*Previous* and *Next* in a status message: another page in its place."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond

from slack_app.blocks.names import Action
from slack_app.blocks.status import status_message
from slack_app.overview import gather
from slack_app.services import Services
from slack_app.visits import Visit, privately, receive, user_of, value_of


def register(app: AsyncApp, services: Services) -> None:
    """Listen to both buttons."""

    async def on_click(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()

        async def work(visit: Visit) -> None:
            overview = await gather(services.accounts, visit.words)
            content = status_message(overview, int(value_of(body)), visit.words)
            await respond(text=content.text, blocks=content.blocks, replace_original=True)

        await receive(services, user_of(body), privately(respond), work)

    app.action(Action.STATUS_PREVIOUS.value)(on_click)
    app.action(Action.STATUS_NEXT.value)(on_click)
