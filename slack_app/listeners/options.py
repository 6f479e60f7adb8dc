"""Menus that ask the app for their options: the devices whose name contains what was typed."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from ..blocks.modals import device_options
from ..blocks.names import Action
from ..slack.errors import SLACK_ERRORS
from .context import Services


def register_options(app: AsyncApp) -> None:
    """Listen to the menu; who may not use the app is shown nothing."""

    @app.options(Action.CHOOSE_DEVICE.value)
    async def on_typing(ack: AsyncAck, context: AsyncBoltContext, payload: dict[str, Any]) -> None:
        services: Services = context["services"]
        try:
            allowed = await services.permissions.allow(str(context.user_id))
        except SLACK_ERRORS:
            allowed = False
        lines = services.accounts.matching(str(payload.get("value", ""))) if allowed else []
        several = len(services.accounts.names) > 1
        await ack(options=device_options(lines, name_account=several))
