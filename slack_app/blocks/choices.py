"""Answers that ask back: which device, whether to create one, whether to do it anyway.

No button holds a number: ``phone_key`` stands for the phone to make a pair code for, if any.
"""

from collections.abc import Sequence

from ..devices.device import Line
from ..messages import Strings
from ..operations.audit import AuditAction
from .names import Action
from .parts import Content, actions, button, confirmed, escape, section, shorten, shown_name
from .status import state_name

MOST = 10
_LONGEST_NAME = 100


def offer_to_create(
    name: str, accounts: Sequence[str], strings: Strings, phone_key: str = ""
) -> Content:
    """Return the offer to create a device: a button for each account."""
    text = strings.offer_create.format(name=escape(shorten(name, _LONGEST_NAME)))
    several = len(accounts) > 1
    buttons = [
        button(
            f"{strings.button_create} ({account})" if several else strings.button_create,
            f"{Action.CREATE}_{account}",
            f"{account} {phone_key} {name}",
        )
        for account in accounts[:MOST]
    ]
    return Content(text, [section(text), actions(buttons)])


def which_device(
    name: str, lines: Sequence[Line], strings: Strings, phone_key: str = ""
) -> Content:
    """Return the choice among devices of one name, each with its button to pair."""
    text = strings.several_devices.format(name=escape(shorten(name, _LONGEST_NAME)))
    blocks = [section(text)]
    for line in lines[:MOST]:
        state = state_name(line.device.state, strings)
        about = f"{line.account} · {state} · `{escape(line.id)}`"
        pair = button(strings.button_pair, Action.PAIR, f"{line.ref} {phone_key}".strip())
        blocks.append(section(about, pair))
    return Content(text, blocks)


def ask_anyway(
    action: AuditAction, line: Line, count: int, strings: Strings, *, heeds: bool | None
) -> Content:
    """Return the question before something is done that may be done to another device.

    Args:
        action: ``UNLINK`` or ``DISCONNECT``.
        line: The device.
        count: How many devices its account has.
        strings: The person's language.
        heeds: Whether the gateway tells devices apart, or None where that is not known.
    """
    template = strings.of(action, "unsure" if heeds is None else "ignored")
    name = shown_name(line.name, line.id)
    text = template.format(account=line.account, count=count, device=name)
    label = strings.of("button", f"{action}_anyway")
    go_on = confirmed(
        button(label, Action(f"{action}_anyway"), str(line.ref), style="danger"),
        strings.of(action, "title"),
        strings.of(action, "warning"),
        yes=strings.of("button", f"{action}_yes"),
        no=strings.button_cancel,
    )
    return Content(text, [section(f":warning: {text}"), actions([go_on])])
