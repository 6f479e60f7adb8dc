"""Keeps a person from taking away what may be another device's: forbids it, or asks first."""

from wuts import verified

from ..blocks.choices import ask_anyway
from ..blocks.parts import shown_name
from ..devices.device import Line
from ..operations.audit import AuditAction, AuditOutcome
from .context import CommandContext


async def is_blocked(asked: CommandContext, line: Line, action: AuditAction) -> bool:
    """Tell whether nothing may be changed since the gateway mixes devices up; the person is told.

    Args:
        asked: Who asks.
        line: The device.
        action: ``UNLINK`` or ``DISCONNECT``.
    """
    if not asked.services.accounts.is_answered_wrongly(line.account):
        return False
    asked.audit(action, line.ref, AuditOutcome.FAILED)
    name = shown_name(line.name, line.id)
    await asked.say(asked.strings.of(action, "blocked").format(device=name, account=line.account))
    return True


async def is_asked(asked: CommandContext, line: Line, action: AuditAction) -> bool:
    """Ask whether to do it although the gateway may mean another device; tell whether that is so.

    Raises:
        WutsError: The gateway does not tell which devices there are.
    """
    accounts = asked.services.accounts
    client = accounts.client(line.account)
    listed = [device.id for device in await accounts.refresh(line.account)]
    # A listing may lack some.
    known = [one.id for one in accounts.lines() if one.account == line.account]
    ids = list(dict.fromkeys([line.id, *listed, *known]))
    heeds = None
    if client is not None and len(ids) > 1:
        heeds = await verified.heeds_device_id(client, ids)
    if not verified.needs_confirmation(len(ids), heeds=heeds):
        return False
    await asked.answer(ask_anyway(action, line, len(ids), asked.strings, heeds=heeds))
    return True
