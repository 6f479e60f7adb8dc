"""Buttons, and what each does. Every click asks again whether the person may."""

import re
from dataclasses import dataclass
from functools import partial
from re import Pattern

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from ..blocks.names import Action
from ..operations.audit import AuditAction
from ..pairing.pairing import PairingAction
from . import pairing_actions as pairing
from .context import CommandContext, device_of
from .device_actions import DeviceAction, reconnect, resume, turn_page
from .middleware import Handler, serve


def _on_device(act: DeviceAction) -> Handler:
    """Return what does ``act`` with the device that a button names."""

    async def handle(asked: CommandContext) -> None:
        line = asked.services.accounts.line(device_of(asked.bolt))
        if line is None:
            await asked.say(asked.strings.problem_device_gone)
        else:
            await act(asked, line)

    return handle


@dataclass(frozen=True, slots=True)
class Button:
    """A kind of button.

    Attributes:
        action: Its id, or the pattern of its ids.
        audited: What it is for, in the audit log.
        handle: What a click on it does.
        names_device: Whether its value names a device, for the audit log.
    """

    action: str | Pattern[str]
    audited: AuditAction
    handle: Handler
    names_device: bool = False


BUTTONS = (
    Button(Action.STATUS_PREVIOUS.value, AuditAction.USE, turn_page),
    Button(Action.STATUS_NEXT.value, AuditAction.USE, turn_page),
    Button(Action.PAIR.value, AuditAction.PAIR, _on_device(pairing.pair), names_device=True),
    Button(Action.RECONNECT.value, AuditAction.RECONNECT, _on_device(reconnect), names_device=True),
    Button(Action.RESUME.value, AuditAction.RESUME, _on_device(resume), names_device=True),
    Button(re.compile(f"^{Action.CREATE}_"), AuditAction.CREATE, pairing.create_offered),
    Button(
        Action.NEW_CODE.value,
        AuditAction.PAIR,
        partial(pairing.ask_clicked, action=PairingAction.NEW_CODE),
    ),
    Button(Action.USE_CODE.value, AuditAction.PAIR, pairing.open_phone_modal),
    Button(
        Action.CANCEL.value,
        AuditAction.PAIR,
        partial(pairing.ask_clicked, action=PairingAction.CANCEL),
    ),
    Button(
        Action.UNLINK.value,
        AuditAction.UNLINK,
        _on_device(pairing.unlink_and_pair),
        names_device=True,
    ),
    Button(Action.KEEP.value, AuditAction.KEEP, pairing.keep_phone, names_device=True),
    Button(Action.OPEN_PAIR_MODAL.value, AuditAction.PAIR, pairing.open_pair_modal),
)


def register_actions(app: AsyncApp) -> None:
    """Listen to all buttons."""
    for button in BUTTONS:
        _register(app, button)


def _register(app: AsyncApp, button: Button) -> None:
    @app.action(button.action)
    async def on_click(ack: AsyncAck, context: AsyncBoltContext) -> None:
        await ack()
        ref = device_of(context) if button.names_device else None
        await serve(context, button.handle, button.audited, ref)
