"""Answers that ask back: which device, whether to create one, whether to take something away.

No button holds a number: ``phone_key`` stands for the phone to make a pair code for, if any.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..devices.device import Line
from ..messages import Strings
from ..messages.parser import Command
from ..operations.audit import AuditAction
from .names import Action, chosen_by
from .numbers import masked
from .parts import (
    Content,
    actions,
    button,
    confirmed,
    context,
    escape,
    section,
    shorten,
    shown_name,
)
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


def choose_device(
    text: str, lines: Sequence[Line], command: Command, kind: str, strings: Strings
) -> Content:
    """Return the choice among devices, each with a button that does what a command asked for.

    Args:
        text: Asks which.
        lines: The devices.
        command: What is to be done with the one that is chosen.
        kind: The kind of alert that the command named, or empty.
        strings: The person's language.
    """
    blocks = [section(text)]
    for line in lines[:MOST]:
        name, state = shown_name(line.name, line.id), state_name(line.device.state, strings)
        about = f"*{name}* · {line.account} · {state} · `{escape(line.id)}`"
        value = f"{line.ref} {kind}".strip()
        blocks.append(section(about, button(strings.button_choose, chosen_by(command), value)))
    if len(lines) > MOST:
        blocks.append(context(strings.alert_others.format(count=len(lines) - MOST)))
    return Content(text, blocks)


def which_number(keys: Mapping[str, str], everything: str, strings: Strings) -> Content:
    """Return the choice among the numbers of a message.

    Args:
        keys: What stands for each, by the number as it is shown.
        everything: What stands for all of them.
        strings: The person's language.
    """
    text = strings.which_number
    blocks = [section(text)]
    for number, key in list(keys.items())[:MOST]:
        blocks.append(section(number, button(strings.button_check, Action.CHECK_NUMBER, key)))
    blocks.append(actions([button(strings.button_check_all, Action.CHECK_NUMBER, everything)]))
    return Content(text, blocks)


def where_to_create(name: str, accounts: Sequence[str], strings: Strings) -> Content:
    """Return the question in which account to create a device."""
    text = strings.create_where.format(name=escape(shorten(name, _LONGEST_NAME)))
    buttons = [
        button(account, f"{Action.CREATE_ONLY}_{account}", f"{account} {name}")
        for account in accounts[:MOST]
    ]
    return Content(text, [section(text), actions(buttons)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Why something may be done to another device than is meant.

    Attributes:
        count: How many devices the account has.
        heeds: Whether the gateway tells devices apart, or None if that is not known.
    """

    count: int
    heeds: bool | None


def ask_first(  # noqa: PLR0913 - the last three are named
    action: AuditAction,
    line: Line,
    does: Action,
    key: str,
    *,
    minutes: int,
    strings: Strings,
    doubt: Doubt | None = None,
) -> Content:
    """Return the question before something is taken away: from which device, and which phone.

    Args:
        action: ``UNLINK``, ``DISCONNECT`` or ``DELETE``.
        line: The device.
        does: The button that does it.
        key: The question's own.
        minutes: For how long it may be answered.
        strings: The person's language.
        doubt: Why another device may be meant, or None.
    """
    name = shown_name(line.name, line.id)
    phone = strings.number.format(number=masked(line.number)) if line.number else None
    text = strings.of(action, "question").format(device=name, phone=phone or strings.phone_unknown)
    label = strings.of("button", f"{action}_yes" if doubt is None else f"{action}_anyway")
    go_on = button(label, does, f"{line.ref} {key}", style="danger")
    if doubt is not None:
        template = strings.of(action, "unsure" if doubt.heeds is None else "ignored")
        why = template.format(account=line.account, count=doubt.count, device=name)
        text = f"{why} {text}"
        title, warning = strings.of(action, "title"), strings.of(action, "warning")
        yes = strings.of("button", f"{action}_yes")
        go_on = confirmed(go_on, title, warning, yes=yes, no=strings.button_cancel)
    leave = button(strings.button_cancel, Action.DISMISS, key)
    until = strings.confirm_until.format(minutes=minutes)
    blocks = [section(f":warning: {text}"), context(until), actions([go_on, leave])]
    return Content(text, blocks)
