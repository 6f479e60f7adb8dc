"""What takes a phone or a device away, by a command and the answer to its question."""

from collections.abc import Awaitable, Callable

from wuts import WutsClient, verified
from wuts.errors import WrongDeviceError, WutsError
from wuts.models import Acknowledgement

from ..blocks.names import Action
from ..blocks.parts import shown_name
from ..devices.device import Line
from ..operations.audit import AuditAction, AuditOutcome
from .consent import is_asked, is_blocked, is_confirmed
from .context import CommandContext


async def unlink(asked: CommandContext, line: Line) -> None:
    """Ask whether to unlink a device's phone.

    Raises:
        WutsError: The gateway doesn't say which devices there are.
    """
    if not await is_blocked(asked, line, AuditAction.UNLINK):
        await is_asked(asked, line, AuditAction.UNLINK, Action.UNLINK_ONLY, always=True)


async def unlink_only(asked: CommandContext, line: Line) -> None:
    """Unlink the phone, as somebody has confirmed, and pair no other: *Unlink*.

    Raises:
        WutsError: It was not unlinked, or nobody knows.
    """
    if await is_blocked(asked, line, AuditAction.UNLINK) or not await is_confirmed(asked, line):
        return
    if await unlink_phone(asked, line):
        name = shown_name(line.name, line.id)
        await asked.say(asked.strings.unlinked.format(device=name))


async def unlink_phone(asked: CommandContext, line: Line) -> bool:
    """Unlink a device's phone, verified; tell whether it could be tried.

    Raises:
        WutsError: It was not unlinked, or nobody knows.
    """
    if not await _verified(asked, line, AuditAction.UNLINK, verified.logout):
        return False
    supervisor = asked.services.supervisor
    await supervisor.report_unlinked(line.account, line.id)
    supervisor.wake(line.account, line.id)
    return True


async def delete(asked: CommandContext, line: Line) -> None:
    """Ask whether to delete a device.

    Raises:
        WutsError: The gateway doesn't say which devices there are.
    """
    if not await is_blocked(asked, line, AuditAction.DELETE):
        await is_asked(asked, line, AuditAction.DELETE, Action.DELETE_ANYWAY, always=True)


async def delete_anyway(asked: CommandContext, line: Line) -> None:
    """Delete a device, as somebody has confirmed, and stop looking after it: *Delete*.

    Raises:
        WutsError: It was not deleted, or nobody knows.
    """
    if await is_blocked(asked, line, AuditAction.DELETE) or not await is_confirmed(asked, line):
        return
    if await _verified(asked, line, AuditAction.DELETE, verified.delete_device):
        asked.services.supervisor.forget(line.account, line.id)
        name = shown_name(line.name, line.id)
        await asked.say(asked.strings.deleted.format(device=name))


async def _verified(
    asked: CommandContext,
    line: Line,
    action: AuditAction,
    call: Callable[[WutsClient, str], Awaitable[Acknowledgement]],
) -> bool:
    """Make a call that takes something away, and audit it; tell whether it could be made."""
    client = asked.services.accounts.client(line.account)
    if client is None:
        asked.audit(action, line.ref, AuditOutcome.FAILED)
        await asked.say(asked.strings.problem_settings)
        return False
    try:
        await call(client, line.id)
    except WutsError as error:
        asked.audit(action, line.ref, AuditOutcome.FAILED)
        if isinstance(error, WrongDeviceError):
            asked.services.supervisor.answered_wrong(line.account, line.id)
        raise
    asked.audit(action, line.ref)
    return True
