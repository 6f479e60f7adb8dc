"""Shortcuts: *Pair a number* from anywhere, and *Check this number* on a message."""

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from ..blocks.names import Shortcut
from ..operations.audit import AuditAction
from .checking import check_message
from .middleware import Handler, serve
from .pairing_actions import open_pair_modal

SHORTCUTS: dict[Shortcut, tuple[AuditAction, Handler]] = {
    Shortcut.PAIR: (AuditAction.PAIR, open_pair_modal),
    Shortcut.CHECK: (AuditAction.CHECK, check_message),
}
"""What each is for in the audit log, and what it does."""


def register_shortcuts(app: AsyncApp) -> None:
    """Listen to all of them."""
    for shortcut, (does, handle) in SHORTCUTS.items():
        _register(app, shortcut, does, handle)


def _register(app: AsyncApp, shortcut: Shortcut, does: AuditAction, handle: Handler) -> None:
    @app.shortcut(shortcut.value)
    async def on_use(ack: AsyncAck, context: AsyncBoltContext) -> None:
        await ack()
        await serve(context, handle, does, opens=shortcut is Shortcut.PAIR)
