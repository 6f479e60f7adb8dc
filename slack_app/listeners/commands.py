"""The slash command ``/wuts``: what each command does."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from wuts.errors import (
    AmbiguousDeviceError,
    CheckBudgetUsedUpError,
    InvalidInputError,
    UnknownDeviceError,
)
from wuts.inputs import check_name
from wuts.phone_numbers import read_number, read_numbers, shown_number

from ..blocks.choices import offer_to_create, which_device
from ..blocks.errors import error_text
from ..blocks.help import help_message, mistake_message
from ..blocks.modals import pair_modal
from ..blocks.numbers import split_numbers
from ..blocks.status import detail_message, status_message
from ..devices.accounts import Accounts
from ..devices.device import DeviceRef, Line
from ..messages.parser import SLASH, Command, Invocation, Mistake, parse
from ..operations.audit import AuditAction
from .context import CommandContext, Services
from .device_actions import DeviceAction, disconnect, pause, reconnect, resume
from .middleware import serve
from .pairing_actions import start_by_link, start_pairing
from .subscriptions import list_subscriptions, subscribe, unsubscribe

type Handler = Callable[..., Awaitable[None]]


def register_commands(app: AsyncApp) -> None:
    """Listen to ``/wuts``."""

    @app.command(SLASH)
    async def on_command(ack: AsyncAck, context: AsyncBoltContext, command: dict[str, Any]) -> None:
        await ack()
        said = parse(command.get("text", ""))
        if isinstance(said, Mistake):
            await serve(context, partial(_correct, mistake=said))
            return
        audited, handle = HANDLERS[said.command]
        ref = _clear_device(context["services"], said)
        await serve(context, partial(handle, said=said), audited, ref, opens=_opens_modal(said))


def _opens_modal(said: Invocation) -> bool:
    return said.command is Command.PAIR and not said.argument


def _clear_device(services: Services, said: Invocation) -> DeviceRef | None:
    """Return the device that a command is about, if that is clear."""
    try:
        return services.accounts.find(said.argument).ref
    except (UnknownDeviceError, AmbiguousDeviceError):
        return None


async def _correct(asked: CommandContext, mistake: Mistake) -> None:
    await asked.answer(mistake_message(mistake, asked.strings))


async def _help(asked: CommandContext, said: Invocation) -> None:  # noqa: ARG001 - as all handlers
    await asked.answer(help_message(asked.strings))


async def _pair(asked: CommandContext, said: Invocation) -> None:
    """Pair a device; ask which, or whether to create it, where that is not clear."""
    name, accounts = said.argument, asked.services.accounts
    phone = None if said.phone is None else read_number(said.phone, asked.country)
    by_link = said.link
    if by_link and _is_name(accounts, f"{name} link"):
        name, by_link = f"{name} link", False
    if by_link and not asked.services.pairings.links.are_possible:
        await asked.say(asked.strings.links_off)
        return
    if not name:
        await asked.open_modal(pair_modal(accounts.names, asked.strings))
        return
    if not _is_name(accounts, name) and not _could_be_a_name(name):
        await asked.say(asked.strings.modal_bad_name)
        return
    try:
        line = await accounts.search(name)
    except UnknownDeviceError:
        key = asked.services.typed_numbers.keep(asked.user_id, phone)
        await asked.answer(offer_to_create(name, accounts.names, asked.strings, key))
    except AmbiguousDeviceError as error:
        key = asked.services.typed_numbers.keep(asked.user_id, phone)
        lines = [one for one in error.candidates if isinstance(one, Line)]
        await asked.answer(which_device(name, lines, asked.strings, key))
    else:
        await (start_by_link(asked, line) if by_link else start_pairing(asked, line, phone))


def _is_name(accounts: Accounts, text: str) -> bool:
    try:
        accounts.find(text)
    except (UnknownDeviceError, AmbiguousDeviceError) as error:
        return isinstance(error, AmbiguousDeviceError)
    return True


def _could_be_a_name(text: str) -> bool:
    try:
        check_name(text)
    except InvalidInputError:
        return False
    return True


async def _status(asked: CommandContext, said: Invocation) -> None:
    """Show all devices, or one in detail; to the person, or with ``--share`` to the channel."""
    overview = await asked.services.accounts.fresh_overview()
    if said.argument:
        line = await asked.services.accounts.search(said.argument)
        content = detail_message(line, overview, asked.strings)
    else:
        content = status_message(overview, 0, asked.strings)
    await (asked.share(content) if said.share else asked.answer(content))


async def _check(asked: CommandContext, said: Invocation) -> None:
    """Tell which numbers are on WhatsApp; a connected device looks."""
    accounts, strings = asked.services.accounts, asked.strings
    digits = list(dict.fromkeys(read_numbers(split_numbers(said.argument), asked.country)))
    line = next((line for line in accounts.lines() if line.is_connected), None)
    client = accounts.client(line.account) if line is not None else None
    if line is None or client is None:
        await asked.say(strings.check_needs_device)
        return
    budgets = asked.services.check_budgets
    try:
        is_used_up = await budgets.spend(line.account, len(digits))
    except CheckBudgetUsedUpError as error:
        reasons = [strings.budget_reason] if budgets.is_new_to(asked.user_id) else []
        await asked.say(" ".join([error_text(error, strings), *reasons]))
        return
    found = (await client.check_contacts(digits, line.id)).results
    asked.audit(AuditAction.CHECK, line.ref, count=str(len(digits)))
    answers = {
        True: f":white_check_mark: {strings.on_whatsapp}",
        False: f":x: {strings.not_on_whatsapp}",
        None: f":grey_question: {strings.perhaps_on_whatsapp}",
    }
    lines = [answers[found.get(one)].format(number=shown_number(one)) for one in digits]
    if is_used_up:
        lines.append(strings.budget_spent.format(limit=budgets.limit))
    await asked.say("\n".join(lines))


def _on_device(act: DeviceAction) -> Handler:
    """Return what does ``act`` with the one device that a command names."""

    async def handle(asked: CommandContext, said: Invocation) -> None:
        await act(asked, await asked.services.accounts.search(said.argument))

    return handle


HANDLERS: dict[Command, tuple[AuditAction, Handler]] = {
    Command.PAIR: (AuditAction.PAIR, _pair),
    Command.STATUS: (AuditAction.USE, _status),
    Command.CHECK: (AuditAction.CHECK, _check),
    Command.RECONNECT: (AuditAction.RECONNECT, _on_device(reconnect)),
    Command.DISCONNECT: (AuditAction.DISCONNECT, _on_device(disconnect)),
    Command.PAUSE: (AuditAction.PAUSE, _on_device(pause)),
    Command.RESUME: (AuditAction.RESUME, _on_device(resume)),
    Command.SUBSCRIBE: (AuditAction.SUBSCRIBE, subscribe),
    Command.UNSUBSCRIBE: (AuditAction.UNSUBSCRIBE, unsubscribe),
    Command.SUBSCRIPTIONS: (AuditAction.USE, list_subscriptions),
    Command.HELP: (AuditAction.USE, _help),
}
"""What each command is for in the audit log, and what it does."""
