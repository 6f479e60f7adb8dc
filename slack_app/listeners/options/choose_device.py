"""The devices whose name has in it what was typed so far."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from slack_app.blocks.names import Action
from slack_app.blocks.windows import device_options
from slack_app.listeners.middleware import user_of
from slack_app.services import Services
from slack_app.slack.errors import SLACK_TROUBLES


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the menu; who may not, is shown nothing."""

    @app.options(Action.CHOOSE_DEVICE.value)
    async def on_typing(ack: AsyncAck, body: dict[str, Any], payload: dict[str, Any]) -> None:
        try:
            allowed = await services.permissions.allow(user_of(body))
        except SLACK_TROUBLES:
            allowed = False
        lines = services.accounts.matching(str(payload.get("value", ""))) if allowed else []
        several = len(services.accounts.names) > 1
        await ack(options=device_options(lines, name_account=several))
