"""Shortcuts: *Pair a number* from anywhere, and *Check this number* on a message."""

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from ..blocks.names import Shortcut
from ..operations.audit import AuditAction
from .checking import check_message
from .middleware import serve
from .pairing_actions import open_pair_modal


def register_shortcuts(app: AsyncApp) -> None:
    """Listen to both."""

    @app.shortcut(Shortcut.PAIR.value)
    async def on_pair(ack: AsyncAck, context: AsyncBoltContext) -> None:
        await ack()
        await serve(context, open_pair_modal, AuditAction.PAIR, opens=True)

    @app.shortcut(Shortcut.CHECK.value)
    async def on_check(ack: AsyncAck, context: AsyncBoltContext) -> None:
        await ack()
        await serve(context, check_message, AuditAction.CHECK)
