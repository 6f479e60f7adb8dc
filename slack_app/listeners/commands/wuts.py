"""``/wuts``: reads what follows it, and hands it to the file of that command."""

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond

from slack_app.blocks.help import mistake_message
from slack_app.devices.device_ref import DeviceRef
from slack_app.listeners.middleware import Visit, privately, receive
from slack_app.operations.audit import Deed, Errand
from slack_app.parser import SLASH, Command, Invocation, Mistake, parse
from slack_app.services import Services

from . import check, disconnect, help_, pair, pause, reconnect, resume, status
from .order import Order

type Handler = Callable[[Services, Visit, Order], Awaitable[None]]

HANDLERS: dict[Command, Handler] = {
    Command.PAIR: pair.handle,
    Command.STATUS: status.handle,
    Command.CHECK: check.handle,
    Command.RECONNECT: reconnect.handle,
    Command.DISCONNECT: disconnect.handle,
    Command.PAUSE: pause.handle,
    Command.RESUME: resume.handle,
    Command.HELP: help_.handle,
}

_DEEDS = {
    Command.PAIR: Deed.PAIR,
    Command.RECONNECT: Deed.RECONNECT,
    Command.DISCONNECT: Deed.DISCONNECT,
    Command.PAUSE: Deed.PAUSE,
    Command.RESUME: Deed.RESUME,
}


def register(app: AsyncApp, services: Services) -> None:
    """Listen to ``/wuts``."""

    @app.command(SLASH)
    async def on_command(ack: AsyncAck, command: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        parsed = parse(command.get("text", ""))

        async def work(visit: Visit) -> None:
            if isinstance(parsed, Mistake):
                await visit.answer(mistake_message(parsed, visit.words))
                return
            order = Order(parsed, command["trigger_id"], respond)
            await HANDLERS[parsed.command](services, visit, order)

        deed = Deed.USE if isinstance(parsed, Mistake) else _DEEDS.get(parsed.command, Deed.USE)
        ref = None if isinstance(parsed, Mistake) else _device(services, parsed)
        await receive(services, command["user_id"], privately(respond), work, Errand(deed, ref))


def _device(services: Services, parsed: Invocation) -> DeviceRef | None:
    """Return the device that a command is about, as far as that is clear."""
    lines = services.accounts.find(parsed.argument)
    return lines[0].ref if len(lines) == 1 else None
