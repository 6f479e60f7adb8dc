"""The status of devices: all of them, worst first, a page at a time; or one in detail."""

from wuts.supervisor import DeviceState, worst_first

from ..devices.accounts import Overview
from ..devices.device import Line
from ..messages import Strings
from ..messages.parser import SCHEMA, Command
from .errors import error_text
from .names import Action
from .numbers import masked
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
from .phone_question import answers, question

PAGE = 20
"""Devices on a page: with title, summary and buttons well under Slack's 50 blocks."""

MOST_NOTES = 10

MOST_QUESTIONS = 10
"""Devices on a page with buttons for the question about their phone; each has them in detail."""

_MARKS = {
    DeviceState.NEEDS_PAIRING: ":red_circle:",
    DeviceState.REFUSED: ":no_entry:",
    DeviceState.GONE: ":black_circle:",
    DeviceState.RECONNECTING: ":large_orange_circle:",
    None: ":grey_question:",
    DeviceState.NEVER_PAIRED: ":white_circle:",
    DeviceState.PAUSED: ":double_vertical_bar:",
    DeviceState.CONNECTED: ":large_green_circle:",
}


def status_message(overview: Overview, page: int, strings: Strings) -> Content:
    """Return one page of all devices; pages count from 0, and a wrong one becomes the nearest."""
    lines = sorted(overview.lines, key=lambda line: worst_first(line.device))
    pages = max(1, -(-len(lines) // PAGE))
    page = min(max(page, 0), pages - 1)
    good = sum(line.is_connected for line in lines)
    summary = strings.status_summary.format(good=good, total=len(lines))
    if pages > 1:
        summary += " · " + strings.status_page.format(page=page + 1, pages=pages)
    blocks = [header(strings.status_title), context(summary), *_notes(overview, strings)]
    if not lines:
        command = SCHEMA[Command.PAIR].usage(strings.argument_new_name)
        blocks.append(section(strings.status_empty.format(command=command)))
    asked = 0
    for line in lines[page * PAGE : (page + 1) * PAGE]:
        text = _text(line, strings, name_account=overview.several_accounts)
        blocks.append(section(text, help_button(line, strings)))
        if line.question is not None and asked < MOST_QUESTIONS:
            asked += 1
            blocks.append(answers(line.ref, line.device.phone.question_id, strings))
    if pages > 1:
        blocks.append(actions(_turners(page, pages, strings)))
    return Content(f"{strings.status_title}: {summary}", blocks)


def detail_message(line: Line, overview: Overview, strings: Strings) -> Content:
    """Return one device in detail."""
    text = _text(line, strings, name_account=True)
    blocks = [
        *_notes(overview, strings),
        section(text, help_button(line, strings)),
        context(f"`{escape(line.id)}`"),
    ]
    if line.question is not None:
        blocks.append(answers(line.ref, line.device.phone.question_id, strings))
    return Content(text, blocks)


def state_name(state: DeviceState | None, strings: Strings) -> str:
    """Return a state in a person's language."""
    return strings.of("state", state or "unknown")


def _text(line: Line, strings: Strings, *, name_account: bool) -> str:
    device = line.device
    facts = [state_name(device.state, strings)]
    if device.since > 0:
        facts.append(strings.since.format(time=when(device.since)))
    if device.state is DeviceState.RECONNECTING and device.attempt:
        facts.append(strings.attempt.format(count=device.attempt))
    if device.next_try is not None:
        facts.append(strings.next_try.format(time=when(device.next_try)))
    if line.number:
        facts.append(strings.number.format(number=masked(line.number)))
    if name_account:
        facts.append(strings.in_account.format(name=line.account))
    lines = [
        f"{_MARKS[device.state]} *{shown_name(device.name, device.id)}*",
        " · ".join(facts),
    ]
    if line.question is not None:
        lines.append(f":warning: {question(device, strings)} {strings.wrong_account_question}")
    return "\n".join(lines)


def help_button(line: Line, strings: Strings) -> Block | None:
    """Return the one button that helps a device, or None when it needs no help."""
    ref = str(line.ref)
    match line.device.state:
        case DeviceState.NEEDS_PAIRING | DeviceState.NEVER_PAIRED:
            return button(strings.button_pair, Action.PAIR, ref, style="primary")
        case DeviceState.RECONNECTING | DeviceState.REFUSED:
            return button(strings.button_reconnect, Action.RECONNECT, ref)
        case DeviceState.PAUSED:
            return button(strings.button_resume, Action.RESUME, ref)
    return None


def _notes(overview: Overview, strings: Strings) -> list[Block]:
    notes = [
        f":warning: {strings.of('account', state).format(account=account)}"
        for account, state in overview.gateways
    ]
    unwatched = strings.account_unwatched
    notes += [
        f":warning: {unwatched.format(account=account, problem=error_text(error, strings))}"
        for account, error in overview.unwatched
    ]
    notes += [
        strings.numbers_unavailable.format(account=account, problem=error_text(error, strings))
        for account, error in overview.unlisted
    ]
    return [section(text) for text in notes[:MOST_NOTES]]


def _turners(page: int, pages: int, strings: Strings) -> list[Block]:
    turners = []
    if page > 0:
        turners.append(button(strings.previous_page, Action.STATUS_PREVIOUS, str(page - 1)))
    if page < pages - 1:
        turners.append(button(strings.next_page, Action.STATUS_NEXT, str(page + 1)))
    return turners
