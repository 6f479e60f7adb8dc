"""Which devices report to the app, which to somebody else, and what a person must decide."""

from collections.abc import Mapping

from ..devices.accounts import Overview
from ..devices.device import DeviceRef
from ..devices.registration import Registered
from ..messages import Strings
from .errors import error_text
from .names import Action
from .parts import (
    Block,
    Content,
    button,
    confirmed,
    context,
    escape,
    header,
    section,
    shorten,
    shown_name,
)

MOST_ACCOUNTS = 10
MOST_TAKEN = 30
_LONGEST_HOST = 100


def webhook_message(
    states: Mapping[str, Registered], overview: Overview, strings: Strings
) -> Content:
    """Return how each account does, with a button for each question."""
    blocks: list[Block] = [header(strings.webhooks_title)]
    for account, state in list(states.items())[:MOST_ACCOUNTS]:
        blocks += _account(account, state, overview, strings)
    taken = [
        (DeviceRef(account, device_id), one)
        for account, state in states.items()
        for device_id, one in state.taken.items()
    ]
    names = {line.ref: line.name for line in overview.lines}
    for ref, one in taken[:MOST_TAKEN]:
        name = shown_name(names.get(ref, ""), ref.device_id)
        host = escape(shorten(one.host, _LONGEST_HOST))
        replace = confirmed(
            button(strings.button_replace, Action.WEBHOOK_REPLACE, f"{ref} {one.key}"),
            strings.replace_title,
            strings.replace_warning,
            yes=strings.button_replace,
            no=strings.button_cancel,
        )
        blocks.append(section(strings.webhook_taken.format(device=name, host=host), replace))
    if len(taken) > MOST_TAKEN:
        count = len(taken) - MOST_TAKEN
        blocks.append(context(strings.alert_others.format(count=count)))
    return Content(strings.webhooks_title, blocks)


def _account(account: str, state: Registered, overview: Overview, strings: Strings) -> list[Block]:
    total = sum(line.account == account for line in overview.lines)
    text = strings.webhooks_done.format(account=account, count=len(state.done), total=total)
    if state.problem is not None:
        text += f"\n:warning: {error_text(state.problem, strings)}"
    if not state.needs_consent and not state.is_stopped:
        return [section(text)]
    text += f"\n:warning: {strings.webhooks_unsure}" if state.needs_consent else ""
    agree = confirmed(
        button(strings.button_register, Action.WEBHOOK_AGREE, account),
        strings.register_title,
        strings.register_warning,
        yes=strings.button_register,
        no=strings.button_cancel,
    )
    return [section(text, agree)]
