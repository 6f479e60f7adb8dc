"""Buttons, and what each does. Every click asks again whether the person may."""

import re
from re import Pattern

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from ..blocks.names import Action, chosen_by
from ..messages.parser import Command
from ..operations.audit import AuditAction
from . import alert_actions as alerts
from . import pairing_actions as pairing
from .checking import check_chosen
from .commands import HANDLERS, ON_DEVICE, chosen_device
from .consent import dismiss
from .context import CommandContext, device_of
from .device_actions import DeviceAction, disconnect_anyway, reconnect, resume
from .middleware import Handler, serve
from .removals import delete_anyway, unlink_only
from .status import choose_at_home, search_at_home, turn_list, turn_page
from .subscriptions import unsubscribe_listed
from .verbs import create_where
from .webhooks import agree, replace


def _on_device(act: DeviceAction) -> Handler:
    """Return what does ``act`` with the device that a button names."""

    async def handle(asked: CommandContext) -> None:
        line = await asked.services.accounts.look_up(device_of(asked.bolt))
        if line is None:
            await asked.say(asked.strings.problem_device_gone)
        else:
            await act(asked, line)

    return handle


BUTTONS: dict[str | Pattern[str], tuple[AuditAction, Handler]] = {
    Action.STATUS_PREVIOUS.value: (AuditAction.USE, turn_page),
    Action.STATUS_NEXT.value: (AuditAction.USE, turn_page),
    Action.STATUS_ALL.value: (AuditAction.USE, turn_page),
    Action.WEBHOOK_AGREE.value: (AuditAction.WEBHOOK, agree),
    Action.WEBHOOK_REPLACE.value: (AuditAction.WEBHOOK, replace),
    Action.CHECK_NUMBER.value: (AuditAction.CHECK, check_chosen),
    Action.LIST_PREVIOUS.value: (AuditAction.USE, turn_list),
    Action.LIST_NEXT.value: (AuditAction.USE, turn_list),
    Action.HOME_FILTER.value: (AuditAction.USE, choose_at_home),
    Action.HOME_SEARCH.value: (AuditAction.USE, search_at_home),
    Action.PAIR.value: (AuditAction.PAIR, _on_device(pairing.pair)),
    Action.RECONNECT.value: (AuditAction.RECONNECT, _on_device(reconnect)),
    Action.RESUME.value: (AuditAction.RESUME, _on_device(resume)),
    Action.UNLINK.value: (AuditAction.UNLINK, _on_device(pairing.unlink_and_pair)),
    Action.UNLINK_ANYWAY.value: (AuditAction.UNLINK, _on_device(pairing.unlink_anyway)),
    Action.UNLINK_ONLY.value: (AuditAction.UNLINK, _on_device(unlink_only)),
    Action.DISCONNECT_ANYWAY.value: (AuditAction.DISCONNECT, _on_device(disconnect_anyway)),
    Action.DELETE_ANYWAY.value: (AuditAction.DELETE, _on_device(delete_anyway)),
    Action.DISMISS.value: (AuditAction.USE, dismiss),
    Action.KEEP.value: (AuditAction.KEEP, pairing.keep_phone),
    re.compile(f"^{Action.CREATE}_"): (AuditAction.CREATE, pairing.create_offered),
    re.compile(f"^{Action.CREATE_ONLY}_"): (AuditAction.CREATE, create_where),
    Action.NEW_CODE.value: (AuditAction.PAIR, pairing.new_code),
    Action.CANCEL.value: (AuditAction.PAIR, pairing.cancel),
    Action.SEND_LINK.value: (AuditAction.LINK, pairing.send_link),
    Action.USE_CODE.value: (AuditAction.PAIR, pairing.open_phone_modal),
    Action.OPEN_PAIR_MODAL.value: (AuditAction.PAIR, pairing.open_pair_modal),
    Action.PAIR_NEXT.value: (AuditAction.PAIR, alerts.pair_next),
    Action.TAKE.value: (AuditAction.TAKE, alerts.take),
    Action.TAKE_ALL.value: (AuditAction.TAKE, alerts.take_all),
    Action.MUTE.value: (AuditAction.MUTE, alerts.open_mute_modal),
    Action.UNMUTE.value: (AuditAction.UNMUTE, alerts.unmute),
    Action.UNSUBSCRIBE.value: (AuditAction.UNSUBSCRIBE, unsubscribe_listed),
    **{chosen_by(one): (HANDLERS[one][0], chosen_device(one)) for one in ON_DEVICE},
}
"""What each button is for in the audit log, and what a click does, by its id or their pattern."""

_OF_A_DEVICE = {
    Action.PAIR,
    Action.RECONNECT,
    Action.RESUME,
    Action.UNLINK,
    Action.UNLINK_ANYWAY,
    Action.UNLINK_ONLY,
    Action.DISCONNECT_ANYWAY,
    Action.DELETE_ANYWAY,
    Action.KEEP,
    Action.WEBHOOK_REPLACE,
}
"""Buttons whose value begins with a device."""

OPEN_MODALS = {
    Action.OPEN_PAIR_MODAL.value,
    Action.USE_CODE.value,
    Action.MUTE.value,
    chosen_by(Command.MUTE),
}
"""Buttons that open a modal, for which Slack leaves three seconds."""


def register_actions(app: AsyncApp) -> None:
    """Listen to all buttons."""
    for action, (does, handle) in BUTTONS.items():
        _register(app, action, does, handle)


def _register(
    app: AsyncApp, action: str | Pattern[str], audited: AuditAction, handle: Handler
) -> None:
    @app.action(action)
    async def on_click(ack: AsyncAck, context: AsyncBoltContext) -> None:
        await ack()
        is_of_device = action in _OF_A_DEVICE or str(action).startswith(f"{Action.CHOOSE}_")
        ref = device_of(context) if is_of_device else None
        await serve(context, handle, audited, ref, opens=action in OPEN_MODALS)
