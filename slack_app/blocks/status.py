"""The status of devices: all of them, worst first, a page at a time; or one in detail."""

from wuts.supervisor import DeviceState, worst_first

from ..devices.accounts import Overview
from ..devices.device import Line
from ..devices.filters import Filter
from ..messages import Strings
from ..messages.parser import SCHEMA, Command
from .errors import error_text
from .names import Action
from .numbers import masked
from .parts import (
    LONGEST_NAME,
    Block,
    Content,
    actions,
    button,
    context,
    escape,
    header,
    section,
    shorten,
    shown_name,
    when,
)
from .phone_question import answers, question

PAGE = 20
"""Devices on a page: with title, summary and buttons well under Slack's 50 blocks."""

MOST_NOTES = 10

MOST_QUESTIONS = 10
"""Devices on a page with buttons for the question about their phone; each has them in detail."""

EVERYTHING = Filter()

_UNKNOWN = ":grey_question:"

_MARKS = {
    DeviceState.NEEDS_PAIRING: ":red_circle:",
    DeviceState.REFUSED: ":no_entry:",
    DeviceState.GONE: ":black_circle:",
    DeviceState.RECONNECTING: ":large_orange_circle:",
    None: _UNKNOWN,
    DeviceState.NEVER_PAIRED: ":white_circle:",
    DeviceState.PAUSED: ":double_vertical_bar:",
    DeviceState.CONNECTED: ":large_green_circle:",
}


def status_message(
    overview: Overview, page: int, strings: Strings, chosen: Filter = EVERYTHING
) -> Content:
    """Return one page of the devices of a choice; pages count from 0; a wrong one is corrected."""
    lines = [line for line in overview.lines if chosen.matches(line)]
    lines.sort(key=lambda line: worst_first(line.device))
    pages = max(1, -(-len(lines) // PAGE))
    page = min(max(page, 0), pages - 1)
    summary = summary_of(overview, strings)
    if chosen:
        what = _shown(chosen)
        summary += " · " + strings.status_filtered.format(count=len(lines), what=what)
    if pages > 1:
        summary += " · " + strings.status_page.format(page=page + 1, pages=pages)
    blocks = [header(strings.status_title), context(summary), *notes(overview, strings)]
    if not lines:
        blocks.append(section(nothing(chosen, strings)))
    asked = 0
    for line in lines[page * PAGE : (page + 1) * PAGE]:
        text = _text(line, overview, strings, name_account=overview.several_accounts)
        blocks.append(section(text, help_button(line, strings)))
        if line.question is not None and asked < MOST_QUESTIONS:
            asked += 1
            blocks.append(answers(line.ref, line.device.phone.question_id, strings))
    if buttons := _turners(page, pages, chosen, strings):
        blocks.append(actions(buttons))
    return Content(f"{strings.status_title}: {summary}", blocks)


def detail_message(line: Line, overview: Overview, strings: Strings) -> Content:
    """Return one device in detail."""
    text = _text(line, overview, strings, name_account=True)
    blocks = [
        *notes(overview, strings),
        section(text, help_button(line, strings)),
        context(f"`{escape(line.id)}`"),
    ]
    if line.question is not None:
        blocks.append(answers(line.ref, line.device.phone.question_id, strings))
    return Content(text, blocks)


def state_name(state: DeviceState | None, strings: Strings) -> str:
    """Return a state in a person's language."""
    return strings.of("state", state or "unknown")


def page_value(page: int, chosen: Filter) -> str:
    """Return what a button keeps of the page that it shows."""
    return f"{page} {chosen.value}"


def read_page(value: str) -> tuple[int, Filter]:
    """Read what `page_value` wrote; version 0.1.0 kept no choice."""
    page, _, chosen = value.partition(" ")
    return int(page), Filter.of(chosen)


def state_of(line: Line, overview: Overview, strings: Strings) -> tuple[str, str]:
    """Return a device's mark and its state: what nobody can know now is not stated as a fact."""
    device = line.device
    if line.is_being_checked:
        return _UNKNOWN, strings.state_checking
    if line.is_connected and line.account in overview.stale:
        return _UNKNOWN, strings.state_was_connected
    return _MARKS[device.state], state_name(device.state, strings)


def summary_of(overview: Overview, strings: Strings) -> str:
    """Return how many are connected, and as of when where a gateway does not answer."""
    good = sum(line.is_connected for line in overview.lines)
    times = [time for time in overview.stale.values() if time is not None]
    template = strings.status_summary_as_of if times else strings.status_summary
    time = when(min(times)) if times else ""
    return template.format(good=good, total=len(overview.lines), time=time)


def _shown(chosen: Filter) -> str:
    return escape(shorten(str(chosen), LONGEST_NAME))


def nothing(chosen: Filter, strings: Strings) -> str:
    """Return what is said where no device is to be shown."""
    if chosen:
        return strings.status_no_match.format(what=_shown(chosen))
    command = SCHEMA[Command.PAIR].usage(strings.argument_new_name)
    return strings.status_empty.format(command=command)


def _text(line: Line, overview: Overview, strings: Strings, *, name_account: bool) -> str:
    device = line.device
    mark, state = state_of(line, overview, strings)
    facts = [state]
    if device.since > 0 and not line.is_being_checked:
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
        f"{mark} *{shown_name(device.name, device.id)}*",
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


def notes(overview: Overview, strings: Strings) -> list[Block]:
    """Return what is wrong with the store and accounts, and how old what is shown of them is."""
    troubled = {account for account, _ in overview.gateways}
    texts = [strings.store_down] if overview.is_store_down else []
    texts += [
        f"{strings.of('account', state).format(account=account)} "
        f"{_as_of(account, overview, strings)}"
        for account, state in overview.gateways
    ]
    unwatched = strings.account_unwatched
    texts += [
        unwatched.format(account=account, problem=error_text(error, strings))
        for account, error in overview.unwatched
    ]
    texts += [
        f"*{account}*: {error_text(error, strings)} {_as_of(account, overview, strings)}"
        for account, error in overview.unlisted
        if account not in troubled
    ]
    texts += [strings.webhooks_ask] if overview.has_questions else []
    return [section(f":warning: {text.rstrip()}") for text in texts[:MOST_NOTES]]


def _as_of(account: str, overview: Overview, strings: Strings) -> str:
    """Return how old is what is shown of an account."""
    if account not in overview.stale:
        return ""
    time = overview.stale[account]
    return strings.as_of_never if time is None else strings.as_of.format(time=when(time))


def _turners(page: int, pages: int, chosen: Filter, strings: Strings) -> list[Block]:
    wanted = [
        (page > 0, strings.previous_page, Action.STATUS_PREVIOUS, page_value(page - 1, chosen)),
        (page < pages - 1, strings.next_page, Action.STATUS_NEXT, page_value(page + 1, chosen)),
        (bool(chosen), strings.status_all, Action.STATUS_ALL, page_value(0, EVERYTHING)),
    ]
    return [button(text, action, value) for is_there, text, action, value in wanted if is_there]
