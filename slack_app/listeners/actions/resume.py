"""*Resume*: take care of a device again."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond

from slack_app.audit import Deed
from slack_app.blocks.names import Action
from slack_app.care import resume
from slack_app.device_ref import DeviceRef
from slack_app.services import Services
from slack_app.visits import Visit, privately, receive, user_of, value_of


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the button."""

    @app.action(Action.RESUME.value)
    async def on_click(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()

        async def work(visit: Visit) -> None:
            line = services.accounts.line(DeviceRef.parse(value_of(body)))
            if line is None:
                await visit.say(visit.words.problem_device_gone)
            else:
                await resume(services, visit, line)

        await receive(services, user_of(body), privately(respond), work, Deed.RESUME)
