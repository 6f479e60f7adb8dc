"""What people do with a device, by a command or a button."""

from collections.abc import Awaitable, Callable

from wuts.errors import WutsError
from wuts.supervisor import DeviceState

from ..blocks.names import Action
from ..blocks.parts import Content, section, shown_name
from ..blocks.status import help_button
from ..devices.device import Line
from ..operations.audit import AuditAction, AuditOutcome
from .consent import is_asked, is_blocked, is_confirmed
from .context import CommandContext

type DeviceAction = Callable[[CommandContext, Line], Awaitable[None]]


async def reconnect(asked: CommandContext, line: Line) -> None:
    """Look at a device now, so that it is reconnected without waiting for its next try.

    If no reconnect can help, the answer has the button that does.
    """
    strings = asked.strings
    helpless = {
        DeviceState.PAUSED: strings.reconnect_paused,
        DeviceState.NEEDS_PAIRING: strings.reconnect_must_pair,
        DeviceState.NEVER_PAIRED: strings.reconnect_must_pair,
    }
    asked.services.supervisor.wake(line.account, line.id)
    asked.audit(AuditAction.RECONNECT, line.ref)
    state = line.device.state
    if state not in helpless:
        await _say(asked, strings.reconnecting_now, line)
        return
    text = helpless[state].format(device=shown_name(line.name, line.id))
    await asked.answer(Content(text, [section(text, help_button(line, strings))]))


async def disconnect(asked: CommandContext, line: Line) -> None:
    """Ask whether to end a device's session, and pause it.

    Only pause it where the gateway mixes devices up.

    Raises:
        WutsError: The gateway doesn't say which devices there are; the device is paused.
    """
    if await _is_only_paused(asked, line):
        return
    try:
        await is_asked(asked, line, AuditAction.DISCONNECT, Action.DISCONNECT_ANYWAY, always=True)
    except WutsError:
        await asked.services.supervisor.pause(line.account, line.id)
        asked.audit(AuditAction.DISCONNECT, line.ref, AuditOutcome.FAILED)
        raise


async def disconnect_anyway(asked: CommandContext, line: Line) -> None:
    """End a device's session, and pause it, as somebody has confirmed: *Disconnect*.

    Raises:
        WutsError: The gateway could not do it; the device is paused all the same.
    """
    if await _is_only_paused(asked, line) or not await is_confirmed(asked, line):
        return
    try:
        await asked.services.supervisor.disconnect(line.account, line.id)
    except WutsError:
        asked.audit(AuditAction.DISCONNECT, line.ref, AuditOutcome.FAILED)
        raise
    asked.audit(AuditAction.DISCONNECT, line.ref)
    await _say(asked, asked.strings.disconnected, line)


async def _is_only_paused(asked: CommandContext, line: Line) -> bool:
    if not await is_blocked(asked, line, AuditAction.DISCONNECT):
        return False
    await asked.services.supervisor.pause(line.account, line.id)
    return True


async def pause(asked: CommandContext, line: Line) -> None:
    """Stop reconnecting a device until somebody resumes it."""
    await asked.services.supervisor.pause(line.account, line.id)
    asked.audit(AuditAction.PAUSE, line.ref)
    await _say(asked, asked.strings.paused, line)


async def resume(asked: CommandContext, line: Line) -> None:
    """Keep a device connected again, beginning now."""
    await asked.services.supervisor.resume(line.account, line.id)
    asked.audit(AuditAction.RESUME, line.ref)
    await _say(asked, asked.strings.resumed, line)


async def _say(asked: CommandContext, template: str, line: Line) -> None:
    await asked.say(template.format(device=shown_name(line.name, line.id)))
