"""The status of devices: all of them, worst first, a page at a time; or one in detail."""

from collections.abc import Sequence
from dataclasses import dataclass

from slack_app.blocks.numbers import masked
from slack_app.devices.device_ref import DeviceRef
from slack_app.messages import Words
from slack_app.parser import SCHEMA, Command
from wuts.supervisor import AccountState, Device, DeviceState

from .names import Action
from .parts import (
    Block,
    Content,
    actions,
    button,
    context,
    escape,
    header,
    section,
    shown_name,
    when,
)

PAGE = 20
"""Devices on a page: with title, summary and buttons well under Slack's 50 blocks."""

_WORST_FIRST = (
    DeviceState.NEEDS_PAIRING,
    DeviceState.GONE,
    DeviceState.RECONNECTING,
    None,
    DeviceState.NEVER_PAIRED,
    DeviceState.PAUSED,
    DeviceState.CONNECTED,
)
_MARKS = {
    DeviceState.NEEDS_PAIRING: ":red_circle:",
    DeviceState.RECONNECTING: ":large_orange_circle:",
    DeviceState.NEVER_PAIRED: ":white_circle:",
    DeviceState.PAUSED: ":double_vertical_bar:",
    DeviceState.CONNECTED: ":large_green_circle:",
    DeviceState.GONE: ":black_circle:",
    None: ":grey_question:",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A device to be shown.

    Attributes:
        account: Its account's name.
        device: What the supervisor knows of it.
        number: The linked phone's digits, or None.
    """

    account: str
    device: Device
    number: str | None = None

    @property
    def ref(self) -> DeviceRef:
        """Its name in a button."""
        return DeviceRef(self.account, self.device.id)

    @property
    def is_connected(self) -> bool:
        """Whether it can send."""
        return self.device.state is DeviceState.CONNECTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """All that a status message is made of.

    Attributes:
        lines: The devices, in any order.
        gateways: The accounts whose gateway or token is not well.
        notes: What else must be said, in the person's language.
        several_accounts: Whether a line must name its account.
    """

    lines: Sequence[Line]
    gateways: Sequence[tuple[str, AccountState]] = ()
    notes: Sequence[str] = ()
    several_accounts: bool = False


def worst_first(lines: Sequence[Line]) -> list[Line]:
    """Return the lines, those that need a person first, and the longest in a state before."""
    rank = {state: place for place, state in enumerate(_WORST_FIRST)}
    return sorted(
        lines,
        key=lambda line: (
            rank[line.device.state],
            line.device.since,
            line.device.name,
            line.device.id,
        ),
    )


def status_message(overview: Overview, page: int, words: Words) -> Content:
    """Return one page of all devices; pages count from 0, and one that is not there is mended."""
    lines = worst_first(overview.lines)
    pages = max(1, -(-len(lines) // PAGE))
    page = min(max(page, 0), pages - 1)
    good = sum(line.is_connected for line in lines)
    summary = words.status_summary.format(good=good, total=len(lines))
    if pages > 1:
        summary += " · " + words.status_page.format(page=page + 1, pages=pages)
    blocks = [header(words.status_title), context(summary), *_notes(overview, words)]
    if not lines:
        command = SCHEMA[Command.PAIR].usage(words.argument_new_name)
        blocks.append(section(words.status_empty.format(command=command)))
    for line in lines[page * PAGE : (page + 1) * PAGE]:
        text = _text(line, words, name_account=overview.several_accounts)
        blocks.append(section(text, fix(line, words)))
    if pages > 1:
        blocks.append(actions(_turners(page, pages, words)))
    return Content(f"{words.status_title}: {summary}", blocks)


def detail_message(line: Line, overview: Overview, words: Words) -> Content:
    """Return one device in detail."""
    text = _text(line, words, name_account=True)
    blocks = [
        *_notes(overview, words),
        section(text, fix(line, words)),
        context(f"`{escape(line.device.id)}`"),
    ]
    return Content(text, blocks)


def state_name(state: DeviceState | None, words: Words) -> str:
    """Return a state in a person's language."""
    return {
        DeviceState.CONNECTED: words.state_connected,
        DeviceState.RECONNECTING: words.state_reconnecting,
        DeviceState.NEEDS_PAIRING: words.state_needs_pairing,
        DeviceState.NEVER_PAIRED: words.state_never_paired,
        DeviceState.PAUSED: words.state_paused,
        DeviceState.GONE: words.state_gone,
        None: words.state_unknown,
    }[state]


def _text(line: Line, words: Words, *, name_account: bool) -> str:
    device = line.device
    facts = [state_name(device.state, words)]
    if device.since > 0:
        facts.append(words.since.format(time=when(device.since)))
    if device.state is DeviceState.RECONNECTING and device.attempt:
        facts.append(words.attempt.format(count=device.attempt))
    if device.next_try is not None:
        facts.append(words.next_try.format(time=when(device.next_try)))
    if line.number:
        facts.append(words.number.format(number=masked(line.number)))
    if name_account:
        facts.append(words.account.format(name=line.account))
    return f"{_MARKS[device.state]} *{shown_name(device.name, device.id)}*\n{' · '.join(facts)}"


def fix(line: Line, words: Words) -> Block | None:
    """Return the one button that helps a device, or None when it needs no help."""
    ref = str(line.ref)
    match line.device.state:
        case DeviceState.NEEDS_PAIRING | DeviceState.NEVER_PAIRED:
            return button(words.button_pair, Action.PAIR, ref, style="primary")
        case DeviceState.RECONNECTING:
            return button(words.button_reconnect, Action.RECONNECT, ref)
        case DeviceState.PAUSED:
            return button(words.button_resume, Action.RESUME, ref)
    return None


def _notes(overview: Overview, words: Words) -> list[Block]:
    templates = {
        AccountState.GATEWAY_DOWN: words.gateway_down,
        AccountState.TOKEN_REFUSED: words.access_refused,
    }
    told = [
        f":warning: {templates[state].format(account=account)}"
        for account, state in overview.gateways
        if state in templates
    ]
    return [section(text) for text in [*told, *overview.notes][:10]]


def _turners(page: int, pages: int, words: Words) -> list[Block]:
    turners = []
    if page > 0:
        turners.append(button(words.previous_page, Action.STATUS_PREVIOUS, str(page - 1)))
    if page < pages - 1:
        turners.append(button(words.next_page, Action.STATUS_NEXT, str(page + 1)))
    return turners
