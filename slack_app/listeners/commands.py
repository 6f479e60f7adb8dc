"""The slash command ``/wuts``: what each command does."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from wuts.errors import AmbiguousDeviceError, InvalidInputError, UnknownDeviceError
from wuts.inputs import check_name
from wuts.phone_numbers import read_number

from ..blocks.choices import offer_to_create, which_device
from ..blocks.help import help_message, mistake_message
from ..blocks.modals import pair_modal
from ..devices.accounts import Accounts
from ..devices.device import DeviceRef, Line
from ..messages.parser import SLASH, Command, Invocation, Mistake, parse
from ..operations.audit import AuditAction
from .checking import check
from .context import CommandContext, Services, device_of
from .device_actions import DeviceAction, disconnect, pause, reconnect, resume
from .middleware import serve
from .pairing_actions import start_by_link, start_pairing
from .removals import delete, unlink
from .status import show_list, show_status
from .subscriptions import is_scope, list_subscriptions, subscribe, unsubscribe
from .verbs import DeviceVerb, ack, create, find_line, history, history_of, mute, rename, unmute
from .webhooks import show_webhooks

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
        opens = _opens_modal(said, ref)
        await serve(context, partial(handle, said=said), audited, ref, opens=opens)


def _opens_modal(said: Invocation, ref: DeviceRef | None) -> bool:
    """Return whether a modal will be shown, for which Slack leaves three seconds."""
    if said.command is Command.MUTE:
        return not said.argument or ref is not None
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


def _simple(act: DeviceAction) -> DeviceVerb:
    """Return what does ``act``, whatever else the command said."""

    async def handle(asked: CommandContext, line: Line, _said: Invocation) -> None:
        await act(asked, line)

    return handle


def _scoped(act: Callable[..., Awaitable[None]]) -> Handler:
    """Return what does ``act`` with what a command names: a device, an account, a kind, or all."""

    async def handle(asked: CommandContext, said: Invocation) -> None:
        if not await is_scope(asked, said):
            return
        if not said.argument:
            await act(asked, said)
        elif (line := await find_line(asked, said)) is not None:
            await act(asked, said, line)

    return handle


def _on_device(command: Command) -> Handler:
    """Return what a command does with the one device that it names."""

    async def handle(asked: CommandContext, said: Invocation) -> None:
        line = await find_line(asked, said)
        if line is not None:
            await ON_DEVICE[command](asked, line, said)

    return handle


def chosen_device(command: Command) -> Callable[[CommandContext], Awaitable[None]]:
    """Return what a command does with the device that somebody chose: *This one*."""

    async def handle(asked: CommandContext) -> None:
        line = await asked.services.accounts.look_up(device_of(asked.bolt))
        if line is None:
            await asked.say(asked.strings.problem_device_gone)
            return
        kind = "".join(asked.value.split(" ")[2:3])
        await ON_DEVICE[command](asked, line, Invocation(command=command, kind=kind))

    return handle


ON_DEVICE: dict[Command, DeviceVerb] = {
    Command.RECONNECT: _simple(reconnect),
    Command.DISCONNECT: _simple(disconnect),
    Command.PAUSE: _simple(pause),
    Command.RESUME: _simple(resume),
    Command.UNLINK: _simple(unlink),
    Command.DELETE: _simple(delete),
    Command.HISTORY: history_of,
    Command.MUTE: lambda asked, line, said: mute(asked, said, line),
    Command.UNMUTE: lambda asked, line, said: unmute(asked, said, line),
    Command.SUBSCRIBE: lambda asked, line, said: subscribe(asked, said, line),
    Command.UNSUBSCRIBE: lambda asked, line, said: unsubscribe(asked, said, line),
}
"""What commands do with a device, once it is clear which."""

HANDLERS: dict[Command, tuple[AuditAction, Handler]] = {
    Command.PAIR: (AuditAction.PAIR, _pair),
    Command.STATUS: (AuditAction.USE, show_status),
    Command.LIST: (AuditAction.USE, show_list),
    Command.HISTORY: (AuditAction.USE, history),
    Command.CHECK: (AuditAction.CHECK, check),
    Command.RECONNECT: (AuditAction.RECONNECT, _on_device(Command.RECONNECT)),
    Command.DISCONNECT: (AuditAction.DISCONNECT, _on_device(Command.DISCONNECT)),
    Command.PAUSE: (AuditAction.PAUSE, _on_device(Command.PAUSE)),
    Command.RESUME: (AuditAction.RESUME, _on_device(Command.RESUME)),
    Command.CREATE: (AuditAction.CREATE, create),
    Command.RENAME: (AuditAction.USE, rename),
    Command.UNLINK: (AuditAction.UNLINK, _on_device(Command.UNLINK)),
    Command.DELETE: (AuditAction.DELETE, _on_device(Command.DELETE)),
    Command.ACK: (AuditAction.TAKE, ack),
    Command.MUTE: (AuditAction.MUTE, _scoped(mute)),
    Command.UNMUTE: (AuditAction.UNMUTE, _scoped(unmute)),
    Command.SUBSCRIBE: (AuditAction.SUBSCRIBE, _scoped(subscribe)),
    Command.UNSUBSCRIBE: (AuditAction.UNSUBSCRIBE, _scoped(unsubscribe)),
    Command.SUBSCRIPTIONS: (AuditAction.USE, list_subscriptions),
    Command.WEBHOOKS: (AuditAction.USE, show_webhooks),
    Command.HELP: (AuditAction.USE, _help),
}
"""What each command is for in the audit log, and what it does."""
