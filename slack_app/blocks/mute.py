"""The modal that mutes: what, how long, and why."""

from wuts.supervisor import MuteScope

from ..messages import Strings
from .alert_people import LONGEST_REASON, scope_value
from .modals import choice, field, modal_view, option
from .names import Input, Modal, MuteUntil
from .parts import Block, plain, shorten

_LONGEST_LABEL = 60


def mute_modal(scope: MuteScope, device_name: str, strings: Strings) -> Block:
    """Return the modal.

    Args:
        scope: What the alert is about, as closely as can be muted.
        device_name: Of its device, or empty.
        strings: The person's language.
    """
    what = [option(text, value) for value, text in _scopes(scope, device_name, strings).items()]
    until = [
        option(strings.mute_an_hour, MuteUntil.AN_HOUR),
        option(strings.mute_morning, MuteUntil.MORNING),
        option(strings.mute_recovered, MuteUntil.RECOVERED),
    ]
    reason: Block = {"type": "plain_text_input", "max_length": LONGEST_REASON}
    why = field(Input.MUTE_REASON, strings.mute_reason, reason)
    blocks = [
        field(Input.MUTE_WHAT, strings.mute_what, choice(what)),
        field(Input.MUTE_UNTIL, strings.mute_until, choice(until)),
        {**why, "hint": plain(strings.mute_reason_hint)},
    ]
    return modal_view(
        Modal.MUTE,
        blocks,
        scope_value(scope),
        strings,
        title=strings.mute_title,
        submit=strings.mute_submit,
    )


def chosen(scope: MuteScope, choice: str) -> MuteScope:
    """Return what somebody chose to mute, of what the alert is about."""
    match choice:
        case "device":
            return MuteScope(scope.account, scope.device_id)
        case "kind":
            return MuteScope(scope.account, None, scope.kind)
        case "account":
            return MuteScope(scope.account)
    raise ValueError(choice)


def _scopes(scope: MuteScope, device_name: str, strings: Strings) -> dict[str, str]:
    account, found = scope.account, {}
    if scope.device_id is not None:
        name = shorten(device_name or scope.device_id, _LONGEST_LABEL)
        found["device"] = strings.mute_device.format(device=name)
    if scope.kind is not None:
        of_account = scope.device_id is None
        template = strings.mute_kind_of_account if of_account else strings.mute_kind
        found["kind"] = template.format(kind=strings.of("kind", scope.kind), account=account)
    return found | {"account": strings.mute_account.format(account=account)}
