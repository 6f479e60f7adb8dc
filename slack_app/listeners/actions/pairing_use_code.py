"""*Use a pair code* in a pairing's message: a window asks for the phone's number."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond

from slack_app.audit import Deed
from slack_app.blocks.names import Action
from slack_app.blocks.windows import phone_window
from slack_app.services import Services
from slack_app.visits import Visit, privately, receive, user_of, value_of


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the button."""

    @app.action(Action.USE_CODE.value)
    async def on_click(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()

        async def work(visit: Visit) -> None:
            window = phone_window(value_of(body), visit.words)
            await services.slack.views_open(trigger_id=body["trigger_id"], view=window)

        await receive(services, user_of(body), privately(respond), work, Deed.PAIR)
